// Whose meeting is it? A mailbox has more addresses than the one it is known by; they are asked for once, and only when a text of
// the other side names an organizer who is not known (DESIGN §5: nothing is asked that nobody needs).
import { organizerIn } from '../translate/index.ts';
import type { Sides } from './pair.ts';

export interface Owner {
  /** Lower case; grows when the others are learned. */
  readonly addresses: ReadonlySet<string>;
  /** The sides, with texts that wait until it is known whose meetings they are. */
  readonly learning: (sides: Sides) => Sides;
}

/** `known`: without asking. `all`: asks. */
export function openOwner(known: readonly string[], all: () => Promise<readonly string[]>): Owner {
  const addresses = new Set(known.map((address) => address.toLowerCase()));
  let learned: Promise<void> | undefined;
  const learn = async (): Promise<void> => {
    for (const address of await all()) addresses.add(address.toLowerCase());
  };
  const isStrange = (text: string): boolean => {
    const organizer = organizerIn(text);
    return organizer !== undefined && !addresses.has(organizer);
  };
  return {
    addresses,
    learning: ({ exchange, nextcloud }) => ({
      exchange,
      nextcloud: {
        ...nextcloud,
        async read(hrefs, shape, signal) {
          const read = await nextcloud.read(hrefs, shape, signal);
          if (read.some(([, outcome]) => outcome.ok && isStrange(outcome.value.text)))
            await (learned ??= learn());
          return read;
        },
      },
    }),
  };
}
