// Busy times of others through the outbox: one call to the simulated Exchange for everybody.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addItem, folderOf, grant, levels } from '../../simulator/state/index.ts';
import { childOf, childrenOf, textOf } from '../../src/xml/index.ts';
import { alice, asCalendar, bob, carol, openStage, parseAnswer, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ seed: 'small' });
});
afterAll(() => stage.stop());
beforeEach(() => stage.simulator.resetCalls());

const outbox = `/calendars/${alice.address}/outbox/`;
const day = Date.UTC(2031, 4, 5);
const hourMs = 3_600_000;

function question(to: string, ...attendees: readonly string[]): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'METHOD:REQUEST',
    'BEGIN:VFREEBUSY',
    'UID:q',
    'DTSTAMP:20260101T000000Z',
    'DTSTART:20310505T000000Z',
    `DTEND:${to}`,
    'ORGANIZER:mailto:alice@example.test',
    ...attendees.map((address) => `ATTENDEE:mailto:${address}`),
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

async function ask(to: string, ...attendees: readonly string[]) {
  const body = question(to, ...attendees);
  const answer = await stage.ask('POST', outbox, { body, headers: asCalendar });
  expect(answer.status, answer.text).toBe(200);
  return childrenOf(parseAnswer(answer)).map((response) => ({
    recipient: textOf(childOf(childOf(response, 'recipient'), 'href')),
    status: textOf(childOf(response, 'request-status')),
    busy: [...textOf(childOf(response, 'calendar-data')).matchAll(/^FREEBUSY;(.*)$/gm)].map(([, line]) =>
      line?.trim(),
    ),
  }));
}

function book(address: string, from: number, busy: string): void {
  const mailbox = stage.simulator.world.mailboxes.get(address)!;
  const [start, end] = [day + from * hourMs, day + (from + 1) * hourMs];
  addItem(stage.simulator.world, folderOf(mailbox, 'calendar'), {
    kind: 'event',
    values: { itemClass: 'IPM.Appointment', subject: 'x', start, end, busy },
  });
}

describe('a question at the outbox', () => {
  it('is one call for people, rooms and strangers; who shows nothing is not shown as free', async () => {
    const room = 'room-cook@example.test';
    book(bob.address, 9, 'OOF');
    book(bob.address, 10, 'Free');
    book(room, 11, 'Busy');
    const calendar = folderOf(stage.simulator.world.mailboxes.get(carol.address)!, 'calendar');
    const before = calendar.permissions.get(alice.address)!;
    grant(calendar, alice.address, levels.noFreeBusy);
    expect(await ask('20310506T000000Z', bob.address, room, carol.address, 'nobody@example.test')).toEqual([
      {
        recipient: `mailto:${bob.address}`,
        status: '2.0;Success',
        busy: ['FBTYPE=BUSY-UNAVAILABLE:20310505T090000Z/20310505T100000Z'],
      },
      {
        recipient: `mailto:${room}`,
        status: '2.0;Success',
        busy: ['FBTYPE=BUSY:20310505T110000Z/20310505T120000Z'],
      },
      { recipient: `mailto:${carol.address}`, status: '3.8;No authority', busy: [] },
      { recipient: 'mailto:nobody@example.test', status: '3.7;Invalid calendar user', busy: [] },
    ]);
    expect(stage.simulator.calls()).toMatchObject({ GetUserAvailability: 1 });
    grant(calendar, alice.address, before);
  });

  it('of two months takes one call where Exchange lets it, else one per window of the documentation', async () => {
    expect((await ask('20310704T000000Z', bob.address))[0]?.status).toBe('2.0;Success');
    expect(stage.simulator.calls()).toMatchObject({ GetUserAvailability: 3 });
    stage.simulator.resetCalls();
    expect((await ask('20310704T000000Z', bob.address))[0]?.status).toBe('2.0;Success');
    expect(stage.simulator.calls()).toMatchObject({ GetUserAvailability: 2 });
    stage.simulator.world.policy.availabilityDays = 62;
    await stage.restart();
    stage.simulator.resetCalls();
    await ask('20310704T000000Z', bob.address);
    expect(stage.simulator.calls()).toMatchObject({ GetUserAvailability: 1 });
    stage.simulator.world.policy.availabilityDays = 42;
  });

  it('sends no mail', () => {
    expect(stage.simulator.sentMessages()).toEqual([]);
  });
});
