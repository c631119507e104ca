// Counters of the mirror for Prometheus. `pair` is the name that the configuration gives; no label names a person or an object.
import { Counter, Gauge, type Registry } from 'prom-client';
import type { MirrorEvent } from '../../mirror/index.ts';
import type { PairOutcome } from './service.ts';

export interface MirrorMetrics {
  event(pair: string, event: MirrorEvent): void;
  outcome(outcome: PairOutcome): void;
  request(request: { readonly side: 'exchange' | 'nextcloud'; readonly status: string }): void;
}

export function openMirrorMetrics(registry: Registry, now: () => number): MirrorMetrics {
  const endedAt = new Map<string, number>();
  const beganAt = now();
  const { objects, requests, troubled, stopped } = openInstruments([registry]);
  const lag: Gauge<'pair'> = new Gauge({
    name: 'exdav_mirror_lag_seconds',
    help: 'Time since the pair was last run to its end, or since the start where it never was',
    labelNames: ['pair'],
    registers: [registry],
    collect: (): void => {
      for (const [pair, at] of endedAt) lag.set({ pair }, (now() - at) / 1000);
    },
  });
  return {
    event(pair, event) {
      if (event.kind === 'object') objects.inc({ pair, action: event.action, side: event.side ?? 'both' });
    },
    outcome(outcome) {
      const { pair } = outcome;
      // A pair that fails from the start lags behind as well.
      endedAt.set(pair, endedAt.get(pair) ?? beganAt);
      if (outcome.kind === 'failed') return;
      stopped.set({ pair }, outcome.report.stopped === undefined ? 0 : 1);
      if (outcome.report.stopped !== undefined) return;
      troubled.set({ pair }, outcome.report.troubled);
      endedAt.set(pair, now());
    },
    request: ({ side, status }) => requests.inc({ side, status }),
  };
}

function openInstruments(registers: Registry[]) {
  return {
    objects: new Counter({
      name: 'exdav_mirror_objects_total',
      help: 'Objects by what the mirror did with them',
      labelNames: ['pair', 'action', 'side'],
      registers,
    }),
    requests: new Counter({
      name: 'exdav_mirror_requests_total',
      help: 'Requests of the mirror by side and result',
      labelNames: ['side', 'status'],
      registers,
    }),
    troubled: new Gauge({
      name: 'exdav_mirror_troubled_objects',
      help: 'Objects that failed and are tried again later',
      labelNames: ['pair'],
      registers,
    }),
    stopped: new Gauge({
      name: 'exdav_mirror_stopped',
      help: '1: the pair waits for somebody to look',
      labelNames: ['pair'],
      registers,
    }),
  };
}
