// In which calls a write goes out, and which of them send (DESIGN §6): the guarded first one, silent occurrences, then what
// attendees are told. A break anywhere leaves either a difference or a mark, by which the same write asked again goes on.
import type { Audience, Telling, UpdateRequest } from '../model/backend.ts';
import type { EventItem } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { xml, type Markup } from '../xml/index.ts';
import type { Diff, OccurrenceWrite } from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { keyOf } from './fields/people.ts';
import { renderChange } from './fields/row.ts';
import { dateOf } from './fields/series.ts';
import { unsentMark } from './fields/tags.ts';
import { field } from './operations/shape.ts';

/** Absent: nobody. */
export type Tells = Audience | undefined;

export interface Steps {
  /** Guarded: it is also the check that nobody was faster. */
  readonly first: { readonly changes: readonly Markup[]; readonly tells: Tells };
  readonly silent: readonly OccurrenceWrite[];
  /** The one sending write about the whole, when the first could not be it. */
  readonly announcement?: { readonly changes: readonly Markup[]; readonly tells: Audience };
  /** Occurrences with messages of their own. */
  readonly told: readonly ToldOccurrence[];
}

export interface ToldOccurrence {
  readonly write: OccurrenceWrite;
  readonly tells: Audience;
}

type Request = Pick<UpdateRequest, 'before' | 'after' | 'mail' | 'telling'>;

export function stepsOf(diff: Diff, request: Request): Steps {
  const { before, after, mail } = request;
  const { changes, attendees } = diff;
  if (mail === 'silent' || after.item.kind !== 'event' || before.item.kind !== 'event')
    return {
      first: { changes: [...changes, ...attendees], tells: undefined },
      silent: diff.occurrences,
      told: [],
    };
  const telling: Telling = request.telling ?? { whole: 'all', occurrences: [] };
  const { silent, told } = apart(diff.occurrences, telling);
  if (telling.whole === undefined)
    return { first: { changes: [...changes, ...attendees], tells: undefined }, silent, told };
  const isMarked = before.tags.unsent !== undefined && telling.whole === 'all';
  const isFirstLast = silent.length === 0 && !losesUninvited(before.item, after.item);
  if (isFirstLast) {
    const all = [...changes, ...attendees, ...(isMarked ? [unmarked()] : [])];
    const sending = all.length === 0 ? [sameSubject(after.item)] : all;
    return { first: { changes: sending, tells: telling.whole }, silent, told };
  }
  return { ...inSteps(diff, { ...request, whole: telling.whole }), silent, told };
}

/** Whoever is added or removed must be so in the call that sends: Exchange compares before and after of that one. */
function inSteps(
  { changes, attendees }: Diff,
  { before, after, whole }: Request & { readonly whole: Audience },
): Pick<Steps, 'first' | 'announcement'> {
  const item = eventOf(after.item);
  const mark = whole === 'all' && before.tags.unsent === undefined ? [marked()] : [];
  const isEarly = losesUninvited(eventOf(before.item), item);
  return {
    first: { changes: [...changes, ...(isEarly ? attendees : []), ...mark], tells: undefined },
    announcement: announcementOf(item, { attendees: isEarly ? [] : attendees, tells: whole }),
  };
}

function eventOf(item: UpdateRequest['before']['item']): EventItem {
  if (item.kind !== 'event') throw new TypeError('only events are told of');
  return item;
}

export function announcementOf(
  item: EventItem,
  { attendees, tells }: { readonly attendees: readonly Markup[]; readonly tells: Audience },
): NonNullable<Steps['announcement']> {
  const unmark = tells === 'all' ? [unmarked()] : [];
  // Beside the mark something of the meeting itself, so that the server sees a meeting written.
  return { changes: [sameSubject(item), ...attendees, ...unmark], tells };
}

/** Somebody who was never invited needs no cancellation. */
function losesUninvited(before: EventItem, after: EventItem): boolean {
  const wanted = new Set(after.attendees.map(keyOf));
  return before.invitationsSent !== true && before.attendees.some((each) => !wanted.has(keyOf(each)));
}

/** Occurrences of a new series to which others are invited than to the series. */
export function guestOccurrences(item: EventItem): Telling['occurrences'] {
  const invited = peopleOf(item);
  return item.overrides
    .filter((override) => peopleOf(override) !== invited)
    .map(({ recurrenceId }) => ({ recurrenceId, to: 'changed' }));
}

function peopleOf({ attendees }: Pick<EventItem, 'attendees'>): string {
  return attendees.map(keyOf).sort().join('\n');
}

export function apart(
  writes: readonly OccurrenceWrite[],
  { occurrences }: Telling,
): Pick<Steps, 'silent' | 'told'> {
  const audiences = new Map(occurrences.map(({ recurrenceId, to }) => [dateOf(recurrenceId), to]));
  const audienceOf = (when: When): Tells => audiences.get(dateOf(when));
  return {
    silent: writes.filter(({ recurrenceId }) => audienceOf(recurrenceId) === undefined),
    told: writes.flatMap((write) => {
      const tells = audienceOf(write.recurrenceId);
      return tells === undefined ? [] : [{ write, tells }];
    }),
  };
}

function sameSubject(item: EventItem): Markup {
  const subject = xml('t:CalendarItem', {}, xml('t:Subject', {}, item.summary));
  return xml('t:SetItemField', {}, field('item:Subject'), subject);
}

function marked(): Markup {
  return renderChange(elementOf.event, unsentMark(true));
}

function unmarked(): Markup {
  return renderChange(elementOf.event, unsentMark(false));
}
