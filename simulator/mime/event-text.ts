// A meeting or appointment as the iCalendar text Exchange gives as MimeContent (examples/MimeContent; BEHAVIOUR §8): the
// master with its exceptions, zones by their Windows names, X-MICROSOFT-CDO-* beside every fact.
import { parseHtml } from '../bodies.ts';
import { toLocal, utcZone, type SimZone } from '../calendar/index.ts';
import type { View } from '../fields/row.ts';
import { uidOfItem } from '../goid.ts';
import { attendeesOf, isMeeting, organizerOf } from '../meetings.ts';
import { exceptionsOf, instanceOf } from '../series.ts';
import type { Attendee, Instant, Mail, Values } from '../state/index.ts';
import { renderCalendar, type JcalComponent, type JcalProperty } from './ical.ts';
import { renderRule } from './recurrence-rule.ts';
import { renderVtimezone, tzidOf } from './vtimezone.ts';

/** Text of a calendar item, of one occurrence of it, or of what a meeting message is about. */
export function renderEvent(view: View, method?: string): string {
  const { values } = view;
  const zone = values.startZone ?? utcZone;
  const endZone = values.endZone ?? zone;
  const year = new Date(values.start ?? 0).getUTCFullYear();
  const zones = new Map([zone, endZone].map((one) => [tzidOf(one), one]));
  const shown = method ?? (isMeeting(view.mailbox, values) ? 'REQUEST' : 'PUBLISH');
  const calendar: JcalComponent = [
    'vcalendar',
    [
      ['method', {}, 'text', shown],
      ['prodid', {}, 'text', 'Microsoft Exchange Server 2010'],
      ['version', {}, 'text', '2.0'],
    ],
    [
      ...[...zones.values()].map((one) => renderVtimezone(one, year)),
      component(view, values, { kind: kindOf(view), original: originalOf(view) }),
      ...exceptionComponents(view),
    ],
  ];
  return renderCalendar(calendar);
}

/** X-MICROSOFT-CDO-INSTTYPE. */
const instanceTypes = { single: '0', master: '1', instance: '2', exception: '3' } as const;

interface Part {
  readonly kind: keyof typeof instanceTypes;
  readonly original: Instant | undefined;
}

function kindOf({ values, occurrence }: View): Part['kind'] {
  if (occurrence !== undefined) return occurrence.isException ? 'exception' : 'instance';
  if (values.recurrenceId !== undefined) return 'exception';
  return values.recurrence === undefined ? 'single' : 'master';
}

function originalOf({ values, occurrence }: View): Instant | undefined {
  return occurrence?.originalStart ?? values.recurrenceId;
}

function exceptionComponents(view: View): readonly JcalComponent[] {
  if (view.values.recurrence === undefined) return [];
  const { recurrence: _, ...common } = view.values;
  return exceptionsOf(view.item).map((instance) =>
    component(
      view,
      { ...common, start: instance.start, end: instance.end, ...instance.exception?.values },
      { kind: 'exception', original: instance.originalStart },
    ),
  );
}

function component(view: View, values: Values, part: Part): JcalComponent {
  const zone = values.startZone ?? utcZone;
  const properties: (JcalProperty | undefined)[] = [
    ...people(view, values),
    language('description', values.body === undefined ? '\n' : parseHtml(values.body) || '\n'),
    ...recurrenceOf(view, values, part),
    ['uid', {}, 'text', uidOfItem(view.item)],
    part.original === undefined ? undefined : zoned('recurrence-id', part.original, zone),
    language('summary', values.subject ?? ''),
    ...timesOf(values),
    ['class', {}, 'text', classes[values.sensitivity ?? 'Normal'] ?? 'PUBLIC'],
    ['priority', {}, 'integer', priorities[values.importance ?? 'Normal'] ?? 5],
    ['dtstamp', {}, 'date-time', stamp(values.dateTimeStamp ?? view.item.modified)],
    ['transp', {}, 'text', values.busy === 'Free' ? 'TRANSPARENT' : 'OPAQUE'],
    ['status', {}, 'text', values.isCancelled === true ? 'CANCELLED' : 'CONFIRMED'],
    ['sequence', {}, 'integer', values.sequence ?? 0],
    language('location', values.location ?? ''),
    (values.categories ?? []).length === 0
      ? undefined
      : ['categories', {}, 'text', ...(values.categories ?? [])],
    ...microsoft(view, values, part),
  ];
  return ['vevent', properties.filter((property) => property !== undefined), alarmsOf(values)];
}

const classes: Readonly<Record<string, string>> = {
  Normal: 'PUBLIC',
  Personal: 'X-PERSONAL',
  Private: 'PRIVATE',
  Confidential: 'CONFIDENTIAL',
};
const priorities: Readonly<Record<string, number>> = { High: 1, Normal: 5, Low: 9 };
const importances: Readonly<Record<string, string>> = { High: '2', Normal: '1', Low: '0' };

function people(view: View, values: Values): readonly JcalProperty[] {
  if (!isMeeting(view.mailbox, values)) return [];
  const attendees = attendeesOf(values).map((attendee) => renderAttendee(attendee, roleOf(values, attendee)));
  return [address('organizer', {}, organizerOf(view.mailbox, values)), ...attendees];
}

function roleOf(values: Values, attendee: Attendee): string {
  if (values.resources?.includes(attendee) === true) return 'NON-PARTICIPANT';
  return values.optionalAttendees?.includes(attendee) === true ? 'OPT-PARTICIPANT' : 'REQ-PARTICIPANT';
}

/** Who has answered what is not in the text (BEHAVIOUR §8). */
function renderAttendee(attendee: Attendee, role: string): JcalProperty {
  const kind: Record<string, string> = role === 'NON-PARTICIPANT' ? { cutype: 'RESOURCE' } : {};
  return address('attendee', { role, ...kind, partstat: 'NEEDS-ACTION', rsvp: 'TRUE' }, attendee.mailbox);
}

function address(name: string, params: Record<string, string>, mail: Mail): JcalProperty {
  const uri = `MAILTO:${mail.address ?? mail.name ?? ''}`;
  return [name, { ...params, cn: mail.name ?? mail.address ?? '' }, 'cal-address', uri];
}

function recurrenceOf(view: View, values: Values, part: Part): readonly JcalProperty[] {
  const { recurrence, start = 0, startZone = utcZone } = values;
  if (part.kind !== 'master' || recurrence === undefined) return [];
  const rule = renderRule(recurrence, { zone: startZone, startTime: toLocal(start, startZone).slice(10) });
  const deleted = (view.item.deletions ?? []).flatMap(
    (index) => instanceOf(view.item, index)?.originalStart ?? [],
  );
  return [
    ...(rule === undefined ? [] : [['rrule', {}, 'recur', rule] satisfies JcalProperty]),
    ...(deleted.length === 0
      ? []
      : [
          [
            'exdate',
            { tzid: tzidOf(startZone) },
            'date-time',
            ...deleted.map((one) => toLocal(one, startZone)),
          ] satisfies JcalProperty,
        ]),
  ];
}

/** Whole days are dates in the zone they were made in. */
function timesOf(values: Values): readonly JcalProperty[] {
  const { start = 0, end = start, startZone = utcZone } = values;
  const endZone = values.endZone ?? startZone;
  if (values.isAllDay === true)
    return [
      ['dtstart', {}, 'date', toLocal(start, startZone).slice(0, 10)],
      ['dtend', {}, 'date', toLocal(end, endZone).slice(0, 10)],
    ];
  return [zoned('dtstart', start, startZone), zoned('dtend', end, endZone)];
}

function zoned(name: string, instant: Instant, zone: SimZone): JcalProperty {
  return [name, { tzid: tzidOf(zone) }, 'date-time', toLocal(instant, zone)];
}

function language(name: string, text: string): JcalProperty {
  return [name, { language: 'en-US' }, 'text', text.replaceAll('\r\n', '\n')];
}

function microsoft(view: View, values: Values, part: Part): readonly JcalProperty[] {
  const facts: readonly (readonly [string, string])[] = [
    ['cdo-appt-sequence', String(values.sequence ?? 0)],
    ...(isMeeting(view.mailbox, values) ? [['cdo-ownerapptid', String(view.item.searchKeyNo)] as const] : []),
    ['cdo-busystatus', (values.busy ?? 'Busy').toUpperCase()],
    ['cdo-intendedstatus', (values.intendedBusy ?? 'Busy').toUpperCase()],
    ['cdo-alldayevent', upper(values.isAllDay)],
    ['cdo-importance', importances[values.importance ?? 'Normal'] ?? '1'],
    ['cdo-insttype', instanceTypes[part.kind]],
    ['donotforwardmeeting', upper(values.doNotForward)],
    ['disallow-counter', upper(values.allowNewTimeProposal === false)],
    ['requestedattendancemode', 'DEFAULT'],
    ['isresponserequested', upper(isMeeting(view.mailbox, values) && values.isResponseRequested !== false)],
  ];
  return facts.map(([name, value]): JcalProperty => [`x-microsoft-${name}`, {}, 'unknown', value]);
}

function upper(flag: boolean | undefined): string {
  return flag === true ? 'TRUE' : 'FALSE';
}

function alarmsOf(values: Values): JcalComponent[] {
  if (values.reminderIsSet !== true) return [];
  return [
    [
      'valarm',
      [
        ['description', {}, 'text', 'REMINDER'],
        ['trigger', { related: 'START' }, 'duration', `-PT${values.reminderMinutes ?? 15}M`],
        ['action', {}, 'text', 'DISPLAY'],
      ],
      [],
    ],
  ];
}

function stamp(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
