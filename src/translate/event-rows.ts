// The table of events: VEVENT (RFC 5545 §3.6.1) ⇄ EventItem. A changed occurrence is read and written by the same rows.
import type { BusyStatus, EventItem } from '../model/item.ts';
import type { RecurrenceRule } from '../model/recurrence.ts';
import type { When } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { mergeAlarms, minutesBefore, minutesTrigger, renderAlarm } from './alarms.ts';
import { attachmentRow } from './attachments.ts';
import { attendeeRow } from './attendees.ts';
import { paramOf, type Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { parseRule, renderRule } from './recurrence-rule.ts';
import {
  componentsOf,
  isDeepEqual,
  propertiesOf,
  type ParseContext,
  type Rendered,
  type Row,
} from './rows.ts';
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
  fields: ['recurrence'],
  readsStart: true,
  render: ({ recurrence, start }) => rendered(recurrence && renderRule(recurrence, start)),
  parse: (parts, context) => ({ recurrence: ruleOf(parts, context.start) }),
};

/** @throws TranslateError for what no mailbox of one rule can hold */
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

const cdoName = {
  free: 'FREE',
  tentative: 'TENTATIVE',
  busy: 'BUSY',
  'out-of-office': 'OOF',
  'working-elsewhere': 'WORKINGELSEWHERE',
} satisfies Record<BusyStatus, string>;

/** TRANSP has two words and STATUS one for Exchange's five; [MS-OXCICAL] 2.1.3.1.1.20.31 has the rest. */
const busyRow: Row<EventItem> = {
  claims: ['transp', 'status', 'x-microsoft-cdo-busystatus'],
  fields: ['busy', 'cancelled'],
  render({ busy, cancelled }) {
    const isTransparent = busy === 'free' || busy === 'working-elsewhere';
    const status = cancelled ? 'CANCELLED' : busy === 'tentative' ? 'TENTATIVE' : undefined;
    const isTold = busy === 'free' || busy === 'busy' || status === 'TENTATIVE';
    return rendered(
      ['transp', {}, 'text', isTransparent ? 'TRANSPARENT' : 'OPAQUE'],
      status === undefined ? undefined : ['status', {}, 'text', status],
      isTold ? undefined : ['x-microsoft-cdo-busystatus', {}, 'unknown', cdoName[busy]],
    );
  },
  parse(parts) {
    const status = firstText(parts, 'status').toUpperCase();
    const cdo = firstText(parts, 'x-microsoft-cdo-busystatus').toUpperCase();
    const isTransparent = firstText(parts, 'transp').toUpperCase() === 'TRANSPARENT';
    const cancelled = status === 'CANCELLED';
    // What does not take place takes no time, which is all that a mailbox can say of it.
    return { busy: cancelled ? 'free' : busyOf(isTransparent, status, cdo), cancelled };
  },
};

/** What the client's own words say wins over Microsoft's, which a client carries along without knowing them. */
function busyOf(isTransparent: boolean, status: string, cdo: string): BusyStatus {
  if (isTransparent) return cdo === 'WORKINGELSEWHERE' ? 'working-elsewhere' : 'free';
  if (cdo === 'OOF') return 'out-of-office';
  if (status === 'TENTATIVE') return 'tentative';
  return cdo === 'TENTATIVE' && status !== 'CONFIRMED' ? 'tentative' : 'busy';
}

const alarmRow: Row<EventItem> = {
  claims: ['valarm'],
  fields: ['reminderMinutes'],
  render: ({ reminderMinutes }) =>
    reminderMinutes === undefined ? [] : renderAlarm(minutesTrigger(reminderMinutes)),
  parse(parts) {
    const minutes = componentsOf(parts).map(minutesBefore);
    return { reminderMinutes: minutes.find((each) => each !== undefined) };
  },
  merge: (kept, shown) => mergeAlarms(kept, shown, (alarm) => minutesBefore(alarm) !== undefined),
};

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
  textRow('description', 'description'),
  textRow('location', 'location'),
  recurrenceRow,
  cancelledDatesRow,
  busyRow,
  sensitivityRow,
  importanceRow,
  categoriesRow,
  attendeeRow,
  attachmentRow,
  alarmRow,
];
