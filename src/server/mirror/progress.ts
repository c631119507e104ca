// What a run tells while it goes: a bar with counts and an estimate on a terminal, JSON lines elsewhere.
import type { MirrorEvent } from '../../mirror/index.ts';
import { BackendError, DavError } from '../../model/failure.ts';
import type { PairOutcome } from './service.ts';

export interface Progress {
  event(pair: string, event: MirrorEvent): void;
  outcome(outcome: PairOutcome): void;
}

/** Of which objects lines are written: those in trouble, those that change, or all. */
export type Detail = 'troubled' | 'changes' | 'all';

interface Writers {
  readonly out: (text: string) => void;
  /** A terminal that can be written over. */
  readonly terminal?: ((text: string) => void) | undefined;
  readonly now: () => number;
  readonly detail: Detail;
}

export function openProgress(writers: Writers): Progress {
  return writers.terminal === undefined ? jsonLines(writers) : terminalBar(writers, writers.terminal);
}

/** Why it failed, in words for the administrator. */
export function reasonOf(error: unknown): string {
  if (error instanceof BackendError) return error.failure.message;
  if (error instanceof DavError) return `${error.message} (${error.status})`;
  return error instanceof Error ? error.message : String(error);
}

function isTold({ action }: Extract<MirrorEvent, { kind: 'object' }>, detail: Detail): boolean {
  return action === 'troubled' || detail === 'all' || (detail === 'changes' && action !== 'unchanged');
}

function jsonLines({ out, now, detail }: Writers): Progress {
  const line = (values: object): void =>
    out(`${JSON.stringify({ time: new Date(now()).toISOString(), ...values })}\n`);
  return {
    event(pair, event) {
      if (event.kind === 'note') line({ level: 'warn', pair, message: event.message });
      if (event.kind !== 'object' || !isTold(event, detail)) return;
      const { kind: _kind, ...rest } = event;
      line({ level: event.action === 'troubled' ? 'warn' : 'info', pair, ...rest });
    },
    outcome(outcome) {
      if (outcome.kind === 'failed')
        line({ level: 'error', pair: outcome.pair, failed: reasonOf(outcome.error) });
      else {
        const { run, counts, stopped } = outcome.report;
        line({
          level: stopped === undefined ? 'info' : 'error',
          pair: outcome.pair,
          run,
          ms: outcome.ms,
          counts,
          stopped,
        });
      }
    },
  };
}

interface Bar {
  readonly began: number;
  readonly total: number;
  done: number;
  shownAt: number;
}

const barWidth = 24;
const redrawMs = 100;

function terminalBar({ out, now, detail }: Writers, terminal: (text: string) => void): Progress {
  const bars = new Map<string, Bar>();
  const clear = (): void => terminal('\r\x1b[K');
  return {
    event(pair, event) {
      if (event.kind === 'found') {
        bars.set(pair, { began: now(), total: event.objects, done: 0, shownAt: 0 });
        return;
      }
      if (event.kind === 'note' || isTold(event, detail)) {
        clear();
        out(`${pair}: ${event.kind === 'note' ? event.message : detailOf(event)}\n`);
      }
      if (event.kind === 'note') return;
      const bar = bars.get(pair);
      if (bar === undefined) return;
      bar.done += 1;
      if (now() - bar.shownAt < redrawMs && bar.done < bar.total) return;
      bar.shownAt = now();
      terminal(`\r${barText(pair, bar, now())}\x1b[K`);
    },
    outcome(outcome) {
      bars.delete(outcome.pair);
      clear();
      out(`${outcomeText(outcome)}\n`);
    },
  };
}

function barText(pair: string, { began, total, done }: Bar, now: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total);
  const filled = Math.round(share * barWidth);
  const left = done === 0 ? undefined : Math.round(((now - began) / done) * Math.max(0, total - done));
  const estimate = left === undefined || left < 1000 ? '' : `, ${Math.ceil(left / 1000)} s left`;
  return `${pair} [${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${done} of ${total}${estimate}`;
}

function detailOf(event: Extract<MirrorEvent, { kind: 'object' }>): string {
  const where = event.side === undefined ? '' : ` on ${event.side}`;
  const why = event.message ?? event.reason;
  const conflict = event.conflict === true ? ', both sides had changed it' : '';
  return `${event.action}${where} ${event.uid}${why === undefined ? '' : `: ${why}`}${conflict}`;
}

function outcomeText(outcome: PairOutcome): string {
  if (outcome.kind === 'failed') return `${outcome.pair}: failed: ${reasonOf(outcome.error)}`;
  const { run, counts, stopped } = outcome.report;
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const done = parts.length === 0 ? 'nothing to do' : parts.join(', ');
  const end = stopped === undefined ? '' : `; STOPPED: ${stopped}. Look at it, then go on with --force`;
  return `${outcome.pair}: run ${run}: ${done}${end}`;
}
