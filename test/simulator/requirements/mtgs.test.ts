// Statements of [MS-OXWSMTGS] about calendar items, series and meetings; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import {
  all,
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
  set,
  start,
  updateBody,
  zones,
} from '../soap-client.ts';
import {
  codeOfUpdate,
  createBody,
  envelopeOf,
  forms,
  idsIn,
  names,
  plain,
  setField,
  show,
  update,
} from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const times = '<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>';
const event = (inner = '', mode = 'SendToNone'): Promise<XmlElement> =>
  createEvent(sim, times + inner, { mode });
const item = (entity: XmlElement): string => `<t:ItemId Id="${bareId(entity)}"/>`;
const daily = (count = 5, zone = ''): string =>
  `${times}<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>${zone}`;
const series = (): Promise<XmlElement> => createEvent(sim, daily());
const occurrence = (master: XmlElement, index: number): string =>
  `<t:OccurrenceItemId RecurringMasterId="${bareId(master)}" InstanceIndex="${index}"/>`;

it('MTGS_R1 MTGS_R502: SOAP 1.1 over HTTP', async () => {
  const root = await envelopeOf(sim, getItemBody(item(await event())));
  expect([root.name, root.ns]).toEqual(['Envelope', 'http://schemas.xmlsoap.org/soap/envelope/']);
});

// Properties that clients write.
it.each([
  ['MTGS_R166 MTGS_R167', 'Location', 'Room 1', 'Room 2'],
  ['MTGS_R168 MTGS_R169', 'When', 'in the morning', 'at noon'],
  ['MTGS_R232 MTGS_R233', 'MeetingWorkspaceUrl', 'http://a.example/', 'http://b.example/'],
  ['MTGS_R234 MTGS_R235', 'NetShowUrl', 'http://c.example/', 'http://d.example/'],
])('%s: %s is a text that is kept', async (_, element, first, second) => {
  const made = await event(`<t:${element}>${first}</t:${element}>`);
  expect(plain(await show(sim, made, `calendar:${element}`), element)).toBe(first);
  await update(
    sim,
    made,
    setField(`calendar:${element}`, 'CalendarItem', `<t:${element}>${second}</t:${element}>`),
  );
  expect(plain(await show(sim, made, `calendar:${element}`), element)).toBe(second);
});

it('MTGS_R150 MTGS_R151: UID is given, else made by the server, and never twice', async () => {
  const given = await createEvent(sim, `<t:UID>own-1@example</t:UID>${times}`);
  expect(plain(await show(sim, given), 'UID')).toBe('own-1@example');
  const made = [await event(), await event()];
  const uids = [plain(await show(sim, made[0]!), 'UID'), plain(await show(sim, made[1]!), 'UID')];
  expect(uids[0]).toMatch(/^040000008200E00074C5B7101A82E008/);
  expect(uids[0]).not.toBe(uids[1]);
});

it('MTGS_R154: DateTimeStamp is a dateTime', async () => {
  expect(plain(await show(sim, await event()), 'DateTimeStamp')).toMatch(forms.dateTime);
});

it.each([
  ['MTGS_R156 MTGS_R157', 'Start', '2025-06-02T10:00:00Z', '2025-06-02T09:30:00Z'],
  ['MTGS_R158 MTGS_R159', 'End', '2025-06-02T11:00:00Z', '2025-06-02T12:30:00Z'],
])('%s: %s bounds the event', async (_, element, first, second) => {
  const made = await event();
  expect(plain(await show(sim, made), element)).toMatch(forms.dateTime);
  expect(plain(await show(sim, made), element)).toBe(first);
  const value = `<t:${element}>${second}</t:${element}>`;
  await update(sim, made, setField(`calendar:${element}`, 'CalendarItem', value));
  expect(plain(await show(sim, made), element)).toBe(second);
});

it.each([
  ['MTGS_R162 MTGS_R163 MTGS_R720 MTGS_R721', 'IsAllDayEvent'],
  ['MTGS_R178 MTGS_R179 MTGS_R736 MTGS_R737', 'IsResponseRequested'],
  ['MTGS_R228 MTGS_R229 MTGS_R744 MTGS_R745', 'AllowNewTimeProposal'],
])('%s: %s is true or false as it was written', async (_, element) => {
  for (const value of ['true', 'false']) {
    const flag = `<t:${element}>${value}</t:${element}>`;
    const made = await event(flag);
    expect(plain(await show(sim, made), element)).toBe(value);
    const other = String(value === 'false');
    await update(
      sim,
      made,
      setField(`calendar:${element}`, 'CalendarItem', `<t:${element}>${other}</t:${element}>`),
    );
    expect(plain(await show(sim, made), element)).toBe(other);
  }
});

it('MTGS_R720: an all-day event goes from midnight to midnight of its zone', async () => {
  const made = await event(`<t:IsAllDayEvent>true</t:IsAllDayEvent>${zones('W. Europe Standard Time')}`);
  const shown = await show(sim, made);
  expect([path(shown, 'Start'), path(shown, 'End')]).toEqual([
    '2025-06-01T22:00:00Z',
    '2025-06-02T22:00:00Z',
  ]);
});

it.each([
  ['MTGS_R16500', 'Busy'],
  ['MTGS_R16501', 'Free'],
  ['MTGS_R16502', 'NoData'],
  ['MTGS_R16503', 'OOF'],
  ['MTGS_R16504', 'Tentative'],
  ['CDATA_R4001', 'WorkingElsewhere'],
])('%s MTGS_R164: LegacyFreeBusyStatus can be %s, and nothing foreign', async (_, status) => {
  const xml = (value: string): string => `<t:LegacyFreeBusyStatus>${value}</t:LegacyFreeBusyStatus>`;
  expect(plain(await show(sim, await event(xml(status))), 'LegacyFreeBusyStatus')).toBe(status);
  expect(await codeOf(sim, createBody('CalendarItem', times + xml('Foreign')))).toBe(
    'fault ErrorSchemaValidation',
  );
});

// What the server says.
it.each([
  ['MTGS_R170', 'IsMeeting', forms.boolean],
  ['MTGS_R172 MTGS_R731', 'IsCancelled', /^false$/],
  ['MTGS_R174', 'IsRecurring', forms.boolean],
  ['MTGS_R176', 'MeetingRequestWasSent', forms.boolean],
  ['MTGS_R200', 'Duration', /^PT1H$/],
  ['MTGS_R206', 'AppointmentSequenceNumber', forms.int],
  ['MTGS_R208 MTGS_R209 MTGS_R514', 'AppointmentState', /^0$/],
  ['MTGS_R231 MTGS_R747', 'IsOnlineMeeting', /^false$/],
  ['MTGS_R80048', 'IsOrganizer', /^true$/],
  ['MTGS_R703', 'IntendedFreeBusyStatus', /^(Free|Tentative|Busy|OOF|WorkingElsewhere|NoData)$/],
])('%s: %s of an appointment', async (_, element, form) => {
  const uri = element === 'IntendedFreeBusyStatus' ? `meetingRequest:${element}` : `calendar:${element}`;
  expect(plain(await show(sim, await event(), uri), element)).toMatch(form);
});

it.each([
  ['MTGS_R2000', 'IsMeeting', 'true'],
  ['MTGS_R2301', 'IsOnlineMeeting', 'true'],
])('%s: %s cannot be written', async (_, element, value) => {
  const xml = `<t:${element}>${value}</t:${element}>`;
  expect(await codeOf(sim, createBody('CalendarItem', times + xml))).toBe('ErrorInvalidPropertySet');
  expect(await codeOfUpdate(sim, await event(), setField(`calendar:${element}`, 'CalendarItem', xml))).toBe(
    'ErrorInvalidPropertySet',
  );
});

it('MTGS_R713 MTGS_R714 MTGS_R701 MTGS_R702: StartTimeZone and EndTimeZone are definitions, their ids come besides', async () => {
  const made = await event(
    '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="Pacific Standard Time"/>',
  );
  const shown = await show(sim, made);
  expect([
    childOf(shown, 'StartTimeZone')?.attrs['Id'],
    childOf(shown, 'EndTimeZone')?.attrs['Id'],
    plain(shown, 'StartTimeZoneId'),
    plain(shown, 'EndTimeZoneId'),
  ]).toEqual([
    'W. Europe Standard Time',
    'Pacific Standard Time',
    'W. Europe Standard Time',
    'Pacific Standard Time',
  ]);
});

it('MTGS_R699 MTGS_R700: StartWallClock and EndWallClock are the times in the zone of the event', async () => {
  const shown = await show(sim, await event(zones('W. Europe Standard Time')));
  const clocks = [plain(shown, 'StartWallClock'), plain(shown, 'EndWallClock')];
  expect(clocks.map((clock) => clock.slice(0, 19))).toEqual(['2025-06-02T12:00:00', '2025-06-02T13:00:00']);
  for (const clock of clocks) expect(clock).toMatch(forms.dateTime);
});

it('MTGS_R696 MTGS_R542 MTGS_R543 MTGS_R544: EnhancedLocation shows the location', async () => {
  const made = await event('<t:Location>Room 1</t:Location>');
  const shown = childOf(await show(sim, made, 'calendar:EnhancedLocation'), 'EnhancedLocation');
  expect(plain(shown, 'DisplayName')).toBe('Room 1');
  expect(names(shown)).toEqual(['DisplayName', 'Annotation', 'PostalAddress']);
});

it('MTGS_R202: TimeZone is told of series only', async () => {
  const one = await createEvent(sim, daily(5, zones('W. Europe Standard Time')));
  expect(plain(await show(sim, one), 'TimeZone')).not.toBe('');
  const single = await event(zones('W. Europe Standard Time'));
  expect(childOf(await show(sim, single), 'TimeZone')).toBeUndefined();
});

// Series.
async function madeException(master: XmlElement, index = 2): Promise<XmlElement> {
  await ok(
    sim,
    updateBody(
      occurrence(master, index),
      set('calendar:Start', 'CalendarItem', '<t:Start>2025-06-03T10:30:00Z</t:Start>'),
    ),
  );
  return get(sim, occurrence(master, index));
}

it.each([
  ['MTGS_R53', 'Single', async () => show(sim, await event())],
  ['MTGS_R54', 'Occurrence', async () => get(sim, occurrence(await series(), 3))],
  ['MTGS_R55', 'Exception', async () => madeException(await series())],
  ['MTGS_R56', 'RecurringMaster', async () => show(sim, await series())],
] as const)('%s MTGS_R180 MTGS_R181: CalendarItemType %s', async (_, type, made) => {
  expect(plain(await made(), 'CalendarItemType')).toBe(type);
});

it('MTGS_R175 MTGS_R732 MTGS_R733: IsRecurring is true for what is part of a series', async () => {
  const master = await series();
  expect(plain(await get(sim, occurrence(master, 3)), 'IsRecurring')).toBe('true');
  expect(plain(await madeException(master), 'IsRecurring')).toBe('true');
  expect(plain(await show(sim, await event()), 'IsRecurring')).toBe('false');
});

it('MTGS_R160 MTGS_R161: OriginalStart is told of occurrences, moved ones too', async () => {
  const master = await series();
  const moved = await madeException(master);
  expect(plain(moved, 'OriginalStart')).toMatch(forms.dateTime);
  expect([path(moved, 'OriginalStart'), path(moved, 'Start')]).toEqual([
    '2025-06-03T10:00:00Z',
    '2025-06-03T10:30:00Z',
  ]);
  expect(childOf(await show(sim, master), 'OriginalStart')).toBeUndefined();
});

it('MTGS_R511: RecurrenceId is told of exceptions', async () => {
  const master = await series();
  const shown = plain(await madeException(master), 'RecurrenceId');
  expect(shown).toMatch(forms.dateTime);
  expect(shown).toBe('2025-06-03T10:00:00Z');
  expect(childOf(await show(sim, master), 'RecurrenceId')).toBeUndefined();
});

it('MTGS_R210 MTGS_R390 MTGS_R391: Recurrence is a pattern and a range', async () => {
  const shown = childOf(await show(sim, await series()), 'Recurrence');
  expect(names(shown)).toEqual(['DailyRecurrence', 'NumberedRecurrence']);
  expect(path(shown, 'NumberedRecurrence/NumberOfOccurrences')).toBe('5');
});

const info = (found: XmlElement | undefined): string[] =>
  ['Start', 'End', 'OriginalStart'].map((name) => plain(found, name));

it('MTGS_R515 MTGS_R213 MTGS_R214 MTGS_R215: FirstOccurrence and LastOccurrence of a master', async () => {
  const master = await series();
  const shown = await show(sim, master);
  expect(info(childOf(shown, 'FirstOccurrence'))).toEqual([
    '2025-06-02T10:00:00Z',
    '2025-06-02T11:00:00Z',
    '2025-06-02T10:00:00Z',
  ]);
  expect(info(childOf(shown, 'LastOccurrence'))[0]).toBe('2025-06-06T10:00:00Z');
  const last = childOf(childOf(shown, 'LastOccurrence'), 'ItemId')?.attrs['Id'];
  expect(path(await get(sim, `Id="${last}"`), 'Start')).toBe('2025-06-06T10:00:00Z');
});

it('MTGS_R216 MTGS_R217 MTGS_R376 MTGS_R377 MTGS_R380 MTGS_R381 MTGS_R382 MTGS_R383 MTGS_R384 MTGS_R385 MTGS_R386 MTGS_R387: ModifiedOccurrences of a master', async () => {
  const master = await series();
  const exception = await madeException(master);
  const found = all(await show(sim, master), 'ModifiedOccurrences/Occurrence');
  expect(found.map(bareId)).toEqual([bareId(exception)]);
  expect(info(found[0])).toEqual(['2025-06-03T10:30:00Z', '2025-06-03T11:00:00Z', '2025-06-03T10:00:00Z']);
  for (const text of info(found[0])) expect(text).toMatch(forms.dateTime);
});

const removeBody = (ids: string, attributes = 'SendMeetingCancellations="SendToNone"'): string =>
  `<m:DeleteItem DeleteType="MoveToDeletedItems" ${attributes}><m:ItemIds>${ids}</m:ItemIds></m:DeleteItem>`;

it('MTGS_R218 MTGS_R219 MTGS_R372 MTGS_R373 MTGS_R620: an OccurrenceItemId is deleted, and told in DeletedOccurrences', async () => {
  const master = await series();
  await ok(sim, removeBody(occurrence(master, 3)));
  const found = all(await show(sim, master), 'DeletedOccurrences/DeletedOccurrence');
  expect(found.map((one) => plain(one, 'Start'))).toEqual(['2025-06-04T10:00:00Z']);
  expect(await codeOf(sim, getItemBody(occurrence(master, 3)))).toBe(
    'ErrorCalendarOccurrenceIsDeletedFromRecurrence',
  );
});

const masterOf = async (master: XmlElement): Promise<string> =>
  `<t:RecurringMasterItemId OccurrenceId="${bareId(await get(sim, occurrence(master, 2)))}"/>`;

it('MTGS_R620: a RecurringMasterItemId deletes the series', async () => {
  const master = await series();
  await ok(sim, removeBody(await masterOf(master)));
  expect(await idsIn(sim, folder('calendar'))).not.toContain(bareId(master));
});

it('MTGS_R651: RecurringMasterItemId and OccurrenceItemId are updated', async () => {
  const master = await series();
  const located = (where: string): string =>
    set('calendar:Location', 'CalendarItem', `<t:Location>${where}</t:Location>`);
  await ok(sim, updateBody(await masterOf(master), located('all')));
  await ok(sim, updateBody(occurrence(master, 4), located('one')));
  expect(path(await show(sim, master), 'Location')).toBe('all');
  expect(path(await get(sim, occurrence(master, 3)), 'Location')).toBe('all');
  expect(path(await get(sim, occurrence(master, 4)), 'Location')).toBe('one');
});

it('MTGS_R807: RecurringMasterItemId and OccurrenceItemId are got', async () => {
  const master = await series();
  expect(bareId(await get(sim, await masterOf(master)))).toBe(bareId(master));
  expect(path(await get(sim, occurrence(master, 4)), 'Start')).toBe('2025-06-05T10:00:00Z');
});

const transfer = (operation: string, ids: string): string =>
  `<m:${operation}><m:ToFolderId>${folder('deleteditems')}</m:ToFolderId><m:ItemIds>${ids}</m:ItemIds></m:${operation}>`;

it.each([
  ['MTGS_R806', 'CopyItem'],
  ['MTGS_R808', 'MoveItem'],
])('%s: %s takes a RecurringMasterItemId', async (_, operation) => {
  const there = (await ok(sim, transfer(operation, await masterOf(await series())))).entity!;
  expect(path(await show(sim, there), 'CalendarItemType')).toBe('RecurringMaster');
});

it.each([
  ['MTGS_R1193', 'CopyItem'],
  ['MTGS_R1231', 'MoveItem'],
])('%s: %s of an occurrence is refused', async (_, operation) => {
  expect(await codeOf(sim, transfer(operation, occurrence(await series(), 2)))).toBe(
    'ErrorCalendarCannotMoveOrCopyOccurrence',
  );
});

it.each([
  ['MTGS_R1194', (id: string) => transfer('CopyItem', id)],
  ['MTGS_R1223', (id: string) => getItemBody(id)],
])('%s: the id of a single event is no RecurringMasterId', async (_, body) => {
  expect(await codeOf(sim, body(occurrence(await event(), 1)))).toBe(
    'ErrorCalendarCannotUseIdForRecurringMasterId',
  );
});

it.each([
  ['MTGS_R1212', (id: string) => removeBody(id)],
  ['MTGS_R1222', (id: string) => getItemBody(id)],
  ['MTGS_R1232', (id: string) => transfer('MoveItem', id)],
])('%s: the id of a single event is no OccurrenceId', async (_, body) => {
  const id = `<t:RecurringMasterItemId OccurrenceId="${bareId(await event())}"/>`;
  expect(await codeOf(sim, body(id))).toBe('ErrorCalendarCannotUseIdForOccurrenceId');
});

// Checks.
it('MTGS_R1203 MTGS_R1244: an event lasts five years at most', async () => {
  const lasting = (end: string): string => `<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>${end}</t:End>`;
  expect(await codeOf(sim, createBody('CalendarItem', lasting('2030-06-01T10:00:00Z')))).toBe('NoError');
  expect(await codeOf(sim, createBody('CalendarItem', lasting('2030-07-02T10:00:00Z')))).toBe(
    'ErrorCalendarDurationIsTooLong',
  );
  const end = setField('calendar:End', 'CalendarItem', '<t:End>2031-01-01T00:00:00Z</t:End>');
  expect(await codeOfUpdate(sim, await event(), end)).toBe('ErrorCalendarDurationIsTooLong');
});

it('MTGS_R1204: an event cannot end before it starts', async () => {
  const backwards = '<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T09:00:00Z</t:End>';
  expect(await codeOf(sim, createBody('CalendarItem', backwards))).toBe(
    'ErrorCalendarEndDateIsEarlierThanStartDate',
  );
});

it('MTGS_R12052: days that are none are refused in a weekly pattern', async () => {
  const weekly = daily().replace(
    /<t:DailyRecurrence>.*<\/t:DailyRecurrence>/,
    '<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Weekday</t:DaysOfWeek></t:WeeklyRecurrence>',
  );
  expect(await codeOf(sim, createBody('CalendarItem', weekly))).toBe(
    'ErrorCalendarInvalidDayForWeeklyRecurrence',
  );
});

it('MTGS_R1213: DeleteItem of an event needs SendMeetingCancellations', async () => {
  expect(await codeOf(sim, removeBody(item(await event()), ''))).toBe(
    'ErrorSendMeetingCancellationsRequired',
  );
});

it('MTGS_R1240 MTGS_R1241: a message is written with a MessageDisposition only', async () => {
  const message = createBody('Message', '<t:Subject>x</t:Subject>');
  expect(await codeOf(sim, message.replace(' MessageDisposition="SaveOnly"', ''))).toBe(
    'ErrorMessageDispositionRequired',
  );
  const made = (await ok(sim, message)).entity!;
  const change = updateBody(idOf(made), set('item:Subject', 'Message', '<t:Subject>y</t:Subject>'));
  expect(await codeOf(sim, change.replace(' MessageDisposition="SaveOnly"', ''))).toBe(
    'ErrorMessageDispositionRequired',
  );
});

// Meetings.
const attendees = (element: string, ...names: string[]): string =>
  `<t:${element}>${names
    .map(
      (name) =>
        `<t:Attendee><t:Mailbox><t:Name>${name}</t:Name><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox></t:Attendee>`,
    )
    .join('')}</t:${element}>`;
const invited = (...names: string[]): string => attendees('RequiredAttendees', ...names);

/** Kind and addressees of the messages sent by `act`. */
async function sentBy(act: () => Promise<unknown>): Promise<[string, string[]][]> {
  const before = sim.sentMessages().length;
  await act();
  return sim
    .sentMessages()
    .slice(before)
    .map(({ kind, to }) => [kind, to.map((address) => address.replace('@example.test', ''))]);
}

it('MTGS_R593 MTGS_R494 MTGS_R171 MTGS_R728 MTGS_R729 MTGS_R738: what has attendees is a meeting', async () => {
  const facts = async (made: XmlElement): Promise<string[]> => {
    const shown = await show(sim, made);
    return ['IsMeeting', 'AppointmentState'].map((name) => plain(shown, name));
  };
  expect(await facts(await event())).toEqual(['false', '0']);
  expect(await facts(await event(invited('bob')))).toEqual(['true', '1']);
});

it('MTGS_R182 MTGS_R512 MTGS_R80 MTGS_R184 MTGS_R185 MTGS_R18407: the organizer of an own meeting is the owner', async () => {
  const shown = await show(sim, await event(invited('bob')));
  expect(plain(shown, 'MyResponseType')).toBe('Organizer');
  expect(path(shown, 'Organizer/Mailbox/EmailAddress')).toBe('alice@example.test');
});

it.each([
  ['MTGS_R513 MTGS_R187', 'RequiredAttendees'],
  ['MTGS_R188 MTGS_R189', 'OptionalAttendees'],
  ['MTGS_R190', 'Resources'],
])('%s MTGS_R136 MTGS_R137 MTGS_R138 MTGS_R139 MTGS_R79 MTGS_R368: %s', async (_, element) => {
  const found = all(await show(sim, await event(attendees(element, 'bob', 'carol'))), `${element}/Attendee`);
  expect(
    found.map((one) => [
      path(one, 'Mailbox/Name'),
      path(one, 'Mailbox/EmailAddress'),
      path(one, 'ResponseType'),
    ]),
  ).toEqual([
    ['bob', 'bob@example.test', 'Unknown'],
    ['carol', 'carol@example.test', 'Unknown'],
  ]);
});

it('MTGS_R177 MTGS_R734 MTGS_R735: MeetingRequestWasSent tells whether requests went out', async () => {
  for (const [mode, wasSent] of [
    ['SendToNone', 'false'],
    ['SendOnlyToAll', 'true'],
  ] as const)
    expect(plain(await show(sim, await event(invited('bob'), mode)), 'MeetingRequestWasSent')).toBe(wasSent);
});

it.each([
  ['MTGS_R44 MTGS_R4400 MTGS_R4401', 'SendToNone', []],
  ['MTGS_R46 MTGS_R4600', 'SendOnlyToAll', [['request', ['bob', 'carol']]]],
  ['MTGS_R48 MTGS_R4800', 'SendToAllAndSaveCopy', [['request', ['bob', 'carol']]]],
])('%s: CreateItem with %s keeps the meeting in the own calendar', async (_, mode, expected) => {
  let made: XmlElement | undefined;
  const sent = await sentBy(async () => {
    made = await event(invited('bob', 'carol'), mode);
  });
  expect(sent).toEqual(expected);
  expect(await idsIn(sim, folder('calendar'))).toContain(bareId(made));
});

it.each([
  ['MTGS_R45 MTGS_R4500', 'SendToNone', []],
  ['MTGS_R47 MTGS_R4700', 'SendOnlyToAll', [['cancellation', ['bob', 'carol']]]],
  ['MTGS_R49 MTGS_R4900', 'SendToAllAndSaveCopy', [['cancellation', ['bob', 'carol']]]],
])('%s: DeleteItem with %s takes the meeting out of the calendar', async (_, mode, expected) => {
  const made = await event(invited('bob', 'carol'), 'SendOnlyToAll');
  const body = removeBody(item(made), `SendMeetingCancellations="${mode}"`);
  expect(await sentBy(() => ok(sim, body))).toEqual(expected);
  expect(await idsIn(sim, folder('calendar'))).not.toContain(bareId(made));
});

const changed = [
  ['cancellation', ['carol']],
  ['request', ['dave']],
];

it.each([
  ['MTGS_R60 MTGS_R6000', 'SendToNone', []],
  ['MTGS_R61 MTGS_R6100', 'SendOnlyToAll', [...changed, ['update', ['bob']]]],
  ['MTGS_R62 MTGS_R6200', 'SendOnlyToChanged', changed],
  ['MTGS_R64 MTGS_R6400', 'SendToAllAndSaveCopy', [...changed, ['update', ['bob']]]],
  ['MTGS_R65 MTGS_R6500', 'SendToChangedAndSaveCopy', changed],
])('%s: UpdateItem with %s changes the meeting', async (_, mode, expected) => {
  const made = await event(invited('bob', 'carol'), 'SendOnlyToAll');
  const other = set('calendar:RequiredAttendees', 'CalendarItem', invited('bob', 'dave'));
  const sent = await sentBy(() => ok(sim, updateBody(`Id="${bareId(made)}"`, other, { mode })));
  expect(sent).toEqual(expected);
  expect(
    all(await show(sim, made), 'RequiredAttendees/Attendee').map((one) => path(one, 'Mailbox/Name')),
  ).toEqual(['bob', 'dave']);
});

// Calendar folders.
const permitted = (inner: string): string =>
  `<t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:UserId>${inner}</t:CalendarPermission></t:CalendarPermissions></t:PermissionSet>`;
const level = (name: string): string => `<t:CalendarPermissionLevel>${name}</t:CalendarPermissionLevel>`;
let folders = 0;

async function calendarFor(inner: string): Promise<XmlElement> {
  folders += 1;
  return (
    await ok(
      sim,
      `<m:CreateFolder><m:ParentFolderId>${folder('calendar')}</m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>c${folders}</t:DisplayName>${permitted(inner)}</t:CalendarFolder></m:Folders></m:CreateFolder>`,
    )
  ).entity!;
}

async function permissionOf(calendar: XmlElement): Promise<XmlElement> {
  const shown = await ok(
    sim,
    `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:PermissionSet"/></t:AdditionalProperties></m:FolderShape><m:FolderIds><t:FolderId Id="${bareId(calendar)}"/></m:FolderIds></m:GetFolder>`,
  );
  const found = all(shown.entity, 'PermissionSet/CalendarPermissions/CalendarPermission');
  return found.find((one) => path(one, 'UserId/PrimarySmtpAddress') === 'bob@example.test')!;
}

/** What bob can do in a calendar: read, create, edit, delete, make folders. */
async function abilitiesIn(calendar: XmlElement): Promise<string> {
  const id = `<t:FolderId Id="${bareId(calendar)}"/>`;
  const hers = await createEvent(sim, '<t:Subject>hers</t:Subject>', { folder: id });
  const saved = `<m:SavedItemFolderId>${id}</m:SavedItemFolderId>`;
  const acts = {
    read: getItemBody(item(hers)),
    create: createBody('CalendarItem', '<t:Subject>his</t:Subject>', saved),
    edit: updateBody(`Id="${bareId(hers)}"`, set('item:Subject', 'CalendarItem', '<t:Subject>y</t:Subject>')),
    delete: removeBody(item(hers)),
    folders: `<m:CreateFolder><m:ParentFolderId>${id}</m:ParentFolderId><m:Folders><t:CalendarFolder><t:DisplayName>his</t:DisplayName></t:CalendarFolder></m:Folders></m:CreateFolder>`,
  };
  const able: string[] = [];
  for (const [name, body] of Object.entries(acts))
    if ((await codeOf(sim, body, { user: 'bob' })) === 'NoError') able.push(name);
  return able.join(' ');
}

it.each([
  ['MTGS_R91', 'Editor', 'read create edit delete'],
  ['MTGS_R94', 'None', ''],
  ['MTGS_R96', 'Owner', 'read create edit delete folders'],
  ['MTGS_R99', 'PublishingEditor', 'read create edit delete folders'],
  ['MTGS_R100', 'Reviewer', 'read'],
  ['MTGS_R486 MTGS_R487', 'Contributor', 'create'],
])(
  '%s MTGS_R246 MTGS_R247 MTGS_R248 MTGS_R146 MTGS_R147 MTGS_R238 MTGS_R239 MTGS_R534: the level %s in a calendar: %s',
  async (_, name, able) => {
    const calendar = await calendarFor(level(name));
    expect(plain(await permissionOf(calendar), 'CalendarPermissionLevel')).toBe(name);
    expect(await abilitiesIn(calendar)).toBe(able);
  },
);

it('MTGS_R97: an owner is folder owner and folder contact', async () => {
  const permission = await permissionOf(await calendarFor(level('Owner')));
  expect(['IsFolderOwner', 'IsFolderContact'].map((name) => plain(permission, name))).toEqual([
    'true',
    'true',
  ]);
});

it.each([
  ['MTGS_R104', 'None', 'create'],
  ['MTGS_R107', 'FullDetails', 'read create'],
])('%s MTGS_R90 MTGS_R244 MTGS_R245: a custom permission with ReadItems %s', async (_, reads, able) => {
  const calendar = await calendarFor(
    `<t:CanCreateItems>true</t:CanCreateItems><t:ReadItems>${reads}</t:ReadItems>${level('Custom')}`,
  );
  const permission = await permissionOf(calendar);
  expect(plain(permission, 'ReadItems')).toBe(reads);
  expect(await abilitiesIn(calendar)).toBe(able);
});

it('MTGS_R507: a calendar folder has what every folder has', async () => {
  const reply = await call(
    sim,
    `<m:GetFolder><m:FolderShape><t:BaseShape>AllProperties</t:BaseShape></m:FolderShape><m:FolderIds>${folder('calendar')}</m:FolderIds></m:GetFolder>`,
  );
  const [shown] = childrenOf(childOf(reply.messages[0]!.element, 'Folders')!);
  expect(shown?.name).toBe('CalendarFolder');
  expect(names(shown)).toEqual(
    expect.arrayContaining(['FolderId', 'ParentFolderId', 'FolderClass', 'DisplayName', 'TotalCount']),
  );
});
