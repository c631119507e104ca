// An undo that is killed at any of its steps: the next run carries nothing of it to the other side.
import { describe, expect, it } from 'vitest';
import { Killed } from './faulty.ts';
import { eventText, openMirrorStage, type MirrorStage } from './stage.ts';

/** What the run to be undone did on the side of Nextcloud; its number. */
const runs = {
  async created(stage: MirrorStage) {
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    return stage.run();
  },
  async updated(stage: MirrorStage) {
    await runs.created(stage);
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Newer']));
    return stage.run();
  },
};
const places = ['store', 'nextcloud'] as const;
const kills = places.flatMap((place) => [0, 1, 2, 3].map((steps) => ({ place, steps })));

describe.each(Object.entries(runs))('an undo of what was %s, killed', (_, prepare) => {
  it.each(kills)('after $steps steps of $place', async ({ place, steps }) => {
    const stage = await openMirrorStage();
    const { run } = await prepare(stage);
    const before = await stage.texts(stage.exchange);
    stage.faults[place].killIn = steps;
    await stage.undo(run).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    stage.faults[place].killIn = undefined;
    await stage.run({ scope: 'everything' });
    await stage.run({ scope: 'everything' });
    expect(await stage.texts(stage.exchange)).toEqual(before);
  });
});

it('an undo that is refused leaves what is known as it was', async () => {
  const stage = await openMirrorStage();
  const { run } = await runs.created(stage);
  stage.faults.nextcloud.next.push('refused');
  expect(await stage.undo(run)).toMatchObject([{ uid: 'a', left: 'refused for once' }]);
  await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Newer']));
  expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
});
