// For every combination of the EffectiveRights that bob grants in his calendar, what current-user-privilege-set tells alice
// is what her requests then find (RFC 3744 §5.4; issue "the live gateway", section C).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, grant, levels, type Rights } from '../../simulator/state/index.ts';
import { childOf, childrenOf } from '../../src/xml/index.ts';
import {
  alice,
  asCalendar,
  asXml,
  bob,
  calendarOf,
  conditionOf,
  eventText,
  openStage,
  parseAnswer,
  type Stage,
} from './stage.ts';

const bits = ['read', 'createContents', 'createHierarchy', 'modify', 'delete', 'viewPrivateItems'] as const;
const combinations: readonly (readonly (typeof bits)[number][])[] = Array.from(
  { length: 2 ** bits.length },
  (_, mask) => bits.filter((__, at) => (mask & (1 << at)) !== 0),
);

const calendar = calendarOf(bob);
const listTrustMs = 3_600_000;
let stage: Stage;
let serial = 0;

beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.stop());

function setRights(given: readonly (typeof bits)[number][]): void {
  const mailbox = stage.simulator.world.mailboxes.get(bob.address)!;
  const rights: Rights = { ...levels.none, ...Object.fromEntries(given.map((bit) => [bit, true])) };
  grant(folderOf(mailbox, 'calendar'), alice.address, rights);
  stage.advance(listTrustMs);
}

/** undefined: alice does not see the calendar at all. */
async function advertised(): Promise<ReadonlySet<string> | undefined> {
  const body = '<propfind xmlns="DAV:"><prop><current-user-privilege-set/></prop></propfind>';
  const answer = await stage.ask('PROPFIND', calendar, { body, headers: { ...asXml, depth: '0' } });
  if (answer.status === 404) return undefined;
  expect(answer.status, answer.text).toBe(207);
  const response = childOf(parseAnswer(answer), 'response');
  const set = childOf(childOf(childOf(response, 'propstat'), 'prop'), 'current-user-privilege-set')!;
  return new Set(
    childrenOf(set)
      .flatMap(childrenOf)
      .map((privilege) => privilege.name),
  );
}

async function bobHas(name: string): Promise<void> {
  const body = eventText(name);
  const answer = await stage.ask('PUT', `${calendar}${name}.ics`, { body, headers: asCalendar, user: bob });
  expect(answer.status, answer.text).toBe(201);
}

const attempts = {
  read: () => stage.ask('GET', `${calendar}held-${serial}.ics`),
  bind: () =>
    stage.ask('PUT', `${calendar}new-${serial}.ics`, {
      body: eventText(`new-${serial}`),
      headers: asCalendar,
    }),
  'write-content': () =>
    stage.ask('PUT', `${calendar}held-${serial}.ics`, {
      body: eventText(`held-${serial}`, 'SUMMARY:changed'),
      headers: asCalendar,
    }),
  unbind: () => stage.ask('DELETE', `${calendar}held-${serial}.ics`),
  'write-properties': () =>
    stage.ask('PROPPATCH', calendar, {
      body: '<propertyupdate xmlns="DAV:" xmlns:A="http://apple.com/ns/ical/"><set><prop><A:calendar-color>#112233</A:calendar-color></prop></set></propertyupdate>',
      headers: asXml,
    }),
} as const;

describe("rights in somebody else's calendar", () => {
  it.each(combinations.map((given) => ({ given, name: given.join(', ') || 'none' })))(
    '$name: the privileges told are the ones that are there',
    async ({ given }) => {
      serial += 1;
      await bobHas(`held-${serial}`);
      setRights(given);
      const told = await advertised();
      // What cannot be listed cannot be a collection, whatever else is granted.
      expect(told === undefined).toBe(!given.includes('read'));
      for (const [privilege, attempt] of Object.entries(attempts)) {
        const before = stage.simulator.snapshot(bob.address);
        const answer = await attempt();
        const seen = `${privilege}: ${answer.status} ${answer.text}`;
        if (told === undefined) {
          expect([404, 409], seen).toContain(answer.status);
        } else if (told.has(privilege)) {
          expect(answer.status, seen).toBeLessThan(300);
          expect(answer.text, seen).not.toContain('403');
        } else if (answer.status === 207) {
          expect(answer.text, seen).toContain('403 Forbidden');
        } else {
          expect(answer.status, seen).toBe(403);
          expect(conditionOf(answer), seen).toBe('need-privileges');
        }
        if (told?.has(privilege) !== true) expect(stage.simulator.snapshot(bob.address)).toEqual(before);
      }
      const whole = ['bind', 'unbind', 'write-content', 'write-properties'];
      if (told !== undefined) expect(told.has('write')).toBe(whole.every((privilege) => told.has(privilege)));
    },
  );

  it('shows a private event as a time without words, whatever else may be read', async () => {
    const body = eventText('private', 'SUMMARY:Between us', 'CLASS:PRIVATE');
    await stage.ask('PUT', `${calendar}private.ics`, { body, headers: asCalendar, user: bob });
    setRights(['read']);
    const hidden = await stage.ask('GET', `${calendar}private.ics`);
    const listing = await stage.ask('GET', calendar);
    expect(listing.text).not.toContain('Between us');
    expect(hidden.text).not.toContain('Between us');
    setRights(['read', 'viewPrivateItems']);
    expect((await stage.ask('GET', calendar)).text).toContain('Between us');
  });
});
