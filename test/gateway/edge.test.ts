// The gateway's edge as a proxy, a probe and a client before sign-in see it.
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  alice,
  asCalendar,
  asXml,
  calendarOf,
  cardsOf,
  etagsBody,
  eventText,
  multigetBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { EXDAV_TRUSTED_PROXIES: '127.0.0.1' } });
  const headers = asCalendar;
  expect(
    (await stage.ask('PUT', `${calendarOf(alice)}a.ics`, { body: eventText('a'), headers })).status,
  ).toBe(201);
});
afterAll(() => stage.stop());

const nobody = (method: string, target: string, headers: Readonly<Record<string, string>> = {}) =>
  stage.ask(method, target, { user: null, headers });

describe('health', () => {
  it('is told without signing in', async () => {
    expect(await nobody('GET', '/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect(await nobody('GET', '/readyz')).toMatchObject({ status: 200, text: 'ready\n' });
  });

  it('is not ready while Exchange is away, and healthy all the same', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as { port: number };
    await new Promise((resolve) => closed.close(resolve));
    const away = await openStage({
      settings: { EXDAV_EWS_URL: `http://127.0.0.1:${port}/EWS/Exchange.asmx` },
    });
    const answer = await away.ask('GET', '/readyz', { user: null });
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('stack');
    expect((await away.ask('GET', '/healthz', { user: null })).status).toBe(200);
    const dav = await away.ask('PROPFIND', '/');
    expect(dav.status).toBe(503);
    expect(Number(dav.headers['retry-after'])).toBeGreaterThan(0);
    await away.stop();
  });

  it('answers HEAD and refuses other methods', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      expect(await nobody('HEAD', path), path).toMatchObject({ status: 200, text: '' });
      for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND']) {
        const answer = await nobody(method, path);
        expect(answer.status, `${method} ${path}`).toBe(405);
        expect(answer.headers.allow).toBe('GET, HEAD');
      }
    }
  });
});

describe('/metrics', () => {
  it('is not for those who come through a proxy', async () => {
    expect((await nobody('GET', '/metrics')).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect((await nobody('GET', '/metrics', { [header]: '192.0.2.1' })).status, header).toBe(404);
  });

  it('counts requests, calls and lookups, under names of things only', async () => {
    await stage.ask('REPORT', calendarOf(alice), {
      body: multigetBody(`${calendarOf(alice)}a.ics`),
      headers: asXml,
    });
    await stage.ask('REPORT', calendarOf(alice), {
      body: multigetBody(`${calendarOf(alice)}a.ics`),
      headers: asXml,
    });
    await stage.ask('SUBSCRIBE', calendarOf(alice));
    const { text } = await nobody('GET', '/metrics');
    expect(text).toMatch(/^exdav_dav_requests_total\{method="REPORT",status="207"\} \d+$/m);
    expect(text).toMatch(/^exdav_dav_requests_total\{method="OTHER",status="501"\} 1$/m);
    expect(text).toMatch(/^exdav_backend_calls_total\{operation="SyncFolderItems",result="[^"]+"\} \d+$/m);
    expect(text).toMatch(/^exdav_cache_lookups_total\{result="hit"\} [1-9]\d*$/m);
    expect(text).toMatch(/^exdav_cache_lookups_total\{result="miss"\} [1-9]\d*$/m);
    for (const word of ['alice', 'example.test', 'SUBSCRIBE', 'a.ics']) expect(text).not.toContain(word);
  });
});

describe('discovery', () => {
  it.each(['/.well-known/caldav', '/.well-known/carddav', '/.well-known/caldav/'])(
    '%s leads to the root for every method',
    async (path) => {
      for (const method of ['GET', 'HEAD', 'PROPFIND', 'OPTIONS']) {
        const answer = await nobody(method, path);
        expect([301, 302, 307, 308], method).toContain(answer.status);
        expect(answer.headers.location).toBe('/');
      }
    },
  );

  it('leads below the prefix that a trusted proxy tells', async () => {
    const answer = await nobody('PROPFIND', '/.well-known/caldav', { 'x-forwarded-prefix': '/dav' });
    expect(answer.headers.location).toBe('/dav/');
  });

  it('is found from the root, under the prefix', async () => {
    const body =
      '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:R="urn:ietf:params:xml:ns:carddav"><prop><current-user-principal/><C:calendar-home-set/><R:addressbook-home-set/></prop></propfind>';
    const asked = (target: string) =>
      stage.ask('PROPFIND', target, {
        body,
        headers: { ...asXml, depth: '0', 'x-forwarded-prefix': '/dav' },
      });
    expect((await asked('/')).text).toContain(`<D:href>/dav/principals/${alice.address}/</D:href>`);
    const principal = await asked(`/principals/${alice.address}/`);
    expect(principal.text).toContain(`<D:href>/dav/calendars/${alice.address}/</D:href>`);
    expect(principal.text).toContain(`<D:href>/dav/addressbooks/${alice.address}/</D:href>`);
    // The proxy may have left the prefix in the path.
    expect((await asked(`/dav/principals/${alice.address}/`)).status).toBe(207);
  });

  it('asks everybody to sign in, in UTF-8, before anything is told', async () => {
    for (const [method, path] of [
      ['OPTIONS', '/'],
      ['OPTIONS', calendarOf(alice)],
      ['PROPFIND', '/'],
      ['PROPFIND', '/calendars/nobody@example.test/'],
      ['GET', '/'],
      ['PUT', `${calendarOf(alice)}x.ics`],
      ['REPORT', cardsOf(alice)],
      ['MKCOL', '/x'],
      ['SUBSCRIBE', '/'],
    ] as const) {
      const answer = await nobody(method, path);
      expect(answer.status, `${method} ${path}`).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Basic realm="Exdav", charset="UTF-8"');
      expect(answer.headers['x-request-id']).toBeDefined();
    }
  });
});

describe('answers', () => {
  it('to HEAD have the length of GET and nothing else', async () => {
    for (const target of [
      `${calendarOf(alice)}a.ics`,
      calendarOf(alice),
      cardsOf(alice),
      '/',
      `/principals/${alice.address}/`,
    ]) {
      const get = await stage.ask('GET', target);
      const head = await stage.ask('HEAD', target);
      expect(head, target).toMatchObject({ status: get.status, text: '' });
      expect(head.headers['content-length'], target).toBe(String(Buffer.byteLength(get.text)));
      expect(head.headers['etag']).toBe(get.headers['etag']);
    }
    const missing = await stage.ask('HEAD', `${calendarOf(alice)}none.ics`);
    expect(missing).toMatchObject({ status: 404, text: '' });
  });

  it('to methods that are not for the place are 405 with Allow', async () => {
    for (const [method, target] of [
      ['PUT', '/'],
      ['MKCALENDAR', calendarOf(alice)],
      ['REPORT', '/feedsx/'],
      ['PROPPATCH', `${calendarOf(alice)}a.ics/`],
      ['POST', `/principals/${alice.address}/`],
      ['COPY', `/calendars/${alice.address}/`],
    ] as const) {
      const answer = await stage.ask(method, target, { headers: { destination: '/x' } });
      expect([403, 404, 405, 207, 400], `${method} ${target}`).toContain(answer.status);
      if (answer.status === 405) expect(answer.headers.allow).toContain('PROPFIND');
    }
  });

  it('come for each of many requests on one connection, in order', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        stage.ask('PROPFIND', calendarOf(alice), {
          body: etagsBody,
          headers: { ...asXml, depth: String(index % 2) },
        }),
      ),
    );
    expect(new Set(answers.map(({ headers }) => headers['x-request-id'])).size).toBe(40);
    for (const [index, answer] of answers.entries()) expect(responsesOf(answer).size).toBe(1 + (index % 2));
  });
});

describe('what the gateway writes of its users', () => {
  it('has no address, name, text or password, whatever they did', async () => {
    const body = eventText('very-own-uid', 'SUMMARY:Very own words', 'LOCATION:Own place');
    await stage.ask('PUT', `${calendarOf(alice)}very-own.ics`, { body, headers: asCalendar });
    await stage.ask('GET', `${calendarOf(alice)}very-own.ics`);
    await stage.ask('GET', `${calendarOf(alice)}missing-own.ics`);
    await stage.ask('PUT', `${calendarOf(alice)}bad.ics`, {
      body: `${body}Very own words`,
      headers: asCalendar,
    });
    await stage.ask('PROPFIND', '/', { user: { ...alice, password: 'own-password' } });
    stage.simulator.faults.on('html-500', { count: 9 });
    await stage.ask('PROPFIND', calendarOf(alice), { headers: { ...asXml, depth: '1' } });
    stage.simulator.faults.clear();
    await stage.ask('DELETE', `${calendarOf(alice)}very-own.ics`);
    const { text } = await nobody('GET', '/metrics');
    for (const word of [
      'alice',
      'example.test',
      'ery own',
      'ery-own',
      'Own place',
      'own-password',
      'YWxpY2',
      'missing-own',
    ]) {
      expect(stage.log(), word).not.toContain(word);
      expect(text, word).not.toContain(word);
    }
    // Lines are JSON, each request has one, accounts are told apart by a keyed hash.
    const lines = stage.lines().filter(({ msg }) => msg === 'request');
    expect(
      lines.every((line) => typeof line['requestId'] === 'string' && typeof line['ms'] === 'number'),
    ).toBe(true);
    expect(new Set(lines.flatMap(({ account }) => account ?? [])).size).toBe(1);
  });
});
