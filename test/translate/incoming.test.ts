import { describe, expect, test } from 'vitest';
import type { EventItem, TaskItem } from '../../src/model/item.ts';
import { parseIncoming } from '../../src/translate/index.ts';
import { calendar, edited, event, get, linesOf, own, put, task } from './mailbox.ts';

const plain = ['DTSTART:20260310T100000Z', 'DTEND:20260310T110000Z'];

function parseEvent(...lines: string[]): EventItem {
  return parseIncoming(event(...lines), 'events', { ownAddresses: own }).item as EventItem;
}

describe('mended', () => {
  test('dates without VALUE=DATE, and with a zone', () => {
    expect(parseEvent('DTSTART;TZID=Europe/Berlin:20260310').start).toEqual({
      kind: 'date',
      date: '2026-03-10',
    });
    expect(parseEvent('DTSTART;VALUE=DATE:20260310T000000').start).toEqual({
      kind: 'date',
      date: '2026-03-10',
    });
  });
  test('blanks and small letters of a rule, empty properties', () => {
    const item = parseEvent(...plain, 'RRULE: freq=weekly; byday=mo, we;', 'EXDATE:', 'PRIORITY:', 'DUE:');
    expect(item.recurrence).toMatchObject({ freq: 'WEEKLY', byDay: [{ weekday: 'MO' }, { weekday: 'WE' }] });
  });
  test('folds within a UTF-8 character, a mark at the beginning, bare line feeds', () => {
    const text = Buffer.from(`\uFEFF${event(...plain, 'SUMMARY:für')}`.replaceAll('\r\n', '\n'));
    const at = text.indexOf('für') + 2;
    const folded = Buffer.concat([text.subarray(0, at), Buffer.from('\n '), text.subarray(at)]);
    expect(parseIncoming(folded, 'events', { ownAddresses: own }).item).toMatchObject({ summary: 'für' });
  });
  test('bytes of Windows-1252', () => {
    const text = Buffer.from(event(...plain, 'SUMMARY:für'), 'latin1');
    expect(parseIncoming(text, 'events', { ownAddresses: own }).item).toMatchObject({ summary: 'für' });
  });
  test('the escaped semicolon in a title of Apple Calendar', () => {
    const stored = put(
      event(...plain, String.raw`X-APPLE-STRUCTURED-LOCATION;X-TITLE=Road 1\; Linz;X-R=7:geo:1,2`),
    );
    expect(linesOf(get(stored))).toContain(
      'X-APPLE-STRUCTURED-LOCATION;X-TITLE="Road 1; Linz";X-R=7:geo:1,2',
    );
  });
  test('a zone with a rule that nobody could read again is refused', () => {
    const zone = [
      'BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:20010325T020000',
      'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=1020050327T070000Z',
      'TZOFFSETFROM:+1100\r\nTZOFFSETTO:+1000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT',
    ].join('\r\n');
    const text = event(...plain).replace('BEGIN:VEVENT', zone);
    expect(() => parseIncoming(text, 'events', { ownAddresses: own })).toThrow('no list of numbers');
  });
  test('a name that ends with a backslash', () => {
    const line = 'ATTENDEE;CN=C\\;ROLE=OPT-PARTICIPANT:mailto:bob@example.test';
    const { item } = put(event(...plain, 'ORGANIZER:mailto:alice@example.test', line));
    expect(item).toMatchObject({ attendees: [{ name: 'C\\', role: 'optional' }] });
  });
});

describe('times', () => {
  test('without an end: a whole day, or no length', () => {
    expect(parseEvent('DTSTART;VALUE=DATE:20260228').end).toEqual({ kind: 'date', date: '2026-03-01' });
    const short = parseEvent('DTSTART:20260310T100000Z');
    expect(short.end).toEqual(short.start);
  });
  test('durations over a change of the clock: days are nominal, hours exact', () => {
    const start = 'DTSTART;TZID=Europe/Berlin:20260328T120000';
    expect(parseEvent(start, 'DURATION:P1D').end).toMatchObject({ local: '2026-03-29T12:00:00' });
    expect(parseEvent(start, 'DURATION:PT24H').end).toMatchObject({ local: '2026-03-29T13:00:00' });
    expect(parseEvent('DTSTART;VALUE=DATE:20260310', 'DURATION:P2D').end).toEqual({
      kind: 'date',
      date: '2026-03-12',
    });
  });
  test.each([
    ['20260320T225959Z', '2026-03-20'],
    ['20260320T090000Z', '2026-03-20'],
    ['20260320T085959Z', '2026-03-19'],
    ['20260320', '2026-03-20'],
    ['20260320T100000', '2026-03-20'],
  ])('UNTIL=%s of a series at 10:00 in Berlin', (until, date) => {
    const item = parseEvent('DTSTART;TZID=Europe/Berlin:20260310T100000', `RRULE:FREQ=DAILY;UNTIL=${until}`);
    expect(item.recurrence?.end).toEqual({ kind: 'until', until: date });
  });
  test('EXDATE and RECURRENCE-ID take the kind of the series', () => {
    const text = calendar(
      'BEGIN:VEVENT',
      'UID:a',
      'DTSTART;VALUE=DATE:20260226',
      'RRULE:FREQ=DAILY;COUNT=9',
      'EXDATE;TZID=W. Europe Standard Time:20260228T000000',
      'EXDATE:20260228,20260301T000000Z',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:a',
      // Exchange 2016 writes this below an all-day master.
      'RECURRENCE-ID;TZID=W. Europe Standard Time:20260227T000000',
      'DTSTART;VALUE=DATE:20260305',
      'END:VEVENT',
    );
    const item = parseIncoming(text, 'events', { ownAddresses: own }).item as EventItem;
    expect(item.cancelledDates).toEqual([
      { kind: 'date', date: '2026-02-28' },
      { kind: 'date', date: '2026-03-01' },
    ]);
    expect(item.overrides[0]?.recurrenceId).toEqual({ kind: 'date', date: '2026-02-27' });
  });
  test('EXDATE in UTC, floating or as a date below a zoned series', () => {
    const item = parseEvent(
      'DTSTART;TZID=Europe/Berlin:20260310T100000',
      'RRULE:FREQ=DAILY',
      'EXDATE:20260311T090000Z',
      'EXDATE:20260312T100000',
      'EXDATE;VALUE=DATE:20260313',
    );
    expect(item.cancelledDates).toEqual(
      ['11', '12', '13'].map((day) => ({
        kind: 'zoned',
        local: `2026-03-${day}T10:00:00`,
        zone: 'Europe/Berlin',
      })),
    );
  });
});

describe('busy, status and Microsoft’s own word', () => {
  test.each([
    [[], 'busy'],
    [['TRANSP:TRANSPARENT'], 'free'],
    [['STATUS:TENTATIVE'], 'tentative'],
    [['X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'out-of-office'],
    [['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'], 'free'],
    [['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'], 'working-elsewhere'],
    [['STATUS:CONFIRMED', 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'], 'busy'],
  ])('%s is %s', (lines, busy) => expect(parseEvent(...plain, ...lines).busy).toBe(busy));
});

describe('alarms', () => {
  test.each([
    ['-PT15M', 15],
    ['-P0DT0H15M0S', 15],
    ['-PT1H30M', 90],
    ['-P1W', 10_080],
    ['PT0S', 0],
    ['PT15M', undefined],
    ['19760401T005545Z', undefined],
  ])('TRIGGER:%s', (trigger, minutes) => {
    const item = parseEvent(...plain, 'BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${trigger}`, 'END:VALARM');
    expect(item.reminderMinutes).toBe(minutes);
  });
});

describe('what iCalendar has fewer words for stays when a client sends it back', () => {
  test('a task that waits', () => {
    const stored = edited<TaskItem>(put(task('SUMMARY:a'), 'tasks'), () => ({ status: 'waiting' }));
    const text = get(stored).replace('SUMMARY:a', 'SUMMARY:b');
    expect(put(text, 'tasks', stored).item).toMatchObject({ status: 'waiting', summary: 'b' });
  });
  test('a task that counts from its completion', () => {
    const stored = edited<TaskItem>(
      put(task('DTSTART;VALUE=DATE:20260310', 'RRULE:FREQ=DAILY'), 'tasks'),
      (item) => ({
        recurrence: { ...item.recurrence!, regenerates: true },
      }),
    );
    expect(put(get(stored), 'tasks', stored).item).toEqual(stored.item);
  });
});

describe('tasks', () => {
  const parse = (...lines: string[]): TaskItem =>
    parseIncoming(task(...lines), 'tasks', { ownAddresses: own, defaultZone: 'Europe/Berlin' })
      .item as TaskItem;
  test('any of three ways to say "done"', () => {
    expect(parse('STATUS:COMPLETED')).toMatchObject({ status: 'completed', percent: 100 });
    expect(parse('PERCENT-COMPLETE:100')).toMatchObject({ status: 'completed' });
    // In Berlin it is the next day already, but Exchange refuses to have completed something tomorrow.
    expect(parse('COMPLETED:20260310T233000Z')).toMatchObject({
      status: 'completed',
      completed: '2026-03-10',
    });
    expect(parse('PERCENT-COMPLETE:30')).toMatchObject({ status: 'in-progress', percent: 30 });
  });
  test('days in the zone in which they were meant', () => {
    expect(parse('DUE:20260310T233000Z').due).toBe('2026-03-11');
    expect(parse('DUE;TZID=America/New_York:20260310T233000').due).toBe('2026-03-10');
  });
  test('reminders', () => {
    const alarm = (trigger: string): string[] => ['BEGIN:VALARM', 'ACTION:DISPLAY', trigger, 'END:VALARM'];
    expect(parse(...alarm('TRIGGER;VALUE=DATE-TIME:20260310T080000Z')).reminderAt).toBe(
      Date.UTC(2026, 2, 10, 8),
    );
    expect(
      parse('DUE;TZID=Europe/Berlin:20260310T120000', ...alarm('TRIGGER;RELATED=END:-PT1H')).reminderAt,
    ).toBe(Date.UTC(2026, 2, 10, 10));
  });
});

test('one instance without its series', () => {
  const text = event('RECURRENCE-ID:20260310T100000Z', ...plain, 'SUMMARY:a');
  const stored = put(text);
  expect((stored.item as EventItem).recurrenceId).toEqual({
    kind: 'zoned',
    local: '2026-03-10T10:00:00',
    zone: 'UTC',
  });
  expect(linesOf(get(stored))).toContain('RECURRENCE-ID:20260310T100000Z');
});

test('a fixed offset is defined like a zone', () => {
  const zone = '+05:30';
  const stored = edited<EventItem>(put(event(...plain)), () => ({
    start: { kind: 'zoned', local: '2026-03-10T10:00:00', zone },
    end: { kind: 'zoned', local: '2026-03-10T11:00:00', zone },
  }));
  const text = get(stored);
  expect(linesOf(text)).toEqual(
    expect.arrayContaining(['TZID:UTC+0530', 'DTSTART;TZID=UTC+0530:20260310T100000']),
  );
  expect(put(text).item).toMatchObject({ start: { zone } });
});
