// UIDs for which no tag has room: the object goes by a digest, and says its whole UID when it is read.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutlook } from './outlook.ts';
import {
  alice,
  asCalendar,
  asCard,
  asXml,
  calendarOf,
  calendarText,
  cardsOf,
  cardText,
  conditionOf,
  etagsBody,
  eventText,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const uid = `${'0123456789abcdef'.repeat(20)}@example.org`;
const other = uid.replace('@', 'x@');

const kinds = [
  ['events', calendarOf(alice), 'ics', asCalendar, (name: string) => eventText(name, 'SUMMARY:A')],
  [
    'tasks',
    calendarOf(alice, 'tasks'),
    'ics',
    asCalendar,
    (name: string) =>
      calendarText('BEGIN:VTODO', `UID:${name}`, 'DTSTAMP:20260101T000000Z', 'SUMMARY:A', 'END:VTODO'),
  ],
  ['contacts', cardsOf(alice), 'vcf', asCard, (name: string) => cardText(name, 'TITLE:A')],
] as const;

describe.each(kinds)('%s', (_, folder, extension, headers, textOf) => {
  const href = `${folder}a.${extension}`;
  const put = (at: string, body: string) => stage.ask('PUT', at, { body, headers });
  const get = async (at: string): Promise<string> => {
    stage.advance();
    return (await stage.ask('GET', at)).text.replaceAll('\r\n ', '');
  };
  const hrefs = async (): Promise<string[]> => {
    stage.advance();
    const answer = await stage.ask('PROPFIND', folder, {
      body: etagsBody,
      headers: { ...asXml, depth: '1' },
    });
    return [...responsesOf(answer).keys()].filter((each) => each !== folder);
  };

  it('are kept whole, after a restart too, and through an edit', async () => {
    expect((await put(href, textOf(uid))).status).toBe(201);
    expect(await get(href)).toContain(`UID:${uid}\r\n`);
    await stage.restart();
    const text = await get(href);
    expect(text).toContain(`UID:${uid}\r\n`);
    expect((await put(href, text.replace(/(SUMMARY|TITLE):A/, '$1:B'))).status).toBe(204);
    await stage.restart();
    expect(await get(href)).toContain(`UID:${uid}\r\n`);
    expect(await hrefs()).toEqual([href]);
  });

  it('are unique in their collection, and a member keeps its own', async () => {
    await put(href, textOf(uid));
    const second = await put(`${folder}b.${extension}`, textOf(uid));
    expect([second.status, conditionOf(second)]).toEqual([409, 'no-uid-conflict']);
    expect((await put(href, textOf(other))).status).toBe(409);
    expect((await put(`${folder}b.${extension}`, textOf(other))).status).toBe(201);
  });
});

it('a query for such a UID finds it', async () => {
  const folder = calendarOf(alice);
  await stage.ask('PUT', `${folder}a.ics`, { body: eventText(uid), headers: asCalendar });
  await stage.ask('PUT', `${folder}b.ics`, { body: eventText('short'), headers: asCalendar });
  const body = `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID"><C:text-match collation="i;octet">${uid}</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
  const answer = await stage.ask('REPORT', folder, { body, headers: { ...asXml, depth: '1' } });
  expect([...responsesOf(answer).keys()]).toEqual([`${folder}a.ics`]);
});

it('a copy made in Outlook is another event', async () => {
  const folder = calendarOf(alice);
  await stage.ask('PUT', `${folder}a.ics`, { body: eventText(uid), headers: asCalendar });
  const outlook = openOutlook(stage.simulator.url, alice);
  const [item] = await outlook.items('calendar');
  await outlook.copy(item!, 'calendar');
  stage.advance();
  const listing = await stage.ask('PROPFIND', folder, { body: etagsBody, headers: { ...asXml, depth: '1' } });
  const members = [...responsesOf(listing).keys()].filter((each) => each !== folder);
  expect(members).toHaveLength(2);
  const uids = await Promise.all(
    members.map(
      async (each) => /^UID:(.*)$/m.exec((await stage.ask('GET', each)).text.replaceAll('\r\n ', ''))?.[1],
    ),
  );
  expect(new Set(uids).size).toBe(2);
  expect(uids.map((each) => each?.trim())).toContain(uid);
});
