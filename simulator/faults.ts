// Faults to switch on while the simulator runs: for one operation, one account, after n calls, for the next n, now and then,
// or until cleared.
import { xml } from '../src/xml/index.ts';
import { EwsError, EwsFault } from './errors.ts';
import { germanText } from './german-texts-table.ts';
import { busyMessage, defaultPolicy } from './throttling.ts';
import { isResponseCode } from './response-codes-table.ts';
import { openRandom } from './seed/random.ts';

/** What each fault does, in one line: the list is also the one that the admin interface shows. */
export const faultKinds = {
  latency: 'Waits `ms` and up to `jitterMs` more before the call is carried out.',
  unauthorized: 'HTTP 401 with the usual challenges, whoever is signed in.',
  'html-500': 'HTTP 500 with a page of HTML.',
  'html-503': 'HTTP 503 with a page of HTML.',
  dropped: 'The connection is closed; nothing was carried out.',
  'dropped-after': 'The call is carried out; the connection is closed without an answer.',
  reset: 'The call is carried out; the connection is reset in the middle of the answer.',
  truncated: 'The call is carried out; the answer is half of the XML, and says nothing of it.',
  'slow-body': 'The answer comes in pieces over `ms`.',
  'busy-fault': 'SOAP fault ErrorServerBusy with `backOffMs`.',
  'busy-message': 'ErrorServerBusy with `backOffMs` in each response message.',
  fault: 'SOAP fault `code`, by default ErrorInternalServerError.',
  message:
    'Each response message says `code`, by default ErrorMailboxMoveInProgress; with `target` only what touches that mailbox.',
  refused: 'Each response message says ErrorInvalidPropertySet: the content is not taken.',
  conflict: 'UpdateItem answers ErrorIrresolvableConflict.',
  'expired-sync-state': 'Sync states are refused: ErrorInvalidSyncStateData.',
  'poisoned-item':
    'GetItem of the items with `subject`: `how` = corrupt (ErrorCorruptData), garbage (dates that cannot be), fault (the whole call fails).',
  'invalid-characters': '`&#x1;` in texts of answers.',
  'large-bodies': 'item:Body is filled up to `bytes`, by default 5 MB.',
  localised: 'Message texts and fault texts in German.',
} as const;

export type FaultKind = keyof typeof faultKinds;
export type Poison = 'corrupt' | 'garbage' | 'fault';

export interface FaultOptions {
  /** Default: every operation. */
  readonly operation?: string | undefined;
  /** Address of the account that calls; default: every account. */
  readonly mailbox?: string | undefined;
  /** `message`: address of the mailbox whose folders and items are touched, whoever calls. */
  readonly target?: string | undefined;
  /** How many calls it lets pass first. */
  readonly after?: number | undefined;
  /** How many calls; default: until cleared. */
  readonly count?: number | undefined;
  /** Strikes in so many of 100 calls; default: 100. The dice fall the same on every start. */
  readonly percent?: number | undefined;
  readonly backOffMs?: number | undefined;
  readonly ms?: number | undefined;
  readonly jitterMs?: number | undefined;
  readonly bytes?: number | undefined;
  /** A response code of messages.xsd. */
  readonly code?: string | undefined;
  /** Instead of the usual text of the code. */
  readonly text?: string | undefined;
  readonly subject?: string | undefined;
  readonly how?: Poison | undefined;
}

export interface ArmedFault extends FaultOptions {
  readonly id: number;
  readonly kind: FaultKind;
  /** How often it has struck. */
  readonly struck: number;
}

export interface Faults {
  /** Milliseconds before every answer. */
  latencyMs: number;
  /** `&#x1;` in texts of answers. */
  controlCharacters: boolean;
  /** How far 0x670A lags behind. */
  commitLagMs: number;
  /** The number to call it off by. @throws Error for a code that messages.xsd does not know */
  on(kind: FaultKind, options?: FaultOptions): number;
  /** False: there was none of that number. */
  off(id: number): boolean;
  list(): readonly ArmedFault[];
  /** GetItem of the items with this subject answers ErrorCorruptData, or what else `how` says. */
  poison(subject: string, how?: Poison): void;
  clear(): void;
}

/** What the server asks while it works. */
export interface FaultState {
  readonly faults: Faults;
  /** The same for one call: faults of one account, and who is told which of them strike. */
  of(caller: Caller): FaultState;
  /** The fault that is armed for the operation; counts it. */
  take(kind: FaultKind, operation: string): (ArmedFault & { readonly backOffMs: number }) | undefined;
  latencyMs(operation: string): number;
  garble(operation: string): string;
  /** Bytes that bodies are filled up to. */
  fill(operation: string): number;
  messageError(operation: string): EwsError | undefined;
  /** Of what touches a mailbox. */
  targetError(operation: string, address: string): EwsError | undefined;
  /** @throws EwsFault for the kinds that fail whole calls */
  demandNoFault(operation: string): void;
  poisonOf(subject: string | undefined, operation: string): Poison | undefined;
  /** The text of a refusal in the language of this call. */
  textOf(code: string, text: string): string;
}

export interface Caller {
  readonly mailbox: string;
  readonly operation: string;
  /** What the throttling policy says to each message of this call. */
  readonly refusal?: EwsError | undefined;
  readonly struck: (kind: FaultKind) => void;
}

type Held = { -readonly [K in keyof ArmedFault]: ArmedFault[K] } & { passed: number };

const largeBodyBytes = 5 * 1024 * 1024;

export function openFaults(latencyMs: number, setCommitLag: (ms: number) => void): FaultState {
  let armed: Held[] = [];
  let lastId = 0;
  let commitLag = 0;
  const random = openRandom(1);
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
      if (options.code !== undefined && !isResponseCode(options.code))
        throw new Error(`there is no response code ${options.code}`);
      lastId += 1;
      armed.push({ ...options, id: lastId, kind, struck: 0, passed: 0 });
      return lastId;
    },
    off(id) {
      const before = armed.length;
      armed = armed.filter((fault) => fault.id !== id);
      return armed.length < before;
    },
    list: () => armed.map(shown),
    poison(subject, how = 'corrupt') {
      armed = armed.filter((fault) => fault.kind !== 'poisoned-item' || fault.subject !== subject);
      faults.on('poisoned-item', { subject, how });
    },
    clear() {
      armed = [];
      faults.latencyMs = 0;
      faults.controlCharacters = false;
      faults.commitLagMs = 0;
    },
  };
  const strike: Strike = (kind, call) => {
    const found = armed.find((fault) => fault.kind === kind && isMeant(fault, call) && isDue(fault, random));
    if (found === undefined) return undefined;
    found.struck += 1;
    if (found.struck === found.count) faults.off(found.id);
    return found;
  };
  return stateOf(faults, strike, { jitter: (ms) => random.below(ms + 1) });
}

interface Struck {
  readonly operation: string;
  readonly mailbox?: string | undefined;
  readonly target?: string | undefined;
  readonly subject?: string | undefined;
}
type Strike = (kind: FaultKind, call: Struck) => ArmedFault | undefined;

function shown(held: Held): ArmedFault {
  const { passed: _, ...fault } = held;
  return fault;
}

function isMeant(fault: Held, call: Struck): boolean {
  return (
    (fault.operation === undefined || fault.operation === call.operation) &&
    (fault.mailbox === undefined || fault.mailbox.toLowerCase() === call.mailbox?.toLowerCase()) &&
    fault.target?.toLowerCase() === call.target?.toLowerCase() &&
    (fault.subject === undefined || fault.subject === call.subject)
  );
}

/** Counts a call that is let pass. */
function isDue(fault: Held, random: ReturnType<typeof openRandom>): boolean {
  if (fault.passed < (fault.after ?? 0)) {
    fault.passed += 1;
    return false;
  }
  return fault.percent === undefined || random.chance(fault.percent);
}

interface Calling {
  readonly jitter: (ms: number) => number;
  readonly caller?: Caller;
}

function stateOf(faults: Faults, strike: Strike, calling: Calling): FaultState {
  const { caller } = calling;
  const hit = (kind: FaultKind, call: Struck): ArmedFault | undefined => {
    const found = strike(kind, { mailbox: caller?.mailbox, ...call });
    if (found !== undefined) caller?.struck(kind);
    return found;
  };
  const take: FaultState['take'] = (kind, operation) => {
    const found = hit(kind, { operation });
    return found === undefined ? undefined : { ...found, backOffMs: found.backOffMs ?? 1000 };
  };
  return {
    faults,
    of: (next) => stateOf(faults, strike, { ...calling, caller: next }),
    take,
    latencyMs(operation) {
      const late = take('latency', operation);
      return faults.latencyMs + (late?.ms ?? 0) + calling.jitter(late?.jitterMs ?? 0);
    },
    garble: (operation) =>
      faults.controlCharacters || take('invalid-characters', operation) !== undefined ? '&#x1;' : '',
    fill(operation) {
      const found = take('large-bodies', operation);
      return found === undefined ? 0 : (found.bytes ?? largeBodyBytes);
    },
    messageError: (operation) => caller?.refusal ?? messageErrorOf(take, operation),
    targetError(operation, target) {
      const found = hit('message', { operation, target });
      return found === undefined ? undefined : coded(found);
    },
    demandNoFault(operation) {
      const found = faultOf(take, operation);
      if (found !== undefined) throw found;
    },
    poisonOf(subject, operation) {
      const found = subject === undefined ? undefined : hit('poisoned-item', { operation, subject });
      return found === undefined ? undefined : (found.how ?? 'corrupt');
    },
    textOf: (code, text) =>
      take('localised', caller?.operation ?? '') === undefined ? text : germanText(code),
  };
}

function messageErrorOf(take: FaultState['take'], operation: string): EwsError | undefined {
  const busy = take('busy-message', operation);
  if (busy !== undefined) return busyMessage(busy.backOffMs, defaultPolicy.syncConcurrency);
  const found = take('message', operation);
  if (found !== undefined) return coded(found);
  return take('refused', operation) === undefined ? undefined : new EwsError('ErrorInvalidPropertySet');
}

function coded(fault: ArmedFault): EwsError {
  return new EwsError(fault.code ?? 'ErrorMailboxMoveInProgress', fault.text);
}

function faultOf(take: FaultState['take'], operation: string): EwsFault | undefined {
  const busy = take('busy-fault', operation);
  if (busy !== undefined)
    return new EwsFault('ErrorServerBusy', {
      text: 'The server cannot service this request right now. Try again later.',
      detail: xml('t:Value', { Name: 'BackOffMilliseconds' }, busy.backOffMs),
    });
  const found = take('fault', operation);
  return found === undefined
    ? undefined
    : new EwsFault(
        found.code ?? 'ErrorInternalServerError',
        found.text === undefined ? {} : { text: found.text },
      );
}
