// Whole calendars and address books by GET, signed in or under a secret link. Nextcloud 33 wipes its copy of a subscription on
// a 304 or an empty answer, so there is neither: a feed is whole or it is a 5xx.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ICAL from 'ical.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../simulator/faults.ts';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { type Feed, type FeedTokens, openFeedTokens, openKeys } from '../../src/auth/index.ts';
import { openStore } from '../../src/store/index.ts';
import {
  alice,
  type Answer,
  asCalendar,
  asCard,
  bob,
  calendarOf,
  cardsOf,
  cardText,
  carol,
  eventText,
  openStage,
  type Stage,
} from './stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'exdav-feeds-'));
const url = `sqlite:${join(folder, 'store.db')}`;
let stage: Stage;
let tokens: FeedTokens;
let closeStore: () => Promise<void>;

beforeAll(async () => {
  stage = await openStage({ settings: { EXDAV_STORE: url } });
  const store = await openStore(url);
  closeStore = () => store.close();
  tokens = openFeedTokens(store.records, openKeys('only for this test run'));
  const series = eventText('series', 'RRULE:FREQ=DAILY;COUNT=4', 'SUMMARY:Plenty', 'EXDATE:20261205T100000Z');
  for (const [name, body] of [
    ['one', eventText('one', 'SUMMARY:Single', 'DESCRIPTION:Words', 'LOCATION:Vienna')],
    ['series', series],
    ['free', eventText('free', 'SUMMARY:Holiday', 'TRANSP:TRANSPARENT')],
    [
      'zoned',
      eventText(
        'zoned',
        'DTSTART;TZID=Europe/Vienna:20261203T100000',
        'DTEND;TZID=Europe/Vienna:20261203T110000',
      ),
    ],
  ] as const)
    expect(
      (await stage.ask('PUT', `${calendarOf(alice)}${name}.ics`, { body, headers: asCalendar })).status,
    ).toBe(201);
  for (const name of ['c1', 'c2'])
    expect(
      (await stage.ask('PUT', `${cardsOf(alice)}${name}.vcf`, { body: cardText(name), headers: asCard }))
        .status,
    ).toBe(201);
  expect(
    (
      await stage.ask('PUT', `${calendarOf(bob)}b.ics`, {
        body: eventText('of-bob'),
        headers: asCalendar,
        user: bob,
      })
    ).status,
  ).toBe(201);
});

afterEach(() => {
  stage.simulator.faults.clear();
  // Back-offs and the second that a refresh counts for.
  stage.advance(120_000);
});

afterAll(async () => {
  await stage.stop();
  await closeStore();
  rmSync(folder, { recursive: true });
});

const credential = { kind: 'password', user: alice.address, password: alice.password } as const;
const linkOf = async (feed: Partial<Feed> = {}, extension = '.ics'): Promise<string> =>
  `/feeds/${await tokens.create({ credential, collection: 'calendar', detail: 'whole', ...feed })}${extension}`;
const read = (target: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  stage.ask('GET', target, { user: null, headers });

function eventsOf(answer: Answer): ICAL.Component[] {
  const root = new ICAL.Component(ICAL.parse(answer.text) as unknown[]);
  const components = root.getAllSubcomponents().filter(({ name }) => name !== 'vtimezone');
  for (const component of components) expect(component.getFirstPropertyValue('uid')).toBeTruthy();
  return components;
}

describe('a feed', () => {
  it('is the whole calendar for who is signed in', async () => {
    const answer = await stage.ask('GET', calendarOf(alice));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8');
    const uids = eventsOf(answer).map((event) => event.getFirstPropertyValue('uid'));
    expect(new Set(uids)).toEqual(new Set(['one', 'series', 'free', 'zoned']));
    expect(answer.text.match(/BEGIN:VCALENDAR/g)).toHaveLength(1);
    expect(answer.text.match(/TZID:Europe\/Vienna/g)).toHaveLength(1);
  });

  it('is the whole address book for who is signed in', async () => {
    const answer = await stage.ask('GET', cardsOf(alice));
    expect(answer.headers['content-type']).toMatch(/^text\/vcard; charset=utf-8/);
    expect(answer.text.match(/BEGIN:VCARD/g)).toHaveLength(2);
    expect(answer.text.match(/^UID:/gm)).toHaveLength(2);
  });

  it('is the same under a secret link, whole', async () => {
    const signedIn = await stage.ask('GET', calendarOf(alice));
    for (const extension of ['.ics', '']) {
      const answer = await read(await linkOf({}, extension));
      expect(answer.status).toBe(200);
      expect(answer.text).toBe(signedIn.text);
      expect(answer.headers['content-type']).toBe('text/calendar; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    const cards = await read(await linkOf({ collection: 'contacts' }, '.vcf'));
    expect(cards.headers['content-type']).toBe('text/vcard; charset=utf-8');
    expect(cards.text.match(/BEGIN:VCARD/g)).toHaveLength(2);
  });

  it('has no stored attachments under a secret link: they need a sign-in', async () => {
    const href = `${calendarOf(alice)}papers.ics`;
    const lines = [
      'ATTACH;FILENAME=a.txt;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=',
      'ATTACH:https://x.test/open',
    ];
    await stage.ask('PUT', href, { body: eventText('papers', ...lines), headers: asCalendar });
    stage.advance();
    const attached = (answer: Answer): unknown[] =>
      eventsOf(answer).flatMap((event) =>
        event.getAllProperties('attach').map((each) => each.getFirstValue()),
      );
    expect(attached(await stage.ask('GET', calendarOf(alice)))).toEqual([
      expect.stringContaining(`${href}/attachments/`),
      'https://x.test/open',
    ]);
    for (const detail of ['whole', 'busy-only'] as const) {
      const answer = await read(await linkOf({ detail }));
      expect(attached(answer)).toEqual(detail === 'whole' ? ['https://x.test/open'] : []);
      expect(answer.text).not.toMatch(/MANAGED-ID|exdav-attachment|\/attachments\//);
    }
    await stage.ask('DELETE', href);
  });

  it('has times and no words under a busy-only link', async () => {
    const answer = await read(await linkOf({ detail: 'busy-only' }));
    const events = eventsOf(answer);
    expect(events.length).toBeGreaterThanOrEqual(3);
    for (const word of ['Single', 'Words', 'Vienna', 'Plenty', 'Holiday', 'alice', 'About']) {
      const shown = answer.text.replaceAll('Europe/Vienna', '');
      expect(shown).not.toContain(word);
    }
    expect(new Set(events.map((event) => event.getFirstPropertyValue('summary')))).toEqual(
      new Set(['Busy', 'Free']),
    );
    expect(answer.text).toContain('20261205T100000Z');
  });

  it("shows another's calendar as far as the maker of the link may see it", async () => {
    const calendar = folderOf(stage.simulator.world.mailboxes.get(bob.address)!, 'calendar');
    grant(calendar, alice.address, levels.reviewer);
    const link = await linkOf({ mailbox: bob.address });
    expect((await read(link)).text).toContain('UID:of-bob');
    grant(calendar, alice.address, levels.none);
    stage.advance(3_600_000);
    const closed = await read(link);
    expect(closed.status).toBe(503);
    expect(closed.text).not.toContain('BEGIN:VCALENDAR');
  });

  it('is never 304', async () => {
    const link = await linkOf();
    for (const target of [link, calendarOf(alice)]) {
      const user = target === link ? null : alice;
      const first = await stage.ask('GET', target, { user });
      expect(first.headers['etag']).toBeUndefined();
      const conditions: readonly Readonly<Record<string, string>>[] = [
        { 'if-none-match': '*' },
        { 'if-none-match': '"x"' },
        { 'if-modified-since': 'Fri, 01 Jan 2038 00:00:00 GMT' },
      ];
      for (const headers of conditions) {
        const answer = await stage.ask('GET', target, { user, headers });
        expect(answer.status).toBe(200);
        expect(answer.text).toBe(first.text);
      }
    }
  });

  it('answers HEAD with the length and no body', async () => {
    for (const [target, user] of [
      [await linkOf(), null],
      [calendarOf(alice), alice],
    ] as const) {
      const whole = await stage.ask('GET', target, { user });
      const head = await stage.ask('HEAD', target, { user });
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers['content-length']).toBe(String(Buffer.byteLength(whole.text)));
      expect(head.headers['content-type']).toBe(whole.headers['content-type']);
    }
  });

  it('takes GET and HEAD only', async () => {
    const link = await linkOf();
    for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND', 'OPTIONS']) {
      const answer = await stage.ask(method, link, { user: null });
      expect(answer.status, method).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD');
    }
  });

  it('is gone when its link is revoked, and was never under another', async () => {
    const link = await linkOf();
    expect((await read(link)).status).toBe(200);
    await tokens.revoke(link.replace('/feeds/', '').replace('.ics', ''));
    expect((await read(link)).status).toBe(404);
    for (const other of [
      '/feeds/',
      '/feeds/abc.ics',
      `/feeds/${'a'.repeat(32)}.ics`,
      `${link}/x`,
      '/feeds/%00',
    ])
      expect([400, 404], other).toContain((await read(other)).status);
  });

  it('is 503 when its collection is gone', async () => {
    expect((await read(await linkOf({ collection: 'elsewhere' }))).status).toBe(503);
  });
});

describe('a feed in trouble', () => {
  const troubles: readonly (readonly [string, FaultKind, object])[] = [
    ['busy', 'busy-fault', { backOffMs: 60_000 }],
    ['busy in each message', 'busy-message', { backOffMs: 60_000 }],
    ['a page of HTML', 'html-500', {}],
    ['a dropped connection', 'dropped', {}],
    ['a dropped answer', 'dropped-after', {}],
  ];
  it.each(troubles)('is 5xx and not empty: %s', async (_, kind, options) => {
    for (const operation of ['SyncFolderItems', 'GetItem']) {
      const link = await linkOf({ detail: 'busy-only' });
      await stage.restart();
      stage.simulator.faults.on(kind, { operation, ...options });
      // Either way of asking meets one of the two operations.
      const targets = [
        [link, null],
        [calendarOf(alice), alice],
      ] as const;
      for (const [target, user] of targets.slice(
        operation === 'GetItem' ? 1 : 0,
        operation === 'GetItem' ? 2 : 1,
      )) {
        const answer = await stage.ask('GET', target, { user });
        expect(answer.status, `${operation} ${answer.text.slice(0, 200)}`).toBe(503);
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
      }
      stage.simulator.faults.clear();
      await stage.restart();
      expect((await read(link)).status).toBe(200);
    }
  });

  it('is 5xx when the password no longer works, and the old one is tried once', async () => {
    const link = await linkOf({
      credential: { kind: 'password', user: carol.address, password: carol.password },
    });
    expect((await read(link)).status).toBe(200);
    const { mailboxes } = stage.simulator.world;
    const mailbox = mailboxes.get(carol.address)!;
    mailboxes.set(carol.address, { ...mailbox, password: 'new' });
    const before = stage.simulator.refusedSignIns();
    for (let times = 0; times < 4; times += 1) {
      stage.advance();
      const answer = await read(link);
      expect(answer.status).toBe(503);
      expect(answer.text).not.toContain('BEGIN');
    }
    expect(stage.simulator.refusedSignIns()).toBe(before + 1);
  });

  it('is 5xx rather than without the one item that cannot be read', async () => {
    await stage.restart();
    stage.simulator.faults.poison('Single', 'corrupt');
    for (const [target, user] of [
      [await linkOf(), null],
      [calendarOf(alice), alice],
    ] as const) {
      const answer = await stage.ask('GET', target, { user });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('BEGIN:VCALENDAR');
    }
  });

  it('is whole when an item has times that cannot be', async () => {
    await stage.restart();
    stage.simulator.faults.poison('Single', 'garbage');
    expect(eventsOf(await stage.ask('GET', calendarOf(alice)))).toHaveLength(4);
  });
});

it('leaves no link in the log', () => {
  expect(stage.log()).not.toMatch(/feeds\/[\w-]{20}/);
  expect(stage.log()).not.toContain('example.test');
});
