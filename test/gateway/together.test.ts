// Several at once: clients on one name, clients and Outlook on one series, clients that go away in the middle.
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meaningOf } from './meaning.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import {
  alice,
  asCalendar,
  asXml,
  basic,
  calendarOf,
  calendarText,
  etagsBody,
  eventText,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
let outlook: Outlook;
const calendar = calendarOf(alice);
beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

const put = (name: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  stage.ask('PUT', `${calendar}${name}.ics`, { body, headers: { ...asCalendar, ...headers } });
const get = async (name: string): Promise<string> => (await stage.ask('GET', `${calendar}${name}.ics`)).text;
const held = async (part: string): Promise<number> =>
  (await outlook.items('calendar')).filter(({ subject }) => subject.startsWith(part)).length;

describe('clients at once', () => {
  it('make one event when they put one name ten times', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => put('same', eventText('same', `SUMMARY:Same ${index}`))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201,
      ...Array.from({ length: 9 }, () => 204),
    ]);
    expect(await held('Same')).toBe(1);
  });

  it('let one win when they all say If-None-Match: *', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        put('first', eventText('first', `SUMMARY:First ${index}`), { 'if-none-match': '*' }),
      ),
    );
    expect(answers.map(({ status }) => status).filter((status) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(5);
    expect(await held('First')).toBe(1);
  });

  it('let one win when they all say the same If-Match', async () => {
    const { headers } = await stage.ask('GET', `${calendar}same.ics`);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        put('same', eventText('same', `SUMMARY:Same again ${index}`), { 'if-match': headers.etag! }),
      ),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(5);
  });

  it('make one event when they put one UID under several names', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) => put(`uid-${index}`, eventText('one-uid', 'SUMMARY:One UID'))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4);
    expect(await held('One UID')).toBe(1);
  });

  it('delete an event once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => stage.ask('DELETE', `${calendar}first.ics`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 404, 404]);
  });

  it('may go away in the middle: what they asked is whole or not there, and others are served', async () => {
    stage.simulator.faults.latencyMs = 30;
    for (const after of [1, 15, 40, 70]) {
      const name = `left-${after}`;
      await new Promise<void>((resolve) => {
        const sending = httpRequest({
          host: '127.0.0.1',
          port: stage.port(),
          method: 'PUT',
          path: `${calendar}${name}.ics`,
          headers: { ...asCalendar, authorization: basic(alice) },
          agent: false,
        });
        sending.on('error', () => resolve());
        sending.on('response', () => resolve());
        sending.end(eventText(name, `SUMMARY:Left ${after}`));
        setTimeout(() => sending.destroy(), after);
      });
      expect([201, 204]).toContain((await put(name, eventText(name, `SUMMARY:Left ${after}`))).status);
    }
    stage.simulator.faults.latencyMs = 0;
    expect(await held('Left')).toBe(4);
    const half = httpRequest({
      host: '127.0.0.1',
      port: stage.port(),
      method: 'PUT',
      path: `${calendar}half.ics`,
      headers: { ...asCalendar, authorization: basic(alice), 'content-length': '1000' },
      agent: false,
    });
    half.on('error', () => {});
    half.write(eventText('half').slice(0, 100));
    await new Promise((resolve) => setTimeout(resolve, 30));
    half.destroy();
    expect((await stage.ask('GET', `${calendar}half.ics`)).status).toBe(404);
  });
});

const event = (...lines: readonly string[]): string[] => [
  'BEGIN:VEVENT',
  'DTSTAMP:20260101T000000Z',
  ...lines,
  'END:VEVENT',
];

/** Ten days from the 1st; the 5th is moved, the 3rd is cancelled. */
const series = (uid: string): string =>
  calendarText(
    ...event(
      `UID:${uid}`,
      'DTSTART:20261201T100000Z',
      'DTEND:20261201T110000Z',
      'RRULE:FREQ=DAILY;COUNT=10',
      'EXDATE:20261203T100000Z',
      `SUMMARY:Series ${uid}`,
      'X-MASTER:kept',
      'PRIORITY:6',
    ),
    ...event(
      `UID:${uid}`,
      'RECURRENCE-ID:20261205T100000Z',
      'DTSTART:20261205T150000Z',
      'DTEND:20261205T160000Z',
      'SUMMARY:Moved',
      'X-INSTANCE:kept',
    ),
  );

describe('a series that both sides change', () => {
  const master = async (uid: string) =>
    (await outlook.items('calendar')).find(({ subject }) => subject === `Series ${uid}`)!;
  const lines = async (name: string): Promise<readonly string[]> => {
    await stage.restart();
    return meaningOf(await get(name));
  };

  it("shows an instance renamed in Outlook, and keeps all that is the client's own", async () => {
    expect((await put('renamed', series('renamed'))).status).toBe(201);
    const before = await lines('renamed');
    await outlook.renameOccurrence(await master('renamed'), 2, 'By Outlook');
    const after = await lines('renamed');
    expect(before.filter((line) => !after.includes(line))).toEqual([]);
    const added = after.filter((line) => !before.includes(line));
    expect(added).toContain('vcalendar/vevent[2026-12-02T10:00:00Z]: summary ["By Outlook"]');
    expect(added.every((line) => line.includes('[2026-12-02T10:00:00Z]'))).toBe(true);
    // The client that still has the old text is told so; with the new one it goes on.
    const text = await get('renamed');
    expect((await put('renamed', text.replace('SUMMARY:Moved', 'SUMMARY:Moved on'))).status).toBe(204);
    const now = await lines('renamed');
    expect(now).toContain('vcalendar/vevent[2026-12-02T10:00:00Z]: summary ["By Outlook"]');
    expect(now).toContain('vcalendar/vevent[2026-12-05T10:00:00Z]: summary ["Moved on"]');
    expect(now).toContain('vcalendar/vevent[2026-12-05T10:00:00Z]: x-instance ["kept"]');
    expect(now).toContain('vcalendar/vevent: x-master ["kept"]');
  });

  it('keeps the moved instance when Outlook renames the series', async () => {
    expect((await put('whole', series('whole'))).status).toBe(201);
    await outlook.rename(await master('whole'), 'All new');
    const after = await lines('whole');
    expect(after).toContain('vcalendar/vevent: summary ["All new"]');
    expect(after).toContain('vcalendar/vevent: priority [6]');
    expect(after).toContain('vcalendar/vevent[2026-12-05T10:00:00Z]: dtstart 2026-12-05T15:00:00Z');
    expect(after).toContain('vcalendar/vevent[2026-12-05T10:00:00Z]: x-instance ["kept"]');
  });

  it('drops what was kept of instances when Outlook moves the whole series, and shows its new time', async () => {
    expect((await put('shifted', series('shifted'))).status).toBe(201);
    const item = await master('shifted');
    await outlook.set(item, {
      element: 'CalendarItem',
      uri: 'calendar:End',
      name: 'End',
      value: '2026-12-01T12:30:00Z',
    });
    const after = await lines('shifted');
    expect(after).toContain('vcalendar/vevent: dtend 2026-12-01T12:30:00Z');
    expect(after).toContain('vcalendar/vevent: x-master ["kept"]');
    expect(after).toContain('vcalendar/vevent: summary ["Series shifted"]');
  });

  it('takes back a cancelled and a moved instance for the client', async () => {
    expect((await put('back', series('back'))).status).toBe(201);
    const text = await get('back');
    const plain = text
      .replace(/EXDATE.*\r\n/, '')
      .replace(/BEGIN:VEVENT(?:(?!BEGIN:VEVENT)[\s\S])*RECURRENCE-ID[\s\S]*?END:VEVENT\r\n/, '');
    expect((await put('back', plain)).status).toBe(204);
    expect(await lines('back')).toEqual(meaningOf(plain));
  });
});

describe('many members', () => {
  it('are created side by side, listed whole, and each has its own name and etag', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `many-${index}`);
    const answers = await Promise.all(names.map((name) => put(name, eventText(name))));
    expect(answers.map(({ status }) => status).filter((status) => status !== 201)).toEqual([]);
    const listing = await stage.ask('PROPFIND', calendar, {
      body: etagsBody,
      headers: { ...asXml, depth: '1' },
    });
    const responses = responsesOf(listing);
    const etags = names.map((name) => responses.get(`${calendar}${name}.ics`)?.etag);
    expect(new Set(etags).size).toBe(60);
  });
});
