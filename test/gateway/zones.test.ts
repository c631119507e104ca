// Zones between Outlook and DAV clients: whole days are days wherever their maker lives, floating times float, and zones that
// changed their rules are told as they were.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutlook, type Outlook } from './outlook.ts';
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
let outlook: Outlook;
const calendar = calendarOf(alice);
beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(() => stage.stop());

/** The text of the only event, unfolded. */
async function only(): Promise<string> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', calendar, {
    body: etagsBody,
    headers: { ...asXml, depth: '1' },
  });
  const [href = ''] = [...responsesOf(answer).keys()].filter((each) => each !== calendar);
  return (await stage.ask('GET', href)).text.replaceAll(/\r\n[ ]/g, '');
}

async function clear(): Promise<void> {
  for (const item of await outlook.items('calendar')) await outlook.remove(item);
}

it.each([
  'W. Europe Standard Time',
  'Tokyo Standard Time',
  'Pacific Standard Time',
  'Nepal Standard Time',
  'Samoa Standard Time',
  'Line Islands Standard Time',
  'Dateline Standard Time',
  'Newfoundland Standard Time',
])('whole days made in %s are the same days', async (zone) => {
  const days = { subject: 'Days', start: '2026-03-28T00:00:00', end: '2026-03-30T00:00:00', isAllDay: true };
  await outlook.createIn(zone, days);
  expect(await only()).toMatch(/DTSTART;VALUE=DATE:20260328\r\n[\s\S]*DTEND;VALUE=DATE:20260330\r\n/);
  await clear();
  // Over changes of the clock, in spring and in autumn.
  for (const first of ['2026-03-25', '2026-10-20']) {
    const next = first.replace(/\d\d$/, (day) => String(Number(day) + 1));
    await outlook.createIn(zone, {
      ...days,
      start: `${first}T00:00:00`,
      end: `${next}T00:00:00`,
      isDaily: true,
    });
    const text = await only();
    expect(text).toContain(`DTSTART;VALUE=DATE:${first.replaceAll('-', '')}\r\n`);
    expect(text).toContain('RRULE:FREQ=DAILY;COUNT=10\r\n');
    const [master] = await outlook.items('calendar');
    await outlook.removeOccurrence(master!, 6);
    await outlook.renameOccurrence(master!, 8, 'Named');
    const sixth = String(Number(first.slice(8)) + 5);
    const changed = await only();
    expect(changed).toContain(`EXDATE;VALUE=DATE:${first.slice(0, 7).replace('-', '')}${sixth}\r\n`);
    expect(changed).toMatch(/RECURRENCE-ID;VALUE=DATE:2026(0401|1027)\r\n/);
    await clear();
  }
});

it('floating times come back floating, and stay when Outlook changes something else', async () => {
  const lines = [
    'UID:f',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20261005T093000',
    'DTEND:20261005T103000',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    'SUMMARY:Float',
    'EXDATE:20261026T093000',
  ];
  const body = calendarText('BEGIN:VEVENT', ...lines, 'END:VEVENT');
  expect((await stage.ask('PUT', `${calendar}f.ics`, { body, headers: asCalendar })).status).toBe(201);
  await stage.restart();
  for (const line of lines.filter((each) => /^(DT(START|END)|EXDATE|RRULE)/.test(each)))
    expect(await only()).toContain(`${line}\r\n`);
  const [item] = await outlook.items('calendar');
  await outlook.rename(item!, 'Renamed');
  const text = await only();
  expect(text).toContain('SUMMARY:Renamed\r\n');
  for (const line of lines.slice(2, 4)) expect(text).toContain(`${line}\r\n`);
  expect(text).toContain('EXDATE:20261026T093000\r\n');
  await clear();
});

it.each([
  ['Turkey Standard Time', '2015-12-01', 'Europe/Istanbul', '+0200'],
  ['Turkey Standard Time', '2017-12-01', 'Europe/Istanbul', '+0300'],
  ['Russian Standard Time', '2012-12-03', 'Europe/Moscow', '+0400'],
  ['Russian Standard Time', '2016-12-01', 'Europe/Moscow', '+0300'],
  ['E. South America Standard Time', '2018-12-03', 'America/Sao_Paulo', '-0200'],
  ['E. South America Standard Time', '2020-12-01', 'America/Sao_Paulo', '-0300'],
])('a definition of %s on %s says the offset of that day', async (zone, date, tzid, offset) => {
  await outlook.createIn(zone, { subject: 'Then', start: `${date}T09:00:00`, end: `${date}T10:00:00` });
  const text = await only();
  expect(text).toContain(`TZID:${tzid}\r\n`);
  const wall = /DTSTART;TZID=[^:]*:(\d{8}T\d{6})/.exec(text)?.[1] ?? '';
  const onsets = [...text.matchAll(/BEGIN:(?:STANDARD|DAYLIGHT)[\s\S]*?END:(?:STANDARD|DAYLIGHT)/g)].flatMap(
    ([part]) => {
      const [start = '', to = ''] = [/DTSTART:(\S+)/, /TZOFFSETTO:(\S+)/].map((each) => each.exec(part)?.[1]);
      const further = [...part.matchAll(/RDATE:(\S+)/g)].flatMap(([, list = '']) => list.split(','));
      return [start, ...further].map((at) => ({ at, to }));
    },
  );
  const before = onsets.filter(({ at }) => at <= wall).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  expect(before[0]?.to).toBe(offset);
  await clear();
});
