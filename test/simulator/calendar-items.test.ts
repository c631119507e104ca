// Calendar items (BEHAVIOUR §7, §8): series, occurrences, exceptions, zones, reminders.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import {
  all,
  at,
  bareId,
  call,
  codeOf,
  createEvent,
  folder,
  get,
  getItemBody,
  idOf,
  keyOf,
  ok,
  path,
  remove,
  set,
  start,
  sync,
  updateBody,
  zones,
} from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const berlin = 'W. Europe Standard Time';
const weekly = (range: string, days = 'Monday'): string =>
  `<t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>${days}</t:DaysOfWeek></t:WeeklyRecurrence>${range}</t:Recurrence>`;
const daily = (count: number, from = '2025-03-24'): string =>
  `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>${from}</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>`;
const series = (count = 10): string =>
  `<t:Subject>Standup</t:Subject><t:Start>2025-03-24T09:00:00</t:Start><t:End>2025-03-24T10:00:00</t:End>${daily(count)}${zones(berlin)}`;
const occurrence = (entity: Parameters<typeof bareId>[0], index: number): string =>
  `<t:OccurrenceItemId RecurringMasterId="${bareId(entity)}" InstanceIndex="${index}"/>`;
const deleteBody = (id: string, type = 'MoveToDeletedItems'): string =>
  `<m:DeleteItem DeleteType="${type}" SendMeetingCancellations="SendToNone"><m:ItemIds>${id}</m:ItemIds></m:DeleteItem>`;

describe('a single event', () => {
  it('answers CreateItem with id and change key only, and GetItem with everything', async () => {
    const created = await createEvent(
      sim,
      `<t:Subject>Lunch</t:Subject><t:Start>2025-05-01T12:00:00</t:Start><t:End>2025-05-01T13:00:00</t:End><t:Location>Canteen</t:Location>${zones(berlin)}`,
    );
    expect(created.children).toHaveLength(1);
    const event = await get(sim, idOf(created));
    expect(path(event, 'Start')).toBe('2025-05-01T10:00:00Z');
    expect(path(event, 'CalendarItemType')).toBe('Single');
    expect(path(event, 'UID')).toMatch(/^040000008200E00074C5B7101A82E008[0-9A-F]{80}$/);
    expect(path(event, 'IsMeeting')).toBe('false');
    expect(path(event, 'MyResponseType')).toBe('Organizer');
    expect(path(event, 'AppointmentState')).toBe('0');
    expect(at(event, 'StartTimeZone')?.attrs['Id']).toBe(berlin);
  });

  it('has a reminder of 15 minutes unless it is switched off', async () => {
    const on = await get(sim, idOf(await createEvent(sim, '<t:Subject>a</t:Subject>')));
    expect([path(on, 'ReminderIsSet'), path(on, 'ReminderMinutesBeforeStart')]).toEqual(['true', '15']);
    const off = await get(
      sim,
      idOf(await createEvent(sim, '<t:Subject>a</t:Subject><t:ReminderIsSet>false</t:ReminderIsSet>')),
    );
    expect(path(off, 'ReminderIsSet')).toBe('false');
  });

  it('keeps a foreign UID as it was given', async () => {
    const event = await get(sim, idOf(await createEvent(sim, '<t:UID>abc@client</t:UID>')));
    expect(path(event, 'UID')).toBe('abc@client');
  });

  it('rounds all-day events to midnight of the creation zone', async () => {
    const event = await get(
      sim,
      idOf(
        await createEvent(
          sim,
          `<t:Start>2025-07-01T10:00:00</t:Start><t:End>2025-07-02T09:00:00</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>${zones(berlin)}`,
        ),
      ),
    );
    expect([path(event, 'Start'), path(event, 'End')]).toEqual([
      '2025-06-30T22:00:00Z',
      '2025-07-02T22:00:00Z',
    ]);
  });

  it('reads values without zone in StartTimeZone, TimeZoneContext, UTC, in this order', async () => {
    const header = `<t:TimeZoneContext><t:TimeZoneDefinition Id="Tokyo Standard Time"/></t:TimeZoneContext>`;
    const inner = '<t:Start>2025-05-01T12:00:00</t:Start><t:End>2025-05-01T13:00:00</t:End>';
    const byContext = await createEvent(sim, inner, { header });
    expect(path(await get(sim, idOf(byContext)), 'Start')).toBe('2025-05-01T03:00:00Z');
    const plain = await createEvent(sim, inner);
    expect(path(await get(sim, idOf(plain)), 'Start')).toBe('2025-05-01T12:00:00Z');
    const shown = await ok(sim, getItemBody(`<t:ItemId ${idOf(plain)}/>`), { header });
    expect(path(shown.entity, 'Start')).toBe('2025-05-01T21:00:00+09:00');
  });

  it.each([
    [
      'ErrorCalendarEndDateIsEarlierThanStartDate',
      '<t:Start>2025-05-01T12:00:00Z</t:Start><t:End>2025-05-01T11:00:00Z</t:End>',
    ],
    [
      'ErrorCalendarDurationIsTooLong',
      '<t:Start>2025-05-01T12:00:00Z</t:Start><t:End>2031-05-01T11:00:00Z</t:End>',
    ],
    ['ErrorInvalidPropertySet', '<t:DisplayTo>x</t:DisplayTo>'],
    [
      'ErrorCalendarInvalidDayForWeeklyRecurrence',
      `<t:Start>2025-05-01T12:00:00Z</t:Start><t:End>2025-05-01T13:00:00Z</t:End>${weekly('<t:NoEndRecurrence><t:StartDate>2025-05-01</t:StartDate></t:NoEndRecurrence>', 'Weekday')}`,
    ],
    [
      'ErrorOccurrenceTimeSpanTooBig',
      `<t:Start>2025-03-24T12:00:00Z</t:Start><t:End>2025-03-25T13:00:00Z</t:End>${daily(5)}`,
    ],
  ])('%s', async (code, inner) => {
    expect(
      await codeOf(
        sim,
        `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>${inner}</t:CalendarItem></m:Items></m:CreateItem>`,
      ),
    ).toBe(code);
  });

  it('demands SendMeetingInvitations and its siblings, though the schema does not', async () => {
    expect(await codeOf(sim, '<m:CreateItem><m:Items><t:CalendarItem/></m:Items></m:CreateItem>')).toBe(
      'ErrorSendMeetingInvitationsRequired',
    );
    const id = idOf(await createEvent(sim, ''));
    expect(
      await codeOf(
        sim,
        `<m:UpdateItem ConflictResolution="AlwaysOverwrite"><m:ItemChanges><t:ItemChange><t:ItemId ${id}/><t:Updates>${remove('calendar:Location')}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
      ),
    ).toBe('ErrorSendMeetingInvitationsOrCancellationsRequired');
    expect(
      await codeOf(
        sim,
        `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId ${id}/></m:ItemIds></m:DeleteItem>`,
      ),
    ).toBe('ErrorSendMeetingCancellationsRequired');
  });

  it('is refused in a folder for something else', async () => {
    expect(
      await codeOf(
        sim,
        `<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId>${folder('contacts')}</m:SavedItemFolderId><m:Items><t:CalendarItem/></m:Items></m:CreateItem>`,
      ),
    ).toBe('ErrorCannotCreateCalendarItemInNonCalendarFolder');
  });
});

describe('a series', () => {
  it('keeps its wall clock across a change of the clocks', async () => {
    const master = await createEvent(sim, series());
    const before = await get(sim, occurrence(master, 6));
    const after = await get(sim, occurrence(master, 7));
    expect([path(before, 'Start'), path(after, 'Start')]).toEqual([
      '2025-03-29T08:00:00Z',
      '2025-03-30T07:00:00Z',
    ]);
    expect(path(after, 'CalendarItemType')).toBe('Occurrence');
    expect(path(after, 'IsRecurring')).toBe('true');
    expect(path(after, 'ItemClass')).toBe('IPM.Appointment.Occurrence');
    expect(at(after, 'Recurrence')).toBeUndefined();
  });

  it('shows a master with its bounds; IsRecurring is false on the organizer’s', async () => {
    const master = await get(sim, idOf(await createEvent(sim, series())));
    expect(path(master, 'CalendarItemType')).toBe('RecurringMaster');
    expect(path(master, 'IsRecurring')).toBe('false');
    expect(path(master, 'FirstOccurrence/Start')).toBe('2025-03-24T08:00:00Z');
    expect(path(master, 'LastOccurrence/Start')).toBe('2025-04-02T07:00:00Z');
    expect(path(master, 'Recurrence/NumberedRecurrence/StartDate')).toMatch(/^2025-03-24(Z|[+-]\d\d:\d\d)$/);
  });

  it('begins on the first date of its pattern', async () => {
    const range = '<t:NoEndRecurrence><t:StartDate>2025-03-26</t:StartDate></t:NoEndRecurrence>';
    const master = await get(
      sim,
      idOf(
        await createEvent(
          sim,
          `<t:Start>2025-03-26T09:00:00</t:Start><t:End>2025-03-26T10:00:00</t:End>${weekly(range)}${zones(berlin)}`,
        ),
      ),
    );
    expect(path(master, 'Start')).toBe('2025-03-31T07:00:00Z');
    expect(path(master, 'Recurrence/NoEndRecurrence/StartDate')).toContain('2025-03-31');
    expect(at(master, 'LastOccurrence')).toBeUndefined();
  });

  it('makes an exception of an edited occurrence and moves the master’s change key', async () => {
    const master = await createEvent(sim, series());
    const { state } = await sync(sim, '');
    const edited = await ok(
      sim,
      updateBody(
        occurrence(master, 3),
        set('item:Subject', 'CalendarItem', '<t:Subject>Retro</t:Subject>') +
          set('calendar:Start', 'CalendarItem', '<t:Start>2025-03-26T13:00:00Z</t:Start>') +
          set('calendar:End', 'CalendarItem', '<t:End>2025-03-26T14:00:00Z</t:End>'),
      ),
    );
    expect(keyOf(edited.entity)).not.toBe(keyOf(master));
    const exception = await get(sim, `Id="${bareId(edited.entity)}"`);
    expect([
      path(exception, 'CalendarItemType'),
      path(exception, 'Subject'),
      path(exception, 'OriginalStart'),
      path(exception, 'RecurrenceId'),
    ]).toEqual(['Exception', 'Retro', '2025-03-26T08:00:00Z', '2025-03-26T08:00:00Z']);
    const whole = await get(sim, `Id="${bareId(master)}"`);
    expect(path(whole, 'Subject')).toBe('Standup');
    expect(keyOf(whole)).toBe(keyOf(edited.entity));
    const [modified] = all(whole, 'ModifiedOccurrences/Occurrence');
    expect([path(modified, 'Start'), path(modified, 'OriginalStart')]).toEqual([
      '2025-03-26T13:00:00Z',
      '2025-03-26T08:00:00Z',
    ]);
    const changes = await sync(sim, state);
    expect(changes.changes.map(({ kind, id }) => [kind, id])).toEqual([['Update', bareId(master)]]);
  });

  it('deletes an occurrence inside the master; nothing comes into Deleted Items', async () => {
    const master = await createEvent(sim, series());
    const trash = await sync(sim, '', { folder: 'deleteditems' });
    await ok(sim, deleteBody(occurrence(master, 2)));
    expect(await codeOf(sim, getItemBody(occurrence(master, 2)))).toBe(
      'ErrorCalendarOccurrenceIsDeletedFromRecurrence',
    );
    expect(await codeOf(sim, getItemBody(occurrence(master, 11)))).toBe(
      'ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange',
    );
    const whole = await get(sim, `Id="${bareId(master)}"`);
    expect(all(whole, 'DeletedOccurrences/DeletedOccurrence').map((one) => path(one, 'Start'))).toEqual([
      '2025-03-25T08:00:00Z',
    ]);
    expect(path(await get(sim, occurrence(master, 3)), 'Start')).toBe('2025-03-26T08:00:00Z');
    expect((await sync(sim, trash.state, { folder: 'deleteditems' })).changes).toEqual([]);
  });

  it.each([
    [
      'Start',
      set('calendar:Start', 'CalendarItem', '<t:Start>2025-03-24T10:30:00</t:Start>') +
        set('calendar:End', 'CalendarItem', '<t:End>2025-03-24T11:30:00</t:End>') +
        set('calendar:StartTimeZone', 'CalendarItem', `<t:StartTimeZone Id="${berlin}"/>`),
    ],
    ['Recurrence', set('calendar:Recurrence', 'CalendarItem', daily(8))],
    [
      'zone',
      set('calendar:StartTimeZone', 'CalendarItem', '<t:StartTimeZone Id="Tokyo Standard Time"/>') +
        set('calendar:EndTimeZone', 'CalendarItem', '<t:EndTimeZone Id="Tokyo Standard Time"/>'),
    ],
  ])('drops exceptions and deletions when %s of the master changes', async (_, updates) => {
    const master = await createEvent(sim, series());
    await ok(
      sim,
      updateBody(occurrence(master, 3), set('item:Subject', 'CalendarItem', '<t:Subject>Retro</t:Subject>')),
    );
    await ok(sim, deleteBody(occurrence(master, 4)));
    const kept = await ok(
      sim,
      updateBody(
        `Id="${bareId(master)}"`,
        set('calendar:Location', 'CalendarItem', '<t:Location>Here</t:Location>'),
      ),
    );
    expect(all(await get(sim, idOf(kept.entity)), 'ModifiedOccurrences/Occurrence')).toHaveLength(1);
    await ok(sim, updateBody(`Id="${bareId(master)}"`, updates));
    const whole = await get(sim, `Id="${bareId(master)}"`);
    expect([at(whole, 'ModifiedOccurrences'), at(whole, 'DeletedOccurrences')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('lets no occurrence pass a neighbour or come onto its day', async () => {
    const master = await createEvent(sim, series());
    const move = (day: string): string =>
      set('calendar:Start', 'CalendarItem', `<t:Start>2025-03-${day}T12:00:00Z</t:Start>`) +
      set('calendar:End', 'CalendarItem', `<t:End>2025-03-${day}T13:00:00Z</t:End>`);
    expect(await codeOf(sim, updateBody(occurrence(master, 3), move('27')))).toBe(
      'ErrorOccurrenceCrossingBoundary',
    );
    expect(await codeOf(sim, updateBody(occurrence(master, 3), move('20')))).toBe(
      'ErrorOccurrenceCrossingBoundary',
    );
    await ok(sim, deleteBody(occurrence(master, 4)));
    await ok(sim, updateBody(occurrence(master, 3), move('27')));
  });

  it('answers for ids of the wrong kind', async () => {
    const single = await createEvent(sim, '');
    const master = await createEvent(sim, series());
    expect(await codeOf(sim, getItemBody(occurrence(single, 1)))).toBe(
      'ErrorCalendarCannotUseIdForRecurringMasterId',
    );
    expect(
      await codeOf(sim, getItemBody(`<t:RecurringMasterItemId OccurrenceId="${bareId(master)}"/>`)),
    ).toBe('ErrorCalendarCannotUseIdForOccurrenceId');
    const one = await get(sim, occurrence(master, 2));
    const back = await get(sim, `<t:RecurringMasterItemId OccurrenceId="${bareId(one)}"/>`);
    expect(bareId(back)).toBe(bareId(master));
    expect(
      await codeOf(
        sim,
        `<m:MoveItem><m:ToFolderId>${folder('deleteditems')}</m:ToFolderId><m:ItemIds><t:ItemId Id="${bareId(one)}"/></m:ItemIds></m:MoveItem>`,
      ),
    ).toBe('ErrorCalendarCannotMoveOrCopyOccurrence');
  });

  it('does not lose its last occurrence', async () => {
    const master = await createEvent(sim, series(1));
    expect(await codeOf(sim, deleteBody(occurrence(master, 1)))).toBe('ErrorRecurrenceHasNoOccurrence');
  });

  it('has ClipStart and ClipEnd at the midnights of its first and last day', async () => {
    const ids = (id: string): string =>
      `<t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="${id}" PropertyType="SystemTime"/>`;
    const shape = `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${ids('33333')}${ids('33334')}</t:AdditionalProperties>`;
    const values = async (inner: string): Promise<string[]> =>
      all(await get(sim, idOf(await createEvent(sim, inner)), shape), 'ExtendedProperty').map((one) =>
        path(one, 'Value'),
      );
    expect(await values(series())).toEqual(['2025-03-23T23:00:00Z', '2025-04-01T22:00:00Z']);
    expect(
      await values(
        series().replace(
          /<t:NumberedRecurrence>.*<\/t:NumberedRecurrence>/,
          '<t:NoEndRecurrence><t:StartDate>2025-03-24</t:StartDate></t:NoEndRecurrence>',
        ),
      ),
    ).toEqual(['2025-03-23T23:00:00Z', '4500-08-31T00:00:00Z']);
    expect(await values('')).toEqual([]);
  });
});

describe('CalendarView', () => {
  beforeAll(async () => {
    await sim.close();
    sim = await start();
  });

  const view = (from: string, to: string, extra = ''): string =>
    `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape><m:CalendarView ${extra} StartDate="${from}" EndDate="${to}"/><m:ParentFolderIds>${folder('calendar')}</m:ParentFolderIds></m:FindItem>`;

  it('expands series, by start, never a master; end > from and start < to', async () => {
    await createEvent(
      sim,
      `<t:Subject>V</t:Subject><t:Start>2030-01-07T09:00:00Z</t:Start><t:End>2030-01-07T10:00:00Z</t:End>${daily(5, '2030-01-07')}`,
    );
    const found = await ok(sim, view('2030-01-08T10:00:00Z', '2030-01-10T09:00:00Z'));
    const events = all(found.element, 'RootFolder/Items/CalendarItem');
    expect(events.map((event) => [path(event, 'Start'), path(event, 'CalendarItemType')])).toEqual([
      ['2030-01-09T09:00:00Z', 'Occurrence'],
    ]);
    expect(path(events[0], 'Organizer/Mailbox/Name')).toBe('Alice Example');
    expect(at(events[0], 'Organizer/Mailbox/EmailAddress')).toBeUndefined();
    const cut = await ok(sim, view('2030-01-07T00:00:00Z', '2030-01-12T00:00:00Z', 'MaxEntriesReturned="2"'));
    expect(at(cut.element, 'RootFolder')?.attrs).toMatchObject({
      IncludesLastItemInRange: 'false',
      TotalItemsInView: '5',
    });
  });

  it.each([
    ['ErrorCalendarViewRangeTooBig', view('2025-01-01T00:00:00Z', '2027-06-01T00:00:00Z')],
    ['ErrorCalendarEndDateIsEarlierThanStartDate', view('2025-01-02T00:00:00Z', '2025-01-01T00:00:00Z')],
    ['ErrorValueOutOfRange', view('0001-01-02T00:00:00Z', '2025-01-01T00:00:00Z')],
    [
      'ErrorCalendarFolderIsInvalidForCalendarView',
      view('2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z').replace('calendar"', 'tasks"'),
    ],
  ])('%s', async (code, body) => {
    expect(await codeOf(sim, body)).toBe(code);
  });

  it('answers every id of a batch in order, whatever fails', async () => {
    const one = await createEvent(sim, '<t:Subject>one</t:Subject>');
    const reply = await call(
      sim,
      getItemBody(`<t:ItemId ${idOf(one)}/><t:ItemId Id="bm9uc2Vuc2U="/><t:ItemId ${idOf(one)}/>`),
    );
    expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'ErrorInvalidIdMalformed', 'NoError']);
    expect(reply.status).toBe(200);
  });
});
