// A gateway before a simulated Exchange, both in this process, with every envelope between them checked.
import { expect } from 'vitest';
import { type Simulator, startSimulator, type SimulatorOptions } from '../../simulator/index.ts';
import { readConfig, startGateway } from '../../src/server/index.ts';
import { type EnvelopeCheck, openEnvelopeCheck } from '../simulator/envelopes.ts';

export interface Running {
  readonly url: string;
  readonly simulator: Simulator;
  readonly envelopes: EnvelopeCheck;
  stop(): Promise<void>;
}

export async function startBoth(
  options: Pick<SimulatorOptions, 'seed' | 'latencyMs'> & {
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
): Promise<Running> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: options.seed ?? 'none',
    latencyMs: options.latencyMs ?? 0,
    envelope: (direction, text) => envelopes.check(direction, text),
  });
  const gateway = await startGateway(
    readConfig({
      EXDAV_PORT: '0',
      EXDAV_LOG_LEVEL: process.env['EXDAV_TEST_LOG'] ?? 'silent',
      EXDAV_SECRET: 'only for this test run',
      ...options.settings,
      EXDAV_EWS_URL: simulator.url,
    }),
  );
  return {
    url: `http://127.0.0.1:${gateway.port}`,
    simulator,
    envelopes,
    async stop() {
      await gateway.close();
      await simulator.close();
      demandValid(envelopes, simulator);
    },
  };
}

export const alice = { address: 'alice@example.test', password: 'alice' } as const;

/** Every envelope was valid; where everything is demanded (CI), whatever was said was judged. */
export function demandValid(envelopes: EnvelopeCheck, simulator: Simulator): void {
  expect(envelopes.failures).toEqual([]);
  const calls = Object.values(simulator.calls()).reduce((sum, count) => sum + count, 0);
  if (process.env['CI'] !== undefined) expect(envelopes.count, envelopes.note).toBeGreaterThanOrEqual(calls);
}
