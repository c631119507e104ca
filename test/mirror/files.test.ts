// Attachments between Exchange, which has them as files, and Nextcloud, which has texts: links, copies, or none; and whatever comes
// back, Exchange loses none.
import { afterEach, describe, expect, it } from 'vitest';
import type { PairRules } from '../../src/mirror/index.ts';
import { type CloudStage, type CloudStageOptions, openCloudStage } from './cloud-stage.ts';
import { eventText } from './stage.ts';

const open: CloudStage[] = [];
afterEach(async () => {
  for (const stage of open.splice(0)) await stage.close();
});

async function stageWith(
  attachments: PairRules['attachments'],
  options: CloudStageOptions = {},
): Promise<CloudStage> {
  const stage = await openCloudStage({ attachments }, options);
  open.push(stage);
  return stage;
}

const served = { servedAt: 'https://dav.example.org/calendars/alice@example.test/calendar/' };
const link = { kind: 'link' } as const;
const copy = { kind: 'copy', maxBytes: 1000 } as const;

function bytesLine(name: string, content: string): string {
  const base64 = Buffer.from(content).toString('base64');
  return `ATTACH;FMTTYPE=text/plain;FILENAME=${name};ENCODING=BASE64;VALUE=BINARY:${base64}`;
}

function attachIn(text: string | undefined): string[] {
  return (text ?? '').split('\r\n').filter((line) => line.startsWith('ATTACH'));
}

/** What Exchange keeps: names, and contents as another program reads them. */
async function filesIn({ exchange }: CloudStage): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  exchange.pass();
  const [member] = await exchange.calendar.members();
  const text = (await exchange.calendar.read([member?.href ?? ''], { kind: 'whole' }))[0]?.[1];
  if (text?.ok !== true) throw new Error('there is no event');
  for (const [, id = ''] of text.value.text
    .replaceAll('\r\n ', '')
    .matchAll(/^ATTACH;.*?MANAGED-ID=([\w-]+)/gm)) {
    const file = await exchange.calendar.attachments?.find(member?.href ?? '', id);
    if (file) files[file.name] = Buffer.from(await file.read()).toString();
  }
  return files;
}

const elsewhere = 'ATTACH;FMTTYPE=text/html:https://example.org/agenda';
const two = [bytesLine('small.txt', 'small'), bytesLine('large.txt', 'x'.repeat(5000)), elsewhere];

describe('attachments as links', () => {
  it('are links that the gateway answers, where it is reached', async () => {
    const stage = await stageWith(link, served);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    const lines = attachIn((await stage.inCloud())['a']);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /FILENAME=small\.txt.*:https:\/\/dav\.example\.org\/calendars\/alice@example\.test\/calendar\/own-a\.ics\/attachments\/[\w-]{22}\/small\.txt$/,
    );
    expect(lines).toContain(elsewhere);
    expect((await stage.run()).counts).toEqual({});
  });

  it('are left out where nobody could open them, and that is told', async () => {
    const stage = await stageWith(link);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    expect(attachIn((await stage.inCloud())['a'])).toEqual([elsewhere]);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ action: 'created', message: '2 attachments stay in Exchange only' }),
    );
    expect(JSON.stringify(await stage.inCloud())).not.toContain('exdav');
  });

  it.each([served, {}])('stay in Exchange when the copy comes back without them (%o)', async (options) => {
    const stage = await stageWith(link, options);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    await stage.toCloud(eventText('a', ['SUMMARY:Edited there']));
    expect((await stage.run()).counts).toEqual({ 'updated on exchange': 1 });
    expect((await stage.inExchange())['a']).toContain('SUMMARY:Edited there');
    expect(Object.keys(await filesIn(stage))).toEqual(['small.txt', 'large.txt']);
    expect((await stage.run()).counts).toEqual({});
  });

  it('come back as the files they are, not as links and not twice', async () => {
    const stage = await stageWith(link, served);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    const there = (await stage.inCloud())['a'] ?? '';
    await stage.toCloud(there.replace('SUMMARY:Meeting', 'SUMMARY:Edited'));
    const writes = await stage.writesOf(() => stage.run());
    expect(writes.filter((name) => /attach|part/i.test(name))).toEqual([]);
    const text = (await stage.inExchange())['a'];
    expect(text).toContain('SUMMARY:Edited');
    expect(attachIn(text)).toHaveLength(3);
    expect(text).not.toContain('dav.example.org');
    expect(Object.keys(await filesIn(stage))).toEqual(['small.txt', 'large.txt']);
  });

  it('naming a file that was deleted in Exchange meanwhile stop nothing', async () => {
    const stage = await stageWith(link, served);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    const stale = (await stage.inCloud())['a'] ?? '';
    await stage.toExchange(eventText('a', [bytesLine('small.txt', 'small')]));
    await stage.run();
    // A client that had it open writes what it knows.
    await stage.toCloud(stale.replace('SUMMARY:Meeting', 'SUMMARY:Edited'));
    expect(await stage.run()).toMatchObject({ counts: { 'updated on exchange': 1 }, troubled: 0 });
    expect((await stage.inExchange())['a']).toContain('SUMMARY:Edited');
    expect(Object.keys(await filesIn(stage))).toEqual(['small.txt']);
    expect((await stage.run()).counts).toEqual({});
  });

  it('of another object come along when that is duplicated, as far as they are there', async () => {
    const stage = await stageWith(link, served);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    const there = (await stage.inCloud())['a'] ?? '';
    await stage.toCloud(there.replace('UID:a', 'UID:b').replace('SUMMARY:Meeting', 'SUMMARY:Duplicate'));
    await stage.toCloud(
      there
        .replace('UID:a', 'UID:c')
        .replace('SUMMARY:Meeting', 'SUMMARY:Of what is gone')
        .replaceAll('own-a.ics', 'gone.ics'),
    );
    expect(await stage.run()).toMatchObject({ counts: { 'created on exchange': 2 }, troubled: 0 });
    const here = await stage.inExchange();
    expect(attachIn(here['b'])).toHaveLength(3);
    expect(attachIn(here['c'])).toEqual([elsewhere]);
    expect((await stage.run()).counts).toEqual({});
  });

  it('that came from Nextcloud as bytes become files, and stay there as bytes', async () => {
    const stage = await stageWith(link);
    await stage.toCloud(eventText('a', [bytesLine('minutes.txt', 'their bytes')]));
    await stage.run();
    expect(await filesIn(stage)).toEqual({ 'minutes.txt': 'their bytes' });
    const text = (await stage.inExchange())['a'] ?? '';
    await stage.toExchange(text.replace('SUMMARY:Meeting', 'SUMMARY:Edited in Exchange'));
    await stage.run();
    const there = (await stage.inCloud())['a'];
    expect(there).toContain('SUMMARY:Edited in Exchange');
    expect(
      attachIn(there).map((line) => line.includes(Buffer.from('their bytes').toString('base64'))),
    ).toEqual([true]);
  });
});

describe('attachments copied below a size', () => {
  it('are there as bytes, larger ones as links or not at all', async () => {
    for (const options of [served, {}]) {
      const stage = await stageWith(copy, options);
      await stage.toExchange(eventText('a', two));
      await stage.run();
      const lines = attachIn((await stage.inCloud())['a']);
      expect(lines.find((line) => line.includes('small.txt'))).toMatch(/VALUE=BINARY.*:c21hbGw=$/);
      const large = lines.find((line) => line.includes('large.txt'));
      if (options === served) expect(large).toMatch(/:https:\/\/dav\.example\.org\//);
      else expect(large).toBeUndefined();
      expect(lines).toContain(elsewhere);
      expect((await stage.run()).counts).toEqual({});
      expect((await stage.run({ scope: 'texts' })).counts).toEqual({ unchanged: 1 });
    }
  });

  it('come back unchanged without being stored anew, and edited as the new file', async () => {
    const stage = await stageWith(copy);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    const there = (await stage.inCloud())['a'] ?? '';
    await stage.toCloud(there.replace('SUMMARY:Meeting', 'SUMMARY:Edited'));
    const before = (await stage.inExchange())['a'];
    await stage.run();
    const after = (await stage.inExchange())['a'];
    expect(after).toContain('SUMMARY:Edited');
    expect(attachIn(after)).toEqual(attachIn(before));
    await stage.toCloud(
      ((await stage.inCloud())['a'] ?? '').replace('c21hbGw=', Buffer.from('other').toString('base64')),
    );
    await stage.run();
    expect(await filesIn(stage)).toEqual({ 'small.txt': 'other', 'large.txt': 'x'.repeat(5000) });
    expect((await stage.run()).counts).toEqual({});
  });

  it('stay in Exchange when the copy comes back without them', async () => {
    const stage = await stageWith(copy);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    await stage.toCloud(eventText('a', ['SUMMARY:Edited there']));
    await stage.run();
    expect(await filesIn(stage)).toEqual({ 'small.txt': 'small', 'large.txt': 'x'.repeat(5000) });
  });

  it('are read in one call for an object, and not at all when only its text changed elsewhere', async () => {
    const stage = await stageWith(copy);
    const many = Array.from({ length: 10 }, (_, n) => bytesLine(`f${n}.txt`, `content ${n}`));
    await stage.toExchange(eventText('a', many));
    const calls = await stage.exchange.callsOf(() => stage.run());
    expect(calls['open']).toBe(1);
    expect(attachIn((await stage.inCloud())['a'])).toHaveLength(10);
  });

  it('of an occurrence are copied with it', async () => {
    const stage = await stageWith(copy);
    const series = eventText('a', ['RRULE:FREQ=DAILY;COUNT=5']).replace(
      'END:VCALENDAR',
      [
        'BEGIN:VEVENT',
        'UID:a',
        'DTSTAMP:20260601T000000Z',
        'RECURRENCE-ID:20260611T090000Z',
        'DTSTART:20260611T110000Z',
        'DTEND:20260611T120000Z',
        'SUMMARY:Later',
        bytesLine('occurrence.txt', 'of this day'),
        'END:VEVENT',
        'END:VCALENDAR',
      ].join('\r\n'),
    );
    await stage.toExchange(series);
    await stage.run();
    const [line] = attachIn((await stage.inCloud())['a']);
    expect(line).toContain(Buffer.from('of this day').toString('base64'));
    expect((await stage.run()).counts).toEqual({});
  });
});

describe('attachments dropped', () => {
  it('do not travel, and each side keeps its own', async () => {
    const stage = await stageWith({ kind: 'drop' }, served);
    await stage.toExchange(eventText('a', two));
    await stage.run();
    expect(attachIn((await stage.inCloud())['a'])).toEqual([]);
    const own = 'ATTACH;X-NC-FILE-ID=7;FILENAME=/notes.md:https://cloud.example.org/f/7';
    await stage.toCloud(eventText('a', ['SUMMARY:Edited there', own]));
    await stage.run();
    expect(await filesIn(stage)).toEqual({ 'small.txt': 'small', 'large.txt': 'x'.repeat(5000) });
    const text = (await stage.inExchange())['a'] ?? '';
    expect(text).not.toContain('cloud.example.org');
    await stage.toExchange(text.replace('Edited there', 'Edited here'));
    await stage.run();
    const there = (await stage.inCloud())['a'];
    expect(there).toContain('SUMMARY:Edited here');
    expect(attachIn(there)).toEqual([own]);
  });
});
