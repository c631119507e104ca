// The properties of each kind of resource.
import { describe, expect, it } from 'vitest';
import { childrenOf, textOf } from '../../../src/xml/index.ts';
import {
  A,
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
} from '../harness.ts';

const zero = { Depth: '0' };

const one = { Depth: '1' };

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
    expect(hrefsIn(propOf(self, C, 'schedule-inbox-URL'))).toEqual([`${home}inbox/`]);
    expect(hrefsIn(propOf(self, C, 'schedule-outbox-URL'))).toEqual([`${home}outbox/`]);
    expect(childrenOf(propOf(self, CS, 'email-address-set')!).map(textOf)).toContain('alice@example.test');
    expect(propOf(self, D, 'group-membership')?.children).toEqual([]);
    expect(names(self!, 404)).toEqual([`{${CS}}dropbox-home-URL`, `{${CR}}principal-address`]);
  });

  it('tells of the inbox what it is, where new events go, and what counts as busy', async () => {
    const setup = setUp();
    const patch = `<propertyupdate xmlns="DAV:" xmlns:C="${C}"><set><prop><C:schedule-calendar-transp><C:transparent/></C:schedule-calendar-transp></prop></set></propertyupdate>`;
    await setup.ask('PROPPATCH', `${home}team/`, { body: patch });
    const asked = propfind(
      [D, 'resourcetype'],
      [D, 'displayname'],
      [D, 'current-user-privilege-set'],
      [D, 'supported-privilege-set'],
      [D, 'supported-report-set'],
      [C, 'supported-calendar-component-set'],
      [C, 'schedule-default-calendar-URL'],
      [C, 'calendar-free-busy-set'],
      [C, 'schedule-calendar-transp'],
      [CS, 'getctag'],
      [D, 'sync-token'],
    );
    const [inbox] = (await setup.ask('PROPFIND', `${home}inbox/`, { headers: zero, body: asked })).responses;
    expect(childNames(propOf(inbox, D, 'resourcetype'))).toEqual([
      '{DAV:}collection',
      `{${C}}schedule-inbox`,
    ]);
    const privileges = childrenOf(propOf(inbox, D, 'current-user-privilege-set')!).flatMap(childNames);
    for (const name of ['{DAV:}read', '{DAV:}unbind', `{${C}}schedule-deliver`])
      expect(privileges).toContain(name);
    expect(privileges).not.toContain('{DAV:}bind');
    expect(hrefsIn(propOf(inbox, C, 'schedule-default-calendar-URL'))).toEqual([calendar]);
    expect(hrefsIn(propOf(inbox, C, 'calendar-free-busy-set'))).toEqual([calendar]);
    const reports = JSON.stringify(propOf(inbox, D, 'supported-report-set'));
    expect(reports).toContain('calendar-multiget');
    expect(reports).not.toContain('free-busy-query');
    expect(names(inbox!, 404)).toEqual([`{${C}}schedule-calendar-transp`]);
    // In the list of calendars its state is not told: that would be one more question to the mailbox each time.
    const listed = (await setup.ask('PROPFIND', home, { headers: one, body: asked })).responses.find(
      ({ href }) => href === `${home}inbox/`,
    );
    expect(names(listed!, 404)).toEqual([
      `{${C}}schedule-calendar-transp`,
      `{${CS}}getctag`,
      '{DAV:}sync-token',
    ]);
  });

  it('lets nobody say where new events go, and tells so of each property', async () => {
    const { ask } = setUp();
    const set = ['schedule-default-calendar-URL', 'calendar-free-busy-set'].map(
      (name) => `<C:${name}><href>${home}team/</href></C:${name}>`,
    );
    const body = `<propertyupdate xmlns="DAV:" xmlns:C="${C}"><set><prop>${set.join('')}<C:calendar-availability>x</C:calendar-availability></prop></set></propertyupdate>`;
    const [answer] = (await ask('PROPPATCH', `${home}inbox/`, { body })).responses;
    expect(names(answer!, 403)).toHaveLength(3);
  });

  it('tells of the outbox what it is, whose, and what may be sent from it', async () => {
    const { ask } = setUp();
    const answer = await ask('PROPFIND', `${home}outbox/`, {
      headers: one,
      body: propfind(
        [D, 'resourcetype'],
        [D, 'owner'],
        [D, 'current-user-privilege-set'],
        [D, 'supported-privilege-set'],
        [C, 'supported-calendar-data'],
        [C, 'max-resource-size'],
        [CS, 'getctag'],
        [D, 'sync-token'],
      ),
    });
    expect(answer.responses).toHaveLength(1);
    const [outbox] = answer.responses;
    expect(outbox?.href).toBe(`${home}outbox/`);
    expect(childNames(propOf(outbox, D, 'resourcetype'))).toEqual([
      '{DAV:}collection',
      `{${C}}schedule-outbox`,
    ]);
    expect(hrefsIn(propOf(outbox, D, 'owner'))).toEqual(['/principals/alice@example.test/']);
    const privileges = childrenOf(propOf(outbox, D, 'current-user-privilege-set')!).flatMap(childNames);
    expect(privileges).toContain(`{${C}}schedule-send`);
    expect(privileges).toContain(`{${C}}schedule-send-freebusy`);
    expect(privileges).not.toContain('{DAV:}write');
    expect(propOf(outbox, D, 'supported-privilege-set')).toBeDefined();
    expect(textIn(outbox, C, 'max-resource-size')).toBe('10000');
    expect(names(outbox!, 404)).toEqual([`{${CS}}getctag`, '{DAV:}sync-token']);
  });

  it('grants no sending of messages where events send none, but free/busy', async () => {
    const { ask } = setUp({ space: { autoSchedule: false } });
    const answer = await ask('PROPFIND', `${home}outbox/`, {
      headers: zero,
      body: propfind([D, 'current-user-privilege-set']),
    });
    const [outbox] = answer.responses;
    const privileges = childrenOf(propOf(outbox, D, 'current-user-privilege-set')!).flatMap(childNames);
    expect(privileges.filter((name) => name.includes('schedule-send'))).toEqual([
      `{${C}}schedule-send-freebusy`,
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
});
