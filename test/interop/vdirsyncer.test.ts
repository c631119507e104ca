// Debian's vdirsyncer, with khal, khard and todoman on what it keeps: three rounds of changes on both sides, ending equal.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, type Running, startBoth } from './gateway.ts';
import { isInstalled, type Ran, runWell } from './programs.ts';

const here = ['vdirsyncer', 'khal', 'khard', 'todoman'].every(isInstalled);

describe.skipIf(!here)("Debian's vdirsyncer, khal, khard and todoman", () => {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-vdirsyncer-'));
  const calendars = join(folder, 'calendars');
  const contacts = join(folder, 'contacts');
  let both: Running;

  beforeAll(async () => {
    both = await startBoth({ seed: 'small' });
    mkdirSync(calendars);
    mkdirSync(contacts);
    writeFileSync(join(folder, 'config'), vdirsyncerConfig(both.url));
  });
  afterAll(async () => {
    await both.stop();
    rmSync(folder, { recursive: true });
  });

  const vdirsyncer = (...words: string[]): Promise<Ran> =>
    runWell('vdirsyncer', ['-c', join(folder, 'config'), ...words], { input: 'y\n'.repeat(40), cwd: folder });

  function vdirsyncerConfig(url: string): string {
    const pair = (name: string, remote: string, extension: string): string => `
[pair ${name}]
a = "${name}_local"
b = "${name}_remote"
collections = ["from a", "from b"]
conflict_resolution = "b wins"
metadata = ["displayname"]
[storage ${name}_local]
type = "filesystem"
path = "${join(folder, name)}/"
fileext = "${extension}"
[storage ${name}_remote]
type = "${remote}"
url = "${url}/"
username = "${alice.address}"
password = "${alice.password}"
`;
    return `[general]\nstatus_path = "${join(folder, 'status')}/"\n${pair('calendars', 'caldav', '.ics')}${pair('contacts', 'carddav', '.vcf')}`;
  }

  const ical = (lines: readonly string[]): string =>
    ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
  const event = (uid: string, summary: string): string =>
    ical([
      'BEGIN:VEVENT',
      `UID:${uid}`,
      'DTSTAMP:20260101T000000Z',
      'DTSTART;TZID=Europe/Vienna:20261210T180000',
      'DTEND;TZID=Europe/Vienna:20261210T190000',
      `SUMMARY:${summary.replace(',', '\\,')}`,
      'END:VEVENT',
    ]);
  const task = (uid: string, summary: string): string =>
    ical([
      'BEGIN:VTODO',
      `UID:${uid}`,
      'DTSTAMP:20260101T000000Z',
      'DUE;VALUE=DATE:20261211',
      `SUMMARY:${summary.replace(',', '\\,')}`,
      'END:VTODO',
    ]);
  const card = (uid: string, name: string): string =>
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `UID:${uid}`,
      `FN:${name.replace(',', '\\,')}`,
      `N:;${name.replace(',', '\\,')};;;`,
      'EMAIL:x@y.test',
      'END:VCARD',
      '',
    ].join('\r\n');

  async function remote(
    method: string,
    path: string,
    body?: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${alice.address}:${alice.password}`).toString('base64')}`;
    return fetch(`${both.url}${path}`, { method, body, headers: { authorization, ...headers } });
  }
  const calendarPath = `/calendars/${alice.address}/calendar/`;

  /** UIDs on both sides of a collection. */
  async function sides(local: string, path: string): Promise<{ local: string[]; remote: string[] }> {
    const uidsIn = (text: string): string[] =>
      [...text.replaceAll(/\r?\n[ \t]/g, '').matchAll(/^UID:(.*?)\r?$/gm)].map((match) => match[1]!);
    const files = readdirSync(local).filter((name) => /\.(ics|vcf)$/.test(name));
    const text = await (await remote('GET', path)).text();
    return {
      local: [...new Set(files.flatMap((name) => uidsIn(readFileSync(join(local, name), 'utf8'))))].sort(),
      remote: [...new Set(uidsIn(text))].sort(),
    };
  }

  it('discovers from the bare host and copies everything', async () => {
    await vdirsyncer('discover');
    await vdirsyncer('sync');
    expect(readdirSync(join(calendars, 'calendar')).length).toBeGreaterThan(200);
    expect(readdirSync(join(calendars, 'tasks')).length).toBeGreaterThanOrEqual(40);
    expect(readdirSync(join(contacts, 'contacts')).length).toBeGreaterThanOrEqual(120);
  });

  const kinds = [
    {
      local: 'calendars/calendar',
      path: calendarPath,
      make: event,
      extension: '.ics',
      type: 'text/calendar',
    },
    {
      local: 'calendars/tasks',
      path: `/calendars/${alice.address}/tasks/`,
      make: task,
      extension: '.ics',
      type: 'text/calendar',
    },
    {
      local: 'contacts/contacts',
      path: `/addressbooks/${alice.address}/contacts/`,
      make: card,
      extension: '.vcf',
      type: 'text/vcard',
    },
  ] as const;

  it.each([1, 2, 3])('round %i: changes on both sides meet', async (round) => {
    const before = round - 1;
    for (const { local, path, make, extension, type } of kinds) {
      const file = (name: string): string => join(folder, local, `${name}${extension}`);
      const put = (name: string, summary: string): Promise<Response> =>
        remote('PUT', `${path}${name}${extension}`, make(name, summary), { 'content-type': type });
      // New on each side.
      writeFileSync(file(`local-${round}`), make(`local-${round}`, `Local ${round}`));
      expect((await put(`remote-${round}`, `Remote ${round}`)).status).toBe(201);
      if (round > 1) {
        // Changed on the other side than it came from, and deleted on each side.
        writeFileSync(file(`remote-${before}`), make(`remote-${before}`, `Remote ${before}, changed here`));
        expect((await put(`local-${before}`, `Local ${before}, changed there`)).status).toBe(204);
      }
      if (round > 2) {
        rmSync(file(`remote-${before - 1}`));
        expect((await remote('DELETE', `${path}local-${before - 1}${extension}`)).status).toBe(204);
      }
    }
    await vdirsyncer('sync');
    // What was uploaded is stored in Exchange's form: no etag is promised, so the next run brings that form (RFC 4791 §5.3.4).
    await vdirsyncer('sync');
    for (const { local, path } of kinds) {
      const found = await sides(join(folder, local), path);
      expect(found.local).toEqual(found.remote);
      expect(found.local).toContain(`local-${round}`);
      expect(found.local).toContain(`remote-${round}`);
      if (round > 1) {
        const text = await (await remote('GET', path)).text();
        expect(text).toContain(`Remote ${before}\\, changed here`);
        expect(text).toContain(`Local ${before}\\, changed there`);
      }
      if (round > 2) {
        expect(found.local).not.toContain(`local-${before - 1}`);
        expect(found.local).not.toContain(`remote-${before - 1}`);
      }
    }
  });

  it('has nothing left to do after the last round', async () => {
    const { err, out } = await vdirsyncer('sync');
    expect(`${out}${err}`).not.toMatch(/Copying|Deleting/);
  });

  it('khal, todoman and khard read what was copied', async () => {
    const khal = join(folder, 'khal.conf');
    writeFileSync(
      khal,
      `[calendars]\n[[alice]]\npath = ${calendars}/calendar\n[locale]\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\nlocal_timezone = Europe/Vienna\n[sqlite]\npath = ${folder}/khal.db\n`,
    );
    const listed = await runWell('khal', ['-c', khal, 'list', '2026-12-10', '1d'], { env: { HOME: folder } });
    expect(listed.out).toContain('18:00-19:00 Local 3');
    expect(listed.out).toContain('Remote 3');

    const todoman = join(folder, 'todoman.py');
    writeFileSync(
      todoman,
      `path = "${calendars}/tasks"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\ncache_path = "${folder}/todo.db"\n`,
    );
    expect(
      (await runWell('todoman', ['--config', todoman, 'list'], { env: { HOME: folder } })).out,
    ).toContain('Local 3');

    const khard = join(folder, 'khard.conf');
    writeFileSync(
      khard,
      `[addressbooks]\n[[alice]]\npath = ${contacts}/contacts\n[general]\ndefault_action = list\neditor = true\nmerge_editor = true\n`,
    );
    expect((await runWell('khard', ['-c', khard, 'list'], { env: { HOME: folder } })).out).toContain(
      'Local 3',
    );
  });

  it('sent no mail, and every envelope was valid', () => {
    expect(both.simulator.sentMessages()).toEqual([]);
    expect(both.envelopes.failures).toEqual([]);
  });
});
