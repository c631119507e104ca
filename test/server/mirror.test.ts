// The whole mirror: simulated Exchange on one side, a double of Nextcloud on the other.
import { expect, it } from 'vitest';
import { openServiceStage } from './mirror-service.ts';

it('the mirror copies a seeded calendar, and asks each side once when nothing changed', async () => {
  const { simulator, asked, events, run, close } = await openServiceStage(`
  - name: alice
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Exchange }`);
  try {
    const first = await run('alice');
    if (first.kind === 'failed') throw first.error;
    expect(first.report.counts).toEqual({ 'created on nextcloud': 300 });
    expect(events.filter((event) => event.kind === 'object' && event.action !== 'created')).toEqual([]);
    expect(await run('alice')).toMatchObject({ report: { counts: {} } });
    asked.length = 0;
    expect(await run('alice')).toMatchObject({ report: { counts: {} } });
    expect(asked.toSorted()).toEqual(['exchange', 'nextcloud']);
    expect(simulator.sentMessages()).toEqual([]);
  } finally {
    await close();
  }
});
