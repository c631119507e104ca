// What the scenarios work on: alice's mailbox as a client sees it, and the texts that are written into it.
import { setTimeout as sleep } from 'node:timers/promises';
import { type DavClient, hrefsOf, multiget, openDavClient, propfind } from './dav-client.ts';

export const alice = { address: 'alice@example.test', password: 'alice' } as const;

export interface World {
  readonly client: DavClient;
  readonly home: string;
  readonly calendar: string;
  /** Hrefs of events without RRULE: changed occurrences of series cost a call more. */
  readonly plain: readonly string[];
  /** A sync-token of the calendar as it was in the beginning. */
  readonly token: string;
  /** A calendar of 60 events in December 2026. */
  readonly month: string;
  /** Href of a daily series of 500, and its changed occurrences: summaries by index. */
  readonly series: string;
  readonly changed: Map<number, string>;
  /** Runs through the plain events, so that a small cache never has the next ones. */
  readonly take: (count: number) => readonly string[];
}

export async function openWorld(url: string): Promise<World> {
  const client = openDavClient(url, alice);
  const home = `/calendars/${alice.address}/`;
  const calendar = `${home}calendar/`;
  const series = `${calendar}bench-series.ics`;
  const plain = await plainEvents(client, calendar);
  await client.send('PUT', series, { body: dailySeries(new Map()), headers: icalendar });
  const month = await makeMonth(client, home);
  // What says when a folder last changed is not believed before that is three seconds ago.
  await sleep(3500);
  let next = 0;
  return {
    client,
    home,
    calendar,
    plain,
    token: await tokenOf(client, calendar),
    month,
    series,
    changed: new Map(),
    take(count) {
      if (next + count > plain.length) next = 0;
      next += count;
      return plain.slice(next - count, next);
    },
  };
}

async function plainEvents(client: DavClient, calendar: string): Promise<readonly string[]> {
  const plain: string[] = [];
  const depth = { Depth: '1' };
  const list = await client.send('PROPFIND', calendar, { body: propfind('D:getetag'), headers: depth });
  const hrefs = hrefsOf(list).filter((href) => href !== calendar);
  for (let at = 0; at < hrefs.length; at += 200) {
    const body = multiget(hrefs.slice(at, at + 200));
    const answer = await client.send('REPORT', calendar, { body, headers: depth });
    for (const response of answer.text.split(/<(?:\w+:)?response>/).slice(1))
      if (!/^BEGIN:VEVENT[^]*^RRULE/m.test(response)) plain.push(...hrefsOf({ text: response }).slice(0, 1));
  }
  return plain;
}

async function tokenOf(client: DavClient, calendar: string): Promise<string> {
  const options = { body: propfind('D:sync-token'), headers: { Depth: '0' } };
  const { text } = await client.send('PROPFIND', calendar, options);
  return /<(?:\w+:)?sync-token>([^<]+)</.exec(text)?.[1] ?? '';
}

async function makeMonth(client: DavClient, home: string): Promise<string> {
  const month = `${home}bench-month/`;
  await client.send('MKCALENDAR', month);
  for (let number = 1; number <= 60; number += 1)
    await client.send('PUT', `${month}${number}.ics`, {
      body: event(`bench-month-${number}`, `event ${number}`),
      headers: icalendar,
    });
  return month;
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

/** A daily series of 500 from 2026-01-05, 08:00 UTC, with some occurrences (1-based index) of their own summary and length. */
export function dailySeries(changed: ReadonlyMap<number, string>): string {
  const common = ['UID:bench-series', 'DTSTAMP:20260101T000000Z'];
  const overrides = [...changed].flatMap(([index, summary]) => {
    const stamp = new Date(Date.UTC(2026, 0, 4 + index, 8)).toISOString().replaceAll(/[-:]|\.000/g, '');
    return [
      'BEGIN:VEVENT',
      ...common,
      `RECURRENCE-ID:${stamp}`,
      `DTSTART:${stamp}`,
      `DTEND:${stamp.replace('T08', 'T09')}`,
      `SUMMARY:${summary}`,
      'END:VEVENT',
    ];
  });
  return calendarText(
    'BEGIN:VEVENT',
    ...common,
    'DTSTART:20260105T080000Z',
    'DTEND:20260105T083000Z',
    'RRULE:FREQ=DAILY;COUNT=500',
    'SUMMARY:every day',
    'END:VEVENT',
    ...overrides,
  );
}
