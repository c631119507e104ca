// Answers of attendees, cancellations of organizers, and what both sides see of them (BEHAVIOUR §9, §16;
// [MS-OXWSMTGS] 2.2.4, 3.1.4.2).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { addItem, folderOf } from '../../../simulator/state/index.ts';
import { all, at, bareId, codeOf, idOf, keyOf, ok, path, start, sync } from '../soap-client.ts';
import {
  change,
  codeAs,
  daily,
  getAs,
  invite,
  itemsIn,
  moveTo,
  only,
  respond,
  responseBody,
  setEvent,
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
const attendee = async (id: string): Promise<string[]> => {
  const own = await getAs(sim, 'alice', id.startsWith('<') ? id : `Id="${id}"`);
  const found = at(own, 'RequiredAttendees/Attendee');
  return [path(found, 'ResponseType'), path(found, 'LastResponseTime') === '' ? 'never' : 'when'];
};

describe('an answer', () => {
  it.each([
    ['AcceptItem', 'Accept', 'Busy', 'IPM.Schedule.Meeting.Resp.Pos', 'Accepted: Plan'],
    ['TentativelyAcceptItem', 'Tentative', 'Tentative', 'IPM.Schedule.Meeting.Resp.Tent', 'Tentative: Plan'],
  ])(
    '%s gives the calendar item the answer and a new id, and moves the request (§9; CreateItem example 20; MS-OXWSMTGS_R81, R82)',
    async (kind, response, busy, itemClass, subject) => {
      const id = await invite(sim);
      const before = await only(sim, 'bob', 'calendar');
      const request = await only(sim, 'bob', 'inbox');
      const [item, moved, ...more] = await respond(sim, 'bob', { kind, to: request });
      expect([item?.name, moved?.name, more.length]).toEqual(['CalendarItem', 'MeetingRequest', 0]);
      expect(await itemsIn(sim, 'bob', 'inbox')).toEqual([]);
      expect(bareId(await only(sim, 'bob', 'deleteditems'))).toBe(bareId(moved));
      const after = await only(sim, 'bob', 'calendar');
      expect(idOf(after)).toBe(idOf(item));
      expect(bareId(after)).not.toBe(bareId(before));
      expect(shown(after, 'MyResponseType', 'LegacyFreeBusyStatus', 'AppointmentState')).toEqual([
        response,
        busy,
        '3',
      ]);
      expect(path(after, 'AppointmentReplyTime')).not.toBe('');
      const answer = await only(sim, 'alice', 'inbox');
      expect(answer.name).toBe('MeetingResponse');
      expect(
        shown(answer, 'ItemClass', 'Subject', 'ResponseType', 'IsOrganizer', 'HasBeenProcessed'),
      ).toEqual([itemClass, subject, response, 'true', 'true']);
      expect(shown(answer, 'Start', 'Location', 'CalendarItemType', 'From/Mailbox/EmailAddress')).toEqual([
        '2025-06-02T10:00:00Z',
        'Room 1',
        'Single',
        'bob@example.test',
      ]);
      expect(at(answer, 'AssociatedCalendarItemId')?.attrs['Id']).toBe(id);
      expect(all(answer, 'ResponseObjects/ReplyToItem')).toHaveLength(1);
      expect(await attendee(id)).toEqual([response, 'when']);
    },
  );

  it('DeclineItem moves both item and request to Deleted Items (§9; MS-OXWSMTGS_R83)', async () => {
    const id = await invite(sim);
    const [item, moved] = await respond(sim, 'bob', {
      kind: 'DeclineItem',
      to: await only(sim, 'bob', 'inbox'),
    });
    expect([item?.name, moved?.name]).toEqual(['CalendarItem', 'MeetingRequest']);
    expect(await itemsIn(sim, 'bob', 'inbox')).toEqual([]);
    expect(await itemsIn(sim, 'bob', 'calendar')).toEqual([]);
    const deleted = await itemsIn(sim, 'bob', 'deleteditems');
    expect(new Set(deleted.map(bareId))).toEqual(new Set([bareId(item), bareId(moved)]));
    expect(shown(await only(sim, 'alice', 'inbox'), 'ItemClass', 'Subject')).toEqual([
      'IPM.Schedule.Meeting.Resp.Neg',
      'Declined: Plan',
    ]);
    expect(await attendee(id)).toEqual(['Decline', 'when']);
  });

  it('by the calendar item leaves the request where it is, and answers the item alone (§9)', async () => {
    await invite(sim);
    const items = await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'calendar') });
    expect(items.map(({ name }) => name)).toEqual(['CalendarItem']);
    expect(await itemsIn(sim, 'bob', 'inbox')).toHaveLength(1);
  });

  it('is a Delete and a Create to who synchronises the attendee’s calendar (§3, §9)', async () => {
    await invite(sim, { to: ['bob'] });
    // The calendar of alice herself, invited by carol.
    const { state } = await sync(sim, '');
    const mailbox = sim.world.mailboxes.get('alice@example.test')!;
    const tentative = addItem(sim.world, folderOf(mailbox, 'calendar'), {
      kind: 'event',
      values: {
        itemClass: 'IPM.Appointment',
        subject: 'Theirs',
        uid: 'theirs-1',
        start: Date.UTC(2025, 5, 3, 9),
        end: Date.UTC(2025, 5, 3, 10),
        organizer: { name: 'Carol', address: 'carol@example.test' },
        busy: 'Tentative',
      },
    });
    const seen = await sync(sim, state);
    expect(seen.changes.map(({ kind }) => kind)).toEqual(['Create']);
    const held = await getAs(sim, 'alice', `Id="${seen.changes[0]!.id}"`);
    await respond(sim, 'alice', { kind: 'AcceptItem', to: held });
    const after = await sync(sim, seen.state);
    expect(after.changes.map(({ kind }) => kind).sort()).toEqual(['Create', 'Delete']);
    expect(tentative.values.myResponse).toBeUndefined();
  });

  it('moves the change key of the organizer’s item (§3; MS-OXWSMTGS_R1091, R139, R141)', async () => {
    const id = await invite(sim, { to: ['bob', 'carol'] });
    const before = keyOf(await getAs(sim, 'alice', `Id="${id}"`));
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox') });
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(keyOf(own)).not.toBe(before);
    expect(all(own, 'RequiredAttendees/Attendee').map((one) => path(one, 'ResponseType'))).toEqual([
      'Accept',
      'Unknown',
    ]);
    await respond(sim, 'bob', { kind: 'DeclineItem', to: await only(sim, 'bob', 'calendar') });
    expect(await attendee(id)).toEqual(['Decline', 'when']);
  });

  it.each([
    ['SaveOnly', 0, 0],
    ['SendOnly', 1, 0],
    ['SendAndSaveCopy', 1, 1],
  ])('with %s sends %i and keeps %i (§9: MessageDisposition)', async (disposition, sent, kept) => {
    const id = await invite(sim);
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox'), disposition });
    expect(await itemsIn(sim, 'alice', 'inbox')).toHaveLength(sent);
    expect(await itemsIn(sim, 'bob', 'sentitems')).toHaveLength(kept);
    expect(path(await only(sim, 'bob', 'calendar'), 'MyResponseType')).toBe('Accept');
    expect((await attendee(id))[0]).toBe(sent === 1 ? 'Accept' : 'Unknown');
  });

  it('is not sent to an organizer who asked for none (MS-OXWSMTGS_R737)', async () => {
    const inner =
      '<t:Subject>Plan</t:Subject><t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End><t:IsResponseRequested>false</t:IsResponseRequested><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>';
    await ok(
      sim,
      `<m:CreateItem SendMeetingInvitations="SendOnlyToAll"><m:Items><t:CalendarItem>${inner}</t:CalendarItem></m:Items></m:CreateItem>`,
    );
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox') });
    expect(path(await only(sim, 'bob', 'calendar'), 'IsResponseRequested')).toBe('false');
    expect(await itemsIn(sim, 'alice', 'inbox')).toEqual([]);
  });

  it('carries text and a proposed time (CreateItem example 20; MS-OXWSMTGS_R1087, R1089)', async () => {
    await invite(sim);
    await ok(
      sim,
      `<m:CreateItem MessageDisposition="SendOnly"><m:Items><t:TentativelyAcceptItem><t:Body BodyType="Text">Later?</t:Body><t:ReferenceItemId ${idOf(await only(sim, 'bob', 'inbox'))}/><t:ProposedStart>2025-06-02T14:00:00Z</t:ProposedStart><t:ProposedEnd>2025-06-02T15:00:00Z</t:ProposedEnd></t:TentativelyAcceptItem></m:Items></m:CreateItem>`,
      { user: 'bob' },
    );
    const answer = await only(sim, 'alice', 'inbox');
    expect(shown(answer, 'ProposedStart', 'ProposedEnd')).toEqual([
      '2025-06-02T14:00:00Z',
      '2025-06-02T15:00:00Z',
    ]);
    expect(path(answer, 'Body')).toContain('Later?');
  });

  it('comes before the assistant has worked: it does the work itself (§9)', async () => {
    sim.world.assistantDelayMs = 60_000;
    const id = await invite(sim);
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox') });
    expect(path(await only(sim, 'bob', 'calendar'), 'MyResponseType')).toBe('Accept');
    expect(await attendee(id)).toEqual(['Unknown', 'never']);
  });

  it('brings back an item that was deleted before (§9)', async () => {
    await invite(sim);
    await ok(
      sim,
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId ${idOf(await only(sim, 'bob', 'calendar'))}/></m:ItemIds></m:DeleteItem>`,
      { user: 'bob' },
    );
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'inbox') });
    expect(path(await only(sim, 'bob', 'calendar'), 'MyResponseType')).toBe('Accept');
  });

  it('to an older version of the meeting is not tallied (§9; [MS-OXOCAL] 3.1.5.4)', async () => {
    const id = await invite(sim);
    sim.world.assistantDelayMs = 60_000;
    await respond(sim, 'bob', { kind: 'AcceptItem', to: await only(sim, 'bob', 'calendar') });
    sim.world.assistantDelayMs = 0;
    await change(sim, id, { updates: moveTo('14') });
    sim.world.unprocessed.splice(0, 1, { ...sim.world.unprocessed[0]!, due: 0 });
    expect(path(await only(sim, 'alice', 'inbox'), 'IsOutOfDate')).toBe('false');
    expect(await attendee(id)).toEqual(['Unknown', 'never']);
  });

  it('to one occurrence marks that one here and there (§9; MS-OXWSMTGS_R277)', async () => {
    const id = await invite(sim, { recurrence: daily(5) });
    const master = await only(sim, 'bob', 'calendar');
    const third = await getAs(sim, 'bob', occurrence(bareId(master), 3));
    const [item] = await respond(sim, 'bob', { kind: 'AcceptItem', to: third });
    expect(bareId(item)).toBe(bareId(third));
    expect(path(await getAs(sim, 'bob', idOf(third)), 'MyResponseType')).toBe('Accept');
    expect(path(await only(sim, 'bob', 'calendar'), 'MyResponseType')).toBe('NoResponseReceived');
    expect(path(await only(sim, 'alice', 'inbox'), 'RecurrenceId')).toBe('2025-06-04T10:00:00Z');
    expect(await attendee(occurrence(id, 3))).toEqual(['Accept', 'when']);
    expect(await attendee(id)).toEqual(['Unknown', 'never']);
    const fourth = await getAs(sim, 'bob', occurrence(bareId(master), 4));
    expect(await respond(sim, 'bob', { kind: 'DeclineItem', to: fourth })).toEqual([]);
    expect(path(await only(sim, 'bob', 'calendar'), 'DeletedOccurrences/DeletedOccurrence/Start')).toBe(
      '2025-06-05T10:00:00Z',
    );
    expect(await attendee(occurrence(id, 4))).toEqual(['Decline', 'when']);
  });

  it('by somebody who was not invited is added to the optional attendees ([MS-OXOCAL] 3.1.5.4)', async () => {
    const id = await invite(sim);
    const bob = sim.world.mailboxes.get('bob@example.test')!;
    const [request] = folderOf(bob, 'inbox').items.values();
    const carol = sim.world.mailboxes.get('carol@example.test')!;
    addItem(sim.world, folderOf(carol, 'inbox'), {
      ...request!,
      values: { ...request!.values, hasBeenProcessed: false },
    });
    await respond(sim, 'carol', { kind: 'AcceptItem', to: await only(sim, 'carol', 'inbox') });
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(path(own, 'OptionalAttendees/Attendee/Mailbox/EmailAddress')).toBe('carol@example.test');
  });
});

describe('is refused:', () => {
  const kinds = ['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem'] as const;
  const words = { AcceptItem: 'Accept', TentativelyAcceptItem: 'Tentative', DeclineItem: 'Decline' };

  it.each(kinds)('%s without MessageDisposition (MS-OXWSMTGS_R1241, R1342)', async (kind) => {
    await invite(sim);
    const body = responseBody(kind, idOf(await only(sim, 'bob', 'inbox')), { disposition: null });
    expect(await codeAs(sim, 'bob', body)).toBe('ErrorMessageDispositionRequired');
  });

  it.each(kinds)('%s by the organizer (§16)', async (kind) => {
    const id = await invite(sim);
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(await codeAs(sim, 'alice', responseBody(kind, idOf(own)))).toBe(
      `ErrorCalendarIsOrganizerFor${words[kind]}`,
    );
    const copy = await only(sim, 'alice', 'sentitems');
    expect(await codeAs(sim, 'alice', responseBody(kind, idOf(copy)))).toBe(
      `ErrorCalendarIsOrganizerFor${words[kind]}`,
    );
  });

  it.each(kinds)('%s of a cancelled meeting, by item or request (§16)', async (kind) => {
    const id = await invite(sim);
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    const request = await only(sim, 'bob', 'inbox');
    await respond(sim, 'alice', { kind: 'CancelCalendarItem', to: own });
    const expected = `ErrorCalendarIsCancelledFor${words[kind]}`;
    const item = await only(sim, 'bob', 'calendar');
    expect(await codeAs(sim, 'bob', responseBody(kind, idOf(item)))).toBe(expected);
    expect(await codeAs(sim, 'bob', responseBody(kind, idOf(request)))).toBe(expected);
  });

  it.each(kinds)(
    '%s of a request that was superseded (§16: ErrorCalendarMeetingRequestIsOutOfDate)',
    async (kind) => {
      const id = await invite(sim);
      await change(sim, id, { updates: moveTo('14') });
      const [old, latest] = await itemsIn(sim, 'bob', 'inbox');
      expect(await codeAs(sim, 'bob', responseBody(kind, idOf(old)))).toBe(
        'ErrorCalendarMeetingRequestIsOutOfDate',
      );
      expect(await codeAs(sim, 'bob', responseBody(kind, idOf(latest)))).toBe('NoError');
    },
  );

  it('any without a change key, or about something else (§3)', async () => {
    const id = await invite(sim);
    const item = await only(sim, 'bob', 'calendar');
    expect(await codeAs(sim, 'bob', responseBody('AcceptItem', `Id="${bareId(item)}"`))).toBe(
      'ErrorChangeKeyRequiredForWriteOperations',
    );
    await respond(sim, 'bob', { kind: 'AcceptItem', to: item });
    const answer = await only(sim, 'alice', 'inbox');
    expect(await codeAs(sim, 'alice', responseBody('AcceptItem', idOf(answer)))).toBe(
      'ErrorInvalidReferenceItem',
    );
    expect(
      await codeAs(sim, 'bob', responseBody('CancelCalendarItem', `Id="${id}" ChangeKey="${keyOf(answer)}"`)),
    ).toBe('ErrorItemNotFound');
  });

  it('CancelCalendarItem by an attendee, or without MessageDisposition (§16: ErrorCalendarIsNotOrganizer; MS-OXWSMTGS_R1342)', async () => {
    const id = await invite(sim);
    const item = await only(sim, 'bob', 'calendar');
    expect(await codeAs(sim, 'bob', responseBody('CancelCalendarItem', idOf(item)))).toBe(
      'ErrorCalendarIsNotOrganizer',
    );
    const own = idOf(await getAs(sim, 'alice', `Id="${id}"`));
    expect(await codeAs(sim, 'alice', responseBody('CancelCalendarItem', own, { disposition: null }))).toBe(
      'ErrorMessageDispositionRequired',
    );
  });

  it('RemoveItem by the organizer, of a request to a cancelled meeting, of one that stands (§16)', async () => {
    const id = await invite(sim);
    const own = await getAs(sim, 'alice', `Id="${id}"`);
    expect(await codeAs(sim, 'alice', responseBody('RemoveItem', idOf(own), { disposition: null }))).toBe(
      'ErrorCalendarIsOrganizerForRemove',
    );
    const item = await only(sim, 'bob', 'calendar');
    expect(await codeAs(sim, 'bob', responseBody('RemoveItem', idOf(item), { disposition: null }))).toBe(
      'ErrorInvalidReferenceItem',
    );
    const request = await only(sim, 'bob', 'inbox');
    await respond(sim, 'alice', { kind: 'CancelCalendarItem', to: own });
    expect(await codeAs(sim, 'bob', responseBody('RemoveItem', idOf(request), { disposition: null }))).toBe(
      'ErrorCalendarIsCancelledForRemove',
    );
  });
});

describe('a cancelled meeting', () => {
  it('CancelCalendarItem: to Deleted Items here, IsCancelled and “Canceled:” there (§9; CreateItem example 14; MS-OXWSMTGS_R491, R730, R740, R741, R80003)', async () => {
    const id = await invite(sim);
    const [item, ...more] = await respond(sim, 'alice', {
      kind: 'CancelCalendarItem',
      to: await getAs(sim, 'alice', `Id="${id}"`),
      inner: '<t:NewBodyContent BodyType="Text">Hailstorms</t:NewBodyContent>',
    });
    expect([item?.name, more.length]).toEqual(['CalendarItem', 0]);
    const gone = await only(sim, 'alice', 'deleteditems');
    expect(bareId(gone)).toBe(bareId(item));
    expect(shown(gone, 'IsCancelled', 'AppointmentState', 'Subject')).toEqual([
      'true',
      '5',
      'Canceled: Plan',
    ]);
    const theirs = await only(sim, 'bob', 'calendar');
    expect(shown(theirs, 'IsCancelled', 'AppointmentState', 'Subject', 'LegacyFreeBusyStatus')).toEqual([
      'true',
      '7',
      'Canceled: Plan',
      'Free',
    ]);
    expect(all(theirs, 'ResponseObjects/RemoveItem')).toHaveLength(1);
    expect(all(theirs, 'ResponseObjects/AcceptItem')).toEqual([]);
    const [, cancellation] = await itemsIn(sim, 'bob', 'inbox');
    expect(cancellation?.name).toBe('MeetingCancellation');
    expect(shown(cancellation, 'ItemClass', 'Subject', 'Start', 'Location', 'CalendarItemType')).toEqual([
      'IPM.Schedule.Meeting.Canceled',
      'Canceled: Plan',
      '2025-06-02T10:00:00Z',
      'Room 1',
      'Single',
    ]);
    expect(path(cancellation, 'Body')).toContain('Hailstorms');
    const named = await ok(
      sim,
      `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:EnhancedLocation"/></t:AdditionalProperties></m:ItemShape><m:ItemIds><t:ItemId ${idOf(cancellation)}/></m:ItemIds></m:GetItem>`,
      { user: 'bob' },
    );
    expect(path(named.entity, 'EnhancedLocation/DisplayName')).toBe('Room 1');
    expect(at(cancellation, 'AssociatedCalendarItemId')?.attrs['Id']).toBe(bareId(theirs));
    expect((await itemsIn(sim, 'alice', 'sentitems')).map(({ name }) => name)).toEqual([
      'MeetingRequest',
      'MeetingCancellation',
    ]);
  });

  it('RemoveItem on the cancellation takes both away (§9; MS-OXWSMTGS_R492, R128)', async () => {
    const id = await invite(sim);
    await respond(sim, 'alice', { kind: 'CancelCalendarItem', to: await getAs(sim, 'alice', `Id="${id}"`) });
    const [, cancellation] = await itemsIn(sim, 'bob', 'inbox');
    const items = await respond(sim, 'bob', { kind: 'RemoveItem', to: cancellation!, disposition: null });
    expect(items.map(({ name }) => name)).toEqual(['CalendarItem', 'MeetingCancellation']);
    expect(await itemsIn(sim, 'bob', 'calendar')).toEqual([]);
    expect((await itemsIn(sim, 'bob', 'inbox')).map(({ name }) => name)).toEqual(['MeetingRequest']);
  });

  it.each([
    ['SendToNone', 0, 0, 'false'],
    ['SendOnlyToAll', 1, 0, 'true'],
    ['SendToAllAndSaveCopy', 1, 1, 'true'],
  ])(
    'DeleteItem with %s sends %i and keeps %i (MS-OXWSMTGS_R45–R4901)',
    async (mode, sent, kept, cancelled) => {
      const id = await invite(sim, { mode: 'SendOnlyToAll' });
      await ok(
        sim,
        `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="${mode}"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`,
      );
      expect(await itemsIn(sim, 'alice', 'calendar')).toEqual([]);
      expect(await itemsIn(sim, 'bob', 'inbox')).toHaveLength(1 + sent);
      expect(await itemsIn(sim, 'alice', 'sentitems')).toHaveLength(kept);
      expect(path(await only(sim, 'alice', 'deleteditems'), 'IsCancelled')).toBe(cancelled);
      expect(path(await only(sim, 'bob', 'calendar'), 'IsCancelled')).toBe(cancelled);
    },
  );

  it('DeleteItem demands SendMeetingCancellations (MS-OXWSMTGS_R1213)', async () => {
    const id = await invite(sim);
    expect(
      await codeOf(
        sim,
        `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:DeleteItem>`,
      ),
    ).toBe('ErrorSendMeetingCancellationsRequired');
  });

  it('one occurrence, by its own id (§9: ReferenceItemId = master or occurrence)', async () => {
    const id = await invite(sim, { recurrence: daily(3) });
    const second = await getAs(sim, 'alice', occurrence(id, 2));
    await respond(sim, 'alice', { kind: 'CancelCalendarItem', to: second });
    expect(await itemsIn(sim, 'alice', 'deleteditems')).toEqual([]);
    expect(path(await getAs(sim, 'alice', `Id="${id}"`), 'DeletedOccurrences/DeletedOccurrence/Start')).toBe(
      '2025-06-03T10:00:00Z',
    );
    const master = await only(sim, 'bob', 'calendar');
    expect(path(await getAs(sim, 'bob', occurrence(bareId(master), 2)), 'IsCancelled')).toBe('true');
    const [, cancellation] = await itemsIn(sim, 'bob', 'inbox');
    expect(path(cancellation, 'RecurrenceId')).toBe('2025-06-03T10:00:00Z');
    await respond(sim, 'bob', { kind: 'RemoveItem', to: cancellation!, disposition: null });
    expect(path(await only(sim, 'bob', 'calendar'), 'DeletedOccurrences/DeletedOccurrence/Start')).toBe(
      '2025-06-03T10:00:00Z',
    );
  });

  it('stands again when an update follows (§9)', async () => {
    const id = await invite(sim, { to: ['bob', 'carol'] });
    const attendeesOf = (...names: string[]): string =>
      setEvent(
        'RequiredAttendees',
        names
          .map(
            (name) =>
              `<t:Attendee><t:Mailbox><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox></t:Attendee>`,
          )
          .join(''),
      );
    await change(sim, id, { updates: attendeesOf('carol'), mode: 'SendOnlyToChanged' });
    expect(path(await only(sim, 'bob', 'calendar'), 'IsCancelled')).toBe('true');
    await change(sim, id, { updates: attendeesOf('bob', 'carol'), mode: 'SendOnlyToChanged' });
    expect(shown(await only(sim, 'bob', 'calendar'), 'IsCancelled', 'Subject')).toEqual(['false', 'Plan']);
  });
});
