// The call budgets of DESIGN §5 through the whole gateway, as `npm run bench -- --quick` measures them: calls only, never time.
import { expect, it } from 'vitest';
import { measureScenarios } from '../../bench/measure.ts';
import { scenarios } from '../../bench/scenarios.ts';

it('every kind of request keeps to its EWS calls', async () => {
  const rows = await measureScenarios({
    events: 1000,
    latencyMs: 0,
    warmUps: 1,
    runs: 2,
    only: /^/,
    isQuick: true,
  });
  expect(rows).toHaveLength(scenarios.length);
  expect(rows.filter(({ missed }) => missed.length > 0)).toEqual([]);
});
