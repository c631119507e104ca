// The borders between access identities in one process with one store and one cache (DESIGN §4, §9): nobody reads by another's
// right, and a refused password is not tried again.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import {
  alice,
  asCalendar,
  asXml,
  bob,
  calendarOf,
  carol,
  etagsBody,
  eventText,
  multigetBody,
  openStage,
  responsesOf,
  type Stage,
  syncBody,
  syncTokenIn,
  type User,
} from './stage.ts';

const listTrustMs = 3_600_000;
const depth1 = { ...asXml, depth: '1' };

function bobsCalendar(stage: Stage) {
  return folderOf(stage.simulator.world.mailboxes.get(bob.address)!, 'calendar');
}

async function held(stage: Stage, user: User, name: string, ...lines: readonly string[]): Promise<void> {
  const answer = await stage.ask('PUT', `${calendarOf(user)}${name}.ics`, {
    body: eventText(name, ...lines),
    headers: asCalendar,
    user,
  });
  expect(answer.status, answer.text).toBe(201);
}

describe('two users and one who may read the other', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await held(stage, alice, 'of-alice', 'SUMMARY:Alpha');
    await held(stage, bob, 'of-bob', 'SUMMARY:Bravo');
    await held(stage, bob, 'secret-of-bob', 'SUMMARY:Confidential', 'CLASS:PRIVATE');
  });
  afterAll(() => stage.stop());

  const listed = async (path: string, user: User): Promise<readonly string[]> => {
    const answer = await stage.ask('PROPFIND', path, { body: etagsBody, headers: depth1, user });
    expect(answer.status, answer.text).toBe(207);
    return [...responsesOf(answer).keys()].filter((href) => href !== path);
  };

  it('each sees the own calendar, whatever the other has just read', async () => {
    for (const user of [alice, bob, alice, bob]) {
      const feed = await stage.ask('GET', calendarOf(user), { user });
      expect(feed.text).toContain(user === alice ? 'Alpha' : 'Bravo');
      expect(feed.text).not.toContain(user === alice ? 'Bravo' : 'Alpha');
    }
  });

  it("answers 404 for the other's calendar while nothing is granted, with a warm cache too", async () => {
    await listed(calendarOf(bob), bob);
    for (const [method, path, body] of [
      ['PROPFIND', calendarOf(bob), etagsBody],
      ['PROPFIND', `/calendars/${bob.address}/`, etagsBody],
      ['GET', `${calendarOf(bob)}of-bob.ics`, undefined],
      ['REPORT', calendarOf(bob), multigetBody(`${calendarOf(bob)}of-bob.ics`)],
      ['DELETE', `${calendarOf(bob)}of-bob.ics`, undefined],
    ] as const) {
      const answer = await stage.ask(method, path, { headers: depth1, ...(body && { body }) });
      expect(answer.status, `${method} ${path} ${answer.text}`).toBe(404);
      expect(answer.text).not.toContain('Bravo');
    }
  });

  it('tells of his principal what the directory tells everybody: no home, no collection', async () => {
    const body =
      '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><allprop/><include><C:calendar-home-set/><C:schedule-inbox-URL/></include></propfind>';
    const answer = await stage.ask('PROPFIND', `/principals/${bob.address}/`, { body, headers: depth1 });
    expect(answer.status, answer.text).toBe(207);
    expect(answer.text).not.toContain(`/calendars/${bob.address}`);
    expect(answer.text).not.toContain('calendar-proxy');
  });

  it("gives nothing of another's collection through hrefs in a multiget of the own", async () => {
    const foreign = `${calendarOf(bob)}of-bob.ics`;
    const answer = await stage.ask('REPORT', calendarOf(alice), {
      body: multigetBody(foreign),
      headers: asXml,
    });
    expect(answer.text).not.toContain('Bravo');
    expect(responsesOf(answer).get(foreign)?.status).toBe(404);
  });

  it('gives a delegate his own view, token and ledger', async () => {
    grant(bobsCalendar(stage), alice.address, levels.reviewer);
    stage.advance(listTrustMs);
    await stage.ask('GET', calendarOf(bob), { user: bob });
    const seen = await stage.ask('GET', calendarOf(bob));
    expect(seen.text).toContain('Bravo');
    expect(seen.text).not.toContain('Confidential');
    expect((await stage.ask('GET', calendarOf(bob), { user: bob })).text).toContain('Confidential');

    const tokens = await Promise.all(
      [alice, bob].map(async (user) =>
        syncTokenIn(await stage.ask('REPORT', calendarOf(bob), { body: syncBody(), headers: asXml, user })),
      ),
    );
    expect(tokens.every((token) => token !== '')).toBe(true);
    const third = await stage.ask('PROPFIND', calendarOf(bob), { headers: depth1, user: carol });
    expect(third.status).toBe(404);
  });

  it('takes the delegate out at once when the grant ends', async () => {
    grant(bobsCalendar(stage), alice.address, levels.none);
    stage.advance();
    for (const [method, path] of [
      ['GET', `${calendarOf(bob)}of-bob.ics`],
      ['GET', calendarOf(bob)],
      ['PROPFIND', calendarOf(bob)],
    ] as const) {
      const answer = await stage.ask(method, path, { headers: depth1 });
      expect([403, 404], `${method} ${answer.status} ${answer.text}`).toContain(answer.status);
      expect(answer.text).not.toContain('Bravo');
    }
    expect((await stage.ask('GET', `${calendarOf(bob)}of-bob.ics`, { user: bob })).status).toBe(200);
  });

  it('keeps the etags of one away from the other', async () => {
    const own = await stage.ask('GET', `${calendarOf(alice)}of-alice.ics`);
    const again = await stage.ask('GET', `${calendarOf(bob)}of-bob.ics`, {
      user: bob,
      headers: { 'if-none-match': own.headers.etag! },
    });
    expect(again.status).toBe(200);
  });
});

describe('passwords', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage({ settings: { EXDAV_DOMAIN: 'example.test' } });
    return () => stage.stop();
  });
  const ask = (user: User) =>
    stage.ask('PROPFIND', calendarOf(alice), { body: etagsBody, headers: depth1, user });
  const wrong = { ...alice, password: 'not it' };

  it('a wrong one is 401 although the cache is warm', async () => {
    await held(stage, alice, 'warm');
    expect((await ask(alice)).status).toBe(207);
    const refused = await ask(wrong);
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Basic realm="Exdav", charset="UTF-8"');
    expect((await ask(alice)).status).toBe(207);
  });

  it('a refused one is not tried again, by nobody and at no path', async () => {
    for (const path of [calendarOf(alice), '/', `/principals/${alice.address}/`, calendarOf(bob)]) {
      const answers = await Promise.all(
        Array.from({ length: 5 }, () => stage.ask('PROPFIND', path, { headers: depth1, user: wrong })),
      );
      expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    }
    expect(stage.simulator.refusedSignIns()).toBe(1);
    // Another spelling of the same account is the same password in vain.
    expect((await ask({ ...wrong, address: alice.address.toUpperCase() })).status).toBe(401);
    expect(stage.simulator.refusedSignIns()).toBe(1);
  });

  it('a refused one does not keep the right one out', async () => {
    await ask(wrong);
    expect((await ask(alice)).status).toBe(207);
  });

  it('one that is changed on Exchange meanwhile is tried once and no more', async () => {
    expect((await ask(alice)).status).toBe(207);
    const mailbox = stage.simulator.world.mailboxes.get(alice.address)!;
    stage.simulator.world.mailboxes.set(alice.address, { ...mailbox, password: 'new' });
    stage.advance();
    for (let times = 0; times < 5; times += 1) {
      expect((await ask(alice)).status).toBe(401);
      stage.advance();
    }
    expect(stage.simulator.refusedSignIns()).toBe(1);
    expect((await ask({ ...alice, password: 'new' })).status).toBe(207);
  });

  it.each([
    ['user@domain', alice.address],
    ['a name in other case', 'Alice@Example.Test'],
    ['DOMAIN\\user', 'EXAMPLE\\alice'],
    ['a plain user with EXDAV_DOMAIN', 'alice'],
  ])('%s signs in and is alice', async (_, address) => {
    await held(stage, alice, 'known');
    const user = { address, password: 'alice' };
    const answer = await stage.ask('PROPFIND', '/', {
      body: '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>',
      headers: { ...asXml, depth: '0' },
      user,
    });
    expect(answer.text).toContain(`/principals/${alice.address}/`);
    expect((await stage.ask('GET', `${calendarOf(alice)}known.ics`, { user })).status).toBe(200);
  });

  it.each([
    ['no header', undefined],
    ['another scheme', 'Bearer abc'],
    ['no password', `Basic ${Buffer.from(`${alice.address}:`).toString('base64')}`],
    ['no user', `Basic ${Buffer.from(':alice').toString('base64')}`],
    ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`],
    ['garbage', 'Basic ????'],
    ['a line break in the name', `Basic ${Buffer.from('alice\r\nx:alice').toString('base64')}`],
  ])('%s is 401 and nothing is tried', async (_, authorization) => {
    const headers = { ...depth1, ...(authorization === undefined ? {} : { authorization }) };
    const answer = await stage.ask('PROPFIND', calendarOf(alice), { headers, user: null });
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('charset="UTF-8"');
    expect(stage.simulator.calls()).toEqual({});
    expect(stage.simulator.refusedSignIns()).toBe(0);
  });
});
