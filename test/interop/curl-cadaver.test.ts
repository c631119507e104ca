import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, type Running, startBoth } from './gateway.ts';
import { isInstalled, runWell } from './programs.ts';

let both: Running;
const folder = mkdtempSync(join(tmpdir(), 'exdav-cadaver-'));
beforeAll(async () => {
  both = await startBoth({ seed: 'small' });
});
afterAll(async () => {
  await both.stop();
  rmSync(folder, { recursive: true });
});

const event = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:curl-1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261203T100000Z\r\nSUMMARY:by curl\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;

describe.skipIf(!isInstalled('curl'))('curl', () => {
  const curl = async (...words: string[]): Promise<string> =>
    (
      await runWell('curl', [
        '-sS',
        '-i',
        '--max-time',
        '20',
        '-u',
        `${alice.address}:${alice.password}`,
        ...words,
      ])
    ).out;

  it('follows the well-known address to the principal and the homes', async () => {
    const body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>';
    const found = await curl(
      '-L',
      '--post301',
      '-X',
      'PROPFIND',
      '-H',
      'Depth: 0',
      '-d',
      body,
      `${both.url}/.well-known/caldav`,
    );
    expect(found).toMatch(/HTTP\/1\.1 301[\s\S]*HTTP\/1\.1 207/);
    expect(found).toContain('/principals/alice@example.test/');
  });

  it('asks who it is', async () => {
    const { out } = await runWell('curl', ['-sS', '-i', '-X', 'PROPFIND', `${both.url}/`]);
    expect(out).toMatch(/401[\s\S]*WWW-Authenticate: Basic realm=/i);
  });

  it('sends large bodies after 100-continue and gets HEAD with a length', async () => {
    const url = `${both.url}/calendars/${alice.address}/calendar/curl-1.ics`;
    const put = await curl(
      '-X',
      'PUT',
      '-H',
      'Expect: 100-continue',
      '-H',
      'Content-Type: text/calendar',
      '--data-binary',
      event,
      url,
    );
    expect(put).toMatch(/HTTP\/1\.1 201/);
    expect(await curl('-I', url)).toMatch(/HTTP\/1\.1 200[\s\S]*Content-Length: [1-9]/i);
    expect(await curl('-X', 'DELETE', url)).toMatch(/HTTP\/1\.1 204/);
  });
});

describe.skipIf(!isInstalled('cadaver'))("Debian's cadaver", () => {
  it('lists, puts, moves, copies, gets and deletes', async () => {
    writeFileSync(
      join(folder, '.netrc'),
      `machine 127.0.0.1\nlogin ${alice.address}\npassword ${alice.password}\n`,
    );
    writeFileSync(join(folder, 'a.ics'), event.replace('curl-1', 'cadaver-1'));
    const script = [
      'ls',
      `put ${join(folder, 'a.ics')} a.ics`,
      'move a.ics b.ics',
      `get b.ics ${join(folder, 'b.ics')}`,
      'delete b.ics',
      'quit',
      '',
    ].join('\n');
    const { out } = await runWell('cadaver', [`${both.url}/calendars/${alice.address}/calendar/`], {
      input: script,
      env: { HOME: folder },
    });
    for (const verb of ['Uploading', 'Moving', 'Downloading', 'Deleting'])
      expect(out).toMatch(new RegExp(`${verb}.*succeeded`, 's'));
    expect(both.simulator.sentMessages()).toEqual([]);
  });
});
