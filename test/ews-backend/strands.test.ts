// Rules of RFC 5545 that are several series in EWS: how many they are, and that together they have the rule's instances, by the
// engine of `translate`, over decades.
import { describe, expect, it } from 'vitest';
import { occurrenceDateAt } from '../../src/ews-backend/occurrences.ts';
import { patternOf } from '../../src/ews-backend/recurrence.ts';
import { ruleOf } from '../../src/ews-backend/recurrence-rule.ts';
import { strandsOf } from '../../src/ews-backend/strands.ts';
import type { RecurrenceRule } from '../../src/model/recurrence.ts';
import { parseRendered } from '../../src/translate/codec.ts';
import { parseRule } from '../../src/translate/recurrence-rule.ts';
import { expandWalls } from '../../src/translate/recurrence.ts';
import { rulePartsOf } from '../../src/translate/span.ts';

function ruleFrom(text: string, start: string): { rule: RecurrenceRule; walls: string[] } {
  const [property] = parseRendered(`BEGIN:VEVENT\r\nRRULE:${text}\r\nEND:VEVENT`)[1];
  const when = { kind: 'floating', local: start } as const;
  const parts = rulePartsOf(property![3], when)!;
  const from = Date.parse(`${start}Z`);
  const years = { HOURLY: 1, DAILY: 6 }[parts.freq] ?? 30;
  const walls = expandWalls(parts, from, { from, to: from + years * 366 * 86_400_000 });
  return {
    rule: parseRule(property!, when),
    walls: walls.map((wall) => new Date(wall).toISOString().slice(0, 19)),
  };
}

function together(rule: RecurrenceRule, start: string, last: string): string[] | undefined {
  const strands = strandsOf(rule, { date: start.slice(0, 10), time: start.slice(11) });
  return strands
    ?.flatMap(({ pattern, first, time }) => {
      const found: string[] = [];
      for (let index = 1; ; index += 1) {
        const wall = `${occurrenceDateAt(pattern, first, index)}T${time}`;
        if (wall > last) return found;
        found.push(wall);
      }
    })
    .sort();
}

/** Rule, start, number of series. */
const several = [
  ['FREQ=DAILY', '2026-03-02T09:00:00', 1],
  ['FREQ=DAILY;BYHOUR=9,12,15', '2026-03-02T12:00:00', 3],
  ['FREQ=DAILY;BYHOUR=9,12;BYMINUTE=0,30;BYSETPOS=-1', '2026-03-02T12:30:00', 1],
  ['FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR', '2026-03-02T09:00:00', 2],
  ['FREQ=DAILY;INTERVAL=3;BYDAY=MO,FR', '2026-03-04T09:00:00', 2],
  ['FREQ=DAILY;BYMONTHDAY=1,15', '2026-03-01T09:00:00', 2],
  ['FREQ=DAILY;BYMONTH=1', '2026-01-05T09:00:00', 31],
  ['FREQ=HOURLY;INTERVAL=4', '2026-03-02T09:00:00', 6],
  ['FREQ=HOURLY;INTERVAL=5', '2026-03-02T09:00:00', 24],
  ['FREQ=HOURLY;INTERVAL=3;BYHOUR=9,12,15;BYDAY=MO,TU', '2026-03-02T12:00:00', 3],
  ['FREQ=HOURLY;INTERVAL=6;BYMINUTE=0,30', '2026-03-02T09:30:00', 8],
  ['FREQ=WEEKLY;BYDAY=MO,WE;BYHOUR=8,20', '2026-03-02T20:00:00', 2],
  ['FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE,FR;BYSETPOS=1,-1', '2026-03-01T09:00:00', 1],
  ['FREQ=MONTHLY;BYMONTHDAY=1,15', '2026-03-15T09:00:00', 2],
  ['FREQ=MONTHLY;BYMONTHDAY=1,-1', '2026-03-01T09:00:00', 2],
  ['FREQ=MONTHLY;BYMONTHDAY=31', '2026-03-31T09:00:00', 6],
  ['FREQ=MONTHLY', '2026-01-30T09:00:00', 4],
  ['FREQ=MONTHLY', '2024-01-29T09:00:00', 5],
  ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31', '2026-01-31T09:00:00', 3],
  ['FREQ=MONTHLY;BYMONTHDAY=-2', '2026-03-30T09:00:00', 13],
  ['FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1', '2026-03-31T09:00:00', 1],
  ['FREQ=MONTHLY;BYMONTHDAY=10,20,30;BYSETPOS=1,2', '2026-03-10T09:00:00', 2],
  ['FREQ=MONTHLY;BYDAY=1MO,3FR', '2026-03-02T09:00:00', 2],
  ['FREQ=MONTHLY;BYDAY=TU;BYSETPOS=1,3', '2026-03-03T09:00:00', 2],
  ['FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=4,-1', '2026-03-14T09:00:00', 2],
  ['FREQ=MONTHLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=5,-2', '2026-03-05T09:00:00', 14],
  ['FREQ=MONTHLY;BYMONTH=1,2,7;BYDAY=2TU', '2026-01-13T09:00:00', 2],
  ['FREQ=MONTHLY;INTERVAL=3;BYMONTH=1,4', '2026-01-13T09:00:00', 2],
  ['FREQ=YEARLY', '2024-02-29T09:00:00', 1],
  ['FREQ=YEARLY;INTERVAL=2;BYMONTH=6;BYDAY=1SU', '2026-06-07T09:00:00', 1],
  ['FREQ=YEARLY;BYMONTH=1,4,7,10', '2026-01-15T09:00:00', 1],
  ['FREQ=YEARLY;BYMONTH=1,2,12;BYMONTHDAY=5,25', '2026-01-05T09:00:00', 6],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1', '2026-02-28T09:00:00', 1],
  ['FREQ=YEARLY;BYYEARDAY=1,100,-1', '2026-01-01T09:00:00', 5],
  ['FREQ=YEARLY;BYMONTHDAY=13;BYMONTH=3,9;BYSETPOS=2', '2026-09-13T09:00:00', 1],
  ['FREQ=YEARLY;BYDAY=1MO,-1FR', '2026-01-05T09:00:00', 2],
  ['FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1', '2026-01-01T09:00:00', 2],
  ['FREQ=YEARLY;BYMONTH=3,9;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,10;BYSETPOS=-1', '2026-03-31T09:00:00', 0],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', '2026-03-13T09:00:00', 0],
  ['FREQ=MONTHLY;BYDAY=5TU', '2026-03-31T09:00:00', 0],
  ['FREQ=MONTHLY;BYDAY=4MO,-1MO', '2026-03-23T09:00:00', 0],
  ['FREQ=YEARLY;BYWEEKNO=20', '2026-05-11T09:00:00', 0],
  ['FREQ=YEARLY;INTERVAL=3;BYYEARDAY=100', '2026-04-10T09:00:00', 0],
  ['FREQ=YEARLY;BYMONTH=3;BYDAY=TH', '2026-03-05T09:00:00', 0],
  ['FREQ=WEEKLY;BYMONTH=3', '2026-03-05T09:00:00', 0],
  ['FREQ=DAILY;INTERVAL=1000', '2026-03-05T09:00:00', 0],
  ['FREQ=MINUTELY;INTERVAL=30', '2026-03-05T09:00:00', 0],
] as const;

describe('a rule as series', () => {
  it.each(several.filter(([, , count]) => count > 0))('%s from %s is %i', (text, start, count) => {
    const { rule, walls } = ruleFrom(text, start);
    expect(together(rule, start, walls.at(-1)!)).toEqual(walls);
    const strands = strandsOf(rule, { date: start.slice(0, 10), time: start.slice(11) });
    expect(strands).toHaveLength(count);
    for (const { pattern, first, time } of strands!) {
      // What is written is what is read back.
      const told = ruleOf(pattern, first, { kind: 'never' });
      const again = patternOf(told, { date: first, ...(time !== undefined && { time }) });
      expect(again.kind).not.toBe('refuse');
      if (again.kind !== 'refuse') expect(ruleOf(again, first, { kind: 'never' })).toEqual(told);
    }
  });

  it.each(several.filter(([, , count]) => count === 0))('%s is none', (text, start) => {
    const [property] = parseRendered(`BEGIN:VEVENT\r\nRRULE:${text}\r\nEND:VEVENT`)[1];
    const rule = parseRule(property!, { kind: 'floating', local: start });
    expect(strandsOf(rule, { date: start.slice(0, 10), time: start.slice(11) })).toBeUndefined();
  });
});
