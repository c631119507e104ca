// PROPPATCH: all or nothing, live and dead properties.
import { describe, expect, it } from 'vitest';
import { childrenOf, textOf } from '../../../src/xml/index.ts';
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
  propfind,
  propOf,
  setUp,
  textIn,
} from '../harness.ts';

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
