// Signing in and moving bytes: what reaches the wire, how often, and what comes of trouble.
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openConnection, type Connection, type Login, type Offers } from '../../src/ews-backend/sign-in.ts';
import type { HttpAnswer } from '../../src/ews-backend/transport.ts';
import { BackendError } from '../../src/model/failure.ts';
import { openCannedServer, openNtlmCheck, reply, type Answer, type CannedServer } from './canned-server.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function serve(answer: Answer): Promise<CannedServer> {
  const server = await openCannedServer(answer);
  open.push(server);
  return server;
}

const alice: Login = { kind: 'password', user: 'alice@example.test', password: 'pä:ss' };

function connect(login: Login = alice, offers: Offers = new Map(), timeoutMs = 5_000): Connection {
  const connection = openConnection(login, offers, { timeoutMs, keep: 4 });
  open.push(connection);
  return connection;
}

async function textOf(answer: HttpAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return `${answer.status} ${Buffer.concat(chunks).toString()}`;
}

function post(
  connection: Connection,
  server: CannedServer,
  body = '<x/>',
  signal?: AbortSignal,
): Promise<string> {
  return connection.post({ url: server.url, method: 'POST', headers: {}, body, signal }, (answer) =>
    textOf(answer),
  );
}

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw new Error(`not a BackendError: ${String(error)}`);
  return error;
}

const basic = `Basic ${Buffer.from('alice@example.test:pä:ss').toString('base64')}`;
function askBasic(answer: Answer): Answer {
  return (asked, response, index) =>
    asked.headers.authorization === basic
      ? answer(asked, response, index)
      : reply(response, 401, '', { 'WWW-Authenticate': 'Basic realm="x"' });
}

describe('Basic', () => {
  it('is sent in the clear only after the server has offered it, then at once', async () => {
    const server = await serve(askBasic((asked, response) => reply(response, 200, `got ${asked.body}`)));
    const offers: Offers = new Map();
    expect(await post(connect(alice, offers), server)).toBe('200 got <x/>');
    expect(server.asked.map(({ headers, body }) => [headers.authorization !== undefined, body])).toEqual([
      [false, ''],
      [true, '<x/>'],
    ]);
    expect(await post(connect(alice, offers), server)).toBe('200 got <x/>');
    expect(server.asked).toHaveLength(3);
  });

  it('keeps one connection for calls one after the other', async () => {
    const server = await serve(askBasic((_, response) => reply(response, 200)));
    const connection = connect();
    for (let call = 0; call < 10; call += 1) await post(connection, server);
    expect(server.connections()).toBe(1);
    expect(server.asked).toHaveLength(11);
    expect(server.asked[5]?.headers['content-length']).toBe('4');
  });

  it('says unauthorized, once, without the password', async () => {
    const server = await serve((_, response) =>
      reply(response, 401, '', { 'WWW-Authenticate': 'Basic realm="x", NTLM' }),
    );
    const error = await failureOf(post(connect(), server));
    expect(error.failure).toMatchObject({ kind: 'unauthorized', code: 'Http401' });
    expect(`${error.stack}`).not.toContain('pä');
    expect(server.asked.filter(({ headers }) => headers.authorization !== undefined)).toHaveLength(1);
  });

  it('names what the server offers when nothing of it works here', async () => {
    const server = await serve((_, response) => reply(response, 401, '', { 'WWW-Authenticate': 'Bearer' }));
    const error = await failureOf(post(connect(), server));
    expect(error.failure.kind).toBe('unauthorized');
  });
});

describe('NTLM', () => {
  it('signs in once a connection, and then costs nothing', async () => {
    const check = openNtlmCheck('alice', 'pä:ss', 'CORP');
    const server = await serve((asked, response) => {
      if (check(asked, response)) reply(response, 200, `got ${asked.body}`);
    });
    const connection = connect({ kind: 'password', user: 'CORP\\alice', password: 'pä:ss' });
    for (let call = 0; call < 5; call += 1) expect(await post(connection, server)).toBe('200 got <x/>');
    // One question for the schemes, two to sign in, of which the second is the call; four more calls.
    expect(server.asked).toHaveLength(3 + 4);
    expect(server.connections()).toBe(1);
  });

  it('signs each of several connections in', async () => {
    const check = openNtlmCheck('alice@example.test', 'pä:ss');
    const server = await serve((asked, response) => {
      if (check(asked, response)) setTimeout(() => reply(response, 200, 'ok'), 20);
    });
    const connection = connect();
    await post(connection, server);
    await Promise.all([1, 2, 3].map(() => post(connection, server)));
    await Promise.all([1, 2, 3].map(() => post(connection, server)));
    expect(server.connections()).toBe(3);
    expect(server.asked).toHaveLength(3 + 1 + 2 * 2 + 3);
  });

  it('signs in anew when the server closed the connection', async () => {
    const check = openNtlmCheck('alice@example.test', 'pä:ss');
    const server = await serve((asked, response) => {
      if (check(asked, response))
        reply(response, 200, 'ok', server.asked.length === 3 ? { Connection: 'close' } : {});
    });
    const connection = connect();
    await post(connection, server);
    await post(connection, server);
    expect(server.connections()).toBe(2);
    expect(server.asked).toHaveLength(5);
  });

  it('says unauthorized for a wrong password', async () => {
    const check = openNtlmCheck('alice@example.test', 'another');
    const server = await serve((asked, response) => void check(asked, response));
    expect((await failureOf(post(connect(), server))).failure.kind).toBe('unauthorized');
    expect(server.asked).toHaveLength(3);
  });
});

describe('Bearer', () => {
  it('asks for the token at each call', async () => {
    let count = 0;
    const server = await serve((asked, response) => reply(response, 200, asked.headers.authorization));
    const connection = connect({ kind: 'bearer', token: () => Promise.resolve(`t${(count += 1)}`) });
    expect(await post(connection, server)).toBe('200 Bearer t1');
    expect(await post(connection, server)).toBe('200 Bearer t2');
  });
});

describe('the wire', () => {
  it('keeps cookies for the identity alone', async () => {
    const server = await serve(
      askBasic((_, response, index) =>
        reply(
          response,
          200,
          '',
          index === 1 ? { 'Set-Cookie': ['X-BackEndCookie=abc=; path=/EWS; secure', 'a=1'] } : {},
        ),
      ),
    );
    const offers: Offers = new Map();
    const connection = connect(alice, offers);
    await post(connection, server);
    await post(connection, server);
    await post(connect(alice, offers), server);
    expect(server.asked.map(({ headers }) => headers.cookie)).toEqual([
      undefined,
      undefined,
      'X-BackEndCookie=abc=; a=1',
      undefined,
    ]);
  });

  it('decodes gzip', async () => {
    const server = await serve(
      askBasic((_, response) => {
        response.writeHead(200, { 'Content-Encoding': 'gzip' });
        response.end(gzipSync('x'.repeat(200_000)));
      }),
    );
    expect(await post(connect(), server)).toHaveLength(200_004);
  });

  it('does not follow redirects', async () => {
    const server = await serve(
      askBasic((_, response) => reply(response, 302, '', { Location: 'http://127.0.0.1:1/' })),
    );
    expect(await post(connect(), server)).toBe('302 ');
  });

  it('gives a connection up after a 500', async () => {
    const server = await serve(askBasic((_, response) => reply(response, 500, 'x')));
    const connection = connect();
    await post(connection, server);
    await post(connection, server);
    expect(server.connections()).toBe(2);
  });

  it('gives up after the time-out, before and amid an answer', async () => {
    const server = await serve(
      askBasic((asked, response) => {
        if (asked.body === 'amid') response.writeHead(200).write('part');
      }),
    );
    const connection = connect(alice, new Map(), 100);
    expect((await failureOf(post(connection, server))).failure).toMatchObject({
      kind: 'unavailable',
      code: 'TimedOut',
    });
    expect((await failureOf(post(connection, server, 'amid'))).failure.code).toBe('TimedOut');
  });

  it('goes on as long as bytes come', async () => {
    const server = await serve(
      askBasic((_, response) => {
        response.writeHead(200);
        let count = 0;
        const timer = setInterval(() => {
          response.write('.');
          if ((count += 1) < 8) return;
          clearInterval(timer);
          response.end();
        }, 50);
      }),
    );
    expect(await post(connect(alice, new Map(), 200), server)).toBe('200 ........');
  });

  it('ends with the signal and its reason', async () => {
    const server = await serve(askBasic((_, response) => void response.writeHead(200).write('part')));
    const connection = connect();
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(post(connection, server, '<x/>', stop.signal)).rejects.toThrow('enough');
    await expect(post(connection, server, '<x/>', stop.signal)).rejects.toThrow('enough');
  });

  it('names a dropped connection, a refused one and an unknown host', async () => {
    const server = await serve(askBasic((asked) => asked.socket.destroy()));
    const dropped = await failureOf(post(connect(), server));
    expect(dropped.failure).toMatchObject({ kind: 'unavailable', code: 'ECONNRESET' });
    const { url } = server;
    const connection = connect({ kind: 'bearer', token: () => Promise.resolve('t') });
    await server.close();
    expect((await failureOf(post(connection, server))).failure).toMatchObject({ code: 'ECONNREFUSED' });
    const unknown = { url: 'http://no-such-host.invalid/', method: 'POST', headers: {}, body: '' } as const;
    expect((await failureOf(connection.post(unknown, (answer) => textOf(answer)))).failure.message).toContain(
      'DNS',
    );
    expect(url).toContain('127.0.0.1');
  });

  it('says when an answer was cut off', async () => {
    const server = await serve(
      askBasic((asked, response) => {
        response.writeHead(200, { 'Content-Length': '100' });
        response.write('part');
        setTimeout(() => asked.socket.destroy(), 20);
      }),
    );
    expect((await failureOf(post(connect(), server))).failure.code).toBe('ECONNRESET');
  });
});
