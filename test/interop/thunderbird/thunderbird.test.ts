// Thunderbird, unmodified and without a window, before the gateway: its own modules find the calendars and address books, and create,
// change and delete as its windows would; what it sent is looked for in the mailbox afterwards.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openClient } from '../davmail/client.ts';
import { alice, startBoth } from '../gateway.ts';
import { isInstalled } from '../programs.ts';
import { startThunderbird } from './marionette.ts';

const bob = { address: 'bob@example.test', password: 'bob' };

test.skipIf(!isInstalled('thunderbird'))(
  'Thunderbird finds, reads, writes, accepts and invites (needs Debian’s thunderbird)',
  { timeout: 300_000 },
  async () => {
    const { url, simulator, stop } = await startBoth({ seed: 'small' });
    await openClient(url, bob).put(`/calendars/${bob.address}/calendar/asked.ics`, invitation);
    simulator.forgetSentMessages();
    const thunderbird = await startThunderbird();
    try {
      const checks = readFileSync(join(import.meta.dirname, 'checks.jsm'), 'utf8');
      const given = { origin: url, user: alice.address, password: alice.password };
      expect(await thunderbird.run(checks, given)).toEqual({
        calendars: ['Calendar', 'Family', 'Projects & Travel', 'Tasks', 'Vereinskalender'],
        events: 301,
        changed: ['changed by Thunderbird', 'two\nlines', 1],
        series: ['weekly', 'weekly', 'third, changed', 'weekly', 'weekly'],
        accepted: ['ACCEPTED'],
        eventsAfter: 303,
        task: ['task of Thunderbird', true, 100],
        books: ['Contacts', 'Directory'],
        contacts: 122,
        contact: 'Jane Roe',
        contactsAfter: 122,
      });
      expect(simulator.sentMessages().map(({ kind, from, to }) => [kind, from, to])).toEqual([
        ['response', alice.address, [bob.address]],
        ['request', alice.address, [bob.address]],
      ]);
    } finally {
      await thunderbird.stop();
      await stop();
    }
  },
);

const invitation = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Test//EN
BEGIN:VEVENT
UID:asked@example.test
DTSTAMP:20261101T000000Z
DTSTART:20261203T090000Z
DTEND:20261203T100000Z
SUMMARY:invitation of bob
ORGANIZER:mailto:bob@example.test
ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.test
ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:alice@example.test
END:VEVENT
END:VCALENDAR
`.replaceAll('\n', '\r\n');
