// Takes back what one run wrote, as far as nobody changed it since. What stands there afterwards counts as known: the next run
// neither does it again nor carries it to the other side.
import { randomUUID } from 'node:crypto';
import { BackendError, DavError } from '../model/failure.ts';
import type { HistoryEntry, Intent, Known, MirrorChange, Side, Twin } from '../model/mirror-store.ts';
import { openReader, type Present, type Reader } from './look.ts';
import { nameFor } from './names.ts';
import { otherSide } from './pair.ts';
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
  if (reason !== undefined || input.dryRun) return reason;
  const undoing = { entry, twin, present };
  try {
    if (before !== undefined) await putBack(context, { ...undoing, before });
    else if (present !== undefined) await takeAway(context, { ...undoing, present });
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

interface Undoing {
  readonly entry: HistoryEntry;
  readonly twin: Twin | undefined;
  readonly present: Present | undefined;
}

/** Forgotten before it is done: after a crash in between nobody may take the absence for a deletion by a person. */
async function takeAway(context: Context, undoing: Undoing & { readonly present: Present }): Promise<void> {
  const { input, reader } = context;
  const { entry, twin, present } = undoing;
  const { store, rules, sides } = input;
  const { twins, forgotten } = afterwards(undoing, undefined);
  await store.commit(rules.name, { twins, forgotten });
  try {
    await sides[entry.side].remove(entry.href, { ifMatch: [present.etag] }, 'silent');
  } catch (error) {
    const shown = (await reader.read(entry.side, [entry.href])).get(entry.href);
    if (shown?.kind === 'present' && twin !== undefined) await store.commit(rules.name, { twins: [twin] });
    if (shown?.kind !== 'missing') throw error;
  }
  await store.commit(rules.name, { history: [historyOf(input, entry)] });
}

/** By an intent, like any write: after a crash it is known again by what people see of it. */
async function putBack(context: Context, undoing: Undoing & { readonly before: string }): Promise<void> {
  const { input } = context;
  const { store, rules, texts } = input;
  const { entry, twin, before } = undoing;
  const source = twin?.sides[otherSide(entry.side)];
  const intent: Intent = {
    id: randomUUID(),
    entry: { ...historyOf(input, entry), action: 'interrupted' },
    ...(source && { copies: { source, essence: texts.facts(before).essence } }),
  };
  await store.commit(rules.name, { opened: [intent] });
  try {
    const known = await restored(context, undoing);
    const { twins, forgotten } = afterwards(undoing, known);
    await store.commit(rules.name, {
      twins,
      forgotten,
      closed: [intent.id],
      history: [historyOf(input, entry)],
    });
  } catch (error) {
    // Refused is not done; of anything else the next run finds out.
    if (error instanceof DavError) await store.commit(rules.name, { closed: [intent.id] });
    throw error;
  }
}

/** What stands there now. */
async function restored(
  { input, reader }: Context,
  { entry, before, present }: Undoing & { readonly before: string },
): Promise<Known> {
  const { side, uid } = entry;
  const condition = present ? { ifMatch: [present.etag] } : ({ ifNoneMatch: '*' } as const);
  // A name that was deleted is not used again.
  const href = present ? entry.href : nameFor(uid, input.now(), input.texts.extension);
  const request = { href, text: before, condition, mail: 'silent' } as const;
  const { etag } = await input.sides[side].put(request, input.signal);
  const shown = (await reader.read(side, [href])).get(href);
  if (shown?.kind === 'present') return { href, etag: shown.present.etag, hash: shown.present.facts.hash };
  return { href, etag: etag ?? '', hash: input.texts.facts(before).hash };
}

function afterwards(
  { entry: { uid, side }, twin }: Undoing,
  known: Known | undefined,
): Required<Pick<MirrorChange, 'twins' | 'forgotten'>> {
  const { [side]: _old, ...others } = twin?.sides ?? {};
  const sides = { ...others, ...(known && { [side]: known }) };
  if (Object.keys(sides).length === 0) return { twins: [], forgotten: [uid] };
  return { twins: [{ uid, sides, leftOut: { reason: 'undone' } }], forgotten: [] };
}

function historyOf({ now }: UndoInput, { uid, side, href }: HistoryEntry): HistoryEntry {
  return { run: 0, at: now(), uid, side, action: 'undone', href };
}
