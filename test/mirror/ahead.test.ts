// While one batch is written the next is read, decided and journalled: what that must not change.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { MirrorStore } from '../../src/model/mirror-store.ts';
import { eventText, type MirrorStage, openMirrorStage } from './stage.ts';

async function stageWith(count: number, lines: readonly string[] = []): Promise<MirrorStage> {
  const stage = await openMirrorStage({ categories: { exclude: ['private'] } });
  for (let n = 0; n < count; n += 1) await stage.put(stage.exchange, `e${n}.ics`, eventText(`e${n}`, lines));
  return stage;
}

function withPut({ exchange, nextcloud }: MirrorStage, put: MirrorStage['nextcloud']['calendar']['put']) {
  return { sides: { exchange: exchange.calendar, nextcloud: { ...nextcloud.calendar, put } } };
}

it('has the next batch journalled before the first one is written', async () => {
  const stage = await stageWith(5);
  const open: number[] = [];
  await stage.run({
    batchSize: 2,
    ...withPut(stage, async (request) => {
      for (let turns = 0; turns < 1000 && (await stage.store.intents('pair')).length < 4; turns += 1)
        await nextTurn();
      open.push((await stage.store.intents('pair')).length);
      return stage.nextcloud.calendar.put(request);
    }),
  });
  expect(open.slice(0, 2)).toEqual([4, 4]);
  expect(await stage.nextcloud.calendar.members()).toHaveLength(5);
  expect(await stage.store.intents('pair')).toEqual([]);
});

it('has ended with everything that it began, when it fails', async () => {
  const stage = await stageWith(6);
  let underWay = 0;
  const store: MirrorStore = {
    ...stage.store,
    async commit(pair, change) {
      underWay += 1;
      for (let turns = 0; turns < 20; turns += 1) await nextTurn();
      await stage.store.commit(pair, change);
      underWay -= 1;
    },
  };
  const failing = withPut(stage, () => Promise.reject(new TypeError('the cable was pulled')));
  await expect(stage.run({ batchSize: 2, store, ...failing })).rejects.toThrow('cable');
  expect(underWay).toBe(0);
  expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 6 });
});

it('journals nothing more once the brake has stopped it', async () => {
  const stage = await stageWith(24);
  await stage.run();
  // Eleven lose their copies, more than the brake lets go; the others are merely changed.
  for (let n = 0; n < 24; n += 1)
    await stage.put(
      stage.exchange,
      `e${n}.ics`,
      eventText(`e${n}`, [n < 11 ? 'CATEGORIES:private' : 'SUMMARY:Changed']),
    );
  expect((await stage.run({ batchSize: 12 })).stopped).toContain('would be removed');
  expect(await stage.store.intents('pair')).toEqual([]);
  expect(await stage.nextcloud.calendar.members()).toHaveLength(24);
});
