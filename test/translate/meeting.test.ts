import { describe, expect, test } from 'vitest';
import type { EventItem } from '../../src/model/item.ts';
import { parseIncoming } from '../../src/translate/index.ts';
import { calendar, edited, event, get, linesOf, own, put } from './mailbox.ts';

const plain = ['DTSTART:20260310T100000Z', 'DTEND:20260310T110000Z'];

function parseEvent(...lines: string[]): EventItem {
  return parseIncoming(event(...lines), 'events', { ownAddresses: own }).item as EventItem;
}

describe('whose meeting it is', () => {
  const invite = [
    'ORGANIZER;CN=Bob:mailto:bob@example.test',
    'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@example.test',
  ];
  test('an event of somebody else that the mailbox does not hold becomes one without attendees', () => {
    const stored = put(event(...plain, ...invite));
    expect(stored.item).toMatchObject({ isOrganizer: true, attendees: [] });
    expect(linesOf(get(stored))).toEqual(expect.arrayContaining(invite));
  });
  test('attendees without an organizer invite nobody', () => {
    expect(parseEvent(...plain, 'ATTENDEE:mailto:bob@example.test').attendees).toEqual([]);
  });
  test('a meeting of one’s own has its attendees, without oneself', () => {
    const lines = [
      'ORGANIZER:MAILTO:Alice@Example.test',
      'ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:alice@example.test',
      'ATTENDEE;CN=Bob;ROLE=OPT-PARTICIPANT;RSVP=TRUE:mailto:bob@example.test',
      'ATTENDEE;CUTYPE=ROOM:mailto:room@example.test',
    ];
    const stored = put(event(...plain, ...lines));
    expect((stored.item as EventItem).attendees).toEqual([
      { address: 'bob@example.test', name: 'Bob', role: 'optional', partStat: 'needs-action' },
      { address: 'room@example.test', role: 'resource', partStat: 'needs-action' },
    ]);
    const answered = edited<EventItem>(stored, ({ attendees }) => ({
      attendees: attendees.map((each) => ({ ...each, partStat: 'accepted' })),
    }));
    expect(linesOf(get(answered))).toContain(
      'ATTENDEE;CN=Bob;ROLE=OPT-PARTICIPANT;RSVP=TRUE;PARTSTAT=ACCEPTED:mailto:bob@example.test',
    );
    const fewer = edited<EventItem>(stored, ({ attendees }) => ({ attendees: attendees.slice(0, 1) }));
    expect(get(fewer)).not.toContain('room@example.test');
    const again = put(get(answered), 'events', answered).item as EventItem;
    expect(again.attendees.map((each) => each.partStat)).toEqual(['accepted', 'accepted']);
  });
  test('people may be named by their principals of this server', () => {
    const { attendees, isOrganizer } = parseEvent(
      ...plain,
      'ORGANIZER:/dav/principals/alice@example.test/',
      'ATTENDEE:https://dav.example.test/principals/bob%40example.test/',
      'ATTENDEE:/principals/nobody/',
    );
    expect(isOrganizer).toBe(true);
    expect(attendees).toMatchObject([{ address: 'bob@example.test' }]);
  });
  test('an attendee changes only what is his', () => {
    const present = edited<EventItem>(put(event(...plain, 'SUMMARY:theirs')), () => ({
      isOrganizer: false,
      organizer: { address: 'bob@example.test' },
      attendees: [{ address: 'alice@example.test', role: 'required', partStat: 'needs-action' }],
      ownPartStat: 'needs-action',
    }));
    const after = put(
      event(
        ...plain,
        'SUMMARY:mine',
        'CATEGORIES:x',
        'TRANSP:TRANSPARENT',
        'ORGANIZER:mailto:bob@example.test',
        'ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test',
        'BEGIN:VALARM',
        'ACTION:DISPLAY',
        'TRIGGER:-PT5M',
        'END:VALARM',
      ),
      'events',
      present,
    );
    expect(after.item).toEqual({
      ...present.item,
      categories: ['x'],
      busy: 'free',
      reminderMinutes: 5,
      ownPartStat: 'accepted',
    });
    expect(linesOf(get(after))).toEqual(
      expect.arrayContaining(['SUMMARY:theirs', 'ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test']),
    );
  });
});

describe('occurrences of somebody else’s series', () => {
  const series = (...more: string[]): string =>
    calendar(
      'BEGIN:VEVENT',
      'UID:a',
      'DTSTART;TZID=Europe/Berlin:20260302T100000',
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY',
      ...more,
    );
  const present = edited<EventItem>(put(series('SUMMARY:theirs', 'END:VEVENT')), () => ({
    isOrganizer: false,
    organizer: { address: 'bob@example.test' },
    ownPartStat: 'accepted',
  }));
  const occurrence = (start: string): string[] => [
    'END:VEVENT',
    'BEGIN:VEVENT',
    'UID:a',
    'RECURRENCE-ID;TZID=Europe/Berlin:20260309T100000',
    `DTSTART;TZID=Europe/Berlin:${start}`,
    'DURATION:PT1H',
    'SUMMARY:mine',
    'TRANSP:TRANSPARENT',
    'END:VEVENT',
  ];
  test('a change of one’s own stays on its occurrence', () => {
    const { overrides } = put(series(...occurrence('20260309T100000')), 'events', present).item as EventItem;
    expect(overrides).toMatchObject([{ summary: 'theirs', busy: 'free' }]);
  });
  test('an occurrence is not moved', () => {
    const { overrides } = put(series(...occurrence('20260309T120000')), 'events', present).item as EventItem;
    expect(overrides).toEqual([]);
  });
  test('an occurrence is taken out of the own calendar', () => {
    const text = series('EXDATE;TZID=Europe/Berlin:20260309T100000', 'END:VEVENT');
    expect((put(text, 'events', present).item as EventItem).cancelledDates).toHaveLength(1);
  });
});
