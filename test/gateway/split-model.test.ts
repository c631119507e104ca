// Events of several items under random operations from both sides, with faults and lost ledgers: whatever happened, the instances that
// DAV clients are shown are those that Outlook shows, each as often, and names and etags follow from the mailbox alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRendered } from '../../src/translate/codec.ts';
import { instancesOf } from '../../src/translate/instances.ts';
import { zonesOf } from '../../src/translate/span.ts';
import { type Answer, openTrial, type Place, type Trial } from './trial.ts';

const operationsPerRun = 25;
const runs = Number(process.env['EXDAV_TEST_RUNS'] ?? 6);

type Deed =
  'remove' | 'copy-here' | 'copy' | 'move' | 'rename' | 'repeat' | 'rename-occurrence' | 'remove-occurrence';
const deeds: readonly Deed[] = [
  'remove',
  'copy-here',
  'copy',
  'move',
  'rename',
  'repeat',
  'rename-occurrence',
  'remove-occurrence',
];

type Operation =
  | { readonly kind: 'put'; readonly name: number; readonly says: number; readonly place: Place }
  | {
      readonly kind: 'broken-put';
      readonly name: number;
      readonly says: number;
      readonly place: Place;
      readonly at: number;
    }
  | { readonly kind: 'DELETE' | 'MOVE' | 'COPY'; readonly pick: number; readonly place: Place }
  | { readonly kind: 'outlook'; readonly deed: Deed; readonly pick: number; readonly place: Place }
  | { readonly kind: 'lose-ledger' };

const place = fc.constantFrom<Place>('calendar', 'second');
const pick = fc.nat(1000);
const put = { name: fc.nat(2), says: fc.nat(100), place };
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('put'), ...put }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('broken-put'), ...put, at: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('DELETE', 'MOVE', 'COPY'), pick, place }) },
  {
    weight: 9,
    arbitrary: fc.record({ kind: fc.constant('outlook'), deed: fc.constantFrom(...deeds), pick, place }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-ledger') }) },
);

const at = (name: string, wall: string): string => `${name};TZID=Europe/Berlin:${wall}`;
/** What an event says beside its times: one item, several, only single ones. */
const sayings: readonly (readonly string[])[] = [
  ['RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15'],
  ['RRULE:FREQ=MONTHLY;BYMONTHDAY=1,10,20'],
  ['RRULE:FREQ=DAILY;BYHOUR=9,15;COUNT=9'],
  [at('RDATE', '20261203T090000,20261209T110000')],
  [at('RDATE', '20261203T090000,20261209T110000,20261220T180000'), at('EXDATE', '20261209T110000')],
  ['RRULE:FREQ=WEEKLY;COUNT=5', at('RDATE', '20261205T090000')],
  ['RRULE:FREQ=WEEKLY;COUNT=5', at('EXDATE', '20261208T090000')],
  [],
];

function eventText(uid: string, says: number): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//t//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    at('DTSTART', '20261201T090000'),
    at('DTEND', '20261201T093000'),
    `SUMMARY:${uid} ${says}`,
    ...(sayings[says % sayings.length] ?? []),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

const other = (where: Place): Place => (where === 'calendar' ? 'second' : 'calendar');
const [from, to] = [Date.UTC(2026, 10, 1), Date.UTC(2027, 3, 1)];

async function textsIn(trial: Trial, where: Place): Promise<string[]> {
  const hrefs = [...(await trial.listing(where)).keys()];
  const texts: string[] = [];
  for (const href of hrefs) {
    const answer = await trial.dav('GET', href);
    expect(answer.status, `${href} ${answer.text}`).toBe(200);
    texts.push(answer.text);
  }
  return texts;
}

function startsIn(text: string): string[] {
  const root = parseRendered(text);
  const events = root[2].filter(([name]) => name === 'vevent');
  const found = instancesOf(events, { from, to }, { zones: zonesOf(root), floatingZone: 'UTC' });
  return found
    .filter((each) => each.from < to && each.to > from)
    .map((each) => new Date(each.from).toISOString().slice(0, 19));
}

async function check(trial: Trial): Promise<void> {
  for (const where of ['calendar', 'second'] as const) {
    trial.advance();
    await trial.synchronise(where);
    const members = [...trial.clients[where].members].sort();
    expect(members).toEqual([...(await trial.listing(where))].sort());
    const texts = await textsIn(trial, where);
    const uids = texts.map((text) => /^UID:(.*)$/m.exec(text)?.[1]);
    expect(new Set(uids).size, 'each UID once').toBe(uids.length);
    const view = [new Date(from).toISOString(), new Date(to).toISOString()] as const;
    const shown = await trial.outlook.view(...view, trial.folderOf[where]);
    expect(texts.flatMap(startsIn).sort()).toEqual(shown.map(({ start }) => start.replace('Z', '')).sort());
  }
}

const expectOneOf = (answer: Answer, ...statuses: readonly number[]): void =>
  expect(statuses, answer.text).toContain(answer.status);

async function perform(trial: Trial, step: Operation): Promise<void> {
  const { pathOf, dav } = trial;
  switch (step.kind) {
    case 'put':
    case 'broken-put': {
      const uid = `split-${step.place}-${step.name}`;
      const write = () =>
        dav('PUT', `${pathOf(step.place)}${uid}.ics`, eventText(uid, step.says), {
          'content-type': 'text/calendar',
        });
      if (step.kind === 'put') return expectOneOf(await write(), 201, 204, 409);
      const operations = ['CreateItem', 'UpdateItem', 'DeleteItem', 'GetItem'];
      trial.simulator.faults.on(step.at % 2 ? 'dropped' : 'dropped-after', {
        operation: operations[step.at],
      });
      expectOneOf(await write(), 201, 204, 409, 412, 500, 502, 503);
      trial.simulator.faults.clear();
      trial.advance();
      // The client sends it again.
      return expectOneOf(await write(), 201, 204, 409);
    }
    case 'DELETE':
    case 'MOVE':
    case 'COPY': {
      const hrefs = [...trial.clients[step.place].members.keys()];
      const href = hrefs[step.pick % Math.max(hrefs.length, 1)];
      if (href === undefined) return;
      const name = href.slice(href.lastIndexOf('/') + 1);
      expectOneOf(
        await dav(step.kind, href, '', { destination: pathOf(other(step.place)) + name }),
        201,
        204,
        409,
        412,
      );
      return;
    }
    case 'outlook':
      return performByOutlook(trial, step);
    case 'lose-ledger': {
      const before = { calendar: await trial.listing('calendar'), second: await trial.listing('second') };
      await trial.loseLedger();
      expect([...(await trial.listing('calendar'))].sort()).toEqual([...before.calendar].sort());
      expect([...(await trial.listing('second'))].sort()).toEqual([...before.second].sort());
    }
  }
}

async function performByOutlook(
  { outlook, folderOf }: Trial,
  { deed, pick: index, place: where }: Extract<Operation, { kind: 'outlook' }>,
): Promise<void> {
  const items = await outlook.items(folderOf[where]);
  const item = items[index % Math.max(items.length, 1)];
  if (item === undefined) return;
  const noSeries = (): void => {};
  const acts: Record<Deed, () => Promise<void>> = {
    remove: () => outlook.remove(item),
    'copy-here': () => outlook.copy(item, folderOf[where]),
    copy: () => outlook.copy(item, folderOf[other(where)]),
    move: () => outlook.move(item, folderOf[other(where)]),
    rename: () => outlook.rename(item, `renamed ${index}`),
    repeat: () => outlook.repeatDaily(item, '2026-12-15').catch(noSeries),
    'rename-occurrence': () => outlook.renameOccurrence(item, 2, `once ${index}`).catch(noSeries),
    'remove-occurrence': () => outlook.removeOccurrence(item, 2).catch(noSeries),
  };
  await acts[deed]();
}

describe('events of several items, changed from two sides', () => {
  it('show the same instances to DAV clients and in Outlook', { timeout: 600_000 }, async () => {
    let performed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: operationsPerRun, maxLength: operationsPerRun }),
        async (steps) => {
          const trial = await openTrial();
          try {
            for (const step of steps) {
              trial.advance();
              await perform(trial, step);
              await check(trial);
              performed += 1;
            }
            expect(trial.simulator.sentMessages()).toEqual([]);
          } finally {
            await trial.stop();
          }
        },
      ),
      { numRuns: runs, endOnFailure: process.env['EXDAV_TEST_SHRINK'] === undefined },
    );
    expect(performed).toBeGreaterThanOrEqual(runs * operationsPerRun);
  });
});
