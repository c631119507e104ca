// Behind Debian's nginx, with deploy/nginx.conf as it stands: under a path, discovery from the bare host, hrefs with the prefix.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAVClient } from 'tsdav';
import { describe, expect, it } from 'vitest';
import { alice, startBoth } from './gateway.ts';
import { isInstalled } from './programs.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

/** Runs nginx with the example before the gateway at `upstream`, while `work` runs. */
async function behindNginx(upstream: string, work: (url: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-nginx-'));
  const port = await freePort();
  const location = readFileSync(`${import.meta.dirname}/../../deploy/nginx.conf`, 'utf8').replace(
    'http://127.0.0.1:8080/',
    `${upstream}/`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join('\n');
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${temporary}\nserver {\nlisten 127.0.0.1:${port};\n${location}\n}\n}\n`,
  );
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const url = `http://127.0.0.1:${port}`;
    for (
      let tries = 0;
      tries < 50 &&
      !(await fetch(url).then(
        () => true,
        () => false,
      ));
      tries += 1
    )
      await sleep(100);
    await work(url);
  } finally {
    nginx.kill('SIGTERM');
    await once(nginx, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

const path = `${process.env['PATH'] ?? ''}:/usr/sbin`;
process.env['PATH'] = path;

describe.skipIf(!isInstalled('nginx'))("behind Debian's nginx", () => {
  it.each([['EXDAV_PUBLIC_URL', { EXDAV_PUBLIC_URL: 'https://www.example.org/exchange' }]])(
    'clients find and read everything below the path (%s)',
    async (_name, settings) => {
      const both = await startBoth({ seed: 'small', settings });
      try {
        await behindNginx(both.url, async (url) => {
          const client = new DAVClient({
            serverUrl: url,
            credentials: { username: alice.address, password: alice.password },
            authMethod: 'Basic',
            defaultAccountType: 'caldav',
          });
          await client.login();
          const calendars = await client.fetchCalendars();
          expect(calendars.length).toBeGreaterThanOrEqual(4);
          for (const calendar of calendars)
            expect(new URL(calendar.url).pathname).toMatch(/^\/exchange\/calendars\//);
          const calendar = calendars.find((one) => one.url.endsWith('/calendar/'))!;
          const objects = await client.fetchCalendarObjects({ calendar });
          expect(objects.length).toBeGreaterThan(200);
          for (const object of objects) expect(new URL(object.url).pathname).toMatch(/^\/exchange\//);
          // What came through a proxy came from outside.
          expect((await fetch(`${url}/exchange/metrics`)).status).toBe(404);
          expect((await fetch(`${both.url}/metrics`)).status).toBe(200);
        });
      } finally {
        await both.stop();
      }
    },
  );

  it('believes X-Forwarded-Prefix of a trusted proxy, and of nobody else', async () => {
    const ask = async (settings: Record<string, string>): Promise<string> => {
      const both = await startBoth({ settings });
      try {
        const answer = await fetch(`${both.url}/.well-known/caldav`, {
          redirect: 'manual',
          headers: { 'x-forwarded-prefix': '/dav' },
        });
        return answer.headers.get('location') ?? '';
      } finally {
        await both.stop();
      }
    };
    expect(await ask({ EXDAV_TRUSTED_PROXIES: '127.0.0.1' })).toBe('/dav/');
    expect(await ask({})).toBe('/');
  });
});
