// `exdav mirror --config config.toml` over a calendar that ews-caldav-sync (its commit 33e2fa7) has filled from the same mailbox.
import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { MirrorConfigError, readEwsCaldavSyncConfig } from '../../src/mirror/index.ts';
import { eventText } from '../mirror/stage.ts';
import { get, path, sync } from '../simulator/soap-client.ts';
import { linesOf, type MirrorScene, openMirrorScene } from './mirror-stage.ts';

const open: MirrorScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

/** Its example, with our two servers. */
const toml = ({ cloud }: MirrorScene): string => `
[caldav]
url = "${cloud.url}/remote.php/dav"
username = "alice"
password = "alice password"
calendar = "Personal"

[ews]
account = "alice@example.test"
username = "alice@example.test"
password = "alice"
impersonate = false

[misc]
statefile = "syncstate.txt"
loglevel = 30
`;

async function sceneWith(): Promise<MirrorScene> {
  const scene = await openMirrorScene();
  open.push(scene);
  scene.write('config.toml', toml(scene));
  return scene;
}

const run = (scene: MirrorScene, ...words: readonly string[]) =>
  scene.mirror(...words, '--config', `${scene.folder}/config.toml`);

const mimeShape = '<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>';

/** What the script writes for one item: Exchange's own text, of which it edits the first VEVENT. */
async function scriptText(simulator: Simulator, id: string): Promise<string> {
  const mime = Buffer.from(path(await get(simulator, `Id="${id}"`, mimeShape), 'MimeContent'), 'base64');
  const [head = '', first = '', ...rest] = mime.toString().replaceAll('\r\n ', '').split('BEGIN:VEVENT');
  const status = /^X-MICROSOFT-CDO-BUSYSTATUS:(\w+)/m.exec(first)?.[1];
  if (status === undefined) throw new Error('the script skips this one');
  const edited = first
    .replace(/^TRANSP:.*\r\n/m, `TRANSP:${status === 'FREE' ? 'TRANSPARENT' : 'OPAQUE'}\r\n`)
    .replace(/^STATUS:.*\r\n/m, (line) => (status === 'TENTATIVE' ? 'STATUS:TENTATIVE\r\n' : line))
    .replace('END:VEVENT', `X-EWSSYNC-ITEMID:${id}\r\nEND:VEVENT`);
  return [head.replace(/^METHOD:.*\r\n/m, ''), edited, ...rest].join('BEGIN:VEVENT');
}

/** One run of the script: its calendar afterwards, and its state. */
async function runScript(scene: MirrorScene): Promise<void> {
  const { state, changes } = await sync(scene.simulator, '');
  for (const { id } of changes) {
    const text = await scriptText(scene.simulator, id);
    const uid = /^UID:(.*)$/m.exec(text)?.[1]?.trim() ?? '';
    await scene.toCloud(`${uid.replaceAll('/', '_')}.ics`, text);
  }
  scene.write('syncstate.txt', state);
}

/** TRANSP and STATUS of each component, as everybody reads them (RFC 5545: absent is OPAQUE and confirmed). */
function showing(text = ''): string[] {
  return text
    .split('BEGIN:VEVENT')
    .slice(1)
    .map((component) => {
      const value = (name: string, fallback: string): string =>
        new RegExp(`^${name}:(.*)$`, 'm').exec(component)?.[1]?.trim() ?? fallback;
      return `${value('TRANSP', 'OPAQUE')} ${value('STATUS', 'CONFIRMED')}`;
    });
}

const kinds = ['FREE', 'TENTATIVE', 'BUSY', 'OOF', 'WORKINGELSEWHERE'] as const;

async function fillExchange(scene: MirrorScene): Promise<void> {
  for (const [day, kind] of kinds.entries()) {
    const lines = [
      `SUMMARY:${kind}`,
      `DTSTART:2026061${day}T090000Z`,
      `DTEND:2026061${day}T100000Z`,
      `TRANSP:${kind === 'FREE' || kind === 'WORKINGELSEWHERE' ? 'TRANSPARENT' : 'OPAQUE'}`,
      `X-MICROSOFT-CDO-BUSYSTATUS:${kind}`,
    ];
    await scene.toExchange(`${kind}.ics`, eventText(kind, lines));
  }
  await scene.toExchange('slash.ics', eventText('a/b+c==', ['SUMMARY:Slashes']));
  const override = (day: number, ...lines: string[]): string[] => [
    'BEGIN:VEVENT',
    'UID:series',
    'DTSTAMP:20260601T000000Z',
    `RECURRENCE-ID:2026062${day}T090000Z`,
    `DTSTART:2026062${day}T110000Z`,
    `DTEND:2026062${day}T120000Z`,
    ...lines,
    'END:VEVENT',
  ];
  await scene.toExchange(
    'series.ics',
    eventText('series', [
      'SUMMARY:Series',
      'DTSTART:20260620T090000Z',
      'DTEND:20260620T100000Z',
      'RRULE:FREQ=DAILY;COUNT=5',
    ]).replace(
      'END:VCALENDAR',
      [
        ...override(1, 'SUMMARY:Perhaps', 'STATUS:TENTATIVE'),
        ...override(2, 'SUMMARY:Free', 'TRANSP:TRANSPARENT'),
        'END:VCALENDAR',
      ].join('\r\n'),
    ),
  );
}

describe('in the place of ews-caldav-sync', () => {
  it('takes its copies over: nothing is doubled, its results stay, what it got wrong is right', async () => {
    const scene = await sceneWith();
    await fillExchange(scene);
    await runScript(scene);
    const before = scene.inCloud();
    expect(Object.keys(before)).toHaveLength(7);
    await scene.toCloud(
      'mine.ics',
      eventText('mine', ['SUMMARY:Of my own', 'DTSTART:20260701T090000Z', 'DTEND:20260701T100000Z']),
    );

    const { code, out } = await run(scene, '--once');
    expect([code, out]).toEqual([0, expect.stringContaining('"counts"')]);
    const after = scene.inCloud();
    expect(Object.keys(after).sort()).toEqual([...Object.keys(before), 'mine'].sort());
    for (const [uid, text] of Object.entries(after))
      expect(text.match(/BEGIN:VCALENDAR/g), uid).toHaveLength(1);
    expect(after['mine']).toContain('SUMMARY:Of my own');
    for (const kind of kinds) expect(showing(after[kind]), kind).toEqual(showing(before[kind]));
    // Of a series the script edits the first component only.
    expect(showing(before['series'])).toEqual([
      'OPAQUE CONFIRMED',
      'OPAQUE CONFIRMED',
      'TRANSPARENT CONFIRMED',
    ]);
    expect(showing(after['series']).toSorted()).toEqual([
      'OPAQUE CONFIRMED',
      'OPAQUE TENTATIVE',
      'TRANSPARENT CONFIRMED',
    ]);
    expect(scene.cloud.double.world.mails).toEqual([]);
    expect(scene.simulator.sentMessages()).toEqual([]);
  });

  it('is at rest after that, and goes on from there', async () => {
    const scene = await sceneWith();
    await fillExchange(scene);
    await runScript(scene);
    await run(scene, '--once');
    scene.simulator.clock.advance(5000);
    scene.cloud.double.log.length = 0;
    expect((await run(scene, '--once')).code).toBe(0);
    expect(scene.cloud.double.log.filter(({ method }) => ['PUT', 'DELETE'].includes(method))).toEqual([]);
    await scene.toExchange(
      'BUSY.ics',
      eventText('BUSY', ['SUMMARY:Changed', 'DTSTART:20260612T090000Z', 'DTEND:20260612T100000Z']),
    );
    await scene.dropFromExchange('FREE.ics');
    expect((await run(scene, '--once')).code).toBe(0);
    expect(scene.inCloud()['BUSY']).toContain('SUMMARY:Changed');
    expect(scene.inCloud()['FREE']).toBeUndefined();
  });

  it('removes copies of what is gone from Exchange since, by name and etag, and leaves everything else', async () => {
    const scene = await sceneWith();
    await fillExchange(scene);
    await runScript(scene);
    await scene.dropFromExchange('OOF.ics');
    const { code, out } = await run(scene, '--once', '--verbose');
    expect(code).toBe(0);
    const [deletion] = scene.cloud.double.log.filter(
      ({ method, path }) => method === 'DELETE' && path.includes('personal'),
    );
    expect(deletion?.path).toContain('OOF.ics');
    expect(deletion?.headers['if-match']).toMatch(/^"\w+"$/);
    expect(linesOf(out)).toContainEqual(
      expect.objectContaining({ action: 'removed', uid: 'OOF', side: 'nextcloud' }),
    );
    expect(Object.keys(scene.inCloud())).toHaveLength(6);
  });

  it('says beforehand what it would do, and does it not', async () => {
    const scene = await sceneWith();
    await fillExchange(scene);
    await runScript(scene);
    const before = scene.inCloud();
    const { code, out } = await run(scene, '--dry-run');
    expect(code).toBe(0);
    expect(linesOf(out)).toContainEqual(expect.objectContaining({ action: 'updated', uid: 'series' }));
    expect(scene.inCloud()).toEqual(before);
  });

  it('fills an empty calendar as the script would, and leaves its state file alone', async () => {
    const scene = await sceneWith();
    await fillExchange(scene);
    scene.write('syncstate.txt', 'state of the script');
    expect((await run(scene, '--once')).code).toBe(0);
    const { changes } = await sync(scene.simulator, '');
    for (const { id } of changes) {
      const theirs = await scriptText(scene.simulator, id);
      const uid = /^UID:(.*)$/m.exec(theirs)?.[1]?.trim() ?? '';
      expect(showing(scene.inCloud()[uid])[0], uid).toEqual(showing(theirs)[0]);
    }
    expect(scene.files().get('syncstate.txt')?.toString()).toBe('state of the script');
    expect([...scene.files().keys()].sort()).toContain('syncstate.txt.exdav.db');
  });
});

describe('its configuration', () => {
  const full = `
[caldav]
url = "https://nextcloud.example.com/remote.php/dav"
username = "michael"
password = "00000-00000-00000-00000-00000"
calendar = "Example"
[ews]
server = "exchange.example.com"
account = "mailbox@example.com"
username = "svc@example.com"
password = "123456789"
impersonate = true
[misc]
statefile = "syncstate.txt"
loglevel = 30
`;

  it('is read as it is', () => {
    const config = readEwsCaldavSyncConfig(full);
    expect(config.exchange['ews']).toEqual({
      url: 'https://exchange.example.com/EWS/Exchange.asmx',
      user: 'svc@example.com',
      password: '123456789',
      rights: 'impersonation',
    });
    expect(config.pairs[0]).toMatchObject({
      rules: { direction: 'to-nextcloud', kind: 'events' },
      exchange: { mailbox: 'mailbox@example.com', folder: '' },
      nextcloud: { collection: 'Example', create: false },
    });
    expect(readEwsCaldavSyncConfig(full.replace('true', 'false')).exchange['ews']?.rights).toBe('delegation');
  });

  it.each([
    ['[caldav', /^line 1: this is not TOML/],
    [full.replace('calendar = "Example"\n', ''), /^caldav\.calendar: /],
    [full.replace('"https://nextcloud', '"nextcloud'), /^caldav\.url: /],
  ])('that cannot be used is refused with the place', (text, problem) => {
    let problems: readonly string[] = [];
    try {
      readEwsCaldavSyncConfig(text);
    } catch (error) {
      if (!(error instanceof MirrorConfigError)) throw error;
      problems = error.problems;
    }
    expect(problems[0]).toMatch(problem);
  });
});
