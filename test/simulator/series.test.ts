// Calendar items (BEHAVIOUR §7): series, their occurrences and exceptions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import {
  all,
  at,
  bareId,
  codeOf,
  createEvent,
  folder,
  get,
  getItemBody,
  idOf,
  keyOf,
  ok,
  path,
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

  it('keeps its first instant when only the zone changes, even over midnight', async () => {
    const master = await createEvent(sim, series().replaceAll('T09:', 'T22:').replaceAll('T10:', 'T23:'));
    const zone = (element: string): string =>
      set(`calendar:${element}`, 'CalendarItem', `<t:${element} Id="Tokyo Standard Time"/>`);
    await ok(sim, updateBody(`Id="${bareId(master)}"`, zone('StartTimeZone') + zone('EndTimeZone')));
    const moved = await get(sim, `Id="${bareId(master)}"`);
    expect(path(moved, 'Start')).toBe('2025-03-24T21:00:00Z');
    expect(path(moved, 'Recurrence/NumberedRecurrence/StartDate')).toContain('2025-03-25');
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
