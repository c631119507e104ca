// OPTIONS, PROPPATCH, MKCALENDAR, extended MKCOL, and verbs that are not for a resource.
import { describe, expect, it } from 'vitest';
import { childrenOf, clarkOf, textOf } from '../../src/xml/index.ts';
import {
  A,
  book,
  C,
  calendar,
  childNames,
  CR,
  D,
  event,
  home,
  names,
  parseResponse,
  propfind,
  propOf,
  setUp,
  textIn,
} from './harness.ts';

const zone = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Vi',
  ' enna',
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
  'END:VTIMEZONE',
  'END:VCALENDAR',
].join('\r\n');

function update(set: string, remove = ''): string {
  const removal = remove === '' ? '' : `<D:remove><D:prop>${remove}</D:prop></D:remove>`;
  const setting = set === '' ? '' : `<D:set><D:prop>${set}</D:prop></D:set>`;
  return `<D:propertyupdate xmlns:D="DAV:" xmlns:C="${C}" xmlns:CR="${CR}" xmlns:A="${A}">${setting}${removal}</D:propertyupdate>`;
}

describe('OPTIONS', () => {
  it('carries the DAV header everywhere, 1 first and no 2', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const paths = [
      '/',
      '/principals/',
      '/principals/alice@example.test/',
      '/calendars/',
      home,
      calendar,
      book,
      `${calendar}a.ics`,
      `${home}new/`,
      '/nothing',
    ];
    for (const path of paths) {
      const answer = await setup.ask('OPTIONS', path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('DAV')).toBe(
        '1, 3, access-control, calendar-access, addressbook, extended-mkcol',
      );
    }
  });

  it('tells in Allow what the resource takes', async () => {
    const { ask } = setUp();
    const allow = async (path: string): Promise<string | null> =>
      (await ask('OPTIONS', path)).headers.get('Allow');
    expect(await allow(home)).toBe('OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT');
    expect(await allow(calendar)).toBe('OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT, DELETE');
    expect(await allow(`${calendar}a.ics`)).toBe(
      'OPTIONS, GET, HEAD, PROPFIND, PROPPATCH, REPORT, PUT, DELETE, MOVE, COPY',
    );
    expect(await allow(`${home}new`)).toBe('OPTIONS, MKCALENDAR, MKCOL');
  });

  it('answers 405 with Allow for methods that are not for the resource and 501 for unknown ones', async () => {
    const { ask } = setUp();
    for (const method of ['LOCK', 'UNLOCK', 'ACL', 'POST', 'PATCH', 'PUT']) {
      const answer = await ask(method, calendar);
      expect(answer.status, method).toBe(405);
      expect(answer.headers.get('Allow')).toContain('PROPFIND');
    }
    expect((await ask('BREW', calendar)).status).toBe(501);
    expect((await ask('constructor', calendar)).status).toBe(501);
  });
});

describe('PROPPATCH', () => {
  it('renames, colours, orders and describes in one patch', async () => {
    const setup = setUp();
    const answer = await setup.ask('PROPPATCH', `${home}team/`, {
      body: update(
        `<D:displayname>New name</D:displayname><A:calendar-color symbolic-color="custom">#00FF00FF</A:calendar-color><A:calendar-order>9</A:calendar-order><C:calendar-description>what</C:calendar-description><C:calendar-timezone>${zone}</C:calendar-timezone>`,
      ),
    });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!)).toHaveLength(5);
    expect(setup.home.patches).toHaveLength(1);
    const read = await setup.ask('PROPFIND', `${home}team/`, {
      headers: { Depth: '0' },
      body: propfind(
        [D, 'displayname'],
        [A, 'calendar-color'],
        [A, 'calendar-order'],
        [C, 'calendar-description'],
        [C, 'calendar-timezone-id'],
      ),
    });
    const [own] = read.responses;
    expect(textIn(own, D, 'displayname')).toBe('New name');
    expect(textIn(own, A, 'calendar-color')).toBe('#00FF00FF');
    expect(textIn(own, A, 'calendar-order')).toBe('9');
    expect(textIn(own, C, 'calendar-description')).toBe('what');
    expect(textIn(own, C, 'calendar-timezone-id')).toBe('Europe/Vienna');
  });

  it('keeps dead properties with their language and gives them back', async () => {
    const setup = setUp();
    const body = `<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:z"><D:set><D:prop xml:lang="de"><Z:author><Z:name a="1">Jörg &amp; Co</Z:name></Z:author></D:prop></D:set></D:propertyupdate>`;
    expect(names((await setup.ask('PROPPATCH', calendar, { body })).responses[0]!)).toEqual([
      '{urn:z}author',
    ]);
    const read = await setup.ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: propfind(['urn:z', 'author']),
    });
    const author = propOf(read.responses[0], 'urn:z', 'author');
    expect(author?.attrs['{http://www.w3.org/XML/1998/namespace}lang']).toBe('de');
    expect(childNames(author)).toEqual(['{urn:z}name']);
    expect(textOf(childrenOf(author!)[0])).toBe('Jörg & Co');
    await setup.ask('PROPPATCH', calendar, { body: update('', '<author xmlns="urn:z"/>') });
    const after = await setup.ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: propfind(['urn:z', 'author']),
    });
    expect(names(after.responses[0]!, 404)).toEqual(['{urn:z}author']);
  });

  it('removes what was set, and removing what is not there succeeds', async () => {
    const setup = setUp();
    const body = update('', `<A:calendar-color/><A:calendar-order/><x xmlns="urn:none"/>`);
    const answer = await setup.ask('PROPPATCH', `${home}team/`, { body });
    expect(names(answer.responses[0]!)).toHaveLength(3);
    expect(setup.home.at('team').folder.properties).toEqual({ dead: {} });
  });

  it('follows the order of the instructions', async () => {
    const setup = setUp();
    const body = `<D:propertyupdate xmlns:D="DAV:" xmlns:Z="urn:z"><D:remove><D:prop><Z:a/></D:prop></D:remove><D:set><D:prop><Z:a>1</Z:a></D:prop></D:set><D:set><D:prop><Z:a>2</Z:a></D:prop></D:set></D:propertyupdate>`;
    await setup.ask('PROPPATCH', calendar, { body });
    expect(setup.home.at('calendar').folder.properties.dead?.['{urn:z}a']).toContain('>2<');
  });

  it('applies nothing when one property is protected: 403 for it, 424 for the others', async () => {
    const setup = setUp();
    const before = setup.home.at('team').snapshot();
    const answer = await setup.ask('PROPPATCH', `${home}team/`, {
      body: update('<D:displayname>New</D:displayname><D:getetag>"x"</D:getetag><x xmlns="urn:z">1</x>'),
    });
    expect(answer.status).toBe(207);
    const [own] = answer.responses;
    expect(names(own!, 403)).toEqual(['{DAV:}getetag']);
    expect(names(own!, 424)).toEqual(['{DAV:}displayname', '{urn:z}x']);
    expect(answer.text).toContain('<D:cannot-modify-protected-property/>');
    expect(setup.home.patches).toEqual([]);
    expect(setup.home.at('team').snapshot()).toEqual(before);
  });

  it('refuses to take away the name, a time zone that is none, and properties without measure', async () => {
    const setup = setUp();
    const refused = async (body: string): Promise<readonly string[]> => {
      const [own] = (await setup.ask('PROPPATCH', `${home}team/`, { body })).responses;
      return [...own!.props].map(([name, { status }]) => `${name} ${status}`);
    };
    expect(await refused(update('', '<D:displayname/>'))).toEqual(['{DAV:}displayname 403']);
    expect(await refused(update('<C:calendar-timezone>Europe/Vienna</C:calendar-timezone>'))).toEqual([
      `{${C}}calendar-timezone 403`,
    ]);
    expect(await refused(update(`<x xmlns="urn:z">${'x'.repeat(70_000)}</x>`))).toEqual(['{urn:z}x 507']);
    expect(
      await refused(update('<C:schedule-calendar-transp><C:maybe/></C:schedule-calendar-transp>')),
    ).toEqual([`{${C}}schedule-calendar-transp 409`]);
    expect(setup.home.patches).toEqual([]);
  });

  it('keeps schedule-calendar-transp', async () => {
    const setup = setUp();
    await setup.ask('PROPPATCH', `${home}team/`, {
      body: update('<C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp>'),
    });
    const read = await setup.ask('PROPFIND', `${home}team/`, {
      headers: { Depth: '0' },
      body: propfind([C, 'schedule-calendar-transp']),
    });
    expect(childNames(propOf(read.responses[0], C, 'schedule-calendar-transp'))).toEqual([
      `{${C}}transparent`,
    ]);
  });

  it('answers 207 with 403 on principals, homes and members, as Apple expects', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const body = update('<A:calendar-order>1</A:calendar-order><D:resourcetype/>');
    for (const path of ['/principals/alice@example.test/', home, '/', `${calendar}a.ics`]) {
      const answer = await setup.ask('PROPPATCH', path, { body });
      expect(answer.status, path).toBe(207);
      expect(names(answer.responses[0]!, 403)).toHaveLength(2);
    }
  });

  it('answers 200 without a body for return=minimal when all went well', async () => {
    const { ask } = setUp();
    const headers = { Prefer: 'return=minimal' };
    const good = await ask('PROPPATCH', calendar, {
      headers,
      body: update('<A:calendar-order>1</A:calendar-order>'),
    });
    expect([good.status, good.text]).toEqual([200, '']);
    const bad = await ask('PROPPATCH', calendar, { headers, body: update('<D:getetag/>') });
    expect(bad.status).toBe(207);
  });

  it('refuses bodies that change nothing', async () => {
    const { ask } = setUp();
    for (const body of [
      '',
      update(''),
      '<propfind xmlns="DAV:"/>',
      '<propertyupdate xmlns="DAV:"><set/></propertyupdate>',
    ])
      expect((await ask('PROPPATCH', calendar, { body })).status).toBe(400);
  });

  it('puts an address book description where it belongs', async () => {
    const setup = setUp();
    await setup.ask('PROPPATCH', book, {
      body: update(
        '<CR:addressbook-description>friends</CR:addressbook-description><A:calendar-color>#112233</A:calendar-color>',
      ),
    });
    const { properties } = setup.home.at('contacts').folder;
    expect(properties.description).toBe('friends');
    expect(properties.dead).toHaveProperty([`{${A}}calendar-color`]);
    const read = await setup.ask('PROPFIND', book, {
      headers: { Depth: '0' },
      body: propfind([A, 'calendar-color']),
    });
    expect(textIn(read.responses[0], A, 'calendar-color')).toBe('#112233');
  });
});

describe('MKCALENDAR', () => {
  it('creates a calendar with its properties', async () => {
    const setup = setUp();
    const body = `<?xml version="1.0" encoding="utf-8"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}" xmlns:A="${A}"><D:set><D:prop><D:displayname>Private</D:displayname><A:calendar-color>#FF0000</A:calendar-color><C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`;
    const answer = await setup.ask('MKCALENDAR', `${home}9F2B-AA/`, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
    const { folder } = setup.home.at('9F2B-AA');
    expect(folder).toMatchObject({
      kind: 'events',
      displayName: 'Private',
      properties: { color: '#FF0000' },
    });
  });

  it('names the calendar after its path when nothing else is said', async () => {
    const setup = setUp();
    expect((await setup.ask('MKCALENDAR', `${home}n%C3%A4chste/`)).status).toBe(201);
    expect(setup.home.at('nächste').folder.displayName).toBe('nächste');
  });

  it('makes one kind of folder, whatever set is asked for', async () => {
    const setup = setUp();
    const make = (key: string, ...components: readonly string[]) =>
      setup.ask('MKCALENDAR', `${home}${key}/`, {
        body: `<C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}"><D:set><D:prop><C:supported-calendar-component-set>${components.map((name) => `<C:comp name="${name}"/>`).join('')}</C:supported-calendar-component-set></D:prop></D:set></C:mkcalendar>`,
      });
    expect((await make('a', 'VTODO')).status).toBe(201);
    expect(setup.home.at('a').folder.kind).toBe('tasks');
    // DAVx5 with every box ticked.
    expect((await make('b', 'VEVENT', 'VTODO', 'VJOURNAL')).status).toBe(201);
    expect(setup.home.at('b').folder.kind).toBe('events');
    const refused = await make('c', 'VJOURNAL');
    expect([refused.status, ...refused.conditions]).toEqual([403, `{${C}}supported-calendar-component`]);
  });

  it('refuses places where no calendar can be', async () => {
    const setup = setUp();
    const at = async (path: string) => {
      const { status, conditions } = await setup.ask('MKCALENDAR', path);
      return [status, ...conditions];
    };
    expect(await at(calendar)).toEqual([405, '{DAV:}resource-must-be-null']);
    expect(await at(home)).toEqual([405, '{DAV:}resource-must-be-null']);
    expect(await at(`${calendar}deeper/`)).toEqual([403, `{${C}}calendar-collection-location-ok`]);
    expect(await at('/addressbooks/alice@example.test/x/')).toEqual([
      403,
      `{${C}}calendar-collection-location-ok`,
    ]);
    expect(await at(`${home}no/deeper/`)).toEqual([409]);
    expect(await at('/elsewhere/')).toEqual([409]);
  });

  it('makes nothing when a property cannot be set', async () => {
    const setup = setUp();
    const body = `<C:mkcalendar xmlns:D="DAV:" xmlns:C="${C}"><D:set><D:prop><D:displayname>P</D:displayname><D:getetag>x</D:getetag></D:prop></D:set></C:mkcalendar>`;
    const answer = await setup.ask('MKCALENDAR', `${home}new/`, { body });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!, 403)).toEqual(['{DAV:}getetag']);
    expect(names(answer.responses[0]!, 424)).toEqual(['{DAV:}displayname']);
    expect(() => setup.home.at('new')).toThrow();
  });
});

describe('extended MKCOL', () => {
  const mkcol = (types: string, props = ''): string =>
    `<D:mkcol xmlns:D="DAV:" xmlns:C="${C}" xmlns:CR="${CR}"><D:set><D:prop><D:resourcetype>${types}</D:resourcetype>${props}</D:prop></D:set></D:mkcol>`;
  const xml = { 'Content-Type': 'text/xml; charset="utf-8"' };
  const books = '/addressbooks/alice@example.test/';

  it('creates address books, calendars and task lists', async () => {
    const setup = setUp();
    const body = mkcol(
      '<D:collection/><CR:addressbook/>',
      '<D:displayname>Club</D:displayname><CR:addressbook-description>all of them</CR:addressbook-description>',
    );
    expect((await setup.ask('MKCOL', `${books}club/`, { headers: xml, body })).status).toBe(201);
    expect(setup.home.at('club').folder).toMatchObject({
      kind: 'contacts',
      displayName: 'Club',
      properties: { description: 'all of them' },
    });
    const todo = mkcol(
      '<D:collection/><C:calendar/>',
      '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>',
    );
    expect((await setup.ask('MKCOL', `${home}todo/`, { headers: xml, body: todo })).status).toBe(201);
    expect(setup.home.at('todo').folder.kind).toBe('tasks');
  });

  it('refuses types, places and bodies it does not know', async () => {
    const setup = setUp();
    const at = async (path: string, body: string, headers: Record<string, string> = xml) => {
      const { status, conditions } = await setup.ask('MKCOL', path, { headers, body });
      return [status, ...conditions];
    };
    expect(await at(`${home}x/`, '', {})).toEqual([403, '{DAV:}valid-resourcetype']);
    expect(await at(`${home}x/`, mkcol('<D:collection/>'))).toEqual([403, '{DAV:}valid-resourcetype']);
    expect(await at(`${home}x/`, mkcol('<D:collection/><C:calendar/><CR:addressbook/>'))).toEqual([
      403,
      '{DAV:}valid-resourcetype',
    ]);
    expect(await at(`${home}x/`, mkcol('<D:collection/><x xmlns="urn:x"/>'))).toEqual([
      403,
      '{DAV:}valid-resourcetype',
    ]);
    expect(await at(`${home}x/`, mkcol('<D:collection/><CR:addressbook/>'))).toEqual([
      403,
      `{${CR}}addressbook-collection-location-ok`,
    ]);
    expect(await at(`${books}x/`, mkcol('<D:collection/><C:calendar/>'))).toEqual([
      403,
      `{${C}}calendar-collection-location-ok`,
    ]);
    expect(await at(book, mkcol('<D:collection/><CR:addressbook/>'))).toEqual([
      405,
      '{DAV:}resource-must-be-null',
    ]);
    expect(await at(`${books}no/x/`, mkcol('<D:collection/><CR:addressbook/>'))).toEqual([409]);
    expect(await at(`${books}x/`, '{}', { 'Content-Type': 'application/json' })).toEqual([415]);
    expect(await at(`${books}x/`, '<mkcol xmlns="urn:x"/>')).toEqual([415]);
    expect((await setup.home.collections()).length).toBe(4);
  });

  it('says in a mkcol-response which property was at fault, and makes nothing', async () => {
    const setup = setUp();
    const body = mkcol('<D:collection/><CR:addressbook/>', '<D:displayname>P</D:displayname><D:owner/>');
    const answer = await setup.ask('MKCOL', `${books}x/`, { headers: xml, body });
    expect(answer.status).toBe(403);
    expect(clarkOf(answer.xml)).toBe('{DAV:}mkcol-response');
    const parsed = parseResponse(answer.xml);
    expect(names(parsed, 403)).toEqual(['{DAV:}owner']);
    expect(names(parsed, 424)).toEqual(['{DAV:}displayname']);
    expect(() => setup.home.at('x')).toThrow();
  });
});
