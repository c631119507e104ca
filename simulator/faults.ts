// Faults to switch on while the simulator runs: once, for the next n calls, or until cleared; for one operation or all.
import { xml } from '../src/xml/index.ts';
import { EwsError } from './errors.ts';

export type FaultKind =
  /** SOAP fault ErrorServerBusy with BackOffMilliseconds. */
  | 'busy-fault'
  /** ErrorServerBusy in each response message. */
  | 'busy-message'
  /** UpdateItem answers ErrorIrresolvableConflict. */
  | 'conflict'
  /** Each response message says ErrorInvalidPropertySet: the content is not taken. */
  | 'refused'
  /** Sync states are refused: ErrorInvalidSyncStateData. */
  | 'expired-sync-state'
  | 'unauthorized'
  /** HTTP 500 with a page of HTML. */
  | 'html-500'
  /** The connection is closed without an answer. */
  | 'dropped'
  /** The call is carried out and its answer lost: the connection is closed. */
  | 'dropped-after';

export interface FaultOptions {
  /** Default: every operation. */
  readonly operation?: string;
  /** How many calls; default: until cleared. */
  readonly count?: number;
  readonly backOffMs?: number;
}

export interface Faults {
  /** Milliseconds before every answer. */
  latencyMs: number;
  /** `&#x1;` in texts of answers. */
  controlCharacters: boolean;
  /** How far 0x670A lags behind. */
  commitLagMs: number;
  on(kind: FaultKind, options?: FaultOptions): void;
  /** GetItem of the items with this subject answers ErrorCorruptData, or with dates that cannot be. */
  poison(subject: string, how?: 'corrupt' | 'garbage'): void;
  clear(): void;
}

interface Armed {
  readonly kind: FaultKind;
  readonly operation: string | undefined;
  readonly backOffMs: number;
  left: number;
}

/** What the server asks while it works. */
export interface FaultState {
  readonly faults: Faults;
  /** True when the fault is armed for the operation; counts it. */
  take(kind: FaultKind, operation: string): { readonly backOffMs: number } | undefined;
  garble(): string;
  messageError(operation: string): EwsError | undefined;
  poisonOf(subject: string | undefined): 'corrupt' | 'garbage' | undefined;
}

export function openFaults(latencyMs: number, setCommitLag: (ms: number) => void): FaultState {
  let armed: Armed[] = [];
  let commitLag = 0;
  const poisoned = new Map<string, 'corrupt' | 'garbage'>();
  const faults: Faults = {
    latencyMs,
    controlCharacters: false,
    get commitLagMs() {
      return commitLag;
    },
    set commitLagMs(ms: number) {
      commitLag = ms;
      setCommitLag(ms);
    },
    on(kind, options = {}) {
      armed.push({
        kind,
        operation: options.operation,
        backOffMs: options.backOffMs ?? 1000,
        left: options.count ?? Number.POSITIVE_INFINITY,
      });
    },
    poison: (subject, how = 'corrupt') => poisoned.set(subject, how),
    clear() {
      armed = [];
      poisoned.clear();
      faults.latencyMs = 0;
      faults.controlCharacters = false;
      faults.commitLagMs = 0;
    },
  };
  const take: FaultState['take'] = (kind, operation) => {
    const found = armed.find(
      (fault) => fault.kind === kind && (fault.operation === undefined || fault.operation === operation),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    if (found.left <= 0) armed = armed.filter((fault) => fault !== found);
    return { backOffMs: found.backOffMs };
  };
  return stateOf(faults, poisoned, take);
}

function stateOf(
  faults: Faults,
  poisoned: ReadonlyMap<string, 'corrupt' | 'garbage'>,
  take: FaultState['take'],
): FaultState {
  return {
    faults,
    take,
    garble: () => (faults.controlCharacters ? '&#x1;' : ''),
    poisonOf: (subject) => (subject === undefined ? undefined : poisoned.get(subject)),
    messageError(operation) {
      const busy = take('busy-message', operation);
      if (busy !== undefined) return busyError(busy.backOffMs);
      return take('refused', operation) === undefined ? undefined : new EwsError('ErrorInvalidPropertySet');
    },
  };
}

/** As seen with the ConcurrentSyncCalls policy (BEHAVIOUR §5). */
function busyError(backOffMs: number): EwsError {
  return new EwsError(
    'ErrorServerBusy',
    `The server cannot service this request right now. Try again later., This operation exceeds the throttling budget for policy part 'ConcurrentSyncCalls', policy value '5',  Budget type: 'Ews'.  Suggested backoff time ${backOffMs} ms.`,
    xml('t:Value', { Name: 'BackOffMilliseconds' }, backOffMs),
  );
}
