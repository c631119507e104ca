// Recurrence rules made of parts that may stand together, or may not (RFC 5545 §3.3.10): what is rarely true takes an expander long,
// and damage of lines alone rarely makes one.
import type { Random } from './random.ts';

const parts: Readonly<Record<string, readonly string[]>> = {
  INTERVAL: ['1', '2', '3', '7', '13', '99', '1000', '0', '2147483647'],
  COUNT: ['1', '2', '10', '999', '10000', '1000000'],
  UNTIL: ['20270101', '20270101T000000Z', '20991231T235959', '99991231T235959Z', '19700101'],
  BYMONTH: ['1', '2', '2,4,6', '12,9,5', '1,2,3,4,5,6,7,8,9,10,11,12', '13'],
  BYMONTHDAY: ['1', '29', '30', '31', '-1', '-31', '1,15', '28,29,30,31', '0', '32'],
  BYDAY: [
    'MO',
    'SA,SU',
    'MO,TU,WE,TH,FR',
    '1MO',
    '-1FR',
    '5TU',
    '-5SU',
    '53MO',
    '-53SU',
    '1MO,TU,-1FR',
    '54WE',
  ],
  BYYEARDAY: ['1', '60', '100,200', '366', '-1', '-366'],
  BYWEEKNO: ['1', '20', '53', '-1', '-53', '1,52,53'],
  BYHOUR: ['0', '9', '0,6,12,18', '0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23', '24'],
  BYMINUTE: ['0', '0,15,30,45', '59'],
  BYSECOND: ['0', '0,30', '60'],
  BYSETPOS: ['1', '-1', '2', '1,-1', '366', '-366', '0'],
  WKST: ['MO', 'SU', 'FR'],
};
const names = Object.keys(parts);
const frequencies = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY', 'SECONDLY'];
const starts = [
  ';VALUE=DATE:20260101',
  ';VALUE=DATE:20240229',
  ':20260131T093000Z',
  ':20260329T023000',
  ';TZID=Europe/Berlin:20260329T023000',
  ';TZID=America/New_York:20201101T013000',
  ';TZID=Pacific/Apia:19000101T000000',
  ':00010101T000000Z',
  ':99991231T235959Z',
];

/** An event or a task with a rule, sometimes two, and sometimes what belongs to a rule. */
export function ruledText(random: Random): Buffer {
  const component = random.chance(0.8) ? 'VEVENT' : 'VTODO';
  const start = random.pick(starts);
  const lines = [`DTSTART${start}`, `RRULE:${ruleOf(random)}`];
  if (random.chance(0.05)) lines.push(`RRULE:${ruleOf(random)}`);
  if (random.chance(0.1)) lines.push(`EXRULE:${ruleOf(random)}`);
  if (random.chance(0.2)) lines.push(`EXDATE${random.pick(starts)}`);
  if (random.chance(0.2)) lines.push(`RDATE${random.pick(starts)}`);
  if (random.chance(0.2)) lines.push(`DURATION:${random.pick(['PT1H', 'P1D', 'P400D', 'PT0S'])}`);
  const own = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...componentOf(component, lines)];
  if (random.chance(0.1)) {
    const moved = [`RECURRENCE-ID${start}`, `DTSTART${random.pick(starts)}`];
    own.push(...componentOf(component, moved));
  }
  return Buffer.from([...own, 'END:VCALENDAR', ''].join('\r\n'));
}

function componentOf(name: string, lines: readonly string[]): readonly string[] {
  return [`BEGIN:${name}`, 'UID:u', 'DTSTAMP:20260101T000000Z', 'SUMMARY:s', ...lines, `END:${name}`];
}

function ruleOf(random: Random): string {
  const said = new Map([['FREQ', random.pick(frequencies.slice(0, random.chance(0.2) ? 7 : 4))]]);
  for (let left = random.below(6); left > 0; left -= 1) {
    const name = random.pick(names);
    said.set(name, random.pick(parts[name] ?? []));
  }
  return [...said].map(([name, value]) => `${name}=${value}`).join(';');
}
