// The tree of resources as PROPFIND shows it, and the names that nothing in it has.
import { describe, expect, it } from 'vitest';
import { MemoryHome } from '../memory-home.ts';
import {
  alice,
  bob,
  book,
  C,
  calendar,
  CR,
  CS,
  D,
  event,
  folders,
  home,
  hrefsIn,
  names,
  propfind,
  propOf,
  setUp,
  textIn,
} from '../harness.ts';

const zero = { Depth: '0' };

const one = { Depth: '1' };

describe('the tree', () => {
  it('gives the root a principal and three branches', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', '/', {
      headers: one,
      body: propfind([D, 'current-user-principal'], [D, 'owner']),
    });
    expect(answer.responses.map(({ href }) => href)).toEqual([
      '/',
      '/principals/',
      '/calendars/',
      '/addressbooks/',
    ]);
    expect(hrefsIn(propOf(answer.responses[0], D, 'current-user-principal'))).toEqual([
      '/principals/alice@example.test/',
    ]);
    for (const branch of ['/principals/', '/calendars/', '/addressbooks/'])
      expect((await ask('PROPFIND', branch, { headers: one })).responses.map(({ href }) => href)).toEqual([
        branch,
        `${branch}alice@example.test/`,
      ]);
  });

  it('answers 404 for known names that nothing here has, and lets nobody set them', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const nowhere: readonly (readonly [string, string])[] = [
      ...['creationdate', 'getcontentlanguage', 'getcontentlength', 'getlastmodified'].map(
        (name) => [D, name] as const,
      ),
      ...['lockdiscovery', 'supportedlock', 'quota-available-bytes', 'quota-used-bytes'].map(
        (name) => [D, name] as const,
      ),
      ...['acl', 'acl-restrictions', 'inherited-acl-set', 'group', 'resource-id'].map(
        (name) => [D, name] as const,
      ),
      ...['parent-set', 'add-member'].map((name) => [D, name] as const),
      ...[
        'min-date-time',
        'max-date-time',
        'max-instances',
        'max-attendees-per-instance',
        'managed-attachments-server-URL',
      ].map((name) => [C, name] as const),
      [C, 'schedule-tag'],
      ...['principal-address', 'max-image-size'].map((name) => [CR, name] as const),
      ...['dropbox-home-URL', 'notification-URL'].map((name) => [CS, name] as const),
    ];
    for (const path of ['/', '/principals/alice@example.test/', home, calendar, book, `${calendar}a.ics`]) {
      const [own] = (await setup.ask('PROPFIND', path, { headers: zero, body: propfind(...nowhere) }))
        .responses;
      expect(names(own!, 404), path).toHaveLength(nowhere.length);
    }
    const set = nowhere.map(([ns, name]) => `<p:${name} xmlns:p="${ns}">x</p:${name}>`).join('');
    const body = `<propertyupdate xmlns="DAV:"><set><prop>${set}</prop></set></propertyupdate>`;
    const [refused] = (await setup.ask('PROPPATCH', calendar, { body })).responses;
    expect(names(refused!, 403)).toHaveLength(nowhere.length);
  });

  it('puts the prefix before every href', async () => {
    const { ask } = setUp({ prefix: '/dav' });
    const body = propfind([D, 'current-user-principal'], [D, 'owner'], [C, 'calendar-home-set']);
    for (const path of ['/', home, '/principals/alice@example.test/']) {
      const answer = await ask('PROPFIND', path, { headers: one, body });
      for (const href of hrefsIn(answer.xml)) expect(href).toMatch(/^\/dav\//);
    }
  });

  it('shows the collections of another mailbox under its own principal', async () => {
    const { ask } = setUp({ others: [new MemoryHome(bob, folders)] });
    const answer = await ask('PROPFIND', '/calendars/BOB@example.test/', {
      headers: one,
      body: propfind([D, 'owner']),
    });
    expect(answer.responses[1]?.href).toBe('/calendars/bob@example.test/calendar/');
    expect(hrefsIn(propOf(answer.responses[1], D, 'owner'))).toEqual(['/principals/bob@example.test/']);
    const principal = await ask('PROPFIND', '/principals/bob@example.test/', {
      headers: zero,
      body: propfind([D, 'displayname']),
    });
    expect(textIn(principal.responses[0], D, 'displayname')).toBe('Bob Brown');
    const alias = await ask('PROPFIND', '/principals/A.ADAMS@example.test/', { headers: zero });
    expect(alias.responses[0]?.href).toBe(`/principals/${alice.address}/`);
  });
});
