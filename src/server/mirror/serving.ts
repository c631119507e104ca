// The mirror inside the gateway's process: its outcomes go to the log, its counts to the metrics.
import type { Log } from '../log.ts';
import type { MirrorMetrics } from './metrics.ts';
import { openMirror } from './open.ts';
import { reasonOf } from './progress.ts';
import type { PairOutcome } from './service.ts';
import { isNews, keepMirroring } from './watch.ts';

export interface Mirroring {
  close(): Promise<void>;
}

/** @throws ConfigError, Error in plain words when the configuration cannot be used */
export async function startMirroring(
  file: string,
  {
    environment,
    log,
    metrics,
  }: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly log: Log;
    readonly metrics: MirrorMetrics;
  },
): Promise<Mirroring> {
  const service = await openMirror(file, {
    environment,
    observe: (pair, event) => {
      metrics.event(pair, event);
      if (event.kind === 'note') log.warn({ pair, message: event.message }, 'the mirror goes on');
      if (event.kind === 'object' && event.action === 'troubled')
        log.warn({ pair, side: event.side, message: event.message }, 'an object cannot be mirrored');
    },
    request: (request) => metrics.request(request),
  });
  const end = new AbortController();
  const running = keepMirroring(service, {
    pairs: service.pairs,
    signal: end.signal,
    isActive: true,
    onOutcome: (outcome) => {
      tell(log, outcome);
      metrics.outcome(outcome);
    },
    onWatchLost: (pair, error) =>
      log.info({ pair, reason: reasonOf(error) }, 'no notifications from Exchange'),
  });
  return {
    async close() {
      end.abort();
      await running;
      await service.close();
    },
  };
}

function tell(log: Log, outcome: PairOutcome): void {
  const { pair } = outcome;
  if (outcome.kind === 'failed')
    log.error({ pair, reason: reasonOf(outcome.error) }, 'a pair could not be mirrored');
  else if (outcome.report.stopped !== undefined)
    log.error({ pair, reason: outcome.report.stopped }, 'a pair is stopped');
  else if (isNews(outcome))
    log.info({ pair, run: outcome.report.run, ms: outcome.ms, counts: outcome.report.counts }, 'mirrored');
}
