// Takes back what one run wrote, as far as nobody changed it since. What stands there afterwards counts as known: the next run
// neither does it again nor carries it to the other side.
import { BackendError, DavError } from '../model/failure.ts';
import type { HistoryEntry, Known, Side, Twin } from '../model/mirror-store.ts';
import { openReader, type Present, type Reader } from './look.ts';
import { nameFor } from './names.ts';
import type { RunInput } from './run-input.ts';

export interface UndoInput extends RunInput {
  /** Undefined: sealed with another secret. */
  readonly unseal: (sealed: string) => string | undefined;
}

export interface UndoneEntry {
  readonly uid: string;
  readonly side: Side;
  readonly did: HistoryEntry['action'];
  /** Why it was left as it is; absent: it is as it was before the run. */
  readonly left?: string;
}

export async function undoRun(input: UndoInput, run: number): Promise<readonly UndoneEntry[]> {
  const { store, rules } = input;
  const history = await store.history(rules.name, { run });
  const reader = openReader(input);
  const undone: UndoneEntry[] = [];
  // The last first: what was written twice goes back to its beginning.
  for (const entry of history.toReversed()) {
    const left = await undoEntry({ input, reader }, entry);
    undone.push({ uid: entry.uid, side: entry.side, did: entry.action, ...(left !== undefined && { left }) });
  }
  return undone;
}

interface Context {
  readonly input: UndoInput;
  readonly reader: Reader;
}

async function undoEntry(context: Context, entry: HistoryEntry): Promise<string | undefined> {
  const { input, reader } = context;
  const [twin] = await input.store.twins(input.rules.name, [entry.uid]);
  const before = entry.before === undefined ? undefined : input.unseal(entry.before);
  if (entry.before !== undefined && before === undefined) return 'its text was sealed with another secret';
  const shown = (await reader.read(entry.side, [entry.href])).get(entry.href);
  if (shown?.kind === 'failed') return shown.message;
  const present = shown?.kind === 'present' ? shown.present : undefined;
  const reason = changedSince(entry, present);
  if (reason !== undefined) return reason;
  try {
    const known = await putBack(context, { entry, before, present });
    if (!input.dryRun) await remember(input, { entry, twin, known });
    return undefined;
  } catch (error) {
    if (error instanceof DavError || error instanceof BackendError) return error.message;
    throw error;
  }
}

function changedSince(entry: HistoryEntry, present: Present | undefined): string | undefined {
  if (entry.action === 'removed') return present && 'something is there again';
  if (present === undefined) return 'it is not there any more';
  return present.facts.hash === entry.hashAfter ? undefined : 'it was changed since';
}

interface Restoring {
  readonly entry: HistoryEntry;
  readonly before: string | undefined;
  readonly present: Present | undefined;
}

/** What stands there now; undefined: nothing. */
async function putBack(
  { input, reader }: Context,
  { entry, before, present }: Restoring,
): Promise<Known | undefined> {
  const { side, uid } = entry;
  const collection = input.sides[side];
  if (input.dryRun) return undefined;
  const condition = present ? { ifMatch: [present.etag] } : ({ ifNoneMatch: '*' } as const);
  if (before === undefined) {
    await collection.remove(entry.href, condition, 'silent');
    return undefined;
  }
  // A name that was deleted is not used again.
  const href = present ? entry.href : nameFor(uid, input.now(), input.texts.extension);
  const { etag } = await collection.put({ href, text: before, condition, mail: 'silent' }, input.signal);
  const shown = (await reader.read(side, [href])).get(href);
  if (shown?.kind === 'present') return { href, etag: shown.present.etag, hash: shown.present.facts.hash };
  return { href, etag: etag ?? '', hash: input.texts.facts(before).hash };
}

async function remember(
  { store, rules, now }: UndoInput,
  done: { readonly entry: HistoryEntry; readonly twin: Twin | undefined; readonly known: Known | undefined },
): Promise<void> {
  const { entry, twin, known } = done;
  const { [entry.side]: _old, ...others } = twin?.sides ?? {};
  const sides = { ...others, ...(known && { [entry.side]: known }) };
  const isEmpty = Object.keys(sides).length === 0;
  const next: Twin = {
    uid: entry.uid,
    sides,
    leftOut: { reason: 'undone' },
  };
  const { uid, side, href } = entry;
  await store.commit(rules.name, {
    ...(isEmpty ? { forgotten: [uid] } : { twins: [next] }),
    history: [{ run: 0, at: now(), uid, side, action: 'undone', href }],
  });
}
