// The published requests for operations the simulator knows, sent to it: what is recorded beside them must come back in
// the same shape, or the difference is explained in docs/simulator.md.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { specFolder } from '../envelopes.ts';
import { start } from '../soap-client.ts';
import { askAll, type Asked } from './asking.ts';
import { explained } from './explained-table.ts';

const documentation = readFileSync(join(import.meta.dirname, '../../../docs/simulator.md'), 'utf8');

describe.skipIf(specFolder === undefined)('examples (needs the EWS schema folder)', () => {
  let simulator: Simulator;
  let asked: readonly Asked[];
  beforeAll(async () => {
    simulator = await start();
    asked = await askAll(simulator);
  }, 60_000);
  afterAll(() => simulator.close());

  it('sees most of them', () => {
    expect(asked.length).toBeGreaterThan(180);
    expect(asked.filter(({ pair }) => pair.response !== undefined).length).toBeGreaterThan(100);
  });

  it('has no unexplained difference from what is recorded', () => {
    const all = asked.flatMap(({ differences }) => differences);
    const open = all.filter((difference) => !explained.some(({ pattern }) => pattern.test(difference)));
    expect(open).toEqual([]);
  });

  it('explains nothing that does not differ', () => {
    const all = asked.flatMap(({ differences }) => differences);
    expect(
      explained.filter(({ pattern }) => !all.some((one) => pattern.test(one))).map(({ line }) => line),
    ).toEqual([]);
  });
});

describe('explained differences', () => {
  it('are at most forty lines, each with its source, and stand in docs/simulator.md', () => {
    expect(explained.length).toBeLessThanOrEqual(40);
    for (const { line } of explained) {
      expect(line).toMatch(/BEHAVIOUR §\d|\b[A-Z]\w+ \d\d\b/);
      expect(documentation).toContain(`- ${line}`);
    }
  });
});
