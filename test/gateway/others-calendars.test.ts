// Calendars of others: what is private there stays whole, and what is written there is theirs (BEHAVIOUR §15).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, grant, levels, type Item } from '../../simulator/state/index.ts';
import {
  alice,
  asCalendar,
  bob,
  calendarOf,
  carol,
  conditionOf,
  eventText,
  openStage,
  type Stage,
  type User,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    settings: { EXDAV_SHARED_MAILBOXES: `${alice.address}=${carol.address}` },
  });
  grant(mailboxFolder(carol, 'calendar'), alice.address, levels.editor);
  grant(mailboxFolder(bob, 'calendar'), alice.address, levels.reviewer);
});
afterAll(() => stage.stop());

function mailboxFolder(user: User, name: 'calendar' | 'sentitems') {
  return folderOf(stage.simulator.world.mailboxes.get(user.address)!, name);
}

const heldBy = (user: User, uid: string): Item | undefined =>
  [...mailboxFolder(user, 'calendar').items.values()].find(({ values }) => values.uid === uid);

async function put(user: User, owner: User, uid: string, ...lines: readonly string[]) {
  const href = `${calendarOf(owner)}${uid}.ics`;
  return stage.ask('PUT', href, { body: eventText(uid, ...lines), headers: asCalendar, user });
}

const yearly = ['RRULE:FREQ=DAILY;COUNT=5', 'SUMMARY:Between us', 'LOCATION:There', 'CLASS:PRIVATE'];

describe('what is private', () => {
  it('is a busy time of class PRIVATE, without a word', async () => {
    await put(carol, carol, 'masked', ...yearly, 'DESCRIPTION:Words', 'CATEGORIES:Secret', 'X-MINE:Words');
    const { status, text } = await stage.ask('GET', `${calendarOf(carol)}masked.ics`);
    expect(status).toBe(200);
    expect(text).toMatch(/^CLASS:PRIVATE/m);
    expect(text).toMatch(/^DTSTART:20261203T100000Z/m);
    expect(text).toMatch(/^RRULE:FREQ=DAILY;COUNT=5/m);
    for (const word of ['Between us', 'There', 'Words', 'Secret']) expect(text).not.toContain(word);
    const whole = await stage.ask('GET', `${calendarOf(carol)}masked.ics`, { user: carol });
    expect(whole.text).toContain('Between us');
  });

  const writes = {
    'POST of a file': () =>
      stage.ask('POST', `${calendarOf(carol)}masked.ics?action=attachment-add`, {
        body: 'text',
        headers: { 'content-type': 'text/plain', 'content-disposition': 'attachment; filename=a.txt' },
      }),
    PUT: () =>
      put(alice, carol, 'masked', 'SUMMARY:Mine', 'DTSTART:20261203T120000Z', 'DTEND:20261203T130000Z'),
    DELETE: () => stage.ask('DELETE', `${calendarOf(carol)}masked.ics`),
    MOVE: () =>
      stage.ask('MOVE', `${calendarOf(alice, `${carol.address}~calendar`)}masked.ics`, {
        headers: { destination: `${calendarOf(alice)}mine.ics` },
      }),
    'MOVE to another name': () =>
      stage.ask('MOVE', `${calendarOf(carol)}masked.ics`, {
        headers: { destination: `${calendarOf(carol)}other.ics` },
      }),
  } as const;
  it.each(Object.entries(writes))(
    'is kept as it is by %s of one who may write the rest',
    async (_, write) => {
      await put(carol, carol, 'masked', ...yearly);
      const before = stage.simulator.snapshot(carol.address);
      const answer = await write();
      expect([answer.status, conditionOf(answer)]).toEqual([403, 'need-privileges']);
      expect(stage.simulator.snapshot(carol.address)).toEqual(before);
      expect(heldBy(carol, 'masked')?.values.subject).toBe('Between us');
    },
  );

  it('may be changed by one who is shown it', async () => {
    await put(carol, carol, 'shown', 'CLASS:PRIVATE', 'SUMMARY:Between us');
    grant(mailboxFolder(carol, 'calendar'), alice.address, { ...levels.editor, viewPrivateItems: true });
    stage.advance(3_600_000);
    expect((await put(alice, carol, 'shown', 'CLASS:PRIVATE', 'SUMMARY:Between three')).status).toBe(204);
    expect(heldBy(carol, 'shown')?.values.subject).toBe('Between three');
    grant(mailboxFolder(carol, 'calendar'), alice.address, levels.editor);
    stage.advance(3_600_000);
  });
});

describe('what is created', () => {
  it('lies in that mailbox, and is its owner’s to see', async () => {
    expect((await put(alice, carol, 'for-carol')).status).toBe(201);
    expect(heldBy(carol, 'for-carol')).toBeDefined();
    expect(heldBy(alice, 'for-carol')).toBeUndefined();
    const { text } = await stage.ask('GET', `${calendarOf(carol)}for-carol.ics`, { user: carol });
    expect(text).toContain('SUMMARY:About for-carol');
  });

  it('as a meeting of the owner names him as the organizer, by whoever it was written', async () => {
    const lines = [
      `ORGANIZER;SENT-BY="mailto:${alice.address}":mailto:${carol.address}`,
      `ATTENDEE:mailto:${bob.address}`,
    ];
    expect((await put(alice, carol, 'on-behalf', ...lines)).status).toBe(201);
    expect(heldBy(carol, 'on-behalf')?.values.requiredAttendees).toHaveLength(1);
    stage.advance();
    for (const user of [alice, carol]) {
      const { text } = await stage.ask('GET', `${calendarOf(carol)}on-behalf.ics`, { user });
      expect(text).toMatch(new RegExp(`^ORGANIZER.*:mailto:${carol.address}`, 'm'));
      expect(text).toMatch(new RegExp(`^ATTENDEE.*:mailto:${bob.address}`, 'm'));
    }
  });

  it('is refused where the user may only read', async () => {
    const before = stage.simulator.snapshot(bob.address);
    const answer = await put(alice, bob, 'refused');
    expect([answer.status, conditionOf(answer)]).toEqual([403, 'need-privileges']);
    expect(stage.simulator.snapshot(bob.address)).toEqual(before);
  });
});
