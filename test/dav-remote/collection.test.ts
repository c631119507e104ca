// The rest of the port: servers without tokens, queries, feeds, busy times, and what a collection says of itself.
import { describe, expect, it } from 'vitest';
import { openDavHosts, openRemote, type Latch } from '../../src/dav-remote/index.ts';
import { cardText, eventText } from '../memory-backend/items.ts';
import { startNextcloudDouble } from '../nextcloud-double/index.ts';
import { openStage, put, refusal, type Stage } from './stage.ts';

async function staged(work: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await openStage();
  try {
    await work(stage);
  } finally {
    await stage.close();
  }
}

describe('a server without sync-collection', () => {
  it('is listed whole whenever something changed, and not when nothing did', async () => {
    const running = await startNextcloudDouble();
    running.double.withoutReports.add('sync-collection');
    const hosts = openDavHosts();
    const home = await openRemote({
      url: running.url,
      user: 'alice',
      password: running.alice.password,
      hosts,
    });
    const events = await home.create({ kind: 'events', displayName: 'Mirror' });
    expect(events.abilities.sync).toBe(false);
    const empty = await events.changes(undefined);
    expect(empty).toMatchObject({ changed: [], gone: [], full: true });
    for (const uid of ['a', 'b']) await put(events, `${uid}.ics`, eventText(uid));
    const { syncToken } = await events.state();
    const first = await events.changes(empty.token);
    expect(first).toMatchObject({ full: true, token: syncToken });
    expect(first.changed.map(({ href }) => href).sort()).toEqual(['a.ics', 'b.ics']);
    expect(await events.changes(first.token)).toMatchObject({ changed: [], gone: [], full: false });
    await events.remove('a.ics', {}, 'silent');
    const second = await events.changes(first.token);
    expect(second).toMatchObject({ full: true });
    expect(second.changed.map(({ href }) => href)).toEqual(['b.ics']);
    hosts.close();
    await running.close();
  });
});

describe('queries', () => {
  it('give names, or texts, up to a limit', () =>
    staged(async (stage) => {
      for (const uid of ['a', 'b', 'c']) {
        await put(stage.events, `${uid}.ics`, eventText(uid));
        await put(stage.contacts, `${uid}.vcf`, cardText(uid));
      }
      const plain = { isNotDefined: false, props: [], comps: [] };
      const comp = { ...plain, name: 'VCALENDAR', comps: [{ ...plain, name: 'VEVENT' }] };
      const all = { kind: 'calendar', filter: { comp } } as const;
      const listed = await stage.events.query({ filter: all, shape: 'none' });
      expect(listed.found.map(([href, outcome]) => [href, outcome.ok && outcome.value.text])).toEqual([
        ['a.ics', ''],
        ['b.ics', ''],
        ['c.ics', ''],
      ]);
      const two = await stage.events.query({ filter: all, shape: { kind: 'whole' }, limit: 2 });
      expect(two.truncated).toBe(true);
      expect(two.found.map(([, outcome]) => outcome.ok && /UID:(\w)/.exec(outcome.value.text)?.[1])).toEqual([
        'a',
        'b',
      ]);
      const book = { kind: 'address', filter: { test: 'anyof', props: [] } } as const;
      const cards = await stage.contacts.query({ filter: book, shape: 'none', limit: 3 });
      expect([cards.found.length, cards.truncated]).toEqual([3, false]);
    }));

  it('put every part of a filter and a shape on the wire', () =>
    staged(async (stage) => {
      const text = { text: 'x<y', collation: 'i;octet', negate: true, match: 'contains' } as const;
      const params = [
        { name: 'PARTSTAT', isNotDefined: false, textMatch: text },
        { name: 'CN', isNotDefined: true },
      ];
      const range = { from: Date.UTC(2026, 0, 2, 3, 4, 5), to: Date.UTC(2027, 0, 1) };
      const props = [
        { name: 'ATTENDEE', isNotDefined: false, params },
        { name: 'DUE', isNotDefined: false, timeRange: { from: range.from }, params: [] },
        { name: 'STATUS', isNotDefined: true, params: [] },
      ];
      const plain = { isNotDefined: false, props: [], comps: [] };
      const comp = {
        ...plain,
        name: 'VCALENDAR',
        comps: [{ ...plain, name: 'VEVENT', timeRange: range, props }],
      };
      const asked: string[] = [];
      stage.double.onBody = (body) => asked.push(body);
      await stage.events.query({ filter: { kind: 'calendar', filter: { comp } }, shape: 'none' });
      expect(asked[0]).toContain(
        '<C:comp-filter name="VEVENT"><C:time-range start="20260102T030405Z" end="20270101T000000Z"/>' +
          '<C:prop-filter name="ATTENDEE"><C:param-filter name="PARTSTAT"><C:text-match collation="i;octet" negate-condition="yes">x&lt;y</C:text-match></C:param-filter>' +
          '<C:param-filter name="CN"><C:is-not-defined/></C:param-filter></C:prop-filter>' +
          '<C:prop-filter name="DUE"><C:time-range start="20260102T030405Z"/></C:prop-filter>' +
          '<C:prop-filter name="STATUS"><C:is-not-defined/></C:prop-filter></C:comp-filter>',
      );
      await put(stage.events, 'a.ics', eventText('a'));
      asked.length = 0;
      const parts = {
        name: 'VCALENDAR',
        properties: [{ name: 'VERSION', noValue: true }],
        components: [{ name: 'VEVENT' }],
      };
      await stage.events.read(['a.ics'], { kind: 'calendar', expand: range, parts });
      expect(asked[0]).toContain(
        '<C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION" novalue="yes"/><C:comp name="VEVENT"><C:allprop/><C:allcomp/></C:comp></C:comp>' +
          '<C:expand start="20260102T030405Z" end="20270101T000000Z"/></C:calendar-data>',
      );
    }));
});

describe('everything at once', () => {
  it('a feed is all texts, and fails when one cannot be read', () =>
    staged(async (stage) => {
      for (const uid of ['a', 'b']) await put(stage.events, `${uid}.ics`, eventText(uid));
      expect((await stage.events.feed('whole')).match(/^UID:[ab]\r$/gm)).toHaveLength(2);
      expect(await refusal(stage.events.feed('busy-only'))).toBe('invalid NoBusyFeed');
      stage.double.mishaps.push(
        { kind: 'status', method: 'REPORT', status: 500 },
        { kind: 'status', method: 'GET', status: 500 },
      );
      expect(await refusal(stage.events.feed('whole'))).toBe('unavailable Http500');
    }));

  it('busy times are read from VFREEBUSY', () =>
    staged(async (stage) => {
      const lines = [
        'FREEBUSY:20260310T080000Z/20260310T090000Z,20260310T100000Z/PT1H30M',
        'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260311T080000Z/P1D',
        'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260312T08',
        ' 0000Z/PT15M',
        'FREEBUSY;FBTYPE=FREE:20260313T080000Z/PT1H',
      ];
      const body = [
        'BEGIN:VCALENDAR',
        'BEGIN:VFREEBUSY',
        ...lines,
        'END:VFREEBUSY',
        'END:VCALENDAR',
        '',
      ].join('\r\n');
      stage.double.mishaps.push({ kind: 'status', method: 'REPORT', status: 200, body });
      const range = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };
      const at = (day: number, hour: number, minute = 0): number => Date.UTC(2026, 2, day, hour, minute);
      expect(await stage.events.freeBusy(range)).toEqual([
        { range: { from: at(10, 8), to: at(10, 9) }, busy: 'busy' },
        { range: { from: at(10, 10), to: at(10, 11, 30) }, busy: 'busy' },
        { range: { from: at(11, 8), to: at(12, 8) }, busy: 'tentative' },
        { range: { from: at(12, 8), to: at(12, 8, 15) }, busy: 'out-of-office' },
      ]);
      expect(await refusal(stage.events.freeBusy(range))).toBe('invalid Http415');
    }));

  it('nobody is told of changes: the watch ends with its signal', () =>
    staged(async (stage) => {
      const stop = new AbortController();
      setImmediate(() => stop.abort());
      const hints: unknown[] = [];
      for await (const hint of stage.events.watch(stop.signal)) hints.push(hint);
      expect(hints).toEqual([]);
    }));
});

describe('what it costs', () => {
  for (const version of ['24.0.12', '32.0.2', '33.0.3'] as const) {
    it(`a request for each step, on ${version}`, async () => {
      const stage = await openStage(version);
      const costOf = async (work: () => Promise<unknown>): Promise<string[]> => {
        const before = stage.double.log.length;
        await work();
        return stage.double.log.slice(before).map(({ method }) => method);
      };
      const isNew = { ifNoneMatch: '*' } as const;
      const { syncToken } = await stage.events.state();
      expect(await costOf(() => stage.events.state())).toEqual(['PROPFIND']);
      expect(await costOf(() => put(stage.events, 'a.ics', eventText('a'), isNew))).toEqual(['PUT']);
      expect(await costOf(() => stage.events.changes(syncToken))).toEqual(['REPORT']);
      const hrefs = Array.from({ length: 51 }, () => 'a.ics');
      expect(await costOf(() => stage.events.read(hrefs, { kind: 'whole' }))).toEqual(['REPORT']);
      expect(await costOf(() => stage.events.members())).toEqual(['PROPFIND']);
      // Where only the text can silence a write, what is stored is looked at first.
      const look = version === '33.0.3' ? [] : ['REPORT'];
      const change = () => put(stage.events, 'a.ics', eventText('a', { summary: 'Supper' }));
      expect(await costOf(change)).toEqual(version === '24.0.12' ? ['REPORT', 'PUT'] : ['PUT']);
      expect(await costOf(() => stage.events.remove('a.ics', {}, 'silent'))).toEqual([...look, 'DELETE']);
      // What is told as gone is looked for, all of it in one.
      expect(await costOf(() => stage.events.changes(syncToken))).toEqual(['REPORT', 'REPORT']);
      expect(await costOf(() => stage.events.purgeTrash(['a']))).toEqual(['REPORT', 'DELETE']);
      await stage.close();
    });
  }
});

describe('a latch of the caller', () => {
  it('may be slow, and decides what it remembers', () =>
    staged(async (stage) => {
      const remembered = new Set<string>();
      const latch: Latch = {
        async isShut({ host, user, password }) {
          await new Promise((resolve) => setImmediate(resolve));
          return remembered.has(`${host} ${user} ${password.length}`);
        },
        async shut({ host, user, password }) {
          remembered.add(`${host} ${user} ${password.length}`);
        },
      };
      expect(await refusal(stage.signIn(stage.bob, { latch, password: 'wrong' }))).toBe(
        'unauthorized Http401',
      );
      expect(remembered).toEqual(new Set([`${new URL(stage.url).host} bob 5`]));
      expect(await refusal(stage.signIn(stage.bob, { latch, password: 'wrong' }))).toBe(
        'unauthorized Latched',
      );
    }));
});
