// One run after another between two mailboxes: what is on one side gets to the other, once.
import { describe, expect, it } from 'vitest';
import { eventText, openMirrorStage } from './stage.ts';

describe('runPair', () => {
  it('copies what is new, each way, and then rests', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('from-exchange'));
    await stage.put(stage.nextcloud, 'b.ics', eventText('from-nextcloud', ['SUMMARY:Another']));
    const first = await stage.run();
    expect(first.counts).toEqual({ 'created on nextcloud': 1, 'created on exchange': 1 });
    for (const side of [stage.exchange, stage.nextcloud])
      expect(Object.keys(await stage.texts(side)).sort()).toEqual(['from-exchange', 'from-nextcloud']);
    expect((await stage.run()).counts).toEqual({});
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it('carries a change and a deletion each way', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    await stage.put(stage.exchange, 'b.ics', eventText('b'));
    await stage.run();
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Changed']));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect((await stage.texts(stage.nextcloud))['a']).toContain('SUMMARY:Changed');
    const [there] = (await stage.nextcloud.calendar.members()).filter(({ href }) => href !== 'b.ics');
    await stage.put(stage.nextcloud, there?.href ?? '', eventText('a', ['SUMMARY:Back']));
    const back = await stage.run();
    expect(Object.keys(back.counts)).toHaveLength(1);
    stage.exchange.pass();
    await stage.exchange.calendar.remove('b.ics', {}, 'silent');
    expect((await stage.run()).counts).toEqual({ 'removed on nextcloud': 1 });
    expect(await stage.store.twins('pair')).toHaveLength(1);
  });

  it('adopts what is on both sides already', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('same'));
    await stage.put(stage.nextcloud, 'other-name.ics', eventText('same'));
    await stage.put(
      stage.exchange,
      'x.ics',
      eventText('uid-1', ['SUMMARY:Alike', 'DTSTART:20260611T090000Z', 'DTEND:20260611T100000Z']),
    );
    await stage.put(
      stage.nextcloud,
      'y.ics',
      eventText('uid-2', ['SUMMARY:Alike', 'DTSTART:20260611T090000Z', 'DTEND:20260611T100000Z']),
    );
    expect((await stage.run()).counts).toEqual({ tied: 2 });
    expect(Object.keys(await stage.texts(stage.nextcloud))).toHaveLength(2);
    await stage.put(
      stage.exchange,
      'x.ics',
      eventText('uid-1', ['SUMMARY:Alike!', 'DTSTART:20260611T090000Z', 'DTEND:20260611T100000Z']),
    );
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect((await stage.texts(stage.nextcloud))['uid-2']).toContain('Alike!');
  });

  it('keeps the text that lost a conflict', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    await stage.run();
    const [there] = await stage.nextcloud.calendar.members();
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Ours']));
    await stage.put(stage.nextcloud, there?.href ?? '', eventText('a', ['SUMMARY:Theirs']));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1, conflicts: 1 });
    expect((await stage.texts(stage.nextcloud))['a']).toContain('SUMMARY:Ours');
    const history = await stage.store.history('pair', { uid: 'a' });
    expect(history.at(-1)).toMatchObject({ action: 'lost-conflict' });
    expect(history.at(-1)?.before).toContain('SUMMARY:Theirs');
  });

  it('lets the newest win, but Exchange where the mirror meets an object for the first time', async () => {
    const stage = await openMirrorStage({ conflict: 'newest' });
    const later = async (name: string, summary: string): Promise<void> => {
      await stage.put(stage.exchange, 'a.ics', eventText('a', [`SUMMARY:${summary} in Exchange`]));
      stage.nextcloud.pass(3_600_000);
      await stage.put(stage.nextcloud, name, eventText('a', [`SUMMARY:${summary} in Nextcloud`]));
    };
    await later('b.ics', 'First');
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1, conflicts: 1 });
    await later('b.ics', 'Then');
    expect((await stage.run()).counts).toEqual({ 'updated on exchange': 1, conflicts: 1 });
    const lost = (await stage.store.history('pair', { uid: 'a' })).map(({ before }) => before ?? '');
    expect(lost[0]).toContain('First in Nextcloud');
    expect(lost[1]).toContain('Then in Exchange');
  });

  it('takes a run back, and leaves it so', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    await stage.run();
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Changed']));
    const { run } = await stage.run();
    expect(await stage.undo(run)).toEqual([{ uid: 'a', side: 'nextcloud', did: 'updated' }]);
    expect((await stage.texts(stage.nextcloud))['a']).toContain('SUMMARY:Meeting');
    expect((await stage.run({ scope: 'texts' })).counts).toEqual({ unchanged: 1 });
    await stage.put(stage.exchange, 'a.ics', eventText('a', ['SUMMARY:Once more']));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
  });

  it('brings back what a run removed', async () => {
    const stage = await openMirrorStage();
    await stage.put(stage.exchange, 'a.ics', eventText('a'));
    await stage.run();
    stage.exchange.pass();
    await stage.exchange.calendar.remove('a.ics', {}, 'silent');
    const { run } = await stage.run();
    expect(await stage.undo(run)).toEqual([{ uid: 'a', side: 'nextcloud', did: 'removed' }]);
    expect(Object.keys(await stage.texts(stage.nextcloud))).toEqual(['a']);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it('stops before it removes much', async () => {
    const stage = await openMirrorStage();
    for (let n = 0; n < 20; n += 1) await stage.put(stage.exchange, `e${n}.ics`, eventText(`e${n}`));
    await stage.run();
    stage.exchange.pass();
    for (let n = 0; n < 15; n += 1) await stage.exchange.calendar.remove(`e${n}.ics`, {}, 'silent');
    expect((await stage.run()).stopped).toContain('15 of 20');
    expect(Object.keys(await stage.texts(stage.nextcloud))).toHaveLength(20);
    expect((await stage.run({ isForced: true })).counts).toEqual({ 'removed on nextcloud': 15 });
  });
});
