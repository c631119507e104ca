// Events that Exchange cannot hold as one series, through the whole stack: one member for DAV clients, several items in Outlook.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { compareTexts } from '../fidelity/compare.ts';
import { openOutlook, type Outlook, type OutlookItem } from './outlook.ts';
import {
  alice,
  type Answer,
  asCalendar,
  asXml,
  calendarOf,
  calendarText,
  etagsBody,
  multigetBody,
  openStage,
  responsesOf,
  type Stage,
  syncBody,
  syncTokenIn,
} from './stage.ts';

let stage: Stage;
let outlook: Outlook;
const calendar = calendarOf(alice);
const second = calendarOf(alice, 'second');

beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
  expect((await stage.ask('MKCALENDAR', second)).status).toBe(201);
});
afterEach(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  // A copy takes over the name of what goes.
  for (const folder of [calendar, second, calendar, second])
    for (const [href] of await listing(folder)) await stage.ask('DELETE', href);
  expect(await outlook.items('calendar')).toEqual([]);
});
afterAll(() => stage.stop());

const berlin = (name: string, wall: string): string => `${name};TZID=Europe/Berlin:${wall}`;
const plain = ['UID:u', 'DTSTAMP:20260101T000000Z'];

function text(lines: readonly string[], ...overrides: readonly (readonly string[])[]): string {
  const component = (each: readonly string[]): string[] => ['BEGIN:VEVENT', ...plain, ...each, 'END:VEVENT'];
  return calendarText(...component(lines), ...overrides.flatMap(component));
}

const times = [berlin('DTSTART', '20261201T090000'), berlin('DTEND', '20261201T100000')];
const twice = (...more: string[]): string =>
  text([...times, 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15', 'SUMMARY:Twice', 'X-OWN;X-P=1:kept', ...more]);
const dates = (...more: string[]): string =>
  text([...times, berlin('RDATE', '20261203T090000,20261207T170000'), 'SUMMARY:Dates', ...more]);

async function put(
  body: string,
  headers: Readonly<Record<string, string>> = {},
  href = `${calendar}u.ics`,
): Promise<Answer> {
  return stage.ask('PUT', href, { body, headers: { ...asCalendar, ...headers } });
}

/** After everything that counts as fresh. */
async function get(href = `${calendar}u.ics`): Promise<string> {
  stage.advance();
  const answer = await stage.ask('GET', href);
  expect(answer.status, answer.text).toBe(200);
  return answer.text;
}

async function listing(folder = calendar): Promise<Map<string, string>> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', folder, { body: etagsBody, headers: { ...asXml, depth: '1' } });
  return new Map(
    [...responsesOf(answer)].flatMap(([href, { etag }]) => (href === folder ? [] : [[href, etag]])),
  );
}

function differences(sent: string, got: string): string[] {
  const { changed, lost, added } = compareTexts(sent, got);
  return [...changed, ...lost, ...added].map(({ path, sent = '', got = '' }) => `${path}: ${sent} → ${got}`);
}

async function callsOf(
  work: () => Promise<Answer>,
  ...statuses: readonly number[]
): Promise<Record<string, number>> {
  stage.simulator.resetCalls();
  const answer = await work();
  expect(statuses, answer.text).toContain(answer.status);
  return stage.simulator.calls();
}

const items = (): Promise<readonly OutlookItem[]> => outlook.items('calendar');
const unfolded = (text: string): string => text.replaceAll(/\r\n[ ]/g, '');

describe('an event of several items', () => {
  it('is made by one call, and is one member that says what the client said', async () => {
    stage.advance();
    const calls = await callsOf(() => put(twice(), { 'if-none-match': '*' }), 201);
    expect(calls).toEqual({ SyncFolderItems: 1, CreateItem: 1 });
    expect((await items()).map(({ subject }) => subject)).toEqual(['Twice', 'Twice']);
    expect(differences(twice(), await get())).toEqual([]);
    const before = await listing();
    expect([...before.keys()]).toEqual([`${calendar}u.ics`]);
    await stage.restart();
    expect(await listing()).toEqual(before);
    expect(differences(twice(), await get())).toEqual([]);
    const uids = stage.sent.flatMap((sent) =>
      [...sent.matchAll(/<t:UID>(.*?)<\/t:UID>/g)].map(([, uid]) => uid),
    );
    expect(new Set(uids).size).toBe(uids.length);
  });

  it('is changed by one call, in what was changed only', async () => {
    await put(twice());
    const before = await get();
    stage.advance();
    stage.sent.length = 0;
    const changed = before.replace('SUMMARY:Twice', 'SUMMARY:Other');
    expect(await callsOf(() => put(changed), 204)).toEqual({ SyncFolderItems: 1, UpdateItem: 1 });
    const fields = stage.sent.flatMap((sent) =>
      [...sent.matchAll(/FieldURI="([^"]*)"/g)].map(([, uri]) => uri),
    );
    expect(
      fields.filter((uri) => !uri?.match(/Start|End|UID|Recurr|IsAllDay|CalendarItemType|IsMeeting/)),
    ).toEqual(['item:Subject', 'item:Subject']);
    expect(differences(changed, await get())).toEqual([]);
    expect((await items()).map(({ subject }) => subject)).toEqual(['Other', 'Other']);
  });

  it('has its changed and cancelled instances written together', async () => {
    const body = text(
      [
        ...times,
        'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15',
        'SUMMARY:Twice',
        ...['0201', '0215', '0301', '0315'].map((day) => berlin('EXDATE', `2027${day}T090000`)),
      ],
      ...['20270101', '20270115', '20270401', '20270415'].map((day) => [
        berlin('RECURRENCE-ID', `${day}T090000`),
        berlin('DTSTART', `${day}T110000`),
        berlin('DTEND', `${day}T120000`),
        `SUMMARY:On ${day}`,
      ]),
    );
    stage.advance();
    const calls = await callsOf(() => put(body), 201);
    expect(calls).toEqual({ SyncFolderItems: 1, CreateItem: 1, GetItem: 2, DeleteItem: 1, UpdateItem: 1 });
    expect(differences(body, await get())).toEqual([]);
    const back = twice();
    expect((await put(back)).status).toBe(204);
    expect(differences(back, await get())).toEqual([]);
  });

  it('gets more and fewer items, becomes one and several again, each in a few calls', async () => {
    const rule = (days: string): string => twice().replace('BYMONTHDAY=1,15', `BYMONTHDAY=${days}`);
    const steps = [
      ['1,15', 2],
      ['1,15,20', 3],
      ['1,20', 2],
      ['1', 1],
      ['1,10,20,25', 4],
      ['1,2,3,4,5,6,7,8,9,10,11,12', 12],
    ] as const;
    for (const [days, count] of steps) {
      stage.advance();
      const calls = await callsOf(() => put(rule(days)), 201, 204);
      const sum = Object.values(calls).reduce((so, each) => so + each, 0);
      expect(sum, JSON.stringify(calls)).toBeLessThanOrEqual(5);
      expect(await items()).toHaveLength(count);
      expect(differences(rule(days), await get())).toEqual([]);
      expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    }
    stage.advance();
    expect(await callsOf(() => stage.ask('DELETE', `${calendar}u.ics`), 204)).toEqual({ DeleteItem: 1 });
    expect(await items()).toEqual([]);
  });

  it('moves and is copied whole', async () => {
    await put(twice());
    const before = await get();
    stage.advance();
    const move = (from: string, to: string, verb = 'MOVE') =>
      stage.ask(verb, from, { headers: { destination: to } });
    const calls = await callsOf(() => move(`${calendar}u.ics`, `${second}moved.ics`), 201);
    expect(calls).toMatchObject({ UpdateItem: 1, MoveItem: 1, GetItem: 1 });
    expect(differences(before, await get(`${second}moved.ics`))).toEqual([]);
    expect(await items()).toEqual([]);
    stage.advance();
    expect((await move(`${second}moved.ics`, `${second}renamed.ics`)).status).toBe(201);
    expect([...(await listing(second)).keys()]).toEqual([`${second}renamed.ics`]);
    expect((await move(`${second}renamed.ics`, `${calendar}copy.ics`, 'COPY')).status).toBe(201);
    expect(differences(before, await get(`${calendar}copy.ics`))).toEqual([]);
    expect(await items()).toHaveLength(2);
    await stage.restart();
    expect([...(await listing()).keys()]).toEqual([`${calendar}copy.ics`]);
    expect(differences(before, await get(`${second}renamed.ics`))).toEqual([]);
  });

  it('is found in time, expanded and busy as the client’s own rule says', async () => {
    await put(twice());
    await put(dates().replaceAll('UID:u', 'UID:d'), {}, `${calendar}d.ics`);
    const query = (from: string, to: string, data: string): string =>
      `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/>${data}</D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="${from}" end="${to}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
    const ask = async (from: string, to: string) =>
      responsesOf(
        await stage.ask('REPORT', calendar, {
          body: query(from, to, `<C:calendar-data><C:expand start="${from}" end="${to}"/></C:calendar-data>`),
          headers: { ...asXml, depth: '1' },
        }),
      );
    const startsIn = (data = ''): string[] =>
      [...data.matchAll(/DTSTART:(\S+)/g)].map(([, start]) => start!).sort();
    const found = await ask('20301201T000000Z', '20310101T000000Z');
    expect([...found.keys()]).toEqual([`${calendar}u.ics`]);
    expect(startsIn(found.get(`${calendar}u.ics`)?.data)).toEqual(['20301201T080000Z', '20301215T080000Z']);
    const both = await ask('20261203T000000Z', '20261216T000000Z');
    expect(startsIn(both.get(`${calendar}d.ics`)?.data)).toEqual(['20261203T080000Z', '20261207T160000Z']);
    expect(startsIn(both.get(`${calendar}u.ics`)?.data)).toEqual(['20261215T080000Z']);
    expect((await ask('20261220T000000Z', '20261221T000000Z')).size).toBe(0);
    const busy = await stage.ask('REPORT', calendar, {
      body: '<C:free-busy-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:time-range start="20261201T000000Z" end="20261216T000000Z"/></C:free-busy-query>',
      headers: { ...asXml, depth: '1' },
    });
    expect(unfolded(busy.text).match(/2026\d{4}T\d{6}Z\/2026\d{4}T\d{6}Z/g)).toHaveLength(4);
    expect((await get(calendar)).match(/BEGIN:VEVENT/g)).toHaveLength(2);
  });

  it('is guarded whole by If-Match', async () => {
    await put(twice());
    const before = (await listing()).get(`${calendar}u.ics`) ?? '';
    const [, last] = await items();
    await outlook.rename(last!, 'Outlook');
    stage.advance();
    expect((await put(twice('LOCATION:Here'), { 'if-match': before })).status).toBe(412);
    expect((await stage.ask('DELETE', `${calendar}u.ics`, { headers: { 'if-match': before } })).status).toBe(
      412,
    );
    const now = (await listing()).get(`${calendar}u.ics`) ?? '';
    expect((await put(twice('LOCATION:Here'), { 'if-match': now })).status).toBe(204);
    expect((await items()).map(({ subject }) => subject)).toEqual(['Twice', 'Twice']);
  });

  it('keeps a UID that is too long for a tag', async () => {
    const body = twice().replace('UID:u', `UID:${'long-'.repeat(60)}`);
    expect((await put(body)).status).toBe(201);
    expect(await items()).toHaveLength(2);
    await stage.restart();
    expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    expect(differences(body, await get())).toEqual([]);
    const other = body.replace('1,15', '1,15,20').replace('SUMMARY:Twice', 'SUMMARY:Other');
    for (const next of [other, other.replace('1,15,20', '5'), body]) {
      expect((await put(next)).status).toBe(204);
      expect(differences(next, await get())).toEqual([]);
      expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    }
    const [, last] = await items();
    await outlook.remove(last!);
    expect(await listing()).toHaveProperty('size', 1);
    const [[now = ''] = []] = await listing();
    expect(unfolded(await get(now))).toMatch(/RRULE:FREQ=MONTHLY;BYMONTHDAY=1\r\n/);
    expect([201, 204]).toContain((await put(body)).status);
    expect(differences(body, await get())).toEqual([]);
    expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    expect(await items()).toHaveLength(2);
  });

  it('is refused where each part would be an invitation, and where a task would be several', async () => {
    const meeting = twice('ORGANIZER:mailto:alice@example.test', 'ATTENDEE:mailto:bob@example.test');
    expect(await put(meeting)).toMatchObject({ status: 403, text: expect.stringMatching(/invitation/) });
    const task = calendarText(
      'BEGIN:VTODO',
      ...plain,
      'DTSTART;VALUE=DATE:20261201',
      'DUE;VALUE=DATE:20261201',
      'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15',
      'END:VTODO',
    );
    const answer = await put(task, {}, `${calendarOf(alice, 'tasks')}t.ics`);
    expect(answer).toMatchObject({ status: 403, text: expect.stringMatching(/one day a month/) });
    expect((await put(twice())).status).toBe(201);
    expect((await put(meeting)).status).toBe(403);
    expect(differences(twice(), await get())).toEqual([]);
  });
});

describe('what Outlook does with one of the items', () => {
  const sync = (token = '') => stage.ask('REPORT', calendar, { body: syncBody(token), headers: asXml });

  it('is a change of one member for who synchronises, read in one call more', async () => {
    await put(twice());
    stage.advance();
    const token = syncTokenIn(await sync());
    const [, last] = await items();
    await outlook.rename(last!, 'From Outlook');
    stage.advance();
    let answer: Answer | undefined;
    const calls = await callsOf(async () => (answer = await sync(token)), 207);
    expect(calls).toEqual({ SyncFolderItems: 1, GetItem: 1 });
    const [[href, { etag }] = ['', { etag: '' }], ...others] = responsesOf(answer!);
    expect([href, others]).toEqual([`${calendar}u.ics`, []]);
    // What was read to know that it is whole is not read again.
    const read = await callsOf(
      () => stage.ask('REPORT', calendar, { body: multigetBody(href), headers: asXml }),
      207,
    );
    expect(read).toEqual({});
    const shown = await get();
    expect(differences(twice().replace('SUMMARY:Twice', 'SUMMARY:From Outlook'), shown)).toEqual([]);
    expect((await listing()).get(href)).toBe(etag);
    // The next write makes all parts equal.
    await put(shown.replace('X-OWN;X-P=1:kept', 'X-OWN:other'));
    expect((await items()).map(({ subject }) => subject)).toEqual(['From Outlook', 'From Outlook']);
  });

  it('with an occurrence is a changed or a cancelled instance of the whole', async () => {
    await put(twice());
    const [first, last] = await items();
    await outlook.renameOccurrence(last!, 2, 'Once');
    await outlook.removeOccurrence(first!, 3);
    const shown = unfolded(await get());
    expect(shown).toContain('RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15');
    expect(shown).toContain(berlin('RECURRENCE-ID', '20270115T090000'));
    expect(shown).toContain('SUMMARY:Once');
    expect(shown).toContain(berlin('EXDATE', '20270201T090000'));
    expect((await put(shown)).status).toBe(204);
    expect(differences(shown, await get())).toEqual([]);
  });

  it('with a single one is a moved or a cancelled instance of the whole', async () => {
    await put(dates());
    const [, middle, last] = await items();
    await outlook.set(middle!, {
      element: 'CalendarItem',
      uri: 'calendar:End',
      name: 'End',
      value: '2026-12-03T12:00:00Z',
    });
    await outlook.remove(last!);
    const shown = unfolded(await get());
    for (const date of ['20261203T090000', '20261207T170000']) expect(shown).toContain(berlin('RDATE', date));
    expect(shown).toContain(berlin('RECURRENCE-ID', '20261203T090000'));
    expect(shown).toContain(berlin('DTEND', '20261203T130000'));
    expect(shown).toContain(berlin('EXDATE', '20261207T170000'));
    expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    expect((await put(dates())).status).toBe(204);
    expect(differences(dates(), await get())).toEqual([]);
    expect(await items()).toHaveLength(3);
  });

  it('with the pattern ends the whole: each is an event of its own, until it is as it was', async () => {
    await put(twice());
    const whole = await listing();
    const token = syncTokenIn(await sync());
    const [, last] = await items();
    await outlook.repeatDaily(last!, '2026-12-15');
    stage.advance();
    const delta = responsesOf(await sync(token));
    expect(delta.size).toBe(2);
    const apart = await listing();
    expect(apart.size).toBe(2);
    const other = [...apart.keys()].find((href) => !whole.has(href)) ?? '';
    expect(unfolded(await get())).toMatch(/RRULE:FREQ=MONTHLY;BYMONTHDAY=1\r\n/);
    expect(unfolded(await get())).toContain('X-OWN;X-P=1:kept');
    const text = unfolded(await get(other));
    expect(text).toContain('RRULE:FREQ=DAILY;COUNT=10');
    expect(text).not.toContain('UID:u\r\n');
    // The same without a ledger.
    await stage.restart();
    expect(await listing()).toEqual(apart);
    // Each can be changed alone, and then is nobody's part.
    expect((await put(text.replace('SUMMARY:Twice', 'SUMMARY:Alone'), {}, other)).status).toBe(204);
    expect(unfolded(await get(other))).toContain('SUMMARY:Alone');
    expect(unfolded(await get())).toContain('SUMMARY:Twice');
    // And the client's own text makes the whole again, without doubling it.
    expect((await put(twice())).status).toBe(204);
    expect(differences(twice(), await get())).toEqual([]);
    expect((await listing()).size).toBe(2);
    expect(await items()).toHaveLength(3);
  });

  it('with the removal of a series ends the whole, and its client’s text brings it back', async () => {
    await put(twice().replace('1,15', '1,15,20'));
    const [first, middle] = await items();
    await outlook.remove(middle!);
    const apart = await listing();
    expect(apart.size).toBe(2);
    expect((await put(twice().replace('1,15', '1,15,20'))).status).toBe(204);
    expect((await listing()).size).toBe(1);
    expect(await items()).toHaveLength(3);
    // The first bears what is kept of the client's text.
    await outlook.remove(first!);
    expect((await listing()).size).toBe(2);
    expect((await listing()).has(`${calendar}u.ics`)).toBe(false);
  });

  it('with a copy makes an event of its own, here and in another folder', async () => {
    await put(twice());
    const before = await get();
    const [, last] = await items();
    await outlook.copy(last!, 'calendar');
    await outlook.copy(last!, (await outlook.folders()).get('second') ?? '');
    expect((await listing()).size).toBe(2);
    expect(differences(before, await get())).toEqual([]);
    expect((await listing(second)).size).toBe(1);
    const [[there = ''] = []] = await listing(second);
    expect(unfolded(await get(there))).toMatch(/RRULE:FREQ=MONTHLY;BYMONTHDAY=15\r\n/);
  });

  it('with all of them moves the event', async () => {
    await put(twice());
    const before = await get();
    const target = (await outlook.folders()).get('second') ?? '';
    const [first, last] = await items();
    await outlook.move(last!, target);
    expect((await listing()).size).toBe(1);
    expect((await listing(second)).size).toBe(1);
    await outlook.move(first!, target);
    expect((await listing()).size).toBe(0);
    expect([...(await listing(second)).keys()]).toEqual([`${second}u.ics`]);
    expect(differences(before, await get(`${second}u.ics`))).toEqual([]);
  });

  it('with the one that bears the text is the whole again when a client moves that back', async () => {
    await put(dates());
    const [first] = await items();
    const before = await get();
    await outlook.move(first!, (await outlook.folders()).get('second') ?? '');
    expect((await listing()).size).toBe(2);
    const [[there = ''] = []] = await listing(second);
    const moved = await stage.ask('MOVE', there, { headers: { destination: `${calendar}u.ics` } });
    expect(moved.status, moved.text).toBe(201);
    const joined = await listing();
    expect([...joined.keys()]).toEqual([`${calendar}u.ics`]);
    expect(differences(before, await get())).toEqual([]);
    await stage.restart();
    expect(await listing()).toEqual(joined);
  });
});

describe('a write that breaks midway', () => {
  const more = twice().replace('1,15', '2,16,20');
  const fewer = twice().replace('1,15', '3');
  const breaks = [
    ['CreateItem', 'dropped-after', undefined, twice()],
    ['CreateItem', 'dropped', undefined, twice()],
    ['UpdateItem', 'dropped-after', twice(), more],
    ['CreateItem', 'dropped', twice(), more],
    ['CreateItem', 'dropped-after', twice(), more],
    ['DeleteItem', 'dropped', more, twice()],
    ['DeleteItem', 'dropped', more, fewer],
    ['DeleteItem', 'dropped-after', more, fewer],
    ['UpdateItem', 'dropped', more, fewer],
  ] as const;

  it.each(breaks)(
    '%s %s: the same PUT again gives the whole, and nothing twice',
    async (operation, kind, first, then) => {
      if (first !== undefined) expect((await put(first)).status).toBe(201);
      stage.advance();
      stage.simulator.faults.on(kind, { operation });
      const broken = await put(then);
      stage.simulator.faults.clear();
      expect(broken.status).toBe(503);
      await stage.restart();
      expect([201, 204]).toContain((await put(then)).status);
      expect(differences(then, await get())).toEqual([]);
      expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
      expect(await items()).toHaveLength({ [twice()]: 2, [more]: 4, [fewer]: 2 }[then] ?? 0);
    },
  );

  it('one item that Exchange never takes leaves nothing behind', async () => {
    stage.simulator.faults.on('refused', { operation: 'CreateItem' });
    const answer = await put(twice());
    stage.simulator.faults.clear();
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await items()).toEqual([]);
  });

  it('a conflict on one item is 412, and the text put again is the whole', async () => {
    await put(twice());
    await get();
    const etag = (await listing()).get(`${calendar}u.ics`) ?? '';
    stage.simulator.faults.on('conflict', { operation: 'UpdateItem', count: 1 });
    expect((await put(more, { 'if-match': etag })).status).toBe(412);
    stage.simulator.faults.clear();
    expect((await put(more)).status).toBe(204);
    expect(differences(more, await get())).toEqual([]);
    expect([...(await listing()).keys()]).toEqual([`${calendar}u.ics`]);
    expect(await items()).toHaveLength(4);
  });
});
