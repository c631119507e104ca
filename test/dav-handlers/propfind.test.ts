// PROPFIND: selections, depths, preferences, and the properties of each kind of resource.
import { describe, expect, it } from 'vitest';
import { childrenOf, parseXml, textOf } from '../../src/xml/index.ts';
import { MemoryHome } from './memory-home.ts';
import {
  A,
  alice,
  bob,
  book,
  C,
  calendar,
  card,
  childNames,
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
  task,
  textIn,
} from './harness.ts';

const zero = { Depth: '0' };
const one = { Depth: '1' };

describe('selections', () => {
  it('answers prop with found and missing properties apart', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, {
      headers: zero,
      body: propfind([D, 'displayname'], [D, 'quota-used-bytes'], ['urn:x', 'unknown']),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses).toHaveLength(1);
    expect(textIn(answer.responses[0], D, 'displayname')).toBe('Calendar');
    expect(names(answer.responses[0]!, 404)).toEqual(['{DAV:}quota-used-bytes', '{urn:x}unknown']);
    expect(answer.text).toContain('<D:status>HTTP/1.1 200 OK</D:status>');
  });

  it('answers allprop for an empty body, without what RFC 4791 keeps out of it', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, { headers: zero });
    expect(names(answer.responses[0]!)).toEqual(['{DAV:}resourcetype', '{DAV:}displayname']);
    expect(names(answer.responses[0]!, 404)).toEqual([]);
  });

  it('answers allprop with include and with dead properties', async () => {
    const { ask } = setUp({
      folders: [{ ...folders[0]!, properties: { dead: { '{urn:x}mark': '<mark xmlns="urn:x">1</mark>' } } }],
    });
    const body = `<propfind xmlns="DAV:"><allprop/><include><x:supported-calendar-data xmlns:x="${C}"/></include></propfind>`;
    const answer = await ask('PROPFIND', calendar, { headers: zero, body });
    expect(names(answer.responses[0]!)).toEqual([
      '{DAV:}resourcetype',
      '{DAV:}displayname',
      `{${C}}supported-calendar-data`,
      '{urn:x}mark',
    ]);
  });

  it('answers propname with names only', async () => {
    const { ask } = setUp();
    const body = '<propfind xmlns="DAV:"><propname/></propfind>';
    const answer = await ask('PROPFIND', calendar, { headers: zero, body });
    const { props } = answer.responses[0]!;
    expect([...props.values()].every(({ element }) => element.children.length === 0)).toBe(true);
    expect([...props.keys()]).toEqual(
      expect.arrayContaining([
        `{${CS}}getctag`,
        '{DAV:}sync-token',
        `{${C}}supported-calendar-component-set`,
      ]),
    );
    expect(props.has('{DAV:}getetag')).toBe(false);
  });

  it('refuses a body that selects nothing or is another document', async () => {
    const { ask } = setUp();
    for (const body of [
      '<propfind xmlns="DAV:"/>',
      '<prop xmlns="DAV:"/>',
      '<propfind xmlns="urn:x"><prop/></propfind>',
    ])
      expect((await ask('PROPFIND', calendar, { headers: zero, body })).status).toBe(400);
  });

  it('answers an empty prop with an empty 200 propstat', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, { headers: zero, body: propfind() });
    expect(answer.text).toContain('HTTP/1.1 200 OK');
  });
});

describe('Depth', () => {
  it('answers 0 with the resource alone and 1 with its children', async () => {
    const { ask } = setUp();
    const body = propfind([D, 'resourcetype']);
    const alone = await ask('PROPFIND', home, { headers: zero, body });
    const both = await ask('PROPFIND', home, { headers: one, body });
    expect(alone.responses.map(({ href }) => href)).toEqual([home]);
    expect(both.responses.map(({ href }) => href)).toEqual([home, calendar, `${home}team/`, `${home}tasks/`]);
  });

  it('refuses infinity with propfind-finite-depth', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', home, { headers: { Depth: 'infinity' } });
    expect(answer.status).toBe(403);
    expect(answer.conditions).toEqual(['{DAV:}propfind-finite-depth']);
  });

  it('takes a missing Depth for 1 and refuses other words', async () => {
    const { ask } = setUp();
    expect((await ask('PROPFIND', home)).responses.length).toBeGreaterThan(1);
    expect((await ask('PROPFIND', home, { headers: { Depth: '2' } })).status).toBe(400);
  });

  it('lists the members of a collection with byte-identical hrefs', async () => {
    const setup = setUp();
    const collection = setup.home.at('calendar');
    for (const name of ['plain.ics', "o'clock (1).ics", 'ü@b.ics', 'a b%c.ics'])
      collection.keep(name, event(name));
    const listing = await setup.ask('PROPFIND', calendar, {
      headers: one,
      body: propfind([D, 'getetag'], [D, 'getcontenttype'], [D, 'resourcetype']),
    });
    const hrefs = listing.responses.slice(1).map(({ href }) => href);
    expect(hrefs).toEqual([
      `${calendar}plain.ics`,
      `${calendar}o%27clock%20%281%29.ics`,
      `${calendar}%C3%BC@b.ics`,
      `${calendar}a%20b%25c.ics`,
    ]);
    for (const href of hrefs) {
      const own = await setup.ask('PROPFIND', href, { headers: zero, body: propfind([D, 'getetag']) });
      expect(own.responses.map((response) => response.href)).toEqual([href]);
    }
    expect(textIn(listing.responses[1], D, 'getcontenttype')).toBe(
      'text/calendar; charset=utf-8; component=VEVENT',
    );
    expect(listing.text).toContain('<D:resourcetype/>');
  });

  it('answers 404 for what is not there', async () => {
    const { ask } = setUp();
    for (const path of [
      `${calendar}no.ics`,
      `${home}no/`,
      '/nothing/',
      '/calendars/nobody@example.test/',
      '/principals/nobody@example.test/',
      `${calendar}a/b`,
    ])
      expect((await ask('PROPFIND', path, { headers: zero })).status, path).toBe(404);
  });

  it('keeps a long listing whole', async () => {
    const setup = setUp();
    for (let n = 0; n < 1_200; n += 1) setup.home.at('calendar').keep(`${n}.ics`, event(`${n}`));
    const answer = await setup.ask('PROPFIND', calendar, { headers: one, body: propfind([D, 'getetag']) });
    expect(answer.responses).toHaveLength(1_201);
  });
});

describe('preferences', () => {
  it('leaves missing properties out for Prefer: return=minimal and Brief: t', async () => {
    const { ask } = setUp();
    const body = propfind([D, 'displayname'], [D, 'quota-used-bytes']);
    const variants: Record<string, string>[] = [
      { Prefer: 'return=minimal' },
      { Prefer: 'foo, return="minimal"; x=1' },
      { Brief: 't' },
    ];
    for (const headers of variants) {
      const answer = await ask('PROPFIND', calendar, { headers: { ...zero, ...headers }, body });
      expect(names(answer.responses[0]!)).toEqual(['{DAV:}displayname']);
      expect(names(answer.responses[0]!, 404)).toEqual([]);
      expect(answer.headers.get('Preference-Applied')).toBe('return=minimal');
      expect(answer.headers.get('Vary')).toContain('Prefer');
    }
  });

  it('answers an empty 200 propstat when minimal leaves nothing', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', calendar, {
      headers: { ...zero, Prefer: 'return=minimal' },
      body: propfind([D, 'quota-used-bytes']),
    });
    expect(answer.text).toContain('HTTP/1.1 200 OK');
    expect(answer.text).not.toContain('404');
  });

  it('leaves the resource itself out for depth-noroot', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', home, {
      headers: { ...one, Prefer: 'depth-noroot' },
      body: propfind([D, 'displayname']),
    });
    expect(answer.responses.map(({ href }) => href)).not.toContain(home);
    expect(answer.headers.get('Preference-Applied')).toBe('depth-noroot');
  });
});

describe('properties', () => {
  it('tells of the principal what discovery needs', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', '/principals/alice@example.test/', {
      headers: zero,
      body: propfind(
        [D, 'resourcetype'],
        [D, 'displayname'],
        [D, 'current-user-principal'],
        [D, 'principal-URL'],
        [D, 'principal-collection-set'],
        [D, 'alternate-URI-set'],
        [D, 'group-membership'],
        [D, 'group-member-set'],
        [C, 'calendar-home-set'],
        [CR, 'addressbook-home-set'],
        [C, 'calendar-user-address-set'],
        [C, 'calendar-user-type'],
        [CS, 'email-address-set'],
        [C, 'schedule-inbox-URL'],
        [C, 'schedule-outbox-URL'],
        [CS, 'dropbox-home-URL'],
        [CR, 'principal-address'],
      ),
    });
    const [self] = answer.responses;
    expect(self?.href).toBe('/principals/alice@example.test/');
    expect(childNames(propOf(self, D, 'resourcetype'))).toEqual(['{DAV:}collection', '{DAV:}principal']);
    expect(textIn(self, D, 'displayname')).toBe('Alice Adams');
    expect(hrefsIn(propOf(self, D, 'current-user-principal'))).toEqual(['/principals/alice@example.test/']);
    expect(hrefsIn(propOf(self, D, 'principal-URL'))).toEqual(['/principals/alice@example.test/']);
    expect(hrefsIn(propOf(self, D, 'principal-collection-set'))).toEqual(['/principals/']);
    expect(hrefsIn(propOf(self, C, 'calendar-home-set'))).toEqual([home]);
    expect(hrefsIn(propOf(self, CR, 'addressbook-home-set'))).toEqual(['/addressbooks/alice@example.test/']);
    expect(hrefsIn(propOf(self, C, 'calendar-user-address-set'))).toEqual([
      'mailto:alice@example.test',
      'mailto:a.adams@example.test',
      '/principals/alice@example.test/',
    ]);
    expect(hrefsIn(propOf(self, D, 'alternate-URI-set'))).toEqual([
      'mailto:alice@example.test',
      'mailto:a.adams@example.test',
    ]);
    expect(textIn(self, C, 'calendar-user-type')).toBe('INDIVIDUAL');
    expect(childrenOf(propOf(self, CS, 'email-address-set')!).map(textOf)).toContain('alice@example.test');
    expect(propOf(self, D, 'group-membership')?.children).toEqual([]);
    expect(names(self!, 404)).toEqual([
      `{${C}}schedule-inbox-URL`,
      `{${C}}schedule-outbox-URL`,
      `{${CS}}dropbox-home-URL`,
      `{${CR}}principal-address`,
    ]);
  });

  it('tells of a calendar what clients ask', async () => {
    const zone = 'BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Vienna\r\nEND:VTIMEZONE\r\nEND:VCALENDAR';
    const { ask } = setUp({
      folders: [
        {
          ...folders[0]!,
          properties: { color: '#112233', order: '7', description: 'mine', timezone: zone },
        },
      ],
    });
    const answer = await ask('PROPFIND', calendar, {
      headers: zero,
      body: propfind(
        [D, 'resourcetype'],
        [D, 'owner'],
        [D, 'sync-token'],
        [CS, 'getctag'],
        [D, 'supported-report-set'],
        [C, 'supported-calendar-component-set'],
        [C, 'supported-calendar-data'],
        [C, 'supported-collation-set'],
        [C, 'max-resource-size'],
        [C, 'calendar-description'],
        [C, 'calendar-timezone'],
        [C, 'calendar-timezone-id'],
        [C, 'schedule-calendar-transp'],
        [A, 'calendar-color'],
        [A, 'calendar-order'],
        [CR, 'supported-address-data'],
        [D, 'getetag'],
        [D, 'getlastmodified'],
      ),
    });
    const [own] = answer.responses;
    expect(childNames(propOf(own, D, 'resourcetype'))).toEqual(['{DAV:}collection', `{${C}}calendar`]);
    expect(hrefsIn(propOf(own, D, 'owner'))).toEqual(['/principals/alice@example.test/']);
    expect(textIn(own, D, 'sync-token')).toMatch(/^http:\/\/sabre\.io\/ns\/sync\/\d+$/);
    expect(textIn(own, CS, 'getctag')).not.toBe('');
    expect(
      childrenOf(propOf(own, C, 'supported-calendar-component-set')!).map(({ attrs }) => attrs['name']),
    ).toEqual(['VEVENT']);
    expect({ ...childrenOf(propOf(own, C, 'supported-calendar-data')!)[0]!.attrs }).toEqual({
      'content-type': 'text/calendar',
      version: '2.0',
    });
    expect(childrenOf(propOf(own, C, 'supported-collation-set')!).map(textOf)).toEqual([
      'i;ascii-casemap',
      'i;octet',
      'i;unicode-casemap',
    ]);
    expect(textIn(own, C, 'max-resource-size')).toBe('10000');
    expect(textIn(own, C, 'calendar-description')).toBe('mine');
    expect(textIn(own, C, 'calendar-timezone')).toBe(zone);
    expect(textIn(own, C, 'calendar-timezone-id')).toBe('Europe/Vienna');
    expect(childNames(propOf(own, C, 'schedule-calendar-transp'))).toEqual([`{${C}}opaque`]);
    expect(textIn(own, A, 'calendar-color')).toBe('#112233');
    expect(textIn(own, A, 'calendar-order')).toBe('7');
    expect(names(own!, 404)).toEqual([
      `{${CR}}supported-address-data`,
      '{DAV:}getetag',
      '{DAV:}getlastmodified',
    ]);
  });

  it('tells of a task list that it holds VTODO', async () => {
    const setup = setUp();
    setup.home.at('tasks').keep('t.ics', task('t'));
    const answer = await setup.ask('PROPFIND', `${home}tasks/`, {
      headers: one,
      body: propfind([C, 'supported-calendar-component-set'], [D, 'getcontenttype']),
    });
    expect(
      childrenOf(propOf(answer.responses[0], C, 'supported-calendar-component-set')!)[0]!.attrs['name'],
    ).toBe('VTODO');
    expect(textIn(answer.responses[1], D, 'getcontenttype')).toBe(
      'text/calendar; charset=utf-8; component=VTODO',
    );
  });

  it('tells of an address book its versions, size and description', async () => {
    const setup = setUp({ folders: [{ ...folders[3]!, properties: { description: 'friends' } }] });
    setup.home.at('contacts').keep('c.vcf', card('c', 'C'));
    const answer = await setup.ask('PROPFIND', book, {
      headers: one,
      body: propfind(
        [D, 'resourcetype'],
        [CR, 'supported-address-data'],
        [CR, 'max-resource-size'],
        [CR, 'addressbook-description'],
        [CR, 'supported-collation-set'],
        [C, 'supported-calendar-component-set'],
        [D, 'getcontenttype'],
      ),
    });
    const [own, member] = answer.responses;
    expect(childNames(propOf(own, D, 'resourcetype'))).toEqual(['{DAV:}collection', `{${CR}}addressbook`]);
    expect(
      childrenOf(propOf(own, CR, 'supported-address-data')!).map(({ attrs }) => attrs['version']),
    ).toEqual(['3.0', '4.0']);
    expect(textIn(own, CR, 'max-resource-size')).toBe('10000');
    expect(textIn(own, CR, 'addressbook-description')).toBe('friends');
    expect(propOf(own, CR, 'supported-collation-set')?.children).toHaveLength(3);
    expect(names(own!, 404)).toContain(`{${C}}supported-calendar-component-set`);
    expect(textIn(member, D, 'getcontenttype')).toBe('text/vcard; charset=utf-8');
  });

  it('tells of a calendar home which component sets a new calendar may have', async () => {
    const { ask } = setUp();
    const body = propfind([C, 'supported-calendar-component-sets'], [D, 'displayname'], [D, 'owner']);
    const [own] = (await ask('PROPFIND', home, { headers: zero, body })).responses;
    expect(childrenOf(propOf(own, C, 'supported-calendar-component-sets')!)).toHaveLength(2);
    expect(textIn(own, D, 'displayname')).toBe('Alice Adams');
    const [books] = (await ask('PROPFIND', '/addressbooks/alice@example.test/', { headers: zero, body }))
      .responses;
    expect(names(books!, 404)).toEqual([`{${C}}supported-calendar-component-sets`]);
  });

  it('tells the supported reports of each kind of resource, and only these', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('e.ics', event('e'));
    const body = propfind([D, 'supported-report-set']);
    const reportsAt = async (path: string): Promise<readonly string[]> => {
      const [own] = (await setup.ask('PROPFIND', path, { headers: zero, body })).responses;
      return childrenOf(propOf(own, D, 'supported-report-set')!).map(
        (each) => childrenOf(childrenOf(each)[0]!)[0]!.name,
      );
    };
    expect(await reportsAt(calendar)).toEqual([
      'calendar-query',
      'calendar-multiget',
      'free-busy-query',
      'sync-collection',
      'expand-property',
      'principal-match',
    ]);
    expect(await reportsAt(book)).toEqual([
      'addressbook-query',
      'addressbook-multiget',
      'sync-collection',
      'expand-property',
      'principal-match',
    ]);
    expect(await reportsAt(`${calendar}e.ics`)).toEqual(['calendar-multiget', 'expand-property']);
    expect(await reportsAt(home)).not.toContain('sync-collection');
    expect(await reportsAt('/principals/')).toContain('principal-property-search');
  });

  it('tells the privileges of each kind of resource', async () => {
    const { ask } = setUp({ folders: [{ ...folders[0]!, rights: { modify: false, administer: false } }] });
    const body = propfind([D, 'current-user-privilege-set'], [D, 'supported-privilege-set']);
    const [own] = (await ask('PROPFIND', calendar, { headers: zero, body })).responses;
    const held = childrenOf(propOf(own, D, 'current-user-privilege-set')!).flatMap(childNames);
    expect(held).toEqual([
      '{DAV:}read',
      `{${C}}read-free-busy`,
      '{DAV:}bind',
      '{DAV:}unbind',
      '{DAV:}read-current-user-privilege-set',
    ]);
    expect(childNames(propOf(own, D, 'supported-privilege-set'))).toEqual(['{DAV:}supported-privilege']);
    const [everything] = (await setUp().ask('PROPFIND', calendar, { headers: zero, body })).responses;
    expect(childrenOf(propOf(everything, D, 'current-user-privilege-set')!).flatMap(childNames)).toContain(
      '{DAV:}write',
    );
  });

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

describe('trouble', () => {
  it('keeps the siblings of a folder that fails, and fails whole when the account does', async () => {
    const setup = setUp();
    const body = propfind([D, 'displayname'], [CS, 'getctag']);
    setup.home.at('team').broken = { kind: 'denied', message: 'no' };
    const partly = await setup.ask('PROPFIND', home, { headers: one, body });
    const team = partly.responses.find(({ href }) => href.endsWith('team/'));
    expect(textIn(team, D, 'displayname')).toBe('Team');
    expect(names(team!, 403)).toEqual([`{${CS}}getctag`]);
    setup.home.at('team').broken = { kind: 'busy', message: 'later', retryAfterMs: 4_200 };
    const whole = await setup.ask('PROPFIND', home, { headers: one, body });
    expect(whole.status).toBe(503);
    expect(whole.headers.get('Retry-After')).toBe('5');
  });

  it('refuses malformed XML, a DOCTYPE, and bodies without end', async () => {
    const { ask } = setUp();
    const bodies: (string | Uint8Array)[] = [
      '<propfind xmlns="DAV:"><prop>',
      '<!DOCTYPE x [<!ENTITY y "z">]><propfind xmlns="DAV:"><prop><x>&y;</x></prop></propfind>',
      '<propfind xmlns="DAV:"><prop><undeclared:x/></prop></propfind>',
      new Uint8Array([0x3c, 0x61, 0xff, 0x3e]),
    ];
    for (const body of bodies)
      expect((await ask('PROPFIND', home, { headers: zero, body })).status).toBe(400);
    const huge = `<propfind xmlns="DAV:"><prop><x>${'x'.repeat(4_200_000)}</x></prop></propfind>`;
    expect((await ask('PROPFIND', home, { headers: zero, body: huge })).status).toBe(413);
  });

  it('reads UTF-16 bodies with a byte order mark', async () => {
    const { ask } = setUp();
    const body = new Uint8Array(Buffer.from(`\ufeff${propfind([D, 'displayname'])}`, 'utf16le'));
    expect((await ask('PROPFIND', calendar, { headers: zero, body })).status).toBe(207);
  });

  it('gives a dead property back even when its neighbour in the store is broken', async () => {
    const { ask } = setUp({
      folders: [
        {
          ...folders[0]!,
          properties: {
            dead: { '{urn:x}good': '<good xmlns="urn:x"><a>1</a>&amp;</good>', '{urn:x}bad': '<bad' },
          },
        },
      ],
    });
    const answer = await ask('PROPFIND', calendar, {
      headers: zero,
      body: propfind(['urn:x', 'good'], ['urn:x', 'bad']),
    });
    expect(propOf(answer.responses[0], 'urn:x', 'good')).toEqual(
      parseXml('<good xmlns="urn:x"><a>1</a>&amp;</good>'),
    );
    expect(names(answer.responses[0]!, 404)).toEqual(['{urn:x}bad']);
  });

  it('refuses paths that no resource can have', async () => {
    const { ask } = setUp();
    for (const path of [
      `${calendar}%00.ics`,
      `${calendar}a%2Fb.ics`,
      `${calendar}%2e%2e`,
      `${calendar}a%0Db`,
      `${calendar}a%5Cb`,
    ])
      expect((await ask('GET', path)).status, path).toBe(400);
  });
});
