// The laws of translation, each a function of one generated case: what it answers is what is wrong.
import type { Diff } from '../../src/ews-backend/fields/index.ts';
import type { When } from '../../src/model/time.ts';
import { apply, applyOccurrences, type SeriesState } from '../ews-backend/fields/stand-in.ts';
import { compareTexts, type Difference } from '../fidelity/compare.ts';
import { refusalOf } from '../fidelity/refusals.ts';
import { parseLines } from '../fidelity/content-lines.ts';
import { type Box, changed, get, isRefusal, opened, putNew, putOver, severalItems } from './box.ts';
import type { Verdict } from './law.ts';
import { type Case, type Edit, edited, type Outside } from './objects.ts';
import { updatesOf } from './outlook-table.ts';
import { tagFields } from './table.ts';

/** All laws on one case. */
export function judge(given: Case): Verdict {
  const { kind, dayZone, text, version } = given;
  let box: Box;
  try {
    box = putNew(text, { kind, dayZone });
  } catch (error) {
    return refusal(given, error);
  }
  const faults: string[] = [];
  const shown = tell(faults, 'GET', () => get(box, version));
  if (shown === undefined) return { faults };
  faults.push(...difference('PUT and GET', text, opened(shown, box)));
  faults.push(...stability(given, box, shown));
  const other = version === '3.0' ? '4.0' : '3.0';
  if (kind === 'contacts') tell(faults, `GET in ${other}`, () => parseAgain(get(box, other), given));
  faults.push(...edits(given, box, shown), ...outside(given, box, shown));
  return { faults };
}

function refusal(given: Case, error: unknown): Verdict {
  if (!isRefusal(error)) return { faults: [`PUT: ${said(error)}`] };
  const property = 'property' in error && typeof error.property === 'string' ? `${error.property}: ` : '';
  const reason = `${property}${error.message}`;
  if (reason === severalItems) return { refused: reason, faults: [] };
  const known = refusalOf(
    { name: 'law', folder: given.kind, uid: 'law', body: given.text, faults: [] },
    reason,
  );
  return known ? { refused: reason, faults: [] } : { faults: [`refused without need: ${reason}`] };
}

/** What was sent comes back; what comes back stays as it is, and costs nothing to store again. */
function stability(given: Case, box: Box, shown: string): string[] {
  const faults: string[] = [];
  const again = tell(faults, 'second PUT', () => putOver(shown, box));
  if (again === undefined) return faults;
  const fields = fieldsIn(again.sent);
  if (fields.size > 0) faults.push(`second PUT of what was shown writes ${[...fields].join(' ')}`);
  if (touchesFiles(again.sent)) faults.push('second PUT of what was shown changes files');
  if (again.sent.photo !== undefined) faults.push('second PUT writes the photo');
  const second = tell(faults, 'second GET', () => get(again.box, given.version));
  if (second !== undefined && second !== shown)
    faults.push(...difference('second GET', shown, second), 'the second GET is another text');
  // With the bytes of its files: links lead nowhere there.
  const whole = opened(shown, box);
  const elsewhere = tell(faults, 'PUT elsewhere', () => putNew(whole, given));
  if (elsewhere === undefined) return faults;
  const there = tell(faults, 'GET elsewhere', () => opened(get(elsewhere, given.version), elsewhere));
  if (there !== undefined) faults.push(...difference('what was shown, stored elsewhere', whole, there));
  return faults;
}

function edits(given: Case, start: Box, shown: string): string[] {
  const faults: string[] = [];
  let [box, text] = [start, shown];
  for (const edit of given.edits) {
    const wanted = edited(text, edit);
    if (wanted === undefined) continue;
    const what = `edit of ${edit.names.join(' ')}${edit.occurrence === undefined ? '' : ` on ${edit.occurrence}`}`;
    let after: ReturnType<typeof putOver>;
    try {
      after = putOver(wanted, box);
    } catch (error) {
      const { faults: unneeded } = refusal({ ...given, text: wanted }, error);
      faults.push(...unneeded.map((each) => `${what}: ${each}`));
      continue;
    }
    const written = [...fieldsIn(after.sent), ...(after.sent.photo === undefined ? [] : ['photo'])];
    const sends = callsOff(edit, text, wanted) ? [...edit.sends, ...attendeeLists] : edit.sends;
    for (const field of written)
      if (!sends.includes(field)) faults.push(`${what} writes ${field}\n  ${edit.lines.join('\n  ')}`);
    if (
      edit.occurrence === undefined &&
      edit.sends.every((each) => !each.startsWith('calendar:Recurrence')) &&
      after.sent.resetsOccurrences
    )
      faults.push(`${what} drops the changed occurrences`);
    const now = tell(faults, `GET after ${what}`, () => get(after.box, given.version));
    if (now === undefined) return faults;
    faults.push(...difference(what, opened(wanted, box), opened(now, after.box)));
    [box, text] = [after.box, now];
  }
  return faults;
}

const attendeeLists = ['RequiredAttendees', 'OptionalAttendees', 'Resources'].map(
  (each) => `calendar:${each}`,
);
const isCalledOff = /^STATUS(?:;.*)?:CANCELLED/m;

function unfolded(text: string): string {
  return text.replaceAll(/\r?\n[ \t]/g, '');
}

/** A client says that something does not take place, or takes place again: its guests are told. */
function callsOff({ names }: Edit, before: string, after: string): boolean {
  return names.includes('status') && (isCalledOff.test(before) || isCalledOff.test(after));
}

/** What another program changes is all that a client sees changed; what the client alone had said stays. */
function outside(given: Case, start: Box, shown: string): string[] {
  const faults: string[] = [];
  let [box, text] = [start, shown];
  for (const each of given.outside) {
    const after = afterOutside(box, each, given.frame?.dates.length ?? 1);
    if (after === undefined) continue;
    const what = `${each.cancels ? 'deletion' : each.fields.join(' ')} by Outlook${each.occurrence === undefined ? '' : ` on ${each.occurrence}`}`;
    const now = tell(faults, `GET after ${what}`, () => get(after, given.version));
    if (now === undefined) return faults;
    faults.push(
      ...difference(what, text, now, (found) =>
        isShown(found, each, {
          state: box.state,
          text,
          now,
          wasCalledOff: isCalledOff.test(unfolded(given.text)),
        }),
      ),
    );
    const again = tell(faults, `PUT after ${what}`, () => putOver(now, after));
    const fields = again === undefined ? new Set<string>() : fieldsIn(again.sent);
    if (fields.size > 0) faults.push(`${what}: PUT of what was shown then writes ${[...fields].join(' ')}`);
    [box, text] = [after, now];
  }
  return faults;
}

function afterOutside(box: Box, each: Outside, count: number): Box | undefined {
  const { fields, shows, resets, changes, occurrence, cancels } = each;
  const { item } = box.stored;
  const updates = updatesOf(item.kind === 'group' ? 'groups' : box.kind, changes);
  if (occurrence !== undefined) {
    if (item.kind !== 'event' || box.state.deleted.has(occurrence)) return undefined;
    // Exchange keeps no series without any instance.
    if (cancels && box.state.deleted.size + 1 >= count) return undefined;
    const recurrenceId: When =
      item.start.kind === 'date'
        ? { kind: 'date', date: occurrence }
        : { ...item.start, local: `${occurrence}${item.start.local.slice(10)}` };
    const write = cancels
      ? ({ recurrenceId, kind: 'cancel' } as const)
      : ({ recurrenceId, kind: 'change', changes: updates } as const);
    return changed(box, applyOccurrences(box.state, [write]));
  }
  if (item.kind === 'event' && item.recurrence !== undefined && fields.includes('calendar:Start'))
    return undefined;
  const master = apply(box.state.master, updates);
  // Who is invited to a series is invited to its changed instances.
  if (shows.includes('ATTENDEE'))
    return changed(box, {
      ...box.state,
      master,
      exceptions: new Map(
        [...box.state.exceptions].map(([date, exception]) => [date, apply(exception, updates)]),
      ),
    });
  if (resets !== true) return changed(box, { ...box.state, master });
  return changed(box, { master, exceptions: new Map(), deleted: new Set() });
}

const busyNames = new Set(['STATUS', 'TRANSP', 'X-MICROSOFT-CDO-BUSYSTATUS']);

interface Around {
  readonly state: SeriesState;
  /** What was shown before, and what is. */
  readonly text: string;
  readonly now: string;
  readonly wasCalledOff: boolean;
}

function isShown(
  { path, name }: Difference,
  given: Outside,
  { state, text, now, wasCalledOff }: Around,
): boolean {
  const { occurrence, cancels, resets, shows } = given;
  const isThere = path.includes(` ${(occurrence ?? '').replaceAll('-', '')}`);
  if (occurrence !== undefined && cancels) return name === 'EXDATE' || isThere;
  if (occurrence !== undefined) return isThere;
  const date = / (\d{8})/.exec(path)?.[1];
  if (date !== undefined && resets === true) return true;
  // An exception that said what the series said shows when the series says something else, and the other way round.
  const tells = (whole: string): boolean => new RegExp(`^RECURRENCE-ID[^:]*:${date}`, 'm').test(whole);
  const isHidden = date !== undefined && !(tells(text) && tells(now));
  if (isHidden && [...state.exceptions.keys()].some((each) => each.replaceAll('-', '') === date)) return true;
  // What takes place again by another program's word has the guests that Exchange knows: none.
  const isPerson = name === 'ORGANIZER' || name === 'ATTENDEE';
  // Several items would be several invitations: what made them several is no longer shown.
  if (name === 'RDATE' && shows.includes('ATTENDEE')) return true;
  // Who is invited is invited to something that takes place.
  if (busyNames.has(name) && shows.includes('ATTENDEE') && wasCalledOff) return true;
  if (isPerson && shows.includes('STATUS') && wasCalledOff) return true;
  return shows.some((each) => (each.startsWith('/') ? path.includes(each) : each === name));
}

/** FieldURIs of every change of the item and of its occurrences; the gateway's own tags left out. */
export function fieldsIn(sent: Diff): Set<string> {
  const { occurrences, resetsOccurrences } = sent;
  const master = [...sent.changes, ...sent.attendees];
  // After a reset every changed occurrence is written again, whole.
  const written = resetsOccurrences ? [] : occurrences;
  const changes = [...master, ...written.flatMap((write) => (write.kind === 'change' ? write.changes : []))];
  const fields = new Set(
    changes.flatMap(({ xml }) => {
      const path = /<t:(?:Indexed|Extended)?FieldURI ([^>]*)>/.exec(xml)?.[1] ?? '';
      if (tagFields.some((name) => path.includes(name))) return [];
      return [/(?:FieldURI|PropertyTag|PropertyId)="([^"]*)"/.exec(path)?.[1] ?? path];
    }),
  );
  for (const write of written) if (write.kind === 'cancel') fields.add('calendar:Recurrence');
  return fields;
}

function parseAgain(text: string, { kind, dayZone }: Case): void {
  putNew(text, { kind, dayZone });
}

/** Whether files of the item or of an occurrence are made or deleted. */
export function touchesFiles({ files }: Diff): boolean {
  return files.add.length + files.remove.length + files.occurrences.length > 0;
}

export function difference(
  what: string,
  sent: string,
  got: string,
  isAllowed: (found: Difference) => boolean = () => false,
): string[] {
  const { changed, lost, added } = compareTexts(sent, got);
  const { faults } = parseLines(got);
  return [
    ...faults.map((each) => `${what}: ${each}`),
    ...Object.entries({ changed, lost, added }).flatMap(([kind, list]) =>
      list
        .filter((each) => !isAllowed(each))
        .map((each) => `${what}: ${kind} ${each.path}\n  - ${each.sent ?? ''}\n  + ${each.got ?? ''}`),
    ),
  ];
}

function tell<Result>(faults: string[], what: string, make: () => Result): Result | undefined {
  try {
    return make();
  } catch (error) {
    faults.push(`${what}: ${said(error)}`);
    return undefined;
  }
}

function said(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
