// What the organizer's writes bring to whom (BEHAVIOUR §9; [MS-OXWSMTGS]).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { all, at, bareId, codeOf, keyOf, ok, path, start } from '../soap-client.ts';
import {
  attendees,
  change,
  daily,
  getAs,
  invite,
  itemsIn,
  moveTo,
  only,
  respond,
  setEvent,
  times,
} from './people.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const shown = (item: Parameters<typeof path>[0], ...names: string[]): string[] =>
  names.map((name) => path(item, name));
const occurrence = (id: string, index: number): string =>
  `<t:OccurrenceItemId RecurringMasterId="${id}" InstanceIndex="${index}"/>`;

describe('a new meeting', () => {
  it('comes as a MeetingRequest with what types.xsd says of it (MS-OXWSMTGS_R72, R283, R500, R287, R297, R313, R315, R555, R7561, R763; §9)', async () => {
    await invite(sim, { busy: 'OOF' });
    const request = await only(sim, 'bob', 'inbox');
    expect(request.name).toBe('MeetingRequest');
    expect(
      shown(
        request,
        'ItemClass',
        'Subject',
        'MeetingRequestType',
        'IntendedFreeBusyStatus',
        'Start',
        'End',
        'Location',
      ),
    ).toEqual([
      'IPM.Schedule.Meeting.Request',
      'Plan',
      'NewMeetingRequest',
      'OOF',
      '2025-06-02T10:00:00Z',
      '2025-06-02T11:00:00Z',
      'Room 1',
    ]);
    expect(
      shown(
        request,
        'IsMeeting',
        'IsCancelled',
        'IsRecurring',
        'MeetingRequestWasSent',
        'CalendarItemType',
        'IsRead',
      ),
    ).toEqual(['true', 'false', 'false', 'true', 'Single', 'false']);
    expect(
      shown(
        request,
        'IsDelegated',
        'IsOutOfDate',
        'HasBeenProcessed',
        'ResponseType',
        'IsOrganizer',
        'AppointmentState',
      ),
    ).toEqual(['false', 'false', 'true', 'NoResponseReceived', 'false', '3']);
    expect(
      shown(
        request,
        'Organizer/Mailbox/EmailAddress',
        'From/Mailbox/EmailAddress',
        'ReceivedBy/Mailbox/EmailAddress',
      ),
    ).toEqual(['alice@example.test', 'alice@example.test', 'bob@example.test']);
    expect(path(request, 'RequiredAttendees/Attendee/Mailbox/EmailAddress')).toBe('bob@example.test');
    expect(all(request, 'ResponseObjects/AcceptItem')).toHaveLength(1);
  });

  it('makes a tentative unanswered item in the attendee’s calendar, linked from the request (§9; MS-OXWSMTGS_R16504, R84, R703, R4801)', async () => {
    const id = await invite(sim);
    const [request, item, own] = [
      await only(sim, 'bob', 'inbox'),
      await only(sim, 'bob', 'calendar'),
      await getAs(sim, 'alice', `Id="${id}"`),
    ];
    expect(
      shown(
        item,
        'LegacyFreeBusyStatus',
        'IntendedFreeBusyStatus',
        'MyResponseType',
        'AppointmentState',
        'IsOrganizer',
      ),
    ).toEqual(['Tentative', 'Busy', 'NoResponseReceived', '3', 'false']);
    expect(at(request, 'AssociatedCalendarItemId')?.attrs['Id']).toBe(bareId(item));
    expect(at(request, 'AssociatedCalendarItemId')?.attrs['ChangeKey']).toBe(keyOf(item));
    expect(new Set([path(request, 'UID'), path(item, 'UID'), path(own, 'UID')]).size).toBe(1);
    expect(shown(own, 'MeetingRequestWasSent', 'MyResponseType', 'AppointmentState')).toEqual([
      'true',
      'Organizer',
      '1',
    ]);
  });

  it('meant as free time does not block any ([MS-OXOCAL] 2.2.1.2)', async () => {
    await invite(sim, { busy: 'Free' });
    expect(path(await only(sim, 'bob', 'calendar'), 'LegacyFreeBusyStatus')).toBe('Free');
  });

  it('waits in the Inbox until the assistant’s delay is over (§9: within seconds)', async () => {
    let now = Date.now();
    Object.assign(sim.world, { now: () => now });
    sim.world.assistantDelayMs = 5000;
    await invite(sim);
    const waiting = await only(sim, 'bob', 'inbox');
    expect(shown(waiting, 'HasBeenProcessed', 'AssociatedCalendarItemId')).toEqual(['false', '']);
    expect(at(waiting, 'AssociatedCalendarItemId')).toBeUndefined();
    expect(await itemsIn(sim, 'bob', 'calendar')).toEqual([]);
    now += 5000;
    expect(await itemsIn(sim, 'bob', 'calendar')).toHaveLength(1);
    expect(path(await only(sim, 'bob', 'inbox'), 'HasBeenProcessed')).toBe('true');
  });

  it('reaches the calendar without any call when the delay is a real one', async () => {
    await sim.close();
    sim = await start({ assistantDelayMs: 20 });
    await invite(sim);
    const calendar = sim.world.mailboxes.get('bob@example.test')!.distinguished.get('calendar')!;
    expect(calendar.items.size).toBe(0);
    await expect.poll(() => calendar.items.size).toBe(1);
  });

  it.each([
    ['SendToNone', 0, 0],
    ['SendOnlyToAll', 1, 0],
    ['SendToAllAndSaveCopy', 1, 1],
  ])(
    '%s delivers %i request and keeps %i copy (MS-OXWSMTGS_R4400, R4600–R4602, R4800–R4802)',
    async (mode, sent, kept) => {
      await invite(sim, { mode });
      expect(await itemsIn(sim, 'bob', 'inbox')).toHaveLength(sent);
      expect(await itemsIn(sim, 'bob', 'calendar')).toHaveLength(sent);
      const copies = await itemsIn(sim, 'alice', 'sentitems');
      expect(copies.map((copy) => [copy.name, ...shown(copy, 'IsOrganizer', 'IsRead', 'IsFromMe')])).toEqual(
        Array.from({ length: kept }, () => ['MeetingRequest', 'true', 'true', 'true']),
      );
    },
  );

  it('of an organizer who attends is not sent to the organizer, and answers stay the organizer’s business (§9)', async () => {
    await invite(sim, { to: ['alice', 'bob'] });
    expect(await itemsIn(sim, 'alice', 'inbox')).toEqual([]);
    expect(sim.sentMessages()[0]?.to).toEqual(['bob@example.test']);
  });

  it('does not tell attendees of resources or of When (MS-OXWSMTGS_R299, R319)', async () => {
    await invite(sim, { after: attendees('Resources', 'carol') });
    const request = await only(sim, 'bob', 'inbox');
    expect([at(request, 'Resources'), at(request, 'When')]).toEqual([undefined, undefined]);
    expect(await itemsIn(sim, 'carol', 'inbox')).toHaveLength(1);
  });

  it('names what it conflicts with and what is next to it (MS-OXWSMTGS_R321, R323, R325, R327)', async () => {
    const own = async (subject: string, span: string): Promise<void> => {
      await ok(
        sim,
        `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:Subject>${subject}</t:Subject>${span}</t:CalendarItem></m:Items></m:CreateItem>`,
        { user: 'bob' },
      );
    };
    await own('Clash', times('2025-06-02T10:30:00Z', '2025-06-02T12:00:00Z'));
    await own('Before', times('2025-06-02T09:00:00Z', '2025-06-02T10:00:00Z'));
    await own('Later', times('2025-06-02T15:00:00Z', '2025-06-02T16:00:00Z'));
    await invite(sim);
    const request = await only(sim, 'bob', 'inbox');
    expect(shown(request, 'ConflictingMeetingCount', 'AdjacentMeetingCount')).toEqual(['1', '1']);
    expect(path(request, 'ConflictingMeetings/CalendarItem/Subject')).toBe('Clash');
    expect(path(request, 'AdjacentMeetings/CalendarItem/Subject')).toBe('Before');
  });

  it('is unread mail: it counts, and sync of the Inbox brings it as MeetingRequest (§5, SyncFolderItems example)', async () => {
    await invite(sim);
    const message = await ok(
      sim,
      '<m:GetFolder><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder>',
      { user: 'bob' },
    );
    expect(path(message.entity, 'UnreadCount')).toBe('1');
    const synced = await ok(
      sim,
      '<m:SyncFolderItems><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:SyncFolderId><t:DistinguishedFolderId Id="inbox"/></m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>',
      { user: 'bob' },
    );
    expect(all(synced.element, 'Changes/Create/MeetingRequest')).toHaveLength(1);
  });

  it('cannot be made as a message by hand (§9; ErrorInvalidItemForOperationCreateItem)', async () => {
    expect(
      await codeOf(
        sim,
        '<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:MeetingRequest><t:Subject>x</t:Subject></t:MeetingRequest></m:Items></m:CreateItem>',
      ),
    ).toBe('ErrorInvalidItemForOperationCreateItem');
  });
});

describe('an update', () => {
  it('of the time is a FullUpdate: the answer is over, the older request Outdated (MS-OXWSMTGS_R484, R485, R268, R750, R751; §9)', async () => {
    const id = await invite(sim);
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'calendar') });
    await change(sim, id, { updates: moveTo('14') });
    const [old, update] = await itemsIn(sim, 'bob', 'inbox');
    expect(shown(old, 'MeetingRequestType', 'IsOutOfDate')).toEqual(['Outdated', 'true']);
    expect(shown(update, 'MeetingRequestType', 'IsOutOfDate', 'AppointmentSequenceNumber')).toEqual([
      'FullUpdate',
      'false',
      '1',
    ]);
    const item = await only(sim, 'bob', 'calendar');
    expect(
      shown(item, 'Start', 'MyResponseType', 'LegacyFreeBusyStatus', 'AppointmentSequenceNumber'),
    ).toEqual(['2025-06-02T14:00:00Z', 'NoResponseReceived', 'Tentative', '1']);
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(shown(own, 'RequiredAttendees/Attendee/ResponseType', 'AppointmentSequenceNumber')).toEqual([
      'Unknown',
      '1',
    ]);
  });

  it('of anything else is an InformationalUpdate to who has accepted, and keeps the answer (MS-OXWSMTGS_R71, R587; §9)', async () => {
    const id = await invite(sim);
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'calendar') });
    await change(sim, id, { updates: setEvent('Location', 'Room 2') });
    const [, update] = await itemsIn(sim, 'bob', 'inbox');
    expect(shown(update, 'MeetingRequestType', 'Location', 'AppointmentSequenceNumber')).toEqual([
      'InformationalUpdate',
      'Room 2',
      '0',
    ]);
    expect(
      shown(await only(sim, 'bob', 'calendar'), 'Location', 'MyResponseType', 'LegacyFreeBusyStatus'),
    ).toEqual(['Room 2', 'Accept', 'Busy']);
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(path(own, 'RequiredAttendees/Attendee/ResponseType')).toBe('Accept');
  });

  it('of anything else is a FullUpdate to who has not answered yet (MS-OXWSMTGS_R485)', async () => {
    const id = await invite(sim);
    await change(sim, id, { updates: setEvent('Location', 'Room 2') });
    const [, update] = await itemsIn(sim, 'bob', 'inbox');
    expect(path(update, 'MeetingRequestType')).toBe('FullUpdate');
  });

  it('leaves what the attendee has made of the item (§9: only update reminder info)', async () => {
    const id = await invite(sim);
    const item = await only(sim, 'bob', 'calendar');
    const own =
      setEvent('Categories', '<t:String>Mine</t:String>', 'item:Categories') +
      setEvent('ReminderMinutesBeforeStart', '45', 'item:ReminderMinutesBeforeStart');
    await change(sim, bareId(item), { updates: own, mode: 'SendToNone', person: 'bob' });
    await change(sim, id, { updates: moveTo('14') });
    const after = await only(sim, 'bob', 'calendar');
    expect(bareId(after)).toBe(bareId(item));
    expect(shown(after, 'Categories/String', 'ReminderMinutesBeforeStart', 'Start')).toEqual([
      'Mine',
      '45',
      '2025-06-02T14:00:00Z',
    ]);
  });

  it.each([
    ['SendToNone', [0, 0], 0],
    ['SendOnlyToAll', [1, 1], 0],
    ['SendToAllAndSaveCopy', [1, 1], 1],
    ['SendOnlyToChanged', [0, 0], 0],
    ['SendToChangedAndSaveCopy', [0, 0], 0],
  ])(
    '%s of a location reaches bob and carol %j times, with %i copies (MS-OXWSMTGS_R6000–R6501)',
    async (mode, reached, kept) => {
      const id = await invite(sim, { to: ['bob', 'carol'], mode: 'SendOnlyToAll' });
      await change(sim, id, { updates: setEvent('Location', 'Room 2'), mode });
      const counts = [
        (await itemsIn(sim, 'bob', 'inbox')).length - 1,
        (await itemsIn(sim, 'carol', 'inbox')).length - 1,
      ];
      expect(counts).toEqual(reached);
      expect(await itemsIn(sim, 'alice', 'sentitems')).toHaveLength(kept);
      expect(path(await getAs(sim, 'alice', `Id="${id}"`), 'Location')).toBe('Room 2');
    },
  );

  it.each([
    ['SendOnlyToChanged', 0],
    ['SendToChangedAndSaveCopy', 2],
  ])(
    '%s of the attendees invites the new and cancels with the removed only (MS-OXWSMTGS_R6200, R6500, R6501)',
    async (mode, kept) => {
      sim.addUser('dave@example.test', 'dave');
      const id = await invite(sim, { to: ['bob', 'carol'], mode: 'SendOnlyToAll' });
      const list = attendees('RequiredAttendees', 'bob', 'dave').replace(/<\/?t:RequiredAttendees>/g, '');
      await change(sim, id, { updates: setEvent('RequiredAttendees', list), mode });
      expect((await itemsIn(sim, 'bob', 'inbox')).map(({ name }) => name)).toEqual(['MeetingRequest']);
      expect((await itemsIn(sim, 'carol', 'inbox')).map(({ name }) => name)).toEqual([
        'MeetingRequest',
        'MeetingCancellation',
      ]);
      const dave = await itemsIn(sim, 'dave' as 'bob', 'inbox');
      expect(dave.map((item) => path(item, 'MeetingRequestType'))).toEqual(['NewMeetingRequest']);
      expect(await itemsIn(sim, 'alice', 'sentitems')).toHaveLength(kept);
    },
  );

  it('of a meeting in Deleted Items cannot be sent (§9: ErrorCalendarCannotUpdateDeletedItem)', async () => {
    const id = await invite(sim);
    await ok(
      sim,
      `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`,
    );
    const gone = await only(sim, 'alice', 'deleteditems');
    expect(path(gone, 'IsCancelled')).toBe('false');
    await expect(change(sim, bareId(gone), { updates: moveTo('14') })).rejects.toThrow(
      'ErrorCalendarCannotUpdateDeletedItem',
    );
  });
});

describe('a series', () => {
  it('comes whole, with pattern, bounds, exceptions and deletions (MS-OXWSMTGS_R339, R341, R343, R345, R347, R760, R309)', async () => {
    const id = await invite(sim, { recurrence: daily(5), mode: 'SendToNone' });
    await change(sim, occurrence(id, 2), { updates: setEvent('Location', 'Roof'), mode: 'SendToNone' });
    await ok(
      sim,
      `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds>${occurrence(id, 4)}</m:ItemIds></m:DeleteItem>`,
    );
    await change(sim, id, { updates: setEvent('Location', 'Room 3') });
    const request = await only(sim, 'bob', 'inbox');
    const item = await only(sim, 'bob', 'calendar');
    expect(shown(request, 'CalendarItemType', 'IsRecurring', 'MeetingRequestType')).toEqual([
      'RecurringMaster',
      'true',
      'NewMeetingRequest',
    ]);
    for (const one of [request, item]) {
      expect(path(one, 'Recurrence/NumberedRecurrence/NumberOfOccurrences')).toBe('5');
      expect(shown(one, 'FirstOccurrence/Start', 'LastOccurrence/Start')).toEqual([
        '2025-06-02T10:00:00Z',
        '2025-06-06T10:00:00Z',
      ]);
      expect(path(one, 'ModifiedOccurrences/Occurrence/OriginalStart')).toBe('2025-06-03T10:00:00Z');
      expect(path(one, 'DeletedOccurrences/DeletedOccurrence/Start')).toBe('2025-06-05T10:00:00Z');
    }
    expect(path(item, 'IsRecurring')).toBe('true');
    expect(path(await getAs(sim, 'bob', occurrence(bareId(item), 2)), 'Location')).toBe('Roof');
  });

  it('has one occurrence moved: the request says which, the attendee’s series gets an exception (MS-OXWSMTGS_R277, R651; §9)', async () => {
    const id = await invite(sim, { recurrence: daily(5) });
    const before = keyOf(await only(sim, 'bob', 'calendar'));
    await change(sim, occurrence(id, 3), {
      updates: setEvent('Start', '2025-06-04T12:00:00Z') + setEvent('End', '2025-06-04T13:00:00Z'),
    });
    const [, request] = await itemsIn(sim, 'bob', 'inbox');
    expect(shown(request, 'RecurrenceId', 'Start', 'CalendarItemType', 'MeetingRequestType')).toEqual([
      '2025-06-04T10:00:00Z',
      '2025-06-04T12:00:00Z',
      'Exception',
      'FullUpdate',
    ]);
    const item = await only(sim, 'bob', 'calendar');
    expect(keyOf(item)).not.toBe(before);
    expect(shown(item, 'ModifiedOccurrences/Occurrence/Start')).toEqual(['2025-06-04T12:00:00Z']);
    expect(at(request, 'AssociatedCalendarItemId')?.attrs['Id']).toBe(
      bareId(at(item, 'ModifiedOccurrences/Occurrence')),
    );
  });

  it('has somebody invited to single instances only: one item each, all of one UID (§9)', async () => {
    const id = await invite(sim, { recurrence: daily(5) });
    const both = attendees('RequiredAttendees', 'bob', 'carol').replace(/<\/?t:RequiredAttendees>/g, '');
    await change(sim, occurrence(id, 2), { updates: setEvent('RequiredAttendees', both) });
    await change(sim, occurrence(id, 4), { updates: setEvent('RequiredAttendees', both) });
    const items = await itemsIn(sim, 'carol', 'calendar');
    expect(items.map((item) => shown(item, 'CalendarItemType', 'RecurrenceId', 'Start'))).toEqual([
      ['Single', '2025-06-03T10:00:00Z', '2025-06-03T10:00:00Z'],
      ['Single', '2025-06-05T10:00:00Z', '2025-06-05T10:00:00Z'],
    ]);
    expect(new Set(items.map((item) => path(item, 'UID'))).size).toBe(1);
    await change(sim, id, { updates: setEvent('RequiredAttendees', both) });
    expect(shown(await only(sim, 'carol', 'calendar'), 'CalendarItemType')).toEqual(['RecurringMaster']);
  });

  it('moves an occurrence: its request shows that one is unanswered, whatever was said of the series (§9)', async () => {
    const id = await invite(sim, { recurrence: daily(5) });
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox') });
    const times = setEvent('Start', '2025-06-04T15:00:00Z') + setEvent('End', '2025-06-04T15:30:00Z');
    await change(sim, occurrence(id, 3), { updates: times });
    const request = await only(sim, 'bob', 'inbox');
    expect(shown(request, 'MyResponseType', 'RecurrenceId')).toEqual([
      'NoResponseReceived',
      '2025-06-04T10:00:00Z',
    ]);
  });

  it('loses an occurrence: the attendee’s is an exception marked cancelled, the others stay (§9)', async () => {
    const id = await invite(sim, { recurrence: daily(5) });
    await ok(
      sim,
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendOnlyToAll"><m:ItemIds>${occurrence(id, 3)}</m:ItemIds></m:DeleteItem>`,
    );
    expect(sim.sentMessages().at(-1)).toMatchObject({
      kind: 'cancellation',
      subject: 'Canceled: Plan',
      occurrence: '2025-06-04T10:00:00.000Z',
    });
    const item = await only(sim, 'bob', 'calendar');
    expect(path(item, 'IsCancelled')).toBe('false');
    const third = await getAs(sim, 'bob', occurrence(bareId(item), 3));
    expect(shown(third, 'IsCancelled', 'Subject', 'AppointmentState')).toEqual([
      'true',
      'Canceled: Plan',
      '7',
    ]);
    expect(path(await getAs(sim, 'bob', occurrence(bareId(item), 2)), 'IsCancelled')).toBe('false');
  });
});
