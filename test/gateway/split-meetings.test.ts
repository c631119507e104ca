// Events of several items and people: nobody hears of one event more than once, and where somebody would have to hear of
// several items nothing is written at all (docs/decisions/0013).
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bobAttends, carolAttends, expectStatus, meeting, openMeetings, type Meetings } from './meetings.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import { alice, bob, calendarOf, etagsBody, responsesOf } from './stage.ts';

let on: Meetings;
let off: Meetings;
let outlook: Outlook;
beforeAll(async () => {
  [on, off] = await Promise.all([openMeetings(), openMeetings({ settings: { EXDAV_SCHEDULING: 'off' } })]);
  outlook = openOutlook(on.stage.simulator.url, alice);
});
beforeEach(() => {
  on.sent();
});
afterEach(async () => {
  for (const href of await members()) expectStatus(await on.remove(href), 204);
});
afterAll(() => Promise.all([on.close(), off.close()]));

const monthly = 'RRULE:FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=6';
const daily = 'RRULE:FREQ=DAILY;COUNT=6';
const both = [bobAttends, carolAttends];

async function members({ stage } = on): Promise<string[]> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', calendarOf(alice), {
    body: etagsBody,
    headers: { depth: '1', 'content-type': 'application/xml' },
  });
  return [...responsesOf(answer).keys()].filter((href) => href !== calendarOf(alice));
}

const unfolded = (text: string): string => text.replaceAll(/\r\n[ \t]/g, '');

async function textOf(name: string): Promise<string> {
  const answer = await on.get(name);
  expectStatus(answer, 200);
  return unfolded(answer.text);
}

describe('people and an event of several items', () => {
  const dates = 'RDATE;TZID=Europe/Vienna:20350608T150000';
  const refused: readonly (readonly [string, readonly string[], readonly (readonly string[])[]])[] = [
    ['a rule of two days a month', [monthly, ...both], []],
    ['a further date', [dates, bobAttends], []],
    ['a guest of a single instance', [monthly], [[bobAttends]]],
  ];
  it.each(refused)(
    '%s: refused with the reason, nothing written, nobody told',
    async (_, lines, overrides) => {
      const instance = ['RECURRENCE-ID;TZID=Europe/Vienna:20350620T100000', ...on20];
      const text = meeting('new', lines, ...overrides.map((more) => [...instance, ...more]));
      const answer = await on.put('new', text);
      expectStatus(answer, 403);
      expect(answer.text).toMatch(/invitation of its own/);
      expect(await members()).toEqual([]);
      expect(on.sent()).toEqual([]);
    },
  );

  it('whom the client itself writes to are kept in the text, and get nothing from Exchange', async () => {
    const own = bobAttends.replace('ATTENDEE', 'ATTENDEE;SCHEDULE-AGENT=CLIENT');
    expectStatus(await on.put('agent', meeting('agent', [monthly, own])), 201);
    expect(await outlook.items('calendar')).toHaveLength(2);
    expect(await textOf('agent')).toMatch(/ATTENDEE[^\r]*SCHEDULE-AGENT=CLIENT[^\r]*bob@/);
    expect(on.sent()).toEqual([]);
  });
});

const on20 = ['DTSTART;TZID=Europe/Vienna:20350620T140000', 'DTEND;TZID=Europe/Vienna:20350620T150000'];

describe('a meeting that would become several items', () => {
  it('is refused as long as somebody would have to hear of it, and stays as it is', async () => {
    expectStatus(await on.put('m', meeting('m', [daily, ...both])), 201);
    expect(on.sent()).toEqual(['request alice → bob, carol: Plan m']);
    const before = await textOf('m');
    const answer = await on.put('m', meeting('m', [monthly]));
    expectStatus(answer, 403);
    expect(answer.text).toMatch(/take people off/);
    expect(on.sent()).toEqual([]);
    expect(await textOf('m')).toBe(before);
    // What the answer advises.
    expectStatus(await on.put('m', meeting('m', [daily])), 204);
    expect(on.sent()).toEqual(['cancellation alice → bob, carol: Canceled: Plan m']);
    expectStatus(await on.put('m', meeting('m', [monthly])), 204);
    expect(on.sent()).toEqual([]);
    expect(await members()).toHaveLength(1);
    expect(await outlook.items('calendar')).toHaveLength(2);
    expect(await textOf('m')).toContain('BYMONTHDAY=5,20');
  });

  it('becomes so where no mail ever leaves, without any', async () => {
    expectStatus(await off.put('m', meeting('m', [daily, ...both])), 201);
    expectStatus(await off.put('m', meeting('m', [monthly])), 204);
    expect(await members(off)).toHaveLength(1);
    expect(off.sent()).toEqual([]);
  });

  it('stays what its organizer says where that is somebody else', async () => {
    await openOutlook(on.stage.simulator.url, bob).invite({
      uid: 'theirs',
      date: '2035-06-05',
      to: [alice.address],
      count: 6,
    });
    on.sent();
    const href = await on.find(alice, 'Plan theirs');
    const text = (await on.get(href)).text;
    const mine = unfolded(text)
      .replace(/RRULE:[^\r]*/, monthly)
      .replaceAll(/(ORGANIZER|ATTENDEE)[^\r]*\r\n/g, '');
    const answer = await on.put(href, mine);
    expectStatus(answer, 204);
    expect(on.sent()).toEqual([]);
    expect(withoutStamps((await on.get(href)).text)).toBe(withoutStamps(text));
    expect(await outlook.items('calendar')).toHaveLength(1);
  });
});

describe('an event of several items that becomes a meeting', () => {
  it('of one item invites everybody once, however often it is sent', async () => {
    expectStatus(await on.put('s', meeting('s', [monthly])), 201);
    const invited = meeting('s', [daily, ...both]);
    expectStatus(await on.put('s', invited), 204);
    expect(on.sent()).toEqual(['request alice → bob, carol: Plan s']);
    expect(await outlook.items('calendar')).toHaveLength(1);
    expectStatus(await on.put('s', invited), 204);
    expect(on.sent()).toEqual([]);
    expectStatus(await on.remove('s'), 204);
    expect(on.sent()).toEqual(['cancellation alice → bob, carol: Canceled: Plan s']);
  });

  it('and whose other items could not be removed, invites nobody again', async () => {
    expectStatus(await on.put('s', meeting('s', [monthly])), 201);
    const invited = meeting('s', [daily, ...both]);
    on.stage.simulator.faults.on('dropped', { operation: 'DeleteItem' });
    expectStatus(await on.put('s', invited), 503);
    on.stage.simulator.faults.clear();
    expect(on.sent()).toEqual(['request alice → bob, carol: Plan s']);
    await on.stage.restart();
    expectStatus(await on.put('s', invited), 204);
    expect(on.sent()).toEqual([]);
    expect(await members()).toHaveLength(1);
    expect(await outlook.items('calendar')).toHaveLength(1);
  });
});

it('an item to which Outlook invites somebody is a meeting of its own; the rest sends nothing', async () => {
  expectStatus(await on.put('o', meeting('o', [monthly])), 201);
  const [, last] = await outlook.items('calendar');
  await outlook.setAttendees(last!, [bob.address]);
  await outlook.tell(last!, {
    element: 'CalendarItem',
    uri: 'calendar:Location',
    name: 'Location',
    value: 'There',
  });
  on.sent();
  expect(await members()).toHaveLength(2);
  // The client's text makes its whole again beside it.
  expectStatus(await on.put('o', meeting('o', [monthly])), 204);
  expect(await members()).toHaveLength(2);
  expectStatus(await on.remove('o'), 204);
  expect(on.sent()).toEqual([]);
  const [theirs = '', ...others] = await members();
  expect(others).toEqual([]);
  expect(await textOf(theirs)).toMatch(/ATTENDEE[^\r]*bob@/);
  expectStatus(await on.remove(theirs), 204);
  expect(on.sent()).toEqual(['cancellation alice → bob: Canceled: Plan o']);
});

/** What the client wrote is noted with the item: its stamps move. */
function withoutStamps(text: string): string {
  return text.replaceAll(/^(?:DTSTAMP|LAST-MODIFIED):.*\r\n/gm, '');
}
