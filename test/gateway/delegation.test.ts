// Who acts for whom, read from the rights in the simulated Exchange (calendarserver, caldav-proxy).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import {
  alice,
  asXml,
  bob,
  carol,
  openStage,
  parseAnswer,
  responsesOf,
  type Stage,
  type User,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    seed: 'small',
    settings: {
      EXDAV_SHARED_MAILBOXES:
        'alice@example.test=bob@example.test,carol@example.test,room-atlas@example.test',
    },
  });
});
afterAll(() => stage.stop());
beforeEach(() => stage.simulator.resetCalls());

const principalOf = (user: User): string => `/principals/${user.address}/`;
const body = `<propfind xmlns="DAV:" xmlns:CS="http://calendarserver.org/ns/" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><CS:calendar-proxy-read-for/><CS:calendar-proxy-write-for/><group-membership/><group-member-set/><C:calendar-home-set/></prop></propfind>`;

async function told(path: string, user: User = alice): Promise<Readonly<Record<string, readonly string[]>>> {
  const answer = await stage.ask('PROPFIND', path, { body, headers: { ...asXml, depth: '0' }, user });
  expect(answer.status, answer.text).toBe(207);
  const props = childrenOf(childOf(childOf(childOf(parseAnswer(answer), 'response'), 'propstat'), 'prop')!);
  return Object.fromEntries(props.map((prop) => [prop.name, hrefsIn(prop)]));
}

function hrefsIn(element: XmlElement): readonly string[] {
  return childrenOf(element).map(textOf);
}

describe('delegated calendars', () => {
  it('are found by what the user may do there; what is closed to him is not told', async () => {
    // The seed lets alice read bob's calendar and write carol's; the room shows her nothing.
    expect(await told(principalOf(alice))).toMatchObject({
      'calendar-proxy-read-for': [principalOf(bob)],
      'calendar-proxy-write-for': [principalOf(carol)],
      'group-membership': [
        `${principalOf(bob)}calendar-proxy-read/`,
        `${principalOf(carol)}calendar-proxy-write/`,
      ],
    });
    const other = await told(principalOf(carol));
    expect(other['calendar-home-set']).toEqual([`/calendars/${carol.address}/`]);
    const listing = await stage.ask('PROPFIND', other['calendar-home-set']![0]!, {
      body: '<propfind xmlns="DAV:"><prop><displayname/></prop></propfind>',
      headers: { ...asXml, depth: '1' },
    });
    expect([...responsesOf(listing).keys()]).toContain(`/calendars/${carol.address}/calendar/`);
  });

  it('follow the rights as they are', async () => {
    const calendar = folderOf(stage.simulator.world.mailboxes.get(bob.address)!, 'calendar');
    grant(calendar, alice.address, levels.editor);
    stage.advance(3_600_000);
    expect((await told(principalOf(alice)))['calendar-proxy-write-for']).toEqual([
      principalOf(bob),
      principalOf(carol),
    ]);
    grant(calendar, alice.address, levels.reviewer);
  });

  it('of nobody cost no list of folders', async () => {
    await told(principalOf(carol), carol);
    stage.simulator.resetCalls();
    expect(await told(principalOf(carol), carol)).toMatchObject({ 'calendar-proxy-read-for': [] });
    expect(stage.simulator.calls()).not.toHaveProperty('FindFolder');
  });
});

describe('one’s own delegates', () => {
  it('are the members of the two groups, by their level in the calendar', async () => {
    const mailbox = stage.simulator.world.mailboxes.get(alice.address)!;
    const settings = { receivesCopies: false, viewsPrivateItems: false };
    for (const [user, level] of [
      [bob, levels.reviewer],
      [carol, levels.editor],
    ] as const) {
      mailbox.settings.delegates.set(user.address, settings);
      grant(folderOf(mailbox, 'calendar'), user.address, level);
    }
    expect((await told(`${principalOf(alice)}calendar-proxy-read/`))['group-member-set']).toEqual([
      principalOf(bob),
    ]);
    expect((await told(`${principalOf(alice)}calendar-proxy-write/`))['group-member-set']).toEqual([
      principalOf(carol),
    ]);
    expect(stage.simulator.calls()).toMatchObject({ GetDelegate: 2 });
  });

  it('of somebody else are not told, but for oneself', async () => {
    expect((await told(`${principalOf(carol)}calendar-proxy-write/`))['group-member-set']).toEqual([
      principalOf(alice),
    ]);
    expect((await told(`${principalOf(carol)}calendar-proxy-read/`))['group-member-set']).toEqual([]);
  });
});
