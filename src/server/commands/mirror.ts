// exdav mirror: keeps Exchange folders and Nextcloud collections equal.
import { setFlagsFromString } from 'node:v8';
import { openMirror } from '../mirror/open.ts';
import { type Detail, openProgress, type Progress } from '../mirror/progress.ts';
import type { MirrorService, PairOutcome, RunOptions } from '../mirror/service.ts';
import { isNews, keepMirroring } from '../mirror/watch.ts';
import type { PairConfig } from '../../mirror/index.ts';
import { type Command, type CommandInput, untilStopped, UsageError } from './command.ts';
import { explained, statusText, undoneText } from './mirror-answers.ts';

export const mirror: Command = {
  name: 'mirror',
  summary: 'keep Exchange folders and Nextcloud collections equal',
  usage: '[--config FILE] [--once | --watch | verify | repair | explain UID | undo RUN | status]',
  help: [
    '--once       one run of every pair, then end (the default)',
    '--watch      go on until Ctrl-C: at once when Exchange tells of a change, otherwise at intervals',
    'verify       compare every object on both sides and say what differs; nothing is written',
    'repair       the same, and put right what differs',
    'explain UID  what both sides have of one object, what was done to it, what would be done next',
    'undo RUN     take back what one run wrote, as far as nobody changed it since',
    'status       what is known of every pair',
    '',
    '--config FILE   default mirror.yaml (docs/mirror.md)',
    '--pair NAME     only this pair',
    '--dry-run       say what would be done; nothing is written',
    '--passive       with --watch: only at intervals, without notifications',
    '--force         go on where the guard against mass deletion has stopped a pair',
    '--verbose       tell of every object',
    '',
    'Exit codes: 0 all is equal, 1 a pair could not be run, 2 not understood, 3 a pair was stopped or objects are in trouble.',
  ].join('\n'),
  maxWords: 2,
  options: {
    config: { type: 'string' },
    pair: { type: 'string' },
    once: { type: 'boolean' },
    watch: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    passive: { type: 'boolean' },
    force: { type: 'boolean' },
    verbose: { type: 'boolean' },
  },
  async run(input) {
    const act = actionOf(input);
    keepHeapSmall();
    const progress = openProgress({
      out: input.write,
      terminal: input.terminal,
      now: Date.now,
      detail: detailFor(input),
    });
    const service = await openMirror(String(input.values['config'] ?? 'mirror.yaml'), {
      environment: input.environment,
      observe: (pair, event) => progress.event(pair, event),
    });
    try {
      return await act({ input, service, progress, pairs: chosenPairs(input, service) });
    } finally {
      await service.close();
    }
  },
};

/**
 * A run makes much garbage and keeps little. V8 answers with a young generation of up to 128 MB and lets the old one double before
 * it looks: more than all that a mirror needs. So the young one stays as it is once the program is loaded, and the old one is
 * collected when it has grown by a third. Node warns of flags that are set while the program runs: these two are numbers that V8
 * reads at each collection.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=33');
}

function detailFor({ values, positionals: [verb] }: CommandInput): Detail {
  if (values['verbose'] === true) return 'all';
  return values['dry-run'] === true || verb === 'verify' ? 'changes' : 'troubled';
}

interface Work {
  readonly input: CommandInput;
  readonly service: MirrorService;
  readonly progress: Progress;
  readonly pairs: readonly PairConfig[];
}

type Action = (work: Work) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  once: (work) => runAll(work, {}),
  verify: (work) => runAll(work, { scope: 'texts', dryRun: true }),
  repair: (work) => runAll(work, { scope: 'texts' }),
  explain: explainUid,
  undo,
  status,
  watch,
};

function actionOf({ positionals: [verb], values }: CommandInput): Action {
  if (verb === undefined) return values['watch'] === true ? watch : (work) => runAll(work, {});
  const action = actions[verb];
  if (action === undefined) throw new UsageError(`mirror cannot "${verb}"`);
  return action;
}

function chosenPairs({ values }: CommandInput, { pairs }: MirrorService): readonly PairConfig[] {
  const wanted = values['pair'];
  const chosen = pairs.filter(({ rules }) => wanted === undefined || rules.name === wanted);
  if (chosen.length > 0) return chosen;
  const names = pairs.map(({ rules }) => rules.name).join(', ');
  throw new UsageError(
    wanted === undefined
      ? 'the configuration has no pairs'
      : `there is no pair "${String(wanted)}"; there are ${names}`,
  );
}

const exitCode = { equal: 0, failed: 1, attention: 3 } as const;

async function runAll({ input, service, progress, pairs }: Work, options: RunOptions): Promise<number> {
  const given: RunOptions = {
    ...(input.values['dry-run'] === true && { dryRun: true }),
    ...(input.values['force'] === true && { isForced: true }),
    ...options,
  };
  const outcomes = await Promise.all(
    pairs.map(async (pair) => {
      const outcome = await service.run(pair, given);
      progress.outcome(outcome);
      return outcome;
    }),
  );
  if (outcomes.some(({ kind }) => kind === 'failed')) return exitCode.failed;
  return outcomes.some(needsAttention) ? exitCode.attention : exitCode.equal;
}

function needsAttention(outcome: PairOutcome): boolean {
  if (outcome.kind === 'failed') return true;
  return outcome.report.stopped !== undefined || outcome.report.troubled > 0;
}

async function watch({ input, service, progress, pairs }: Work): Promise<number> {
  const end = new AbortController();
  const stopping = untilStopped().then(() => end.abort());
  await keepMirroring(service, {
    pairs,
    signal: end.signal,
    isActive: input.values['passive'] !== true,
    onOutcome: (outcome) => {
      if (isNews(outcome)) progress.outcome(outcome);
    },
    onWatchLost: (pair, error) => progress.outcome({ kind: 'failed', pair, error }),
  });
  await stopping;
  return exitCode.equal;
}

async function explainUid({ input, service, pairs }: Work): Promise<number> {
  const [, uid] = input.positionals;
  if (uid === undefined) throw new UsageError('mirror explain takes the UID of an object');
  let found = 0;
  for (const pair of pairs) {
    const explanation = await service.explain(pair, uid);
    if (explanation === undefined) continue;
    found += 1;
    input.write(explained(pair.rules.name, explanation));
  }
  if (found > 0) return exitCode.equal;
  input.write(`No pair knows an object with the UID ${uid}.\n`);
  return exitCode.failed;
}

async function undo({ input, service, pairs }: Work): Promise<number> {
  const [, word] = input.positionals;
  const run = Number(word);
  if (word === undefined || !Number.isInteger(run))
    throw new UsageError('mirror undo takes the number of a run');
  let left = 0;
  for (const pair of pairs) {
    const entries = await service.undo(pair, run, { dryRun: input.values['dry-run'] === true });
    left += entries.filter((entry) => entry.left !== undefined).length;
    input.write(undoneText(pair.rules.name, run, entries));
  }
  return left === 0 ? exitCode.equal : exitCode.attention;
}

async function status({ input, service, pairs }: Work): Promise<number> {
  for (const pair of pairs) input.write(statusText(await service.status(pair)));
  return exitCode.equal;
}
