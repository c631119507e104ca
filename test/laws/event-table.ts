// Generators of event properties, one row for each name that a row of src/translate/event-rows.ts claims, and for what none does.
import * as fc from 'fast-check';
import { alarm, attendeeParams, categories, choice, sharedRows, several, texts } from './calendar-values.ts';
import { endLine, timeLine, type Frame } from './frame.ts';
import type { Generated, Lines } from './table.ts';
import { address, instant, name, param, some, stamp, text } from './texts.ts';

const times = ['StartTimeZone', 'EndTimeZone', 'Start', 'End', 'IsAllDayEvent'].map(
  (each) => `calendar:${each}`,
);
const lists = ['RequiredAttendees', 'OptionalAttendees', 'Resources'].map((each) => `calendar:${each}`);

/** Long subjects, because Exchange cuts them. */
const subject = fc.oneof(
  { arbitrary: text, weight: 4 },
  fc.integer({ min: 200, max: 400 }).map((count) => 'long '.repeat(count / 5).trim()),
);

export const own = 'alice@example.test';

/** An organizer with people invited, or another one who invited us. */
const meeting: fc.Arbitrary<Lines> = fc
  .record({
    isOwn: fc.boolean(),
    spelling: fc.constantFrom('mailto', 'MAILTO', 'Mailto'),
    organizerParams: some(
      name.map((each) => param('CN', each)),
      fc.constant(';SENT-BY="mailto:assistant@example.org"'),
      fc.constant(';SCHEDULE-AGENT=CLIENT'),
      fc.constant(';LANGUAGE=de'),
    ),
    organizer: fc.constantFrom('bob@elsewhere.example', 'Boss@Other.example'),
    invited: fc.uniqueArray(fc.tuple(address, attendeeParams), {
      minLength: 1,
      maxLength: 4,
      selector: ([each]) => each.toLowerCase(),
    }),
    self: fc.option(attendeeParams),
  })
  .map(({ isOwn, spelling, organizerParams, organizer, invited, self }) => [
    `ORGANIZER${organizerParams}:${spelling}:${isOwn ? own : organizer}`,
    ...(self === null ? [] : [`ATTENDEE${self}:mailto:${own}`]),
    ...invited
      .filter(([each]) => isOwn || each.toLowerCase() !== organizer.toLowerCase())
      .map(([each, params]) => `ATTENDEE${params}:${spelling}:${each}`),
  ]);

export const eventTable: readonly Generated<Frame>[] = [
  {
    names: ['dtstart', 'dtend', 'duration'],
    lines: (frame) =>
      fc
        .constantFrom('end' as const, 'duration' as const, 'utc' as const)
        .map((style) => [
          timeLine('DTSTART', frame.start, frame),
          ...endLine(frame, frame.start, frame.rule && style === 'duration' ? 'end' : style),
        ]),
    sends: [...times, 'calendar:Recurrence'],
    oneIn: 0,
  },
  { names: ['uid'], lines: () => fc.constant(['UID:law@example.org']), sends: [], oneIn: 0 },
  { names: ['dtstamp'], lines: () => stampLine('DTSTAMP'), sends: [], oneIn: 0, isOccurrence: true },
  { names: ['created'], lines: () => stampLine('CREATED'), sends: [], oneIn: 4, isOccurrence: true },
  {
    names: ['last-modified'],
    lines: () => stampLine('LAST-MODIFIED'),
    sends: [],
    oneIn: 4,
    isOccurrence: true,
  },
  { names: ['sequence'], lines: choice('SEQUENCE', '0', '1', '17'), sends: [], oneIn: 4, isOccurrence: true },
  // Changed occurrences have it: see events.ts.
  { names: ['recurrence-id'], lines: () => fc.constant([]), sends: [], oneIn: 0 },
  {
    names: ['rrule'],
    lines: ({ rule }) => fc.constant(rule ? [`RRULE:${rule.text}`] : []),
    sends: [...times, 'calendar:Recurrence'],
    oneIn: 0,
  },
  // Dates that no rule has: some of them are refused, with a reason.
  {
    names: ['rdate', 'exrule'],
    lines: (frame) =>
      frame.rule === undefined
        ? fc.constant([])
        : fc.constantFrom(
            [timeLine('RDATE', frame.dates.at(-1) ?? frame.start, frame)],
            ['EXRULE:FREQ=MONTHLY;BYMONTHDAY=13'],
          ),
    sends: [...times, 'calendar:Recurrence'],
    oneIn: 60,
  },
  {
    names: ['exdate'],
    lines: exdates,
    sends: ['calendar:Recurrence', ...times],
    oneIn: 3,
  },
  {
    names: ['summary'],
    lines: texts('SUMMARY', subject),
    sends: ['item:Subject'],
    oneIn: 1.1,
    isOccurrence: true,
  },
  { names: ['description'], lines: texts('DESCRIPTION'), sends: ['item:Body'], oneIn: 2, isOccurrence: true },
  {
    names: ['location'],
    lines: texts('LOCATION'),
    sends: ['calendar:Location'],
    oneIn: 2,
    isOccurrence: true,
  },
  {
    names: ['transp'],
    lines: choice('TRANSP', 'OPAQUE', 'TRANSPARENT'),
    sends: ['calendar:LegacyFreeBusyStatus'],
    oneIn: 3,
    isOccurrence: true,
  },
  {
    names: ['status'],
    lines: choice('STATUS', 'CONFIRMED', 'TENTATIVE', 'CANCELLED'),
    // Who calls his meeting off takes its guests off the list: see `edits` in law-list.ts.
    sends: ['calendar:LegacyFreeBusyStatus'],
    oneIn: 3,
    isOccurrence: true,
  },
  {
    names: ['x-microsoft-cdo-busystatus'],
    lines: choice('X-MICROSOFT-CDO-BUSYSTATUS', 'FREE', 'TENTATIVE', 'BUSY', 'OOF', 'WORKINGELSEWHERE'),
    sends: ['calendar:LegacyFreeBusyStatus'],
    oneIn: 4,
    isOccurrence: true,
  },
  {
    names: ['class'],
    lines: choice(
      'CLASS',
      'PUBLIC',
      'PRIVATE',
      'CONFIDENTIAL',
      'X-PERSONAL',
      'X-SECRET',
      'IANA-TOKEN',
      'private',
    ),
    sends: ['item:Sensitivity'],
    oneIn: 3,
    isOccurrence: true,
  },
  {
    names: ['priority'],
    lines: choice('PRIORITY', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    sends: ['item:Importance'],
    oneIn: 3,
    isOccurrence: true,
  },
  { names: ['categories'], lines: categories, sends: ['item:Categories'], oneIn: 3, isOccurrence: true },
  {
    names: ['organizer', 'attendee'],
    lines: () => meeting,
    sends: lists,
    oneIn: 4,
  },
  {
    names: ['valarm'],
    lines: several(() => alarm, 3),
    sends: ['item:ReminderIsSet', 'item:ReminderMinutesBeforeStart'],
    oneIn: 2,
    isOccurrence: true,
  },
  ...sharedRows<Frame>(),
];

function stampLine(name: string): fc.Arbitrary<Lines> {
  return instant.map((each) => [`${name}:${stamp(each)}`]);
}

/** Some of the first instances; the ones between them may be changed. */
function exdates(frame: Frame): fc.Arbitrary<Lines> {
  const { rule, dates } = frame;
  const even = dates.filter((_, index) => index % 2 === 0);
  if (rule === undefined || dates.length < 3) return fc.constant([]);
  return fc
    .tuple(fc.subarray(even, { minLength: 1, maxLength: Math.min(4, even.length) }), fc.boolean())
    .map(([cancelled, isOneLine]) => {
      const lines = cancelled.map((date) => timeLine('EXDATE', date, frame));
      const [first = ''] = lines;
      const values = lines.map((each) => each.slice(each.lastIndexOf(':') + 1));
      return isOneLine ? [`${first.slice(0, first.lastIndexOf(':'))}:${values.join(',')}`] : lines;
    });
}
