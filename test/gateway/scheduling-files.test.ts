// Files of a meeting (RFC 8607) and its attendees: they get them with the message that is sent after they were stored.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attached,
  bobAttends,
  carolAttends,
  daily,
  expectStatus,
  meeting,
  occurrence,
  openMeetings,
  type Meetings,
} from './meetings.ts';
import { bob, calendarOf, alice } from './stage.ts';

let place: Meetings;
let off: Meetings;
beforeAll(async () => {
  [place, off] = await Promise.all([openMeetings(), openMeetings({ settings: { EXDAV_SCHEDULING: 'off' } })]);
});
afterAll(() => Promise.all([place.close(), off.close()]));

const both = [bobAttends, carolAttends];
const agenda = attached('agenda.txt', 'cake');
const unfolded = (text: string): string => text.replaceAll(/\r\n[ \t]/g, '');
const linkIn = (text: string): string => /(ATTACH[;:][^\r]*)\r\n/.exec(unfolded(text))?.[1] ?? '';

interface Flow {
  readonly name: string;
  readonly first?: readonly (readonly string[])[];
  /** `LINK`: the file as it was shown. */
  readonly next: readonly (readonly string[])[];
  readonly sends: readonly string[];
  readonly calls?: number;
}

const flows: readonly Flow[] = [
  {
    name: 'a new meeting with a file',
    next: [[agenda, ...both]],
    sends: ['request alice → bob, carol: Plan U'],
    calls: 3,
  },
  {
    name: 'a file more',
    first: [both],
    next: [[agenda, ...both]],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 3,
  },
  {
    name: 'a file less',
    first: [[agenda, ...both]],
    next: [both],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 3,
  },
  {
    name: 'the same file once more',
    first: [[agenda, ...both]],
    next: [[agenda, ...both]],
    sends: [],
  },
  {
    name: 'another file of the same name',
    first: [[agenda, ...both]],
    next: [[attached('agenda.txt', 'no cake'), ...both]],
    sends: ['update alice → bob, carol: Plan U'],
  },
  {
    name: 'the file as a link, and an alarm',
    first: [[agenda, ...both]],
    next: [['LINK', 'CATEGORIES:Red', ...both]],
    sends: [],
    calls: 1,
  },
  {
    name: 'a link to elsewhere, which Exchange does not have',
    first: [both],
    next: [['ATTACH:https://example.com/agenda', ...both]],
    sends: [],
    calls: 1,
  },
  {
    name: 'a file and an attendee more: everybody hears',
    first: [[bobAttends]],
    next: [[agenda, ...both]],
    sends: ['request alice → carol: Plan U', 'update alice → bob: Plan U'],
  },
  {
    name: 'a file of one occurrence: all of the whole, which carries it',
    first: [[daily, ...both]],
    next: [
      [daily, ...both],
      [...occurrence(8), agenda, ...both],
    ],
    sends: ['update alice → bob, carol: Plan U'],
  },
  {
    name: 'a file of one’s own event',
    first: [[]],
    next: [[agenda]],
    sends: [],
    calls: 2,
  },
  {
    name: 'a file of a meeting that is over',
    first: [['DTSTART:20200605T100000Z', 'DTEND:20200605T110000Z', ...both]],
    next: [['DTSTART:20200605T100000Z', 'DTEND:20200605T110000Z', agenda, ...both]],
    sends: [],
    calls: 2,
  },
];

describe('a PUT of the organizer', () => {
  it.each(flows.map((flow, index) => ({ ...flow, uid: `f${index}` })))(
    '$name',
    async ({ uid, first, next, sends, calls }) => {
      const text = ([master = [], ...overrides]: readonly (readonly string[])[]): string =>
        meeting(uid, master, ...overrides);
      if (first) expectStatus(await place.put(uid, text(first)), 201);
      const shown = await place.get(uid);
      place.sent();
      const work = await place.calls(() =>
        place.put(
          uid,
          text(next).replace('LINK', () => linkIn(shown.text)),
        ),
      );
      expectStatus(work.value, 201, 204);
      const expected = sends.map((line) => line.replaceAll('U', uid)).toSorted();
      expect(place.sent().toSorted()).toEqual(expected);
      // One more is the refresh.
      if (calls !== undefined) expect(work.count).toBe(calls + 1);
      const held = linkIn((await place.get(uid)).text);
      expect(place.sent()).toEqual([]);
      expect(held === '').toBe(!next.flat().some((line) => line.startsWith('ATTACH') || line === 'LINK'));
    },
  );

  it('gives the attendees the file', async () => {
    expectStatus(await place.put('given', meeting('given', [agenda, ...both])), 201);
    const href = await place.find(bob, 'UID:given\r\n');
    const [, link = ''] = /:(https?:\/\/\S+)$/.exec(linkIn((await place.get(href, bob)).text)) ?? [];
    const file = await place.stage.ask('GET', new URL(link).pathname, { user: bob });
    expect([file.status, file.text]).toEqual([200, 'cake']);
  });

  it('sends nothing with EXDAV_SCHEDULING=off', async () => {
    expectStatus(await off.put('o', meeting('o', [agenda, ...both])), 201);
    expectStatus(await off.put('o', meeting('o', both)), 204);
    expect(off.sent()).toEqual([]);
  });

  it('gives no schedule-tag that a GET would not give', async () => {
    const answer = await place.put('tag', meeting('tag', [agenda, ...both]));
    const shown = await place.get('tag');
    expect([undefined, shown.headers['schedule-tag']]).toContain(answer.headers['schedule-tag']);
    expect(shown.headers['schedule-tag']).toBeDefined();
  });
});

describe('a POST', () => {
  beforeEach(() => place.sent());
  const post = (
    at: Meetings,
    uid: string,
    query: string,
    user = alice,
    path = `${calendarOf(user)}${uid}.ics`,
  ) => {
    at.stage.advance();
    const headers = { 'content-type': 'text/plain', 'content-disposition': 'attachment;filename=a.txt' };
    return at.stage.ask('POST', `${path}?${query}`, { headers, body: 'agenda', user });
  };

  it('of the organizer updates all attendees', async () => {
    expectStatus(await place.put('p', meeting('p', both)), 201);
    place.sent();
    const added = await post(place, 'p', 'action=attachment-add');
    expectStatus(added, 201);
    expect(place.sent()).toEqual(['update alice → bob, carol: Plan p']);
    const id = String(added.headers['cal-managed-id']);
    expectStatus(await post(place, 'p', `action=attachment-remove&managed-id=${id}`), 204);
    expect(place.sent()).toEqual(['update alice → bob, carol: Plan p']);
  });

  it('of an attendee is his own', async () => {
    expectStatus(await place.put('q', meeting('q', both)), 201);
    const href = await place.find(bob, 'UID:q\r\n');
    place.sent();
    expectStatus(await post(place, 'q', 'action=attachment-add', bob, href), 201);
    expect(place.sent()).toEqual([]);
  });

  it('sends nothing with EXDAV_SCHEDULING=off', async () => {
    expectStatus(await off.put('p', meeting('p', both)), 201);
    expectStatus(await post(off, 'p', 'action=attachment-add'), 201);
    expect(off.sent()).toEqual([]);
  });
});
