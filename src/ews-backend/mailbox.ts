// One signed-in view of one mailbox: the port's calls, each in its own file, over one SOAP session.
import type { Abilities, BusyTime, Mailbox } from '../model/backend.ts';
import { BackendError, failed, success, type Outcome } from '../model/failure.ts';
import type { Range } from '../model/time.ts';
import type { Self } from './accounts.ts';
import { express } from './fields/index.ts';
import { openFolders, type KnownFolders } from './folders.ts';
import {
  getUserAvailability,
  longestWindowMs,
  mailboxesPerQuery,
} from './operations/get-user-availability.ts';
import { resolveNames } from './operations/resolve-names.ts';
import { batchesOf, inParallel } from './parallel.ts';
import { openReading } from './reading.ts';
import type { Soap } from './soap.ts';
import { watchFolders } from './watch.ts';
import { openWriting } from './writing.ts';

export interface MailboxOptions {
  readonly soap: Soap;
  /** The signed-in account. */
  readonly self: Self;
  /** The mailbox opened, when it is not the account's own. */
  readonly other?: string;
  readonly known: KnownFolders;
}

const abilities: Abilities = {
  silentOrganizer: true, // SendToNone
  settableUid: true,
  timedDue: false,
  percentComplete: true,
  push: true,
  // The default request limit is 64 MB of base64 in SOAP; message limits of organisations start at 35 MB.
  maxAttachmentBytes: 35 * 1024 * 1024,
};

export function openMailbox(options: MailboxOptions): Mailbox {
  const { soap, self, other } = options;
  return {
    identity: other === undefined ? self.address : `${self.address}→${other}`,
    owner: { address: other ?? self.address },
    zone: self.zone,
    abilities,
    ...openFolders(options),
    ...openReading(soap, self.zone),
    ...openWriting(soap, self.zone),
    express: (item, present) => express(item, self.zone, present),
    busyTimes: (addresses, range) => busyTimes(soap, addresses, range),
    resolve: (text) => resolveNames(soap, text),
    watch: (folders, signal) => watchFolders(soap, folders, signal),
  };
}

type Busy = Outcome<readonly BusyTime[]>;

async function busyTimes(
  soap: Soap,
  addresses: readonly string[],
  { from, to }: Range,
): Promise<ReadonlyMap<string, Busy>> {
  if (from === undefined || to === undefined || from >= to)
    throw new BackendError({ kind: 'invalid', message: 'busy times need a start and an end' });
  const windows: Required<Range>[] = [];
  for (let at = from; at < to; at += longestWindowMs)
    windows.push({ from: at, to: Math.min(to, at + longestWindowMs) });
  const jobs = batchesOf([...new Set(addresses)], mailboxesPerQuery).flatMap((batch) =>
    windows.map((window, place) => async () => ({
      batch,
      place,
      outcomes: await getUserAvailability(soap, batch, window),
    })),
  );
  const found = new Map<string, Busy[]>();
  for await (const { batch, place, outcomes } of inParallel(jobs, soap.width)) {
    for (const [index, address] of batch.entries()) {
      const parts = found.get(address) ?? [];
      parts[place] =
        outcomes[index] ?? failed({ kind: 'unavailable', message: 'no answer for this mailbox' });
      found.set(address, parts);
    }
  }
  return new Map([...found].map(([address, parts]) => [address, joined(parts)]));
}

/** All windows of one mailbox: as good as the worst of them. */
function joined(parts: readonly Busy[]): Busy {
  const times: BusyTime[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    times.push(...part.value);
  }
  return success(times);
}
