// Facts of tasks, one a row.
import { remove, set } from '../simulator/soap-client.ts';
import type { Fact } from './event-facts-table.ts';

const of = (uri: string, value: string): string => set(uri, 'Task', value);

function task(name: string, lines: readonly string[], more: Partial<Fact> = {}): Fact {
  return { name: `task-${name}`, kind: 'task', lines, ...more };
}

const alarm = (...lines: readonly string[]): string[] => ['BEGIN:VALARM', ...lines, 'END:VALARM'];
const due = (date: string): string => of('task:DueDate', `<t:DueDate>${date}T00:00:00Z</t:DueDate>`);
const start = (date: string): string => of('task:StartDate', `<t:StartDate>${date}T00:00:00Z</t:StartDate>`);
const status = (name: string): string => of('task:Status', `<t:Status>${name}</t:Status>`);
const weekly =
  '<t:Recurrence><t:WeeklyRegeneration><t:Interval>2</t:Interval></t:WeeklyRegeneration><t:NoEndRecurrence><t:StartDate>2026-12-01</t:StartDate></t:NoEndRecurrence></t:Recurrence>';

const texts: readonly Fact[] = [
  task('summary', ['SUMMARY:Water\\, all'], {
    held: { Subject: 'Water, all' },
    outlook: {
      changes: of('item:Subject', '<t:Subject>Feed</t:Subject>'),
      hides: ['SUMMARY:Water\\, all'],
      shows: ['SUMMARY:Feed'],
    },
  }),
  task('description', ['DESCRIPTION:Bold words', 'X-ALT-DESC;FMTTYPE=text/html:<p><b>Bold</b> words</p>'], {
    held: { Body: '<p><b>Bold</b> words</p>' },
    outlook: {
      changes: of('item:Body', '<t:Body BodyType="Text">Plain</t:Body>'),
      hides: ['DESCRIPTION:Bold words', 'X-ALT-DESC;FMTTYPE=text/html:<p><b>Bold</b> words</p>'],
      shows: ['DESCRIPTION:Plain'],
    },
  }),
  task('categories', ['CATEGORIES:Home,Garden\\, front'], {
    outlook: {
      changes: remove('item:Categories'),
      hides: ['CATEGORIES:Home,Garden\\, front'],
      shows: [],
    },
  }),
  task('class', ['CLASS:CONFIDENTIAL'], {
    held: { Sensitivity: 'Confidential' },
    outlook: {
      changes: of('item:Sensitivity', '<t:Sensitivity>Personal</t:Sensitivity>'),
      hides: ['CLASS:CONFIDENTIAL'],
      shows: ['CLASS:X-PERSONAL'],
    },
  }),
  task('priority', ['PRIORITY:7'], {
    held: { Importance: 'Low' },
    outlook: {
      changes: of('item:Importance', '<t:Importance>Normal</t:Importance>'),
      hides: ['PRIORITY:7'],
      shows: [],
    },
  }),
  task('without-a-place', [
    'LOCATION:Garden',
    'GEO:1.5;2.5',
    'URL:https://example.org/',
    'COLOR:blue',
    'COMMENT:c',
    'CONTACT:x',
    'RESOURCES:r',
    'CONFERENCE;VALUE=URI:https://meet.example.org/',
    'ORGANIZER:mailto:olga@outside.test',
    'ATTENDEE;PARTSTAT=IN-PROCESS:mailto:alice@example.test',
    'RELATED-TO;RELTYPE=PARENT:parent@example.org',
    'RELATED-TO;RELTYPE=CHILD:child@example.org',
    'RELATED-TO;RELTYPE=FINISHTOSTART;GAP=P1D:before@example.org',
    'X-APPLE-SORT-ORDER:42',
    'X-OC-HIDESUBTASKS:1',
    'X-MOZ-GENERATION:2',
    'BEGIN:PARTICIPANT',
    'UID:p',
    'PARTICIPANT-TYPE:ACTIVE',
    'END:PARTICIPANT',
  ]),
];

const times: readonly Fact[] = [
  task('days', ['DTSTART;VALUE=DATE:20261201', 'DUE;VALUE=DATE:20261210'], {
    held: { StartDate: '2026-12-01T00:00:00Z', DueDate: '2026-12-10T00:00:00Z' },
    outlook: {
      changes: due('2026-12-11'),
      hides: ['DUE;VALUE=DATE:20261210'],
      shows: ['DUE;VALUE=DATE:20261211'],
    },
  }),
  // The time of day goes along with the day that is moved.
  task('times', ['DTSTART;TZID=Europe/Vienna:20261201T080000', 'DUE;TZID=Europe/Vienna:20261210T233000'], {
    held: { StartDate: '2026-12-01T00:00:00Z', DueDate: '2026-12-10T00:00:00Z' },
    outlook: {
      changes: due('2026-12-14'),
      hides: ['DUE;TZID=Europe/Vienna:20261210T233000'],
      shows: ['DUE;TZID=Europe/Vienna:20261214T233000'],
    },
  }),
  task('times-in-utc', ['DUE:20261210T143000Z'], {
    held: { DueDate: '2026-12-10T00:00:00Z' },
    outlook: {
      changes: due('2026-12-14'),
      hides: ['DUE:20261210T143000Z'],
      shows: ['DUE:20261214T143000Z'],
    },
  }),
  // Both are to be of one kind (RFC 5545 §3.8.2.3).
  task('start-from-outlook', ['DUE;TZID=Europe/Vienna:20261210T173000'], {
    outlook: {
      changes: start('2026-12-09'),
      hides: [],
      shows: ['DTSTART;TZID=Europe/Vienna:20261209T000000'],
    },
  }),
  task('due-from-outlook', ['DTSTART:20261201T080000Z'], {
    outlook: { changes: due('2026-12-09'), hides: [], shows: ['DUE:20261209T235900Z'] },
  }),
  task('no-due-any-more', ['DTSTART:20261201T080000Z', 'DUE:20261202T080000Z'], {
    outlook: { changes: remove('task:DueDate'), hides: ['DUE:20261202T080000Z'], shows: [] },
  }),
  task('duration', ['DTSTART;TZID=Europe/Vienna:20261201T080000', 'DURATION:P1DT2H'], {
    held: { StartDate: '2026-12-01T00:00:00Z', DueDate: '2026-12-02T00:00:00Z' },
    outlook: {
      changes: due('2026-12-09'),
      hides: ['DURATION:P1DT2H'],
      shows: ['DUE;TZID=Europe/Vienna:20261209T235900'],
    },
  }),
  task('mixed-kinds', ['DTSTART;VALUE=DATE:20261201', 'DUE;TZID=Europe/Vienna:20261210T173000']),
];

const progress: readonly Fact[] = [
  task('open', ['STATUS:NEEDS-ACTION'], {
    held: { Status: 'NotStarted', PercentComplete: '0' },
    outlook: {
      changes: status('WaitingOnOthers'),
      hides: ['STATUS:NEEDS-ACTION'],
      shows: ['STATUS:IN-PROCESS'],
    },
  }),
  task('under-way', ['STATUS:IN-PROCESS', 'PERCENT-COMPLETE:35'], {
    held: { Status: 'InProgress', PercentComplete: '35' },
    outlook: {
      changes: of('task:PercentComplete', '<t:PercentComplete>60</t:PercentComplete>'),
      hides: ['PERCENT-COMPLETE:35'],
      shows: ['PERCENT-COMPLETE:60'],
    },
  }),
  task('done', ['STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260105T101112Z'], {
    held: { Status: 'Completed', PercentComplete: '100', CompleteDate: '2026-01-05T00:00:00Z' },
    outlook: {
      changes: status('NotStarted'),
      hides: ['STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260105T101112Z'],
      shows: ['STATUS:NEEDS-ACTION'],
    },
  }),
  task('cancelled', ['STATUS:CANCELLED', 'PERCENT-COMPLETE:60'], {
    held: { Status: 'Deferred', PercentComplete: '60' },
    outlook: {
      changes: status('InProgress'),
      hides: ['STATUS:CANCELLED'],
      shows: ['STATUS:IN-PROCESS'],
    },
  }),
  task('deferred-in-outlook', [], {
    outlook: { changes: status('Deferred'), hides: [], shows: ['STATUS:NEEDS-ACTION'] },
  }),
  task('open-with-100-percent', ['STATUS:NEEDS-ACTION', 'PERCENT-COMPLETE:100'], {
    held: { Status: 'NotStarted', PercentComplete: '0' },
  }),
  task('under-way-with-100-percent', ['STATUS:IN-PROCESS', 'PERCENT-COMPLETE:100'], {
    held: { Status: 'InProgress', PercentComplete: '99' },
  }),
  task('done-in-percent-only', ['PERCENT-COMPLETE:100'], { held: { Status: 'Completed' } }),
  task('planned-work', ['ESTIMATED-DURATION:PT1H30M'], {
    held: { TotalWork: '90', ActualWork: '' },
    outlook: {
      changes: of('task:TotalWork', '<t:TotalWork>480</t:TotalWork>'),
      hides: ['ESTIMATED-DURATION:PT1H30M'],
      shows: ['ESTIMATED-DURATION:PT8H'],
    },
  }),
  task('planned-work-in-days', ['ESTIMATED-DURATION;VALUE=DURATION:P1DT30S'], {
    held: { TotalWork: '1441' },
  }),
  task('work-from-outlook', [], {
    outlook: {
      changes:
        of('task:TotalWork', '<t:TotalWork>45</t:TotalWork>') +
        of('task:ActualWork', '<t:ActualWork>125</t:ActualWork>'),
      hides: [],
      shows: ['ESTIMATED-DURATION:PT45M', 'X-EXDAV-ACTUAL-WORK:PT2H5M'],
    },
  }),
  // What DAV has no word for: shown nowhere, and left alone by every edit.
  task('figures-of-outlook', [], {
    outlook: {
      changes:
        of('task:Mileage', '<t:Mileage>12 km</t:Mileage>') +
        of('task:BillingInformation', '<t:BillingInformation>Project 7</t:BillingInformation>') +
        of('task:Companies', '<t:Companies><t:String>ACME</t:String></t:Companies>') +
        of('task:Contacts', '<t:Contacts><t:String>Jim</t:String></t:Contacts>'),
      hides: [],
      shows: [],
    },
  }),
];

const alarms: readonly Fact[] = [
  task(
    'alarm-at-a-time',
    alarm('ACTION:DISPLAY', 'TRIGGER;VALUE=DATE-TIME:20261210T070000Z', 'UID:a', 'DESCRIPTION:x'),
    {
      held: { ReminderIsSet: 'true', ReminderDueBy: '2026-12-10T07:00:00Z' },
      outlook: {
        changes: of('item:ReminderDueBy', '<t:ReminderDueBy>2026-12-10T09:30:00Z</t:ReminderDueBy>'),
        hides: ['TRIGGER;VALUE=DATE-TIME:20261210T070000Z'],
        shows: ['TRIGGER;VALUE=DATE-TIME:20261210T093000Z'],
      },
    },
  ),
  task(
    'alarm-before-it-is-due',
    [
      'DUE;TZID=Europe/Vienna:20261210T170000',
      ...alarm('ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT2H', 'DESCRIPTION:x'),
      ...alarm('ACTION:AUDIO', 'TRIGGER;RELATED=END:-P1D'),
    ],
    {
      held: { ReminderIsSet: 'true', ReminderDueBy: '2026-12-10T14:00:00Z' },
      outlook: {
        changes: of('item:ReminderIsSet', '<t:ReminderIsSet>false</t:ReminderIsSet>'),
        hides: ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT2H', 'DESCRIPTION:x', 'END:VALARM'],
        shows: [],
      },
    },
  ),
  task(
    'alarm-by-place',
    alarm(
      'ACTION:DISPLAY',
      'TRIGGER;VALUE=DATE-TIME:19760401T005545Z',
      'X-APPLE-PROXIMITY:ARRIVE',
      'DESCRIPTION:x',
    ),
    { held: { ReminderIsSet: 'false' } },
  ),
  task(
    'alarm-acknowledged',
    ['DUE:20261210T170000Z', ...alarm('ACTION:DISPLAY', 'TRIGGER:-PT2H', 'ACKNOWLEDGED:20261210T150001Z')],
    { held: { ReminderIsSet: 'false' } },
  ),
];

const series: readonly Fact[] = [
  task('weekly', ['DTSTART;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU'], {
    outlook: {
      changes: of('task:Recurrence', weekly),
      hides: ['RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU'],
      shows: ['RRULE:FREQ=WEEKLY;INTERVAL=2', 'X-EXDAV-REGENERATES:TRUE'],
    },
  }),
  task(
    'regenerating',
    ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=DAILY;INTERVAL=3', 'X-EXDAV-REGENERATES:TRUE'],
    {
      held: { 'Recurrence/DailyRegeneration/Interval': '3' },
    },
  ),
  task(
    'done-series',
    [
      'DTSTART;VALUE=DATE:20261201',
      'RRULE:FREQ=WEEKLY;COUNT=5',
      'STATUS:COMPLETED',
      'COMPLETED:20260105T101112Z',
    ],
    { held: { Status: 'Completed', IsRecurring: 'false' } },
  ),
];

export const taskFacts: readonly Fact[] = [...texts, ...times, ...progress, ...alarms, ...series];
