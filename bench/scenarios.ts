// The rows of the call budget: each asks one thing of the gateway and says how many EWS calls that may cost.
import { calendarQuery, type DavClient, hrefsOf, multiget, propfind, syncCollection } from './dav-client.ts';

export interface World {
  readonly client: DavClient;
  readonly home: string;
  readonly calendar: string;
  readonly events: number;
  /** Hrefs of plain events. */
  readonly plain: readonly string[];
  /** Href of a daily series of 500. */
  readonly series: string;
  /** Runs through the plain events, so that a small cache never has the next ones. */
  take(count: number): readonly string[];
  /** Lets the second pass in which a refresh still counts. */
  settle(): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  /** EWS calls one run may cost, exactly. */
  readonly budget: (world: World) => number;
  /** Before each run, not measured. */
  readonly prepare?: (world: World, run: number) => Promise<void>;
  /** Answers the bytes of the DAV answer. */
  readonly run: (world: World, run: number) => Promise<number>;
}

const refresh = 1;
const depth = (value: string): { headers: Record<string, string> } => ({ headers: { Depth: value } });
const settled = { prepare: (world: World) => world.settle() };

export const scenarios: readonly Scenario[] = [
  {
    name: 'PROPFIND depth 1 of the home, nothing changed',
    ...settled,
    budget: () => 1,
    run: async ({ client, home }) =>
      (
        await client.send('PROPFIND', home, {
          body: propfind('D:displayname', 'CS:getctag', 'D:sync-token'),
          ...depth('1'),
        })
      ).bytes,
  },
  {
    name: 'PROPFIND depth 0 of a calendar',
    ...settled,
    budget: () => refresh,
    run: async ({ client, calendar }) =>
      (
        await client.send('PROPFIND', calendar, {
          body: propfind('CS:getctag', 'D:sync-token'),
          ...depth('0'),
        })
      ).bytes,
  },
  {
    name: 'PROPFIND depth 1 of a calendar',
    ...settled,
    budget: () => refresh,
    run: async ({ client, calendar }) =>
      (
        await client.send('PROPFIND', calendar, {
          body: propfind('D:getetag', 'D:resourcetype'),
          ...depth('1'),
        })
      ).bytes,
  },
  {
    name: 'sync-collection, nothing changed',
    ...settled,
    budget: () => refresh,
    run: async (world) =>
      (
        await world.client.send('REPORT', world.calendar, {
          body: syncCollection(await tokenOf(world)),
          ...depth('0'),
        })
      ).bytes,
  },
  multigetOf(1),
  multigetOf(10),
  multigetOf(100),
  {
    name: 'GET of one event, cold',
    ...settled,
    budget: () => refresh + 1,
    run: async (world) => (await world.client.send('GET', world.take(1)[0] ?? '')).bytes,
  },
  {
    name: 'GET of one event, cached',
    prepare: async (world) => {
      await world.client.send('GET', world.plain[0] ?? '');
      await world.settle();
    },
    budget: () => refresh,
    run: async (world) => (await world.client.send('GET', world.plain[0] ?? '')).bytes,
  },
  {
    name: 'PUT of a new event',
    ...settled,
    budget: () => refresh + 1,
    run: async ({ client, calendar }, run) =>
      (
        await client.send('PUT', `${calendar}bench-${run}.ics`, {
          body: event(`bench-${run}`, 'new'),
          headers: icalendar,
        })
      ).bytes,
  },
  {
    name: 'PUT of a changed event, cached',
    prepare: async (world, run) => {
      await world.client.send('GET', `${world.calendar}bench-${run}.ics`);
      await world.settle();
    },
    budget: () => refresh + 1,
    run: async ({ client, calendar }, run) =>
      (
        await client.send('PUT', `${calendar}bench-${run}.ics`, {
          body: event(`bench-${run}`, 'changed'),
          headers: icalendar,
        })
      ).bytes,
  },
  {
    name: 'PUT of one changed occurrence of a daily series of 500',
    prepare: async (world) => {
      await world.client.send('GET', world.series);
      await world.settle();
    },
    budget: () => refresh + 4,
    run: async ({ client, series }, run) =>
      (await client.send('PUT', series, { body: dailySeries(400, `occurrence ${run}`), headers: icalendar }))
        .bytes,
  },
  {
    name: 'DELETE of an event',
    ...settled,
    budget: () => 1,
    run: async ({ client, calendar }, run) =>
      (await client.send('DELETE', `${calendar}bench-${run}.ics`)).bytes,
  },
];

function multigetOf(count: number): Scenario {
  return {
    name: `multiget of ${count}, cold`,
    ...settled,
    budget: () => refresh + Math.ceil(count / 50),
    run: async (world) => {
      const answer = await world.client.send('REPORT', world.calendar, {
        body: multiget(world.take(count)),
        ...depth('1'),
      });
      const found = answer.text.split('BEGIN:VEVENT').length - 1;
      if (found < count) throw new Error(`multiget of ${count} gave ${found} events`);
      return answer.bytes;
    },
  };
}

export async function tokenOf({ client, calendar }: Pick<World, 'client' | 'calendar'>): Promise<string> {
  const answer = await client.send('PROPFIND', calendar, { body: propfind('D:sync-token'), ...depth('0') });
  return /<(?:\w+:)?sync-token>([^<]+)</.exec(answer.text)?.[1] ?? '';
}

/** Everything, as a new client reads it: the list, then the texts in hundreds. */
export async function firstRead({ client, calendar }: Pick<World, 'client' | 'calendar'>): Promise<number> {
  const list = await client.send('PROPFIND', calendar, { body: propfind('D:getetag'), ...depth('1') });
  const hrefs = hrefsOf(list).filter((href) => href !== calendar);
  let found = 0;
  for (let at = 0; at < hrefs.length; at += 100) {
    const answer = await client.send('REPORT', calendar, {
      body: multiget(hrefs.slice(at, at + 100)),
      ...depth('1'),
    });
    found += answer.text.split('BEGIN:VCALENDAR').length - 1;
  }
  if (found !== hrefs.length)
    throw new Error(`the first read gave ${found} texts for ${hrefs.length} members`);
  return found;
}

export const icalendar = { 'content-type': 'text/calendar; charset=utf-8' } as const;

const calendarText = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Exdav//bench//EN', ...lines, 'END:VCALENDAR', ''].join(
    '\r\n',
  );

export function event(uid: string, summary: string): string {
  return calendarText(
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART;TZID=Europe/Vienna:20261202T100000',
    'DTEND;TZID=Europe/Vienna:20261202T110000',
    `SUMMARY:${summary}`,
    'END:VEVENT',
  );
}

/** A daily series of 500 from 2026-01-05, 08:00 UTC, with one occurrence (1-based index) of its own summary. */
export function dailySeries(index: number, summary: string): string {
  const stamp = new Date(Date.UTC(2026, 0, 4 + index, 8)).toISOString().replaceAll(/[-:]|\.000/g, '');
  const common = ['UID:bench-series', 'DTSTAMP:20260101T000000Z'];
  return calendarText(
    'BEGIN:VEVENT',
    ...common,
    'DTSTART:20260105T080000Z',
    'DTEND:20260105T083000Z',
    'RRULE:FREQ=DAILY;COUNT=500',
    'SUMMARY:every day',
    'END:VEVENT',
    'BEGIN:VEVENT',
    ...common,
    `RECURRENCE-ID:${stamp}`,
    `DTSTART:${stamp}`,
    `DTEND:${stamp.replace('T08', 'T09')}`,
    `SUMMARY:${summary}`,
    'END:VEVENT',
  );
}

export const month = calendarQuery('20261101T000000Z', '20261201T000000Z');
