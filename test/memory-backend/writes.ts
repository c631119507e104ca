// What changes a mailbox of the memory backend, and what such a mailbox can hold.
import type { Draft, Expression, Mailbox, Tags, Written } from '../../src/model/backend.ts';
import type { GroupMember } from '../../src/model/group.ts';
import { isNewPart, type Item } from '../../src/model/item.ts';
import { heldFiles, type HeldFiles } from './files.ts';
import { type At, find, folderOf, refuse } from './mailbox.ts';
import { addItem, call, changed, listedOf, type MemoryItem } from './world.ts';

export function writeCalls(at: At): Pick<Mailbox, 'create' | 'update' | 'remove' | 'move' | 'respond'> {
  const { world } = at;
  return {
    create: async (id, draft) => {
      await call(world, 'create');
      const folder = folderOf(at, id, 'create');
      const { made, ...now } = held(draft);
      return written(addItem(world, folder, { ...now, tags: mergedTags({}, draft.tags) }), made);
    },
    update: async ({ before, after, conflict }) => {
      await call(world, 'update');
      const { folder, item } = find(at, before.id, 'modify');
      if (conflict === 'guarded' && item.version !== before.version)
        refuse('changed', 'somebody else was first');
      const { made, ...rest } = held(after, item);
      const now = { ...rest, tags: mergedTags(item.tags, after.tags) };
      const stamped: Item = { ...now.item, created: item.item.created, modified: world.now() };
      const uid = item.item.kind === 'event' ? { uid: item.item.uid } : {};
      return written(changed(world, folder, { ...item, ...now, item: { ...stamped, ...uid } }), made);
    },
    remove: async (id, { version }) => {
      await call(world, 'remove');
      const { folder, item } = find(at, id, 'remove');
      if (version !== undefined && item.version !== version) refuse('changed', 'somebody else was first');
      folder.items.delete(id);
      folder.log.push({ id, sequence: (world.counter.value += 1) });
      for (const listener of world.listeners) listener(folder.id);
    },
    move: async (id, targetId, { version, tags }) => {
      await call(world, 'move');
      const { folder, item } = find(at, id, 'remove');
      if (version !== undefined && item.version !== version) refuse('changed', 'somebody else was first');
      const target = folderOf(at, targetId, 'create');
      if (target.kind !== folder.kind) refuse('invalid', 'another kind of folder');
      folder.items.delete(id);
      folder.log.push({ id, sequence: (world.counter.value += 1) });
      return written(addItem(world, target, { ...item, tags: mergedTags(item.tags, tags ?? {}) }));
    },
    respond: async ({ id }, answers) => {
      await call(world, 'respond');
      const { folder, item } = find(at, id, 'modify');
      if (item.item.kind !== 'event') refuse('invalid', 'only events are answered');
      const [answer] = answers;
      if (answer?.partStat === 'declined') {
        folder.items.delete(id);
        folder.log.push({ id, sequence: (world.counter.value += 1) });
        return undefined;
      }
      const ownPartStat = answer?.partStat;
      return written(changed(world, folder, { ...item, item: { ...item.item, ownPartStat } }));
    },
  };
}

function written(item: MemoryItem, made: readonly string[] = []): Written {
  const { id, version } = item;
  return { id, version, listed: listedOf(item), ...(made.length > 0 && { madeParts: made }) };
}

/** A tag that is not given stays, an empty one goes. */
function mergedTags(before: Tags, after: Tags): Tags {
  return Object.fromEntries(Object.entries({ ...before, ...after }).filter(([, value]) => value !== ''));
}

type Held = Pick<MemoryItem, 'item' | 'tags' | 'parts'> & Pick<HeldFiles, 'made'>;

/** As the mailbox keeps it; new photos and attachments become parts. */
function held(draft: Draft, before?: MemoryItem): Held {
  const expression = express(draft.item);
  if (expression.kind !== 'ok') refuse('inexpressible', 'this cannot be held');
  const item = withKeys(expression.kind === 'ok' ? expression.held : draft.item);
  const parts = before?.parts ?? new Map<string, Uint8Array>();
  if (item.kind !== 'contact') return { ...heldFiles(item, parts), tags: draft.tags };
  if (!item.photo || !isNewPart(item.photo)) return { item, tags: draft.tags, parts, made: [] };
  const bytes = Buffer.from(item.photo.base64, 'base64');
  const { name, contentType } = item.photo;
  const part = { id: `part-${Math.random().toString(36).slice(2)}`, name, contentType, size: bytes.length };
  return { item: { ...item, photo: part }, tags: draft.tags, parts: new Map([[part.id, bytes]]), made: [] };
}

/** A list has those to whom mail can be sent, and other lists; what it has already stays. */
function isReachable({ id, address, key }: GroupMember): boolean {
  return key !== undefined || address !== '' || (id !== undefined && id.startsWith('list-'));
}

/** Entries of a list have keys. */
function withKeys(item: Item): Item {
  if (item.kind !== 'group') return item;
  const members = item.members.map(({ uid: _uid, ...member }) => ({
    ...member,
    key: member.key ?? member.id ?? member.address,
  }));
  return { ...item, members };
}

const subjectLength = 255;

/** Like Exchange: a subject has 255 characters, and nothing recurs within a day. */
export function express(item: Item): Expression {
  if (item.kind === 'contact') return { kind: 'ok', held: item };
  if (item.kind === 'group')
    return { kind: 'ok', held: { ...item, members: item.members.filter(isReachable) } };
  const freq = item.recurrence?.freq;
  if (freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY') {
    return { kind: 'refuse', part: 'RRULE', reason: `the mailbox holds nothing that recurs ${freq}` };
  }
  return { kind: 'ok', held: { ...item, summary: item.summary.slice(0, subjectLength) } };
}
