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
      `SUMMARY:${summary}`,
      'END:VEVENT',
    ]);
  const task = (uid: string): string =>
    ical([
      'BEGIN:VTODO',
      `UID:${uid}`,
      'DTSTAMP:20260101T000000Z',
      'DUE;VALUE=DATE:20261211',
      'SUMMARY:local task',
      'END:VTODO',
    ]);
  const card = (uid: string, name: string): string =>
    [
      'BEGIN:VCARD',
      'VERSION:3.0',
      `UID:${uid}`,
      `FN:${name}`,
      `N:;${name};;;`,
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

  it.each([1, 2, 3])('round %i: changes on both sides meet', async (round) => {
    writeFileSync(
      join(calendars, 'calendar', `local-${round}.ics`),
      event(`local-${round}`, `local ${round}`),
    );
    writeFileSync(join(calendars, 'tasks', `task-${round}.ics`), task(`task-${round}`));
    writeFileSync(join(contacts, 'contacts', `card-${round}.vcf`), card(`card-${round}`, `Local ${round}`));
    const put = await remote(
      'PUT',
      `${calendarPath}remote-${round}.ics`,
      event(`remote-${round}`, `remote ${round}`),
      {
        'content-type': 'text/calendar',
      },
    );
    expect(put.status).toBe(201);
    if (round > 1) {
      rmSync(join(calendars, 'calendar', `local-${round - 1}.ics`));
      expect((await remote('DELETE', `${calendarPath}remote-${round - 1}.ics`)).status).toBe(204);
    }
    await vdirsyncer('sync');
    // What was uploaded is stored in Exchange's form: no etag is promised, so the next run brings that form (RFC 4791 §5.3.4).
    await vdirsyncer('sync');
    for (const [kind, path] of [
      ['calendars/calendar', calendarPath],
      ['calendars/tasks', `/calendars/${alice.address}/tasks/`],
      ['contacts/contacts', `/addressbooks/${alice.address}/contacts/`],
    ] as const) {
      const { local, remote: there } = await sides(join(folder, kind), path);
      expect(local).toEqual(there);
    }
    const { local } = await sides(join(calendars, 'calendar'), calendarPath);
    expect(local).toContain(`local-${round}`);
    expect(local).toContain(`remote-${round}`);
    expect(local).not.toContain(`local-${round - 1}`);
    expect(local).not.toContain(`remote-${round - 1}`);
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
    expect(listed.out).toContain('18:00-19:00 local 3');
    expect(listed.out).toContain('remote 3');

    const todoman = join(folder, 'todoman.py');
    writeFileSync(
      todoman,
      `path = "${calendars}/tasks"\ndate_format = "%Y-%m-%d"\ntime_format = "%H:%M"\ncache_path = "${folder}/todo.db"\n`,
    );
    expect(
      (await runWell('todoman', ['--config', todoman, 'list'], { env: { HOME: folder } })).out,
    ).toContain('local task');

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
