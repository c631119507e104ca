// What is not for everybody: busy blocks tell when, and that is all; what is left out does not appear at all.
import { afterEach, describe, expect, it } from 'vitest';
import type { PairRules } from '../../src/mirror/index.ts';
import { type CloudStage, type CloudStageOptions, openCloudStage } from './cloud-stage.ts';
import { eventText } from './stage.ts';

const open: CloudStage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(rules: Partial<PairRules>, options: CloudStageOptions = {}): Promise<CloudStage> {
  const stage = await openCloudStage(rules, options);
  open.push(stage);
  return stage;
}

const secret = 'doctor';

/** Says the word in every place where a text can. */
function tellingText(uid: string, kind = 'CLASS:PRIVATE'): string {
  const text = eventText(uid, [
    kind,
    `SUMMARY:The ${secret}`,
    `DESCRIPTION:Bring the papers to the ${secret}`,
    `X-ALT-DESC;FMTTYPE=text/html:<p>${secret}</p>`,
    `LOCATION:At the ${secret}`,
    `CATEGORIES:${secret}`,
    `COMMENT:${secret}`,
    `CONTACT:${secret}`,
    `RESOURCES:${secret}`,
    `URL:https://${secret}.example.org/`,
    `CONFERENCE;VALUE=URI:https://meet.example.org/${secret}`,
    `ATTACH:https://${secret}.example.org/map.pdf`,
    `ATTACH;FILENAME=${secret}.txt;ENCODING=BASE64;VALUE=BINARY:${Buffer.from(secret).toString('base64')}`,
    `ORGANIZER;CN=${secret}:mailto:alice@example.test`,
    `ATTENDEE;CN=${secret};PARTSTAT=ACCEPTED:mailto:alice@example.test`,
    `ATTENDEE;CN=The ${secret}:mailto:${secret}@example.org`,
    `X-NOTE-OF-MINE:${secret}`,
    'TRANSP:OPAQUE',
    'RRULE:FREQ=DAILY;COUNT=5',
    'EXDATE:20260613T090000Z',
  ]);
  const telling = ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${secret}`, 'TRIGGER:-PT15M', 'END:VALARM'];
  const override = [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260601T000000Z',
    'RECURRENCE-ID:20260611T090000Z',
    'DTSTART:20260611T110000Z',
    'DTEND:20260611T120000Z',
    `SUMMARY:Another ${secret}`,
    `LOCATION:${secret}`,
    ...telling,
    'END:VEVENT',
  ];
  return text.replace('END:VEVENT', [...telling, 'END:VEVENT', ...override].join('\r\n'));
}

/** The secret anywhere, also where lines are folded, encoded or of another case. */
function tells(stage: CloudStage): boolean {
  const rows = stage.cloud.alice.collections.flatMap(({ rows: all }) => all.map(({ text }) => text));
  const everything = rows
    .join('')
    .replaceAll(/\r?\n[ \t]/g, '')
    .toLowerCase();
  return (
    everything.includes(secret) || everything.includes(Buffer.from(secret).toString('base64').toLowerCase())
  );
}

const busy = (who: 'sensitive' | 'all') =>
  ({ direction: 'to-nextcloud', privacy: { kind: 'busy-only', who, title: 'Busy' } }) as const;

describe('busy blocks', () => {
  it('say when, and nothing else, in any place of a text', async () => {
    const stage = await stageWith(busy('sensitive'));
    await stage.toExchange(tellingText('a'));
    // The words are in Exchange; otherwise this test proves nothing.
    expect((await stage.inExchange())['a']).toContain(secret);
    await stage.run();
    const text = (await stage.inCloud())['a'] ?? '';
    expect(tells(stage)).toBe(false);
    expect(text.match(/^SUMMARY.*$/gm)).toEqual(['SUMMARY:Busy', 'SUMMARY:Busy']);
    expect(text).toMatch(/DTSTART[^\r]*:20260610T/);
    expect(text).toContain('RRULE:FREQ=DAILY');
    expect(text).toMatch(/EXDATE[^\r]*:20260613T/);
    expect(text).toMatch(/RECURRENCE-ID[^\r]*:20260611T/);
    const names = new Set([...text.matchAll(/^([A-Z-]+)/gm)].map(([, name]) => name));
    for (const name of names)
      expect([
        'BEGIN',
        'END',
        'VERSION',
        'PRODID',
        'CALSCALE',
        'UID',
        'DTSTAMP',
        'DTSTART',
        'DTEND',
        'DURATION',
        'RRULE',
        'EXDATE',
        'RECURRENCE-ID',
        'TRANSP',
        'STATUS',
        'SUMMARY',
        'X-MICROSOFT-CDO-BUSYSTATUS',
        'TZID',
        'TZOFFSETFROM',
        'TZOFFSETTO',
      ]).toContain(name);
    expect((await stage.run()).counts).toEqual({});
    expect((await stage.run({ scope: 'texts' })).counts).toEqual({ unchanged: 1 });
  });

  it('are of private and confidential objects only, or of all', async () => {
    const sensitive = await stageWith(busy('sensitive'));
    const all = await stageWith(busy('all'));
    for (const stage of [sensitive, all]) {
      await stage.toExchange(eventText('open', ['SUMMARY:For everybody']));
      await stage.toExchange(tellingText('confidential', 'CLASS:CONFIDENTIAL'));
      await stage.run();
      expect(tells(stage)).toBe(false);
    }
    expect((await sensitive.inCloud())['open']).toContain('SUMMARY:For everybody');
    expect((await all.inCloud())['open']).toContain('SUMMARY:Busy');
  });

  it('keep the busy status', async () => {
    const stage = await stageWith(busy('all'));
    await stage.toExchange(eventText('free', ['TRANSP:TRANSPARENT']));
    await stage.toExchange(eventText('tentative', ['X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE']));
    await stage.run();
    const texts = await stage.inCloud();
    expect(texts['free']).toContain('TRANSP:TRANSPARENT');
    expect(texts['tentative']).toContain('X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE');
  });

  it('take the place of a copy whose object turns private, and of one that stood there before the first run', async () => {
    const stage = await stageWith(busy('sensitive'));
    await stage.toExchange(tellingText('turned', 'CLASS:PUBLIC'));
    await stage.run();
    expect(tells(stage)).toBe(true);
    await stage.toExchange(tellingText('turned'));
    expect((await stage.run()).counts).toEqual({ 'updated on nextcloud': 1 });
    expect(tells(stage)).toBe(false);

    const adopting = await stageWith(busy('sensitive'));
    await adopting.toExchange(tellingText('a'));
    await adopting.toCloud((await adopting.inExchange())['a'] ?? '');
    expect(tells(adopting)).toBe(true);
    await adopting.run();
    expect(tells(adopting)).toBe(false);
  });

  it('are put right when somebody writes into them', async () => {
    const stage = await stageWith(busy('all'));
    await stage.toExchange(tellingText('a'));
    await stage.run();
    await stage.toCloud(((await stage.inCloud())['a'] ?? '').replaceAll('SUMMARY:Busy', 'SUMMARY:I know'));
    await stage.run();
    expect((await stage.inCloud())['a']).not.toContain('I know');
    expect((await stage.inExchange())['a']).toContain(secret);
  });

  it('go into Exchange too', async () => {
    const stage = await stageWith({ ...busy('sensitive'), direction: 'to-exchange' });
    await stage.toCloud(tellingText('a').replaceAll(/^(ORGANIZER|ATTENDEE).*\r\n/gm, ''));
    await stage.run();
    const text = (await stage.inExchange())['a'] ?? '';
    expect(text).toContain('SUMMARY:Busy');
    expect(text).not.toContain(secret);
  });

  it('hide a series of which one occurrence only is private', async () => {
    const stage = await stageWith(busy('sensitive'));
    const text = tellingText('a', 'CLASS:PUBLIC').replace(
      'RECURRENCE-ID:20260611T090000Z',
      'RECURRENCE-ID:20260611T090000Z\r\nCLASS:PRIVATE',
    );
    await stage.toExchange(text);
    expect((await stage.inExchange())['a']).toContain('CLASS:PRIVATE');
    await stage.run();
    expect(tells(stage)).toBe(false);
  });
});

describe('leaving out', () => {
  const leaveOut = { privacy: { kind: 'leave-out' } } as const;

  it('copies nothing that is private, either way', async () => {
    const stage = await stageWith(leaveOut);
    await stage.toExchange(tellingText('a'));
    await stage.toCloud(eventText('b', ['CLASS:CONFIDENTIAL']));
    // A word nobody knows counts as PRIVATE.
    await stage.toCloud(eventText('c', ['CLASS:X-FAMILY']));
    expect((await stage.run()).counts).toEqual({ 'left-out': 3 });
    expect(Object.keys(await stage.inCloud()).sort()).toEqual(['b', 'c']);
    expect(Object.keys(await stage.inExchange())).toEqual(['a']);
    expect((await stage.run({ scope: 'everything' })).counts).toEqual({});
  });

  it('takes away the copy that it made when the object turns private, and nothing that was there before', async () => {
    const stage = await stageWith(leaveOut);
    await stage.toExchange(eventText('made'));
    await stage.toExchange(eventText('both'));
    await stage.toCloud(eventText('both'));
    await stage.run();
    for (const uid of ['made', 'both'])
      await stage.toExchange(eventText(uid, ['CLASS:PRIVATE', 'SUMMARY:Now private']));
    expect((await stage.run()).counts).toEqual({ 'removed on nextcloud': 1, 'left-out': 1 });
    expect(Object.keys(await stage.inCloud())).toEqual(['both']);
    expect((await stage.inCloud())['both']).not.toContain('Now private');
    expect(Object.keys(await stage.inExchange()).sort()).toEqual(['both', 'made']);
    await stage.toExchange(eventText('made', ['SUMMARY:For all again']));
    expect((await stage.run()).counts).toEqual({ 'created on nextcloud': 1 });
  });
});
