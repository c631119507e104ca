// Several items that are one object, put together again (docs/decisions/0013): the whole while its parts still make it up, with
// what another program changed in them.
import type { Stored } from '../model/backend.ts';
import { emptyEvent, fileIdOf, isStoredPart, type EventItem, type Override } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { instantOfWhen, resolveZone } from '../model/zones.ts';
import type { Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { eventKind, overrideOf } from './kinds.ts';
import { commonNames, commonOf, nameOfPart, printOf, wholeRows, type Common } from './parts.ts';
import { decodeResidue, type Residue, type SplitResidue } from './residue.ts';
import { isDeepEqual, type ParseContext } from './rows.ts';
import { rendered } from './shared-rows.ts';
import { keyOfWhen, whenOf, whenOfKey } from './times.ts';

export interface Member {
  readonly name: string;
  readonly stored: Stored;
}

export interface Joined {
  /** As if one item held it all; id and version are those of the part with the residue. */
  readonly whole: Stored;
  readonly members: readonly Member[];
}

/** Undefined: these items are no whole any more, or never were. Of two members of one name the first counts. */
export function joinParts(members: readonly Member[]): Joined | undefined {
  for (const carrier of members) {
    const residue = decodeResidue(carrier.stored.tags.residue);
    if (residue?.split?.parts.has(carrier.name) !== true) continue;
    try {
      const joined = joinedBy(carrier, { residue, split: residue.split, members });
      if (joined !== undefined) return joined;
    } catch (error) {
      if (!(error instanceof TranslateError)) throw error;
    }
  }
  return undefined;
}

/** What an item says of the whole: whether it is the part that bears it, and what the last write was to remove. */
export function bornBy({ tags }: Stored): { readonly isFirst: boolean; readonly was: ReadonlySet<string> } {
  const residue = decodeResidue(tags.residue);
  return { isFirst: residue?.split !== undefined, was: new Set(residue?.was) };
}

interface Part {
  readonly member: Member;
  readonly item: EventItem;
}

interface Given {
  readonly residue: Residue;
  readonly split: SplitResidue;
  readonly members: readonly Member[];
}

function joinedBy(carrier: Member, given: Given): Joined | undefined {
  const { split, residue } = given;
  const series: Part[] = [];
  const singles = new Map<string, Part | undefined>();
  for (const [name, key] of split.parts) {
    const part = partNamed(name, key !== '', given.members);
    if (key !== '') singles.set(key, part);
    else if (part === undefined) return undefined;
    else series.push(part);
  }
  const { item } = carrier.stored;
  if (item.kind !== 'event') return undefined;
  const present = [...singles].flatMap(([key, part]) => (part ? [{ key, part }] : []));
  const all = [...series, ...present.map(({ part }) => part)];
  // Without what it bears of the client's text nobody would know the whole again.
  if (!all.some(({ member }) => member === carrier)) return undefined;
  const prints = { series: series.length > 0 ? series : all, all, prints: split.prints };
  const whole: EventItem = {
    ...item,
    ...skeletonOf(split.rows, residue.zone),
    ...fieldsBy((name) => sharedValue(name, prints, item)),
    ...stampsOf(all.map((part) => part.item)),
    attachments: filesOf(all, carrier),
    overrides: [],
    cancelledDates: [],
  };
  const overrides = [
    ...series.flatMap((part) => part.item.overrides.map((override) => ownOf(override, whole, split))),
    ...present.flatMap(({ key, part }) => instanceOf(key, { part, whole, split })),
  ].filter((override) => !isPlain(override, whole));
  const there = new Set([
    ...overrides.map(({ recurrenceId }) => keyOfWhen(recurrenceId)),
    ...present.map(({ key }) => key),
  ]);
  const cancelled = new Map<string, When>();
  for (const part of series)
    for (const when of part.item.cancelledDates) cancelled.set(keyOfWhen(when), when);
  for (const key of singles.keys()) {
    const when = whenOfKey(key, whole.start);
    if (when) cancelled.set(key, when);
  }
  const stored = {
    ...carrier.stored,
    item: {
      ...whole,
      overrides: overrides.sort((a, b) => byKey(a.recurrenceId, b.recurrenceId)),
      cancelledDates: [...cancelled].flatMap(([key, when]) => (there.has(key) ? [] : [when])).sort(byKey),
    },
  };
  return { whole: { ...stored, isJoined: true }, members: all.map(({ member }) => member) };
}

/** All that lie with any of the parts, those of the one that bears the residue first. */
function filesOf(parts: readonly Part[], carrier: Member): EventItem['attachments'] {
  const first = parts.filter(({ member }) => member === carrier);
  const files = [...first, ...parts].flatMap(({ item }) => [
    ...item.attachments,
    ...item.overrides.flatMap(({ attachments }) => attachments),
  ]);
  return [...new Map(files.filter(isStoredPart).map((part) => [fileIdOf(part), part])).values()];
}

function byKey(a: When, b: When): number {
  return keyOfWhen(a) < keyOfWhen(b) ? -1 : 1;
}

/** A series counts only while it is the one that was written; a single instance wherever it was moved. */
function partNamed(name: string, isSingle: boolean, members: readonly Member[]): Part | undefined {
  for (const member of members) {
    const { item } = member.stored;
    if (member.name !== name || item.kind !== 'event' || concernsOthers(item)) continue;
    if ((item.recurrence === undefined) !== isSingle) continue;
    if (isSingle || nameOfPart({ item }) === name) return { member, item };
  }
  return undefined;
}

/** What is a meeting is one of its own: others know it by its own UID. */
function concernsOthers({ isOrganizer, attendees, overrides }: EventItem): boolean {
  return !isOrganizer || attendees.length > 0 || overrides.some((each) => each.attendees.length > 0);
}

/** @throws TranslateError */
function skeletonOf(
  rows: readonly Jcal[],
  zone: string,
): Pick<EventItem, 'start' | 'end' | 'recurrence' | 'extraDates'> {
  const zoneOf = (tzid: string): string => {
    const found = resolveZone(tzid);
    if (found === undefined) throw new TranslateError('invalid', 'a zone that nobody knows', 'TZID');
    return found;
  };
  const first = rows.find(([name]) => name === 'dtstart');
  if (first === undefined) throw new TranslateError('invalid', 'times are missing', 'DTSTART');
  const start = whenOf(first, zoneOf);
  const context: ParseContext = { ownAddresses: [], defaultZone: zone, zoneOf, start, seriesStart: start };
  let found: EventItem = { ...emptyEvent, start, end: start };
  for (const row of wholeRows) {
    const own = rendered(...rows.filter(([name]) => row.claims.includes(name)));
    found = { ...found, ...row.parse(own, context, found) };
  }
  const { end, recurrence, extraDates } = found;
  return { start, end, recurrence, extraDates };
}

interface Prints {
  /** Of which a change is one of the whole. */
  readonly series: readonly Part[];
  readonly all: readonly Part[];
  readonly prints: ReadonlyMap<string, string>;
}

function fieldsBy(valueOf: <Name extends keyof Common>(name: Name) => Common[Name]): Partial<Common> {
  const found: Partial<Common> = {};
  for (const name of commonNames) assign(found, name, valueOf(name));
  return found;
}

function assign<T, Name extends keyof T>(to: T, name: Name, value: T[Name]): void {
  to[name] = value;
}

/** What one part was given by another program is shown for the whole; the latest of several. */
function sharedValue<Name extends keyof Common>(
  name: Name,
  { series, all, prints }: Prints,
  fallback: EventItem,
): Common[Name] {
  const isAsWritten = ({ item }: Part): boolean => printOf(commonOf(item)[name]) === prints.get(name);
  const isOneSeries = series !== all;
  const changed = isOneSeries ? series.filter((part) => !isAsWritten(part)) : [];
  const latest = changed.toSorted((a, b) => (b.item.modified ?? 0) - (a.item.modified ?? 0))[0];
  return commonOf((latest ?? all.find(isAsWritten))?.item ?? fallback)[name];
}

/** What an occurrence has as it was written follows the whole. */
function ownOf(override: Override, whole: EventItem, { prints }: SplitResidue): Override {
  const own = commonOf(override);
  const common = commonOf(whole);
  const shared = fieldsBy((name) => (printOf(own[name]) === prints.get(name) ? common[name] : own[name]));
  return { ...override, ...shared, attachments: whole.attachments };
}

/** A single instance as the changed occurrence that it may be. */
function instanceOf(
  key: string,
  { part, whole, split }: { readonly part: Part; readonly whole: EventItem; readonly split: SplitResidue },
): Override[] {
  const recurrenceId = whenOfKey(key, whole.start);
  return recurrenceId ? [ownOf({ ...overrideOf(part.item), recurrenceId }, whole, split)] : [];
}

function isPlain(override: Override, whole: EventItem): boolean {
  const plain = eventKind.plainView?.(whole, keyOfWhen(override.recurrenceId));
  if (plain === undefined) return false;
  const isInPlace = isSameTime(plain.start, override.start) && isSameTime(plain.end, override.end);
  return isInPlace && commonNames.every((name) => isDeepEqual(commonOf(plain)[name], override[name]));
}

function isSameTime(one: When, other: When): boolean {
  return one.kind === other.kind && instantOfWhen(one) === instantOfWhen(other);
}

function stampsOf(items: readonly EventItem[]): Pick<EventItem, 'created' | 'modified' | 'sequence'> {
  const given = (name: 'created' | 'modified' | 'sequence'): number[] =>
    items.flatMap((item) => item[name] ?? []);
  const [created, modified, sequence] = [given('created'), given('modified'), given('sequence')];
  return {
    ...(created.length > 0 && { created: Math.min(...created) }),
    ...(modified.length > 0 && { modified: Math.max(...modified) }),
    ...(sequence.length > 0 && { sequence: Math.max(...sequence) }),
  };
}
