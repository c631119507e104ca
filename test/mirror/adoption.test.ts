// The first run over data that both sides have already: joined, never doubled, and told by what.
import { afterEach, describe, expect, it } from 'vitest';
import { event } from '../memory-backend/items.ts';
import { type CloudStage, type CloudStageOptions, openCloudStage } from './cloud-stage.ts';
import { eventText } from './stage.ts';

const open: CloudStage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(options: CloudStageOptions = {}): Promise<CloudStage> {
  const stage = await openCloudStage({}, options);
  open.push(stage);
  return stage;
}

const at = (time: string) => ({ kind: 'zoned', local: `2026-06-10T${time}`, zone: 'UTC' }) as const;
const meeting = { subject: 'Meeting', start: at('09:00:00'), end: at('10:00:00') };

/** What a run tells of what it joined. */
function told(stage: CloudStage): readonly string[] {
  return stage.events.flatMap((each) =>
    each.kind === 'object' ? [`${each.action} ${each.uid}: ${each.message}`] : [],
  );
}

async function counts(stage: CloudStage): Promise<readonly number[]> {
  return [Object.keys(await stage.inExchange()).length, Object.keys(await stage.inCloud()).length];
}

describe('an object that is on both sides already', () => {
  it('is known by its UID', async () => {
    const stage = await stageWith();
    stage.exchange.outside.create('calendar', event({ ...meeting, uid: 'same' }));
    await stage.toCloud(eventText('same'));
    await stage.run();
    expect(told(stage)).toEqual(['tied same: joined by its UID']);
    expect(await counts(stage)).toEqual([1, 1]);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it('is known by the UID in our own tag, which the item itself has not', async () => {
    const stage = await stageWith({ kind: 'tasks' });
    const task = (summary: string): string =>
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\nBEGIN:VTODO\r\nUID:from-a-client\r\nDTSTAMP:20260601T000000Z\r\nSUMMARY:${summary}\r\nEND:VTODO\r\nEND:VCALENDAR\r\n`;
    await stage.toExchange(task('Pay'));
    await stage.toCloud(task('Pay'));
    await stage.run();
    expect(told(stage)).toEqual(['tied from-a-client: joined by its UID']);
    expect(await counts(stage)).toEqual([1, 1]);
  });

  it('is known by its UID and mark where ews-caldav-sync copied it', async () => {
    const stage = await stageWith();
    stage.exchange.outside.create('calendar', event({ ...meeting, uid: 'copied' }));
    await stage.toCloud(eventText('copied', ['X-EWSSYNC-ITEMID:AAMkAD=', 'SUMMARY:As it was then']));
    await stage.run();
    expect(told(stage)).toEqual(['updated copied: joined by its UID and X-EWSSYNC-ITEMID']);
    expect(await counts(stage)).toEqual([1, 1]);
  });

  it("is known by the UUID that Nextcloud's EWS connector makes of Exchange's own UID", async () => {
    const stage = await stageWith();
    const uid =
      '040000008200E00074C5B7101A82E00800000000B7CA7D517BECD40100000000000000001000000011E38F935AD4FF41BDAB12A2F3E15103';
    stage.exchange.outside.create('calendar', event({ ...meeting, uid }));
    await stage.toCloud(eventText('11E38F93-5AD4-FF41-BDAB-12A2F3E15103', ['SUMMARY:Edited since']));
    await stage.run();
    expect(told(stage)).toEqual([
      expect.stringMatching(/^updated 04.*: joined by its UID with 11E38F93-5AD4-FF41-BDAB-12A2F3E15103$/),
    ]);
    expect(await counts(stage)).toEqual([1, 1]);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it('is known by start, end and summary where nothing else helps, if only one looks like it', async () => {
    const stage = await stageWith();
    stage.exchange.outside.create('calendar', event({ ...meeting, uid: 'here' }));
    await stage.toCloud(
      eventText('there', [
        'DTSTART;TZID=Europe/Vienna:20260610T110000',
        'DTEND;TZID=Europe/Vienna:20260610T120000',
        'SUMMARY:meeting ',
      ]),
    );
    await stage.run();
    expect(told(stage)).toEqual(['tied here: joined by its content with there']);
    expect(await counts(stage)).toEqual([1, 1]);

    const twice = await stageWith();
    twice.exchange.outside.create('calendar', event({ ...meeting, uid: 'here' }));
    await twice.toCloud(eventText('one'));
    await twice.toCloud(eventText('two'));
    await twice.run();
    expect(told(twice)).toEqual(
      expect.arrayContaining(['created here: undefined', 'created one: undefined']),
    );
    expect(await counts(twice)).toEqual([3, 3]);
  });

  it('is not taken for another one of the same UID elsewhere that only looks alike', async () => {
    const stage = await stageWith();
    stage.exchange.outside.create('calendar', event({ ...meeting, uid: 'a' }));
    stage.exchange.outside.create('calendar', event({ ...meeting, uid: 'b' }));
    await stage.toCloud(eventText('b'));
    await stage.run();
    expect(told(stage)).toEqual(
      expect.arrayContaining(['tied b: joined by its UID', 'created a: undefined']),
    );
    expect(await counts(stage)).toEqual([2, 2]);
  });
});
