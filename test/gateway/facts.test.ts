// Fact by fact, through the whole stack: what a client writes is in Exchange where Exchange has a place for it and comes back to
// the letter; an edit of something else writes nothing; what another program changes is all that a client sees changed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, bareId, get as getItem, ok, path, updateBody } from '../simulator/soap-client.ts';
import { itemsIn } from '../simulator/scheduling/people.ts';
import { eventFacts, type Fact } from './event-facts-table.ts';
import { alice, asCalendar, calendarOf, calendarText, openStage, type Stage } from './stage.ts';
import { taskFacts } from './task-facts-table.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ settings: { EXDAV_SCHEDULING: 'off' } });
});
afterAll(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

const places = {
  event: { path: calendarOf(alice), folder: 'calendar', component: 'VEVENT', times: true },
  task: { path: calendarOf(alice, 'tasks'), folder: 'tasks', component: 'VTODO', times: false },
} as const;

function textOf({ kind, name, lines }: Fact): string {
  const { component, times } = places[kind];
  const has = (property: string): boolean =>
    lines.some((line) => line.startsWith(`${property}:`) || line.startsWith(`${property};`));
  return calendarText(
    `BEGIN:${component}`,
    `UID:${name}@facts.test`,
    'DTSTAMP:20260101T000000Z',
    ...(times && !has('DTSTART') ? ['DTSTART:20261203T100000Z', 'DTEND:20261203T110000Z'] : []),
    ...(has('SUMMARY') ? [] : ['SUMMARY:Just this']),
    ...lines,
    `END:${component}`,
  );
}

/** The same in the third instance of a series of five. */
function overrideTextOf({ name, lines }: Fact): string {
  const [uid, stamp] = [`UID:in-${name}@facts.test`, 'DTSTAMP:20260101T000000Z'];
  const begin = ['BEGIN:VEVENT', uid, stamp];
  return calendarText(
    ...begin,
    'DTSTART:20261201T100000Z',
    'DTEND:20261201T110000Z',
    'RRULE:FREQ=DAILY;COUNT=5',
    'SUMMARY:All of them',
    'END:VEVENT',
    ...begin,
    'RECURRENCE-ID:20261203T100000Z',
    'DTSTART:20261203T100000Z',
    'DTEND:20261203T110000Z',
    ...(lines.some((line) => line.startsWith('SUMMARY')) ? [] : ['SUMMARY:All of them']),
    ...lines,
    'END:VEVENT',
  );
}

async function get(fact: Fact): Promise<string> {
  const answer = await stage.ask('GET', hrefOf(fact));
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll('\r\n ', '');
}

const hrefOf = ({ kind, name }: Fact): string => `${places[kind].path}${name}.ics`;

async function put(fact: Fact, body: string, status: number): Promise<void> {
  const answer = await stage.ask('PUT', hrefOf(fact), { body, headers: asCalendar });
  expect(answer.status, answer.text).toBe(status);
}

const stamps = /^(?:DTSTAMP|CREATED|LAST-MODIFIED|SEQUENCE|PRODID):/;

/** Lines of the components that no writer sets anew, definitions of zones aside. */
function linesOf(text: string): readonly string[] {
  return text
    .replaceAll('\r\n ', '')
    .replaceAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE\r\n/g, '')
    .split('\r\n')
    .filter((line) => line !== '' && !stamps.test(line))
    .map(sortedParams);
}

/** The order of parameters says nothing, nor do quotation marks around a value that needs none. */
function sortedParams(line: string): string {
  const [, name = '', params = '', value = ''] =
    /^([\w-]+)((?:;[\w-]+=(?:"[^"]*"|[^";:,])+(?:,(?:"[^"]*"|[^";:,])+)*)*):(.*)$/s.exec(line) ?? [];
  const each = params.match(/;[\w-]+=(?:"[^"]*"|[^";])+/g) ?? [];
  return `${name}${each
    .map((param) => param.replace(/"([^";:,]*)"/g, '$1'))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join('')}:${value}`;
}

/** `many` without one of each of `some`. */
function without(many: readonly string[], some: readonly string[]): readonly string[] {
  const left = [...many];
  for (const each of some) {
    const index = left.indexOf(each);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}

function sorted(lines: readonly string[]): readonly string[] {
  return lines.toSorted((a, b) => (a < b ? -1 : 1));
}

function fieldsWritten(): readonly string[] {
  const updates = stage.sent.filter((text) => text.includes('<m:UpdateItem'));
  return updates.flatMap((text) =>
    [...text.matchAll(/<t:(?:Set|Delete)ItemField><t:FieldURI FieldURI="([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    ),
  );
}

/** An edit of something else: it writes no field, and everything stays as it was shown. */
async function editElsewhere(fact: Fact, mark: string): Promise<void> {
  const shown = await get(fact);
  const { component } = places[fact.kind];
  const edited = shown
    .replace(/X-ELSEWHERE:.*\r\n/, '')
    .replace(`END:${component}`, `X-ELSEWHERE:${mark}\r\nEND:${component}`);
  stage.sent.length = 0;
  await put(fact, edited, 204);
  expect(fieldsWritten()).toEqual([]);
  await stage.restart();
  expect(without(linesOf(await get(fact)), linesOf(edited))).toEqual([]);
  expect(without(linesOf(edited), linesOf(await get(fact)))).toEqual([]);
}

describe.each([...eventFacts, ...taskFacts])('$kind: $name', (fact) => {
  it('is in Exchange, comes back, and stays', async () => {
    await put(fact, textOf(fact), 201);
    await stage.restart();
    expect(without(linesOf(textOf(fact)), linesOf(await get(fact)))).toEqual([]);
    const { simulator } = stage;
    const item = (await itemsIn(simulator, 'alice', places[fact.kind].folder)).at(-1);
    for (const [name, text] of Object.entries(fact.held ?? {}))
      expect([name, name.includes('@') ? attributeAt(item, name) : path(item, name)]).toEqual([name, text]);

    await editElsewhere(fact, '1');
    const { outlook } = fact;
    if (outlook !== undefined) {
      const before = linesOf(await get(fact));
      await ok(simulator, updateBody(`Id="${bareId(item)}"`, outlook.changes));
      await stage.restart();
      const after = linesOf(await get(fact));
      expect({ hidden: sorted(without(before, after)), shown: sorted(without(after, before)) }).toEqual({
        hidden: sorted(outlook.hides.map(sortedParams)),
        shown: sorted(outlook.shows.map(sortedParams)),
      });
      const theirs = await getItem(simulator, `Id="${bareId(item)}"`);
      await editElsewhere(fact, '2');
      // Everything but our own tag and the stamps of the write.
      const untold = /<t:(?:ItemId|LastModifiedTime|ChangeCount|InstanceKey|WebClient|DateTimeStamp)/;
      const now = await getItem(simulator, `Id="${bareId(item)}"`);
      expect(partsOf(now, untold)).toEqual(partsOf(theirs, untold));
    }
    await stage.ask('DELETE', hrefOf(fact));
  });
});

const ofOccurrences = eventFacts.filter(
  ({ lines }) => !lines.some((line) => /^(?:DTSTART|RRULE|ORGANIZER)/.test(line)),
);

describe.each(ofOccurrences)('in one occurrence: $name', (given) => {
  const fact = { ...given, name: `in-${given.name}` };
  it('comes back and stays', async () => {
    const text = overrideTextOf(given);
    await put(fact, text, 201);
    await stage.restart();
    expect(without(linesOf(text), linesOf(await get(fact)))).toEqual([]);
    await editElsewhere(fact, '1');
    await stage.ask('DELETE', hrefOf(fact));
  });
});

function attributeAt(item: Parameters<typeof at>[0], name: string): string {
  const [element = '', attribute = ''] = name.split('@');
  return at(item, element)?.attrs[attribute] ?? '';
}

function partsOf(item: NonNullable<Parameters<typeof at>[0]>, untold: RegExp): readonly string[] {
  return item.children.flatMap((child) => {
    const text = typeof child === 'string' ? child : `<t:${child.name} ${JSON.stringify(child)}`;
    return untold.test(text) ? [] : [text];
  });
}
