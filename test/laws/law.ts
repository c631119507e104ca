// A law as a test: so many generated cases, what is wrong with them by kind, each with the seed that brings it back.
//   EXDAV_TEST_LAW_RUNS  cases of all laws together (default 10,000)
//   EXDAV_TEST_LAW_SEED  default: 1; a new one where the number of cases is given
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

export interface Verdict {
  /** Why the case was refused, where it was. */
  readonly refused?: string;
  readonly faults: readonly string[];
}

interface Law<Case> {
  /** Of all cases. */
  readonly share: number;
  readonly cases: fc.Arbitrary<Case>;
  judge(given: Case): Verdict | Promise<Verdict>;
  show(given: Case): string;
  /** So many of a hundred cases may be refused: more of them would prove little. */
  readonly mayRefuse: number;
}

const defaultRuns = 10_000;
const { EXDAV_TEST_LAW_RUNS: wantedRuns, EXDAV_TEST_LAW_SEED: wantedSeed } = process.env;
const isLong = wantedRuns !== undefined;
const allRuns = wantedRuns === undefined ? defaultRuns : Number(wantedRuns);
if (!Number.isInteger(allRuns) || allRuns < 1) throw new Error('EXDAV_TEST_LAW_RUNS is no number of cases');
const seed = wantedSeed === undefined ? (isLong ? Date.now() % 2 ** 31 : 1) : Number(wantedSeed);

/** Long enough on a slow machine: a law is not about time. */
const timeoutOf = (runs: number): number => 120_000 + runs * 500;
const shrinkingMs = 20_000;

interface Fault {
  readonly index: number;
  readonly message: string;
  readonly shown: string;
  count: number;
}

export function law<Case>(name: string, given: Law<Case>): void {
  const runs = Math.max(1, Math.round(allRuns * given.share));
  test(
    `${name}: ${runs} cases`,
    async () => {
      const { refused, faults } = await tally(given, runs);
      const refusals = [...refused.values()].reduce((sum, each) => sum + each, 0);
      const texts = [...faults.values()].map((fault) => textOf(fault));
      // At once: a run of hours may be ended before the others are through.
      if (isLong)
        process.stdout.write(`${[summary(name, { runs, refused, faults }), ...texts].join('\n')}\n`);
      const [first] = faults.values();
      if (first) texts.unshift(await shrunken(given, first));
      expect(texts.join('\n\n'), 'what breaks the law').toBe('');
      expect(refusals / runs, [...refused.keys()].join('\n')).toBeLessThanOrEqual(given.mayRefuse / 100);
    },
    timeoutOf(runs),
  );
}

interface Tally {
  readonly refused: ReadonlyMap<string, number>;
  /** The shortest case of each kind. */
  readonly faults: ReadonlyMap<string, Fault>;
}

async function tally<Case>({ cases, judge, show }: Law<Case>, runs: number): Promise<Tally> {
  const refused = new Map<string, number>();
  const faults = new Map<string, Fault>();
  let index = 0;
  const property = fc.asyncProperty(cases, async (each) => {
    const verdict = await judge(each);
    if (verdict.refused !== undefined) refused.set(verdict.refused, (refused.get(verdict.refused) ?? 0) + 1);
    for (const message of verdict.faults) note(faults, { index, message, shown: show(each), count: 1 });
    index += 1;
    // The test runner wants to hear of us now and then.
    if (index % 50 === 0) await new Promise(setImmediate);
  });
  const details = await fc.check(property, { numRuns: runs, seed });
  // Whatever a judge throws is a mistake of the judge.
  if (details.failed) throw details.errorInstance ?? new Error('a case could not be judged');
  return { refused, faults };
}

function note(faults: Map<string, Fault>, fault: Fault): void {
  const kind = fault.message.replaceAll(/\d+/g, '#').replace(/\n.*/s, '').slice(0, 90);
  const known = faults.get(kind);
  if (known) known.count += 1;
  if (!known || fault.shown.length < known.shown.length)
    faults.set(kind, { ...fault, count: known?.count ?? 1 });
}

function textOf({ index, message, shown, count }: Fault): string {
  return `${count} times: ${message}\n(EXDAV_TEST_LAW_SEED=${seed}, case ${index})\n${shown}`;
}

/** A smaller case that is wrong too, as far as a short search finds one. */
async function shrunken<Case>({ cases, judge, show }: Law<Case>, { index }: Fault): Promise<string> {
  const until = performance.now() + shrinkingMs;
  const property = fc.asyncProperty(cases, async (each) => {
    if (performance.now() > until) return;
    const { faults } = await judge(each);
    if (faults.length > 0) throw new Error(`${faults.join('\n')}\n${show(each)}`);
  });
  const details = await fc.check(property, { seed, path: String(index), numRuns: 1 });
  return `The first of them, as small as it gets:\n${String(details.errorInstance)}`;
}

function summary(name: string, { runs, refused, faults }: Tally & { runs: number }): string {
  const reasons = [...refused].map(([why, count]) => `\n  ${count} refused: ${why}`);
  return `${name}: ${runs} cases, seed ${seed}, ${faults.size} kinds of faults${reasons.join('')}`;
}
