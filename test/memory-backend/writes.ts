// What changes a mailbox of the memory backend, and what such a mailbox can hold.
import type {
  Draft,
  FolderId,
  ItemId,
  Mailbox,
  Tags,
  UpdateRequest,
  Version,
  Written,
} from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import { BackendError } from '../../src/model/failure.ts';
import type { GroupMember } from '../../src/model/group.ts';
import { isNewPart, type Item } from '../../src/model/item.ts';
import { heldFiles, type HeldFiles } from './files.ts';
import { type At, find, folderOf, refuse } from './mailbox.ts';
import { splitOf } from './split.ts';
import { addItem, call, changed, listedOf, type MemoryFolder, type MemoryItem } from './world.ts';

type WriteCalls = Pick<Mailbox, 'create' | 'update' | 'remove' | 'move' | 'writeAll' | 'moveAll' | 'respond'>;

export function writeCalls(at: At): WriteCalls {
  const { world } = at;
  return {
    create: async (id, draft) => {
      await call(world, 'create');
      return create(at, id, draft);
    },
    update: async (request) => {
      await call(world, 'update');
      return update(at, request);
    },
    remove: async (id, { version }) => {
      await call(world, 'remove');
      remove(at, id, version);
    },
    move: async (id, target, options) => {
      await call(world, 'move');
      return move(at, { id, ...options }, target);
    },
    writeAll: async (write) => {
      const done: Written[] = [];
      if (write.update.length > 0) {
        await call(world, 'update');
        // Each on its own, and all are tried, as in one request of several items.
        const failures: unknown[] = [];
        for (const request of write.update) {
          try {
            done.push(update(at, { ...request, mail: 'silent', conflict: 'guarded' }));
          } catch (error) {
            failures.push(error);
          }
        }
        if (failures.length > 0) throw failures[0];
      }
      if (write.create.length > 0) await call(world, 'create');
      for (const draft of write.create) done.push(create(at, write.folder, draft));
      if (write.remove.length > 0) await call(world, 'remove');
      for (const { id, version } of write.remove) {
        try {
          remove(at, id, version);
        } catch (error) {
          if (!(error instanceof BackendError) || error.failure.kind !== 'not-found') throw error;
        }
      }
      return done;
    },
    moveAll: async (items, target) => {
      await call(world, 'move');
      return items.map((item) => move(at, item, target));
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

function create(at: At, id: FolderId, draft: Draft): Written {
  const folder = folderOf(at, id, 'create');
  const { made, ...now } = held(draft, folder);
  return written(addItem(at.world, folder, { ...now, tags: mergedTags({}, draft.tags) }), made);
}

function update(at: At, { before, after, conflict }: UpdateRequest): Written {
  const { folder, item } = find(at, before.id, 'modify');
  if (conflict === 'guarded' && item.version !== before.version) refuse('changed', 'somebody else was first');
  const { made, ...rest } = held(after, folder, item);
  const now = { ...rest, tags: mergedTags(item.tags, after.tags) };
  const stamped: Item = { ...now.item, created: item.item.created, modified: at.world.now() };
  const uid = item.item.kind === 'event' ? { uid: item.item.uid } : {};
  return written(changed(at.world, folder, { ...item, ...now, item: { ...stamped, ...uid } }), made);
}

function remove({ world, ...at }: At, id: ItemId, version: Version | undefined): void {
  const { folder, item } = find({ world, ...at }, id, 'remove');
  if (version !== undefined && item.version !== version) refuse('changed', 'somebody else was first');
  folder.items.delete(id);
  folder.log.push({ id, sequence: (world.counter.value += 1) });
  for (const listener of world.listeners) listener(folder.id);
}

function move(
  at: At,
  { id, version, tags }: { id: ItemId; version?: Version; tags?: Tags },
  targetId: FolderId,
): Written {
  const { folder, item } = find(at, id, 'remove');
  if (version !== undefined && item.version !== version) refuse('changed', 'somebody else was first');
  const target = folderOf(at, targetId, 'create');
  if (target.kind !== folder.kind) refuse('invalid', 'another kind of folder');
  folder.items.delete(id);
  folder.log.push({ id, sequence: (at.world.counter.value += 1) });
  return written(addItem(at.world, target, { ...item, tags: mergedTags(item.tags, tags ?? {}) }));
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
function held(draft: Draft, folder: MemoryFolder, before?: MemoryItem): Held {
  const expression = express(draft.item);
  if (expression.kind !== 'ok') refuse('inexpressible', 'this cannot be held');
  const item = withKeys(expression.kind === 'ok' ? expression.held : draft.item);
  // A file may also come from another item.
  const files = new Map([...folder.items.values()].flatMap((each) => [...each.parts]));
  if (item.kind !== 'contact') return { ...heldFiles(item, files), tags: draft.tags };
  const parts = before?.parts ?? new Map<string, Uint8Array>();
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

/** Like Exchange: a subject has 255 characters, and nothing recurs within a day or on dates beside a rule, but as several items. */
export function express(item: Item): Expression {
  if (item.kind === 'contact') return { kind: 'ok', held: item };
  if (item.kind === 'group')
    return { kind: 'ok', held: { ...item, members: item.members.filter(isReachable) } };
  const short = { ...item, summary: item.summary.slice(0, subjectLength) };
  if (short.kind === 'event' && short.extraDates !== undefined) return splitOf(short);
  const freq = item.recurrence?.freq;
  if (freq === 'HOURLY' || freq === 'MINUTELY' || freq === 'SECONDLY') {
    return { kind: 'refuse', part: 'RRULE', reason: `the mailbox holds nothing that recurs ${freq}` };
  }
  return { kind: 'ok', held: short };
}
