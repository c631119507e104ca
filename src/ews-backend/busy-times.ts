// Busy times of many mailboxes: one call for up to a hundred of them and as long a time as the server takes (BEHAVIOUR §12).
import type { BusyTime, Mailbox } from '../model/backend.ts';
import { BackendError, failed, success, type Outcome } from '../model/failure.ts';
import type { Range } from '../model/time.ts';
import { getUserAvailability, mailboxesPerQuery, windowsMs } from './operations/get-user-availability.ts';
import { batchesOf, inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';

type Busy = Outcome<readonly BusyTime[]>;
type Window = Required<Range>;

export function openBusyTimes(soap: Soap): Mailbox['busyTimes'] {
  /** Until the server has said otherwise. */
  const state = { takesUsual: true };
  return async (addresses, { from, to }) => {
    if (from === undefined || to === undefined || from >= to)
      throw new BackendError({ kind: 'invalid', message: 'busy times need a start and an end' });
    const whole = { from, to };
    const isLong = to - from > windowsMs.documented;
    if (isLong && (!state.takesUsual || to - from > windowsMs.usual))
      return ask(soap, addresses, piecesOf(whole));
    try {
      return await ask(soap, addresses, [whole]);
    } catch (error) {
      if (!isLong || !isTooLong(error)) throw error;
      state.takesUsual = false;
      return ask(soap, addresses, piecesOf(whole));
    }
  };
}

function isTooLong(error: unknown): boolean {
  return error instanceof BackendError && error.failure.code === 'ErrorTimeIntervalTooBig';
}

function piecesOf({ from, to }: Window): readonly Window[] {
  const pieces: Window[] = [];
  for (let at = from; at < to; at += windowsMs.documented)
    pieces.push({ from: at, to: Math.min(to, at + windowsMs.documented) });
  return pieces;
}

async function ask(
  soap: Soap,
  addresses: readonly string[],
  windows: readonly Window[],
): Promise<ReadonlyMap<string, Busy>> {
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
    if (!part.ok) {
      // Some servers refuse the length for each mailbox, not for the question.
      if (part.failure.code === 'ErrorTimeIntervalTooBig') throw new BackendError(part.failure);
      return part;
    }
    times.push(...part.value);
  }
  return success(times);
}
