// The table of mutations fits the simulator: every text is found, once, and every test file is there. What the tests make
// of them is `npm run mutations`.
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutations } from './mutations-table.ts';

const simulator = `${import.meta.dirname}/../../simulator/`;

it.each(mutations.map((mutation) => [mutation.rule, mutation] as const))(
  'can break the rule: %s',
  (_, { file, find, replace, tests }) => {
    expect(readFileSync(simulator + file, 'utf8').split(find)).toHaveLength(2);
    expect(replace).not.toBe(find);
    for (const name of tests) expect(existsSync(`${import.meta.dirname}/${name}.test.ts`), name).toBe(true);
  },
);

it('breaks at least 60 rules, each once', () => {
  expect(new Set(mutations.map(({ rule }) => rule)).size).toBe(mutations.length);
  expect(mutations.length).toBeGreaterThanOrEqual(60);
});
