// Address books and task lists: both ways, equal afterwards, and then at rest.
import { afterEach, describe, expect, it } from 'vitest';
import type { PairRules } from '../../src/mirror/index.ts';
import { factsOfText } from '../../src/translate/index.ts';
import { type CloudStage, type CloudStageOptions, openCloudStage } from './cloud-stage.ts';

const open: CloudStage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(
  kind: CloudStageOptions['kind'],
  rules: Partial<PairRules> = {},
): Promise<CloudStage> {
  const stage = await openCloudStage(rules, { kind });
  open.push(stage);
  return stage;
}

/** Nothing is written on either side, whatever is compared. */
async function expectRest(stage: CloudStage): Promise<void> {
  expect(await stage.writesOf(() => stage.run())).toEqual([]);
  expect(await stage.writesOf(() => stage.run({ scope: 'everything' }))).toEqual([]);
  expect(await stage.writesOf(() => stage.run({ scope: 'texts' }))).toEqual([]);
}

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function card(uid: string, lines: readonly string[], version = '3.0'): string {
  return ['BEGIN:VCARD', `VERSION:${version}`, `UID:${uid}`, ...lines, 'END:VCARD', ''].join('\r\n');
}

const ada = [
  'FN:Ada Lovelace',
  'N:Lovelace;Ada;;;',
  'EMAIL;TYPE=WORK:ada@example.org',
  'TEL;TYPE=CELL:+44 20 1234567',
  'ORG:Analytical Engines;Research',
  'BDAY:1815-12-10',
  'NOTE:First line\\nand second',
  'CATEGORIES:Friends',
];

describe('an address book', () => {
  it('is equal on both sides after a run, and at rest after the next', async () => {
    const stage = await stageWith('contacts');
    await stage.toExchange(card('ada', [...ada, `PHOTO;ENCODING=b;TYPE=PNG:${png}`]));
    await stage.toCloud(
      card('charles', ['FN:Charles Babbage', 'N:Babbage;Charles;;;', 'EMAIL:charles@example.org']),
    );
    // As Nextcloud's own page writes.
    await stage.toCloud(
      card(
        'grace',
        [
          'FN:Grace Hopper',
          'N:Hopper;Grace;;;',
          'ANNIVERSARY:19300615',
          'GENDER:F',
          `PHOTO:data:image/png;base64,${png}`,
        ],
        '4.0',
      ),
    );
    expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 1, 'created on exchange': 2 });
    const [here, there] = [await stage.inExchange(), await stage.inCloud()];
    expect(Object.keys(here).sort()).toEqual(['ada', 'charles', 'grace']);
    expect(there['ada']).toContain(png);
    expect(here['grace']).toContain(png);
    for (const [uid, text] of Object.entries(here))
      expect(factsOfText(there[uid] ?? '', 'contacts').fingerprint, uid).toBe(
        factsOfText(text, 'contacts').fingerprint,
      );
    await expectRest(stage);
  });

  it('carries edits and deletions each way, and loses nothing that one side alone understands', async () => {
    const stage = await stageWith('contacts');
    await stage.toExchange(card('ada', [...ada, `PHOTO;ENCODING=b;TYPE=PNG:${png}`]));
    await stage.toCloud(
      card(
        'grace',
        [
          'FN:Grace Hopper',
          'N:Hopper;Grace;;;',
          'GENDER:F',
          'X-SOCIALPROFILE;TYPE=x:https://example.org/grace',
        ],
        '4.0',
      ),
    );
    await stage.run();
    await stage.toExchange(
      card(
        'grace',
        [
          'FN:Grace Hopper',
          'N:Hopper;Grace;;;',
          'TITLE:Rear admiral',
          'GENDER:F',
          'X-SOCIALPROFILE;TYPE=x:https://example.org/grace',
        ],
        '4.0',
      ),
    );
    await stage.toCloud(card('ada', [...ada, 'TITLE:Countess', `PHOTO:data:image/png;base64,${png}`], '4.0'));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1, 'updated on exchange': 1 });
    const grace = stage.cloud.alice.collections
      .flatMap(({ rows }) => rows)
      .find(({ uid }) => uid === 'grace')?.text;
    expect(grace).toContain('TITLE:Rear admiral');
    // Stored as 4.0 still: Nextcloud's 3.0 of it has no such line.
    expect(grace).toContain('VERSION:4.0');
    expect(grace).toContain('GENDER:F');
    expect((await stage.inExchange())['ada']).toContain('TITLE:Countess');
    expect((await stage.inExchange())['ada']).toContain(png);
    await expectRest(stage);
    await stage.dropFromCloud('ada');
    expect((await stage.run()).counts).toEqual({ 'removed on exchange': 1 });
    expect(Object.keys(await stage.inExchange())).toEqual(['grace']);
    await expectRest(stage);
  });

  it('adopts what is on both sides, however each writes it', async () => {
    const stage = await stageWith('contacts');
    await stage.toExchange(card('ada', ada));
    await stage.toCloud(
      card(
        'ada',
        [
          'N:Lovelace;Ada',
          'FN:Ada Lovelace',
          'TEL;VALUE=uri;TYPE=cell:tel:+44 20 1234567',
          'EMAIL:ADA@example.org',
          'ORG:Analytical Engines;Research;',
          'BDAY:18151210',
          'NOTE:First line\\nand second',
          'CATEGORIES:Friends',
        ],
        '4.0',
      ),
    );
    await stage.toExchange(
      card('of-exchange', ['FN:Alan Turing', 'N:Turing;Alan;;;', 'EMAIL:alan@example.org']),
    );
    await stage.toCloud(
      card('of-nextcloud', ['FN:Alan Turing', 'N:Turing;Alan;;;', 'EMAIL:alan@example.org']),
    );
    expect((await stage.run()).counts).toEqual({ tied: 2 });
    expect(Object.keys(await stage.inCloud())).toHaveLength(2);
    await expectRest(stage);
  });

  it('has its groups, with the people they name, in Exchange as lists', async () => {
    const stage = await stageWith('contacts');
    const group = (members: readonly string[]): string =>
      card(
        'team',
        ['KIND:group', 'FN:The team', 'N:The team;;;;', ...members.map((uid) => `MEMBER:urn:uuid:${uid}`)],
        '4.0',
      );
    const person = (uid: string): string =>
      card(uid, [`FN:${uid}`, `N:${uid};;;;`, `EMAIL:${uid}@example.org`]);
    // The group comes first in every listing, and its people are as new as itself.
    await stage.toCloud(group(['p1', 'p2']));
    await stage.toCloud(person('p1'));
    await stage.toCloud(person('p2'));
    await stage.run();
    const listed = (): readonly string[] => {
      const items = stage.exchange.outside.items('contacts').map(({ item }) => item);
      return items
        .flatMap((item) => (item.kind === 'group' ? item.members.flatMap((each) => each.address ?? []) : []))
        .sort();
    };
    expect(listed()).toEqual(['p1@example.org', 'p2@example.org']);
    await expectRest(stage);
    await stage.toCloud(group(['p1', 'p2', 'p3']));
    await stage.toCloud(person('p3'));
    await stage.run();
    expect(listed()).toEqual(['p1@example.org', 'p2@example.org', 'p3@example.org']);
    await expectRest(stage);
    const here = (await stage.inExchange())['team'] ?? '';
    await stage.toExchange(here.replace('FN:The team', 'FN:Our team'));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect((await stage.inCloud())['team']).toContain('FN:Our team');
    await expectRest(stage);
  });
});

describe('a task list', () => {
  const task = (uid: string, lines: readonly string[]): string =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//T//T//EN',
      'BEGIN:VTODO',
      `UID:${uid}`,
      'DTSTAMP:20260601T000000Z',
      ...lines,
      'END:VTODO',
      'END:VCALENDAR',
      '',
    ].join('\r\n');

  it('is equal on both sides after a run, and at rest after the next', async () => {
    const stage = await stageWith('tasks');
    await stage.toExchange(
      task('a', [
        'SUMMARY:Pay',
        'DUE;VALUE=DATE:20260610',
        'PRIORITY:1',
        'STATUS:IN-PROCESS',
        'PERCENT-COMPLETE:40',
        'CATEGORIES:Money',
      ]),
    );
    await stage.toExchange(
      task('series', [
        'SUMMARY:Water the flowers',
        'DTSTART;VALUE=DATE:20260601',
        'DUE;VALUE=DATE:20260601',
        'RRULE:FREQ=WEEKLY',
      ]),
    );
    // As Nextcloud's Tasks writes.
    await stage.toCloud(
      task('b', [
        'CREATED:20260601T000000',
        'LAST-MODIFIED:20260601T000000',
        'SUMMARY:Call',
        'X-OC-HIDESUBTASKS:0',
        'RELATED-TO:a',
        'PINNED:true',
        'X-PINNED:true',
      ]),
    );
    expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 2, 'created on exchange': 1 });
    await expectRest(stage);
    await stage.toCloud(
      task('a', [
        'SUMMARY:Pay',
        'DUE;VALUE=DATE:20260610',
        'PRIORITY:1',
        'STATUS:COMPLETED',
        'PERCENT-COMPLETE:100',
        'COMPLETED:20260605T100000Z',
        'CATEGORIES:Money',
      ]),
    );
    expect((await stage.run()).counts).toEqual({ 'updated on exchange': 1 });
    expect((await stage.inExchange())['a']).toContain('STATUS:COMPLETED');
    await expectRest(stage);
    const here = (await stage.inExchange())['b'] ?? '';
    expect(here).toContain('RELATED-TO:a');
    await stage.toExchange(here.replace('SUMMARY:Call', 'SUMMARY:Call back'));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect((await stage.inCloud())['b']).toContain('RELATED-TO:a');
    await expectRest(stage);
    await stage.dropFromCloud('a');
    expect((await stage.run()).counts).toEqual({ 'removed on exchange': 1 });
  });

  it('adopts what is on both sides, however each writes it', async () => {
    const stage = await stageWith('tasks');
    await stage.toExchange(task('a', ['SUMMARY:Pay', 'DUE;VALUE=DATE:20260610']));
    await stage.toCloud(
      task('a', ['DUE;VALUE=DATE:20260610', 'SUMMARY:Pay ', 'PERCENT-COMPLETE:0', 'CLASS:PUBLIC']),
    );
    expect((await stage.run()).counts).toEqual({ tied: 1 });
    await expectRest(stage);
  });
});
