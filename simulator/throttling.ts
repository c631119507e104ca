// Throttling as a policy of each account, to be changed while the simulator runs (BEHAVIOUR §13, §14): how many calls at
// once, how many of them sync calls, how many hits, streams and subscriptions, and a budget of time.
import { xml } from '../src/xml/index.ts';
import { EwsError, EwsFault } from './errors.ts';

/** EwsMaxBurst, EwsRechargeRate, EwsCutoffBalance: a bucket of milliseconds that calls use up. */
export interface Budget {
  /** What a rested account may use at once. */
  readonly burstMs: number;
  /** What comes back in an hour. */
  readonly rechargeMsPerHour: number;
  /** With a debt up to this calls are delayed, beyond it they are refused. */
  readonly cutoffMs: number;
  /** Charged for each call beside the time it took. */
  readonly callCostMs: number;
}

export interface ThrottlingPolicy {
  /** EWSMaxConcurrency. */
  readonly maxConcurrency: number;
  /** ConcurrentSyncCalls. */
  readonly syncConcurrency: number;
  /** EWSFindCountLimit. */
  readonly findCountLimit: number;
  /** HangingConnectionLimit: streaming connections. */
  readonly hangingConnections: number;
  /** EWSMaxSubscriptions, of one mailbox. */
  readonly maxSubscriptions: number;
  /** Undefined: unlimited. */
  readonly budget: Budget | undefined;
  /** What ErrorServerBusy of this policy suggests; undefined: until the budget allows the next call, else 5 seconds. */
  readonly backOffMs: number | undefined;
}

/** Of Exchange 2016 and later; the budget is unlimited, because a simulator has no load to protect itself from. */
export const defaultPolicy: ThrottlingPolicy = {
  maxConcurrency: 27,
  syncConcurrency: 5,
  findCountLimit: 1000,
  hangingConnections: 10,
  maxSubscriptions: 5000,
  budget: undefined,
  backOffMs: undefined,
};

export interface Policies {
  of(address: string): ThrottlingPolicy;
  /** Without an address: of everybody who has none of his own. Given as undefined: the default again. */
  set(change: Partial<ThrottlingPolicy>, address?: string): void;
  /** What was set, by address; `everyone` for all. */
  list(): Readonly<Record<string, Partial<ThrottlingPolicy>>>;
  /** Milliseconds an account has left; negative: a debt; undefined: unlimited. */
  balanceOf(address: string): number | undefined;
  clear(address?: string): void;
}

/** One call that was let in. */
export interface Turn {
  /** To wait before the call is carried out: the account is in debt. */
  readonly delayMs: number;
  /** The call is one sync call too many: each of its messages is refused with this. */
  readonly syncRefusal: EwsError | undefined;
  /** The call is over; charges its time. */
  leave(): void;
}

export interface Turnstile {
  readonly policies: Policies;
  /** @throws EwsFault ErrorServerBusy */
  enter(address: string, operation: string): Turn;
}

interface Account {
  underWay: number;
  syncing: number;
  balance: number;
  chargedAt: number;
}

const hourMs = 3_600_000;
/** Exchange delays a call by what it owes, within reason. */
const longestDelayMs = 1000;
const usualBackOffMs = 5000;

export function openTurnstile(now: () => number): Turnstile {
  const accounts = new Map<string, Account>();
  const accountOf = (address: string, budget: Budget | undefined): Account => {
    const known = accounts.get(address);
    if (known !== undefined) return recharge(known, budget, now());
    const fresh: Account = { underWay: 0, syncing: 0, balance: budget?.burstMs ?? 0, chargedAt: now() };
    accounts.set(address, fresh);
    return fresh;
  };
  const policies = openPolicies({
    balanceOf: (address, budget) => accountOf(address, budget).balance,
    refill: (address) => {
      for (const [key, account] of accounts)
        if (address === undefined || key === address) account.balance = Number.POSITIVE_INFINITY;
    },
  });
  return {
    policies,
    enter(address, operation) {
      const key = address.toLowerCase();
      const policy = policies.of(key);
      const account = accountOf(key, policy.budget);
      demandPlace(account, policy);
      const isSync = operation.startsWith('SyncFolder');
      const syncRefusal = isSync && account.syncing >= policy.syncConcurrency ? syncBusy(policy) : undefined;
      account.underWay += 1;
      if (isSync) account.syncing += 1;
      const delayMs =
        policy.budget === undefined ? 0 : Math.min(Math.max(-account.balance, 0), longestDelayMs);
      const entered = performance.now();
      return {
        delayMs,
        syncRefusal,
        leave() {
          account.underWay -= 1;
          if (isSync) account.syncing -= 1;
          if (policy.budget === undefined) return;
          account.balance -= Math.max(performance.now() - entered - delayMs, 0) + policy.budget.callCostMs;
        },
      };
    },
  };
}

/** @throws EwsFault */
function demandPlace(account: Account, policy: ThrottlingPolicy): void {
  if (account.underWay >= policy.maxConcurrency)
    throw new EwsFault('ErrorServerBusy', {
      detail: xml('t:Value', { Name: 'Policy' }, 'MaxConcurrency'),
    });
  const { budget } = policy;
  if (budget === undefined) return;
  const over = -account.balance - budget.cutoffMs;
  if (over < 0) return;
  const backOffMs = policy.backOffMs ?? Math.max(Math.ceil((over * hourMs) / budget.rechargeMsPerHour), 1);
  throw new EwsFault('ErrorServerBusy', {
    text: 'The server cannot service this request right now. Try again later.',
    detail: xml('t:Value', { Name: 'BackOffMilliseconds' }, backOffMs),
  });
}

function recharge(account: Account, budget: Budget | undefined, at: number): Account {
  const back = budget === undefined ? 0 : ((at - account.chargedAt) * budget.rechargeMsPerHour) / hourMs;
  account.balance = Math.min(account.balance + back, budget?.burstMs ?? 0);
  account.chargedAt = at;
  return account;
}

function syncBusy(policy: ThrottlingPolicy): EwsError {
  return busyMessage(policy.backOffMs ?? usualBackOffMs, policy.syncConcurrency);
}

/** As seen with the ConcurrentSyncCalls policy (BEHAVIOUR §5). */
export function busyMessage(backOffMs: number, policyValue: number): EwsError {
  return new EwsError(
    'ErrorServerBusy',
    `The server cannot service this request right now. Try again later., This operation exceeds the throttling budget for policy part 'ConcurrentSyncCalls', policy value '${policyValue}',  Budget type: 'Ews'.  Suggested backoff time ${backOffMs} ms.`,
    xml('t:Value', { Name: 'BackOffMilliseconds' }, backOffMs),
  );
}

interface Accounts {
  readonly balanceOf: (address: string, budget: Budget | undefined) => number;
  readonly refill: (address: string | undefined) => void;
}

const everyone = 'everyone';

function openPolicies(accounts: Accounts): Policies {
  const changes = new Map<string, Partial<ThrottlingPolicy>>();
  const of = (address: string): ThrottlingPolicy => ({
    ...defaultPolicy,
    ...changes.get(everyone),
    ...changes.get(address.toLowerCase()),
  });
  return {
    of,
    set(change, address) {
      const key = address?.toLowerCase() ?? everyone;
      changes.set(key, { ...changes.get(key), ...change });
      if ('budget' in change) accounts.refill(address?.toLowerCase());
    },
    list: () => Object.fromEntries(changes),
    balanceOf(address) {
      const { budget } = of(address);
      return budget === undefined ? undefined : accounts.balanceOf(address.toLowerCase(), budget);
    },
    clear(address) {
      if (address === undefined) changes.clear();
      else changes.delete(address.toLowerCase());
      accounts.refill(address?.toLowerCase());
    },
  };
}
