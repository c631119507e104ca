// What a write or a read of a long series costs in calls of Exchange (DESIGN §5): the same at any index, for one occurrence or many.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareTexts } from '../fidelity/compare.ts';
import { alice, type Answer, asCalendar, calendarOf, calendarText, openStage, type Stage } from './stage.ts';

let stage: Stage;
const href = `${calendarOf(alice)}long.ics`;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

const length = 500;

function dayOf(index: number): string {
  return new Date(Date.UTC(2026, 0, 5) + (index - 1) * 86_400_000)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '');
}

interface Changes {
  readonly changed?: readonly number[];
  readonly cancelled?: readonly number[];
  readonly note?: string;
}

/** A daily series over changes of the clock, in the zone of Berlin. */
function series({ changed = [], cancelled = [], note = 'changed' }: Changes = {}): string {
  const at = (name: string, index: number, time: string): string =>
    `${name};TZID=Europe/Berlin:${dayOf(index)}T${time}`;
  const event = (...lines: readonly string[]): string[] => [
    'BEGIN:VEVENT',
    'UID:long',
    'DTSTAMP:20260101T000000Z',
    ...lines,
    'END:VEVENT',
  ];
  return calendarText(
    ...event(
      at('DTSTART', 1, '090000'),
      at('DTEND', 1, '093000'),
      `RRULE:FREQ=DAILY;COUNT=${length}`,
      'SUMMARY:Long',
      ...cancelled.map((index) => at('EXDATE', index, '090000')),
    ),
    ...changed.flatMap((index) =>
      event(
        at('RECURRENCE-ID', index, '090000'),
        at('DTSTART', index, '140000'),
        at('DTEND', index, '150000'),
        `SUMMARY:${note} ${index}`,
      ),
    ),
  );
}

async function fresh(changes?: Changes): Promise<void> {
  await stage.ask('DELETE', href);
  expect((await put(series(changes))).status).toBe(201);
  expect((await stage.ask('GET', href)).status).toBe(200);
  stage.advance();
}

const put = (body: string): Promise<Answer> => stage.ask('PUT', href, { body, headers: asCalendar });

async function callsOf(work: () => Promise<Answer>): Promise<Record<string, number>> {
  stage.simulator.resetCalls();
  const answer = await work();
  expect([200, 201, 204], answer.text).toContain(answer.status);
  return stage.simulator.calls();
}

async function expectShown(text: string): Promise<void> {
  await stage.restart();
  const { text: got } = await stage.ask('GET', href);
  const { changed, lost, added } = compareTexts(text, got);
  expect([...changed, ...lost, ...added]).toEqual([]);
}

describe('a daily series of 500', () => {
  it.each([1, 2, 250, 499, 500])('has occurrence %i changed, and changed again', async (index) => {
    await fresh();
    const once = series({ changed: [index] });
    // Nothing of the master itself changes but what is kept beside it, if anything: then that is the guarded write.
    expect(sum(await callsOf(() => put(once)))).toBeLessThanOrEqual(1 + 4);
    await stage.ask('GET', href);
    stage.advance();
    const again = series({ changed: [index], note: 'again' });
    expect(sum(await callsOf(() => put(again)))).toBeLessThanOrEqual(1 + 4);
    await expectShown(again);
  });

  it('costs the same at every index', async () => {
    const kinds: readonly ((index: number) => Changes)[] = [
      (index) => ({ changed: [index] }),
      (index) => ({ cancelled: [index] }),
    ];
    for (const changes of kinds) {
      const calls = [];
      for (const index of [1, 250, 500]) {
        await fresh();
        calls.push(await callsOf(() => put(series(changes(index)))));
      }
      expect(new Set(calls.map((each) => JSON.stringify(each))).size).toBe(1);
      expect(sum(calls[0]!)).toBeLessThanOrEqual(1 + 4);
    }
  });

  it('costs the same for many at once, and one more where some are changed and some cancelled', async () => {
    const changed = Array.from({ length: 120 }, (_, index) => 1 + index * 4);
    const cancelled = Array.from({ length: 120 }, (_, index) => 3 + index * 4);
    for (const [changes, budget] of [
      [{ changed }, 4],
      [{ cancelled }, 4],
      [{ changed, cancelled }, 5],
    ] as const) {
      await fresh();
      expect(sum(await callsOf(() => put(series(changes))))).toBeLessThanOrEqual(1 + budget);
      await expectShown(series(changes));
    }
  });

  it('is made with many at once, read and taken back in a few calls', async () => {
    const changed = Array.from({ length: 120 }, (_, index) => 1 + index * 4);
    const cancelled = Array.from({ length: 120 }, (_, index) => 3 + index * 4);
    await stage.ask('DELETE', href);
    stage.advance();
    expect(await callsOf(() => put(series({ changed, cancelled })))).toEqual({
      SyncFolderItems: 1,
      CreateItem: 1,
      GetItem: 2,
      UpdateItem: 1,
      DeleteItem: 1,
    });
    stage.advance();
    // The master, and ⌈120/50⌉ for its changed occurrences.
    expect(await callsOf(() => stage.ask('GET', href))).toEqual({ SyncFolderItems: 1, GetItem: 1 + 3 });
    stage.advance();
    // Cancelled ones come back only with the pattern, written anew with all that is still changed.
    const calls = await callsOf(() => put(series({ changed: changed.slice(1) })));
    expect(sum(calls), JSON.stringify(calls)).toBeLessThanOrEqual(1 + 4);
    await expectShown(series({ changed: changed.slice(1) }));
  });
});

describe('an event of two series, 250 days each', () => {
  const twice = (index?: number): string => {
    const text = series(index === undefined ? {} : { changed: [index] });
    return text.replace(`FREQ=DAILY;COUNT=${length}`, `FREQ=DAILY;BYHOUR=9,17;COUNT=${length}`);
  };

  it('costs the same for one changed instance, at every index', async () => {
    const calls = [];
    for (const index of [1, 125, 250]) {
      await stage.ask('DELETE', href);
      expect((await put(twice())).status).toBe(201);
      expect((await stage.ask('GET', href)).status).toBe(200);
      stage.advance();
      calls.push(await callsOf(() => put(twice(index))));
      await expectShown(twice(index));
    }
    expect(new Set(calls.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(sum(calls[0]!)).toBeLessThanOrEqual(1 + 4);
  });
});

function sum(calls: Record<string, number>): number {
  return Object.values(calls).reduce((so, each) => so + each, 0);
}
