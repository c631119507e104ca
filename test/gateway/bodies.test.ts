// Bodies are HTML in Outlook and text for most clients: what a client does not touch stays as it is, in the series, in one
// occurrence and in somebody else's meeting (docs/decisions/0010-formatted-descriptions.md).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareId, createEvent, get as getItem, ok, path, set, updateBody } from '../simulator/soap-client.ts';
import { attendees, daily, itemsIn } from '../simulator/scheduling/people.ts';
import {
  alice,
  asCalendar,
  asXml,
  calendarOf,
  calendarText,
  etagsBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const body = (html: string): string =>
  `<t:Body BodyType="HTML">${html.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t:Body>`;
const zone = '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>';
const html = '<p>Dear all,</p><p>see&nbsp;<a href="https://example.org/">here</a>.</p>';
const shown = 'DESCRIPTION:Dear all\\,\\nsee here.';
const monday = '<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>';

async function onlyHref(): Promise<string> {
  stage.advance();
  const folder = calendarOf(alice);
  const answer = await stage.ask('PROPFIND', folder, { body: etagsBody, headers: { ...asXml, depth: '1' } });
  const [href = ''] = [...responsesOf(answer).keys()].filter((each) => each !== folder);
  return href;
}

async function get(href: string): Promise<string> {
  stage.advance();
  const answer = await stage.ask('GET', href);
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll('\r\n ', '');
}

async function put(href: string, text: string): Promise<void> {
  const answer = await stage.ask('PUT', href, { body: text, headers: asCalendar });
  expect(answer.status, answer.text).toBeLessThan(300);
}

const htmlOf = async (id: string): Promise<string> => path(await getItem(stage.simulator, id), 'Body');
const occurrence = (master: string, index: number): string =>
  `<t:OccurrenceItemId RecurringMasterId="${master}" InstanceIndex="${index}"/>`;

it('an edit of something else leaves HTML alone, also when the client spells blanks in its own way', async () => {
  const id = bareId(
    await createEvent(stage.simulator, `<t:Subject>A</t:Subject>${body(html)}${monday}${zone}`),
  );
  const href = await onlyHref();
  const text = await get(href);
  expect(text).toContain(shown);
  await put(href, text.replace('SUMMARY:A', 'SUMMARY:B').replace('see here.', 'see\u{A0}here.  \\n'));
  expect(path(await getItem(stage.simulator, `Id="${id}"`), 'Subject')).toBe('B');
  expect(await htmlOf(`Id="${id}"`)).toBe(html);
  await put(href, (await get(href)).replace(/DESCRIPTION:.*/, 'DESCRIPTION:New words'));
  expect(await htmlOf(`Id="${id}"`)).not.toContain('Dear');
});

describe('a series', () => {
  const series = `<t:Subject>A</t:Subject>${body(html)}${monday}${daily(5)}${zone}`;

  it('keeps its HTML and that of an occurrence when either is edited', async () => {
    const id = bareId(await createEvent(stage.simulator, series));
    const other = '<b>Only</b> today';
    await ok(stage.simulator, updateBody(occurrence(id, 2), set('item:Body', 'CalendarItem', body(other))));
    const href = await onlyHref();
    const text = await get(href);
    expect(text).toContain('DESCRIPTION:Only today');
    await put(href, text.replaceAll('SUMMARY:A', 'SUMMARY:B'));
    expect(await htmlOf(`Id="${id}"`)).toBe(html);
    expect(await htmlOf(occurrence(id, 2))).toBe(other);
    expect(path(await getItem(stage.simulator, occurrence(id, 2)), 'Subject')).toBe('B');
  });

  it('gives its HTML to an occurrence that a client moves, and only the time is written', async () => {
    const id = bareId(await createEvent(stage.simulator, series));
    const href = await onlyHref();
    const text = await get(href);
    const [event = ''] = /BEGIN:VEVENT[\s\S]*?END:VEVENT\r\n/.exec(text) ?? [];
    const moved = event
      .replace(/RRULE:.*\r\n/, '')
      .replace(/DTSTART.*\r\n/, 'RECURRENCE-ID:20250604T100000Z\r\nDTSTART:20250604T130000Z\r\n')
      .replace(/DTEND.*\r\n/, 'DTEND:20250604T140000Z\r\n');
    stage.sent.length = 0;
    await put(href, text.replace('END:VCALENDAR', `${moved}END:VCALENDAR`));
    expect(stage.sent.filter((each) => each.includes('item:Body"') && each.includes('UpdateItem'))).toEqual(
      [],
    );
    expect(await htmlOf(occurrence(id, 3))).toBe(html);
    expect(path(await getItem(stage.simulator, occurrence(id, 3)), 'Start')).toBe('2025-06-04T13:00:00Z');
  });

  it("writes a client's HTML of one occurrence there, and takes nothing from the series", async () => {
    const event = (...lines: string[]): string[] => [
      'BEGIN:VEVENT',
      'UID:s@example.org',
      'DTSTAMP:20260101T000000Z',
      ...lines,
      'END:VEVENT',
    ];
    const altrep = (words: string, form: string): string =>
      `DESCRIPTION;ALTREP="data:text/html,${encodeURIComponent(form)}":${words}`;
    const sent = calendarText(
      ...event(
        'DTSTART:20261201T100000Z',
        'DTEND:20261201T110000Z',
        'RRULE:FREQ=DAILY;COUNT=5',
        altrep('Every day', '<i>Every</i> day'),
      ),
      ...event(
        'RECURRENCE-ID:20261203T100000Z',
        'DTSTART:20261203T100000Z',
        'DTEND:20261203T110000Z',
        altrep('Today', '<b>Today</b>'),
      ),
      ...event(
        'RECURRENCE-ID:20261204T100000Z',
        'DTSTART:20261204T100000Z',
        'DTEND:20261204T113000Z',
        'DESCRIPTION:Plain',
      ),
    );
    const href = `${calendarOf(alice)}s.ics`;
    await put(href, sent);
    const id = bareId((await itemsIn(stage.simulator, 'alice', 'calendar'))[0]);
    expect(await htmlOf(`Id="${id}"`)).toBe('<i>Every</i> day');
    expect(await htmlOf(occurrence(id, 3))).toBe('<b>Today</b>');
    expect(await htmlOf(occurrence(id, 4))).toContain('Plain');
    await stage.restart();
    const text = await get(href);
    for (const line of sent.split('\r\n').filter((each) => each.startsWith('DESCRIPTION')))
      expect(text).toContain(line);
    stage.sent.length = 0;
    await put(href, text.replace('SEQUENCE', 'X-SEQUENCE').replace('RRULE', 'X-OTHER:1\r\nRRULE'));
    expect(stage.sent.filter((each) => each.includes('item:Body"') && each.includes('UpdateItem'))).toEqual(
      [],
    );
  });
});

it("somebody else's meeting keeps its body whatever an attendee's client sends", async () => {
  await createEvent(
    stage.simulator,
    `<t:Subject>A</t:Subject>${body(html)}${monday}${attendees('RequiredAttendees', 'alice')}${zone}`,
    { mode: 'SendToAllAndSaveCopy', user: 'bob' },
  );
  const href = await onlyHref();
  const id = bareId((await itemsIn(stage.simulator, 'alice', 'calendar'))[0]);
  const before = await htmlOf(`Id="${id}"`);
  expect(before).toContain('<p>Dear all,</p>');
  const text = await get(href);
  await put(href, text.replace(/DESCRIPTION:.*/, 'DESCRIPTION:Mine\r\nCATEGORIES:Seen'));
  expect(await htmlOf(`Id="${id}"`)).toBe(before);
  expect(path(await getItem(stage.simulator, `Id="${id}"`), 'Categories/String')).toBe('Seen');
});
