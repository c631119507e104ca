// Calls and what comes of them: faults, throttling, retries, versions, broken answers.
import { afterEach, describe, expect, it } from 'vitest';
import { onlyMessageOf } from '../../src/ews-backend/answer.ts';
import { openConnection } from '../../src/ews-backend/sign-in.ts';
import { openSoap, type CallRecord, type Soap } from '../../src/ews-backend/soap.ts';
import { openThrottle } from '../../src/ews-backend/throttle.ts';
import { BackendError } from '../../src/model/failure.ts';
import { childOf, textOf, xml } from '../../src/xml/index.ts';
import {
  envelope,
  fault,
  message,
  openCannedServer,
  reply,
  type Answer,
  type Asked,
} from './canned-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function openTest(answer: Answer, version = 'Exchange2013_SP1', impersonate?: string) {
  const server = await openCannedServer(answer);
  const connection = openConnection({ kind: 'bearer', token: () => Promise.resolve('t') }, new Map(), {
    timeoutMs: 5_000,
    keep: 4,
  });
  open.push(server, connection);
  const calls: CallRecord[] = [];
  const slept: number[] = [];
  const soap = openSoap({
    url: server.url,
    connection,
    throttle: openThrottle({ width: 4, sleep: (ms) => Promise.resolve(void slept.push(ms)) }),
    dialect: { version, proven: false },
    mailbox: 'alice@example.test',
    impersonate,
    observe: (call) => void calls.push(call),
  });
  return { server, soap, calls, slept };
}

const ok = envelope(message('GetFolder', '<m:Folders/>'));
const body = xml('m:GetFolder', {}, 'R&D');
const get = (soap: Soap) => soap.call('GetFolder', body, { repeat: 'safe' });
const create = (soap: Soap) => soap.call('CreateItem', body, { repeat: 'never' });

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw new Error(`not a BackendError: ${String(error)}`);
  return error.failure;
}

describe('a call', () => {
  it('sends version, impersonation and headers, and answers the response element', async () => {
    const { server, soap, calls } = await openTest(
      (_, response) => reply(response, 200, ok),
      undefined,
      'bob@example.test',
    );
    const response = await get(soap);
    expect(response.name).toBe('GetFolderResponse');
    const [asked] = server.asked as [Asked];
    expect(asked.body).toContain('<t:RequestServerVersion Version="Exchange2013_SP1"/>');
    expect(asked.body).toContain('<t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress>');
    expect(asked.body).toContain('R&amp;D');
    expect(asked.headers['x-anchormailbox']).toBe('alice@example.test');
    expect(asked.headers['content-type']).toBe('text/xml; charset=utf-8');
    expect(calls).toMatchObject([
      { operation: 'GetFolder', result: 'NoError', bytesOut: Buffer.byteLength(asked.body) },
    ]);
    expect(calls[0]?.bytesIn).toBe(Buffer.byteLength(ok));
  });

  it('reads texts whose characters arrive in pieces, and characters that XML does not allow', async () => {
    const text = envelope(message('GetFolder', `<m:Folders>Käse 🧀 &#x1;${'ü'.repeat(70_000)}</m:Folders>`));
    const { soap } = await openTest((_, response) => {
      response.writeHead(200);
      const bytes = Buffer.from(text);
      let at = 0;
      const timer = setInterval(() => {
        response.write(bytes.subarray(at, (at += 9_001)));
        if (at < bytes.length) return;
        clearInterval(timer);
        response.end();
      }, 1);
    });
    const found = textOf(childOf(onlyMessageOf(await get(soap)), 'Folders'));
    expect(found.startsWith('Käse 🧀 \ufffdüü')).toBe(true);
    expect(found).toHaveLength(70_000 + 9);
  });

  it('makes a fault a failure of its kind, without the server’s own words', async () => {
    const { soap, calls } = await openTest((_, response) =>
      reply(response, 500, fault('ErrorImpersonateUserDenied', 'secret subject')),
    );
    const failure = await failureOf(get(soap));
    expect(failure).toMatchObject({ kind: 'denied', code: 'ErrorImpersonateUserDenied' });
    expect(failure.message).not.toContain('secret');
    expect(calls).toMatchObject([{ result: 'ErrorImpersonateUserDenied' }]);
  });

  it.each([
    [403, 'denied'],
    [404, 'unavailable'],
    [302, 'unavailable'],
    [413, 'too-large'],
  ])('HTTP %i is %s', async (status, kind) => {
    const { soap, server } = await openTest((_, response) => reply(response, status, '<html>'));
    expect(await failureOf(get(soap))).toMatchObject({ kind, code: `Http${status}` });
    expect(server.asked).toHaveLength(1);
  });
});

describe('trouble', () => {
  const html = (response: Parameters<Answer>[1]): void =>
    reply(response, 500, '<html><body>Runtime Error</body>');

  it('asks again for what may be asked twice', async () => {
    const { soap, server } = await openTest((_, response, index) =>
      index < 2 ? html(response) : reply(response, 200, ok),
    );
    await get(soap);
    expect(server.asked).toHaveLength(3);
    expect(server.connections()).toBe(3);
  });

  it('gives up after three', async () => {
    const { soap, server } = await openTest((_, response) => html(response));
    expect(await failureOf(get(soap))).toMatchObject({ kind: 'unavailable', code: 'Http500' });
    expect(server.asked).toHaveLength(3);
  });

  it.each([
    ['an HTML 500', html],
    ['a dropped connection', (_: unknown, asked: Asked) => void asked.socket.destroy()],
    ['a cut off answer', (response: Parameters<Answer>[1]) => reply(response, 200, ok.slice(0, -20))],
  ])('never repeats a create after %s', async (_, trouble) => {
    const { soap, server } = await openTest((asked, response) => trouble(response, asked));
    expect(await failureOf(create(soap))).toMatchObject({ kind: 'unavailable' });
    expect(server.asked).toHaveLength(1);
  });

  it('does not take a cut off answer for a whole one', async () => {
    const { soap } = await openTest((_, response, index) =>
      reply(response, 200, index === 0 ? ok.slice(0, ok.indexOf('</s:Body>')) : ok),
    );
    expect((await get(soap)).name).toBe('GetFolderResponse');
  });

  it('does not repeat a fault that stays', async () => {
    const { soap, server } = await openTest((_, response) =>
      reply(response, 500, fault('ErrorSchemaValidation')),
    );
    expect((await failureOf(get(soap))).kind).toBe('invalid');
    expect(server.asked).toHaveLength(1);
  });

  it('ends with the signal between two attempts', async () => {
    const { soap, server } = await openTest((_, response) => html(response));
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 60);
    await expect(soap.call('GetFolder', body, { repeat: 'safe', signal: stop.signal })).rejects.toThrow();
    expect(server.asked).toHaveLength(1);
  });
});

describe('throttling', () => {
  const backOff = (ms: number) =>
    `<t:MessageXml xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><t:Value Name="BackOffMilliseconds">${ms}</t:Value></t:MessageXml>`;

  it('holds the whole account back after a busy fault', async () => {
    const { soap, server } = await openTest((_, response) =>
      reply(response, 500, fault('ErrorServerBusy', 'Busy.', backOff(297_749))),
    );
    expect(await failureOf(get(soap))).toMatchObject({ kind: 'busy', retryAfterMs: 297_749 });
    expect(await failureOf(create(soap))).toMatchObject({ kind: 'busy' });
    expect(server.asked).toHaveLength(1);
  });

  it('waits for a short one and asks again, a create too: nothing was done', async () => {
    const { soap, server } = await openTest((_, response, index) =>
      index === 0
        ? reply(response, 500, fault('ErrorServerBusy', '', backOff(50)))
        : reply(response, 200, ok),
    );
    await create(soap);
    expect(server.asked).toHaveLength(2);
  });

  it('reads the time from a message in any language', async () => {
    const busy = envelope(
      message(
        'SyncFolderItems',
        '',
        'ErrorServerBusy',
        "<m:MessageText>… 'ConcurrentSyncCalls' … Suggested backoff time 5000 ms.</m:MessageText>",
      ),
    );
    const { soap } = await openTest((_, response) => reply(response, 200, busy));
    const response = await soap.call('SyncFolderItems', body, { repeat: 'safe' });
    expect(() => onlyMessageOf(response)).toThrow(BackendError);
    expect(await failureOf(get(soap))).toMatchObject({ kind: 'busy' });
  });

  it('takes 503 with Retry-After for busy', async () => {
    const { soap, server } = await openTest((_, response) =>
      reply(response, 503, '', { 'Retry-After': '30' }),
    );
    expect(await failureOf(get(soap))).toMatchObject({ kind: 'busy', retryAfterMs: 30_000 });
    expect(server.asked).toHaveLength(1);
  });
});

describe('the schema version', () => {
  const violation = fault(
    'ErrorSchemaValidation',
    "The request failed schema validation: The 'Version' attribute is invalid - The value is invalid according to its datatype 'http://schemas.microsoft.com/exchange/services/2006/types:ExchangeVersionType'",
  );

  it('steps down until the server understands it, once for all', async () => {
    const { soap, server } = await openTest(
      (asked, response) =>
        asked.body.includes('Version="Exchange2010_SP2"')
          ? reply(response, 200, ok)
          : reply(
              response,
              500,
              asked.body.includes('"Exchange2016"') ? violation : fault('ErrorInvalidServerVersion'),
            ),
      'Exchange2016',
    );
    await get(soap);
    expect(server.asked).toHaveLength(4);
    expect(soap.version()).toBe('Exchange2010_SP2');
    await get(soap);
    expect(server.asked).toHaveLength(5);
  });

  it('stays when it was understood before', async () => {
    const { soap, server } = await openTest((_, response, index) =>
      index === 0 ? reply(response, 200, ok) : reply(response, 500, violation),
    );
    await get(soap);
    expect((await failureOf(get(soap))).kind).toBe('invalid');
    expect(server.asked).toHaveLength(2);
  });
});

describe('a streaming answer', () => {
  it('is handed out envelope by envelope, wherever the pieces are cut', async () => {
    const one = (text: string) =>
      envelope(message('GetStreamingEvents', `<m:ConnectionStatus>${text}</m:ConnectionStatus>`));
    const bytes = Buffer.from(`${one('ÖK')}\r\n${one('two')}${one('three')}`);
    const { soap } = await openTest((_, response) => {
      response.writeHead(200);
      response.write(bytes.subarray(0, 250));
      setTimeout(() => response.end(bytes.subarray(250)), 20);
    });
    const seen: string[] = [];
    const stop = new AbortController();
    for await (const response of soap.stream('GetStreamingEvents', body, {
      signal: stop.signal,
      silenceMs: 1_000,
    }))
      seen.push(textOf(childOf(onlyMessageOf(response), 'ConnectionStatus')));
    expect(seen).toEqual(['ÖK', 'two', 'three']);
  });

  it('ends with silence, with the signal, and when nobody listens', async () => {
    const { soap, server } = await openTest((_, response) => void response.writeHead(200).write(ok));
    const read = async (options: { signal: AbortSignal; silenceMs: number }, most = Infinity) => {
      let count = 0;
      for await (const _ of soap.stream('GetStreamingEvents', body, options))
        if ((count += 1) >= most) return;
    };
    expect(await failureOf(read({ signal: new AbortController().signal, silenceMs: 60 }))).toMatchObject({
      code: 'TimedOut',
    });
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 40);
    await expect(read({ signal: stop.signal, silenceMs: 5_000 })).rejects.toThrow('enough');
    await read({ signal: new AbortController().signal, silenceMs: 5_000 }, 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.asked.map(({ socket }) => socket.destroyed)).toEqual([true, true, true]);
  });
});
