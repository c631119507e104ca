// What a pair copies and what it keeps from travelling: window, categories, alarms, meetings of others, and mail.
import { afterEach, describe, expect, it } from 'vitest';
import type { PairRules } from '../../src/mirror/index.ts';
import { type CloudStage, type CloudStageOptions, openCloudStage } from './cloud-stage.ts';
import { eventText, plainRules } from './stage.ts';

const open: CloudStage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(rules: Partial<PairRules>, options: CloudStageOptions = {}): Promise<CloudStage> {
  const stage = await openCloudStage(rules, options);
  open.push(stage);
  return stage;
}

/** At nine, for an hour; the stage begins on 2026-06-01. */
function on(date: string, uid: string, more: readonly string[] = []): string {
  const summary = more.some((line) => line.startsWith('SUMMARY')) ? [] : [`SUMMARY:${uid}`];
  return eventText(uid, [`DTSTART:${date}T090000Z`, `DTEND:${date}T100000Z`, ...summary, ...more]);
}

async function uids(texts: Promise<Readonly<Record<string, string>>>): Promise<string[]> {
  return Object.keys(await texts).sort();
}

describe('a window', () => {
  const window = { window: { pastDays: 30, futureDays: 60 } } as const;

  it('lets in what takes place within, from either side', async () => {
    const stage = await stageWith(window);
    for (const to of [stage.toExchange, stage.toCloud]) {
      const side = to === stage.toExchange ? 'e' : 'n';
      await to(on('20260401', `${side}-long-past`));
      await to(on('20260520', `${side}-past`));
      await to(on('20260720', `${side}-soon`));
      await to(on('20260920', `${side}-later`));
    }
    expect((await stage.run()).counts).toEqual({
      'created on nextcloud': 2,
      'created on exchange': 2,
      'left-out': 4,
    });
    expect((await uids(stage.inCloud())).filter((uid) => uid.startsWith('e'))).toEqual(['e-past', 'e-soon']);
    expect((await uids(stage.inExchange())).filter((uid) => uid.startsWith('n'))).toEqual([
      'n-past',
      'n-soon',
    ]);
  });

  it('copies a series whole of which one instance lies within', async () => {
    const stage = await stageWith(window);
    await stage.toExchange(on('20250105', 'within', ['RRULE:FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=20']));
    await stage.toExchange(on('20250105', 'over', ['RRULE:FREQ=DAILY;COUNT=10']));
    await stage.toExchange(on('20250105', 'rare', ['RRULE:FREQ=YEARLY']));
    await stage.run();
    expect(await uids(stage.inCloud())).toEqual(['within']);
    expect((await stage.inCloud())['within']).toMatch(/DTSTART[^\n]*:2025/);
  });

  it('that moves on takes nothing away on either side', async () => {
    const stage = await stageWith(window);
    await stage.toExchange(on('20260610', 'a'));
    await stage.toCloud(on('20260611', 'b'));
    await stage.run();
    stage.passDays(90);
    expect((await stage.run()).counts).toEqual({});
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
    expect((await stage.run({ scope: 'texts' })).counts).toEqual({ unchanged: 2 });
    expect(await uids(stage.inCloud())).toEqual(['a', 'b']);
    expect(await uids(stage.inExchange())).toEqual(['a', 'b']);
    // What is there stays equal, wherever it lies by now.
    await stage.toExchange(on('20260610', 'a', ['SUMMARY:Minutes are done']));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    await stage.dropFromCloud('b');
    expect((await stage.run()).counts).toEqual({ 'removed on exchange': 1 });
  });

  it('carries an edit over that moves an object out, and does not take it for a deletion', async () => {
    const stage = await stageWith(window);
    await stage.toExchange(on('20260610', 'a'));
    await stage.toExchange(on('20260611', 'b'));
    await stage.run();
    await stage.toExchange(on('20270110', 'a'));
    await stage.toCloud(on('20270111', 'b'));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1, 'updated on exchange': 1 });
    expect((await stage.inCloud())['a']).toContain(':20270110T090000');
    expect((await stage.inExchange())['b']).toContain(':20270111T');
  });

  it('that comes to an object lets it in at the next complete comparison, without an edit', async () => {
    const stage = await stageWith(window);
    await stage.toExchange(on('20260920', 'a'));
    await stage.toCloud(on('20260921', 'b'));
    expect((await stage.run()).counts).toEqual({ 'left-out': 2 });
    stage.passDays(60);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({
      'created on nextcloud': 1,
      'created on exchange': 1,
    });
  });

  it('counts a task without a date as within', async () => {
    const stage = await stageWith(window, { kind: 'tasks' });
    const task = (uid: string, more: readonly string[]): string =>
      [
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:-//T//T//EN',
        'BEGIN:VTODO',
        `UID:${uid}`,
        'DTSTAMP:20260601T000000Z',
        'SUMMARY:To do',
        ...more,
        'END:VTODO',
        'END:VCALENDAR',
        '',
      ].join('\r\n');
    await stage.toExchange(task('dateless', []));
    await stage.toExchange(
      task('old', ['DUE;VALUE=DATE:20250101', 'STATUS:COMPLETED', 'COMPLETED:20250101T000000Z']),
    );
    await stage.run();
    expect(await uids(stage.inCloud())).toEqual(['dateless']);
  });
});

describe('categories', () => {
  it('are those wanted, in any case of letters, without those not wanted', async () => {
    const stage = await stageWith({ categories: { include: ['Team', 'Größe'], exclude: ['draft'] } });
    await stage.toExchange(eventText('team', ['CATEGORIES:TEAM,Other']));
    await stage.toExchange(eventText('draft', ['CATEGORIES:team,Draft']));
    await stage.toExchange(eventText('none'));
    await stage.toCloud(eventText('size', ['CATEGORIES:größe']));
    await stage.toCloud(eventText('own', ['CATEGORIES:Private']));
    expect((await stage.run()).counts).toEqual({
      'created on nextcloud': 1,
      'created on exchange': 1,
      'left-out': 3,
    });
    expect(await uids(stage.inCloud())).toEqual(['own', 'size', 'team']);
    expect(await uids(stage.inExchange())).toEqual(['draft', 'none', 'size', 'team']);
  });

  it('that are configured anew count for what was left out before, at the next repair', async () => {
    const stage = await stageWith({ categories: { include: ['team'] } });
    await stage.toExchange(eventText('a', ['CATEGORIES:team']));
    await stage.toExchange(eventText('b', ['CATEGORIES:other']));
    await stage.run();
    const wider = { ...plainRules, categories: { include: ['team', 'other'] } };
    expect((await stage.run({ rules: wider, scope: 'texts' })).counts).toEqual({
      unchanged: 1,
      'created on nextcloud': 1,
    });
  });

  it('that an object loses take away only what the mirror made, and give it back with the category', async () => {
    const stage = await stageWith({ categories: { include: ['team'] } });
    await stage.toExchange(eventText('made', ['CATEGORIES:team']));
    await stage.toExchange(eventText('both', ['CATEGORIES:team']));
    await stage.toCloud(eventText('both', ['CATEGORIES:team']));
    await stage.run();
    await stage.toExchange(eventText('made', ['SUMMARY:Mine again']));
    await stage.toExchange(eventText('both', ['SUMMARY:Mine again']));
    expect((await stage.run()).counts).toEqual({ 'removed on nextcloud': 1, 'left-out': 1 });
    expect(await uids(stage.inCloud())).toEqual(['both']);
    expect(await uids(stage.inExchange())).toEqual(['both', 'made']);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
    await stage.toExchange(eventText('made', ['CATEGORIES:team']));
    expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 1 });
    // Removed by the mirror, it is no deletion that comes back.
    expect(await uids(stage.inExchange())).toEqual(['both', 'made']);
  });
});

describe('alarms that do not travel', () => {
  const alarm = (minutes: number) => [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'DESCRIPTION:Soon',
    `TRIGGER:-PT${minutes}M`,
    'END:VALARM',
  ];
  const triggers = (text = ''): string[] =>
    [...text.matchAll(/^TRIGGER[^:]*:(.*)$/gm)].map(([, value = '']) => value.trim());

  it('are kept on each side when the other is edited', async () => {
    const stage = await stageWith({ alarms: 'drop' });
    await stage.toExchange(eventText('a', alarm(15)));
    await stage.run();
    expect(triggers((await stage.inCloud())['a'])).toEqual([]);
    await stage.toCloud(eventText('a', ['SUMMARY:Edited there', ...alarm(60), ...alarm(5)]));
    expect((await stage.run()).counts).toEqual({ 'updated on exchange': 1 });
    const here = (await stage.inExchange())['a'] ?? '';
    expect(here).toContain('SUMMARY:Edited there');
    expect(triggers(here)).toEqual(['-PT15M']);
    await stage.toExchange(here.replace('Edited there', 'Edited here'));
    await stage.run();
    const there = (await stage.inCloud())['a'];
    expect(there).toContain('SUMMARY:Edited here');
    expect(triggers(there)).toEqual(['-PT60M', '-PT5M']);
  });

  it('are no reason to write when only they changed', async () => {
    const stage = await stageWith({ alarms: 'drop' });
    await stage.toExchange(eventText('a', alarm(15)));
    await stage.run();
    await stage.toCloud(
      ((await stage.inCloud())['a'] ?? '').replace('END:VEVENT', [...alarm(30), 'END:VEVENT'].join('\r\n')),
    );
    expect(await stage.writesOf(() => stage.run())).toEqual([]);
    expect(triggers((await stage.inExchange())['a'])).toEqual(['-PT15M']);
  });

  it('are those of the series in an occurrence that is new', async () => {
    const stage = await stageWith({ alarms: 'drop' });
    const series = eventText('a', ['RRULE:FREQ=DAILY;COUNT=5', ...alarm(15)]);
    await stage.toExchange(series);
    await stage.run();
    const override = [
      'BEGIN:VEVENT',
      'UID:a',
      'DTSTAMP:20260601T000000Z',
      'RECURRENCE-ID:20260611T090000Z',
      'DTSTART:20260611T110000Z',
      'DTEND:20260611T120000Z',
      'SUMMARY:Later',
      'END:VEVENT',
      'END:VCALENDAR',
    ];
    await stage.toCloud(((await stage.inCloud())['a'] ?? '').replace('END:VCALENDAR', override.join('\r\n')));
    await stage.run();
    expect(triggers((await stage.inExchange())['a'])).toEqual(['-PT15M', '-PT15M']);
  });

  it('travel when they are kept', async () => {
    const stage = await stageWith({ alarms: 'keep' });
    await stage.toExchange(eventText('a', alarm(15)));
    await stage.run();
    expect(triggers((await stage.inCloud())['a'])).toEqual(['-PT15M']);
  });
});

describe('meetings', () => {
  const meeting = (uid: string, organizer: string): string =>
    eventText(uid, [
      `ORGANIZER:mailto:${organizer}`,
      'ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test',
      'ATTENDEE:mailto:guest@example.org',
    ]);

  it('that somebody else organises are not written into Exchange', async () => {
    const stage = await stageWith({});
    await stage.toCloud(meeting('foreign', 'boss@example.org'));
    await stage.toCloud(meeting('own', 'alice@example.test'));
    expect((await stage.run()).counts).toEqual({ 'created on exchange': 1, 'left-out': 1 });
    expect(stage.events).toContainEqual(
      expect.objectContaining({ uid: 'foreign', reason: 'foreign-meeting' }),
    );
    expect(await uids(stage.inExchange())).toEqual(['own']);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it("are the owner's own under each of his addresses, which are asked for only then", async () => {
    const stage = await stageWith({});
    stage.exchange.outside.alias('anna.maria@example.test');
    await stage.toCloud(meeting('own', 'alice@example.test'));
    expect((await stage.exchange.callsOf(() => stage.run()))['addresses']).toBeUndefined();
    await stage.toCloud(meeting('alias', 'Anna.Maria@example.test'));
    await stage.toCloud(meeting('foreign', 'boss@example.org'));
    expect((await stage.run()).counts).toEqual({ 'created on exchange': 1, 'left-out': 1 });
    expect(await uids(stage.inExchange())).toEqual(['alias', 'own']);
  });

  it.each(['24.0.12', '32.0.2', '33.0.3', '35.0.0'] as const)(
    'mail nobody when they are made, changed and deleted in Nextcloud %s',
    async (version) => {
      const stage = await stageWith({}, { version });
      await stage.toExchange(meeting('a', 'alice@example.test'));
      await stage.toExchange(meeting('b', 'boss@example.org'));
      await stage.run();
      expect(await uids(stage.inCloud())).toEqual(['a', 'b']);
      await stage.toExchange(meeting('a', 'alice@example.test').replace('SUMMARY:Meeting', 'SUMMARY:Moved'));
      expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
      expect((await stage.run({ scope: 'texts' })).counts).toEqual({ unchanged: 2 });
      stage.exchange.pass();
      for (const { href } of await stage.exchange.calendar.members())
        await stage.exchange.calendar.remove(href, {}, 'silent');
      expect((await stage.run({ isForced: true })).counts).toEqual({ 'removed on nextcloud': 2 });
      expect(stage.cloud.double.world.mails).toEqual([]);
    },
  );
});
