import { describe, expect, test } from 'vitest';
import type { FolderKind } from '../../src/model/backend.ts';
import { parseIncoming, TranslateError, type TranslateProblem } from '../../src/translate/index.ts';
import { calendar, event, own, task } from './mailbox.ts';

const plain = ['DTSTART:20260310T100000Z', 'DTEND:20260310T110000Z'];

function problemOf(text: string | Uint8Array, kind: FolderKind = 'events'): [TranslateProblem, string?] {
  try {
    parseIncoming(text, kind, { ownAddresses: own });
  } catch (error) {
    expect(error).toBeInstanceOf(TranslateError);
    const { problem, property } = error as TranslateError;
    return property === undefined ? [problem] : [problem, property];
  }
  throw new Error('was taken');
}

describe('refused, with the reason', () => {
  const vevent = (...lines: string[]): string[] => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
  const cases: readonly (readonly [string, string | Uint8Array, TranslateProblem, string?, FolderKind?])[] = [
    ['nothing', '', 'malformed'],
    ['no calendar at all', '<html>', 'malformed'],
    ['text that ends early', event(...plain).slice(0, 150), 'malformed', 'VEVENT'],
    ['a pair that does not close', 'BEGIN:VCALENDAR\nEND:VEVENT', 'malformed', 'VEVENT'],
    ['thousands of components in each other', 'BEGIN:VEVENT\n'.repeat(5000), 'malformed', 'VEVENT'],
    ['a line without a name', event(...plain, 'see you there'), 'malformed'],
    ['two calendars', event(...plain) + event(...plain), 'not-one-object'],
    ['METHOD', event(...plain).replace('VERSION:2.0', 'METHOD:REQUEST'), 'not-one-object', 'METHOD'],
    ['an empty calendar', calendar(), 'not-one-object'],
    ['a card', 'BEGIN:VCARD\nVERSION:3.0\nUID:a\nFN:a\nEND:VCARD', 'wrong-component', 'VCARD'],
    ['a task in a calendar', task('SUMMARY:a'), 'wrong-component', 'VTODO'],
    ['an event in a task list', event(...plain), 'wrong-component', 'VEVENT', 'tasks'],
    [
      'event and task together',
      calendar(...vevent('UID:a', ...plain), 'BEGIN:VTODO', 'UID:a', 'END:VTODO'),
      'not-one-object',
    ],
    ['no UID', calendar(...vevent(...plain)), 'missing-uid', 'UID'],
    [
      'two UIDs',
      calendar(...vevent('UID:a', ...plain), ...vevent('UID:b', ...plain)),
      'not-one-object',
      'UID',
    ],
    [
      'two masters',
      calendar(...vevent('UID:a', ...plain), ...vevent('UID:a', ...plain)),
      'not-one-object',
      'UID',
    ],
    ['no DTSTART', event('SUMMARY:a'), 'invalid', 'DTSTART'],
    ['30 February', event('DTSTART:20260230T100000Z'), 'invalid', 'DTSTART'],
    ['25 o’clock', event('DTSTART:20260203T250000Z'), 'invalid', 'DTSTART'],
    ['a time that is no time', event('DTSTART:tomorrow'), 'invalid', 'DTSTART'],
    [
      'an end before the start',
      event('DTSTART:20260310T100000Z', 'DTEND:20260310T090000Z'),
      'invalid',
      'DTEND',
    ],
    ['a negative duration', event('DTSTART:20260310T100000Z', 'DURATION:-PT1H'), 'invalid', 'DTEND'],
    ['an unknown zone', event('DTSTART;TZID=Nowhere:20260310T100000'), 'invalid', 'TZID'],
    ['RDATE that is no time', event(...plain, 'RDATE:20260230T100000Z'), 'invalid', 'RDATE'],
    [
      'RDATE with a period that is none',
      event(...plain, 'RDATE;VALUE=PERIOD:20260311T100000Z/20260311T1'),
      'invalid',
      'RDATE',
    ],
    ['EXRULE', event(...plain, 'RRULE:FREQ=DAILY', 'EXRULE:FREQ=WEEKLY'), 'unsupported', 'EXRULE'],
    ['two rules', event(...plain, 'RRULE:FREQ=DAILY', 'RRULE:FREQ=WEEKLY'), 'unsupported', 'RRULE'],
    ['COUNT and UNTIL', event(...plain, 'RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101'), 'invalid', 'RRULE'],
    ['a wrong frequency', event(...plain, 'RRULE:FREQ=OFTEN'), 'malformed'],
    ['RSCALE', event(...plain, 'RRULE:RSCALE=HEBREW;FREQ=YEARLY'), 'unsupported', 'RRULE'],
    [
      'a change of all later occurrences',
      calendar(
        ...vevent('UID:a', ...plain, 'RRULE:FREQ=DAILY'),
        ...vevent('UID:a', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20260311T100000Z', ...plain),
      ),
      'unsupported',
      'RECURRENCE-ID',
    ],
    [
      'one occurrence changed twice',
      calendar(
        ...vevent('UID:a', ...plain, 'RRULE:FREQ=DAILY'),
        ...vevent('UID:a', 'RECURRENCE-ID:20260311T100000Z', ...plain),
        ...vevent('UID:a', 'RECURRENCE-ID;TZID=Europe/Berlin:20260311T110000', ...plain),
      ),
      'not-one-object',
      'RECURRENCE-ID',
    ],
    [
      'attachments whose bytes are none',
      event(...plain, 'ATTACH;ENCODING=BASE64;VALUE=BINARY:?'),
      'invalid',
      'ATTACH',
    ],
  ];
  for (const [name, text, problem, property, kind] of cases) {
    test(name, () =>
      expect(problemOf(text, kind)).toEqual(property === undefined ? [problem] : [problem, property]),
    );
  }
});
