// Random operations, half through EWS by another program, half through DAV, with faults, copies, moves and lost ledgers. After each:
// the delta a client gets is right, what it sees is what the mailbox holds, and names and etags survive the loss of the ledger.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutlookItem } from './outlook.ts';
import { type Answer, openTrial, type Place, type Trial } from './trial.ts';

const operationsPerRun = 50;
const runs = Number(process.env['EXDAV_TEST_RUNS'] ?? 10);

type Operation =
  | { readonly kind: 'put' | 'put-series'; readonly name: number; readonly place: Place }
  | { readonly kind: 'dav-delete' | 'dav-move' | 'dav-copy'; readonly pick: number; readonly place: Place }
  | { readonly kind: 'ews-create' | 'ews-series'; readonly place: Place }
  | {
      readonly kind:
        'ews-rename' | 'ews-delete' | 'ews-copy' | 'ews-copy-here' | 'ews-move' | 'ews-occurrence';
      readonly pick: number;
      readonly place: Place;
    }
  | { readonly kind: 'lose-ledger' | 'busy' | 'drop' | 'expire' };

const place = fc.constantFrom<Place>('calendar', 'second');
const pick = fc.nat(1000);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('put', 'put-series'), name: fc.nat(8), place }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('dav-delete', 'dav-move', 'dav-copy'), pick, place }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('ews-create', 'ews-series'), place }) },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'ews-rename',
        'ews-delete',
        'ews-copy',
        'ews-copy-here',
        'ews-move',
        'ews-occurrence',
      ),
      pick,
      place,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('lose-ledger', 'busy', 'drop', 'expire') }) },
);

let serial = 0;
const nextName = (): string => `n${(serial += 1)}`;

function eventText(uid: string, summary: string, ...more: readonly string[]): string {
  const lines = [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20261203T100000Z',
    'DTEND:20261203T110000Z',
  ];
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//t//EN',
    ...lines,
    `SUMMARY:${summary}`,
    ...more,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** Statuses a client may meet: done, refused for a reason, or a fault was spent on it. */
const expectOneOf = (answer: Answer, ...statuses: readonly number[]): void => {
  expect([...statuses, 500, 502, 503], answer.text).toContain(answer.status);
};

async function picked(trial: Trial, where: Place, index: number): Promise<OutlookItem | undefined> {
  const items = await trial.outlook.items(trial.folderOf[where]);
  return items[index % Math.max(items.length, 1)];
}

const other = (where: Place): Place => (where === 'calendar' ? 'second' : 'calendar');

async function perform(trial: Trial, step: Operation): Promise<void> {
  const { outlook, folderOf, pathOf, dav } = trial;
  switch (step.kind) {
    case 'put':
    case 'put-series': {
      const uid = `uid-${step.place}-${step.name}-${step.kind}`;
      const rule = step.kind === 'put-series' ? ['RRULE:FREQ=DAILY;COUNT=5', 'EXDATE:20261205T100000Z'] : [];
      expectOneOf(
        await dav('PUT', `${pathOf(step.place)}${uid}.ics`, eventText(uid, nextName(), ...rule), {
          'content-type': 'text/calendar',
        }),
        201,
        204,
        409,
      );
      return;
    }
    case 'dav-delete':
    case 'dav-move':
    case 'dav-copy': {
      const hrefs = [...trial.clients[step.place].members.keys()];
      const href = hrefs[step.pick % Math.max(hrefs.length, 1)];
      if (href === undefined) return;
      const destination = `${pathOf(other(step.place))}${step.kind}-${nextName()}.ics`;
      const method = { 'dav-delete': 'DELETE', 'dav-move': 'MOVE', 'dav-copy': 'COPY' }[step.kind];
      expectOneOf(await dav(method, href, '', { destination }), 201, 204, 409);
      return;
    }
    case 'ews-create':
      await outlook.createEvent(nextName(), '2026-12-04T10:00:00', folderOf[step.place]);
      return;
    case 'ews-series':
      await outlook.createSeries(nextName(), '2026-12-05T10:00:00');
      return;
    case 'lose-ledger': {
      const before = { calendar: await trial.listing('calendar'), second: await trial.listing('second') };
      await trial.loseLedger();
      expect([...(await trial.listing('calendar'))].sort()).toEqual([...before.calendar].sort());
      expect([...(await trial.listing('second'))].sort()).toEqual([...before.second].sort());
      return;
    }
    case 'busy':
    case 'drop':
    case 'expire':
      await underFault(trial, step.kind);
      return;
    case 'ews-rename':
    case 'ews-delete':
    case 'ews-copy':
    case 'ews-copy-here':
    case 'ews-move':
    case 'ews-occurrence': {
      const item = await picked(trial, step.place, step.pick);
      if (item !== undefined) await performByOutlook(trial, step.kind, { item, place: step.place });
    }
  }
}

async function performByOutlook(
  trial: Trial,
  kind: string,
  target: { item: OutlookItem; place: Place },
): Promise<void> {
  const { outlook, folderOf } = trial;
  const { item, place: where } = target;
  const acts: Record<string, () => Promise<void>> = {
    'ews-rename': () => outlook.rename(item, nextName()),
    'ews-delete': () => outlook.remove(item),
    'ews-copy': () => outlook.copy(item, folderOf[other(where)]),
    'ews-copy-here': () => outlook.copy(item, folderOf[where]),
    'ews-move': () => outlook.move(item, folderOf[other(where)]),
    'ews-occurrence': () => outlook.renameOccurrence(item, 2, nextName()).catch(() => {}), // not a series
  };
  await acts[kind]?.();
}

const faults = { busy: 'busy-message', drop: 'dropped', expire: 'expired-sync-state' } as const;

/** A client synchronises and writes while Exchange has a bad moment; what came of it is seen by the check that follows. */
async function underFault(trial: Trial, kind: keyof typeof faults): Promise<void> {
  trial.advance();
  trial.simulator.faults.on(faults[kind], { count: 1, backOffMs: 5 });
  const uid = `fault-${nextName()}`;
  expectOneOf(
    await trial.dav('PUT', `${trial.pathOf('calendar')}${uid}.ics`, eventText(uid, nextName())),
    201,
    204,
  );
  trial.simulator.faults.on(faults[kind], { count: 1, backOffMs: 5 });
  trial.advance();
  await trial.synchronise('calendar');
  trial.simulator.faults.clear();
}

describe('a mailbox changed from two sides', () => {
  it('gives every client right deltas, names and texts', { timeout: 600_000 }, async () => {
    let performed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: operationsPerRun, maxLength: operationsPerRun }),
        async (steps) => {
          const trial = await openTrial();
          try {
            await trial.check();
            for (const step of steps) {
              trial.advance();
              await perform(trial, step);
              await trial.check();
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
