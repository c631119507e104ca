// Exchange has a bad moment during each kind of request: the client hears 503 with Retry-After, and when it asks again nothing
// is lost and nothing is there twice (DESIGN §6). One item that cannot be read hides no other.
import { describe, expect, it } from 'vitest';
import type { FaultKind } from '../../simulator/faults.ts';
import { openOutlook } from './outlook.ts';
import {
  alice,
  type Answer,
  asCalendar,
  asXml,
  calendarOf,
  calendarText,
  etagsBody,
  eventText,
  multigetBody,
  openStage,
  parseAnswer,
  responsesOf,
  type Stage,
  syncBody,
} from './stage.ts';

const calendar = calendarOf(alice);
const depth1 = { ...asXml, depth: '1' };

const put = (stage: Stage, name: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  stage.ask('PUT', `${calendar}${name}.ics`, { body, headers: { ...asCalendar, ...headers } });

/** A series with two moved instances and two that are cancelled. */
function seriesText(uid: string, summary = 'Series', hour = '10'): string {
  const event = (...lines: readonly string[]): string[] => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    ...lines,
    'END:VEVENT',
  ];
  return calendarText(
    ...event(
      `DTSTART:20261201T${hour}0000Z`,
      `DTEND:20261201T${hour}3000Z`,
      'RRULE:FREQ=DAILY;COUNT=10',
      `EXDATE:20261203T${hour}0000Z,20261204T${hour}0000Z`,
      `SUMMARY:${summary}`,
    ),
    ...['05', '06'].flatMap((day) =>
      event(
        `RECURRENCE-ID:202612${day}T${hour}0000Z`,
        `DTSTART:202612${day}T150000Z`,
        `DTEND:202612${day}T160000Z`,
        `SUMMARY:Moved ${day}`,
      ),
    ),
  );
}

interface Request {
  readonly run: (stage: Stage) => Promise<Answer>;
  /** Calls of Exchange that it is made of. */
  readonly operations: readonly string[];
  /** UIDs of the calendar afterwards, and words of the text under a name. */
  readonly held: readonly string[];
  readonly shows?: Readonly<Record<string, readonly string[]>>;
  /** What asking again may answer. */
  readonly again: readonly number[];
}

const present = ['one', 'series', 'two'];
const requests: Readonly<Record<string, Request>> = {
  'PROPFIND of the home': {
    run: (stage) => stage.ask('PROPFIND', `/calendars/${alice.address}/`, { headers: depth1 }),
    operations: ['FindFolder'],
    held: present,
    again: [207],
  },
  'PROPFIND of the calendar': {
    run: (stage) => stage.ask('PROPFIND', calendar, { body: etagsBody, headers: depth1 }),
    operations: ['SyncFolderItems'],
    held: present,
    again: [207],
  },
  'sync-collection': {
    run: (stage) => stage.ask('REPORT', calendar, { body: syncBody(), headers: asXml }),
    operations: ['SyncFolderItems'],
    held: present,
    again: [207],
  },
  multiget: {
    run: (stage) =>
      stage.ask('REPORT', calendar, {
        body: multigetBody(...present.map((name) => `${calendar}${name}.ics`)),
        headers: asXml,
      }),
    operations: ['SyncFolderItems', 'GetItem'],
    held: present,
    again: [207],
  },
  'PUT of a new event': {
    run: (stage) => put(stage, 'new', eventText('new', 'SUMMARY:New')),
    operations: ['SyncFolderItems', 'CreateItem'],
    held: ['new', ...present],
    shows: { new: ['SUMMARY:New'] },
    again: [201, 204],
  },
  'PUT of a new event, only if new': {
    run: (stage) => put(stage, 'new', eventText('new', 'SUMMARY:New'), { 'if-none-match': '*' }),
    operations: ['CreateItem'],
    held: ['new', ...present],
    shows: { new: ['SUMMARY:New'] },
    again: [201, 412],
  },
  'PUT of a change': {
    run: (stage) => put(stage, 'one', eventText('one', 'SUMMARY:Changed')),
    operations: ['SyncFolderItems', 'GetItem', 'UpdateItem'],
    held: present,
    shows: { one: ['SUMMARY:Changed'] },
    again: [204],
  },
  'PUT of a new series': {
    run: (stage) => put(stage, 'new', seriesText('new')),
    operations: ['CreateItem', 'UpdateItem', 'DeleteItem', 'GetItem'],
    held: ['new', ...present],
    shows: {
      new: ['SUMMARY:Series', 'SUMMARY:Moved 05', 'SUMMARY:Moved 06', '20261203T100000Z', '20261204T100000Z'],
    },
    again: [201, 204],
  },
  'PUT of a series at another time': {
    run: (stage) => put(stage, 'series', seriesText('series', 'Later', '11')),
    operations: ['GetItem', 'UpdateItem', 'DeleteItem'],
    held: present,
    shows: {
      series: [
        'SUMMARY:Later',
        'SUMMARY:Moved 05',
        'SUMMARY:Moved 06',
        '20261203T110000Z',
        '20261204T110000Z',
      ],
    },
    again: [204],
  },
  DELETE: {
    run: (stage) => stage.ask('DELETE', `${calendar}two.ics`),
    operations: ['DeleteItem'],
    held: ['one', 'series'],
    again: [204, 404],
  },
};

const kinds = [
  'busy-fault',
  'busy-message',
  'html-500',
  'dropped',
  'dropped-after',
] as const satisfies FaultKind[];

const cases = Object.entries(requests).flatMap(([name, request]) =>
  request.operations.flatMap((operation) => kinds.map((kind) => ({ name, request, operation, kind }))),
);

async function openFilled(): Promise<Stage> {
  const stage = await openStage();
  for (const [name, body] of [
    ['one', eventText('one')],
    ['two', eventText('two')],
    ['series', seriesText('series')],
  ] as const)
    expect((await put(stage, name, body)).status).toBe(201);
  await stage.restart();
  return stage;
}

async function uidsIn(stage: Stage): Promise<string[]> {
  const feed = await stage.ask('GET', calendar);
  expect(feed.status, feed.text).toBe(200);
  const masters = feed.text
    .split('BEGIN:VEVENT')
    .filter((text) => text.includes('UID:') && !text.includes('RECURRENCE-ID'));
  return masters.map((text) => /^UID:(.*)$/m.exec(text)?.[1]?.trim() ?? '').sort();
}

/** Statuses inside of a multistatus, or the one of the answer. */
function statusesOf(answer: Answer): number[] {
  return answer.status === 207
    ? [...responsesOf(answer).values()].map(({ status }) => status)
    : [answer.status];
}

describe.concurrent('a fault of Exchange', () => {
  it.each(cases)(
    '$name while $operation is $kind',
    { timeout: 30_000 },
    async ({ request, operation, kind }) => {
      const stage = await openFilled();
      try {
        // The sign-in and the list of folders are there; the cache is not.
        await stage.ask('PROPFIND', calendar, { headers: { depth: '0' } });
        stage.advance();
        stage.simulator.resetCalls();
        stage.simulator.faults.on(kind, { operation, backOffMs: 60_000 });
        const answer = await request.run(stage);
        expect(stage.simulator.calls()[operation]).toBeGreaterThan(0);

        const statuses = statusesOf(answer);
        expect(
          statuses.every((status) => status === 503 || status === 200),
          `${answer.status} ${answer.text}`,
        ).toBe(true);
        expect(statuses).toContain(503);
        if (answer.status === 503) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        stage.simulator.faults.clear();
        // The account waits for as long as Exchange said; another process of the gateway does not know of that.
        if (kind.startsWith('busy')) await stage.restart();
        // The client asks again at once, and a refresh of a moment ago must not be believed.
        const again = await request.run(stage);
        expect(request.again, again.text).toContain(again.status);
        await expectHeld(stage, request);
        stage.advance();
        await expectHeld(stage, request);
        expect(stage.simulator.sentMessages()).toEqual([]);
      } finally {
        await stage.stop();
      }
    },
  );
});

async function expectHeld(stage: Stage, request: Request): Promise<void> {
  expect(await uidsIn(stage)).toEqual(request.held.toSorted());
  const subjects = (await openOutlook(stage.simulator.url, alice).items('calendar')).map(
    ({ subject }) => subject,
  );
  expect(subjects).toHaveLength(request.held.length);
  const listing = await stage.ask('PROPFIND', calendar, { body: etagsBody, headers: depth1 });
  expect([...responsesOf(listing).keys()].sort()).toEqual(
    [calendar, ...request.held.map((name) => `${calendar}${name}.ics`)].sort(),
  );
  for (const [name, words] of Object.entries(request.shows ?? {})) {
    const { text } = await stage.ask('GET', `${calendar}${name}.ics`);
    for (const word of words) expect(text).toContain(word);
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(name === 'series' || words.length > 1 ? 3 : 1);
  }
}

describe('faults that the gateway settles itself', () => {
  const within = async (run: (stage: Stage) => Promise<void>): Promise<void> => {
    const stage = await openFilled();
    try {
      await run(stage);
    } finally {
      await stage.stop();
    }
  };

  it('one drop, one page of HTML, one short wait are not seen by a reader', () =>
    within(async (stage) => {
      for (const kind of kinds) {
        stage.advance();
        stage.simulator.faults.on(kind, { operation: 'SyncFolderItems', count: 1, backOffMs: 20 });
        const answer = await stage.ask('PROPFIND', calendar, { body: etagsBody, headers: depth1 });
        expect(answer.status, kind).toBe(207);
        expect(responsesOf(answer).size).toBe(4);
      }
    }));

  it('an expired sync state is a full listing, with the same names, etags and a valid token', () =>
    within(async (stage) => {
      const sync = (token = '') => stage.ask('REPORT', calendar, { body: syncBody(token), headers: asXml });
      const before = await sync();
      const token = parseAnswer(before).children.length;
      stage.advance();
      stage.simulator.faults.on('expired-sync-state', { operation: 'SyncFolderItems', count: 1 });
      const after = await sync();
      expect(after.status).toBe(207);
      expect([...responsesOf(after)].map(([href, { etag }]) => [href, etag])).toEqual(
        [...responsesOf(before)].map(([href, { etag }]) => [href, etag]),
      );
      expect(parseAnswer(after).children.length).toBe(token);
    }));

  it('a conflict is 412 for who said If-Match, and settled for who did not', () =>
    within(async (stage) => {
      const { headers } = await stage.ask('GET', `${calendar}one.ics`);
      stage.simulator.faults.on('conflict', { operation: 'UpdateItem', count: 1 });
      const guarded = await put(stage, 'one', eventText('one', 'SUMMARY:A'), { 'if-match': headers.etag! });
      expect(guarded.status).toBe(412);
      stage.simulator.faults.on('conflict', { operation: 'UpdateItem', count: 1 });
      expect((await put(stage, 'one', eventText('one', 'SUMMARY:B'))).status).toBe(204);
      expect((await stage.ask('GET', `${calendar}one.ics`)).text).toContain('SUMMARY:B');
    }));

  it(
    'an account that Exchange told to wait is not asked before, and then is served',
    { timeout: 20_000 },
    () =>
      within(async (stage) => {
        stage.simulator.faults.on('busy-fault', { operation: 'SyncFolderItems', count: 1, backOffMs: 2600 });
        const refused = await stage.ask('GET', calendar);
        expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '3' } });
        stage.simulator.resetCalls();
        expect((await stage.ask('GET', calendar)).status).toBe(503);
        expect(stage.simulator.calls()).toEqual({});
        await new Promise((resolve) => setTimeout(resolve, 2700));
        expect((await stage.ask('GET', calendar)).status).toBe(200);
      }),
  );

  it('characters that XML does not have come out of the texts', () =>
    within(async (stage) => {
      stage.simulator.faults.controlCharacters = true;
      const answer = await stage.ask('REPORT', calendar, {
        body: multigetBody(`${calendar}one.ics`),
        headers: asXml,
      });
      expect(answer.status).toBe(207);
      expect(responsesOf(answer).get(`${calendar}one.ics`)).toMatchObject({ status: 200 });
      expect(answer.text).not.toMatch(/&#x0*1;|\u0001/);
    }));
});

describe('one item that cannot be read', () => {
  it('is listed, has its own 5xx, is counted and logged, and hides no other', async () => {
    const stage = await openFilled();
    try {
      stage.simulator.faults.poison('About one', 'corrupt');
      const listing = await stage.ask('PROPFIND', calendar, { body: etagsBody, headers: depth1 });
      expect(responsesOf(listing).get(`${calendar}one.ics`)).toMatchObject({ status: 200 });
      for (const body of [
        multigetBody(...present.map((name) => `${calendar}${name}.ics`)),
        '<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>',
      ]) {
        const answer = await stage.ask('REPORT', calendar, { body, headers: depth1 });
        expect(answer.status).toBe(207);
        const responses = responsesOf(answer);
        expect(responses.get(`${calendar}one.ics`)).toMatchObject({ status: 500, data: '' });
        for (const name of ['two', 'series'])
          expect(responses.get(`${calendar}${name}.ics`)?.data).toContain(`UID:${name}`);
      }
      expect((await stage.ask('GET', `${calendar}one.ics`)).status).toBe(500);
      const { text } = await stage.ask('GET', '/metrics', { user: null });
      expect(Number(/^exdav_unreadable_objects_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(3);
      expect(stage.lines().filter(({ msg }) => msg === 'an object cannot be shown').length).toBeGreaterThan(
        0,
      );
      expect(stage.log()).not.toContain('About one');
      // It can still be deleted.
      expect((await stage.ask('DELETE', `${calendar}one.ics`)).status).toBe(204);
    } finally {
      await stage.stop();
    }
  });
});
