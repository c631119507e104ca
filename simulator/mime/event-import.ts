// iCalendar text that comes as MimeContent of a calendar item, as the values Exchange makes of it ([MS-OXCICAL];
// BEHAVIOUR §4, §8): one event, a series with its exceptions and deletions.
import { indexOfDate, toInstant, toLocal, type Recurrence, type SimZone } from '../calendar/index.ts';
import { EwsError } from '../errors.ts';
import type { WriteContext } from '../fields/row.ts';
import type {
  Attendee,
  Body,
  Draft,
  Exception,
  Instant,
  Mail,
  ResponseKind,
  Values,
} from '../state/index.ts';
import {
  componentsOf,
  paramOf,
  parseCalendar,
  propertiesOf,
  valueOf,
  type JcalComponent,
  type JcalProperty,
} from './ical.ts';
import { parseRule } from './recurrence-rule.ts';
import { zoneOfTzid } from './vtimezone.ts';

export interface ImportedEvent {
  readonly values: Values;
  readonly exceptions: readonly Exception[];
  readonly deletions: readonly number[];
}

/** @throws EwsError ErrorMimeContentInvalid | ErrorMimeContentConversionFailed */
export function importEvent(text: string, context: WriteContext): ImportedEvent {
  const calendar = parseCalendar(text);
  const events = componentsOf(calendar, 'vevent');
  const master = events.find((event) => propertiesOf(event, 'recurrence-id').length === 0) ?? events[0];
  if (master === undefined) throw new EwsError('ErrorMimeContentInvalid');
  const reading: Reading = { calendar, context };
  const values = valuesOf(master, reading);
  const { recurrence, start, startZone = context.startZone } = values;
  if (recurrence === undefined || start === undefined) return { values, exceptions: [], deletions: [] };
  // Of whole days the date as it is written: Exchange names them by midnight in some zone (examples/MimeContent/05).
  const dateOf = (time: Time): string =>
    toLocal(time.instant, values.isAllDay === true ? time.zone : startZone).slice(0, 10);
  const indexAt = (time: Time | undefined): number | undefined =>
    time === undefined ? undefined : indexOfDate(recurrence, dateOf(time));
  const exceptions = events.flatMap((event) => {
    const index = event === master ? undefined : indexAt(timeOf(event, 'recurrence-id', reading));
    return index === undefined ? [] : [{ index, values: differing(valuesOf(event, reading), values) }];
  });
  const deleted = propertiesOf(master, 'exdate').flatMap((property) =>
    property.slice(3).flatMap((value) => indexAt(readTime(property, String(value), reading)) ?? []),
  );
  const deletions = [...new Set(deleted)].filter((index) => !exceptions.some((one) => one.index === index));
  return {
    values,
    exceptions: exceptions.sort((a, b) => a.index - b.index),
    deletions: deletions.sort((a, b) => a - b),
  };
}

interface Reading {
  readonly calendar: JcalComponent;
  readonly context: WriteContext;
}

function valuesOf(event: JcalComponent, reading: Reading): Values {
  const start = timeOf(event, 'dtstart', reading);
  if (start === undefined) throw new EwsError('ErrorMimeContentConversionFailed');
  const end = timeOf(event, 'dtend', reading) ?? endOf(event, start);
  const draft: Draft = {
    start: start.instant,
    end: end.instant,
    startZone: start.zone,
    endZone: end.zone,
    isAllDay: start.isDate || valueOf(event, 'x-microsoft-cdo-alldayevent') === 'TRUE',
    busy: busyOf(event),
    ...textsOf(event),
    ...remindersOf(event, start.instant),
    ...peopleOf(event),
  };
  const recurrence = recurrenceOf(event, start);
  if (recurrence !== undefined) draft.recurrence = recurrence;
  return draft;
}

interface Time {
  readonly instant: Instant;
  readonly zone: SimZone;
  readonly isDate: boolean;
}

function timeOf(event: JcalComponent, name: string, reading: Reading): Time | undefined {
  const [property] = propertiesOf(event, name);
  return property === undefined ? undefined : readTime(property, String(property[3]), reading);
}

/** Dates and floating times count in the zone of the request. */
function readTime(property: JcalProperty, text: string, { calendar, context }: Reading): Time {
  const isDate = property[2] === 'date';
  const tzid = paramOf(property, 'tzid');
  const zone = (tzid === undefined ? undefined : zoneOfTzid(tzid, calendar)) ?? context.startZone;
  const instant = text.endsWith('Z')
    ? Date.parse(text)
    : toInstant(isDate ? `${text.slice(0, 10)}T00:00:00` : text, zone);
  if (Number.isNaN(instant)) throw new EwsError('ErrorMimeContentConversionFailed');
  return { instant, zone, isDate };
}

const dayMs = 86_400_000;

/** DURATION, else a day for dates and nothing for times (RFC 5545 §3.6.1). */
function endOf(event: JcalComponent, start: Time): Time {
  const duration = valueOf(event, 'duration');
  const ms = duration === undefined ? (start.isDate ? dayMs : 0) : durationMs(duration);
  return { ...start, instant: start.instant + ms };
}

function durationMs(text: string): number {
  const [, sign, weeks, days, hours, minutes, seconds] =
    /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text) ?? [];
  const number = (part: string | undefined): number => Number(part ?? 0);
  const total =
    ((number(weeks) * 7 + number(days)) * 24 + number(hours)) * 3600 + number(minutes) * 60 + number(seconds);
  return (sign === '-' ? -total : total) * 1000;
}

const busyKinds: Readonly<Record<string, string>> = {
  FREE: 'Free',
  TENTATIVE: 'Tentative',
  BUSY: 'Busy',
  OOF: 'OOF',
  WORKINGELSEWHERE: 'WorkingElsewhere',
};

function busyOf(event: JcalComponent): string {
  const told = busyKinds[(valueOf(event, 'x-microsoft-cdo-busystatus') ?? '').toUpperCase()];
  if (told !== undefined) return told;
  if (valueOf(event, 'transp')?.toUpperCase() === 'TRANSPARENT') return 'Free';
  return valueOf(event, 'status')?.toUpperCase() === 'TENTATIVE' ? 'Tentative' : 'Busy';
}

const sensitivities: Readonly<Record<string, string>> = {
  PRIVATE: 'Private',
  CONFIDENTIAL: 'Confidential',
  'X-PERSONAL': 'Personal',
};

function textsOf(event: JcalComponent): Values {
  const priority = Number(valueOf(event, 'priority') ?? 5);
  const draft: Draft = {
    sensitivity: sensitivities[(valueOf(event, 'class') ?? '').toUpperCase()] ?? 'Normal',
    importance: priority === 0 || priority === 5 ? 'Normal' : priority < 5 ? 'High' : 'Low',
    subject: (valueOf(event, 'summary') ?? '').replace(/[\r\n]+/g, ' '),
  };
  const body = bodyOf(event);
  const categories = propertiesOf(event, 'categories').flatMap((property) => property.slice(3).map(String));
  const uid = valueOf(event, 'uid');
  const stamp = Date.parse(valueOf(event, 'dtstamp') ?? '');
  const location = valueOf(event, 'location');
  if (body !== undefined) draft.body = body;
  if (categories.length > 0) draft.categories = categories;
  if (uid !== undefined && uid !== '') draft.uid = uid;
  if (!Number.isNaN(stamp)) draft.dateTimeStamp = stamp;
  if (location !== undefined && location !== '') draft.location = location;
  const sequence = Number(valueOf(event, 'sequence') ?? 0);
  if (sequence > 0) draft.sequence = sequence;
  return draft;
}

function bodyOf(event: JcalComponent): Body | undefined {
  const html = propertiesOf(event, 'x-alt-desc').find(
    (property) => paramOf(property, 'fmttype')?.toLowerCase() === 'text/html',
  );
  if (html !== undefined) return { type: 'HTML', text: String(html[3]) };
  const text = valueOf(event, 'description');
  return text === undefined || text.trim() === ''
    ? undefined
    : { type: 'Text', text: text.replaceAll('\n', '\r\n') };
}

/** Only the first alarm; none means none, whatever the mailbox would do by default. */
function remindersOf(event: JcalComponent, start: Instant): Values {
  const [alarm] = componentsOf(event, 'valarm');
  const trigger = alarm === undefined ? undefined : propertiesOf(alarm, 'trigger')[0];
  if (trigger === undefined) return { reminderIsSet: false };
  const text = String(trigger[3]);
  const before = trigger[2] === 'date-time' ? start - Date.parse(text) : 0 - durationMs(text);
  return { reminderIsSet: true, reminderMinutes: Math.max(Math.round(before / 60_000), 0) };
}

function recurrenceOf(event: JcalComponent, start: Time): Recurrence | undefined {
  const rules = propertiesOf(event, 'rrule');
  if (rules.length > 1 || propertiesOf(event, 'rdate').length > 0)
    throw new EwsError('ErrorMimeContentConversionFailed');
  const [rule] = rules;
  if (rule === undefined) return undefined;
  const startDate = toLocal(start.instant, start.zone).slice(0, 10);
  return parseRule(rule[3], { zone: start.zone, startDate });
}

const answers: Readonly<Record<string, ResponseKind>> = {
  ACCEPTED: 'Accept',
  TENTATIVE: 'Tentative',
  DECLINED: 'Decline',
};

function peopleOf(event: JcalComponent): Values {
  const lists = {
    requiredAttendees: new Array<Attendee>(),
    optionalAttendees: new Array<Attendee>(),
    resources: new Array<Attendee>(),
  };
  for (const property of propertiesOf(event, 'attendee')) {
    const response = answers[paramOf(property, 'partstat') ?? ''];
    lists[listOf(property)].push({
      mailbox: mailOf(property),
      ...(response === undefined ? {} : { response }),
    });
  }
  const draft: Draft = {};
  for (const key of ['requiredAttendees', 'optionalAttendees', 'resources'] as const)
    if (lists[key].length > 0) draft[key] = lists[key];
  const [organizer] = propertiesOf(event, 'organizer');
  if (organizer !== undefined) draft.organizer = mailOf(organizer);
  return draft;
}

function listOf(property: JcalProperty): 'requiredAttendees' | 'optionalAttendees' | 'resources' {
  const kind = paramOf(property, 'cutype')?.toUpperCase();
  const role = paramOf(property, 'role')?.toUpperCase();
  if (kind === 'RESOURCE' || kind === 'ROOM' || role === 'NON-PARTICIPANT') return 'resources';
  return role === 'OPT-PARTICIPANT' ? 'optionalAttendees' : 'requiredAttendees';
}

function mailOf(property: JcalProperty): Mail {
  const address = String(property[3]).replace(/^mailto:/i, '');
  return { name: paramOf(property, 'cn') ?? address, address, routingType: 'SMTP' };
}

/** What an exception has that its series has not; its times always. */
function differing(values: Values, master: Values): Values {
  const held: Readonly<Record<string, unknown>> = { ...values };
  const whole: Readonly<Record<string, unknown>> = { ...master };
  const own = Object.entries(held).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(whole[key]),
  );
  const gone = ['body', 'location', 'categories'].filter((key) => key in whole && !(key in held));
  return {
    ...Object.fromEntries(own.filter(([key]) => key !== 'recurrence' && key !== 'uid')),
    ...Object.fromEntries(gone.map((key) => [key, undefined])),
    start: values.start,
    end: values.end,
  };
}
