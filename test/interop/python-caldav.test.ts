import { describe, expect, it } from 'vitest';
import { alice, startBoth } from './gateway.ts';
import { isInstalled, run, runWell } from './programs.ts';

const script = `${import.meta.dirname}/python-caldav.py`;

async function hasModule(name: string): Promise<boolean> {
  if (!isInstalled('python3')) return false;
  const { code } = await run('/usr/bin/python3', ['-c', `import ${name}`]);
  if (code !== 0 && process.env['CI'] !== undefined)
    throw new Error(`python3-${name} is not installed, and CI needs it`);
  return code === 0;
}

describe.skipIf(!(await hasModule('caldav')))("Debian's python3-caldav", () => {
  it('creates, reads, searches, changes and deletes, and no mail leaves', async () => {
    const both = await startBoth({ seed: 'small' });
    try {
      const { out } = await runWell('/usr/bin/python3', [script, both.url, alice.address, alice.password]);
      expect(out).toContain('ok');
      expect(both.simulator.sentMessages()).toEqual([]);
      expect(both.envelopes.failures).toEqual([]);
    } finally {
      await both.stop();
    }
  });
});
