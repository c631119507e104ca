// Zone names and zone arithmetic, the latter against Intl's own answers instant by instant.
import { describe, expect, it } from 'vitest';
import {
  addDays,
  ianaZoneOf,
  instantOf,
  instantOfWhen,
  localOf,
  offsetAt,
  resolveZone,
  transitionsOf,
  windowsZoneOf,
} from '../../src/model/zones.ts';
import { windowsZones, zoneAliases } from '../../src/model/zones-table.ts';

const hourMs = 3_600_000;
const utc = (text: string): number => Date.parse(`${text}Z`);

function intlOffset(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const { year, month, day, hour, minute, second } = parts;
    return utc(`${year}-${month}-${day}T${hour}:${minute}:${second}`) - Math.floor(instant / 1000) * 1000;
  };
}

/** Repeatable: the tests must fail for a reason, not by chance. */
function* randomInstants(from: number, to: number, count: number): Generator<number> {
  let state = 12345;
  for (let index = 0; index < count; index += 1) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield from + Math.floor((state / 2_147_483_648) * (to - from));
  }
}

/** Ids that CLDR has no zone for: theirs belongs to another id. */
const withoutWayBack = new Set(['Mid-Atlantic Standard Time', 'Kamchatka Standard Time']);

describe('zone names', () => {
  it.each([
    ['Europe/Vienna', 'Europe/Vienna'],
    ['europe/vienna', 'Europe/Vienna'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['US/Eastern', 'America/New_York'],
    ['GMT', 'UTC'],
    ['Etc/UTC', 'UTC'],
    ['tzone://Microsoft/Utc', 'UTC'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['w. europe standard time', 'Europe/Berlin'],
    ['"Pacific Standard Time"', 'America/Los_Angeles'],
    ['Mid-Atlantic Standard Time', 'Etc/GMT+2'],
    ['Kamchatka Standard Time', 'Asia/Kamchatka'],
    ['(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna', 'Europe/Berlin'],
    ['(GMT-05:00) Eastern Time (US & Canada)', 'America/New_York'],
    ['(UTC+02:00) Helsinki, Kyiv, Riga', 'Europe/Kyiv'],
    ['/freeassociation.sourceforge.net/Tzfile/Europe/Vienna', 'Europe/Vienna'],
    ['/citadel.org/20210210_1/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['UTC+1', '+01:00'],
    ['GMT-0330', '-03:30'],
    ['+05:30', '+05:30'],
    ['UTC+0', 'UTC'],
  ])('%s is %s', (name, zone) => expect(resolveZone(name)).toBe(zone));

  it.each(['', 'Customized Time Zone', 'Nowhere/City', '(UTC+01:00) Berlin, Paris', '+99:00', '/'])(
    '"%s" is no zone',
    (name) => expect(resolveZone(name)).toBeUndefined(),
  );

  it('leads from every Windows id to a zone Intl knows, and back', () => {
    for (const [windows, zone] of windowsZones) {
      expect(ianaZoneOf(windows), windows).toBe(zone);
      expect(() => offsetAt(zone, 0), zone).not.toThrow();
      if (!withoutWayBack.has(windows)) expect(windowsZoneOf(zone), zone).toBe(windows);
    }
  });

  it('knows a Windows id for old and new names of a zone alike', () => {
    expect(windowsZoneOf('Europe/Kiev')).toBe('FLE Standard Time');
    expect(windowsZoneOf('Europe/Kyiv')).toBe('FLE Standard Time');
    expect(windowsZoneOf('Europe/Vienna')).toBe('W. Europe Standard Time');
    expect(windowsZoneOf('UTC')).toBe('UTC');
    expect(windowsZoneOf('+01:00')).toBeUndefined();
  });

  it('names the current name of every zone Intl lists', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      expect(resolveZone(zone), zone).toBe(zoneAliases[zone] ?? zone);
      expect(zoneAliases[resolveZone(zone) ?? ''], 'not an alias itself').toBeUndefined();
    }
  });
});

describe('offsets', () => {
  it('are those of Intl in every zone, from 1900 to 2400', { timeout: 120_000 }, () => {
    const wrong: string[] = [];
    for (const zone of Intl.supportedValuesOf('timeZone').filter((_, index) => index % 4 === 0)) {
      const expected = intlOffset(zone);
      for (const instant of randomInstants(utc('1900-01-01T00:00:00'), utc('2400-01-01T00:00:00'), 40)) {
        if (offsetAt(zone, instant) !== expected(instant)) wrong.push(`${zone} ${instant}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are those of Intl every six hours of years with strange changes', { timeout: 120_000 }, () => {
    const wrong: string[] = [];
    for (const [zone, year] of [
      ['Africa/Casablanca', 2026],
      ['Pacific/Apia', 2011],
      ['Europe/Moscow', 2011],
      ['Africa/Cairo', 2014],
      ['America/Sao_Paulo', 2018],
      ['Australia/Lord_Howe', 2026],
      ['Antarctica/Troll', 2026],
      ['Asia/Tehran', 2022],
    ] as const) {
      const expected = intlOffset(zone);
      for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += 6 * hourMs) {
        if (offsetAt(zone, at) !== expected(at)) wrong.push(`${zone} ${new Date(at).toISOString()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('change to the second', () => {
    expect(
      transitionsOf('Europe/Vienna', { from: utc('2026-01-01T00:00:00'), to: utc('2027-01-01T00:00:00') }),
    ).toEqual([
      { at: utc('2026-03-29T01:00:00'), offsetBefore: hourMs, offsetAfter: 2 * hourMs },
      { at: utc('2026-10-25T01:00:00'), offsetBefore: 2 * hourMs, offsetAfter: hourMs },
    ]);
    expect(offsetAt('Europe/Vienna', utc('2026-03-29T00:59:59'))).toBe(hourMs);
    expect(offsetAt('Europe/Vienna', utc('2026-03-29T01:00:00'))).toBe(2 * hourMs);
  });

  it('are fixed for UTC and for offsets', () => {
    expect(offsetAt('UTC', 0)).toBe(0);
    expect(offsetAt('+05:30', 0)).toBe(5.5 * hourMs);
    expect(offsetAt('-03:30', 0)).toBe(-3.5 * hourMs);
    expect(transitionsOf('-03:30', { from: 0, to: 4e12 })).toEqual([]);
  });

  it('of an unknown zone are an error, not UTC', () =>
    expect(() => offsetAt('No/Where', 0)).toThrow(RangeError));
});

describe('wall time (RFC 5545 §3.3.5)', () => {
  it.each([
    ['a plain time', '2026-07-01T12:00:00', 'Europe/Berlin', '2026-07-01T10:00:00'],
    ['a gap takes the offset before it', '2026-03-29T02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00'],
    ['a repeated hour is its first', '2026-10-25T02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00'],
    ['a gap in New York', '2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00'],
    ['a gap of half an hour', '2026-10-04T02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00'],
    ['a day that never was', '2011-12-30T12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00'],
    ['a fixed offset', '2026-03-29T02:30:00', '-03:30', '2026-03-29T06:00:00'],
  ])('%s', (_, local, zone, expected) => expect(instantOf(local, zone)).toBe(utc(expected)));

  it('is the way back from every instant that is not repeated', () => {
    for (const zone of ['Europe/Vienna', 'America/Sao_Paulo', 'Asia/Kolkata', 'Pacific/Apia']) {
      for (const instant of randomInstants(utc('1950-01-01T00:00:00'), utc('2090-01-01T00:00:00'), 500)) {
        const whole = Math.floor(instant / 1000) * 1000;
        const back = instantOf(localOf(whole, zone), zone);
        const isRepeated = back !== whole && localOf(back, zone) === localOf(whole, zone) && back < whole;
        expect(back === whole || isRepeated, `${zone} ${whole}`).toBe(true);
      }
    }
  });

  it('of dates and floating times counts where the reader is', () => {
    expect(instantOfWhen({ kind: 'date', date: '2026-07-01' })).toBe(utc('2026-07-01T00:00:00'));
    expect(instantOfWhen({ kind: 'date', date: '2026-07-01' }, 'Europe/Vienna')).toBe(
      utc('2026-06-30T22:00:00'),
    );
    expect(instantOfWhen({ kind: 'floating', local: '2026-07-01T09:00:00' }, 'Asia/Kolkata')).toBe(
      utc('2026-07-01T03:30:00'),
    );
    expect(instantOfWhen({ kind: 'zoned', local: '2026-07-01T09:00:00', zone: 'UTC' }, 'Asia/Kolkata')).toBe(
      utc('2026-07-01T09:00:00'),
    );
  });

  it('counts days over months and leap days', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });
});
