// The VTIMEZONEs we write, evaluated by a second, slow and simple reading of RFC 5545 §3.6.5.
import { describe, expect, it } from 'vitest';
import { offsetAt } from '../../src/model/zones.ts';
import { stringify, type JcalComponent } from '../../src/translate/codec.ts';
import { renderVtimezone } from '../../src/translate/vtimezone.ts';

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

interface Onset {
  readonly at: number;
  readonly to: number;
}

/** Every onset until 2039, the youngest first. */
function onsetsIn(component: JcalComponent): Onset[] {
  const onsets: Onset[] = [];
  for (const [, properties] of component[2]) {
    const values = Object.fromEntries(properties.map((property) => [property[0], property.slice(3)]));
    const from = minutes(values['tzoffsetfrom']![0] as string);
    const to = minutes(values['tzoffsetto']![0] as string) * 60_000;
    const start = Date.parse(`${values['dtstart']![0] as string}Z`);
    const walls = [start, ...((values['rdate'] ?? []) as string[]).map((text) => Date.parse(`${text}Z`))];
    const rule = values['rrule']?.[0] as Record<string, unknown> | undefined;
    if (rule)
      for (let year = new Date(start).getUTCFullYear(); year < 2040; year += 1)
        walls.push(...days(rule, start, year));
    const until = typeof rule?.['until'] === 'string' ? Date.parse(rule['until']) : Infinity;
    for (const wall of walls) {
      const at = wall - from * 60_000;
      if (wall >= start && at <= until) onsets.push({ at, to });
    }
  }
  return onsets.sort((a, b) => b.at - a.at);
}

function minutes(text: string): number {
  const [, sign, hours, rest] = /^([+-])(\d\d):(\d\d)/.exec(text)!;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(rest));
}

function days(rule: Record<string, unknown>, start: number, year: number): number[] {
  const month = Number(rule['bymonth']) - 1;
  const [, ordinal = '', weekday = ''] = /^(-?\d)?(\w\w)$/.exec(String(rule['byday']))!;
  const monthDays = rule['bymonthday'] as number[] | undefined;
  const all = Array.from(
    { length: new Date(Date.UTC(year, month + 1, 0)).getUTCDate() },
    (_, index) => index + 1,
  ).filter((day) => weekdays[new Date(Date.UTC(year, month, day)).getUTCDay()] === weekday);
  const wanted = monthDays
    ? all.filter((day) => monthDays.includes(day))
    : [all.at(Number(ordinal) > 0 ? Number(ordinal) - 1 : Number(ordinal))!];
  return wanted.map((day) => Date.UTC(year, month, day) + (((start % 86_400_000) + 86_400_000) % 86_400_000));
}

function misses(zone: string, range: { from: number; to?: number }, until: number): string[] {
  const onsets = onsetsIn(renderVtimezone(zone, range)!);
  const wrong: string[] = [];
  for (let at = range.from; at < until; at += 61 * 3_600_000) {
    const offset = Math.round(offsetAt(zone, at) / 60_000) * 60_000;
    if (onsets.find((each) => each.at <= at)?.to !== offset)
      wrong.push(`${zone} ${new Date(at).toISOString()}`);
  }
  return wrong;
}

const zones = [
  'Europe/Vienna',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/Istanbul',
  'Europe/Moscow',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Asia/Tehran',
  'Asia/Kolkata',
  'Asia/Jerusalem',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Santiago',
  'America/Caracas',
  'Europe/Dublin',
  'Antarctica/Troll',
  'Asia/Gaza',
  'Pacific/Auckland',
];

describe('VTIMEZONE', () => {
  it.each(zones)('%s is right over a single year, now and long ago', (zone) => {
    for (const year of [1985, 2006, 2010, 2012, 2016, 2018, 2026]) {
      expect(
        misses(zone, { from: Date.UTC(year, 0, 1), to: Date.UTC(year, 11, 31) }, Date.UTC(year + 1, 0, 1)),
      ).toEqual([]);
    }
  });

  it.each(zones)('%s is right for a series without end', (zone) => {
    expect(misses(zone, { from: Date.UTC(2004, 5, 1) }, Date.UTC(2037, 11, 31))).toEqual([]);
  });

  it('says rules that repeat as rules', () => {
    const text = stringify(renderVtimezone('Europe/Vienna', { from: Date.UTC(2026, 5, 1) })!);
    expect(text.match(/^RRULE:.*$/gm)).toEqual([
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
    ]);
    expect(text).toContain('TZID:Europe/Vienna\r\n');
    expect(text.match(/^BEGIN:(STANDARD|DAYLIGHT)/gm)).toHaveLength(2);
  });

  it('needs none for UTC, and one fixed offset where nothing changes', () => {
    expect(renderVtimezone('UTC', { from: 0 })).toBeUndefined();
    const kolkata = renderVtimezone('Asia/Kolkata', { from: Date.UTC(2026, 0, 1) })!;
    expect(kolkata[2].map(([name]) => name)).toEqual(['standard']);
    expect(stringify(kolkata)).toContain('TZOFFSETTO:+0530');
  });

  it('is the same object for the same years: a series is not a new definition each time', () => {
    const range = { from: Date.UTC(2026, 0, 5), to: Date.UTC(2026, 3, 5) };
    expect(renderVtimezone('Europe/Vienna', range)).toBe(
      renderVtimezone('Europe/Vienna', { ...range, to: range.to + 1 }),
    );
  });
});
