// GetUserAvailability (BEHAVIOUR §12).
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import { all, at, call, createEvent, path, start, zones } from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
  await createEvent(
    sim,
    `<t:Subject>Talk</t:Subject><t:Start>2025-07-07T09:00:00</t:Start><t:End>2025-07-07T10:00:00</t:End><t:LegacyFreeBusyStatus>Tentative</t:LegacyFreeBusyStatus><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-07-07</t:StartDate><t:NumberOfOccurrences>3</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>${zones('W. Europe Standard Time')}`,
  );
});
afterAll(() => sim.close());

const change = (name: string, bias: number, month: number): string =>
  `<t:${name}><t:Bias>${bias}</t:Bias><t:Time>02:00:00</t:Time><t:DayOrder>5</t:DayOrder><t:Month>${month}</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek></t:${name}>`;
const ask = (address: string, to = '2025-07-08T00:00:00', view = 'DetailedMerged'): string =>
  `<m:GetUserAvailabilityRequest><t:TimeZone><t:Bias>-60</t:Bias>${change('StandardTime', 0, 10)}${change('DaylightTime', -60, 3)}</t:TimeZone><m:MailboxDataArray><t:MailboxData><t:Email><t:Address>${address}@example.test</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData></m:MailboxDataArray><t:FreeBusyViewOptions><t:TimeWindow><t:StartTime>2025-07-07T08:00:00</t:StartTime><t:EndTime>${to}</t:EndTime></t:TimeWindow><t:MergedFreeBusyIntervalInMinutes>60</t:MergedFreeBusyIntervalInMinutes><t:RequestedView>${view}</t:RequestedView></t:FreeBusyViewOptions></m:GetUserAvailabilityRequest>`;

it('shows busy times on the clock of the request, details only to readers', async () => {
  const seen = async (): Promise<unknown[]> => {
    const view = at(
      (await call(sim, ask('alice'), { user: 'bob' })).body,
      'FreeBusyResponseArray/FreeBusyResponse/FreeBusyView',
    );
    const [event] = all(view, 'CalendarEventArray/CalendarEvent');
    return ['FreeBusyViewType', 'MergedFreeBusy']
      .map((name) => path(view, name))
      .concat(path(event, 'StartTime'), path(event, 'BusyType'), path(event, 'CalendarEventDetails/Subject'));
  };
  expect(await seen()).toEqual([
    'FreeBusyMerged',
    '0100000000000000',
    '2025-07-07T09:00:00',
    'Tentative',
    '',
  ]);
  grant(
    folderOf(sim.world.mailboxes.get('alice@example.test')!, 'calendar'),
    'bob@example.test',
    levels.reviewer,
  );
  expect(await seen()).toEqual([
    'DetailedMerged',
    '0100000000000000',
    '2025-07-07T09:00:00',
    'Tentative',
    'Talk',
  ]);
});

it('refuses long windows, and one unknown mailbox for itself only', async () => {
  const long = await call(sim, ask('alice', '2025-12-08T00:00:00'));
  expect([long.status, path(long.body, 'detail/ResponseCode')]).toEqual([500, 'ErrorTimeIntervalTooBig']);
  const unknown = await call(sim, ask('nobody'));
  expect(path(unknown.body, 'FreeBusyResponseArray/FreeBusyResponse/ResponseMessage/ResponseCode')).toBe(
    'ErrorMailRecipientNotFound',
  );
});
