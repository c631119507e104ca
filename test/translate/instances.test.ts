// Whole objects: the traps of RECURRENCE-ID, EXDATE and RDATE in kinds and zones of their own.
import { describe, expect, it } from 'vitest';
import { parseRendered } from '../../src/translate/codec.ts';
import { instancesOf, type Instance } from '../../src/translate/instances.ts';
import { zonesOf } from '../../src/translate/span.ts';
import { appendixB, calendar, event } from './objects.ts';

function instances(
  text: string,
  [from, to]: readonly [string, string] = ['2000-01-01', '2040-01-01'],
): Instance[] {
  const root = parseRendered(text);
  const events = root[2].filter(([name]) => name === 'vevent');
  const range = { from: Date.parse(`${from}T00:00:00Z`), to: Date.parse(`${to}T00:00:00Z`) };
  return instancesOf(events, range, { zones: zonesOf(root), floatingZone: 'UTC' });
}

const starts = (text: string, range?: readonly [string, string]): string[] =>
  instances(text, range).map(({ from }) => new Date(from).toISOString().slice(0, 16));
const dates = (text: string): string[] =>
  instances(text).map(({ start }) => (start.kind === 'date' ? start.date : start.local));

describe('instances', () => {
  it('of RFC 4791 appendix B, the overridden ones where they were moved', () => {
    expect(starts(appendixB.abcd2)).toEqual([
      '2006-01-02T17:00',
      '2006-01-03T17:00',
      '2006-01-04T19:00',
      '2006-01-05T17:00',
      '2006-01-06T19:00',
    ]);
  });

  it('an all-day series takes a RECURRENCE-ID with a time (Exchange writes it so)', () => {
    const series = calendar(
      event(
        'DTSTART;VALUE=DATE:20260224',
        'RRULE:FREQ=DAILY;COUNT=4',
        'EXDATE;TZID=Europe/Berlin:20260225T000000',
      ),
      event('DTSTART;VALUE=DATE:20260310', 'RECURRENCE-ID;TZID=W. Europe Standard Time:20260226T000000'),
    );
    expect(dates(series)).toEqual(['2026-02-24', '2026-02-27', '2026-03-10']);
  });

  it.each([
    ['in UTC', 'EXDATE:20260106T090000Z'],
    ['in another zone', 'EXDATE;TZID=America/New_York:20260106T040000'],
    ['floating', 'EXDATE:20260106T100000'],
    ['as a date', 'EXDATE;VALUE=DATE:20260106'],
    ['in a list', 'EXDATE;TZID=Europe/Vienna:20260106T100000,20260220T100000'],
  ])('an EXDATE %s excludes', (_, exdate) => {
    const series = calendar(
      event('DTSTART;TZID=Europe/Vienna:20260105T100000', 'RRULE:FREQ=DAILY;COUNT=3', exdate),
    );
    expect(dates(series)).toEqual(['2026-01-05T10:00:00', '2026-01-07T10:00:00']);
  });

  it('an EXDATE excludes a lone DTSTART', () => {
    expect(starts(calendar(event('DTSTART:20260105T100000Z', 'EXDATE:20260105T100000Z')))).toEqual([]);
  });

  it('RDATE adds to DTSTART, to rules, and may bring its own end', () => {
    const only = calendar(event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RDATE:20260201T100000Z'));
    expect(starts(only)).toEqual(['2026-01-05T10:00', '2026-02-01T10:00']);
    const both = calendar(
      event(
        'DTSTART:20260105T100000Z',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;COUNT=2',
        'RDATE;VALUE=PERIOD:20260201T100000Z/PT3H',
      ),
    );
    expect(instances(both).map(({ from, to }) => (to - from) / 3_600_000)).toEqual([1, 1, 3]);
  });

  it('two rules are united', () => {
    const series = calendar(
      event('DTSTART:20260105T100000Z', 'RRULE:FREQ=WEEKLY;COUNT=2', 'RRULE:FREQ=DAILY;COUNT=3'),
    );
    expect(starts(series)).toEqual([
      '2026-01-05T10:00',
      '2026-01-06T10:00',
      '2026-01-07T10:00',
      '2026-01-12T10:00',
    ]);
  });

  it('an instance that began before the range counts while it lasts', () => {
    const series = calendar(event('DTSTART:20260105T220000Z', 'DTEND:20260107T020000Z', 'RRULE:FREQ=WEEKLY'));
    expect(starts(series, ['2026-01-13', '2026-01-14'])).toEqual(['2026-01-12T22:00']);
  });

  it('a DURATION of days ends at the same time of day, one of hours after so many hours', () => {
    const ends = (duration: string): string[] =>
      instances(calendar(event('DTSTART;TZID=Europe/Vienna:20260328T120000', duration))).map(({ to }) =>
        new Date(to).toISOString().slice(0, 16),
      );
    expect(ends('DURATION:P1D')).toEqual(['2026-03-29T10:00']);
    expect(ends('DURATION:PT24H')).toEqual(['2026-03-29T11:00']);
  });

  it('of whole days follow the calendar, not 24 hours', () => {
    const series = calendar(
      event('DTSTART;VALUE=DATE:20260327', 'DTEND;VALUE=DATE:20260330', 'RRULE:FREQ=WEEKLY;COUNT=2'),
    );
    expect(instances(series).map(({ end }) => end)).toEqual([
      { kind: 'date', date: '2026-03-30' },
      { kind: 'date', date: '2026-04-06' },
    ]);
  });

  it('to which the owner was invited without the series stand alone', () => {
    const lone = calendar(
      event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RECURRENCE-ID:20260105T090000Z'),
      event('DTSTART:20260112T100000Z', 'DURATION:PT1H', 'RECURRENCE-ID:20260112T090000Z'),
    );
    expect(starts(lone)).toEqual(['2026-01-05T10:00', '2026-01-12T10:00']);
  });

  it('of a zone of its own name are read from its VTIMEZONE', () => {
    const custom = [
      'BEGIN:VTIMEZONE',
      'TZID:Customized Time Zone',
      'BEGIN:STANDARD',
      'DTSTART:16010101T030000',
      'TZOFFSETFROM:+0200',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T020000',
      'TZOFFSETFROM:+0100',
      'TZOFFSETTO:+0200',
      'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
      'END:DAYLIGHT',
      'END:VTIMEZONE',
    ].join('\n');
    const series = calendar(custom, event('DTSTART;TZID=Customized Time Zone:20260701T120000'));
    expect(starts(series)).toEqual(['2026-07-01T10:00']);
  });

  it('of a zone of its own that never changes are not taken for those of one that did', () => {
    const custom = [
      'BEGIN:VTIMEZONE',
      'TZID:Kuala Lumpur\\, Singapore',
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0800',
      'TZOFFSETTO:+0800',
      'END:STANDARD',
      'END:VTIMEZONE',
    ].join('\n');
    const start = 'DTSTART;TZID="Kuala Lumpur, Singapore":20081031T093000';
    const series = calendar(custom, event(start, 'RRULE:FREQ=WEEKLY'));
    expect(starts(series, ['2009-04-03', '2009-04-04'])).toEqual(['2009-04-03T01:30']);
  });

  it('are refused when there are too many', () => {
    const series = calendar(event('DTSTART:20000101T100000Z', 'RRULE:FREQ=HOURLY'));
    expect(() => instances(series)).toThrow(/10000/);
  });
});
