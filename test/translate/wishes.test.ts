// What a text asks of the messages about a meeting, and what of its people reaches Exchange (RFC 6638 §7).
import { describe, expect, test } from 'vitest';
import type { Stored } from '../../src/model/backend.ts';
import type { EventItem } from '../../src/model/item.ts';
import { instanceTexts, parseIncoming, TranslateError } from '../../src/translate/index.ts';
import { calendar, edited, event, get, linesOf, own, put } from './mailbox.ts';

const plain = ['DTSTART:20260310T100000Z', 'DTEND:20260310T110000Z'];
const mine = 'ORGANIZER:mailto:alice@example.test';
const bobs = 'ORGANIZER:mailto:bob@example.test';
const bob = 'ATTENDEE:mailto:bob@example.test';
const alice = 'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@example.test';

const read = (lines: readonly string[], present?: Stored) =>
  parseIncoming(event(...plain, ...lines), 'events', { ownAddresses: own, ...(present && { present }) });
const itemOf = (...lines: string[]): EventItem => read(lines).item as EventItem;
const sent = (stored: Stored): Stored => edited<EventItem>(stored, () => ({ invitationsSent: true }));
const invited = edited<EventItem>(put(event(...plain, bobs, alice)), () => ({
  isOrganizer: false,
  organizer: { address: 'bob@example.test' },
  attendees: [{ address: 'alice@example.test', role: 'required', partStat: 'needs-action' }],
  ownPartStat: 'needs-action',
}));

describe('wishes', () => {
  test.each([
    ['nothing special', [mine, bob], {}],
    ['nobody', [], { isScheduling: false }],
    [
      'somebody else’s, where the owner is not',
      [bobs, 'ATTENDEE:mailto:eve@x.test'],
      { isScheduling: false },
    ],
    [
      'REQUEST forced',
      [mine, `ATTENDEE;SCHEDULE-FORCE-SEND=request${bob.slice(8)}`],
      { forcesRequest: true },
    ],
    ['REPLY forced', [bobs.replace(':', ';SCHEDULE-FORCE-SEND=REPLY:'), alice], { forcesReply: true }],
    [
      'REQUEST on the organizer says nothing',
      [bobs.replace(':', ';SCHEDULE-FORCE-SEND=REQUEST:'), alice],
      {},
    ],
    ['answers by the client', [bobs.replace(':', ';SCHEDULE-AGENT=CLIENT:'), alice], { answersItself: true }],
    ['answers by nobody', [bobs.replace(':', ';SCHEDULE-AGENT=NONE:'), alice], { answersItself: true }],
    [
      'answers by who knows whom',
      [bobs.replace(':', ';SCHEDULE-AGENT=X-BOT:'), alice],
      { answersItself: true },
    ],
    ['declined', [bobs, alice.replace('NEEDS-ACTION', 'DECLINED')], { declines: true }],
    ['on behalf', [mine.replace(':', ';SENT-BY="mailto:Eve@X.test":'), bob], { sentBy: ['eve@x.test'] }],
    [
      'answered on behalf',
      [bobs, alice.replace('ATTENDEE', 'ATTENDEE;SENT-BY="mailto:eve@x.test"')],
      { sentBy: ['eve@x.test'] },
    ],
    ['words', [mine, bob, 'COMMENT:a', 'COMMENT:b'], { comments: new Map([['', 'a\nb']]) }],
  ])('%s', (_, lines, wanted) => {
    expect(read(lines).wishes).toEqual({
      isScheduling: true,
      declines: false,
      forcesRequest: false,
      forcesReply: false,
      answersItself: false,
      sentBy: [],
      comments: new Map(),
      ...wanted,
    });
  });

  test('words that were there before are not said again', () => {
    const present = put(event(...plain, mine, bob, 'COMMENT:a'));
    expect(read([mine, bob, 'COMMENT:a'], present).wishes?.comments).toEqual(new Map());
    expect(read([mine, bob, 'COMMENT:a', 'COMMENT:b'], present).wishes?.comments).toEqual(
      new Map([['', 'b']]),
    );
  });

  test('components with two organizers are refused', () => {
    const override = [
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:uid-1',
      'RECURRENCE-ID:20260311T100000Z',
      'DTSTART:20260311T100000Z',
    ];
    const series = [mine, bob, 'RRULE:FREQ=DAILY;COUNT=3', ...override];
    expect(() => read([...series, bobs])).toThrow(expect.objectContaining({ problem: 'two-organizers' }));
    expect(() => read([...series, 'ORGANIZER;CN=A:MAILTO:Alice@example.test'])).not.toThrow();
  });
});

describe('parameters of one request', () => {
  test('SCHEDULE-FORCE-SEND is not kept, whoever organizes', () => {
    for (const organizer of [mine, bobs])
      expect(
        get(
          put(
            event(...plain, organizer, 'ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST;CN=B:mailto:bob@example.test'),
          ),
        ),
      ).not.toContain('FORCE-SEND');
  });
  test('SCHEDULE-STATUS of the server’s own messages is not kept', () => {
    const stored = put(
      event(...plain, mine, 'ATTENDEE;RSVP=TRUE;SCHEDULE-STATUS=5.1:mailto:bob@example.test'),
    );
    expect(get(stored)).not.toContain('SCHEDULE-STATUS');
    expect(linesOf(get(sent(stored)))).toContain(
      'ATTENDEE;RSVP=TRUE;SCHEDULE-STATUS=1.1:mailto:bob@example.test',
    );
  });
  test('SCHEDULE-STATUS of messages that a client sends is the client’s', () => {
    const line = 'ATTENDEE;SCHEDULE-AGENT=CLIENT;SCHEDULE-STATUS=2.0:mailto:bob@example.test';
    expect(linesOf(get(put(event(...plain, mine, line))))).toContain(line);
    const theirs = 'ATTENDEE;SCHEDULE-STATUS=2.0:mailto:eve@x.test';
    expect(linesOf(get(put(event(...plain, bobs, theirs))))).toContain(theirs);
  });
});

describe('who is invited', () => {
  test.each([
    ['whom the server serves', bob, ['bob@example.test']],
    ['nobody whom a client sees to', bob.replace(':', ';SCHEDULE-AGENT=CLIENT:'), []],
    ['nobody of whom only a name is known', 'ATTENDEE;CN=Bob:urn:uuid:1', []],
    ['whom an EMAIL parameter names', 'ATTENDEE;EMAIL=bob@example.test:urn:uuid:1', ['bob@example.test']],
    [
      'whom the URL of a principal names',
      'ATTENDEE:/dav/principals/bob%40example.test/',
      ['bob@example.test'],
    ],
    ['nobody by an address that none is', 'ATTENDEE:mailto:bob', []],
  ])('%s', (_, line, wanted) => {
    const { attendees, organizer } = itemOf(mine, line);
    expect(attendees.map(({ address }) => address)).toEqual(wanted);
    expect(organizer === undefined).toBe(wanted.length === 0);
    const shown = linesOf(get(put(event(...plain, mine, line))));
    const status = wanted.length === 0 && !line.includes('AGENT') ? ';SCHEDULE-STATUS=3.7' : '';
    expect(shown).toContain(line.replace(/(:mailto|:urn|:\/)/, `${status}$1`));
  });

  test('nobody to what does not take place; the lines stay as long as it does not', () => {
    const stored = put(event(...plain, mine, bob, 'STATUS:CANCELLED'));
    expect((stored.item as EventItem).attendees).toEqual([]);
    expect(linesOf(get(stored))).toEqual(expect.arrayContaining([mine, bob, 'STATUS:CANCELLED']));
    // Outlook makes something else of it: people who were called off must not come back with the next PUT.
    const revived = edited<EventItem>(stored, () => ({ busy: 'busy' }));
    expect(get(revived)).not.toMatch(/STATUS:CANCELLED|ATTENDEE/);
    expect((put(event(...plain, mine, bob), 'events', stored).item as EventItem).attendees).toHaveLength(1);
  });

  test('nobody to what a client calls off in the very words that it was shown', () => {
    const stored = edited<EventItem>(put(event(...plain, mine, bob)), () => ({}));
    const shown = get({ ...stored, tags: {} });
    const calledOff = put(shown.replace('END:VEVENT', 'STATUS:CANCELLED\r\nEND:VEVENT'), 'events', stored);
    expect((calledOff.item as EventItem).attendees).toEqual([]);
    expect((put(get(calledOff), 'events', calledOff).item as EventItem).attendees).toEqual([]);
  });

  test('a guest of the client’s own whom Outlook invites, too, is invited', () => {
    const stored = put(event(...plain, mine, bob, 'ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:eve@x.test'));
    const both = edited<EventItem>(stored, ({ attendees }) => ({
      attendees: [...attendees, { address: 'eve@x.test', role: 'required', partStat: 'needs-action' }],
    }));
    const lines = linesOf(get(both)).filter((line) => line.includes('eve@x.test'));
    expect(lines).toEqual([expect.not.stringContaining('SCHEDULE-AGENT')]);
    const again = put(get(both).replace('SUMMARY', 'LOCATION:x\r\nSUMMARY'), 'events', both);
    expect((again.item as EventItem).attendees).toHaveLength(2);
  });

  test('a guest of the client’s own stays when Outlook edits the list', () => {
    const guest = 'ATTENDEE;SCHEDULE-AGENT=CLIENT:mailto:eve@x.test';
    const stored = put(event(...plain, mine, bob, guest));
    const more = edited<EventItem>(stored, ({ attendees }) => ({
      attendees: [...attendees, { address: 'dan@x.test', role: 'optional', partStat: 'needs-action' }],
    }));
    expect(linesOf(get(more))).toEqual(
      expect.arrayContaining([guest, expect.stringContaining('dan@x.test')]),
    );
    const alone = put(event(...plain, mine, guest));
    expect(linesOf(get(edited<EventItem>(alone, () => ({ summary: 'x' }))))).toEqual(
      expect.arrayContaining([mine, guest]),
    );
  });

  test('an occurrence that says nothing of people has those of the series', () => {
    const text = event(
      ...plain,
      mine,
      bob,
      'RRULE:FREQ=DAILY;COUNT=3',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:uid-1',
      'RECURRENCE-ID:20260311T100000Z',
      'DTSTART:20260311T120000Z',
    );
    const { overrides } = put(text).item as EventItem;
    expect(overrides.map(({ attendees }) => attendees.map(({ address }) => address))).toEqual([
      ['bob@example.test'],
    ]);
  });
});

describe('what is refused', () => {
  test.each([
    ['DELEGATED', [bobs, alice.replace('NEEDS-ACTION', 'DELEGATED')], 'attendee-change'],
    ['an attendee who organizes', [mine, alice], 'attendee-change'],
  ])('of an attendee: %s', (_, lines, problem) => {
    expect(() => read(lines, invited)).toThrow(expect.objectContaining({ problem }));
  });
  test('of an organizer who has invited: another organizer; not before', () => {
    const stored = put(event(...plain, mine, bob));
    expect(() => read([bobs, bob], sent(stored))).toThrow(TranslateError);
    expect((read([bobs, bob], stored).item as EventItem).attendees).toEqual([]);
  });
});

test('instances without their series are texts of their own', () => {
  const instance = (day: string, ...lines: string[]): string[] => [
    'BEGIN:VEVENT',
    'UID:a',
    `RECURRENCE-ID;TZID=Europe/Berlin:202603${day}T100000`,
    ...lines,
    'END:VEVENT',
  ];
  const texts = instanceTexts(calendar(...instance('10', 'SUMMARY:x'), ...instance('11', 'SUMMARY:y')));
  expect([...texts!.keys()]).toEqual(['2026-03-10T09:00:00Z', '2026-03-11T09:00:00Z']);
  expect([...texts!.values()].map((text) => /SUMMARY:./.exec(text)?.[0])).toEqual(['SUMMARY:x', 'SUMMARY:y']);
  expect(instanceTexts(event(...plain))).toBeUndefined();
});
