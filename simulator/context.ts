// What every operation is called with: the world, who calls, and how answers are to be written.
import type { SimZone } from './calendar/index.ts';
import type { Answer } from './fields/row.ts';
import type { TimeFormat } from './fields/times.ts';
import type { FaultState } from './faults.ts';
import type { ThrottlingPolicy } from './throttling.ts';
import type { Subscriptions } from './subscriptions.ts';
import { entryOf, type Mailbox, type World } from './state/index.ts';

export interface Context {
  readonly world: World;
  readonly user: Mailbox;
  /** Zone of the TimeZoneContext header. */
  readonly zone: SimZone | undefined;
  readonly time: TimeFormat;
  readonly faults: FaultState;
  /** What the account of the caller may use. */
  readonly throttling: ThrottlingPolicy;
  readonly subscriptions: Subscriptions;
  readonly operation: string;
  /** Hears the code of each response message. */
  readonly note: (code: string) => void;
}

export function answerOf(context: Context, how: Pick<Answer, 'bodyType' | 'listing'>): Answer {
  const { faults, operation, time, world } = context;
  return {
    time,
    garble: faults.garble(operation),
    fill: faults.fill(operation),
    ...(world.policy.exRouting ? { legacyDnOf: (address) => entryOf(world, address)?.legacyDn } : {}),
    ...how,
  };
}
