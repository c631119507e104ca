// GetUserAvailability (BEHAVIOUR §12).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { folderOf, grant, levels, type Rights } from '../../simulator/state/index.ts';
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

describe('what others may know (§12, §15)', () => {
  const asSeen = async (rights: Rights | undefined): Promise<unknown> => {
    const calendar = folderOf(sim.world.mailboxes.get('alice@example.test')!, 'calendar');
    calendar.permissions.delete('carol@example.test');
    if (rights !== undefined) grant(calendar, 'carol@example.test', rights);
    const answer = await call(sim, ask('alice'), { user: 'carol' });
    const response = at(answer.body, 'FreeBusyResponseArray/FreeBusyResponse');
    const [event] = all(response, 'FreeBusyView/CalendarEventArray/CalendarEvent');
    const details = at(event, 'CalendarEventDetails');
    return [
      path(response, 'ResponseMessage/ResponseCode'),
      path(response, 'FreeBusyView/FreeBusyViewType'),
      details?.children.map((child) => (typeof child === 'string' ? '' : child.name)).slice(0, 2),
    ];
  };

  it.each([
    ['nothing said', undefined, ['NoError', 'FreeBusyMerged', undefined]],
    ['FreeBusyTimeOnly', levels.freeBusyTimeOnly, ['NoError', 'FreeBusyMerged', undefined]],
    [
      'FreeBusyTimeAndSubjectAndLocation',
      levels.freeBusyTimeAndSubjectAndLocation,
      ['NoError', 'DetailedMerged', ['Subject', 'IsMeeting']],
    ],
    ['None', levels.noFreeBusy, ['ErrorNoFreeBusyAccess', 'None', undefined]],
    ['Reviewer', levels.reviewer, ['NoError', 'DetailedMerged', ['ID', 'Subject']]],
  ] as const)('with %s', async (_, rights, expected) => {
    expect(await asSeen(rights)).toEqual(expected);
  });
});

describe('limits and forms (§12)', () => {
  const days = (count: number): string =>
    `${new Date(Date.UTC(2025, 6, 7 + count)).toISOString().slice(0, 10)}T08:00:00`;

  it('takes 42 days unless the administrator says otherwise', async () => {
    expect((await call(sim, ask('alice', days(42)))).status).toBe(200);
    expect((await call(sim, ask('alice', days(43)))).status).toBe(500);
    sim.world.policy.availabilityDays = 62;
    expect((await call(sim, ask('alice', days(62)))).status).toBe(200);
    sim.world.policy.availabilityDays = 42;
  });

  it('answers at most 100 mailboxes, in their order, each for itself', async () => {
    const one = (address: string): string =>
      `<t:MailboxData><t:Email><t:Address>${address}</t:Address></t:Email><t:AttendeeType>Required</t:AttendeeType></t:MailboxData>`;
    const many = (addresses: readonly string[]): string =>
      ask('alice').replace(
        /<m:MailboxDataArray>.*<\/m:MailboxDataArray>/,
        `<m:MailboxDataArray>${addresses.map(one).join('')}</m:MailboxDataArray>`,
      );
    const answer = await call(
      sim,
      many(['bob@example.test', 'x@example.test', 'alice@example.test', 'nonsense']),
    );
    expect(
      all(answer.body, 'FreeBusyResponseArray/FreeBusyResponse').map(
        (response) =>
          `${path(response, 'ResponseMessage/ResponseCode')} ${path(response, 'FreeBusyView/FreeBusyViewType')}`,
      ),
    ).toEqual([
      'NoError FreeBusyMerged',
      'ErrorMailRecipientNotFound None',
      'NoError DetailedMerged',
      'ErrorInvalidSmtpAddress None',
    ]);
    const tooMany = await call(sim, many(Array.from({ length: 101 }, () => 'bob@example.test')));
    expect([tooMany.status, path(tooMany.body, 'detail/ResponseCode')]).toEqual([
      500,
      'ErrorMailboxDataArrayTooBig',
    ]);
  });

  it('tells the working hours with the rules of the year', async () => {
    const view = at(
      (await call(sim, ask('alice'))).body,
      'FreeBusyResponseArray/FreeBusyResponse/FreeBusyView',
    );
    const zone = at(view, 'WorkingHours/TimeZone');
    const rule = (name: string): string =>
      ['Bias', 'Time', 'DayOrder', 'Month', 'DayOfWeek']
        .map((part) => path(zone, `${name}/${part}`))
        .join(' ');
    expect([path(zone, 'Bias'), rule('StandardTime'), rule('DaylightTime')]).toEqual([
      '-60',
      '0 03:00:00 5 10 Sunday',
      '-60 02:00:00 5 3 Sunday',
    ]);
    expect(path(view, 'WorkingHours/WorkingPeriodArray/WorkingPeriod/DayOfWeek')).toBe(
      'Monday Tuesday Wednesday Thursday Friday',
    );
  });

  it('says beside the busy times that it has no suggestions', async () => {
    const options =
      '<t:SuggestionsViewOptions><t:DetailedSuggestionsWindow><t:StartTime>2025-07-07T00:00:00</t:StartTime><t:EndTime>2025-07-08T00:00:00</t:EndTime></t:DetailedSuggestionsWindow></t:SuggestionsViewOptions>';
    const end = '</m:GetUserAvailabilityRequest>';
    const answer = await call(sim, ask('bob').replace(end, `${options}${end}`));
    expect(path(answer.body, 'FreeBusyResponseArray/FreeBusyResponse/ResponseMessage/ResponseCode')).toBe(
      'NoError',
    );
    expect(path(answer.body, 'SuggestionsResponse/ResponseMessage/ResponseCode')).toBe(
      'ErrorInvalidOperation',
    );
  });
});
