// What every operation is called with: the world, who calls, and how answers are to be written.
import type { SimZone } from './calendar/index.ts';
import type { Answer } from './fields/row.ts';
import type { TimeFormat } from './fields/times.ts';
import type { FaultState } from './faults.ts';
import type { Subscriptions } from './subscriptions.ts';
import { entryOf, type Mailbox, type World } from './state/index.ts';

export interface Context {
  readonly world: World;
  readonly user: Mailbox;
  /** Zone of the TimeZoneContext header. */
  readonly zone: SimZone | undefined;
  readonly time: TimeFormat;
  readonly faults: FaultState;
  readonly subscriptions: Subscriptions;
  readonly operation: string;
}

export function answerOf(context: Context, how: Pick<Answer, 'bodyType' | 'listing'>): Answer {
  const { world } = context;
  return {
    time: context.time,
    garble: context.faults.garble(),
    ...(world.policy.exRouting ? { legacyDnOf: (address) => entryOf(world, address)?.legacyDn } : {}),
    ...how,
  };
}
