// Attendees, groups and rooms of the simulated Exchange found by the reports of clients (RFC 3744 §9.4, calendarserver).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { alice, asXml, bob, carol, openStage, parseAnswer, type Answer, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ seed: 'small' });
  // One's own addresses are asked for once, by the first search.
  await search(propertySearch('', ['D:displayname', 'alice']));
});
afterAll(() => stage.stop());
beforeEach(() => stage.simulator.resetCalls());

const namespaces =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"';
const wanted = '<D:prop><D:displayname/><C:calendar-user-type/><C:calendar-user-address-set/></D:prop>';

const propertySearch = (
  attrs: string,
  ...searches: readonly (readonly [string, string, string?])[]
): string =>
  `<D:principal-property-search ${namespaces} ${attrs}>${searches
    .map(
      ([name, text, match = 'starts-with']) =>
        `<D:property-search><D:prop><${name}/></D:prop><D:match match-type="${match}">${text}</D:match></D:property-search>`,
    )
    .join('')}${wanted}</D:principal-property-search>`;
const tokenSearch = (context: string, tokens: readonly string[], limit = ''): string =>
  `<CS:calendarserver-principal-search ${namespaces} context="${context}">${tokens.map((token) => `<CS:search-token>${token}</CS:search-token>`).join('')}${limit}${wanted}</CS:calendarserver-principal-search>`;

interface Found {
  readonly href: string;
  readonly name: string;
  readonly type: string;
  readonly addresses: readonly string[];
}

function foundIn(answer: Answer): readonly Found[] {
  expect(answer.status, answer.text).toBe(207);
  return childrenOf(parseAnswer(answer)).flatMap((response: XmlElement) => {
    const prop = childOf(childOf(response, 'propstat'), 'prop');
    if (prop === undefined) return [];
    return {
      href: textOf(childOf(response, 'href')),
      name: textOf(childOf(prop, 'displayname')),
      type: textOf(childOf(prop, 'calendar-user-type')),
      addresses: childrenOf(childOf(prop, 'calendar-user-address-set')!).map(textOf),
    };
  });
}

const ask = (body: string) =>
  stage.ask('REPORT', '/principals/', { body, headers: { ...asXml, depth: '0' } });
const search = async (body: string) => foundIn(await ask(body));

const bobFound: Found = {
  href: `/principals/${bob.address}/`,
  name: 'Bob Example',
  type: 'INDIVIDUAL',
  addresses: [`mailto:${bob.address}`, `/principals/${bob.address}/`],
};

describe('principal-property-search', () => {
  it('completes an attendee as Apple asks for one, in one call', async () => {
    const body = propertySearch(
      'test="anyof" type="INDIVIDUAL"',
      ['D:displayname', 'bob'],
      ['CS:email-address-set', 'bob'],
      ['CS:first-name', 'bob'],
      ['CS:last-name', 'bob'],
    );
    expect(await search(body)).toEqual([bobFound]);
    expect(stage.simulator.calls()).toEqual({ FindPeople: 1 });
  });

  it('finds who has an address, also a further one of oneself', async () => {
    const exact = (address: string) =>
      propertySearch('', ['C:calendar-user-address-set', `mailto:${address}`, 'equals']);
    expect(await search(exact(bob.address))).toEqual([bobFound]);
    expect((await search(exact('a.example@example.test'))).map(({ href }) => href)).toEqual([
      `/principals/${alice.address}/`,
    ]);
    expect(await search(exact('nobody@example.test'))).toEqual([]);
  });

  it('judges what the directory gives, all conditions of it', async () => {
    const both = propertySearch('', ['D:displayname', 'example', 'contains'], ['D:displayname', 'Carol']);
    expect((await search(both)).map(({ href }) => href)).toEqual([`/principals/${carol.address}/`]);
    expect(await search(propertySearch('type="GROUP"', ['D:displayname', 'bob']))).toEqual([]);
    expect(await search(propertySearch('type="WHATEVER"', ['D:displayname', 'bob']))).toEqual([]);
  });

  it('finds rooms by the room lists, remembered; groups by their type', async () => {
    const rooms = await search(propertySearch('type="ROOM"', ['D:displayname', 'room', 'contains']));
    expect(rooms.map(({ type }) => type)).toEqual(['ROOM', 'ROOM', 'ROOM']);
    stage.simulator.resetCalls();
    const atlas = await search(propertySearch('type="ROOM"', ['D:displayname', 'atlas', 'contains']));
    expect(atlas.map(({ addresses }) => addresses[0])).toEqual(['mailto:room-atlas@example.test']);
    expect(stage.simulator.calls()).toEqual({});
    const groups = await search(propertySearch('type="GROUP"', ['D:displayname', 'all', 'contains']));
    for (const { type } of groups) expect(type).toBe('GROUP');
    expect(groups.length).toBeGreaterThan(0);
  });
});

describe('calendarserver-principal-search', () => {
  it('finds by the beginnings of all words', async () => {
    expect(await search(tokenSearch('attendee', ['exa', 'bo']))).toEqual([bobFound]);
    expect(stage.simulator.calls()).toEqual({ FindPeople: 1 });
    expect(await search(tokenSearch('attendee', ['bob', 'zed']))).toEqual([]);
  });

  it('finds only what can be the place of an event, where that is asked', async () => {
    const places = await search(tokenSearch('location', ['room', 'atlas']));
    expect(places.map(({ type, addresses }) => [type, addresses[0]])).toEqual([
      ['ROOM', 'mailto:room-atlas@example.test'],
    ]);
    expect(await search(tokenSearch('location', ['bob']))).toEqual([]);
  });

  it('cuts at the limit, and says so', async () => {
    const limit = '<CS:limit><CS:nresults>2</CS:nresults></CS:limit>';
    const answer = await ask(tokenSearch('attendee', ['example'], limit));
    expect(foundIn(answer)).toHaveLength(2);
    expect(answer.text).toContain('507');
    expect(answer.text).toContain('number-of-matches-within-limits');
  });
});

describe('the principal of somebody', () => {
  const propsBody = `<D:propfind ${namespaces}><D:prop><D:displayname/><C:calendar-user-type/><C:calendar-user-address-set/><C:calendar-home-set/></D:prop></D:propfind>`;
  const propfind = (address: string) =>
    stage.ask('PROPFIND', `/principals/${address}/`, { body: propsBody, headers: { ...asXml, depth: '0' } });

  it('whose mailbox is closed is what the directory tells; there is no home', async () => {
    const answer = await propfind('room-cook@example.test');
    const [room] = foundIn(answer);
    expect(room).toMatchObject({ name: 'Room Cook (4 seats)', type: 'ROOM' });
    expect(answer.text).not.toContain('/calendars/');
    expect((await propfind('nobody@example.test')).status).toBe(404);
  });

  it('whose mailbox is open has a home, and a type when that is asked', async () => {
    const answer = await propfind(carol.address);
    expect(foundIn(answer)[0]).toMatchObject({ type: 'INDIVIDUAL' });
    expect(answer.text).toContain(`/calendars/${carol.address}/`);
  });
});

describe('EXDAV_DIRECTORY=off', () => {
  it('leaves oneself to be found', async () => {
    const closed = await openStage({ seed: 'small', settings: { EXDAV_DIRECTORY: 'off' } });
    const body = propertySearch('', ['D:displayname', 'bob', 'contains']);
    const answer = await closed.ask('REPORT', '/principals/', { body, headers: { ...asXml, depth: '0' } });
    expect(foundIn(answer).map(({ href }) => href)).toEqual([]);
    const own = propertySearch('', ['CS:email-address-set', 'alice']);
    const found = await closed.ask('REPORT', '/principals/', {
      body: own,
      headers: { ...asXml, depth: '0' },
    });
    expect(foundIn(found).map(({ href }) => href)).toEqual([`/principals/${alice.address}/`]);
    await closed.stop();
  });
});
