// Generators of task properties, one row for each name that a row of src/translate/task-rows.ts claims, and for what none does.
import * as fc from 'fast-check';
import { alarm, attendeeParams, categories, choice, sharedRows, several, texts } from './calendar-values.ts';
import { endLine, timeLine, type Frame } from './frame.ts';
import type { Generated, Lines } from './table.ts';
import { address, instant, stamp } from './texts.ts';

const progress = ['task:Status', 'task:PercentComplete', 'task:CompleteDate'];

export const taskTable: readonly Generated<Frame>[] = [
  {
    names: ['dtstart', 'due', 'duration'],
    lines: (frame) =>
      fc
        .constantFrom<'both' | 'length' | 'start' | 'due' | 'none'>(
          'both',
          'length',
          'start',
          'due',
          frame.rule ? 'both' : 'none',
        )
        .map((style) => timesOf(frame, style)),
    sends: ['task:StartDate', 'task:DueDate', 'task:Recurrence'],
    oneIn: 0,
  },
  { names: ['uid'], lines: () => fc.constant(['UID:law@example.org']), sends: [], oneIn: 0 },
  { names: ['dtstamp'], lines: () => stampLine('DTSTAMP'), sends: [], oneIn: 0 },
  { names: ['created'], lines: () => stampLine('CREATED'), sends: [], oneIn: 4 },
  { names: ['last-modified'], lines: () => stampLine('LAST-MODIFIED'), sends: [], oneIn: 4 },
  { names: ['sequence'], lines: choice('SEQUENCE', '0', '1', '17'), sends: [], oneIn: 4 },
  { names: ['summary'], lines: texts('SUMMARY'), sends: ['item:Subject'], oneIn: 1.1 },
  { names: ['description'], lines: texts('DESCRIPTION'), sends: ['item:Body'], oneIn: 2 },
  {
    names: ['status'],
    lines: choice('STATUS', 'NEEDS-ACTION', 'IN-PROCESS', 'COMPLETED', 'CANCELLED'),
    sends: progress,
    oneIn: 2,
  },
  {
    names: ['percent-complete'],
    lines: choice('PERCENT-COMPLETE', '0', '1', '35', '50', '99', '100'),
    sends: progress,
    oneIn: 2,
  },
  {
    names: ['completed'],
    lines: () =>
      fc
        .integer({ min: 1_200_000_000, max: 1_780_000_000 })
        .map((seconds) => [`COMPLETED:${stamp(seconds * 1000)}`]),
    sends: progress,
    oneIn: 4,
  },
  {
    names: ['rrule'],
    lines: ({ rule }) => fc.constant(rule ? [`RRULE:${rule.text}`] : []),
    sends: ['task:Recurrence'],
    oneIn: 0,
  },
  {
    names: ['rdate', 'exrule', 'exdate'],
    lines: (frame) =>
      frame.rule === undefined
        ? fc.constant([])
        : fc.constantFrom(
            ...['RDATE', 'EXDATE'].map((name) => [timeLine(name, frame.dates.at(-1) ?? frame.start, frame)]),
          ),
    sends: ['task:Recurrence'],
    oneIn: 60,
  },
  {
    names: ['class'],
    lines: choice('CLASS', 'PUBLIC', 'PRIVATE', 'CONFIDENTIAL', 'X-PERSONAL', 'X-SECRET'),
    sends: ['item:Sensitivity'],
    oneIn: 3,
  },
  {
    names: ['priority'],
    lines: choice('PRIORITY', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    sends: ['item:Importance'],
    oneIn: 3,
  },
  { names: ['categories'], lines: categories, sends: ['item:Categories'], oneIn: 3 },
  {
    names: ['valarm'],
    lines: several(() => alarm, 3),
    sends: ['item:ReminderIsSet', 'item:ReminderDueBy'],
    oneIn: 2,
  },
  { names: ['location'], lines: texts('LOCATION'), sends: [], oneIn: 5 },
  {
    names: ['organizer', 'attendee'],
    lines: () =>
      fc
        .tuple(address, attendeeParams)
        .map(([each, params]) => [
          'ORGANIZER:mailto:bob@elsewhere.example',
          `ATTENDEE${params}:mailto:${each}`,
        ]),
    sends: [],
    oneIn: 12,
  },
  {
    names: ['x-apple-sort-order', 'x-oc-hidesubtasks'],
    lines: () => fc.constant(['X-APPLE-SORT-ORDER:700000', 'X-OC-HIDESUBTASKS:1']),
    sends: [],
    oneIn: 8,
  },
  {
    names: ['estimated-duration'],
    lines: choice('ESTIMATED-DURATION', 'PT8H', 'PT45M', 'P1D', 'PT30S'),
    sends: ['task:TotalWork'],
    oneIn: 6,
  },
  {
    names: ['x-exdav-actual-work'],
    lines: choice('X-EXDAV-ACTUAL-WORK', 'PT8H', 'PT1H30M'),
    sends: ['task:ActualWork'],
    oneIn: 10,
  },
  {
    names: ['x-exdav-regenerates'],
    lines: ({ rule }) => fc.constantFrom(...marksOf(rule?.text)),
    sends: ['task:Recurrence'],
    oneIn: 10,
  },
  ...sharedRows<Frame>(),
];

function timesOf(frame: Frame, style: 'both' | 'length' | 'start' | 'due' | 'none'): Lines {
  const start = timeLine('DTSTART', frame.start, frame);
  const due =
    frame.lasts === 0 ? [] : endLine(frame, frame.start, 'end').map((each) => each.replace(/^DTEND/, 'DUE'));
  if (style === 'both') return [start, ...due];
  if (style === 'length')
    return [start, ...(frame.lasts === 0 ? [] : endLine(frame, frame.start, 'duration'))];
  if (style === 'start') return [start];
  if (style === 'due') return [timeLine('DUE', frame.start, frame)];
  return [];
}

function stampLine(name: string): fc.Arbitrary<Lines> {
  return instant.map((each) => [`${name}:${stamp(each)}`]);
}

/** Only a rule of intervals can count from the last completion. */
function marksOf(rule: string | undefined): readonly Lines[] {
  if (rule === undefined) return [[]];
  const isPlain = /^FREQ=\w+(?:;INTERVAL=\d+)?(?:;COUNT=\d+)?$/.test(rule);
  return [['X-EXDAV-REGENERATES:FALSE'], ...(isPlain ? [['X-EXDAV-REGENERATES:TRUE']] : [])];
}
