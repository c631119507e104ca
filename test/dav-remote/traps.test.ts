// Each trap of Nextcloud (test/nextcloud-double/traps.ts): first what it does to a client that does not know it, then that the room does.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cardText, eventText, taskText } from '../memory-backend/items.ts';
import type { RunningDouble } from '../nextcloud-double/index.ts';
import { traps } from '../nextcloud-double/traps.ts';
import { openStage, pathOf, put, refusal, thrown, type Stage } from './stage.ts';
import { trap } from './trap.ts';
import type { RemoteCollection } from '../../src/dav-remote/index.ts';
import { DavError } from '../../src/model/failure.ts';
import { nameFor } from '../../src/mirror/names.ts';

const D = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cr="urn:ietf:params:xml:ns:carddav"';

/** sync-collection as a plain client sends it. */
async function plainSync(
  { raw }: RunningDouble,
  collection: RemoteCollection,
  { token = '', limit = '' }: { token?: string; limit?: string } = {},
): Promise<{ status: number; text: string; token: string; hrefs: string[]; gone: string[] }> {
  const cut = limit === '' ? '' : `<d:limit><d:nresults>${limit}</d:nresults></d:limit>`;
  const body = `<d:sync-collection ${D}><d:sync-token>${token}</d:sync-token><d:sync-level>1</d:sync-level>${cut}<d:prop><d:getetag/></d:prop></d:sync-collection>`;
  const answer = await raw('REPORT', pathOf(collection), { body });
  const text = await answer.text();
  const responses = text.match(/<d:response>.*?<\/d:response>/gs) ?? [];
  const hrefOf = (response: string): string =>
    decodeURIComponent(/([^/]*)<\/d:href>/.exec(response)?.[1] ?? '');
  return {
    status: answer.status,
    text,
    token: /<d:sync-token>(.*?)</.exec(text)?.[1] ?? '',
    hrefs: responses.filter((each) => each.includes('getetag')).map(hrefOf),
    gone: responses
      .filter((each) => /<d:status>HTTP\/1\.1 404/.test(each) && !each.includes('getetag'))
      .map(hrefOf),
  };
}

const names = (members: readonly { readonly href: string }[]): string[] =>
  members.map(({ href }) => href).sort();
const outside = async (stage: Stage, href: string, text: string): Promise<number> =>
  (await stage.raw('PUT', pathOf(stage.events, href), { body: text })).status;

describe('discovery', () => {
  trap('well-known', 'the bare host is enough, and so is every address below it', async (stage) => {
    expect((await stage.raw('PROPFIND', '/', { headers: { Depth: '0' } })).status).toBe(405);
    for (const path of [
      '',
      '/',
      '/remote.php/dav',
      '/remote.php/dav/principals/users/alice/',
      '/remote.php/dav/calendars/alice/personal/',
    ]) {
      const home = await stage.signIn(stage.alice, { url: stage.url + path });
      expect(home.principal).toBe('/remote.php/dav/principals/users/alice/');
    }
  });

  trap('login-by-mail', 'the homes are those of the uid', async (stage) => {
    expect((await stage.raw('PROPFIND', '/remote.php/dav/calendars/alice@example.test/')).status).toBe(404);
    const home = await stage.signIn(stage.alice, { user: 'alice@example.test' });
    expect(home).toMatchObject({ principal: stage.home.principal, addresses: ['alice@example.test'] });
    expect(await home.find({ displayName: 'Personal', kind: 'events' })).toMatchObject({
      url: `${stage.url}/remote.php/dav/calendars/alice/personal/`,
    });
  });

  trap('no-web-login', 'nothing can be chosen yet, and everything made', async (stage) => {
    const carol = stage.double.world.addUser('carol', { email: 'carol@example.test', password: 'carol' });
    const home = await stage.signIn(carol);
    const usable = (await home.collections()).filter(({ standing }) => standing === 'own');
    expect(usable).toEqual([]);
    const made = await home.create({ kind: 'events', displayName: 'Mirror' });
    expect(await put(made, 'a.ics', eventText('a'))).toMatchObject({ created: true });
  });

  trap('default-calendar', 'finding the homes leaves no calendar behind', async (stage) => {
    const dave = stage.double.world.addUser('dave', { email: 'dave@example.test', password: 'dave' });
    await (await stage.signIn(dave)).collections();
    expect(dave.collections.map(({ uri }) => uri)).not.toContain('personal');
    const ask = `<d:propfind ${D}><d:prop><c:schedule-default-calendar-URL/></d:prop></d:propfind>`;
    await stage.raw('PROPFIND', '/remote.php/dav/principals/users/dave/', { body: ask, as: dave });
    expect(dave.collections.map(({ uri }) => uri)).toContain('personal');
  });

  trap('mixed-home', 'only calendars and address books are listed, each for what it is', async (stage) => {
    stage.double.world.addCollection(stage.alice, {
      kind: 'calendar',
      uri: 'feed',
      source: 'https://example.test/feed.ics',
    });
    stage.double.world.addCollection(stage.alice, {
      kind: 'calendar',
      uri: 'app-generated--deck--board-1',
      readOnly: true,
    });
    stage.bob.shares.push({ collection: stage.collection('personal'), access: 'read' });
    const standingOf = async (user: typeof stage.alice): Promise<Record<string, string>> =>
      Object.fromEntries(
        (await (await stage.signIn(user)).collections()).map(({ url, standing }) => [
          url.split('/').at(-2),
          standing,
        ]),
      );
    expect(await standingOf(stage.alice)).toEqual({
      personal: 'own',
      mirror: 'own',
      contacts: 'own',
      feed: 'subscribed',
      'app-generated--deck--board-1': 'generated',
      'z-server-generated--system': 'generated',
      'z-app-generated--contactsinteraction--recent': 'generated',
    });
    expect(await standingOf(stage.bob)).toMatchObject({
      personal: 'own',
      personal_shared_by_alice: 'shared',
    });
    expect(await stage.home.find({ displayName: 'feed', kind: 'events' })).toBeUndefined();
  });

  trap('birthdays', 'the calendar of birthdays is not taken for one to mirror', async (stage) => {
    stage.double.world.addCollection(stage.alice, {
      kind: 'calendar',
      uri: 'contact_birthdays',
      name: 'Contact birthdays',
    });
    const found = (await stage.home.collections()).find(({ url }) => url.endsWith('/contact_birthdays/'));
    expect(found?.standing).toBe('birthdays');
    expect(await stage.home.find({ displayName: 'Contact birthdays', kind: 'events' })).toBeUndefined();
  });

  trap('system-book', 'it is told apart, and not to be written', async (stage) => {
    const system = (await stage.home.collections()).find(({ url }) => url.endsWith('--system/'));
    expect(system?.standing).toBe('generated');
    expect(await refusal(put(system!, 'a.vcf', cardText('a')))).toBe('403 need-privileges');
  });
});

describe('collections', () => {
  trap('name-in-trash', 'another name is taken, unless the caller named one', async (stage) => {
    expect((await stage.raw('DELETE', pathOf(stage.events))).status).toBe(204);
    expect((await stage.raw('MKCALENDAR', pathOf(stage.events))).status).toBe(405);
    const again = await stage.home.create({ kind: 'events', displayName: 'Mirror' });
    expect(again.url).toMatch(/\/mirror-2\/$/);
    expect(await refusal(stage.home.create({ kind: 'events', displayName: 'Mirror', name: 'mirror' }))).toBe(
      '405',
    );
  });

  trap('trashed-writable', 'its state says so, and no new search finds it', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    expect(await stage.events.state()).toMatchObject({ trashed: false, writable: true });
    await stage.raw('DELETE', pathOf(stage.events));
    expect(await put(stage.events, 'b.ics', eventText('b'))).toMatchObject({ created: true });
    expect(await stage.events.state()).toMatchObject({ trashed: true });
    expect(await stage.home.find({ displayName: 'Mirror', kind: 'events' })).toBeUndefined();
    expect((await stage.home.find({ url: stage.events.url }))?.standing).toBe('trashed');
    await stage.raw('DELETE', pathOf(stage.events), { headers: { 'X-NC-CalDAV-No-Trashbin': '1' } });
    expect(await refusal(stage.events.state())).toBe('not-found CollectionGone');
  });

  trap(
    'creation-limits',
    'rate, count and name are three things, and none holds up anybody else',
    async (stage) => {
      const make = () => stage.home.create({ kind: 'events', displayName: 'New' });
      stage.double.strictLimits = '429';
      expect(await refusal(make())).toBe('busy TooManyCreated');
      expect(await stage.events.members()).toEqual([]);
      stage.double.strictLimits = '403';
      expect(await refusal(make())).toBe('denied CollectionLimit');
      stage.double.strictLimits = undefined;
      // With a session the rate counts; the room keeps no cookies.
      const statuses: number[] = [];
      for (let index = 0; index < 12; index += 1) {
        const path = `/remote.php/dav/calendars/alice/session-${index}/`;
        statuses.push(
          (await stage.raw('MKCALENDAR', path, { headers: { Cookie: 'nc_session=abc123' } })).status,
        );
      }
      expect(statuses.at(-1)).toBe(429);
      for (let index = 0; index < 12; index += 1) {
        const made = await stage.home.create({ kind: 'events', displayName: `Stateless ${index}` });
        expect(made.folder.displayName).toBe(`Stateless ${index}`);
      }
    },
  );

  it('are made with name, colour, description and components', async () => {
    const stage = await openStage();
    const properties = { color: '#FF0000FF', description: 'from Exchange', order: '3' };
    const made = await stage.home.create({
      kind: 'events',
      displayName: 'Büro & Co',
      properties,
      components: ['VEVENT', 'VTODO'],
    });
    expect(made).toMatchObject({
      components: ['VEVENT', 'VTODO'],
      folder: { kind: 'events', displayName: 'Büro & Co', properties },
    });
    const tasks = await stage.home.create({ kind: 'tasks', displayName: 'Aufgaben' });
    expect(tasks).toMatchObject({ components: ['VTODO'], folder: { kind: 'tasks' } });
    expect(stage.double.log.filter(({ method }) => method === 'PROPPATCH')).toEqual([]);
    await stage.home.create({ kind: 'events', displayName: 'Aufgaben', components: ['VEVENT', 'VTODO'] });
    expect(await refusal(stage.home.find({ displayName: 'Aufgaben', kind: 'tasks' }))).toBe('409');
    await stage.close();
  });
});

describe('writing', () => {
  trap('etag-absent', 'what the server made of the text is read at once and told', async (stage) => {
    const text = eventText('a').replace('DTSTAMP:20260101T000000Z\r\n', '').replace('Lunch', 'Lu\x01nch');
    const plain = await stage.raw('PUT', pathOf(stage.events, 'plain.ics'), {
      body: text.replace('UID:a', 'UID:p'),
    });
    expect([plain.status, plain.headers.get('etag')]).toEqual([201, null]);
    const result = await put(stage.events, 'a.ics', text, { ifNoneMatch: '*' });
    expect(result.etag).toBeUndefined();
    expect(result.stored?.text).toMatch(/SUMMARY:Lunch\r\n/);
    expect(result.stored?.etag).toBe((await stage.events.member('a.ics'))?.etag);
    const clean = await put(stage.events, 'b.ics', eventText('b'));
    expect(clean).toEqual({ created: true, etag: clean.etag, stored: { etag: clean.etag } });
    expect(clean.etag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  trap(
    'same-text',
    'the delta names it with the etag it had, so that it is known for an echo',
    async (stage) => {
      const { etag } = await put(stage.events, 'a.ics', eventText('a'));
      const { syncToken } = await stage.events.state();
      await put(stage.events, 'a.ics', eventText('a'));
      const delta = await stage.events.changes(syncToken);
      expect(delta.token).not.toBe(syncToken);
      expect(delta.changed).toEqual([{ href: 'a.ics', etag, component: 'VEVENT' }]);
    },
  );

  trap('uid-taken', 'the member that has it is named, for events, tasks and cards', async (stage) => {
    const personal = (await stage.home.find({ displayName: 'Personal', kind: 'events' }))!;
    await put(personal, 'similar.ics', eventText('same and more'));
    await put(personal, 'first.ics', eventText('Same'));
    await put(personal, 'task.ics', taskText('task'));
    await put(stage.contacts, 'first.vcf', cardText('card'));
    for (const [collection, href, text, holder] of [
      [personal, 'x.ics', eventText('Same'), 'first.ics'],
      [personal, 'x.ics', eventText('task'), 'task.ics'],
      [stage.contacts, 'x.vcf', cardText('card'), 'first.vcf'],
    ] as const) {
      const error = await thrown(put(collection, href, text, { ifNoneMatch: '*' }));
      expect(error instanceof DavError && [error.status, error.member]).toEqual([409, holder]);
    }
  });

  trap('refusals', 'each reason has its own condition', async (stage) => {
    const cases = [
      ['no calendar at all', '403 valid-calendar-data'],
      [eventText('m').replace('VERSION:2.0', 'VERSION:2.0\r\nMETHOD:REQUEST'), '403 valid-calendar-data'],
      [taskText('t'), '403 supported-calendar-component'],
      [
        eventText('n', { lines: ['RRULE:FREQ=DAILY;UNTIL=20200101T000000Z'] }),
        '403 valid-calendar-object-resource',
      ],
    ] as const;
    for (const [text, expected] of cases)
      expect(await refusal(put(stage.events, 'x.ics', text))).toBe(expected);
    const old = cardText('c').replace('VERSION:3.0', 'VERSION:2.1');
    expect(await refusal(put(stage.contacts, 'x.vcf', old))).toBe('403 valid-address-data');
    expect(await stage.events.members()).toEqual([]);
  });

  trap('sizes', 'max-resource-size, and nothing of it is stored', async (stage) => {
    const big = eventText('big', { lines: [`DESCRIPTION:${'x'.repeat(10_485_760)}`] });
    expect(await refusal(put(stage.events, 'big.ics', big))).toBe('403 max-resource-size');
    const card = cardText('big').replace('END:VCARD', `NOTE:${'x'.repeat(5_242_880)}\r\nEND:VCARD`);
    expect(await refusal(put(stage.contacts, 'big.vcf', card))).toBe('403 max-resource-size');
    const fits = eventText('fits', { lines: [`DESCRIPTION:${'x'.repeat(8_700_000)}`] });
    expect(await put(stage.events, 'fits.ics', fits)).toMatchObject({ created: true });
  });

  trap(
    'long-names',
    'a long UID is refused before it fails, and any UID has a name that fits',
    async (stage) => {
      const long = 'u'.repeat(513);
      expect(await outside(stage, 'x.ics', eventText(long))).toBe(500);
      expect(await outside(stage, `${'n'.repeat(252)}.ics`, eventText('n'))).toBe(500);
      expect(await refusal(put(stage.events, 'x.ics', eventText(long)))).toBe('inexpressible UidTooLong');
      expect(await refusal(put(stage.events, `${'n'.repeat(252)}.ics`, eventText('n')))).toBe('403');
      for (const uid of [
        'a/b==/c',
        '../../x',
        'u'.repeat(300),
        'u'.repeat(512),
        'ü 日本',
        '040000008200E00074C5B7101A82E008'.repeat(4),
      ]) {
        const href = nameFor(uid, 0, '.ics');
        expect(await put(stage.events, href, eventText(uid), { ifNoneMatch: '*' })).toMatchObject({
          created: true,
        });
        const [[, read] = []] = await stage.events.read([href], { kind: 'whole' });
        expect(read?.ok && read.value.text).toContain(`UID:${uid}\r\n`);
      }
      expect(
        new Set([
          nameFor('a', 0, '.ics'),
          nameFor('a', 1, '.ics'),
          nameFor('b', 0, '.ics'),
          nameFor('a', 0, '.vcf'),
        ]).size,
      ).toBe(4);
    },
  );
});

describe('the trash bin', () => {
  const remake = async (stage: Stage): Promise<void> => {
    await put(stage.events, 'one.ics', eventText('again'));
    await stage.events.remove('one.ics', {}, 'silent');
  };
  const conflicts = [
    ['trash-400', '24.0.12', 400],
    ['trash-500', '33.0.3', 500],
    ['trash-replaced', '35.0.0', 201],
  ] as const;
  for (const [id, version, status] of conflicts) {
    trap(
      id,
      'the UID is taken again all the same',
      async (stage) => {
        await remake(stage);
        expect(await put(stage.events, 'two.ics', eventText('again'), { ifNoneMatch: '*' })).toMatchObject({
          created: true,
        });
        expect(names(await stage.events.members())).toEqual(['two.ics']);
        // A plain client, once more:
        await stage.events.remove('two.ics', {}, 'silent');
        expect(await outside(stage, 'three.ics', eventText('again'))).toBe(status);
      },
      version,
    );
  }

  trap(
    'trash-500-silent',
    'the bin is looked at whatever the 500 says, and another 500 stays one',
    async (stage) => {
      await remake(stage);
      stage.double.hidesErrors = true;
      expect(await outside(stage, 'two.ics', eventText('again'))).toBe(500);
      expect(await put(stage.events, 'two.ics', eventText('again'))).toMatchObject({ created: true });
      stage.double.mishaps.push({ kind: 'status', method: 'PUT', status: 500 });
      expect(await refusal(put(stage.events, 'three.ics', eventText('other')))).toBe('unavailable Http500');
    },
  );

  trap('trash-name', 'the object in the way is found and purged, and only that', async (stage) => {
    await put(stage.events, 'bystander.ics', eventText('bystander'));
    await stage.events.remove('bystander.ics', {}, 'silent');
    await put(stage.events, 'a.ics', eventText('first'));
    await stage.events.remove('a.ics', {}, 'silent');
    await put(stage.events, 'a.ics', eventText('second'));
    expect((await stage.raw('DELETE', pathOf(stage.events, 'a.ics'))).status).toBe(403);
    await stage.events.remove('a.ics', {}, 'silent');
    expect(await stage.events.members()).toEqual([]);
    expect(trashedUids(stage)).toEqual(['bystander', 'second']);
  });

  trap('trash-mixed', 'a purge takes its own by UID and calendar, and leaves the rest', async (stage) => {
    const personal = (await stage.home.find({ displayName: 'Personal', kind: 'events' }))!;
    for (const collection of [stage.events, personal])
      for (const uid of ['mine', 'yours']) {
        await put(collection, `${uid}.ics`, eventText(uid));
        await collection.remove(`${uid}.ics`, {}, 'silent');
      }
    expect(await stage.events.purgeTrash(['mine', 'never'])).toBe(1);
    expect(trashedUids(stage)).toEqual(['mine', 'yours', 'yours']);
    const deletes = stage.double.log.filter(
      ({ method, path }) => method === 'DELETE' && path.includes('/trashbin/'),
    );
    expect(deletes.map(({ path }) => path)).toEqual([
      expect.stringMatching(/\/trashbin\/objects\/\d+\.ics$/),
    ]);
    expect(await stage.events.purgeTrash([])).toBe(0);
    // What others delete meanwhile is seen, too.
    await outside(stage, 'late.ics', eventText('late'));
    await stage.raw('DELETE', pathOf(stage.events, 'late.ics'));
    expect(await stage.events.purgeTrash(['late'])).toBe(1);
    // The name it had in the bin shows up as gone, and means nothing.
    const { syncToken } = await stage.events.state();
    await stage.events.purgeTrash(['yours']);
    expect((await stage.events.changes(syncToken)).gone).toEqual(['yours-deleted.ics']);
  });

  trap('trash-of-owner', 'a sharee is told that nothing helps but the owner', async (stage) => {
    stage.bob.shares.push({ collection: stage.collection('mirror'), access: 'read-write' });
    const shared = (await (
      await stage.signIn(stage.bob)
    ).find({ url: `${stage.url}/remote.php/dav/calendars/bob/mirror_shared_by_alice/` }))!;
    expect(shared).toMatchObject({ standing: 'shared', abilities: { trash: false } });
    await put(shared, 'a.ics', eventText('again'));
    await shared.remove('a.ics', {}, 'silent');
    expect(await refusal(put(shared, 'b.ics', eventText('again')))).toBe('exists UidInTrash');
    expect(await shared.purgeTrash(['again'])).toBe(0);
    expect(await stage.events.purgeTrash(['again'])).toBe(1);
    expect(await put(shared, 'b.ics', eventText('again'))).toMatchObject({ created: true });
  });

  trap('trash-off', 'there is nothing to purge', async (stage) => {
    stage.double.keepsDeleted = false;
    await remake(stage);
    expect(await stage.events.purgeTrash(['again'])).toBe(0);
    expect(await put(stage.events, 'two.ics', eventText('again'))).toMatchObject({ created: true });
  });

  trap('trash-500', 'address books have none: delete and make anew is clean', async (stage) => {
    await put(stage.contacts, 'a.vcf', cardText('again'));
    await stage.contacts.remove('a.vcf', {}, 'silent');
    expect(stage.contacts.abilities.trash).toBe(false);
    expect(await put(stage.contacts, 'b.vcf', cardText('again'), { ifNoneMatch: '*' })).toMatchObject({
      created: true,
    });
  });

  function trashedUids(stage: Stage): string[] {
    return stage.alice.collections
      .flatMap(({ rows }) => rows)
      .filter(({ deletedAt }) => deletedAt !== undefined)
      .map(({ uid }) => uid)
      .sort();
  }
});

describe('synchronisation', () => {
  trap('token-garbage', 'the condition of RFC 6578 is told', async (stage) => {
    for (const token of ['nonsense', 'http://sabre.io/ns/sync/x']) {
      expect((await plainSync(stage, stage.events, { token })).status).toBe(403);
      expect(await refusal(stage.events.changes(token))).toBe('403 valid-sync-token');
    }
  });

  trap('token-future', 'a database restored from a backup is noticed', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    const future = 'http://sabre.io/ns/sync/999';
    expect(await plainSync(stage, stage.events, { token: future })).toMatchObject({ status: 207, hrefs: [] });
    expect(await refusal(stage.events.changes(future))).toBe('403 valid-sync-token');
  });

  trap('limit-loses', 'no limit is sent for a calendar, and everything comes', async (stage) => {
    const { token } = await stage.events.changes(undefined);
    for (const uid of ['a', 'b', 'c', 'd', 'e']) await put(stage.events, `${uid}.ics`, eventText(uid));
    const cut = await plainSync(stage, stage.events, { token, limit: '2' });
    const rest = await plainSync(stage, stage.events, { token: cut.token });
    expect([...cut.hrefs, ...rest.hrefs]).toHaveLength(2);
    expect((await plainSync(stage, stage.events, { limit: '2' })).hrefs).toEqual([]);
    for (const since of [token, undefined]) {
      const delta = await stage.events.changes(since, 2);
      expect([delta.truncated, names(delta.changed)]).toEqual([
        false,
        ['a.ics', 'b.ics', 'c.ics', 'd.ics', 'e.ics'],
      ]);
    }
  });

  trap('book-pages', 'a limit is kept page by page, without one everything comes at once', async (stage) => {
    const before = (await stage.contacts.changes(undefined)).token;
    for (const uid of ['a', 'b', 'c', 'd', 'e']) await put(stage.contacts, `${uid}.vcf`, cardText(uid));
    for (const start of [undefined, before]) {
      const seen: string[] = [];
      let page = await stage.contacts.changes(start, 2);
      seen.push(...names(page.changed));
      for (let guard = 0; page.truncated && guard < 10; guard += 1) {
        expect(page.changed.length).toBeLessThanOrEqual(2);
        page = await stage.contacts.changes(page.token, 2);
        seen.push(...names(page.changed));
      }
      expect(seen.sort()).toEqual(['a.vcf', 'b.vcf', 'c.vcf', 'd.vcf', 'e.vcf']);
      // A server that cuts of its own accord.
      stage.double.bookPage = 2;
      const whole = await stage.contacts.changes(start);
      expect(whole).toMatchObject({ truncated: false, full: start === undefined });
      expect(names(whole.changed)).toEqual(['a.vcf', 'b.vcf', 'c.vcf', 'd.vcf', 'e.vcf']);
      stage.double.bookPage = undefined;
    }
  });

  trap('recreated-gone', 'what is there is never told as gone', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    await put(stage.events, 'b.ics', eventText('b'));
    const { token } = await stage.events.changes(undefined);
    for (const href of ['a.ics', 'b.ics']) await stage.raw('DELETE', pathOf(stage.events, href));
    await outside(stage, 'a.ics', eventText('another'));
    expect((await plainSync(stage, stage.events, { token })).gone.sort()).toEqual(['a.ics', 'b.ics']);
    const delta = await stage.events.changes(token);
    expect([names(delta.changed), delta.gone]).toEqual([['a.ics'], ['b.ics']]);
    expect(delta.changed[0]?.etag).toBe((await stage.events.member('a.ics'))?.etag);
  });

  trap('teapot', 'the status of the response counts, not that of its empty propstat', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    const { token } = await stage.events.changes(undefined);
    await stage.events.remove('a.ics', {}, 'silent');
    expect((await plainSync(stage, stage.events, { token })).text).toContain('HTTP/1.1 418');
    expect((await stage.events.changes(token)).gone).toEqual(['a.ics']);
  });

  trap('multiget-silent', 'what is left out is not there', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    const hrefs = ['none.ics', 'a.ics']
      .map((href) => `<d:href>${pathOf(stage.events, href)}</d:href>`)
      .join('');
    const body = `<c:calendar-multiget ${D}><d:prop><d:getetag/></d:prop>${hrefs}</c:calendar-multiget>`;
    const text = await (await stage.raw('REPORT', pathOf(stage.events), { body })).text();
    expect(text).not.toContain('none.ics');
    const read = await stage.events.read(['none.ics', 'a.ics'], { kind: 'whole' });
    expect(read.map(([, outcome]) => (outcome.ok ? 'ok' : outcome.failure.kind))).toEqual([
      'not-found',
      'ok',
    ]);
  });

  trap('parallel-writers', 'one writer a collection, however many sign-ins there are', async (stage) => {
    const before = await plainSync(stage, stage.events);
    stage.double.gate = { writers: 4, waiting: [] };
    await Promise.all(['a', 'b', 'c', 'd'].map((uid) => outside(stage, `${uid}.ics`, eventText(uid))));
    stage.double.gate = undefined;
    // Four writes moved the token by one: a reader in between would have missed three.
    expect(tokenNumber((await stage.events.state()).syncToken) - tokenNumber(before.token)).toBe(1);
    stage.double.writers.clear();
    const again = await stage.signIn(stage.alice);
    const twin = (await again.find({ url: stage.events.url }))!;
    const start = tokenNumber((await stage.events.state()).syncToken);
    await Promise.all(
      ['e', 'f', 'g', 'h'].map((uid, index) =>
        put(index % 2 === 0 ? stage.events : twin, `${uid}.ics`, eventText(uid)),
      ),
    );
    await Promise.all([stage.events.remove('e.ics', {}, 'silent'), twin.remove('f.ics', {}, 'silent')]);
    expect(stage.double.writers.get(stage.collection('mirror'))?.most).toBe(1);
    expect(tokenNumber((await stage.events.state()).syncToken) - start).toBe(6);
  });

  const tokenNumber = (token: string): number => Number(/\d+$/.exec(token)?.[0]);
});

describe('contacts', () => {
  trap('card-version', 'the version is named in every request for a text', async (stage) => {
    const card = cardText('c')
      .replace('VERSION:3.0', 'VERSION:4.0')
      .replace('END:VCARD', 'KIND:individual\r\nEND:VCARD');
    const stored = await put(stage.contacts, 'c.vcf', card);
    const plain = await stage.raw('GET', pathOf(stage.contacts, 'c.vcf'));
    expect([await plain.text(), plain.headers.get('etag')]).toEqual([
      expect.not.stringContaining('KIND'),
      stored.etag,
    ]);
    const [[, four] = []] = await stage.contacts.read(['c.vcf'], { kind: 'address', version: '4.0' });
    expect(four?.ok && four.value.text).toBe(card.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
    const [[, whole] = []] = await stage.contacts.read(['c.vcf'], { kind: 'whole' });
    expect(whole?.ok && whole.value.text).toContain('KIND:individual');
    const [[, three] = []] = await stage.contacts.read(['c.vcf'], { kind: 'address', version: '3.0' });
    expect(three?.ok && three.value.text).toContain('VERSION:3.0');
    // Repaired, so read again: in the version it was written in.
    const mended = await put(stage.contacts, 'm.vcf', card.replace('UID:c\r\n', ''));
    expect(mended.stored?.text).toMatch(/VERSION:4\.0[\s\S]*KIND:individual/);
  });

  trap('query-depth', 'cards are found', async (stage) => {
    await put(stage.contacts, 'c.vcf', cardText('c'));
    const body = `<cr:addressbook-query ${D}><d:prop><d:getetag/></d:prop><cr:filter/></cr:addressbook-query>`;
    expect(
      (await stage.raw('REPORT', pathOf(stage.contacts), { body, headers: { Depth: '0' } })).status,
    ).toBe(415);
    const texts = [
      { text: 'hopper', collation: 'i;unicode-casemap', negate: false, match: 'contains' },
    ] as const;
    const props = [{ name: 'FN', isNotDefined: false, test: 'anyof', texts, params: [] }] as const;
    const { found } = await stage.contacts.query({
      filter: { kind: 'address', filter: { test: 'anyof', props } },
      shape: 'none',
    });
    expect(found.map(([href]) => href)).toEqual(['c.vcf']);
  });
});

describe('shares', () => {
  const sharedWithBob = async (stage: Stage, access: 'read' | 'read-write'): Promise<RemoteCollection> => {
    stage.bob.shares.push({ collection: stage.collection('mirror'), access });
    const home = await stage.signIn(stage.bob);
    return (await home.collections()).find(({ standing }) => standing === 'shared')!;
  };

  trap('share-read-only', '404 means no right to write, and nothing is gone', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a'));
    const shared = await sharedWithBob(stage, 'read');
    expect(
      (await stage.raw('PUT', pathOf(shared, 'a.ics'), { body: eventText('a'), as: stage.bob })).status,
    ).toBe(404);
    expect(shared.folder.rights).toMatchObject({ read: true, create: false, modify: false, remove: false });
    expect(await shared.state()).toMatchObject({ writable: false });
    expect(await refusal(put(shared, 'a.ics', eventText('a')))).toBe('403 need-privileges');
    expect(await refusal(put(shared, 'new.ics', eventText('new')))).toBe('403 need-privileges');
    expect(await refusal(shared.remove('a.ics', {}, 'silent'))).toBe('403 need-privileges');
    expect(await refusal(shared.remove('none.ics', {}, 'silent'))).toBe('404');
    // A collection that is gone is another thing.
    await stage.raw('DELETE', pathOf(shared), { as: stage.bob });
    expect(await refusal(put(shared, 'a.ics', eventText('a')))).toBe('not-found CollectionGone');
  });

  trap('share-private', 'private objects are neither listed nor read', async (stage) => {
    await put(stage.events, 'a.ics', eventText('a', { lines: ['CLASS:PRIVATE'] }));
    await put(stage.events, 'b.ics', eventText('b', { lines: ['CLASS:CONFIDENTIAL'] }));
    const shared = await sharedWithBob(stage, 'read-write');
    expect(names((await shared.changes(undefined)).changed)).toEqual(['b.ics']);
    const [[, read] = []] = await shared.read(['a.ics'], { kind: 'whole' });
    expect(read).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
  });
});

describe('the list of traps', () => {
  it('is tested whole', () => {
    const texts = readdirSync(import.meta.dirname).map((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8'),
    );
    const tested = texts.flatMap((text) =>
      [...text.matchAll(/(?:\btrap\(|\[)\s*'([^']+)'/g)].map(([, id]) => id),
    );
    expect(Object.keys(traps).filter((id) => !tested.includes(id))).toEqual([]);
  });
});
