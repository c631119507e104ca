// People whom stored items call by X.500 names (RoutingType EX, BEHAVIOUR §9) are shown by their addresses.
import { beforeEach, describe, expect, it } from 'vitest';
import { addEntry, addItem, entryOf, folderOf, type Item } from '../../simulator/state/index.ts';
import type { Stored } from '../../src/model/backend.ts';
import { itemIdOf } from '../../src/ews-backend/ids.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { renderId } from '../../simulator/state/ids.ts';
import { alice, signedIn } from './signed-in.ts';

const at = signedIn();
let round = 0;
beforeEach(() => {
  round += 1;
  at.simulator.world.policy.exRouting = true;
});

/** Somebody new, whom nobody has asked for. */
function person(name: string): string {
  const address = `${name}-${round}@example.test`;
  addEntry(at.simulator.world, { kind: 'user', address, name });
  return address;
}

function idOf(kind: 'event' | 'contact', item: Item, folderName: string): string {
  const { world } = at.simulator;
  const folder = folderOf(world.mailboxes.get(alice.user)!, folderName);
  return itemIdOf(
    kind,
    renderId({ kind: 'item', mailboxNo: folder.mailboxNo, folderNo: folder.no, itemNo: item.no }),
  );
}

function meeting(organizer: string, attendees: readonly string[]): string {
  const { world } = at.simulator;
  const folder = folderOf(world.mailboxes.get(alice.user)!, 'calendar');
  const item = addItem(world, folder, {
    kind: 'event',
    values: {
      itemClass: 'IPM.Appointment',
      start: Date.UTC(2026, 3, 1, 9),
      end: Date.UTC(2026, 3, 1, 10),
      organizer: { name: 'Organizer', address: organizer },
      requiredAttendees: attendees.map((address) => ({ mailbox: { name: address, address } })),
    },
  });
  return idOf('event', item, 'calendar');
}

function addressesIn({ item }: Stored): readonly string[] {
  if (item.kind !== 'event') throw new Error('no event');
  return [item.organizer?.address ?? '', ...item.attendees.map(({ address }) => address)];
}

describe('X.500 names', () => {
  it('become addresses, one call for each name, and none when it was asked for before', async () => {
    const [ann, ben, cem] = [person('ann'), person('ben'), person('cem')];
    const [one, two] = [meeting(ann, [ben, cem]), meeting(ben, [ann])];
    const found = await at.fetchAll([one, two]);
    expect(at.calls()).toEqual({ GetItem: 1, ResolveNames: 3 });
    expect([...found.values()].map((each) => each.ok && addressesIn(each.value))).toEqual([
      [ann, ben, cem],
      [ben, ann],
    ]);
    expect(addressesIn(await at.stored(two))).toEqual([ben, ann]);
    expect(at.calls()).toEqual({ GetItem: 1 });
  });

  it('cost nothing where there are none', async () => {
    const id = meeting('someone@elsewhere.test', ['other@elsewhere.test']);
    await at.stored(id);
    expect(at.calls()).toEqual({ GetItem: 1 });
  });

  it('that the directory no longer knows are asked for once', async () => {
    const gone = person('gone');
    const { legacyDn } = entryOf(at.simulator.world, gone)!;
    const { world } = at.simulator;
    world.directory.delete(gone);
    const folder = folderOf(world.mailboxes.get(alice.user)!, 'contacts');
    const card = addItem(world, folder, {
      kind: 'contact',
      values: {
        itemClass: 'IPM.Contact',
        displayName: 'Gone',
        emails: { EmailAddress1: { name: 'Gone Person', address: legacyDn, routingType: 'EX' } },
      },
    });
    const { item, isProvisional } = await at.stored(idOf('contact', card, 'contacts'));
    expect(item).toMatchObject({ emails: { email1: { address: '', name: 'Gone Person' } } });
    expect(isProvisional).toBeUndefined();
    expect(at.calls()).toEqual({ GetItem: 1, ResolveNames: 1 });
    await at.stored(idOf('contact', card, 'contacts'));
    expect(at.calls()).toEqual({ GetItem: 1 });
  });

  it('of contacts become addresses too', async () => {
    const dora = person('dora');
    const { world } = at.simulator;
    const { legacyDn } = entryOf(world, dora)!;
    const card = addItem(world, folderOf(world.mailboxes.get(alice.user)!, 'contacts'), {
      kind: 'contact',
      values: {
        itemClass: 'IPM.Contact',
        displayName: 'Dora',
        emails: { EmailAddress1: { name: 'Dora', address: legacyDn, routingType: 'EX' } },
      },
    });
    const { item } = await at.stored(idOf('contact', card, 'contacts'));
    expect(item).toMatchObject({ emails: { email1: { address: dora, name: 'Dora' } } });
  });

  it('are asked for in steps: what is left over makes the item provisional, and the next fetch goes on', async () => {
    const people = Array.from({ length: 40 }, (_, number) => person(`p${number}`));
    const id = meeting(alice.user, people);
    const first = await at.stored(id);
    expect(at.calls()).toEqual({ GetItem: 1, ResolveNames: 32 });
    expect(first.isProvisional).toBe(true);
    const second = await at.stored(id);
    expect(at.calls()).toEqual({ GetItem: 1, ResolveNames: 9 });
    expect(second.isProvisional).toBeUndefined();
    expect(addressesIn(second).slice(1)).toEqual(people);
  });

  it('hide nothing while the directory is in trouble', async () => {
    const eve = person('eve');
    const id = meeting(alice.user, [eve]);
    await at.stored(meeting(alice.user, []));
    at.simulator.faults.on('fault', { operation: 'ResolveNames', code: 'ErrorADUnavailable' });
    const troubled = await at.stored(id);
    expect([addressesIn(troubled)[1], troubled.isProvisional]).toEqual(['', true]);
    at.simulator.faults.clear();
    const later = await at.stored(id);
    expect([addressesIn(later)[1], later.isProvisional]).toEqual([eve, undefined]);
  });

  it('are not remembered for another account', async () => {
    const fred = person('fred');
    const id = meeting(alice.user, [fred]);
    await at.stored(id);
    const other = openEwsBackend({ url: at.simulator.url });
    const mailbox = await other.open({ ...alice });
    at.calls();
    for await (const [, outcome] of mailbox.fetch([id])) expect(outcome.ok).toBe(true);
    expect(at.calls()['ResolveNames']).toBeGreaterThan(0);
    await other.close();
  });
});
