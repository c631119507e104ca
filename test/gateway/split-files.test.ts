// Files of an event of several items: they are the whole's, and lie with one of its items (docs/decisions/0013).
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { childOf, childrenOf, xml } from '../../src/xml/index.ts';
import { attached } from './meetings.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import {
  alice,
  type Answer,
  asCalendar,
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
const second = calendarOf(alice, 'second');
const href = `${calendar}u.ics`;
beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
  expect((await stage.ask('MKCALENDAR', second)).status).toBe(201);
});
beforeEach(() => stage.advance());
afterEach(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  for (const folder of [calendar, second])
    for (const each of await members(folder)) await stage.ask('DELETE', each);
  expect(await outlook.items('calendar')).toEqual([]);
});
afterAll(() => stage.stop());

const rule = 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15';
const plain = ['BEGIN:VEVENT', 'UID:u', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Twice'];
const at = (name: string, wall: string): string => `${name};TZID=Europe/Berlin:${wall}`;
const times = [at('DTSTART', '20261201T090000'), at('DTEND', '20261201T100000')];

function twice(...lines: readonly string[]): string {
  return calendarText(...plain, ...times, rule, ...lines, 'END:VEVENT');
}

const put = (body: string): Promise<Answer> => stage.ask('PUT', href, { body, headers: asCalendar });

async function made(...lines: readonly string[]): Promise<void> {
  const answer = await put(twice(...lines));
  expect(answer.status, answer.text).toBe(201);
  expect(await outlook.items('calendar')).toHaveLength(2);
}

async function members(folder = calendar): Promise<string[]> {
  stage.advance();
  const headers = { depth: '1', 'content-type': 'application/xml' };
  const answer = await stage.ask('PROPFIND', folder, { body: etagsBody, headers });
  return [...responsesOf(answer).keys()].filter((each) => each !== folder);
}

async function textIn(from = href): Promise<string> {
  stage.advance();
  const answer = await stage.ask('GET', from);
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll(/\r\n[ \t]/g, '');
}

/** Name and contents of the files that clients are shown, the way to them among them. */
async function files(from = href): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const line of (await textIn(from)).split('\r\n').filter((each) => each.startsWith('ATTACH'))) {
    const name = /FILENAME=([^;:]+)/.exec(line)?.[1] ?? '';
    const uri = /:(https?:.*)$/.exec(line)?.[1] ?? '';
    const answer = await stage.ask('GET', new URL(uri).pathname);
    expect(answer.status, answer.text).toBe(200);
    found[name] = answer.text;
  }
  return found;
}

/** How many files each item has, as Outlook sees it. */
async function held(): Promise<number[]> {
  const counts: number[] = [];
  for (const item of await outlook.items('calendar')) {
    const shown = await outlook.show(item, xml('t:FieldURI', { FieldURI: 'item:Attachments' }));
    const list = childOf(shown, 'Attachments');
    counts.push(list ? childrenOf(list).length : 0);
  }
  return counts;
}

async function callsOf(work: () => Promise<Answer>, ...statuses: number[]): Promise<Record<string, number>> {
  stage.advance();
  stage.simulator.resetCalls();
  const answer = await work();
  expect(statuses, answer.text).toContain(answer.status);
  return stage.simulator.calls();
}

const post = (query: string, body = '', headers: Record<string, string> = {}): Promise<Answer> =>
  stage.ask('POST', `${href}?action=attachment-${query}`, { body, headers });
const asFile = (name: string) => ({
  'content-type': 'text/plain',
  'content-disposition': `attachment;filename=${name}`,
});
const idOf = (text: string, name: string): string =>
  new RegExp(`ATTACH(?=[^\\r]*FILENAME=${name})[^\\r]*MANAGED-ID=([^;:]+)`).exec(text)?.[1] ?? '';

async function attachInOutlook(index: number, name: string, text: string): Promise<void> {
  const item = (await outlook.items('calendar'))[index]!;
  const content = Buffer.from(text).toString('base64');
  await outlook.attach(
    item,
    xml('t:FileAttachment', {}, xml('t:Name', {}, name), xml('t:Content', {}, content)),
  );
}

it('lie with one item, cost one call however many there are, and none when they come back', async () => {
  const calls = await callsOf(() => put(twice(attached('a.txt', 'one'), attached('b.txt', 'two'))), 201);
  expect(calls).toMatchObject({ CreateItem: 1, CreateAttachment: 1 });
  expect((await held()).toSorted()).toEqual([0, 2]);
  expect(await files()).toEqual({ 'a.txt': 'one', 'b.txt': 'two' });
  await stage.restart();
  expect(await files()).toEqual({ 'a.txt': 'one', 'b.txt': 'two' });
  const shown = await textIn();
  const again = await callsOf(() => put(shown.replace('SUMMARY:Twice', 'SUMMARY:Other')), 204);
  expect(Object.keys(again).filter((name) => name.includes('Attachment'))).toEqual([]);
  expect(await files()).toEqual({ 'a.txt': 'one', 'b.txt': 'two' });
  // One line less is one file less.
  const without = (await textIn()).replace(/ATTACH(?=[^\r]*a\.txt)[^\r]*\r\n/, '');
  expect(await callsOf(() => put(without), 204)).toMatchObject({ DeleteAttachment: 1 });
  expect(await files()).toEqual({ 'b.txt': 'two' });
});

it('that Outlook attaches to any of the items are shown, and the next write brings them together', async () => {
  await made(attached('a.txt', 'one'));
  const first = (await held()).indexOf(1);
  await attachInOutlook(1 - first, 'late.txt', 'late');
  expect(await files()).toEqual({ 'a.txt': 'one', 'late.txt': 'late' });
  const shown = await textIn();
  expect((await put(shown.replace('SUMMARY:Twice', 'SUMMARY:Other'))).status).toBe(204);
  expect(await files()).toEqual({ 'a.txt': 'one', 'late.txt': 'late' });
  expect((await held())[first]).toBe(2);
  expect((await held())[1 - first]).toBe(0);
});

it('come and go by POST, wherever they lie; an occurrence has none of its own', async () => {
  await made();
  const added = await post('add', 'posted', asFile('p.txt'));
  expect(added.status, added.text).toBe(201);
  expect(idOf(await textIn(), 'p.txt')).toBe(added.headers['cal-managed-id']);
  const first = (await held()).indexOf(1);
  await attachInOutlook(1 - first, 'late.txt', 'late');
  const update = `update&managed-id=${idOf(await textIn(), 'late.txt')}`;
  stage.advance();
  expect((await post(update, 'new', asFile('late.txt'))).status).toBe(204);
  expect(await files()).toEqual({ 'p.txt': 'posted', 'late.txt': 'new' });
  stage.advance();
  expect((await post(`remove&managed-id=${String(added.headers['cal-managed-id'])}`)).status).toBe(204);
  expect(await files()).toEqual({ 'late.txt': 'new' });
  stage.advance();
  const single = await post('add&rid=20261215T080000Z', 'x', asFile('x.txt'));
  expect(single).toMatchObject({ status: 403, text: expect.stringMatching(/valid-rid/) });
  const own = [at('RECURRENCE-ID', '20261215T090000'), at('DTSTART', '20261215T110000')];
  const changed = [...own, at('DTEND', '20261215T120000'), attached('own.txt', 'own'), 'END:VEVENT'];
  const refused = await put(
    twice().replace('END:VCALENDAR', [...plain, ...changed, 'END:VCALENDAR'].join('\r\n')),
  );
  expect(refused).toMatchObject({ status: 403, text: expect.stringMatching(/ATTACH: no occurrence/) });
  expect(await files()).toEqual({ 'late.txt': 'new' });
});

it('stay while the event becomes one item and several again', async () => {
  await made(attached('a.txt', 'one'));
  for (const days of ['1', '2,16,20', '5', '1,15']) {
    const next = (await textIn()).replace(/BYMONTHDAY=[\d,]+/, `BYMONTHDAY=${days}`);
    expect((await put(next)).status).toBe(204);
    expect(await files()).toEqual({ 'a.txt': 'one' });
    expect(
      (await held())
        .toSorted()
        .slice(0, -1)
        .every((count) => count === 0),
    ).toBe(true);
  }
});

it('move and are copied with the whole', async () => {
  await made(attached('a.txt', 'one'));
  const first = (await held()).indexOf(1);
  await attachInOutlook(1 - first, 'late.txt', 'late');
  await textIn();
  const go = (verb: string, from: string, to: string) =>
    stage.ask(verb, from, { headers: { destination: to } });
  expect((await go('COPY', href, `${second}copy.ics`)).status).toBe(201);
  expect(await files(`${second}copy.ics`)).toEqual({ 'a.txt': 'one', 'late.txt': 'late' });
  expect((await stage.ask('DELETE', `${second}copy.ics`)).status).toBe(204);
  expect((await go('MOVE', href, `${second}moved.ics`)).status).toBe(201);
  expect(await files(`${second}moved.ics`)).toEqual({ 'a.txt': 'one', 'late.txt': 'late' });
});

it.each([
  ['CreateItem', 'dropped-after'],
  ['CreateAttachment', 'dropped'],
  ['CreateAttachment', 'dropped-after'],
] as const)('a write that breaks at %s %s ends the same when it is sent again', async (operation, kind) => {
  const body = twice(attached('a.txt', 'one'));
  stage.simulator.faults.on(kind, { operation });
  const broken = await put(body);
  stage.simulator.faults.clear();
  expect(broken.status).toBe(503);
  await stage.restart();
  expect([201, 204]).toContain((await put(body)).status);
  expect(await members()).toEqual([href]);
  expect(await files()).toEqual({ 'a.txt': 'one' });
  expect((await held()).toSorted()).toEqual([0, 1]);
});
