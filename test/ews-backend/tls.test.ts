// TLS: certificates that are not trusted are named, a CA that the admin names is, and Basic goes out with the first request.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openConnection } from '../../src/ews-backend/sign-in.ts';
import { BackendError } from '../../src/model/failure.ts';

const openssl = 'openssl';
const hasOpenssl = spawnSync(openssl, ['version']).status === 0;

describe.skipIf(!hasOpenssl)(`TLS${hasOpenssl ? '' : ' (skipped: no openssl to make a certificate)'}`, () => {
  const asked: (string | undefined)[] = [];
  const state: { folder?: string; server?: ReturnType<typeof createServer>; port?: number; ca?: string } = {};

  beforeAll(async () => {
    state.folder = mkdtempSync(join(tmpdir(), 'exdav-tls-'));
    const [key, cert] = [join(state.folder, 'key.pem'), join(state.folder, 'cert.pem')];
    const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost';
    const names = '-addext subjectAltName=DNS:localhost';
    const command = `${request} ${names} -keyout ${key} -out ${cert}`.split(' ');
    execFileSync(openssl, command, { stdio: 'ignore' });
    state.ca = readFileSync(cert, 'utf8');
    state.server = createServer({ key: readFileSync(key), cert: state.ca }, (request, response) => {
      asked.push(request.headers.authorization);
      response.end('ok');
    });
    await new Promise<void>((resolve) => state.server?.listen(0, resolve));
    state.port = (state.server.address() as AddressInfo).port;
  });
  afterAll(() => {
    state.server?.closeAllConnections();
    state.server?.close();
    if (state.folder !== undefined) rmSync(state.folder, { recursive: true });
  });

  async function post(host: string, ca?: string): Promise<string> {
    const login = { kind: 'password', user: 'ann', password: 'x' } as const;
    const connection = openConnection(login, new Map(), { timeoutMs: 5_000, keep: 1, ca });
    try {
      return await connection.post(
        { url: `https://${host}:${state.port}/EWS/Exchange.asmx`, method: 'POST', headers: {}, body: '' },
        async (answer) => {
          await answer.drain();
          return String(answer.status);
        },
      );
    } catch (error) {
      if (error instanceof BackendError) return `${error.failure.kind} ${error.failure.message}`;
      throw error;
    } finally {
      connection.close();
    }
  }

  it('is not trusted without its CA, and nothing is sent', async () => {
    expect(await post('localhost')).toMatch(/^unavailable localhost:\d+ has a self-signed TLS certificate/);
    expect(asked).toEqual([]);
  });

  it('is trusted with it, and signed in to at once', async () => {
    expect(await post('localhost', state.ca)).toBe('200');
    expect(asked).toEqual([`Basic ${Buffer.from('ann:x').toString('base64')}`]);
  });

  it('is refused under another name', async () => {
    expect(await post('127.0.0.1', state.ca)).toContain('certificate for another name');
  });
});
