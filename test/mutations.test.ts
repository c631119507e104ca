// The tables of mutations fit the code: every text is found, once, and every test file is there. What the tests make of them is
// `npm run mutations`.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mutationTables } from './mutation-tables.ts';

const root = resolve(import.meta.dirname, '..');

describe.each(Object.entries(mutationTables))('the mutations of the %s', (_, { code, tests, mutations }) => {
  it.each(mutations.map((mutation) => [mutation.rule, mutation] as const))(
    'can break the rule: %s',
    (_rule, { file, find, replace, tests: files }) => {
      expect(readFileSync(`${root}/${code}/${file}`, 'utf8').split(find)).toHaveLength(2);
      expect(replace).not.toBe(find);
      for (const name of files) expect(existsSync(`${root}/${tests}/${name}.test.ts`), name).toBe(true);
    },
  );

  it('break each rule once, and many', () => {
    expect(new Set(mutations.map(({ rule }) => rule)).size).toBe(mutations.length);
    expect(mutations.length).toBeGreaterThanOrEqual(30);
  });
});
