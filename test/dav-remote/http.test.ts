// Connections that break, answers that get lost, packed answers, and servers that answer nonsense.
import { describe, expect, it } from 'vitest';
import { openDavHosts } from '../../src/dav-remote/index.ts';
import { readMultistatus } from '../../src/dav-remote/multistatus.ts';
import { eventText } from '../memory-backend/items.ts';
import { openStage, put, refusal, type Stage } from './stage.ts';
import { trap } from './trap.ts';

async function staged(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage();
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}

const count = (stage: Stage, method: string): number =>
  stage.double.log.filter((each) => each.method === method).length;

describe('a connection that breaks', () => {
  it('reading is tried once more', () =>
    staged(async (stage) => {
      for (const mishap of [{ kind: 'dropped' }, { kind: 'status', status: 502 }] as const) {
        stage.double.mishaps.push({ ...mishap, method: 'REPORT' });
        expect(await stage.events.changes(undefined)).toMatchObject({ changed: [] });
      }
      for (let times = 0; times < 2; times += 1)
        stage.double.mishaps.push({ kind: 'dropped', method: 'PROPFIND' });
      expect(await refusal(stage.events.members())).toBe('unavailable ECONNRESET');
    }));

  it('a PUT that was carried out is found, not said again', () =>
    staged(async (stage) => {
      stage.double.mishaps.push({ kind: 'lost-answer', method: 'PUT' });
      const result = await put(stage.events, 'a.ics', eventText('a'), { ifNoneMatch: '*' });
      const { etag } = (await stage.events.member('a.ics'))!;
      expect(result).toEqual({ created: true, etag, stored: { etag } });
      expect(count(stage, 'PUT')).toBe(1);
    }));

  it('a PUT that was not carried out is said again, under its condition', () =>
    staged(async (stage) => {
      stage.double.mishaps.push({ kind: 'dropped', method: 'PUT' });
      expect(await put(stage.events, 'a.ics', eventText('a'), { ifNoneMatch: '*' })).toMatchObject({
        created: true,
      });
      // Somebody else was faster: the condition fails, and nothing is written over.
      stage.double.mishaps.push({ kind: 'dropped', method: 'PUT' });
      const stale = { ifMatch: ['"0"'] };
      expect(await refusal(put(stage.events, 'a.ics', eventText('a', { summary: 'Mine' }), stale))).toBe(
        '412',
      );
      for (let times = 0; times < 2; times += 1)
        stage.double.mishaps.push({ kind: 'dropped', method: 'PUT' });
      expect(await refusal(put(stage.events, 'b.ics', eventText('b')))).toBe('unavailable ECONNRESET');
      expect((await stage.events.members()).map(({ href }) => href)).toEqual(['a.ics']);
    }));

  it('a DELETE is looked after likewise', () =>
    staged(async (stage) => {
      for (const kind of ['lost-answer', 'dropped'] as const) {
        await put(stage.events, `${kind}.ics`, eventText(kind));
        stage.double.mishaps.push({ kind, method: 'DELETE' });
        await stage.events.remove(`${kind}.ics`, {}, 'silent');
        expect(await stage.events.members()).toEqual([]);
      }
    }));

  it('a server that is not there is said so, at once', () =>
    staged(async (stage) => {
      await stage.double.close();
      expect(await refusal(stage.events.members())).toBe('unavailable ECONNREFUSED');
      expect(await refusal(put(stage.events, 'a.ics', eventText('a')))).toBe('unavailable ECONNREFUSED');
    }));
});

describe('an answer', () => {
  trap('packed-etag', 'that is packed is not believed about an etag', async (stage) => {
    const { etag } = await put(stage.events, 'a.ics', eventText('a'));
    const path = new URL('a.ics', stage.events.url).pathname;
    const packed = await stage.raw('GET', path, { headers: { 'Accept-Encoding': 'gzip' } });
    expect(packed.headers.get('etag')).toMatch(/-gzip"$/);
    // multiget fails, so GET is what remains.
    stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status: 500 });
    const [[, read] = []] = await stage.events.read(['a.ics'], { kind: 'whole' });
    expect(read?.ok && read.value).toMatchObject({ etag, text: eventText('a') });
    expect(await put(stage.events, 'a.ics', eventText('a'), { ifMatch: [etag!] })).toMatchObject({
      created: false,
    });
  });

  it('to a multiget that cannot be read hides no member', () =>
    staged(async (stage) => {
      for (const uid of ['a', 'b', 'c']) await put(stage.events, `${uid}.ics`, eventText(uid));
      for (const body of ['<d:multistatus xmlns:d="DAV:"><d:response>', '<html>', '<!DOCTYPE x><x/>', '\xff'])
        for (const status of [207, 500]) {
          stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status, body });
          const read = await stage.events.read(['a.ics', 'none.ics', 'c.ics'], { kind: 'whole' });
          expect(read.map(([, outcome]) => outcome.ok)).toEqual([true, false, true]);
        }
    }));

  it('that is no DAV is an error, never an empty collection', () =>
    staged(async (stage) => {
      await put(stage.events, 'a.ics', eventText('a'));
      for (const [status, body] of [
        [200, '<html>sign in first</html>'],
        [207, ''],
        [207, '<multistatus xmlns="urn:other"/>'],
        [500, ''],
        [403, ''],
      ] as const) {
        for (const method of ['PROPFIND', 'REPORT'])
          stage.double.mishaps.push({ kind: 'status', method, status, body });
        expect(await refusal(stage.events.members())).not.toBe('met');
        expect(await refusal(stage.events.changes(undefined))).not.toBe('met');
      }
      const whole = '<d:multistatus xmlns:d="DAV:"/>';
      stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status: 207, body: whole });
      expect(await refusal(stage.events.changes(undefined))).toBe('unreadable NoToken');
    }));

  it('that names a member and does not tell of it is no listing: the member is not gone', () =>
    staged(async (stage) => {
      await put(stage.events, 'a.ics', eventText('a'));
      const { token } = await stage.events.changes(undefined);
      await put(stage.events, 'b.ics', eventText('b'));
      await stage.events.remove('a.ics', {}, 'silent');
      const path = new URL(stage.events.url).pathname;
      const answer = (href: string, status: string) =>
        `<d:multistatus xmlns:d="DAV:"><d:response><d:href>${href}</d:href>${status}</d:response><d:sync-token>http://sabre.io/ns/sync/9</d:sync-token></d:multistatus>`;
      const failed = '<d:status>HTTP/1.1 500 Internal Server Error</d:status>';
      const noEtag =
        '<d:propstat><d:prop><d:getetag/></d:prop><d:status>HTTP/1.1 403 Forbidden</d:status></d:propstat>';
      const cut = '<d:status>HTTP/1.1 507 Insufficient Storage</d:status>';
      for (const body of [
        answer(`${path}b.ics`, failed),
        answer(`${path}b.ics`, noEtag),
        answer(path, cut),
      ]) {
        stage.double.mishaps.push({ kind: 'status', method: 'PROPFIND', status: 207, body });
        expect(await refusal(stage.events.members())).toBe('unavailable PartialListing');
      }
      // The same in a delta: first the answer, then the look whether it is gone.
      for (const status of [failed, noEtag]) {
        const body = answer(`${path}b.ics`, status);
        for (let times = 0; times < 2; times += 1)
          stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status: 207, body });
        expect(await refusal(stage.events.changes(token))).toBe('unavailable PartialListing');
      }
      expect((await stage.events.changes(token)).changed.map(({ href }) => href)).toEqual(['b.ics']);
    }));

  it('that refuses is given on with its reason: as SabreDAV says it, and as RFC 4918 has a place for it', () =>
    staged(async (stage) => {
      const condition = '<C:valid-calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav"/>';
      const forms = [
        '<s:message xmlns:s="http://sabredav.org/ns">no good:\n at all</s:message>',
        '<d:responsedescription>no good:\n at all</d:responsedescription>',
      ];
      for (const form of forms) {
        const body = `<d:error xmlns:d="DAV:">${condition}${form}</d:error>`;
        stage.double.mishaps.push({ kind: 'status', method: 'PUT', status: 415, body });
        await expect(put(stage.events, 'a.ics', eventText('a'))).rejects.toMatchObject({
          precondition: '{urn:ietf:params:xml:ns:caldav}valid-calendar-data',
          message: 'the server refuses it: no good: at all',
        });
      }
    }));

  it('that has no end is cut off, and hides no other', () =>
    staged(async (stage) => {
      await put(stage.events, 'a.ics', eventText('a'));
      await put(stage.events, 'b.ics', eventText('b'));
      const body = `<d:multistatus xmlns:d="DAV:">${' '.repeat(65 * 1024 * 1024)}`;
      stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status: 207, body });
      const read = await stage.events.read(['a.ics', 'b.ics'], { kind: 'whole' });
      expect(read.map(([, outcome]) => outcome.ok)).toEqual([true, true]);
      stage.double.mishaps.push({ kind: 'status', method: 'PROPFIND', status: 207, body });
      expect(await refusal(stage.events.members())).toBe('too-large AnswerTooLarge');
    }));

  it('that never comes is given up, and so is one that the caller no longer wants', () =>
    staged(async (stage) => {
      const hosts = openDavHosts({ timeoutMs: 3_000, width: 1 });
      const home = await stage.signIn(stage.alice, { hosts });
      const found = (await home.find({ displayName: 'Mirror', kind: 'events' }))!;
      const { promise, resolve } = Promise.withResolvers<void>();
      stage.double.hold = promise;
      expect(await refusal(found.members())).toBe('unavailable TimedOut');
      const slow = stage.events.members(AbortSignal.timeout(20));
      await expect(slow).rejects.toThrow(/abort|timeout/i);
      resolve();
      hosts.close();
    }));
});

describe('a listing of thousands', () => {
  it('leaves turns for other work while it is read', () =>
    staged(async (stage) => {
      const path = new URL(stage.events.url).pathname;
      const rows = Array.from(
        { length: 20_000 },
        (_, index) =>
          `<d:response><d:href>${path}ü%F0%9F%98%80-${index}.ics</d:href><d:propstat><d:prop><d:getetag>"😀${index}"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`,
      );
      const body = `<d:multistatus xmlns:d="DAV:">${rows.join('')}</d:multistatus>`;
      stage.double.mishaps.push({ kind: 'status', method: 'PROPFIND', status: 207, body });
      const members = await stage.events.members();
      expect(members.length).toBe(20_000);
      expect(members[19_999]).toEqual({ href: 'ü😀-19999.ics', etag: '"😀19999"' });
      let turns = 0;
      let reading = true;
      const tick = (): void => {
        turns += 1;
        if (reading) setImmediate(tick);
      };
      setImmediate(tick);
      await readMultistatus(Buffer.from(body));
      reading = false;
      expect(turns).toBeGreaterThan(2);
    }));
});
