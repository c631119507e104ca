// Admin requests about what the simulator does and did: clock, faults, policies, sent messages, calls.
import { faultKinds } from '../faults.ts';
import type { Simulator } from '../index.ts';
import { defaultPolicy } from '../throttling.ts';
import * as asked from './bodies.ts';
import { AdminError, read, rows, type Route } from './route.ts';

export function clockRoutes({ clock }: Simulator): Route[] {
  const show = (): unknown => ({ now: new Date(clock.now()).toISOString(), frozen: clock.isFrozen });
  return rows(
    ['GET', '/clock', 'what time it is for the simulator', show],
    [
      'PUT',
      '/clock',
      '{"now": ISO time} or {"advanceMs": n}, {"frozen": true | false}',
      ({ body }) => {
        const { now, advanceMs, frozen } = read(asked.clock, body);
        if (now !== undefined) clock.set(Date.parse(now));
        if (advanceMs !== undefined) clock.advance(advanceMs);
        if (frozen === true) clock.freeze();
        if (frozen === false) clock.run();
        return show();
      },
    ],
    ['DELETE', '/clock', 'real time again', () => clock.reset()],
  );
}

export function tellingRoutes(simulator: Simulator): Route[] {
  return rows(
    ['GET', '/sent', 'meeting messages that were sent, oldest first', () => simulator.sentMessages()],
    ['DELETE', '/sent', 'forgets them', () => simulator.forgetSentMessages()],
    [
      'GET',
      '/calls',
      'counts by operation, refused sign-ins, and the last calls: ?operation= &user= &after=',
      ({ query }) => {
        const { after, ...filter } = read(asked.callFilter, query);
        return {
          counts: simulator.calls(),
          refusedSignIns: simulator.refusedSignIns(),
          calls: simulator.callLog({ ...filter, after: after === undefined ? undefined : Number(after) }),
        };
      },
    ],
    ['DELETE', '/calls', 'forgets them', () => simulator.resetCalls()],
  );
}

export function faultRoutes({ faults }: Simulator): Route[] {
  const show = (): unknown => ({
    latencyMs: faults.latencyMs,
    controlCharacters: faults.controlCharacters,
    commitLagMs: faults.commitLagMs,
    armed: faults.list(),
  });
  return rows(
    ['GET', '/faults', 'what is switched on', show],
    ['GET', '/faults/kinds', 'what can be', () => faultKinds],
    [
      'POST',
      '/faults',
      '{"kind": …} and options; answers {"id": n}',
      ({ body }) => {
        const { kind, ...options } = read(asked.fault, body);
        return { id: refusing(() => faults.on(kind, options)) };
      },
    ],
    [
      'PUT',
      '/faults',
      '{"latencyMs", "controlCharacters", "commitLagMs"} for all calls',
      ({ body }) => {
        const { latencyMs, controlCharacters, commitLagMs } = read(asked.standingFaults, body);
        if (latencyMs !== undefined) faults.latencyMs = latencyMs;
        if (controlCharacters !== undefined) faults.controlCharacters = controlCharacters;
        if (commitLagMs !== undefined) faults.commitLagMs = commitLagMs;
        return show();
      },
    ],
    ['DELETE', '/faults', 'all off', () => faults.clear()],
    [
      'DELETE',
      '/faults/{id}',
      'one off',
      ({ path }) => {
        if (!faults.off(Number(path['id']))) throw new AdminError(404, `there is no fault ${path['id']}`);
      },
    ],
  );
}

export function policyRoutes({ policies }: Simulator): Route[] {
  return rows(
    [
      'GET',
      '/policies',
      'the default policy and what was set, by address or "everyone"',
      () => ({
        default: defaultPolicy,
        set: policies.list(),
      }),
    ],
    [
      'GET',
      '/policies/{address}',
      'the policy of one account, and what is left of its budget',
      ({ path }) => ({
        ...policies.of(path['address'] ?? ''),
        balanceMs: policies.balanceOf(path['address'] ?? '') ?? null,
      }),
    ],
    [
      'PUT',
      '/policies/{address}',
      'sets some of it; the address "everyone" is for all; "budget": null is unlimited',
      ({ path, body }) => {
        const { budget, backOffMs, ...limits } = read(asked.policy, body);
        policies.set(
          {
            ...limits,
            ...(budget === undefined ? {} : { budget: budget ?? undefined }),
            ...(backOffMs === undefined ? {} : { backOffMs: backOffMs ?? undefined }),
          },
          path['address'] ?? '',
        );
      },
    ],
    ['DELETE', '/policies', 'the default again for all', () => policies.clear()],
    [
      'DELETE',
      '/policies/{address}',
      'the default again for one',
      ({ path }) => policies.clear(path['address']),
    ],
  );
}

function refusing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new AdminError(400, error instanceof Error ? error.message : String(error));
  }
}
