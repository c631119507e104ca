// exchangelib does create, read, update, delete of events, series, contacts and tasks, sync and notifications.
import { expect, test } from 'vitest';
import { python, runExchangelib } from './run.ts';

test.skipIf(python === undefined).each(['basic', 'NTLM'] as const)(
  'exchangelib over %s (needs Debian’s python3-exchangelib)',
  { timeout: 180_000 },
  async (auth) => {
    const { passed, failed, output, envelopes, sent } = await runExchangelib(auth);
    expect(failed, output).toEqual([]);
    expect(passed.length, output).toBeGreaterThan(15);
    const invalid = envelopes.failures.map(
      ({ direction, complaints }) => `${direction}: ${complaints.join(' ')}`,
    );
    // It begins with a version no schema knows, and steps down.
    expect(
      invalid.filter((complaint) => !/^request: .*RequestServerVersion.*'Exchange2019'/.test(complaint)),
    ).toEqual([]);
    if (envelopes.isJudging) expect(envelopes.count).toBeGreaterThan(100);
    expect(sent).toBe(0);
  },
);
