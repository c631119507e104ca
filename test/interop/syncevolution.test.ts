// SyncEvolution, unmodified: it finds the collections from the address alone, and takes a series apart into its instances.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClient } from './davmail/client.ts';
import { alice, startBoth } from './gateway.ts';
import { isInstalled, runWell } from './programs.ts';

const lines = (...own: string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    'BEGIN:VEVENT',
    'UID:se-1',
    'DTSTAMP:20260101T000000Z',
    ...own,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
const zoned = (name: string, wall: string): string => `${name};TZID=Europe/Berlin:${wall}`;
const series = lines(
  zoned('DTSTART', '20261202T090000'),
  zoned('DTEND', '20261202T100000'),
  'RRULE:FREQ=WEEKLY;COUNT=4',
  'SUMMARY:weekly',
);
const moved = lines(
  zoned('RECURRENCE-ID', '20261209T090000'),
  zoned('DTSTART', '20261209T110000'),
  zoned('DTEND', '20261209T120000'),
  'SUMMARY:moved',
);
const card =
  'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Sync;Eva;;;\r\nFN:Eva Sync\r\nEMAIL:eva@x.test\r\nEND:VCARD\r\n';

test.skipIf(!isInstalled('syncevolution'))(
  'SyncEvolution finds, exports, imports and deletes (needs Debian’s syncevolution)',
  { timeout: 180_000 },
  async () => {
    const { url, simulator, stop } = await startBoth({ seed: 'small' });
    const home = mkdtempSync(join(tmpdir(), 'exdav-syncevolution-'));
    const client = openClient(url, alice);
    const calendar = `/calendars/${alice.address}/calendar/`;
    const book = `/addressbooks/${alice.address}/contacts/`;
    const sync = async (backend: string, path: string, ...words: string[]): Promise<string> => {
      const account = [`username=${alice.address}`, `password=${alice.password}`, `syncURL=${url}/`];
      const place = [`backend=${backend}`, ...(path === '' ? [] : [`database=${url}${path}`])];
      const all = ['--daemon=no', ...account, ...place, ...words];
      return (await runWell('syncevolution', all, { env: { HOME: home } })).out;
    };
    const file = (name: string, text: string): string => {
      writeFileSync(join(home, name), text);
      return join(home, name);
    };
    try {
      expect(await sync('caldav', '', '--print-databases')).toContain('Vereinskalender');
      expect(await sync('carddav', '', '--print-databases')).toContain('Contacts');
      await sync('caldav', calendar, '--import', file('series.ics', series));
      await sync('caldav', calendar, '--import', file('moved.ics', moved));
      await sync('carddav', book, '--import', file('card.vcf', card));
      const texts = [...(await client.multiget(calendar, [`${calendar}se-1.ics`])).values()].join('');
      expect(texts.match(/SUMMARY:.*/g)).toEqual(['SUMMARY:weekly', 'SUMMARY:moved']);
      mkdirSync(join(home, 'exported'));
      await sync('caldav', calendar, '--export', join(home, 'exported'));
      expect(readdirSync(join(home, 'exported')).length).toBeGreaterThan(300);
      await sync('caldav', calendar, '--delete-items', '--luids', 'se-1%2eics%2f20261209T090000');
      expect((await client.get(`${calendar}se-1.ics`)).text).not.toContain('moved');
      await sync('caldav', calendar, '--delete-items', '--luids', 'se-1%2eics');
      expect((await client.send('GET', `${calendar}se-1.ics`)).status).toBe(404);
      expect(simulator.sentMessages()).toEqual([]);
    } finally {
      await stop();
      rmSync(home, { recursive: true, force: true });
    }
  },
);
