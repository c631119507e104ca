// Extended MKCOL.
import { describe, expect, it } from 'vitest';
import { clarkOf } from '../../../src/xml/index.ts';
import { book, C, CR, home, names, parseResponse, setUp } from '../harness.ts';

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
