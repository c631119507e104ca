// Meetings: who organises, what would be sent (BEHAVIOUR §9).
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { addItem, folderOf } from '../../simulator/state/index.ts';
import {
  all,
  bareId,
  createEvent,
  get,
  idOf,
  ok,
  path,
  set,
  start,
  sync,
  updateBody,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const attendees = (...names: string[]): string =>
  `<t:RequiredAttendees>${names.map((name) => `<t:Attendee><t:Mailbox><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox></t:Attendee>`).join('')}</t:RequiredAttendees>`;
const meeting = (...names: string[]): string =>
  `<t:Subject>Plan</t:Subject><t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>${attendees(...names)}`;
const location = set('calendar:Location', 'CalendarItem', '<t:Location>Room</t:Location>');
const sent = (): unknown[] =>
  sim.sentMessages().map(({ kind, to }) => [kind, to.map((address) => address.replace('@example.test', ''))]);

it('stores a meeting without sending when SendToNone', async () => {
  const event = await get(sim, idOf(await createEvent(sim, meeting('bob'))));
  expect(
    ['IsMeeting', 'MeetingRequestWasSent', 'MyResponseType', 'AppointmentState', 'IsOrganizer'].map((name) =>
      path(event, name),
    ),
  ).toEqual(['true', 'false', 'Organizer', '1', 'true']);
  expect(path(event, 'RequiredAttendees/Attendee/ResponseType')).toBe('Unknown');
  expect(sent()).toEqual([]);
});

it('records invitations, updates, cancellations of the removed, and of the deleted', async () => {
  const created = await createEvent(sim, meeting('bob', 'carol'), { mode: 'SendToAllAndSaveCopy' });
  const id = `Id="${bareId(created)}"`;
  expect(path(await get(sim, id), 'MeetingRequestWasSent')).toBe('true');
  expect(sent()).toEqual([['request', ['bob', 'carol']]]);
  await ok(sim, updateBody(id, location, { mode: 'SendToNone' }));
  expect(sent()).toHaveLength(1);
  await ok(sim, updateBody(id, location, { mode: 'SendToAllAndSaveCopy' }));
  expect(sent()[1]).toEqual(['update', ['bob', 'carol']]);
  const replace = set('calendar:RequiredAttendees', 'CalendarItem', attendees('bob', 'dave'));
  await ok(sim, updateBody(id, replace, { mode: 'SendToChangedAndSaveCopy' }));
  expect(sent().slice(2)).toEqual([
    ['cancellation', ['carol']],
    ['request', ['dave']],
  ]);
  await ok(
    sim,
    `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToAllAndSaveCopy"><m:ItemIds><t:ItemId ${id}/></m:ItemIds></m:DeleteItem>`,
  );
  expect(sent()[4]).toEqual(['cancellation', ['bob', 'dave']]);
});

it('raises the sequence number of a sent meeting whose time changes', async () => {
  const created = await createEvent(sim, meeting('bob'), { mode: 'SendOnlyToAll' });
  const id = `Id="${bareId(created)}"`;
  await ok(sim, updateBody(id, location));
  expect(path(await get(sim, id), 'AppointmentSequenceNumber')).toBe('0');
  await ok(sim, updateBody(id, set('calendar:End', 'CalendarItem', '<t:End>2025-06-02T12:00:00Z</t:End>')));
  expect(path(await get(sim, id), 'AppointmentSequenceNumber')).toBe('1');
});

it('names the occurrence a message is about', async () => {
  const daily =
    '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>';
  const master = await createEvent(sim, meeting('bob') + daily, { mode: 'SendToAllAndSaveCopy' });
  await ok(
    sim,
    updateBody(`<t:OccurrenceItemId RecurringMasterId="${bareId(master)}" InstanceIndex="2"/>`, location, {
      mode: 'SendToAllAndSaveCopy',
    }),
  );
  expect(sim.sentMessages().map(({ kind, occurrence }) => [kind, occurrence])).toEqual([
    ['request', undefined],
    ['update', '2025-06-03T10:00:00.000Z'],
  ]);
});

it('shows somebody else’s meeting as received, and sends nothing for the owner’s own changes', async () => {
  const mailbox = sim.world.mailboxes.get('alice@example.test')!;
  const start = Date.UTC(2025, 5, 3, 9);
  addItem(sim.world, folderOf(mailbox, 'calendar'), {
    kind: 'event',
    values: {
      itemClass: 'IPM.Appointment',
      subject: 'Theirs',
      start,
      end: start + 3_600_000,
      organizer: { name: 'Bob', address: 'bob@example.test' },
      requiredAttendees: [{ mailbox: { name: 'Alice', address: 'alice@example.test' } }],
      busy: 'Tentative',
    },
  });
  const { changes } = await sync(sim, '');
  const id = `Id="${changes[0]!.id}"`;
  const event = await get(sim, id);
  expect(
    ['MyResponseType', 'AppointmentState', 'IsMeeting', 'Organizer/Mailbox/EmailAddress'].map((name) =>
      path(event, name),
    ),
  ).toEqual(['NoResponseReceived', '3', 'true', 'bob@example.test']);
  expect(all(event, 'ResponseObjects/AcceptItem')).toHaveLength(1);
  await ok(
    sim,
    updateBody(id, set('item:ReminderIsSet', 'CalendarItem', '<t:ReminderIsSet>true</t:ReminderIsSet>'), {
      mode: 'SendToAllAndSaveCopy',
    }),
  );
  expect(sent()).toEqual([]);
});
