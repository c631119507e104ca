// docs/simulator-requirements.md says what the tests of requirements/ check, and they check enough.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import {
  findRequirements,
  listChecks,
  parseStatements,
  renderRequirements,
  renderRow,
  requirementsFile,
  type Check,
} from '../../scripts/simulator-requirements.ts';

const folder = findRequirements();
let page = '';
let checks: readonly Check[] = [];
beforeAll(() => {
  page = readFileSync(requirementsFile, 'utf8');
  checks = listChecks();
}, 120_000);

it('lists every checked id with its test; when not: node scripts/simulator-requirements.ts', () => {
  const byId = new Map<string, Check[]>();
  for (const check of checks) byId.set(check.id, [...(byId.get(check.id) ?? []), check]);
  const expected = [...byId.values()].map(([check]) => renderRow(check!, byId));
  const listed = page.split('\n').filter((line) => /^\| [A-Z]+_R\d+ \|/.test(line));
  expect(listed.sort()).toEqual(expected.sort());
});

it.skipIf(folder === undefined)('is what the script writes (without the statements: not compared)', () => {
  expect(page).toBe(renderRequirements(checks, parseStatements(folder!)));
});

it.skipIf(folder === undefined)('names no id that is none (without the statements: not compared)', () => {
  const known = new Set(parseStatements(folder!).map(({ id }) => id));
  expect(checks.filter(({ id }) => !known.has(id))).toEqual([]);
});

it('covers at least 300 statements', () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBeGreaterThanOrEqual(300);
});
