// Whose meeting is it? Further addresses of the owner are asked for once, and only where they matter.
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../src/model/collection.ts';
import type { EventItem } from '../../src/model/item.ts';
import { event, eventText } from '../memory-backend/items.ts';
import { failureKind, openFixture, readOne } from './fixture.ts';

const own = 'alice@example.test';
const alias = 'a.adams@example.test';
const silent = { condition: {}, mail: 'silent' } as const;

function meeting(uid: string, organizer: string, ...attendees: readonly string[]): string {
  const lines = [`ORGANIZER:mailto:${organizer}`, ...attendees.map((each) => `ATTENDEE:mailto:${each}`)];
  return eventText(uid, { lines });
}

async function openAlias() {
  const fixture = await openFixture();
  fixture.outside.alias(alias);
  const put = (uid: string, ...people: readonly [string, ...string[]]) =>
    fixture.calendar.put({ href: `${uid}.ics`, text: meeting(uid, ...people), ...silent });
  const held = (uid: string): EventItem | undefined =>
    fixture.outside
      .items('calendar')
      .map(({ item }) => item)
      .find((item): item is EventItem => item.kind === 'event' && item.uid === uid);
  return { ...fixture, put, held };
}

describe('a meeting organised under a further address of the owner', () => {
  it('is his own, and the address is asked for once', async () => {
    const { put, held, callsOf } = await openAlias();
    expect(await callsOf(() => put('m1', alias, 'bob@example.test'))).toMatchObject({ addresses: 1 });
    expect(held('m1')).toMatchObject({
      isOrganizer: true,
      organizer: { address: alias },
      attendees: [{ address: 'bob@example.test' }],
    });
    const calls = await callsOf(() => put('m2', alias.toUpperCase(), 'bob@example.test'));
    expect(held('m2')).toMatchObject({ isOrganizer: true, attendees: [{ address: 'bob@example.test' }] });
    expect(calls['addresses'] ?? 0).toBeLessThanOrEqual(1);
  });

  it('under the address of somebody else it is not, and nobody is invited', async () => {
    const { put, held } = await openAlias();
    await put('m1', 'carol@example.test', 'bob@example.test');
    expect(held('m1')).toMatchObject({ isOrganizer: true, attendees: [] });
  });

  it('costs nothing where the known address is named, or nobody at all', async () => {
    const { put, callsOf, calendar } = await openAlias();
    for (const work of [
      () => put('m1', own, 'bob@example.test'),
      () => put('m2', 'bob@example.test', own),
      () => calendar.put({ href: 'plain.ics', text: eventText('plain'), ...silent }),
    ])
      expect(await callsOf(work)).not.toHaveProperty('addresses');
  });
});

describe('an invitation that came to a further address of the owner', () => {
  const invitation = (address: string): EventItem =>
    event({
      uid: 'invited',
      isOrganizer: false,
      ownPartStat: 'tentative',
      organizer: { address: 'bob@example.test' },
      attendees: [{ address, role: 'required', partStat: 'needs-action' }],
    });

  const unfolded = async (calendar: Collection): Promise<string> =>
    (await readOne(calendar, 'invited.ics')).text.replaceAll('\r\n ', '');

  it('shows him once, under that address, with his own answer', async () => {
    const { outside, calendar, callsOf } = await openAlias();
    outside.create('calendar', invitation(alias));
    const calls = await callsOf(async () => {
      expect((await unfolded(calendar)).match(/^ATTENDEE.*$/gm)).toEqual([
        expect.stringMatching(new RegExp(`PARTSTAT=TENTATIVE.*:mailto:${alias}`)),
      ]);
    });
    expect(calls).toMatchObject({ addresses: 1 });
  });

  it('is not asked about where the known address is on the list', async () => {
    const { outside, calendar, callsOf } = await openAlias();
    outside.create('calendar', invitation(own));
    expect(await callsOf(() => readOne(calendar, 'invited.ics'))).not.toHaveProperty('addresses');
  });

  it('is a failure of its own while the addresses cannot be had, and hides no other', async () => {
    const { backend, outside, calendar } = await openAlias();
    outside.create('calendar', invitation(alias));
    outside.create('calendar', event({ uid: 'plain' }));
    backend.faults.fail('addresses', 'unavailable');
    const found = new Map(await calendar.read(['invited.ics', 'plain.ics'], { kind: 'whole' }));
    expect([failureKind(found.get('invited.ics')), failureKind(found.get('plain.ics'))]).toEqual([
      'unavailable',
      'ok',
    ]);
    expect(await unfolded(calendar)).toContain(alias);
  });
});
