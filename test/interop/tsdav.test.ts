// tsdav is a dev dependency: an independent DAV client that runs wherever Node does.
import { DAVClient } from 'tsdav';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, type Running, startBoth } from './gateway.ts';

let both: Running;
beforeAll(async () => {
  both = await startBoth({ seed: 'small' });
});
afterAll(() => both.stop());

function clientFor(accountType: 'caldav' | 'carddav'): DAVClient {
  return new DAVClient({
    serverUrl: both.url,
    credentials: { username: alice.address, password: alice.password },
    authMethod: 'Basic',
    defaultAccountType: accountType,
  });
}

const event = (summary: string): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    'BEGIN:VEVENT',
    'UID:tsdav-1',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20261203T100000Z',
    'DTEND:20261203T110000Z',
    `SUMMARY:${summary}`,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

describe('tsdav', () => {
  it('discovers calendars, creates, reads, searches, changes and deletes an event', async () => {
    const client = clientFor('caldav');
    await client.login();
    const calendars = await client.fetchCalendars();
    const calendar = calendars.find((one) => one.url.endsWith('/calendar/'));
    if (calendar === undefined) throw new Error('no calendar');
    const before = await client.fetchCalendarObjects({ calendar });
    expect(before.length).toBeGreaterThan(200);

    const made = await client.createCalendarObject({
      calendar,
      filename: 'tsdav-1.ics',
      iCalString: event('one'),
    });
    expect(made.status).toBe(201);
    const found = await client.fetchCalendarObjects({
      calendar,
      timeRange: { start: '2026-12-03T00:00:00Z', end: '2026-12-04T00:00:00Z' },
    });
    const mine = found.find((one) => one.url.endsWith('/tsdav-1.ics'));
    expect(mine?.data).toContain('SUMMARY:one');

    const changed = await client.updateCalendarObject({
      calendarObject: { url: mine?.url ?? '', etag: mine?.etag, data: event('two') },
    });
    expect(changed.status).toBe(204);
    const stale = await client.updateCalendarObject({
      calendarObject: { url: mine?.url ?? '', etag: mine?.etag, data: event('three') },
    });
    expect(stale.status).toBe(412);

    const [now] = await client.fetchCalendarObjects({ calendar, objectUrls: [mine?.url ?? ''] });
    expect(now?.data).toContain('SUMMARY:two');
    const gone = await client.deleteCalendarObject({
      calendarObject: { url: now?.url ?? '', etag: now?.etag },
    });
    expect(gone.status).toBe(204);
    expect((await client.fetchCalendarObjects({ calendar })).length).toBe(before.length);
  });

  it('synchronises an address book by sync-collection', async () => {
    const client = clientFor('carddav');
    await client.login();
    const [book] = await client.fetchAddressBooks();
    if (book === undefined) throw new Error('no address book');
    const cards = await client.fetchVCards({ addressBook: book });
    expect(cards.length).toBeGreaterThan(100);
    const card =
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:tsdav-c\r\nN:Doe;Jane;;;\r\nFN:Jane Doe\r\nEMAIL:jane@x.test\r\nEND:VCARD\r\n';
    expect(
      (await client.createVCard({ addressBook: book, filename: 'tsdav-c.vcf', vCardString: card })).status,
    ).toBe(201);
    const after = await client.fetchVCards({ addressBook: book });
    expect(after.length).toBe(cards.length + 1);
    const mine = after.find((one) => one.url.endsWith('/tsdav-c.vcf'));
    expect(mine?.data).toContain('jane@x.test');
    expect((await client.deleteVCard({ vCard: { url: mine?.url ?? '', etag: mine?.etag } })).status).toBe(
      204,
    );
  });

  it('sent no mail, and every envelope was valid', () => {
    expect(both.simulator.sentMessages()).toEqual([]);
    expect(both.envelopes.failures).toEqual([]);
  });
});
