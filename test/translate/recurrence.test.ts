// Rules against python-dateutil's answers (golden/recurrence.json), and what an engine alone gets wrong.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RecurrenceRule } from '../../src/model/recurrence.ts';
import type { When } from '../../src/model/time.ts';
import { parseRendered } from '../../src/translate/codec.ts';
import { expandRule, expandWalls, lastInstanceDate, type RuleParts } from '../../src/translate/recurrence.ts';
import { rulePartsOf } from '../../src/translate/span.ts';

interface Golden {
  readonly start: string;
  readonly rule: string;
  readonly instances: readonly string[];
}

const golden = JSON.parse(
  readFileSync(new URL('golden/recurrence.json', import.meta.url), 'utf8'),
) as readonly Golden[];

function partsOf(rule: string, start: When): RuleParts {
  const event = parseRendered(`BEGIN:VEVENT\r\nRRULE:${rule}\r\nEND:VEVENT`);
  return rulePartsOf(event[1][0]?.[3], start)!;
}

const wall = (text: string): number => Date.parse(`${text}Z`);
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
const zoned = (local: string, zone = 'Europe/Berlin'): When => ({ kind: 'zoned', local, zone });
const weekly: RecurrenceRule = { freq: 'WEEKLY', interval: 1, end: { kind: 'never' } };
const daily: RecurrenceRule = { freq: 'DAILY', interval: 1, end: { kind: 'never' } };

describe('rules', () => {
  it.each(golden)('$start $rule', ({ start, rule, instances }) => {
    const parts = partsOf(rule, { kind: 'floating', local: start });
    const range = { from: wall(start), to: wall('2100-01-01T00:00:00') };
    expect(expandWalls(parts, wall(start), range).slice(0, 20).map(iso)).toEqual(instances);
  });

  it('are the same when asked piece by piece', () => {
    for (const { start, rule, instances } of golden) {
      const parts = partsOf(rule, { kind: 'floating', local: start });
      const [first = '', last = ''] = [instances[1], instances.at(-2)];
      if (first === '' || last < first) continue;
      const found = expandWalls(parts, wall(start), { from: wall(first), to: wall(last) });
      expect(found.map(iso), rule).toEqual(instances.slice(1, -1));
    }
  });

  // No BYDAY: the weekday is that of DTSTART, a Wednesday, wherever the engine begins to look.
  it.each([
    'BYWEEKNO=20;INTERVAL=2;BYSETPOS=-1',
    'BYWEEKNO=20,21;BYSETPOS=2',
    'BYWEEKNO=20;WKST=FR;BYMONTH=5',
  ])('by the number of the week are the same in every window: %s', (rule) => {
    const start = wall('2014-12-10T03:00:00');
    const parts = partsOf(`FREQ=YEARLY;${rule}`, { kind: 'floating', local: iso(start) });
    const all = expandWalls(parts, start, { from: start, to: wall('2030-01-01T00:00:00') });
    expect(all.length).toBeGreaterThan(6);
    for (const each of all) {
      expect(new Date(each).getUTCDay()).toBe(3);
      for (const days of [0, 2, 30, 400]) {
        const range = { from: each - days * 86_400_000, to: each };
        expect(expandWalls(parts, start, range).at(-1)).toBe(each);
      }
    }
  });
});

describe('the end of a rule', () => {
  const start = zoned('2026-03-02T09:00:00');
  const count = (rule: string, like: When = start): number =>
    expandWalls(partsOf(rule, like), wall('2026-03-02T09:00:00'), {
      from: 0,
      to: wall('2030-01-01T00:00:00'),
    }).length;

  it('is counted on the wall clock, in whatever form UNTIL is written', () => {
    expect(count('FREQ=DAILY;UNTIL=20260305T080000Z'), 'the instant of the last').toBe(4);
    expect(count('FREQ=DAILY;UNTIL=20260305T075959Z')).toBe(3);
    expect(count('FREQ=DAILY;UNTIL=20260305T090000'), 'local, which is not allowed').toBe(4);
    expect(count('FREQ=DAILY;UNTIL=20260305'), 'a date: the whole day').toBe(4);
    expect(count('FREQ=DAILY;UNTIL=20260305T000000Z', { kind: 'date', date: '2026-03-02' })).toBe(4);
  });

  it('is the whole day in the model', () => {
    const rule: RecurrenceRule = { ...daily, end: { kind: 'until', until: '2026-03-05' } };
    expect(expandRule(rule, start, { from: 0, to: 4e12 })).toHaveLength(4);
    expect(lastInstanceDate(rule, start)).toBe('2026-03-05');
  });

  it('is found without walking through centuries', () => {
    expect(lastInstanceDate({ ...weekly, end: { kind: 'until', until: '2999-12-31' } }, start)).toBe(
      '2999-12-30',
    );
    expect(lastInstanceDate({ ...weekly, end: { kind: 'count', count: 100 } }, start)).toBe('2028-01-24');
    expect(lastInstanceDate(weekly, start)).toBeUndefined();
    expect(
      lastInstanceDate({ ...weekly, end: { kind: 'until', until: '2020-01-01' } }, start),
    ).toBeUndefined();
  });
});

describe('zones', () => {
  const range = { from: Date.UTC(2026, 2, 27), to: Date.UTC(2026, 3, 1) };

  it('keep the wall time over a change of the offset', () => {
    expect(expandRule(daily, zoned('2026-03-28T09:00:00'), range).map(iso)).toEqual([
      '2026-03-28T08:00:00',
      '2026-03-29T07:00:00',
      '2026-03-30T07:00:00',
      '2026-03-31T07:00:00',
    ]);
  });

  it('have an instance in a gap too, and it counts', () => {
    const rule: RecurrenceRule = { ...daily, end: { kind: 'count', count: 3 } };
    expect(expandRule(rule, zoned('2026-03-28T02:30:00'), range).map(iso)).toEqual([
      '2026-03-28T01:30:00',
      '2026-03-29T01:30:00',
      '2026-03-30T00:30:00',
    ]);
  });

  it('take the first of a repeated hour', () => {
    const autumn = { from: Date.UTC(2026, 9, 24), to: Date.UTC(2026, 9, 27) };
    expect(expandRule(daily, zoned('2026-10-24T02:30:00'), autumn).map(iso)).toEqual([
      '2026-10-24T00:30:00',
      '2026-10-25T00:30:00',
      '2026-10-26T01:30:00',
    ]);
  });

  it('of the reader decide when a date begins', () => {
    const one = { from: Date.UTC(2026, 2, 30), to: Date.UTC(2026, 2, 30, 23) };
    const floatingZone = 'Europe/Berlin';
    expect(
      expandRule(daily, { kind: 'date', date: '2026-03-28' }, { ...one, floatingZone }).map(iso),
    ).toEqual(['2026-03-30T22:00:00']);
  });
});

describe('limits', () => {
  const start = zoned('2026-01-01T09:00:00');
  const parts = (rule: string): RuleParts => partsOf(rule, start);
  const ever = { from: 0, to: Date.UTC(9999, 0, 1) };

  it.each(['SECONDLY', 'MINUTELY'])('refuse FREQ=%s', (freq) => {
    expect(() => expandWalls(parts(`FREQ=${freq}`), 0, ever)).toThrow('not supported');
  });

  it.each([
    'FREQ=DAILY',
    'FREQ=HOURLY',
    'FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,10,20,30;BYSECOND=0,1,2,3,4',
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31',
    'FREQ=DAILY;COUNT=1000000',
  ])('refuse %s without an end of the range', (rule) => {
    expect(() => expandWalls(parts(rule), wall('2026-01-01T09:00:00'), ever)).toThrow();
  });

  it('let a month of a series of twenty years be found', () => {
    const range = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
    expect(expandWalls(parts('FREQ=DAILY'), wall('2005-01-01T09:00:00'), range)).toHaveLength(30);
  });
});
