// The whole world put aside and put back. Items are values, so a save copies lists and maps only; mailboxes and folders keep
// their identity. Numbers and revisions never run backwards: ids of what was undone stay unknown, its sync states are refused.
import type { Folder } from './folder.ts';
import { openWorld, type Mailbox, type World } from './world.ts';

export interface Saved {
  readonly revision: number;
  readonly world: Fields<World>;
  readonly mailboxes: readonly (readonly [Mailbox, Fields<Mailbox>])[];
  readonly folders: readonly (readonly [Folder, Fields<Folder>])[];
}

type Fields<T> = Partial<T>;

export function saveWorld(world: World): Saved {
  const mailboxes = [...world.byNo.values()];
  return {
    revision: world.revision,
    world: fieldsOf(world, ['birth', 'now', 'revision', 'lastNo', 'undone']),
    mailboxes: mailboxes.map((mailbox) => [mailbox, fieldsOf(mailbox, ['listeners', 'events'])]),
    folders: mailboxes.flatMap((mailbox) =>
      [...mailbox.folders.values()].map((folder) => [folder, fieldsOf(folder, ['ordered'])] as const),
    ),
  };
}

/** Subscriptions are not part of it: they end (their owner finds ErrorSubscriptionNotFound). */
export function restoreWorld(world: World, saved: Saved): void {
  Object.assign(world, fieldsOf(saved.world, []));
  for (const [mailbox, fields] of saved.mailboxes) {
    Object.assign(mailbox, fieldsOf(fields, []));
    mailbox.events.length = 0;
    mailbox.listeners.clear();
  }
  for (const [folder, fields] of saved.folders)
    Object.assign(folder, fieldsOf(fields, []), { ordered: undefined });
  if (world.revision > saved.revision) world.undone.push({ after: saved.revision, upTo: world.revision });
  world.revision += 1;
}

/** Everything as in a world that was just opened: sync states and ids of before are of another one. */
export function emptyWorld(world: World): void {
  Object.assign(world, openWorld(world.now));
}

/** Own fields but those; collections are copied, what is in them is shared. */
function fieldsOf<T extends object>(value: T, but: readonly (keyof T)[]): Fields<T> {
  const fields: Fields<T> = { ...value };
  for (const key of but) delete fields[key];
  for (const [key, held] of Object.entries(fields)) Object.assign(fields, { [key]: copied(held) });
  return fields;
}

/** Settings and policies are objects of collections. */
function copied(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return copiedCollection(value);
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, copiedCollection(held)]));
}

function copiedCollection(value: unknown): unknown {
  if (value instanceof Map) return new Map<unknown, unknown>(value);
  if (value instanceof Set) return new Set<unknown>(value);
  if (Array.isArray(value)) return Array.from<unknown>(value);
  return value;
}
