// Free-busy: RFC 4791 §7.10 and the reply of RFC 5545 §3.6.4.
import { describe, expect, it } from 'vitest';
import { busyTimesOf, mergeBusy, renderFreeBusy } from '../../src/translate/free-busy.ts';
import type { BusyTime } from '../../src/model/backend.ts';
import { appendixB, calendar, event } from './objects.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const week = { from: at('2026-01-05T00:00:00'), to: at('2026-01-12T00:00:00') };
const hour = ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z'];
const kinds = (...lines: readonly string[]): string[] =>
  busyTimesOf(calendar(event(...hour, ...lines)), week).map(({ busy }) => busy);

describe('busy times', () => {
  it.each([
    ['nothing said', [], ['busy']],
    ['OPAQUE', ['TRANSP:OPAQUE'], ['busy']],
    ['TRANSPARENT', ['TRANSP:TRANSPARENT'], []],
    ['CANCELLED', ['STATUS:CANCELLED'], []],
    ['TENTATIVE', ['STATUS:TENTATIVE'], ['tentative']],
    ['CONFIRMED', ['STATUS:CONFIRMED'], ['busy']],
    ['out of office', ['X-MICROSOFT-CDO-BUSYSTATUS:OOF'], ['out-of-office']],
    ['transparent whatever Outlook calls it', ['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'], []],
  ] as const)('%s', (_, lines, expected) => expect(kinds(...lines)).toEqual(expected));

  it('are those of the instances', () => {
    const range = { from: at('2006-01-04T00:00:00'), to: at('2006-01-07T00:00:00') };
    expect(
      busyTimesOf(appendixB.abcd2, range).map(({ range: { from } }) => new Date(from).toISOString()),
    ).toEqual(['2006-01-04T19:00:00.000Z', '2006-01-05T17:00:00.000Z', '2006-01-06T19:00:00.000Z']);
  });

  it('of an object that only touches the range are none', () => {
    expect(busyTimesOf(calendar(event(...hour)), { from: at('2026-01-05T11:00:00'), to: week.to })).toEqual(
      [],
    );
  });

  it('are told by a VFREEBUSY too', () => {
    const range = { from: at('2006-01-01T00:00:00'), to: at('2006-01-08T00:00:00') };
    expect(busyTimesOf(appendixB.abcd8, range).map(({ busy }) => busy)).toEqual(['tentative']);
    expect(busyTimesOf(appendixB.abcd4, range)).toEqual([]);
  });
});

describe('VFREEBUSY', () => {
  const time = (from: string, to: string, busy: BusyTime['busy'] = 'busy'): BusyTime => ({
    range: { from: at(`2026-01-${from}:00`), to: at(`2026-01-${to}:00`) },
    busy,
  });

  it('merges what overlaps or touches, within the range', () => {
    const merged = mergeBusy(
      [time('05T10:00', '05T11:00'), time('05T11:00', '05T12:00'), time('04T10:00', '05T01:00')],
      week,
    );
    expect(merged).toEqual([
      { from: week.from, to: at('2026-01-05T01:00:00') },
      { from: at('2026-01-05T10:00:00'), to: at('2026-01-05T12:00:00') },
    ]);
  });

  it('says periods by kind, in UTC', () => {
    const text = renderFreeBusy(
      week,
      [
        time('06T10:00', '06T11:00'),
        time('05T10:00', '05T11:00'),
        time('07T10:00', '07T11:00', 'tentative'),
        time('08T10:00', '08T11:00', 'out-of-office'),
      ],
      { uid: 'x@y', stamp: at('2026-01-01T00:00:00'), organizer: { address: 'a@example.com', name: 'A' } },
    );
    expect(text.replaceAll('\r\n ', '').trim().split('\r\n')).toEqual([
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      expect.stringContaining('PRODID:'),
      'BEGIN:VFREEBUSY',
      'UID:x@y',
      'DTSTAMP:20260101T000000Z',
      'DTSTART:20260105T000000Z',
      'DTEND:20260112T000000Z',
      'ORGANIZER;CN=A:mailto:a@example.com',
      'FREEBUSY;FBTYPE=BUSY:20260105T100000Z/20260105T110000Z,20260106T100000Z/20260106T110000Z',
      'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260107T100000Z/20260107T110000Z',
      'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260108T100000Z/20260108T110000Z',
      'END:VFREEBUSY',
      'END:VCALENDAR',
    ]);
  });
});
