// `exdav mirror` as administrators meet it: what it prints, its exit codes, and what it leaves on the disk.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/server/index.ts';
import { eventText } from '../mirror/stage.ts';
import { createOther } from '../simulator/soap-client.ts';
import { linesOf, type MirrorScene, openMirrorScene, pairFile } from './mirror-stage.ts';

const open: MirrorScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

async function sceneWith(more = ''): Promise<MirrorScene> {
  const scene = await openMirrorScene();
  open.push(scene);
  scene.write('mirror.yaml', pairFile(scene, more));
  return scene;
}

const on = (uid: string, day: number, ...lines: string[]): string => {
  const date = new Date(Date.UTC(2026, 0, day)).toISOString().slice(0, 10).replaceAll('-', '');
  return eventText(uid, [`SUMMARY:${uid}`, `DTSTART:${date}T090000Z`, `DTEND:${date}T100000Z`, ...lines]);
};

async function fill(scene: MirrorScene, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await scene.toExchange(`e${n}.ics`, on(`e${n}`, n + 1));
}

describe('exit codes', () => {
  it('0: all is equal', async () => {
    const scene = await sceneWith();
    await fill(scene, 2);
    const { code, out, error } = await scene.mirror('--once');
    expect([code, error]).toEqual([0, '']);
    expect(linesOf(out)).toEqual([
      expect.objectContaining({ level: 'info', pair: 'alice', counts: { 'created on nextcloud': 2 } }),
    ]);
    expect((await scene.mirror('verify')).code).toBe(0);
    expect((await scene.mirror('status')).out).toMatch(/^alice: 2 objects, last run \d+/);
  });

  it('1: a pair could not be run, and the others were', async () => {
    const scene = await sceneWith(`  - name: missing
    exchange: { login: work, folder: no such folder }
    nextcloud: { login: cloud, collection: Elsewhere }
`);
    await fill(scene, 1);
    const { code, out } = await scene.mirror('--once');
    expect(code).toBe(1);
    expect(linesOf(out)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          level: 'error',
          pair: 'missing',
          failed: expect.stringContaining('no such folder'),
        }),
        expect.objectContaining({ pair: 'alice', counts: { 'created on nextcloud': 1 } }),
      ]),
    );
  });

  it('1: a configuration that is not there, or wrong, is told with its places', async () => {
    const scene = await sceneWith();
    expect(await scene.mirror('--config', join(scene.folder, 'none.yaml'))).toMatchObject({
      code: 1,
      error: expect.stringContaining('none.yaml cannot be read'),
    });
    scene.write('mirror.yaml', pairFile(scene).replace('login: work', 'login: play'));
    const { code, error } = await scene.mirror('--once');
    expect(code).toBe(1);
    expect(error).toMatch(/mirror\.yaml: pair "alice": exchange has no login "play"/);
  });

  it('2: a command line that is not understood', async () => {
    const scene = await sceneWith();
    for (const words of [
      ['--twice'],
      ['dance'],
      ['undo'],
      ['undo', 'x'],
      ['explain'],
      ['--pair', 'bob'],
      ['undo', '1', '2'],
    ])
      expect((await scene.mirror(...words)).code, words.join(' ')).toBe(2);
  });

  it('3: a pair is stopped until somebody looks', async () => {
    const scene = await sceneWith();
    await fill(scene, 20);
    await scene.mirror('--once');
    for (let n = 0; n < 15; n += 1) await scene.dropFromExchange(`e${n}.ics`);
    scene.simulator.clock.advance(5000);
    const { code, out } = await scene.mirror('--once');
    expect(code).toBe(3);
    expect(linesOf(out)).toEqual([
      expect.objectContaining({ level: 'error', stopped: expect.stringContaining('15 of 20') }),
    ]);
    expect(Object.keys(scene.inCloud())).toHaveLength(20);
    expect((await scene.mirror('status')).out).toContain('STOPPED');
    expect((await scene.mirror('--once')).code).toBe(3);
    expect((await scene.mirror('--once', '--force')).code).toBe(0);
    expect(Object.keys(scene.inCloud())).toHaveLength(5);
  });

  it('3: an object is in trouble, and the others are not', async () => {
    const scene = await sceneWith();
    await scene.toExchange('good.ics', on('good', 1));
    await scene.toExchange('bad.ics', on('bad', 2));
    scene.cloud.double.mishaps.push({ kind: 'status', method: 'PUT', status: 403 });
    const { code, out } = await scene.mirror('--once');
    expect(code).toBe(3);
    expect(linesOf(out).filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({ action: 'troubled', side: 'nextcloud', message: expect.any(String) }),
    ]);
    expect(Object.keys(scene.inCloud())).toHaveLength(1);
    expect((await scene.mirror('status')).out).toContain('in trouble');
  });
});

describe('questions', () => {
  it('--help tells every option and the exit codes', async () => {
    const { code, out } = await (await sceneWith()).mirror('--help');
    expect(code).toBe(0);
    for (const word of [
      '--once',
      '--watch',
      'verify',
      'repair',
      'explain UID',
      'undo RUN',
      'status',
      '--config FILE',
      '--pair NAME',
      '--dry-run',
      '--passive',
      '--force',
      '--verbose',
      'Exit codes: 0',
    ])
      expect(out).toContain(word);
  });

  it('explain, undo and dry runs', async () => {
    const scene = await sceneWith();
    await scene.toExchange('a.ics', on('a', 1));
    const planned = await scene.mirror('--dry-run');
    expect(linesOf(planned.out)[0]).toMatchObject({ action: 'created', side: 'nextcloud', uid: 'a' });
    expect(scene.inCloud()).toEqual({});
    const first = await scene.mirror('--once');
    const run = Number(linesOf(first.out).at(-1)?.['run']);
    const told = await scene.mirror('explain', 'a');
    expect(told.out).toMatch(new RegExp(`run ${run}: created on nextcloud`));
    expect((await scene.mirror('explain', 'nobody')).code).toBe(1);
    const undone = await scene.mirror('undo', String(run));
    expect([undone.code, undone.out]).toEqual([0, `alice: run ${run}: 1 of 1 taken back\n`]);
    expect(scene.inCloud()).toEqual({});
  });
});

describe('what is printed', () => {
  it('is JSON lines where nobody looks, of all objects if wished', async () => {
    const scene = await sceneWith();
    await fill(scene, 3);
    const { out } = await scene.mirror('--once', '--verbose');
    const lines = linesOf(out);
    expect(lines).toHaveLength(4);
    for (const line of lines)
      expect(line).toMatchObject({ time: expect.stringMatching(/Z$/), pair: 'alice' });
    expect(lines[0]).toMatchObject({ level: 'info', action: 'created', side: 'nextcloud' });
  });

  it('is a bar with counts on a terminal, cleared when the pair is done', async () => {
    const scene = await sceneWith();
    await fill(scene, 60);
    const shown: string[] = [];
    let out = '';
    const code = await runCommandLine(['mirror', '--once', '--config', join(scene.folder, 'mirror.yaml')], {
      environment: {},
      out: (text) => void (out += text),
      error: () => undefined,
      progress: (text) => void shown.push(text),
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^alice: run \d+: 60 created on nextcloud\n$/);
    const bars = shown.filter((text) => text.includes(' of '));
    expect(bars.at(-1)).toMatch(/^\ralice \[#{24}\] 60 of 60/);
    expect(bars.length).toBeLessThan(60);
    expect(shown.at(-1)).toBe('\r\x1b[K');
  });
});

describe('what is left on the disk', () => {
  it('holds no text and no password in clear, and is readable by its owner only', async () => {
    const scene = await sceneWith();
    await scene.toExchange('a.ics', on('a', 1, 'DESCRIPTION:a rather secret word', 'LOCATION:hidden place'));
    await scene.mirror('--once');
    await scene.toExchange('a.ics', on('a', 1, 'DESCRIPTION:quite another one'));
    scene.simulator.clock.advance(5000);
    await scene.mirror('--once');
    scene.simulator.clock.advance(5000);
    await scene.dropFromExchange('a.ics');
    await scene.mirror('--once', '--force');
    const kept = [...scene.files()].filter(([name]) => name !== 'mirror.yaml');
    expect(kept.map(([name]) => name)).toEqual(
      expect.arrayContaining(['mirror.db', 'mirror.db.cache', 'mirror.db.key']),
    );
    for (const [name, bytes] of kept) {
      expect(statSync(join(scene.folder, name)).mode & 0o077, name).toBe(0);
      const text = bytes.toString('latin1');
      for (const secret of [
        'secret word',
        'hidden place',
        'quite another',
        'alice password',
        'SUMMARY',
        'BEGIN:VEVENT',
      ])
        expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
    }
    // What was overwritten is there all the same, for who has the key.
    const run = /run (\d+): updated on nextcloud/.exec((await scene.mirror('explain', 'a')).out)?.[1];
    expect(run).toBeDefined();
  });

  it('keeps its key when it is opened again', async () => {
    const scene = await sceneWith();
    await scene.mirror('--once');
    const key = readFileSync(join(scene.folder, 'mirror.db.key'), 'utf8');
    await scene.mirror('--once');
    expect(readFileSync(join(scene.folder, 'mirror.db.key'), 'utf8')).toBe(key);
  });
});

describe('attachments', () => {
  const file = (name: string, content: string): string =>
    `ATTACH;FMTTYPE=text/plain;FILENAME=${name};ENCODING=BASE64;VALUE=BINARY:${Buffer.from(content).toString('base64')}`;

  it('are links that open at the gateway with the sign-in of Exchange', async () => {
    const scene = await sceneWith();
    scene.environment['EXDAV_PUBLIC_URL'] = new URL(scene.calendarUrl).origin;
    await scene.toExchange('a.ics', on('a', 1, file('minutes.txt', 'what was said')));
    expect((await scene.mirror('--once')).code).toBe(0);
    const link = /^ATTACH.*:(https?:.*)$/m.exec(scene.inCloud()['a'] ?? '')?.[1]?.trim() ?? '';
    const authorization = `Basic ${Buffer.from('alice@example.test:alice').toString('base64')}`;
    expect(await (await fetch(link, { headers: { authorization } })).text()).toBe('what was said');
    expect((await fetch(link)).status).toBe(401);
  });

  it('are copied with one call for an object, and known again when they come back', async () => {
    const scene = await sceneWith('    attachments: { copyBelow: 1MB }\n');
    const files = Array.from({ length: 8 }, (_, n) => file(`f${n}.txt`, `content ${n}`));
    await scene.toExchange('a.ics', on('a', 1, ...files));
    scene.simulator.resetCalls();
    expect((await scene.mirror('--once')).code).toBe(0);
    expect(scene.simulator.calls()['GetAttachment']).toBe(1);
    const text = scene.inCloud()['a'] ?? '';
    for (const n of files.keys()) expect(text).toContain(Buffer.from(`content ${n}`).toString('base64'));
    const row = scene.cloud.collection('personal').rows[0];
    const path = `/remote.php/dav/calendars/alice/personal/${row?.uri}`;
    await scene.cloud.raw('PUT', path, { body: (row?.text ?? '').replace('SUMMARY:a', 'SUMMARY:Edited') });
    scene.simulator.resetCalls();
    scene.simulator.clock.advance(5000);
    expect((await scene.mirror('--once')).code).toBe(0);
    const calls = scene.simulator.calls();
    expect([
      calls['GetAttachment'],
      calls['CreateAttachment'],
      calls['DeleteAttachment'],
      calls['UpdateItem'],
    ]).toEqual([undefined, undefined, undefined, 1]);
  });
});

describe('what other gateways left', () => {
  it("is known by the DAV:uid of Nextcloud's EWS connector", async () => {
    const scene = await sceneWith(`  - name: tasks
    kind: tasks
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Personal }
`);
    const uid = '5a4f0f6e-0b39-4d0e-9a53-2f2e0a1d7f10';
    const path =
      '<t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings" PropertyName="DAV:uid" PropertyType="String"/>';
    await createOther(
      scene.simulator,
      `<t:Task><t:Subject>Pay</t:Subject><t:ExtendedProperty>${path}<t:Value>${uid}</t:Value></t:ExtendedProperty></t:Task>`,
    );
    await scene.toCloud(
      'pay.ics',
      `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//T//T//EN\r\nBEGIN:VTODO\r\nUID:${uid}\r\nDTSTAMP:20260601T000000Z\r\nSUMMARY:Pay the bill\r\nEND:VTODO\r\nEND:VCALENDAR\r\n`,
    );
    const { out } = await scene.mirror('--once', '--verbose', '--pair', 'tasks');
    expect(linesOf(out)[0]).toMatchObject({ uid, message: expect.stringContaining('joined by its UID') });
    expect(Object.keys(scene.inCloud())).toEqual([uid]);
  });
});
