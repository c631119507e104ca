// Debian's DavMail 6.0.1, unmodified and headless, before the simulated Exchange: what CalDAV and CardDAV clients read,
// write and change through it, seen from both ends.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startDavmail, type DavmailProcess } from '../../../bench/davmail-process.ts';
import { startSimulator, type Simulator } from '../../../simulator/index.ts';
import { folderOf, type Mailbox } from '../../../simulator/state/index.ts';
import type { Item } from '../../../simulator/state/item.ts';
import { openEnvelopeCheck, type EnvelopeCheck } from '../../simulator/envelopes.ts';
import { alice } from '../gateway.ts';
import { isInstalled } from '../programs.ts';
import { cardOf, eventOf, groupOf, openClient, taskOf, type Client } from './client.ts';

const calendar = `/users/${alice.address}/calendar/`;
const book = `/users/${alice.address}/contacts/`;

describe.skipIf(!isInstalled('davmail'))('DavMail (needs Debian’s davmail)', () => {
  let simulator: Simulator;
  let davmail: DavmailProcess;
  let client: Client;
  let envelopes: EnvelopeCheck;

  beforeAll(async () => {
    envelopes = openEnvelopeCheck();
    simulator = await startSimulator({
      seed: 'small',
      envelope: (direction, xml) => envelopes.check(direction, xml),
    });
    davmail = await startDavmail(simulator.url);
    client = openClient(davmail.url, alice);
  }, 120_000);
  afterAll(async () => {
    await davmail?.stop();
    await simulator?.close();
  });

  it('signs in, finds the calendar, its tasks and the calendars below it', async () => {
    const listed = await client.list(calendar);
    expect(listed.filter((href) => href.endsWith('.EML')).length).toBe(
      countIn(simulator, 'calendar') + countIn(simulator, 'tasks'),
    );
    expect(listed.filter((href) => href.endsWith('/')).map((href) => decodeURIComponent(href))).toEqual([
      calendar,
      `${calendar}Family/`,
      `${calendar}Projects & Travel/`,
    ]);
  });

  it('refuses a wrong password', async () => {
    const wrong = openClient(davmail.url, { ...alice, password: 'wrong' });
    await expect(wrong.list(calendar)).rejects.toThrow('401');
  });

  it('reads every event of the calendar, the series with their exceptions', async () => {
    const hrefs = (await client.list(calendar)).filter((href) => href.endsWith('.EML'));
    const texts = [...(await client.multiget(calendar, hrefs)).values()];
    expect(texts.length).toBe(hrefs.length);
    const events = texts.filter((text) => text.includes('BEGIN:VEVENT'));
    expect(events.length).toBe(countIn(simulator, 'calendar'));
    expect(texts.filter((text) => text.includes('BEGIN:VTODO')).length).toBe(countIn(simulator, 'tasks'));
    for (const text of events) expect(text).toMatch(/^DTSTART[;:]/m);
    expect(events.filter((text) => /BEGIN:VEVENT[^]*^RRULE:/m.test(text)).length).toBe(24);
    expect(events.filter((text) => /^RECURRENCE-ID[;:]/m.test(text)).length).toBeGreaterThan(5);
  });

  it('creates, reads, changes and deletes an event', async () => {
    const href = `${calendar}davmail-1.ics`;
    expect((await client.put(href, eventOf({ uid: 'davmail-1', summary: 'one' }))).status).toBe(201);
    const read = await client.get(href);
    expect(read.text).toMatch(summary('one'));
    expect(read.text).toMatch(/^DTSTART;TZID="?[^":]*"?:20261202T100000/m);
    expect(heldIn(simulator, 'calendar', 'one')).toMatchObject([
      { values: { start: Date.parse('2026-12-02T09:00:00Z'), location: 'Room 5' } },
    ]);

    const changed = eventOf({ uid: 'davmail-1', summary: 'two', hour: '14' });
    expect((await client.put(href, changed)).status).toBeLessThan(300);
    expect((await client.get(href)).text).toMatch(summary('two'));
    expect(heldIn(simulator, 'calendar', 'two')).toMatchObject([
      { values: { start: Date.parse('2026-12-02T13:00:00Z') } },
    ]);

    expect((await client.send('DELETE', href)).status).toBe(200);
    await expect(client.get(href)).rejects.toThrow('404');
    expect(heldIn(simulator, 'calendar', 'two')).toEqual([]);
  });

  it('creates a series with a changed and a cancelled occurrence, and changes another one', async () => {
    const href = `${calendar}davmail-2.ics`;
    const series = { uid: 'davmail-2', summary: 'weekly', rule: 'FREQ=WEEKLY' };
    await client.put(href, eventOf(series));
    expect((await client.get(href)).text).toMatch(/^RRULE:FREQ=WEEKLY/m);
    await client.put(href, eventOf({ ...series, gone: '20261209', changed: ['20261216', 'third is other'] }));
    const { text } = await client.get(href);
    expect(text).toMatch(/^EXDATE[;:].*20261209/m);
    expect(text).toMatch(summary('third is other'));
    expect(text).toMatch(/^RECURRENCE-ID[;:].*20261216/m);
    expect(heldIn(simulator, 'calendar', 'weekly')).toMatchObject([
      { deletions: [2], exceptions: [{ index: 3, values: { subject: 'third is other' } }] },
    ]);
  });

  it('invites; the other one accepts through DavMail too; the organizer reads the answer', async () => {
    const meeting = { uid: 'davmail-7', summary: 'a meeting', attendee: 'bob@example.test' };
    await client.put(`${calendar}davmail-7.ics`, eventOf(meeting));
    expect(simulator.sentMessages().map(({ kind, to }) => ({ kind, to }))).toEqual([
      { kind: 'request', to: ['bob@example.test'] },
    ]);
    const bob = openClient(davmail.url, { address: 'bob@example.test', password: 'bob' });
    const his = '/users/bob@example.test/calendar/';
    const invited = async (): Promise<[string, string] | undefined> => {
      const hrefs = (await bob.list(his)).filter((href) => href.endsWith('.EML'));
      return [...(await bob.multiget(his, hrefs))].find(([, text]) => text.includes('UID:davmail-7'));
    };
    const [href, text] = await vi.waitUntil(invited, { timeout: 20_000, interval: 500 });
    await bob.put(href, text.replaceAll('PARTSTAT=NEEDS-ACTION', 'PARTSTAT=ACCEPTED'));
    const answered = async (): Promise<boolean> => {
      const read = (await client.get(`${calendar}davmail-7.ics`)).text.replaceAll(/\r?\n /g, '');
      return /^ATTENDEE;.*PARTSTAT=ACCEPTED;.*bob@example.test/m.test(read);
    };
    expect(await vi.waitUntil(answered, { timeout: 20_000, interval: 500 })).toBe(true);
  });

  it('creates, completes and deletes a task', async () => {
    // The default tasks stand in the calendar.
    const href = `${calendar}davmail-3.ics`;
    const { location } = await client.put(href, taskOf('davmail-3', 'NEEDS-ACTION'));
    expect((await client.get(href)).text).toContain('SUMMARY:to be done');
    await client.put(href, taskOf('davmail-3', 'COMPLETED'));
    expect((await client.get(href)).text).toContain('STATUS:COMPLETED');
    expect(heldIn(simulator, 'tasks', 'to be done')).toMatchObject([
      { values: { status: 'Completed', percentComplete: 100 } },
    ]);
    // By its own name a task is not found for DELETE, by that of DavMail it is.
    await client.send('DELETE', location ?? '');
    await expect(client.get(href)).rejects.toThrow('404');
  });

  it('lists and reads the contacts', async () => {
    const hrefs = (await client.list(book)).filter((href) => href.endsWith('.vcf'));
    expect(hrefs.length).toBe(countIn(simulator, 'contacts'));
    const cards = [...(await client.multiget(book, hrefs)).values()];
    expect(cards.length).toBe(hrefs.length);
    expect(cards.filter((card) => /^EMAIL;/m.test(card)).length).toBeGreaterThan(100);
    expect(cards.filter((card) => /^TEL;TYPE=cell:/m.test(card)).length).toBeGreaterThan(50);
  });

  it('creates, reads, changes and deletes a contact', async () => {
    const href = `${book}davmail-4.vcf`;
    expect((await client.put(href, cardOf('Doe', '+43 1 2'))).status).toBe(201);
    const { text } = await client.get(href);
    expect(text).toContain('N:Doe;Jane;;;');
    expect(text).toContain('TEL;TYPE=cell:+43 1 2');
    expect(text).toContain('EMAIL;TYPE=work:jane@x.test');
    expect(text).toContain('ADR;TYPE=home:;;Main Street 1;Vienna;;1010;Austria');
    await client.put(href, cardOf('Roe', '+43 3 4'));
    expect((await client.get(href)).text).toContain('N:Roe;Jane;;;');
    await client.send('DELETE', href);
    await expect(client.get(href)).rejects.toThrow('404');
  });

  it('keeps the picture of a contact, as JPEG of its own size', async () => {
    const href = `${book}davmail-5.vcf`;
    await client.put(href, cardOf('Photo', '+43 5', [`PHOTO;ENCODING=b;TYPE=JPEG:${picture}`]));
    const { text } = await client.get(href);
    const [, shown = ''] = /^PHOTO;[^:]*:((?:.*\r?\n )*.*)/m.exec(text) ?? [];
    expect(Buffer.from(shown.replace(/\s/g, ''), 'base64').subarray(0, 2).toString('hex')).toBe('ffd8');
    const [held] = [...folderOf(mailboxOf(simulator), 'contacts').items.values()].slice(-1);
    expect(held?.attachments).toMatchObject([{ isContactPhoto: true, name: 'ContactPicture.jpg' }]);
  });

  it('creates and reads a group', async () => {
    const href = `${book}davmail-6.vcf`;
    await client.put(href, groupOf('Choir', ['jane@x.test', 'joe@x.test']));
    const { text } = await client.get(href);
    expect(text).toMatch(/^KIND:group/m);
    expect([...text.matchAll(/^MEMBER:mailto:(.*?)\r?$/gm)].map(([, address]) => address)).toEqual([
      'jane@x.test',
      'joe@x.test',
    ]);
  });

  it('creates and renames a calendar below the calendar', async () => {
    const named = (element: string, name: string): string =>
      `<${element} xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:displayname>${name}</D:displayname></D:prop></D:set></${element}>`;
    const made = await client.send('MKCALENDAR', `${calendar}Sport/`, {
      body: named('C:mkcalendar', 'Sport'),
    });
    expect(made.status).toBe(201);
    await client.send('PROPPATCH', `${calendar}Sport/`, { body: named('D:propertyupdate', 'Sports') });
    expect(await client.list(calendar)).toContain(`${calendar}Sports/`);
  });

  it('asks for free and busy times through the outbox', async () => {
    const answer = await client.freeBusy(`/users/${alice.address}/outbox/`, 'bob@example.test');
    expect(answer).toContain('2.0');
    expect(answer).toMatch(/FREEBUSY/);
  });

  it('had valid answers all the time', () => {
    expect(envelopes.failures.filter(({ direction }) => direction === 'answer')).toEqual([]);
    if (process.env['CI'] !== undefined) expect(envelopes.count, envelopes.note).toBeGreaterThan(0);
  });
});

const summary = (text: string): RegExp => new RegExp(`^SUMMARY[^:]*:${text}`, 'm');

/** One grey point. */
const picture =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8QEBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=';

function mailboxOf(simulator: Simulator): Mailbox {
  return simulator.world.mailboxes.get(alice.address)!;
}

/** Items of that subject in a default folder of alice’s mailbox, as the simulator holds them. */
function heldIn(simulator: Simulator, folder: string, subject: string): Item[] {
  return [...folderOf(mailboxOf(simulator), folder).items.values()].filter(
    ({ values }) => values.subject === subject,
  );
}

/** DavMail leaves completed tasks out. */
function countIn(simulator: Simulator, folder: string): number {
  const { items } = folderOf(mailboxOf(simulator), folder);
  return [...items.values()].filter(({ values }) => values.completeDate === undefined).length;
}
