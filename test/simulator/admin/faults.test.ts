// Faults for one account, one operation, after n calls; below, in and after SOAP (BEHAVIOUR §1, §14).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { answerLimits, childOf, parseXml, textOf } from '../../../src/xml/index.ts';
import {
  call,
  codeOf,
  createEvent,
  envelope,
  folder,
  get,
  getItemBody,
  idOf,
  path,
  post,
  start,
  startUnjudged,
  sync,
} from '../soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const getFolder = (id = 'calendar'): string =>
  `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>${folder(id)}</m:FolderIds></m:GetFolder>`;
const outcome = (body = getFolder(), user = 'alice'): Promise<string> =>
  post(sim, body, { user }).then(
    async (response) => {
      const text = await response.text().catch(() => undefined);
      if (text === undefined) return 'broken off';
      if (response.status !== 200) return String(response.status);
      try {
        parseXml(text, answerLimits);
        return 'answer';
      } catch {
        return 'no XML';
      }
    },
    () => 'no answer',
  );

describe('which calls are struck', () => {
  it('only those of one account, of one operation, after so many, so many times', async () => {
    sim.faults.on('html-503', { mailbox: 'Bob@example.test', operation: 'GetFolder', after: 1, count: 2 });
    expect(await outcome(getFolder(), 'alice')).toBe('answer');
    const seen = [];
    for (let time = 0; time < 4; time += 1) seen.push(await outcome(getFolder(), 'bob'));
    expect(seen).toEqual(['answer', '503', '503', 'answer']);
    expect(sim.faults.list()).toEqual([]);
  });

  it('so many of a hundred, the same on every start', async () => {
    sim.faults.on('html-500', { percent: 50 });
    const seen = [];
    for (let time = 0; time < 20; time += 1) seen.push(await outcome());
    const struck = seen.filter((one) => one === '500').length;
    expect([struck > 3, struck < 17]).toEqual([true, true]);
    expect(sim.faults.list().map((fault) => fault.struck)).toEqual([struck]);
  });

  it('until called off', async () => {
    const id = sim.faults.on('dropped');
    expect(await outcome()).toBe('no answer');
    expect([sim.faults.off(id), sim.faults.off(id)]).toEqual([true, false]);
    expect(await outcome()).toBe('answer');
  });
});

describe('below SOAP', () => {
  it('401 after n calls', async () => {
    sim.faults.on('unauthorized', { after: 2, count: 1 });
    expect([await outcome(), await outcome(), await outcome(), await outcome()]).toEqual([
      'answer',
      'answer',
      '401',
      'answer',
    ]);
  });

  it.each([
    ['reset', 'broken off'],
    ['truncated', 'no XML'],
    ['dropped-after', 'no answer'],
    ['html-500', '500'],
    ['html-503', '503'],
  ] as const)('%s: %s', async (kind, seen) => {
    sim.faults.on(kind, { count: 1 });
    expect(await outcome()).toBe(seen);
    expect(await outcome()).toBe('answer');
  });

  it('after processing: the call is carried out', async () => {
    for (const kind of ['dropped-after', 'reset'] as const) {
      sim.faults.on(kind, { operation: 'CreateItem', count: 1 });
      await expect(createEvent(sim, `<t:Subject>${kind}</t:Subject>`)).rejects.toThrow();
    }
    expect((await sync(sim, '')).changes).toHaveLength(2);
  });

  it('a slow body, latency with jitter', async () => {
    const timed = async (): Promise<number> => {
      const before = performance.now();
      expect(await outcome()).toBe('answer');
      return performance.now() - before;
    };
    sim.faults.on('slow-body', { count: 1, ms: 200 });
    expect(await timed()).toBeGreaterThan(180);
    sim.faults.on('latency', { ms: 50, jitterMs: 100, operation: 'GetFolder' });
    const times = [await timed(), await timed(), await timed(), await timed()];
    expect(Math.min(...times)).toBeGreaterThan(48);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(10);
  });
});

describe('in SOAP', () => {
  it('any code by name, as a fault or in each message', async () => {
    sim.faults.on('message', { count: 1 });
    expect(await codeOf(sim, getFolder())).toBe('ErrorMailboxMoveInProgress');
    sim.faults.on('message', { code: 'ErrorMailboxStoreUnavailable', text: 'Gone for lunch.', count: 1 });
    const [message] = (await call(sim, getFolder())).messages;
    expect([message?.class, message?.code, message?.text]).toEqual([
      'Error',
      'ErrorMailboxStoreUnavailable',
      'Gone for lunch.',
    ]);
    sim.faults.on('fault', { code: 'ErrorTimeoutExpired', count: 1 });
    expect(await codeOf(sim, getFolder())).toBe('fault ErrorTimeoutExpired');
    expect(() => sim.faults.on('fault', { code: 'ErrorNonsense' })).toThrow('there is no response code');
  });

  it('a mailbox that moves: whoever touches it', async () => {
    sim.faults.on('message', { target: 'bob@example.test' });
    const calendarOf = (user: string): string =>
      `<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>${user}@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`;
    const ask = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${calendarOf('alice')}${calendarOf('bob')}</m:FolderIds></m:GetFolder>`;
    expect((await call(sim, ask)).messages.map(({ code }) => code)).toEqual([
      'NoError',
      'ErrorMailboxMoveInProgress',
    ]);
    expect(await codeOf(sim, getFolder(), { user: 'bob' })).toBe('ErrorMailboxMoveInProgress');
  });

  it('texts of another language: only codes can be matched', async () => {
    sim.faults.on('localised');
    const [message] = (await call(sim, getItemBody('<t:ItemId Id="nonsense"/>'))).messages;
    expect([message?.code, message?.text]).toEqual([
      'ErrorInvalidIdMalformed',
      'Die ID ist falsch formatiert.',
    ]);
    const reply = await call(sim, '<m:Nonsense/>');
    expect(path(reply.body, 'faultstring')).toBe('Fehler bei der Schemaüberprüfung der Anforderung.');
  });

  it('one item that fails the whole call', async () => {
    const bad = await createEvent(sim, '<t:Subject>bad</t:Subject>');
    const good = await createEvent(sim, '<t:Subject>good</t:Subject>');
    sim.faults.poison('bad', 'fault');
    expect(await codeOf(sim, getItemBody(`<t:ItemId ${idOf(good)}/><t:ItemId ${idOf(bad)}/>`))).toBe(
      'fault ErrorInternalServerError',
    );
    expect(await codeOf(sim, getItemBody(`<t:ItemId ${idOf(good)}/>`))).toBe('NoError');
  });

  it('bodies of megabytes, characters that cannot be', async () => {
    const raw = await startUnjudged();
    const event = await createEvent(raw, '<t:Subject>x</t:Subject><t:Body BodyType="Text">short</t:Body>');
    raw.faults.on('large-bodies', { count: 1 });
    const body = childOf(await get(raw, idOf(event)), 'Body');
    expect(textOf(body).length).toBe(5 * 1024 * 1024);
    raw.faults.on('invalid-characters', { operation: 'GetItem' });
    const text = await (await post(raw, getItemBody(`<t:ItemId ${idOf(event)}/>`))).text();
    expect(text).toContain('<t:Subject>x&#x1;</t:Subject>');
    await raw.close();
  });
});

describe('the log of calls', () => {
  it('says what was called, by whom, what came of it, and which faults struck', async () => {
    sim.resetCalls();
    sim.faults.on('html-503', { operation: 'GetFolder', count: 1 });
    await outcome();
    await call(sim, getFolder(), { user: 'bob' });
    await call(sim, getItemBody('<t:ItemId Id="a"/><t:ItemId Id="b"/>'));
    await fetch(sim.url, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('alice:alice').toString('base64')}` },
      body: envelope('<m:Nonsense/>'),
    });
    expect(
      sim
        .callLog()
        .map(({ user, operation, status, codes, faults }) => [
          user.replace('@example.test', ''),
          operation,
          status,
          codes,
          faults,
        ]),
    ).toEqual([
      ['alice', 'GetFolder', 503, {}, ['html-503']],
      ['bob', 'GetFolder', 200, { NoError: 1 }, []],
      ['alice', 'GetItem', 200, { ErrorInvalidIdMalformed: 2 }, []],
      ['alice', '', 500, { ErrorSchemaValidation: 1 }, []],
    ]);
    expect(sim.calls()).toEqual({ GetFolder: 2, GetItem: 1 });
    expect(sim.callLog({ user: 'bob@example.test' })).toHaveLength(1);
    expect(sim.callLog({ operation: 'GetFolder', after: 1 })).toHaveLength(1);
  });
});
