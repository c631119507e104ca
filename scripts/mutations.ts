// Breaks the rules of test/*/mutations-table.ts one at a time, each in a copy of the repository, and runs the tests that should
// notice: red is good. Fails when a text is not found, or fewer than 95 % turn red. With a name (simulator, mirror): only these.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Mutation } from '../test/mutation.ts';
import { mutationTables } from '../test/mutation-tables.ts';

const root = resolve(import.meta.dirname, '..');
const copied = ['bin', 'simulator', 'src', 'test', 'package.json', 'tsconfig.json', 'vitest.config.ts'];
const wantedShare = 0.95;
/** Copies that work side by side. */
const lanes = 2;

type Outcome =
  | { readonly kind: 'red'; readonly by: string }
  | { readonly kind: 'green' }
  | { readonly kind: 'broken'; readonly why: string };

const report = z.object({
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ status: z.string(), fullName: z.string() })),
    }),
  ),
});

/** The schema and the examples are looked for beside the repository, not beside its copies. */
function specFolder(): string | undefined {
  const named = process.env['EXDAV_SPEC'] ?? '../shared/ews-spec';
  return [resolve(root, named), resolve(named)].find((place) => existsSync(place));
}

function openCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-mutations-'));
  for (const part of copied) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function runTests(folder: string, files: readonly string[]): Promise<Outcome> {
  const output = join(folder, 'report.json');
  rmSync(output, { force: true });
  const given = ['run', '--project', 'unit', '--bail=1', '--maxWorkers=1', '--reporter=json'];
  const spec = specFolder();
  const env = { ...process.env, ...(spec === undefined ? {} : { EXDAV_SPEC: spec }) };
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  await new Promise<void>((done) => {
    execFile(
      process.execPath,
      [vitest, ...given, `--outputFile=${output}`, ...files],
      { cwd: folder, env, timeout: 300_000 },
      () => done(),
    );
  });
  return existsSync(output) ? judge(output) : { kind: 'broken', why: 'no report' };
}

function judge(output: string): Outcome {
  const { testResults } = report.parse(JSON.parse(readFileSync(output, 'utf8')));
  const tests = testResults.flatMap((file) => file.assertionResults);
  const failed = tests.find(({ status }) => status === 'failed');
  if (failed !== undefined) return { kind: 'red', by: failed.fullName.replace(/\b[A-Z]+_R\d+\b[ :]*/g, '') };
  // A file that does not even load proves nothing.
  if (tests.length === 0) return { kind: 'broken', why: testResults[0]?.message ?? 'no tests' };
  const after = testResults.find(({ status }) => status === 'failed');
  return after === undefined ? { kind: 'green' } : { kind: 'red', by: 'an envelope breaks the schema' };
}

async function tryMutation(folder: string, mutation: Mutation): Promise<Outcome> {
  const path = join(folder, mutation.file);
  const text = readFileSync(path, 'utf8');
  const parts = text.split(mutation.find);
  if (parts.length !== 2) return { kind: 'broken', why: `text found ${parts.length - 1} times` };
  writeFileSync(path, parts.join(mutation.replace));
  try {
    return await runTests(folder, mutation.tests);
  } finally {
    writeFileSync(path, text);
  }
}

async function runLane(folder: string, waiting: Mutation[], outcomes: Map<Mutation, Outcome>): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const outcome = await tryMutation(folder, next);
    outcomes.set(next, outcome);
    console.log(lineOf(next, outcome));
  }
}

function lineOf(mutation: Mutation, outcome: Outcome): string {
  const why =
    outcome.kind === 'red' ? outcome.by : outcome.kind === 'broken' ? outcome.why : 'nobody noticed';
  return `${outcome.kind.padEnd(6)} ${mutation.rule} — ${why.replace(/\s+/g, ' ').slice(0, 110)}`;
}

/** Those of the named tables, or of all, with paths from the root. */
function chosenMutations(names: readonly string[]): readonly Mutation[] {
  const chosen = names.length === 0 ? Object.keys(mutationTables) : names;
  return chosen.flatMap((name) => {
    const table = mutationTables[name];
    if (table === undefined)
      throw new Error(`there is no table "${name}"; there are ${Object.keys(mutationTables).join(', ')}`);
    return table.mutations.map((mutation) => ({
      ...mutation,
      file: `${table.code}/${mutation.file}`,
      tests: mutation.tests.map((test) => `${table.tests}/${test}.test.ts`),
    }));
  });
}

async function main(): Promise<number> {
  const began = Date.now();
  const mutations = chosenMutations(process.argv.slice(2));
  const folders = Array.from({ length: lanes }, openCopy);
  const outcomes = new Map<Mutation, Outcome>();
  const [first = root] = folders;
  try {
    const every = [...new Set(mutations.flatMap(({ tests }) => tests))];
    const whole = await runTests(first, every);
    if (whole.kind !== 'green') {
      console.error(`The tests are not green before anything is broken: ${JSON.stringify(whole)}`);
      return 1;
    }
    const waiting = [...mutations];
    await Promise.all(folders.map((folder) => runLane(folder, waiting, outcomes)));
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  }
  const count = (kind: Outcome['kind']): number =>
    [...outcomes.values()].filter((outcome) => outcome.kind === kind).length;
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    `${mutations.length} rules broken: ${count('red')} red, ${count('green')} green, ${count('broken')} not run; ${seconds} s`,
  );
  return count('broken') === 0 && count('red') >= mutations.length * wantedShare ? 0 : 1;
}

process.exitCode = await main();
