// The table of events: VEVENT (RFC 5545 §3.6.1) ⇄ EventItem. A changed occurrence is read and written by the same rows.
import type { EventItem } from '../model/item.ts';
import type { RecurrenceRule } from '../model/recurrence.ts';
import type { When } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { eventAlarmRow } from './alarm-rows.ts';
import { attachmentRow } from './attachments.ts';
import { attendeeRow } from './attendees.ts';
import { busyRow } from './busy-row.ts';
import { paramOf, type Jcal } from './codec.ts';
import { descriptionRow } from './description-row.ts';
import { TranslateError } from './errors.ts';
import { parseExtraDates, renderExtraDates } from './extra-dates.ts';
import { meetingUrlRow } from './meeting-url-row.ts';
import { parseRule, renderRule } from './recurrence-rule.ts';
import { isDeepEqual, propertiesOf, type ParseContext, type Rendered, type Row } from './rows.ts';
import {
  categoriesRow,
  firstOf,
  firstText,
  importanceRow,
  rendered,
  renderUid,
  sensitivityRow,
  stampRows,
  textRow,
} from './shared-rows.ts';
import {
  afterDuration,
  asInSeries,
  compareWhens,
  durationOf,
  keyOfWhen,
  renderWhen,
  whenOf,
  whensOf,
} from './times.ts';

const timesRow: Row<EventItem> = {
  claims: ['dtstart', 'dtend', 'duration'],
  fields: ['start', 'end'],
  render({ start, end }) {
    // An event without length has no DTEND: that must be later (RFC 5545 §3.8.2.2).
    const hasLength = compareWhens(end, start) > 0;
    return rendered(renderWhen('dtstart', start), hasLength ? renderWhen('dtend', end) : undefined);
  },
  parse(parts, context) {
    const first = firstOf(parts, 'dtstart');
    if (!first) throw new TranslateError('invalid', 'an event needs a DTSTART', 'DTSTART');
    const start = whenOf(first, context.zoneOf);
    return { start, end: endOf(parts, start, context) };
  },
};

/** RFC 5545 §3.6.1: without DTEND and DURATION a whole day, or no length at all. */
function endOf(parts: readonly Rendered[], start: When, context: ParseContext): When {
  const last = firstOf(parts, 'dtend');
  const duration = firstOf(parts, 'duration');
  let end = start;
  if (last) end = sameKind(whenOf(last, context.zoneOf), start);
  else if (duration) end = endAfter(duration, start);
  if (compareWhens(end, start) < 0) throw new TranslateError('invalid', 'DTEND is before DTSTART', 'DTEND');
  if (start.kind === 'date' && end.kind === 'date' && end.date === start.date) {
    return { kind: 'date', date: addDays(start.date, 1) };
  }
  return end;
}

function endAfter(property: Jcal, start: When): When {
  const duration = durationOf(property);
  if (!duration) throw new TranslateError('invalid', 'DURATION cannot be read', 'DURATION');
  return afterDuration(start, duration);
}

function sameKind(end: When, start: When): When {
  if (end.kind === start.kind) return end;
  if (end.kind === 'floating' && start.kind === 'zoned') return { ...end, kind: 'zoned', zone: start.zone };
  throw new TranslateError('invalid', 'DTEND and DTSTART are of different kinds', 'DTEND');
}

const recurrenceIdRow: Row<EventItem> = {
  claims: ['recurrence-id'],
  fields: ['recurrenceId'],
  readsStart: true,
  render: ({ recurrenceId }) => rendered(recurrenceId && renderWhen('recurrence-id', recurrenceId)),
  parse(parts, context) {
    const given = firstOf(parts, 'recurrence-id');
    if (!given) return { recurrenceId: undefined };
    if (paramOf(given, 'range') !== undefined) {
      throw new TranslateError(
        'unsupported',
        'a change of all later occurrences (RANGE) cannot be stored',
        'RECURRENCE-ID',
      );
    }
    return { recurrenceId: inSeries(whenOf(given, context.zoneOf), context) };
  },
};

const recurrenceRow: Row<EventItem> = {
  claims: ['rrule', 'rdate', 'exrule'],
  fields: ['recurrence', 'extraDates'],
  readsStart: true,
  render: ({ recurrence, extraDates, start }) =>
    rendered(recurrence && renderRule(recurrence, start), ...renderExtraDates(extraDates)),
  parse(parts, context) {
    const dates = propertiesOf(parts).filter(([name]) => name === 'rdate');
    const rules = propertiesOf(parts).filter(([name]) => name !== 'rdate');
    return {
      recurrence: ruleOf(rendered(...rules), context.start),
      extraDates: parseExtraDates(dates, context),
    };
  },
};

/** @throws TranslateError for what has more than one rule, or dates beside it where none are taken */
export function ruleOf(parts: readonly Rendered[], start: When | undefined): RecurrenceRule | undefined {
  const [rule, ...others] = propertiesOf(parts);
  if (!rule) return undefined;
  // The same rule said twice is one rule.
  const more = others.filter((each) => !isDeepEqual(each[3], rule[3]) || each[0] !== rule[0]);
  const beyond = [rule, ...more].find((each) => each[0] !== 'rrule') ?? more[0];
  if (beyond) {
    const name = beyond[0].toUpperCase();
    throw new TranslateError('unsupported', `${name} beside one rule cannot be stored`, name);
  }
  if (!start) throw new TranslateError('invalid', 'a recurrence needs a DTSTART', 'RRULE');
  return parseRule(rule, start);
}

const cancelledDatesRow: Row<EventItem> = {
  claims: ['exdate'],
  fields: ['cancelledDates'],
  readsStart: true,
  render({ cancelledDates }) {
    const [first, ...rest] = cancelledDates.toSorted(compareWhens);
    return first ? rendered(...[first, ...rest].map((when) => renderWhen('exdate', when))) : [];
  },
  parse(parts, context) {
    const dates = propertiesOf(parts)
      .flatMap((property) => whensOf(property, context.zoneOf))
      .map((when) => inSeries(when, context));
    return {
      cancelledDates: [...new Map(dates.map((when) => [keyOfWhen(when), when])).values()].sort(compareWhens),
    };
  },
};

function inSeries(when: When, context: ParseContext): When {
  return context.seriesStart ? asInSeries(when, context.seriesStart, context.defaultZone) : when;
}

const sequenceRow: Row<EventItem> = {
  claims: ['sequence'],
  fields: ['sequence'],
  isStamp: true,
  render: ({ sequence }) => (sequence ? rendered(['sequence', {}, 'integer', sequence]) : []),
  parse(parts) {
    const given = firstOf(parts, 'sequence')?.[3];
    return { sequence: typeof given === 'number' && given > 0 ? given : undefined };
  },
};

const uidRow: Row<EventItem> = {
  claims: ['uid'],
  fields: ['uid'],
  isStamp: true,
  render: renderUid,
  parse: (parts) => ({ uid: firstText(parts, 'uid').trim() }),
};

/** Times come first: other rows read the start. */
export const eventRows: readonly Row<EventItem>[] = [
  timesRow,
  uidRow,
  ...stampRows,
  sequenceRow,
  recurrenceIdRow,
  textRow('summary', 'summary'),
  descriptionRow,
  // Another place has other coordinates; Apple's programs show these before the text.
  textRow('location', 'location', ['geo', 'x-apple-structured-location']),
  meetingUrlRow,
  recurrenceRow,
  cancelledDatesRow,
  busyRow,
  sensitivityRow,
  importanceRow,
  categoriesRow,
  attendeeRow,
  attachmentRow,
  eventAlarmRow,
];
