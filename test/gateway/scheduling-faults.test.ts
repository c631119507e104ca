// Exchange breaks off in the middle of a write that sends: the client puts the same once more, and every message has left
// exactly once. What was not sent before the break is not forgotten, what was is not sent again.
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../simulator/faults.ts';
import {
  attached,
  attendee,
  bobAttends,
  carolAttends,
  daily,
  expectStatus,
  meeting,
  occurrence,
  openMeetings,
  type Meetings,
} from './meetings.ts';
import { openOutlook } from './outlook.ts';
import { alice, bob } from './stage.ts';

let place: Meetings;
afterEach(() => place.close());

const both = [bobAttends, carolAttends];
const manyChanges = (uid: string): string =>
  meeting(
    uid,
    [daily, 'EXDATE;TZID=Europe/Vienna:20350606T100000', ...both],
    [...occurrence(8), 'LOCATION:There', ...both],
    [...occurrence(9, '140000', '150000'), ...both],
  );

interface Flow {
  readonly first?: string;
  readonly text: string;
  readonly sends: readonly string[];
  /** Calls of a PUT that nothing disturbs. */
  readonly operations: readonly string[];
}

const uid = 'm';
const series = meeting(uid, [daily, ...both]);
const flows: Readonly<Record<string, Flow>> = {
  'a new meeting': {
    text: meeting(uid, both),
    sends: ['request alice → bob, carol: Plan m'],
    operations: ['CreateItem'],
  },
  'a change of a meeting': {
    first: meeting(uid, both),
    text: meeting(uid, ['LOCATION:Here', ...both]),
    sends: ['update alice → bob, carol: Plan m'],
    operations: ['UpdateItem'],
  },
  'a new series with overrides': {
    text: manyChanges(uid),
    sends: ['request alice → bob, carol: Plan m'],
    operations: ['CreateItem', 'GetItem', 'DeleteItem', 'UpdateItem', 'UpdateItem', 'GetItem'],
  },
  'many changed occurrences': {
    first: series,
    text: manyChanges(uid),
    sends: ['update alice → bob, carol: Plan m'],
    operations: ['UpdateItem', 'GetItem', 'DeleteItem', 'UpdateItem', 'UpdateItem', 'GetItem'],
  },
  'many changed occurrences and other attendees': {
    first: meeting(uid, [daily, bobAttends, attendee('dan')]),
    text: manyChanges(uid),
    sends: [
      'cancellation alice → dan: Canceled: Plan m',
      'request alice → carol: Plan m',
      'update alice → bob: Plan m',
    ],
    operations: ['UpdateItem', 'GetItem', 'DeleteItem', 'UpdateItem', 'UpdateItem', 'GetItem'],
  },
  'a new meeting with a file': {
    text: meeting(uid, [attached('agenda.txt', 'cake'), ...both]),
    sends: ['request alice → bob, carol: Plan m'],
    operations: ['CreateItem', 'CreateAttachment', 'UpdateItem'],
  },
  'a file that is added to a meeting': {
    first: meeting(uid, both),
    text: meeting(uid, [attached('agenda.txt', 'cake'), ...both]),
    sends: ['update alice → bob, carol: Plan m'],
    operations: ['UpdateItem', 'CreateAttachment', 'UpdateItem'],
  },
  'one changed occurrence': {
    first: series,
    text: meeting(uid, [daily, ...both], [...occurrence(8), 'LOCATION:There', ...both]),
    sends: ['update alice → bob, carol: Plan m @2035-06-08T08:00'],
    operations: ['UpdateItem', 'GetItem', 'UpdateItem', 'GetItem'],
  },
  'one occurrence with a guest among several changes': {
    first: series,
    text: meeting(
      uid,
      [daily, ...both],
      [...occurrence(6), 'LOCATION:There', ...both],
      [...occurrence(7), 'LOCATION:There', ...both],
      [...occurrence(8), ...both, attendee('dan')],
    ),
    sends: ['update alice → bob, carol: Plan m', 'request alice → dan: Plan m @2035-06-08T08:00'],
    operations: ['UpdateItem', 'GetItem', 'UpdateItem', 'UpdateItem', 'UpdateItem', 'GetItem'],
  },
};

/** `passes`: so many calls of that operation are let through. */
const breaks = Object.entries(flows).flatMap(([name, { operations }]) =>
  operations.flatMap((operation, index) => {
    const passes = operations.slice(0, index).filter((each) => each === operation).length;
    return (['busy-fault', 'dropped', 'dropped-after'] as const).map((kind) => ({
      name,
      kind: kind satisfies FaultKind,
      operation,
      passes,
      call: index + 1,
    }));
  }),
);

async function put(text: string): Promise<number> {
  const answer = await place.put(uid, text);
  expectStatus(answer, 201, 204, 503);
  return answer.status;
}

describe('a break', () => {
  it.each(breaks)('$kind in call $call ($operation) of $name', async ({ name, kind, operation, passes }) => {
    place = await openMeetings();
    const { simulator } = place.stage;
    simulator.addUser('dan@example.test', 'dan');
    const { first, text, sends } = flows[name]!;
    if (first) expectStatus(await place.put(uid, first), 201);
    await place.get(uid);
    place.sent();
    const options = { operation, mailbox: alice.address, after: passes, count: 1 };
    simulator.faults.on(kind, kind === 'busy-fault' ? { ...options, backOffMs: 60_000 } : options);
    const seen: string[] = [];
    const status = await put(text);
    seen.push(...place.sent());
    // It has struck.
    expect(simulator.faults.list()).toEqual([]);
    place.stage.advance(120_000);
    await place.stage.restart();
    if (status === 503) expectStatus(await place.put(uid, text), 201, 204);
    seen.push(...place.sent());
    expect(seen.toSorted()).toEqual([...sends].toSorted());
    // And never more, whatever is put later without news.
    const shown = (await place.get(uid)).text;
    expectStatus(await place.put(uid, shown.replace('END:VEVENT', 'CATEGORIES:Red\r\nEND:VEVENT')), 204);
    expectStatus(await place.put(uid, text), 204);
    expect(place.sent()).toEqual([]);
    const held = (await openOutlook(simulator.url, alice).items('calendar')).map(({ subject }) => subject);
    expect(held).toEqual(['Plan m']);
  });
});

describe('a break in an answer', () => {
  it.each(['busy-fault', 'dropped', 'dropped-after'] as const)(
    '%s: the organizer hears it once',
    async (kind) => {
      place = await openMeetings();
      const { simulator } = place.stage;
      await place.put(uid, series);
      const href = await place.find(bob, `UID:${uid}\r\n`);
      const accepted = (await place.get(href, bob)).text
        .replaceAll(/\r\n[ \t]/g, '')
        .replaceAll(/PARTSTAT=[A-Z-]+([^\r]*mailto:bob@)/g, 'PARTSTAT=ACCEPTED$1');
      place.sent();
      for (const operation of ['CreateItem', 'UpdateItem']) {
        const options = { operation, mailbox: bob.address, count: 1 };
        simulator.faults.on(kind, kind === 'busy-fault' ? { ...options, backOffMs: 60_000 } : options);
        const answer = await place.put(href, accepted, { user: bob });
        expectStatus(answer, 204, 503);
        simulator.faults.clear();
        place.stage.advance(120_000);
        await place.stage.restart();
      }
      expectStatus(await place.put(href, accepted, { user: bob }), 204);
      expect(place.sent()).toEqual(['response bob → alice: Accepted: Plan m']);
      expect((await place.get(href, bob)).text.replaceAll(/\r\n[ \t]/g, '')).toMatch(
        /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
      );
    },
  );

  it.each(['busy-fault', 'dropped'] as const)('%s of a DELETE: once more declines once', async (kind) => {
    place = await openMeetings();
    const { simulator } = place.stage;
    await place.put(uid, meeting(uid, both));
    const href = await place.find(bob, `UID:${uid}\r\n`);
    place.sent();
    const options = { operation: 'CreateItem', mailbox: bob.address, count: 1 };
    simulator.faults.on(kind, kind === 'busy-fault' ? { ...options, backOffMs: 60_000 } : options);
    expectStatus(await place.remove(href, { user: bob }), 503);
    expect(place.sent()).toEqual([]);
    simulator.faults.clear();
    place.stage.advance(120_000);
    await place.stage.restart();
    expectStatus(await place.remove(href, { user: bob }), 204);
    expect(place.sent()).toEqual(['response bob → alice: Declined: Plan m']);
  });

  it('lost after it was carried out: a DELETE is not declined twice', async () => {
    place = await openMeetings();
    await place.put(uid, meeting(uid, both));
    const href = await place.find(bob, `UID:${uid}\r\n`);
    place.sent();
    place.stage.simulator.faults.on('dropped-after', {
      operation: 'CreateItem',
      mailbox: bob.address,
      count: 1,
    });
    expectStatus(await place.remove(href, { user: bob }), 503);
    expectStatus(await place.remove(href, { user: bob }), 404);
    expect(place.sent()).toEqual(['response bob → alice: Declined: Plan m']);
  });
});
