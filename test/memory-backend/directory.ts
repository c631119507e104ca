// The address list of the memory backend: who has a mailbox, and whom a test has entered.
import type { Card, Directory, Entry } from '../../src/model/directory.ts';
import { emptyContact } from '../../src/model/item.ts';
import { call, type World } from './world.ts';

const most = 100;

export function cardOf(entry: Partial<Card> & Pick<Card, 'address'>): Card {
  const addresses = entry.addresses ?? [entry.address];
  const name = entry.name ?? entry.address.split('@')[0] ?? '';
  const emails = { email1: { address: entry.address } };
  const contact = { ...emptyContact, fullName: name, emails, ...entry.contact };
  return { kind: 'individual', ...entry, name, addresses, contact };
}

export function openDirectory(world: World): Directory {
  const cards = (): readonly Card[] => [
    ...[...world.users]
      .filter(([address]) => address !== '')
      .map(([address, { further }]) => cardOf({ address, addresses: [address, ...further] })),
    ...world.entries,
  ];
  const begins = (text: string, texts: readonly (string | undefined)[]): boolean =>
    texts.some((each) =>
      each
        ?.toLowerCase()
        .split(/[\s@]+/)
        .concat(each.toLowerCase())
        .some((word) => word.startsWith(text.toLowerCase())),
    );
  const cut = <T extends Entry>(found: readonly T[]) => ({
    found: found.slice(0, most),
    truncated: found.length > most,
  });
  return {
    entry: async (address) => {
      await call(world, 'directory');
      return cards().find(({ addresses }) => addresses.includes(address.toLowerCase()));
    },
    cards: async (text, where) => {
      await call(world, 'directory');
      return cut(
        cards().filter(({ name, addresses, contact }) =>
          begins(text, [
            name,
            ...addresses,
            ...(where === 'everywhere' ? [contact.title, contact.department, contact.company] : []),
          ]),
        ),
      );
    },
    people: async (text) => {
      await call(world, 'directory');
      return cut(cards().filter(({ name, addresses }) => begins(text, [name, ...addresses])));
    },
    rooms: async () => {
      await call(world, 'rooms');
      return cards().filter(({ kind }) => kind === 'room');
    },
  };
}
