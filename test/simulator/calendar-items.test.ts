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
  ok,
  path,
  remove,
  start,
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
    const unzoned = await get(sim, idOf(plain));
    expect([path(unzoned, 'Start'), path(unzoned, 'StartTimeZoneId')]).toEqual([
      '2025-05-01T12:00:00Z',
      'tzone://Microsoft/Utc',
    ]);
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

  it('is sorted by start, and leaves deleted occurrences out', async () => {
    const late = await createEvent(
      sim,
      '<t:Start>2031-01-07T15:00:00Z</t:Start><t:End>2031-01-07T16:00:00Z</t:End>',
    );
    const master = await createEvent(
      sim,
      `<t:Start>2031-01-06T09:00:00Z</t:Start><t:End>2031-01-06T10:00:00Z</t:End>${daily(3, '2031-01-06')}`,
    );
    const early = await createEvent(
      sim,
      '<t:Start>2031-01-07T05:00:00Z</t:Start><t:End>2031-01-07T06:00:00Z</t:End>',
    );
    await ok(
      sim,
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:OccurrenceItemId RecurringMasterId="${bareId(master)}" InstanceIndex="3"/></m:ItemIds></m:DeleteItem>`,
    );
    const found = await ok(sim, view('2031-01-06T00:00:00Z', '2031-01-12T00:00:00Z'));
    const events = all(found.element, 'RootFolder/Items/CalendarItem');
    expect(events.map((event) => path(event, 'Start'))).toEqual([
      '2031-01-06T09:00:00Z',
      '2031-01-07T05:00:00Z',
      '2031-01-07T09:00:00Z',
      '2031-01-07T15:00:00Z',
    ]);
    expect([bareId(events[1]), bareId(events[3])]).toEqual([bareId(early), bareId(late)]);
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
