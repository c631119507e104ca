// Whole requests over the real collections and translation, on a mailbox in memory.
import { describe, expect, it } from 'vitest';
import { openHome, openObjectCache } from '../../src/collections/index.ts';
import { DavError } from '../../src/model/failure.ts';
import { openStore } from '../../src/store/index.ts';
import { childOf, textOf } from '../../src/xml/index.ts';
import { openMemoryBackend } from '../memory-backend/index.ts';
import {
  A,
  askIn,
  book,
  C,
  calendar,
  card,
  CR,
  CS,
  D,
  event,
  home,
  names,
  propfind,
  task,
  textIn,
  type Setup,
} from './harness.ts';

const address = 'alice@example.test';

async function mailbox() {
  const backend = openMemoryBackend();
  const outside = backend.outside(address);
  outside.folder({ key: 'calendar', kind: 'events', displayName: 'Calendar', isDefault: true });
  outside.folder({ key: 'tasks', kind: 'tasks', displayName: 'Tasks', isDefault: true });
  outside.folder({ key: 'contacts', kind: 'contacts', displayName: 'Contacts', isDefault: true });
  const signedIn = await backend.open({ kind: 'password', user: address, password: 'alice' });
  const { ledger } = await openStore('memory:');
  const own = openHome(signedIn, { ledger, cache: openObjectCache(10_000_000) });
  const ask: Setup['ask'] = askIn({
    user: { address, name: 'Alice Adams' },
    prefix: '',
    limits: { maxResourceBytes: 1_000_000 },
    autoSchedule: false,
    home: async (wanted) => {
      if (wanted.toLowerCase() === address) return own;
      throw new DavError(404, 'there is no such mailbox');
    },
  });
  return { backend, outside, ask };
}

const sync = (token: string): string =>
  `<D:sync-collection xmlns:D="DAV:"><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`;

describe('over the real collections', () => {
  it('discovers, creates, reads, finds, changes and deletes an event', async () => {
    const { ask } = await mailbox();
    const listing = await ask('PROPFIND', home, {
      headers: { Depth: '1' },
      body: propfind([D, 'resourcetype'], [CS, 'getctag'], [D, 'sync-token']),
    });
    expect(listing.responses.map(({ href }) => href)).toEqual([
      home,
      calendar,
      `${home}tasks/`,
      `${home}inbox/`,
      `${home}outbox/`,
    ]);
    const path = `${calendar}first%20one.ics`;
    const put = await ask('PUT', path, {
      headers: { 'Content-Type': 'text/calendar', 'If-None-Match': '*' },
      body: event('uid-1', { SUMMARY: 'Lunch' }),
    });
    expect(put.status).toBe(201);
    const got = await ask('GET', path);
    expect(got.text).toContain('SUMMARY:Lunch');
    const found = await ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: `<C:calendar-query xmlns:D="DAV:" xmlns:C="${C}"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20260110T000000Z" end="20260111T000000Z"/><C:prop-filter name="SUMMARY"><C:text-match>lunch</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
    });
    expect(found.responses.map(({ href }) => href)).toEqual([path]);
    expect(textIn(found.responses[0], D, 'getetag')).toBe(got.headers.get('ETag'));
    expect(textIn(found.responses[0], C, 'calendar-data')).toBe(got.text);
    const stale = await ask('PUT', path, { headers: { 'If-Match': '"old"' }, body: event('uid-1') });
    expect(stale.status).toBe(412);
    const changed = await ask('PUT', path, {
      headers: { 'If-Match': got.headers.get('ETag')! },
      body: event('uid-1', { SUMMARY: 'Dinner' }),
    });
    expect(changed.status).toBe(204);
    expect((await ask('GET', path)).text).toContain('SUMMARY:Dinner');
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('GET', path)).status).toBe(404);
  });

  it('synchronises by tokens, and refuses foreign ones', async () => {
    const { ask } = await mailbox();
    await ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const first = await ask('REPORT', calendar, { body: sync('') });
    expect(first.responses).toHaveLength(1);
    await ask('PUT', `${calendar}b.ics`, { body: event('b') });
    await ask('DELETE', `${calendar}a.ics`);
    const second = await ask('REPORT', calendar, { body: sync(textOf(childOf(first.xml, 'sync-token', D))) });
    expect(second.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}b.ics`, undefined],
      [`${calendar}a.ics`, 404],
    ]);
    const foreign = await ask('REPORT', calendar, { body: sync('http://sabre.io/ns/sync/0') });
    expect(foreign.conditions).toEqual(['{DAV:}valid-sync-token']);
  });

  it('refuses bad objects with the preconditions of the RFCs, and the mailbox stays as it was', async () => {
    const { ask, outside } = await mailbox();
    await ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const before = JSON.stringify(outside.items('calendar'));
    const refused = async (name: string, body: string): Promise<readonly (string | number)[]> => {
      const { status, conditions } = await ask('PUT', `${calendar}${name}`, { body });
      return [status, ...conditions];
    };
    expect(await refused('x.ics', 'nonsense')).toEqual([403, `{${C}}valid-calendar-data`]);
    expect(await refused('x.ics', task('t'))).toEqual([403, `{${C}}supported-calendar-component`]);
    const two =
      event('one').replace('END:VCALENDAR\r\n', '') + event('two').split('\r\n').slice(3).join('\r\n');
    expect(await refused('x.ics', two)).toEqual([403, `{${C}}valid-calendar-object-resource`]);
    const [status, condition] = await refused('other.ics', event('a'));
    expect([403, 409]).toContain(status);
    expect(condition).toBe(`{${C}}no-uid-conflict`);
    const [cardStatus, cardCondition] = await (async () => {
      const { status: code, conditions } = await ask('PUT', `${book}x.vcf`, { body: 'nonsense' });
      return [code, ...conditions];
    })();
    expect([cardStatus, cardCondition]).toEqual([403, `{${CR}}valid-address-data`]);
    expect(JSON.stringify(outside.items('calendar'))).toBe(before);
  });

  it('gives cards as 3.0 and 4.0', async () => {
    const { ask } = await mailbox();
    expect((await ask('PUT', `${book}c.vcf`, { body: card('c', 'Carol') })).status).toBe(201);
    const three = await ask('GET', `${book}c.vcf`);
    const four = await ask('GET', `${book}c.vcf`, { headers: { Accept: 'text/vcard; version=4.0' } });
    expect(three.text).toContain('VERSION:3.0');
    expect(four.text).toContain('VERSION:4.0');
    const report = await ask('REPORT', book, {
      body: `<CR:addressbook-query xmlns:D="DAV:" xmlns:CR="${CR}"><D:prop><CR:address-data version="4.0"/></D:prop><CR:filter><CR:prop-filter name="FN"><CR:text-match>carol</CR:text-match></CR:prop-filter></CR:filter></CR:addressbook-query>`,
    });
    expect(textIn(report.responses[0], CR, 'address-data')).toContain('VERSION:4.0');
  });

  it('makes, colours, lists and removes a calendar', async () => {
    const { ask } = await mailbox();
    const path = `${home}made-here/`;
    expect((await ask('MKCALENDAR', path)).status).toBe(201);
    const patched = await ask('PROPPATCH', path, {
      body: `<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>Club</D:displayname><A:calendar-color xmlns:A="${A}">#123456</A:calendar-color><n xmlns="urn:n">kept</n></D:prop></D:set></D:propertyupdate>`,
    });
    expect(names(patched.responses[0]!)).toHaveLength(3);
    const read = await ask('PROPFIND', path, {
      headers: { Depth: '0' },
      body: propfind([D, 'displayname'], [A, 'calendar-color'], ['urn:n', 'n']),
    });
    expect(textIn(read.responses[0], D, 'displayname')).toBe('Club');
    expect(textIn(read.responses[0], A, 'calendar-color')).toBe('#123456');
    expect(textIn(read.responses[0], 'urn:n', 'n')).toBe('kept');
    expect((await ask('DELETE', path)).status).toBe(204);
    expect((await ask('PROPFIND', path, { headers: { Depth: '0' } })).status).toBe(404);
    expect((await ask('DELETE', calendar)).status).toBe(403);
  });

  it('moves an event into another calendar, without a doublet', async () => {
    const { ask } = await mailbox();
    await ask('MKCALENDAR', `${home}second/`);
    await ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const moved = await ask('MOVE', `${calendar}a.ics`, { headers: { Destination: `${home}second/b.ics` } });
    expect(moved.status).toBe(201);
    expect((await ask('GET', `${home}second/b.ics`)).text).toContain('UID:a');
    expect((await ask('GET', `${calendar}a.ics`)).status).toBe(404);
  });

  it('answers the item that cannot be read with its own 5xx and the feed with 5xx', async () => {
    const { ask, backend, outside } = await mailbox();
    await ask('PUT', `${calendar}a.ics`, { body: event('a') });
    await ask('PUT', `${calendar}b.ics`, { body: event('b') });
    const [first] = outside.items('calendar');
    backend.faults.poison(first!.id);
    // Poison shows only where the text is not in memory any more.
    outside.edit(first!.id, (item) => ({ ...item, categories: ['changed'] }));
    const answer = await ask('REPORT', calendar, {
      body: `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="${C}"><D:prop><C:calendar-data/></D:prop><D:href>${calendar}a.ics</D:href><D:href>${calendar}b.ics</D:href></C:calendar-multiget>`,
    });
    const statuses = answer.responses.map(({ href, status }) => [href, status ?? 200]);
    expect(Object.fromEntries(statuses)).toEqual({ [`${calendar}a.ics`]: 500, [`${calendar}b.ics`]: 200 });
    expect((await ask('GET', calendar)).status).toBeGreaterThanOrEqual(500);
    const listing = await ask('PROPFIND', calendar, {
      headers: { Depth: '1' },
      body: propfind([D, 'getetag']),
    });
    expect(listing.responses).toHaveLength(3);
  });

  it('answers free-busy from the events', async () => {
    const { ask } = await mailbox();
    await ask('PUT', `${calendar}a.ics`, { body: event('a') });
    const answer = await ask('REPORT', calendar, {
      body: `<C:free-busy-query xmlns:C="${C}"><C:time-range start="20260110T000000Z" end="20260111T000000Z"/></C:free-busy-query>`,
    });
    expect(answer.text).toContain('FREEBUSY;FBTYPE=BUSY:20260110T100000Z/20260110T110000Z');
  });
});
