// The mirror of one configuration: opens its pairs, runs them a few at a time, and answers questions about them.
import {
  explainObject,
  type Explanation,
  type MirrorConfig,
  type MirrorEvent,
  openOwner,
  openTexts,
  type PairConfig,
  type RunInput,
  type RunReport,
  runPair,
  sidesWithFiles,
  type UndoneEntry,
  undoRun,
} from '../../mirror/index.ts';
import { BackendError, DavError } from '../../model/failure.ts';
import type { MirrorStore, PairHead, Twin } from '../../model/mirror-store.ts';
import { type Lanes, openLanes } from './lanes.ts';
import { hostOf, type OpenPair, type Sources, type WhenMissing } from './sources.ts';

export interface RunOptions {
  readonly scope?: RunInput['scope'];
  readonly dryRun?: boolean;
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
}

export type PairOutcome =
  | { readonly kind: 'ran'; readonly pair: string; readonly report: RunReport; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly pair: string;
      readonly error: unknown;
      readonly retryAfterMs?: number;
    };

export interface PairStatus {
  readonly pair: string;
  readonly head: PairHead | undefined;
  readonly objects: number;
  readonly troubled: readonly Twin[];
}

export interface MirrorService {
  readonly pairs: readonly PairConfig[];
  /** Never throws: a failure is an outcome. */
  run(pair: PairConfig, options?: RunOptions): Promise<PairOutcome>;
  explain(pair: PairConfig, uid: string): Promise<Explanation | undefined>;
  undo(pair: PairConfig, run: number, options?: RunOptions): Promise<readonly UndoneEntry[]>;
  status(pair: PairConfig): Promise<PairStatus>;
  /** Yields when Exchange tells of a change in the pair's folder. */
  watch(pair: PairConfig, signal: AbortSignal): AsyncIterable<void>;
  close(): Promise<void>;
}

export interface MirrorParts {
  readonly config: MirrorConfig;
  readonly store: MirrorStore;
  readonly sources: Sources;
  readonly seal: (text: string) => string;
  readonly unseal: (sealed: string) => string | undefined;
  readonly now: () => number;
  readonly observe: (pair: string, event: MirrorEvent) => void;
  /** Where the gateway is reached, if it is. */
  readonly publicUrl?: string;
  readonly close: () => Promise<void>;
}

const historyDays = 30;

export function openMirrorService(parts: MirrorParts): MirrorService {
  const { config, store, sources, now } = parts;
  const lanes = openPairLanes(config);
  const inputFor = async (pair: PairConfig, options: RunOptions): Promise<RunInput> => {
    const open = await sources.open(pair, await whenMissing(pair, options), options.signal);
    return inputOf(parts, { ...open, pair, options });
  };
  /** Only a pair that has not run yet may find nothing there. */
  const whenMissing = async (pair: PairConfig, { dryRun, isForced }: RunOptions): Promise<WhenMissing> => {
    const isFirst = (await store.head(pair.rules.name)) === undefined;
    if (!isFirst && isForced !== true) return 'refuse';
    return dryRun === true ? 'pretend' : 'make';
  };
  return {
    pairs: config.pairs,
    run: (pair, options = {}) => lanes.run(lanesOf(config, pair), () => runOnce(parts, pair, options)),
    explain: async (pair, uid) => explainObject(await inputFor(pair, {}), uid),
    undo: async (pair, run, options = {}) =>
      store.exclusively(async () =>
        undoRun({ ...(await inputFor(pair, options)), unseal: parts.unseal }, run),
      ),
    status: async (pair) => ({
      pair: pair.rules.name,
      head: await store.head(pair.rules.name),
      objects: await store.countTwins(pair.rules.name),
      troubled: await store.troubled(pair.rules.name, Number.MAX_SAFE_INTEGER),
    }),
    async *watch(pair, signal) {
      yield* (await sources.folder(pair)).watch(signal);
    },
    close: () => parts.close(),
  };

  async function runOnce(all: MirrorParts, pair: PairConfig, options: RunOptions): Promise<PairOutcome> {
    const began = now();
    const name = pair.rules.name;
    try {
      const run = async (): Promise<RunReport> => runPair(await inputFor(pair, options));
      // Looking may go on beside another process that writes.
      const report = await (options.dryRun === true ? run() : store.exclusively(run));
      if (report.isComplete && options.dryRun !== true) await store.prune(historyDays);
      return { kind: 'ran', pair: name, report, ms: all.now() - began };
    } catch (error) {
      sources.forget(pair);
      const retryAfterMs = retryAfterOf(error);
      return { kind: 'failed', pair: name, error, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
  }
}

function retryAfterOf(error: unknown): number | undefined {
  if (error instanceof BackendError) return error.failure.retryAfterMs;
  return error instanceof DavError ? error.retryAfterMs : undefined;
}

function inputOf(
  { store, seal, now, observe, publicUrl }: MirrorParts,
  given: OpenPair & { readonly pair: PairConfig; readonly options: RunOptions },
): RunInput {
  const { pair, sides, path, options } = given;
  const owner = openOwner(given.ownAddresses, given.addresses);
  const servedAt = publicUrl === undefined ? {} : { servedAt: `${publicUrl.replace(/\/+$/, '')}/${path}` };
  return {
    rules: pair.rules,
    sides: owner.learning(sidesWithFiles(sides)),
    store,
    texts: openTexts(pair.rules, { ownAddresses: owner.addresses, now, ...servedAt }),
    seal,
    now,
    scope: options.scope ?? 'changes',
    dryRun: options.dryRun ?? false,
    isForced: options.isForced ?? false,
    writers: { exchange: 4, nextcloud: 1 },
    observe: (event) => observe(pair.rules.name, event),
    ...(options.signal && { signal: options.signal }),
  };
}

function lanesOf(config: MirrorConfig, pair: PairConfig): readonly string[] {
  const { rules, exchange } = pair;
  return [
    'all',
    `pair ${rules.name}`,
    `exchange ${exchange.login} ${exchange.mailbox ?? ''}`,
    `nextcloud ${hostOf(config, pair)}`,
  ];
}

function openPairLanes({ parallel }: MirrorConfig): Lanes {
  const widths = {
    all: parallel.pairs,
    pair: 1,
    exchange: parallel.perExchangeAccount,
    nextcloud: parallel.perNextcloudHost,
  };
  return openLanes((key) => {
    const [kind] = key.split(' ');
    return kind === 'pair' || kind === 'exchange' || kind === 'nextcloud' ? widths[kind] : widths.all;
  });
}
