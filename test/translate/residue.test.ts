import { describe, expect, test } from 'vitest';
import type { EventItem, TaskItem } from '../../src/model/item.ts';
import { TranslateError } from '../../src/translate/index.ts';
import { decodeResidue, encodeResidue } from '../../src/translate/residue.ts';
import { calendar, edited, event, get, linesOf, put, task } from './mailbox.ts';

const plain = ['DTSTART;TZID=Europe/Berlin:20260310T100000', 'DTEND;TZID=Europe/Berlin:20260310T110000'];

/** Lines that must come back, as they were sent. */
function expectKept(text: string, kind: 'events' | 'tasks', ...lines: string[]): void {
  const shown = linesOf(get(put(text, kind)));
  for (const line of lines) expect(shown).toContain(line);
}

describe('what a mailbox cannot hold comes back', () => {
  test('nothing is kept of an event that a mailbox holds wholly', () => {
    const stored = put(event(...plain, 'SUMMARY:a', 'TRANSP:OPAQUE', 'PRIORITY:9'));
    expect(stored.tags.residue).toBe('');
  });
  test('PRIORITY 6', () => expectKept(event(...plain, 'PRIORITY:6'), 'events', 'PRIORITY:6'));
  test('a second alarm, and alarms that never show', () => {
    const stored = put(
      event(
        ...plain,
        ...alarm('-PT15M', 'ACTION:DISPLAY', 'DESCRIPTION:first', 'X-KEPT:1'),
        ...alarm('-P0DT1H0M0S', 'ACTION:AUDIO'),
        ...alarm('-PT5M', 'ACTION:EMAIL', 'SUMMARY:m', 'ATTENDEE:mailto:a@b.test'),
      ),
    );
    expect((stored.item as EventItem).reminderMinutes).toBe(15);
    const shown = linesOf(get(stored));
    expect(shown.filter((line) => line === 'BEGIN:VALARM')).toHaveLength(3);
    expect(shown).toContain('X-KEPT:1');
    const later = linesOf(get(edited<EventItem>(stored, () => ({ reminderMinutes: 30 }))));
    expect(later.filter((line) => line.startsWith('TRIGGER'))).toEqual([
      'TRIGGER:-PT30M',
      'TRIGGER:-P0DT1H0M0S',
      'TRIGGER:-PT5M',
    ]);
    const without = linesOf(get(edited<EventItem>(stored, () => ({ reminderMinutes: undefined }))));
    expect(without.filter((line) => line === 'BEGIN:VALARM')).toHaveLength(2);
  });
  test('X- and unknown properties with their parameters', () => {
    expectKept(
      event(...plain, 'X-A;X-B=c:d,e', 'COLOR:red', 'GEO:1.5;2.5'),
      'events',
      'X-A;X-B=c:d,e',
      'COLOR:red',
    );
  });
  test('a zone that Exchange knows under another name', () => {
    const lines = ['DTSTART;TZID=Europe/Vienna:20260310T100000', 'DTEND;TZID=Europe/Vienna:20260310T110000'];
    const stored = put(event(...lines));
    expect((stored.item as EventItem).start).toMatchObject({ zone: 'Europe/Berlin' });
    expect(linesOf(get(stored))).toEqual(expect.arrayContaining([...lines, 'TZID:Europe/Vienna']));
    const moved = edited<EventItem>(stored, () => ({
      start: { kind: 'zoned', local: '2026-03-10T09:00:00', zone: 'Europe/Berlin' },
    }));
    expect(linesOf(get(moved))).toContain('DTSTART;TZID=Europe/Berlin:20260310T090000');
  });
  test('a Windows zone name, defined under that name', () => {
    const stored = put(event('DTSTART;TZID=W. Europe Standard Time:20260310T100000', 'DURATION:PT90M'));
    const shown = linesOf(get(stored));
    expect(shown).toEqual(
      expect.arrayContaining([
        'DTSTART;TZID=W. Europe Standard Time:20260310T100000',
        'DURATION:PT90M',
        'TZID:W. Europe Standard Time',
      ]),
    );
    expect((stored.item as EventItem).end).toMatchObject({ local: '2026-03-10T11:30:00' });
  });
  test('an edit of the summary in Outlook leaves the rest', () => {
    const stored = put(event(...plain, 'SUMMARY:a', 'PRIORITY:6', 'X-A:b', 'STATUS:CONFIRMED'));
    const shown = linesOf(get(edited<EventItem>(stored, () => ({ summary: 'b' }))));
    expect(shown).toEqual(expect.arrayContaining(['SUMMARY:b', 'PRIORITY:6', 'X-A:b', 'STATUS:CONFIRMED']));
  });
  test('an edit of the same fact in Outlook wins', () => {
    const stored = put(event(...plain, 'PRIORITY:6', 'STATUS:CONFIRMED'));
    const shown = linesOf(
      get(edited<EventItem>(stored, () => ({ importance: 'high', busy: 'out-of-office' }))),
    );
    expect(shown).toEqual(expect.arrayContaining(['PRIORITY:1', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF']));
    expect(shown).not.toContain('PRIORITY:6');
    expect(shown).not.toContain('STATUS:CONFIRMED');
  });
  test('the time of a DUE and a task that is cancelled', () => {
    const text = task(
      'SUMMARY:t',
      'DUE;TZID=Europe/Berlin:20260310T170000',
      'STATUS:CANCELLED',
      'PRIORITY:3',
    );
    expectKept(text, 'tasks', 'DUE;TZID=Europe/Berlin:20260310T170000', 'STATUS:CANCELLED', 'PRIORITY:3');
    const moved = edited<TaskItem>(put(text, 'tasks'), () => ({ due: '2026-03-11' }));
    expect(linesOf(get(moved))).toContain('DUE;TZID=Europe/Berlin:20260311T170000');
  });
  test('DURATION of a task and alarms that count from its times', () => {
    expectKept(
      task(
        'DTSTART;TZID=Europe/Berlin:20260310T100000',
        'DURATION:PT30H',
        ...alarm('-PT15M', 'ACTION:DISPLAY'),
      ),
      'tasks',
      'DURATION:PT30H',
      'TRIGGER:-PT15M',
    );
  });
  test('a fact that the client does not mention stays unmentioned', () => {
    const stored = put(event(...plain));
    expect(linesOf(get(stored))).not.toContain('TRANSP:OPAQUE');
  });
  test('UNTIL in the form of the client', () => {
    const rule = 'RRULE:FREQ=DAILY;UNTIL=20260320T225959Z';
    expectKept(event(...plain, rule), 'events', rule);
    const shorter = edited<EventItem>(put(event(...plain, rule)), (item) => ({
      recurrence: { ...item.recurrence!, end: { kind: 'until', until: '2026-03-15' } },
    }));
    expect(linesOf(get(shorter))).toContain('RRULE:FREQ=DAILY;UNTIL=20260315T090000Z');
  });
  test('calendar level: names, unknown components, zones of the client', () => {
    const text = calendar(
      'X-WR-CALNAME:mine',
      ...customZone('My Zone', '+0100', '+0200'),
      'BEGIN:VEVENT',
      'UID:uid-1',
      'DTSTART;TZID=My Zone:20260710T100000',
      'DTEND;TZID=My Zone:20260710T110000',
      'END:VEVENT',
      'BEGIN:X-THING',
      'X-B:1',
      'END:X-THING',
    );
    const stored = put(text);
    expect((stored.item as EventItem).start).toMatchObject({
      zone: 'Europe/Berlin',
      local: '2026-07-10T10:00:00',
    });
    expect(linesOf(get(stored))).toEqual(
      expect.arrayContaining([
        'X-WR-CALNAME:mine',
        'BEGIN:X-THING',
        'TZID:My Zone',
        'DTSTART;TZID=My Zone:20260710T100000',
      ]),
    );
    const moved = edited<EventItem>(stored, () => ({ start: { kind: 'date', date: '2026-07-11' } }));
    expect(
      get({ ...moved, item: { ...moved.item, end: { kind: 'date', date: '2026-07-12' } } as EventItem }),
    ).not.toContain('My Zone');
  });
  test('what RFC 7986 says of the calendar itself', () => {
    const lines = [
      'NAME:Mine',
      'REFRESH-INTERVAL;VALUE=DURATION:P1W',
      'SOURCE;VALUE=URI:https://example.org/mine.ics',
      'COLOR:turquoise',
      'CATEGORIES:One,Two',
    ];
    const stored = put(
      calendar(
        ...lines,
        ...event(...plain)
          .split('\r\n')
          .slice(3, -2),
      ),
    );
    const shown = linesOf(get(stored));
    const [head] = [shown.slice(0, shown.indexOf('BEGIN:VEVENT'))];
    for (const line of lines) expect(head).toContain(line);
  });
});

describe('overrides', () => {
  const series = (...lines: string[]): string =>
    calendar(
      'BEGIN:VEVENT',
      'UID:uid-1',
      'DTSTART;TZID=Europe/Vienna:20260302T100000',
      'DTEND;TZID=Europe/Vienna:20260302T110000',
      'RRULE:FREQ=WEEKLY;COUNT=10',
      'EXDATE;TZID=Europe/Vienna:20260316T100000',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:uid-1',
      'RECURRENCE-ID;TZID=Europe/Vienna:20260309T100000',
      'DTSTART;TZID=Europe/Vienna:20260309T120000',
      'DTEND;TZID=Europe/Vienna:20260309T130000',
      ...lines,
      'END:VEVENT',
    );
  test('have residue of their own, which lives in the master', () => {
    const stored = put(series('SUMMARY:moved', 'X-OWN:1', 'PRIORITY:7'));
    const shown = linesOf(get(stored));
    expect(shown).toEqual(
      expect.arrayContaining([
        'RECURRENCE-ID;TZID=Europe/Vienna:20260309T100000',
        'DTSTART;TZID=Europe/Vienna:20260309T120000',
        'EXDATE;TZID=Europe/Vienna:20260316T100000',
        'X-OWN:1',
        'PRIORITY:7',
      ]),
    );
    expect(get(stored)).not.toContain('Berlin');
  });
  test('of a series without a zone, which gets one in the mailbox', () => {
    const text = series('X-OWN:1').replaceAll(';TZID=Europe/Vienna', '');
    const lines = linesOf(get(put(text)));
    expect(lines).toEqual(
      expect.arrayContaining(['X-OWN:1', 'RECURRENCE-ID:20260309T100000', 'EXDATE:20260316T100000']),
    );
  });
  test('that are gone take it along', () => {
    const stored = put(series('X-OWN:1'));
    const shown = get(edited<EventItem>(stored, () => ({ overrides: [] })));
    expect(shown).not.toContain('X-OWN');
    expect(shown.match(/BEGIN:VEVENT/g)).toHaveLength(1);
  });
});

describe('form', () => {
  test('long residue is compressed, monstrous residue refused', () => {
    const long = put(event(...plain, `X-A:${'abcdefgh'.repeat(3000)}`));
    expect(long.tags.residue).toMatch(/^z:/);
    expect(get(long).replaceAll('\r\n ', '')).toContain('abcdefgh'.repeat(3000));
    const noise = Array.from({ length: 60_000 }, (_, index) => (index * 2_654_435_761).toString(36)).join('');
    expect(() => put(event(...plain, `X-A:${noise}`))).toThrow(TranslateError);
  });
  test('residue that somebody else wrote is ignored', () => {
    for (const text of [
      '{',
      '[]',
      '{"v":2}',
      'z:AAAA',
      'null',
      '{"v":1,"master":{"r":{"priority":[["x"]]},"p":[[1]]}}',
    ]) {
      const stored = put(event(...plain));
      expect(get({ ...stored, tags: { residue: text } })).toContain('BEGIN:VEVENT');
    }
  });
  test('decodes what it encodes', () => {
    const residue = decodeResidue(put(event(...plain, 'X-A:1', 'PRIORITY:6')).tags.residue);
    expect(decodeResidue(encodeResidue(residue!))).toEqual(residue);
  });
});

function alarm(trigger: string, ...lines: string[]): string[] {
  return ['BEGIN:VALARM', `TRIGGER:${trigger}`, ...lines, 'END:VALARM'];
}

function customZone(name: string, standard: string, daylight: string): string[] {
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${name}`,
    'BEGIN:STANDARD',
    'DTSTART:16011028T030000',
    `TZOFFSETFROM:${daylight}`,
    `TZOFFSETTO:${standard}`,
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:16010325T020000',
    `TZOFFSETFROM:${standard}`,
    `TZOFFSETTO:${daylight}`,
    'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
  ];
}
