// What a client puts is what it gets when the gateway has forgotten everything; what it changes is all that is written; what
// Outlook changes is shown, and everything else stays (DESIGN §7).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meaningOf } from './meaning.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import { contacts, events, type Sample, tasks } from './roundtrip-table.ts';
import { alice, asCalendar, asCard, calendarOf, cardsOf, openStage, type Stage } from './stage.ts';

let stage: Stage;
let outlook: Outlook;
beforeAll(async () => {
  // What messages add to a text is looked at in scheduling.test.ts.
  stage = await openStage({ settings: { EXDAV_SCHEDULING: 'off' } });
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

const places = {
  event: { path: calendarOf(alice), extension: 'ics', headers: asCalendar, folder: 'calendar' },
  task: { path: calendarOf(alice, 'tasks'), extension: 'ics', headers: asCalendar, folder: 'tasks' },
  contact: { path: cardsOf(alice), extension: 'vcf', headers: asCard, folder: 'contacts' },
} as const;

const hrefOf = ({ kind, name }: Sample): string => `${places[kind].path}${name}.${places[kind].extension}`;

async function get(sample: Sample): Promise<string> {
  const version = /VERSION:([34]\.0)/.exec(sample.text)?.[1];
  const accept = sample.kind === 'contact' ? `text/vcard; version=${version}` : '*/*';
  const answer = await stage.ask('GET', hrefOf(sample), { headers: { accept } });
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll('\r\n ', '');
}

async function put(sample: Sample, body: string): Promise<number> {
  const { headers } = places[sample.kind];
  const version = /VERSION:([34]\.0)/.exec(body)?.[1];
  const type =
    sample.kind === 'contact' ? { 'content-type': `text/vcard; version=${version}; charset=utf-8` } : {};
  const answer = await stage.ask('PUT', hrefOf(sample), { body, headers: { ...headers, ...type } });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.status;
}

/** Lost, and added beyond what says nothing new. */
function expectSame(got: string, wanted: string, name = ''): void {
  const [has, wants] = [meaningOf(got), meaningOf(wanted)];
  const lost = wants.filter((line) => !has.includes(line));
  const added = has.filter((line) => !wants.includes(line) && !saysNothing(line));
  expect({ lost, added }, `${name}\n${got}`).toEqual({ lost: [], added: [] });
}

/** Defaults that a server may spell out. */
const defaults = [
  /: transp \["OPAQUE"\]$/,
  /: class \["PUBLIC"\]$/,
  /: status \["(?:CONFIRMED|NEEDS-ACTION)"\]$/,
  /: priority \[[05]\]$/,
  /: percent-complete \[(?:0|100)\]$/,
  /: x-microsoft-/,
  /: x-wr-/,
];
const saysNothing = (line: string): boolean => defaults.some((pattern) => pattern.test(line));

/** FieldURIs in the UpdateItem calls since the last look; our own properties aside. */
function fieldsWritten(): string[] {
  const updates = stage.sent.filter((text) => text.includes('<m:UpdateItem'));
  const fields = updates.flatMap((text) =>
    [
      ...text.matchAll(
        /<t:(?:Set|Delete|AppendTo)ItemField><t:(?:FieldURI|IndexedFieldURI) FieldURI="([^"]+)"/g,
      ),
    ].map((match) => match[1] ?? ''),
  );
  return [...new Set(fields)].toSorted((a, b) => (a < b ? -1 : 1));
}

const renamed = 'Renamed in Outlook';
const outlookEdits = {
  event: {
    element: 'CalendarItem',
    uri: 'item:Subject',
    name: 'Subject',
    value: renamed,
    shown: /^SUMMARY:.*$/m,
  },
  task: { element: 'Task', uri: 'item:Subject', name: 'Subject', value: renamed, shown: /^SUMMARY:.*$/m },
  contact: {
    element: 'Contact',
    uri: 'contacts:JobTitle',
    name: 'JobTitle',
    value: renamed,
    shown: /^TITLE:.*$/m,
  },
} as const;

async function itemOf(sample: Sample) {
  const items = await outlook.items(places[sample.kind].folder);
  // The newest: nothing else was made since.
  return items.at(-1)!;
}

/** One object that becomes each of the others in turn. */
async function becomesEach(samples: readonly Sample[], uid: string): Promise<void> {
  const [{ kind } = { kind: 'event' as const }] = samples;
  for (const sample of samples) {
    const text = sample.text.replaceAll(/^UID:[etc]-.*$/gm, `UID:${uid}`);
    const as = { ...sample, name: uid, kind };
    await put(as, text);
    await stage.restart();
    expectSame(await get(as), text.replaceAll('\r\n ', ''), sample.name);
  }
}

describe('one object after another under one name', () => {
  it.each([
    ['events', events],
    ['tasks', tasks],
    ['contacts', contacts],
  ])('%s, each way', async (name, samples) => {
    await becomesEach([...samples, ...samples.toReversed()], `chain-${name}`);
    await becomesEach(
      samples.toSorted((a, b) => (a.text.length % 17) - (b.text.length % 17)),
      `mixed-${name}`,
    );
  });
});

describe.each([...events, ...tasks, ...contacts])('$kind $name', (sample) => {
  it('comes back whole when the gateway has forgotten everything, and so after every edit', async () => {
    expect(await put(sample, sample.text)).toBe(201);
    const item = await itemOf(sample);
    await stage.restart();
    const first = await get(sample);
    expectSame(first, sample.text.replaceAll('\r\n ', ''));

    const changed = first.replace(...sample.change);
    stage.sent.length = 0;
    expect(await put(sample, changed)).toBe(204);
    const unexpected = fieldsWritten().filter((field) => !sample.fields.includes(field));
    expect(unexpected).toEqual([]);
    await stage.restart();
    const second = await get(sample);
    expectSame(second, changed);

    stage.sent.length = 0;
    expect(await put(sample, second)).toBe(204);
    expect(fieldsWritten(), 'nothing was changed').toEqual([]);

    const { shown, ...edit } = outlookEdits[sample.kind];
    await outlook.set(item, edit);
    await stage.restart();
    const third = await get(sample);
    expectSame(
      third,
      second.replace(shown, (line) => `${line.split(':')[0]}:${renamed}`),
    );
    await stage.ask('DELETE', hrefOf(sample));
  });
});
