// Meetings whose people Exchange calls by X.500 names: clients see addresses, and ask again for what could not be told at once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEntry, addItem, folderOf } from '../../simulator/state/index.ts';
import {
  alice,
  asXml,
  calendarOf,
  etagsBody,
  multigetBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  stage.simulator.world.policy.exRouting = true;
});
afterAll(() => stage.stop());

const calendar = calendarOf(alice);

function meetingWith(uid: string, count: number): readonly string[] {
  const { world } = stage.simulator;
  const people = Array.from({ length: count }, (_, number) => `${uid}-${number}@example.test`);
  for (const address of people) addEntry(world, { kind: 'user', address, name: address });
  addItem(world, folderOf(world.mailboxes.get(alice.address)!, 'calendar'), {
    kind: 'event',
    values: {
      itemClass: 'IPM.Appointment',
      uid,
      start: Date.UTC(2026, 3, 1, 9),
      end: Date.UTC(2026, 3, 1, 10),
      requiredAttendees: people.map((address) => ({ mailbox: { name: 'Somebody', address } })),
    },
  });
  return people;
}

async function multiget(uid: string) {
  const href = `${calendar}${uid}.ics`;
  const answer = await stage.ask('REPORT', calendar, { body: multigetBody(href), headers: asXml });
  const { etag, data } = responsesOf(answer).get(href)!;
  return { etag, text: data.replaceAll(/\r?\n[ \t]/g, '') };
}

async function listedEtag(uid: string): Promise<string> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', calendar, {
    body: etagsBody,
    headers: { ...asXml, depth: '1' },
  });
  return responsesOf(answer).get(`${calendar}${uid}.ics`)!.etag;
}

describe('people called by X.500 names', () => {
  it('are shown by their addresses, and never as a name of Exchange', async () => {
    const people = meetingWith('few', 3);
    const { etag, text } = await multiget('few');
    for (const address of people) expect(text).toContain(`:mailto:${address}`);
    expect(text).not.toMatch(/\/o=|invalid:/i);
    expect(await listedEtag('few')).toBe(etag);
  });

  it('who are too many for one answer are told by the next: its etag is another one', async () => {
    const people = meetingWith('many', 40);
    stage.advance();
    const first = await multiget('many');
    expect(first.text).not.toContain('/o=');
    const listed = await listedEtag('many');
    expect(listed).not.toBe(first.etag);
    const second = await multiget('many');
    expect(second.etag).toBe(listed);
    for (const address of people) expect(second.text).toContain(`:mailto:${address}`);
  });
});
