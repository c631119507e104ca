// calendar-proxy (calendarserver, caldav-proxy): for whom the user acts, and who acts for him.
import { describe, expect, it } from 'vitest';
import type { Rights } from '../../src/model/backend.ts';
import { childOf } from '../../src/xml/index.ts';
import {
  alice,
  bob,
  C,
  childNames,
  CS,
  D,
  folders,
  hrefsIn,
  names,
  parseResponse,
  propfind,
  propOf,
  setUp,
  textIn,
} from './harness.ts';
import { MemoryHome } from './memory-home.ts';
import { namespaces } from './reports/bodies.ts';

const carol = { address: 'carol@example.test', name: 'Carol' };
const own = '/principals/alice@example.test/';
const zero = { Depth: '0' };
const readOnly: Partial<Rights> = { create: false, modify: false, remove: false, administer: false };

/** alice writes bob's calendar and reads carol's. */
function setUpShared() {
  const shared = [
    { key: 'bob~tasks', kind: 'tasks', displayName: 'Tasks', owner: bob, rights: readOnly },
    { key: 'bob~calendar', kind: 'events', displayName: 'Calendar', owner: bob, isDefault: true },
    {
      key: 'carol~calendar',
      kind: 'events',
      displayName: 'C',
      owner: carol,
      rights: readOnly,
      isDefault: true,
    },
  ] as const;
  const setup = setUp({
    folders: [...folders, ...shared],
    others: [new MemoryHome(bob, folders), new MemoryHome(carol, folders)],
  });
  setup.home.sharedOwners.push(bob, carol);
  return setup;
}

describe('delegation', () => {
  it('is told by the principal: whose calendars one writes, whose one reads, of which groups one is', async () => {
    const body = propfind(
      [CS, 'calendar-proxy-read-for'],
      [CS, 'calendar-proxy-write-for'],
      [D, 'group-membership'],
    );
    const [self] = (await setUpShared().ask('PROPFIND', own, { headers: zero, body })).responses;
    expect(hrefsIn(propOf(self, CS, 'calendar-proxy-write-for'))).toEqual(['/principals/bob@example.test/']);
    expect(hrefsIn(propOf(self, CS, 'calendar-proxy-read-for'))).toEqual(['/principals/carol@example.test/']);
    expect(hrefsIn(propOf(self, D, 'group-membership'))).toEqual([
      '/principals/bob@example.test/calendar-proxy-write/',
      '/principals/carol@example.test/calendar-proxy-read/',
    ]);
  });

  it('is nobody’s where no mailbox is shared, and that costs nothing', async () => {
    const setup = setUp();
    setup.home.collections = () => Promise.reject(new Error('asked'));
    const body = propfind(
      [CS, 'calendar-proxy-read-for'],
      [CS, 'calendar-proxy-write-for'],
      [D, 'group-membership'],
    );
    const [self] = (await setup.ask('PROPFIND', own, { headers: zero, body })).responses;
    expect(names(self!)).toHaveLength(3);
    expect(hrefsIn(propOf(self, CS, 'calendar-proxy-read-for'))).toEqual([]);
  });

  it('leads to the calendars of the other: his principal, his homes, his inbox and outbox', async () => {
    const { ask } = setUpShared();
    const expand = `<D:expand-property ${namespaces}><D:property name="calendar-proxy-write-for" namespace="${CS}"><D:property name="displayname"/><D:property name="calendar-home-set" namespace="${C}"/><D:property name="schedule-outbox-URL" namespace="${C}"/></D:property></D:expand-property>`;
    const answer = await ask('REPORT', own, { headers: zero, body: expand });
    const inside = parseResponse(
      childOf(propOf(answer.responses[0], CS, 'calendar-proxy-write-for'), 'response')!,
    );
    expect(inside.href).toBe('/principals/bob@example.test/');
    expect(textIn(inside, D, 'displayname')).toBe('Bob Brown');
    const [homeSet] = hrefsIn(propOf(inside, C, 'calendar-home-set'));
    expect(homeSet).toBe('/calendars/bob@example.test/');
    expect(hrefsIn(propOf(inside, C, 'schedule-outbox-URL'))).toEqual([`${homeSet}outbox/`]);
    const listing = await ask('PROPFIND', homeSet!, {
      headers: { Depth: '1' },
      body: propfind([D, 'resourcetype']),
    });
    expect(listing.responses.map(({ href }) => href)).toContain(`${homeSet}calendar/`);
  });

  it('has two groups below each principal, with oneself or one’s delegates in them', async () => {
    const setup = setUpShared();
    setup.home.delegated.push({ ...bob, calendar: 'write' }, { ...carol, calendar: 'read' });
    const body = propfind(
      [D, 'resourcetype'],
      [D, 'group-member-set'],
      [D, 'owner'],
      [D, 'principal-URL'],
      [D, 'displayname'],
    );
    const below = (await setup.ask('PROPFIND', own, { headers: { Depth: '1' }, body })).responses;
    expect(below.map(({ href }) => href)).toEqual([
      own,
      `${own}calendar-proxy-read/`,
      `${own}calendar-proxy-write/`,
    ]);
    const [, read, write] = below;
    expect(childNames(propOf(read, D, 'resourcetype'))).toEqual([
      '{DAV:}principal',
      `{${CS}}calendar-proxy-read`,
    ]);
    expect(hrefsIn(propOf(read, D, 'group-member-set'))).toEqual(['/principals/carol@example.test/']);
    expect(hrefsIn(propOf(write, D, 'group-member-set'))).toEqual(['/principals/bob@example.test/']);
    expect(hrefsIn(propOf(write, D, 'owner'))).toEqual([own]);
    const membersAt = async (path: string) => {
      const [group] = (await setup.ask('PROPFIND', path, { headers: zero, body })).responses;
      return hrefsIn(propOf(group, D, 'group-member-set'));
    };
    expect(await membersAt('/principals/bob@example.test/calendar-proxy-write/')).toEqual([own]);
    expect(await membersAt('/principals/bob@example.test/calendar-proxy-read/')).toEqual([]);
    expect(await membersAt('/principals/carol@example.test/calendar-proxy-read/')).toEqual([own]);
  });

  it('is changed in Outlook, not here', async () => {
    const { ask } = setUpShared();
    const body = `<propertyupdate xmlns="DAV:"><set><prop><group-member-set><href>/principals/bob@example.test/</href></group-member-set></prop></set></propertyupdate>`;
    const [answer] = (await ask('PROPPATCH', `${own}calendar-proxy-read/`, { body })).responses;
    expect(names(answer!, 403)).toEqual(['{DAV:}group-member-set']);
    expect((await ask('DELETE', `${own}calendar-proxy-read/`)).status).toBe(403);
    expect((await ask('GET', `${own}calendar-proxy-read/`)).status).toBe(200);
    expect((await ask('PROPFIND', `${own}calendar-proxy-all/`, { headers: zero })).status).toBe(404);
    expect((await ask('OPTIONS', own)).headers.get('DAV')?.split(', ')).toContain('calendar-proxy');
  });

  it('is found by principal-match among the principals, but no group of one’s own', async () => {
    const { ask } = setUpShared();
    const body = `<D:principal-match ${namespaces}><D:self/><D:prop><D:resourcetype/></D:prop></D:principal-match>`;
    const found = async (path: string) =>
      (await ask('REPORT', path, { headers: zero, body })).responses.map(({ href }) => href);
    expect(await found('/principals/')).toEqual([
      own,
      '/principals/bob@example.test/calendar-proxy-write/',
      '/principals/carol@example.test/calendar-proxy-read/',
    ]);
    expect(await found(own)).toEqual([own]);
    expect(alice.address).toBe('alice@example.test');
  });
});
