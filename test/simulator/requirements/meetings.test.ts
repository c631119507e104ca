// Statements of [MS-OXWSMTGS] and [MS-OXWSSYNC] about meetings between two mailboxes: requests, answers, cancellations;
// each test is named with the ids it checks.
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
  idOf,
  ok,
  path,
  set,
  start,
  updateBody,
} from '../soap-client.ts';
import { forms, names, plain } from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const bob = { user: 'bob' };
type User = typeof bob | Record<string, never>;
let count = 0;
const freshSubject = (): string => `meeting ${(count += 1)}`;

const attendees = (element: string, ...people: string[]): string =>
  `<t:${element}>${people
    .map(
      (name) =>
        `<t:Attendee><t:Mailbox><t:Name>${name}</t:Name><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox></t:Attendee>`,
    )
    .join('')}</t:${element}>`;

interface Plan {
  readonly own?: string;
  readonly people?: string;
  readonly after?: string;
  readonly mode?: string;
  readonly times?: string;
}

interface Made {
  readonly subject: string;
  readonly event: XmlElement;
}

/** A meeting of alice with bob. `own`: properties between times and attendees. */
async function meeting(plan: Plan = {}): Promise<Made> {
  const subject = freshSubject();
  const times = plan.times ?? '<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>';
  const people = plan.people ?? attendees('RequiredAttendees', 'bob');
  const event = await createEvent(
    sim,
    `<t:Subject>${subject}</t:Subject>${times}${plan.own ?? ''}${people}${plan.after ?? ''}`,
    { mode: plan.mode ?? 'SendToAllAndSaveCopy' },
  );
  return { subject, event };
}

/** What a folder holds about a meeting, whole. */
async function heldIn(name: string, subject: string, user: User = {}): Promise<XmlElement[]> {
  const found = await ok(
    sim,
    `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape><m:ParentFolderIds>${folder(name)}</m:ParentFolderIds></m:FindItem>`,
    user,
  );
  const items = childrenOf(childOf(childOf(found.element, 'RootFolder'), 'Items')!);
  const about = items.filter((item) => path(item, 'Subject').endsWith(subject));
  return Promise.all(about.map((item) => whole(bareId(item), user)));
}

async function whole(id: string, user: User = {}): Promise<XmlElement> {
  const shape = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>';
  const body = `<m:GetItem>${shape}<m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:GetItem>`;
  return (await ok(sim, body, user)).entity!;
}

async function only(name: string, subject: string, user: User = {}): Promise<XmlElement> {
  const found = await heldIn(name, subject, user);
  expect(found.map((item) => item.name)).toHaveLength(1);
  return found[0]!;
}

const requestOf = async (made: Made): Promise<XmlElement> => only('inbox', made.subject, bob);
const copyOf = async (made: Made): Promise<XmlElement> => only('calendar', made.subject, bob);

const answerBody = (
  kind: string,
  to: XmlElement,
  disposition = 'MessageDisposition="SendAndSaveCopy"',
): string =>
  `<m:CreateItem ${disposition}><m:Items><t:${kind}><t:ReferenceItemId ${idOf(to)}/></t:${kind}></m:Items></m:CreateItem>`;
const answer = async (kind: string, made: Made): Promise<unknown> =>
  call(sim, answerBody(kind, await requestOf(made)), bob);

const series =
  '<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>';

// The request in the Inbox.
it('MTGS_R488 MTGS_R46 MTGS_R4600 MTGS_R4601 MTGS_R48 MTGS_R4800 MTGS_R4801: a sent meeting comes to the Inbox and the calendar of the attendee', async () => {
  for (const mode of ['SendOnlyToAll', 'SendToAllAndSaveCopy']) {
    const made = await meeting({ mode });
    expect((await requestOf(made)).name).toBe('MeetingRequest');
    expect((await copyOf(made)).name).toBe('CalendarItem');
  }
});

it('MTGS_R4401 MTGS_R4400: with SendToNone nothing comes to the attendee', async () => {
  const { subject } = await meeting({ mode: 'SendToNone' });
  expect(await heldIn('inbox', subject, bob)).toEqual([]);
  expect(await heldIn('calendar', subject, bob)).toEqual([]);
});

it('MTGS_R4602 MTGS_R4802: only SendToAllAndSaveCopy leaves a copy of the request in Sent Items', async () => {
  const silent = await meeting({ mode: 'SendOnlyToAll' });
  expect(await heldIn('sentitems', silent.subject)).toEqual([]);
  const saved = await meeting({ mode: 'SendToAllAndSaveCopy' });
  expect((await only('sentitems', saved.subject)).name).toBe('MeetingRequest');
});

it.each([
  ['MTGS_R265 MTGS_R749', 'IsDelegated', /^false$/],
  ['MTGS_R267 MTGS_R751', 'IsOutOfDate', /^false$/],
  ['MTGS_R269', 'HasBeenProcessed', forms.boolean],
  ['MTGS_R271', 'ResponseType', /^NoResponseReceived$/],
  ['MTGS_R278', 'DateTimeStamp', forms.dateTime],
  ['MTGS_R80004 MTGS_R80049', 'IsOrganizer', /^false$/],
  ['MTGS_R282 MTGS_R283 MTGS_R72', 'MeetingRequestType', /^NewMeetingRequest$/],
  ['MTGS_R499 MTGS_R500 MTGS_R906', 'Start', /^2025-06-02T10:00:00Z$/],
  ['MTGS_R286 MTGS_R287 MTGS_R907', 'End', /^2025-06-02T11:00:00Z$/],
  ['MTGS_R293 MTGS_R755', 'IsAllDayEvent', /^false$/],
  ['MTGS_R296 MTGS_R297 MTGS_R908', 'Location', /^Room 7$/],
  ['MTGS_R300 MTGS_R301 MTGS_R756 MTGS_R7561', 'IsMeeting', /^true$/],
  ['MTGS_R302 MTGS_R303 MTGS_R759', 'IsCancelled', /^false$/],
  ['MTGS_R304 MTGS_R761', 'IsRecurring', /^false$/],
  ['MTGS_R306 MTGS_R307 MTGS_R762 MTGS_R763', 'MeetingRequestWasSent', /^true$/],
  ['MTGS_R308 MTGS_R309 MTGS_R910', 'CalendarItemType', /^Single$/],
  ['MTGS_R328 MTGS_R329', 'Duration', /^PT1H$/],
  ['MTGS_R334 MTGS_R335', 'AppointmentSequenceNumber', /^0$/],
  ['MTGS_R336 MTGS_R337 MTGS_R555', 'AppointmentState', /^3$/],
] as const)('%s: %s of a request', async (_, element, form) => {
  const made = await meeting({ own: '<t:Location>Room 7</t:Location>' });
  expect(plain(await requestOf(made), element)).toMatch(form);
});

it('MTGS_R274: a request has the UID of its meeting', async () => {
  const made = await meeting();
  expect(plain(await requestOf(made), 'UID')).toBe(plain(await whole(bareId(made.event)), 'UID'));
});

it('MTGS_R263: AssociatedCalendarItemId names the item in the calendar', async () => {
  const made = await meeting();
  const id = childOf(await requestOf(made), 'AssociatedCalendarItemId')?.attrs['Id'];
  expect(id).toBe(bareId(await copyOf(made)));
});

it('MTGS_R312 MTGS_R313 MTGS_R314 MTGS_R315 MTGS_R316 MTGS_R317 MTGS_R319 MTGS_R191: a request names organizer and attendees, but no resources', async () => {
  const people =
    attendees('RequiredAttendees', 'bob') +
    attendees('OptionalAttendees', 'carol') +
    attendees('Resources', 'dave');
  const made = await meeting({ people });
  for (const item of [await requestOf(made), await copyOf(made)]) {
    expect(path(item, 'Organizer/Mailbox/EmailAddress')).toBe('alice@example.test');
    const addresses = (element: string): string[] =>
      all(item, `${element}/Attendee`).map((one) => path(one, 'Mailbox/EmailAddress'));
    expect(addresses('RequiredAttendees')).toEqual(['bob@example.test']);
    expect(addresses('OptionalAttendees')).toEqual(['carol@example.test']);
    expect(childOf(item, 'Resources')).toBeUndefined();
  }
});

it.each([
  ['MTGS_R28500', 'Busy'],
  ['MTGS_R28501', 'Free'],
  ['MTGS_R28503', 'OOF'],
  ['MTGS_R28504', 'Tentative'],
])('%s MTGS_R284: IntendedFreeBusyStatus is what the organizer set: %s', async (_, status) => {
  const made = await meeting({ own: `<t:LegacyFreeBusyStatus>${status}</t:LegacyFreeBusyStatus>` });
  expect(plain(await requestOf(made), 'IntendedFreeBusyStatus')).toBe(status);
  const copy = await copyOf(made);
  expect(plain(copy, 'LegacyFreeBusyStatus')).toBe(status === 'Free' ? 'Free' : 'Tentative');
});

it('MTGS_R1047: When does not reach the attendee', async () => {
  const made = await meeting({ own: '<t:When>soon</t:When>' });
  expect(childOf(await copyOf(made), 'When')).toBeUndefined();
});

it('MTGS_R338 MTGS_R339 MTGS_R909 MTGS_R340 MTGS_R341 MTGS_R342 MTGS_R343 MTGS_R305 MTGS_R760: a request for a series has its pattern and bounds', async () => {
  const made = await meeting({ after: series });
  const request = await requestOf(made);
  expect(names(childOf(request, 'Recurrence'))).toEqual(['DailyRecurrence', 'NumberedRecurrence']);
  expect(path(request, 'FirstOccurrence/Start')).toBe('2025-06-02T10:00:00Z');
  expect(path(request, 'LastOccurrence/Start')).toBe('2025-06-06T10:00:00Z');
  expect([plain(request, 'IsRecurring'), plain(request, 'CalendarItemType')]).toEqual([
    'true',
    'RecurringMaster',
  ]);
});

const occurrence = (made: Made, index: number): string =>
  `<t:OccurrenceItemId RecurringMasterId="${bareId(made.event)}" InstanceIndex="${index}"/>`;
const relocated = set('calendar:Location', 'CalendarItem', '<t:Location>elsewhere</t:Location>');
const postponed = set('calendar:Start', 'CalendarItem', '<t:Start>2025-06-02T10:30:00Z</t:Start>');

it('MTGS_R276 MTGS_R277: a request for one occurrence names it', async () => {
  const made = await meeting({ after: series });
  await ok(sim, updateBody(occurrence(made, 3), relocated, { mode: 'SendOnlyToAll' }));
  const found = await heldIn('inbox', made.subject, bob);
  expect(found.map((request) => path(request, 'RecurrenceId')).sort()).toEqual(['', '2025-06-04T10:00:00Z']);
});

it('MTGS_R718 MTGS_R719 MTGS_R708 MTGS_R709 MTGS_R710 MTGS_R711: a request tells the zones and the wall clock', async () => {
  const zones =
    '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>';
  const request = await requestOf(await meeting({ after: zones }));
  for (const end of ['Start', 'End']) {
    expect(childOf(request, `${end}TimeZone`)?.attrs['Id']).toBe('W. Europe Standard Time');
    expect(plain(request, `${end}TimeZoneId`)).toBe('W. Europe Standard Time');
  }
  expect(plain(request, 'StartWallClock')).toMatch(/^2025-06-02T12:00:00/);
  expect(plain(request, 'EndWallClock')).toMatch(/^2025-06-02T13:00:00/);
});

// The copy of the attendee, and the answer.
it('MTGS_R739 MTGS_R84: the copy of an attendee is received and not answered', async () => {
  const copy = await copyOf(await meeting());
  expect([plain(copy, 'AppointmentState'), plain(copy, 'MyResponseType')]).toEqual([
    '3',
    'NoResponseReceived',
  ]);
});

it.each([
  ['MTGS_R82', 'AcceptItem', 'Accept', 'Busy'],
  ['MTGS_R81', 'TentativelyAcceptItem', 'Tentative', 'Tentative'],
])('%s MTGS_R489 MTGS_R204 MTGS_R205 MTGS_R140 MTGS_R141 MTGS_R139: %s', async (_, kind, response, busy) => {
  const made = await meeting();
  await answer(kind, made);
  const copy = await copyOf(made);
  expect([plain(copy, 'MyResponseType'), plain(copy, 'LegacyFreeBusyStatus')]).toEqual([response, busy]);
  expect(plain(copy, 'AppointmentReplyTime')).toMatch(forms.dateTime);
  const [attendee] = all(await whole(bareId(made.event)), 'RequiredAttendees/Attendee');
  expect(plain(attendee, 'ResponseType')).toBe(response);
  expect(plain(attendee, 'LastResponseTime')).toMatch(forms.dateTime);
  expect((await only('inbox', made.subject)).name).toBe('MeetingResponse');
  expect(await heldIn('inbox', made.subject, bob)).toEqual([]);
});

it('MTGS_R83: a declined meeting leaves the calendar of the attendee', async () => {
  const made = await meeting();
  await answer('DeclineItem', made);
  expect(await heldIn('calendar', made.subject, bob)).toEqual([]);
  const [attendee] = all(await whole(bareId(made.event)), 'RequiredAttendees/Attendee');
  expect(plain(attendee, 'ResponseType')).toBe('Decline');
});

it('MTGS_R1342: an answer needs a MessageDisposition', async () => {
  const request = await requestOf(await meeting());
  for (const kind of ['AcceptItem', 'TentativelyAcceptItem', 'DeclineItem'])
    expect(await codeOf(sim, answerBody(kind, request, ''), bob)).toBe('ErrorMessageDispositionRequired');
});

// Updates.
it('MTGS_R484 MTGS_R485 MTGS_R268 MTGS_R750: an update in full asks again, and outdates the first request', async () => {
  const made = await meeting();
  await ok(sim, updateBody(`Id="${bareId(made.event)}"`, postponed, { mode: 'SendOnlyToAll' }));
  const found = await heldIn('inbox', made.subject, bob);
  const facts = found.map((request) =>
    ['MeetingRequestType', 'IsOutOfDate'].map((name) => path(request, name)).join(' '),
  );
  expect(facts.sort()).toEqual(['FullUpdate false', 'Outdated true']);
  expect(path(await copyOf(made), 'Start')).toBe('2025-06-02T10:30:00Z');
});

it('MTGS_R71 MTGS_R587: another location informs those who have answered', async () => {
  const made = await meeting();
  await answer('AcceptItem', made);
  await ok(sim, updateBody(`Id="${bareId(made.event)}"`, relocated, { mode: 'SendOnlyToAll' }));
  expect(path(await requestOf(made), 'MeetingRequestType')).toBe('InformationalUpdate');
  expect([path(await copyOf(made), 'Location'), path(await copyOf(made), 'MyResponseType')]).toEqual([
    'elsewhere',
    'Accept',
  ]);
});

it.each([
  ['MTGS_R6101', 'SendOnlyToAll', 0],
  ['MTGS_R6401', 'SendToAllAndSaveCopy', 1],
])('%s: an update with %s leaves %s copies in Sent Items', async (_, mode, copies) => {
  const made = await meeting({ mode: 'SendOnlyToAll' });
  await ok(sim, updateBody(`Id="${bareId(made.event)}"`, relocated, { mode }));
  expect(await heldIn('sentitems', made.subject)).toHaveLength(copies);
});

// Cancelling.
const deleteBody = (made: Made, mode: string): string =>
  `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="${mode}"><m:ItemIds><t:ItemId Id="${bareId(made.event)}"/></m:ItemIds></m:DeleteItem>`;

it('MTGS_R490 MTGS_R491 MTGS_R173 MTGS_R730 MTGS_R740 MTGS_R741 MTGS_R1052: CancelCalendarItem tells the attendees', async () => {
  const made = await meeting({ mode: 'SendOnlyToAll' });
  await call(sim, answerBody('CancelCalendarItem', await whole(bareId(made.event))));
  expect(await heldIn('calendar', made.subject)).toEqual([]);
  const mine = (await heldIn('deleteditems', made.subject)).find(({ name }) => name === 'CalendarItem');
  expect([path(mine, 'IsCancelled'), path(mine, 'AppointmentState')]).toEqual(['true', '5']);
  const his = await copyOf(made);
  expect([plain(his, 'IsCancelled'), plain(his, 'AppointmentState')]).toEqual(['true', '7']);
  const told = (await heldIn('inbox', made.subject, bob)).map(({ name }) => name);
  expect(told).toContain('MeetingCancellation');
});

it('MTGS_R492: RemoveItem takes a cancelled meeting and its cancellation away', async () => {
  const made = await meeting();
  await ok(sim, deleteBody(made, 'SendOnlyToAll'));
  const told = (await heldIn('inbox', made.subject, bob)).find(({ name }) => name === 'MeetingCancellation')!;
  expect((await call(sim, answerBody('RemoveItem', told), bob)).messages[0]?.code).toBe('NoError');
  expect(await heldIn('calendar', made.subject, bob)).toEqual([]);
  const left = (await heldIn('inbox', made.subject, bob)).map(({ name }) => name);
  expect(left).not.toContain('MeetingCancellation');
});

it.each([
  ['MTGS_R4500', 'SendToNone', 0, 0],
  ['MTGS_R4700 MTGS_R4701', 'SendOnlyToAll', 1, 0],
  ['MTGS_R4900 MTGS_R4901', 'SendToAllAndSaveCopy', 1, 1],
])('%s: DeleteItem with %s sends %s cancellations, and keeps %s', async (_, mode, sent, kept) => {
  const made = await meeting({ mode: 'SendOnlyToAll' });
  await ok(sim, deleteBody(made, mode));
  const cancellations = (found: XmlElement[]): number =>
    found.filter(({ name }) => name === 'MeetingCancellation').length;
  expect(cancellations(await heldIn('inbox', made.subject, bob))).toBe(sent);
  expect(cancellations(await heldIn('sentitems', made.subject))).toBe(kept);
});

// Synchronisation of meeting messages.
interface Synced {
  readonly state: string;
  readonly told: string[];
}

async function synced(user: User, state = ''): Promise<Synced> {
  const given = state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`;
  const answered = await ok(
    sim,
    `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SyncFolderId>${folder('inbox')}</m:SyncFolderId>${given}<m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`,
    user,
  );
  const changes = childrenOf(childOf(answered.element, 'Changes')!);
  return {
    state: path(answered.element, 'SyncState'),
    told: changes.map((change) => `${change.name} ${childrenOf(change)[0]?.name}`),
  };
}

it.each([
  [
    'SYNC_R166 SYNC_R1671 SYNC_R1672',
    'MeetingRequest',
    bob,
    async () => {
      await meeting();
    },
  ],
  [
    'SYNC_R168 SYNC_R1691 SYNC_R1692',
    'MeetingResponse',
    {},
    async () => {
      await answer('AcceptItem', await meeting());
    },
  ],
  [
    'SYNC_R170 SYNC_R1711 SYNC_R1712',
    'MeetingCancellation',
    bob,
    async () => {
      const made = await meeting();
      for (const request of await heldIn('inbox', made.subject, bob))
        await ok(
          sim,
          `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId Id="${bareId(request)}"/></m:ItemIds></m:DeleteItem>`,
          bob,
        );
      await ok(sim, deleteBody(made, 'SendOnlyToAll'));
    },
  ],
] as const)('%s: a %s is told as created and updated', async (_, element, user, act) => {
  const before = await synced(user);
  await act();
  const created = await synced(user, before.state);
  expect(created.told).toEqual([`Create ${element}`]);
  const subject = `meeting ${count}`;
  const item = (await heldIn('inbox', subject, user)).find(({ name }) => name === element)!;
  const change = set('item:Categories', element, '<t:Categories><t:String>x</t:String></t:Categories>');
  await ok(sim, updateBody(`Id="${bareId(item)}"`, change), user);
  expect((await synced(user, created.state)).told).toEqual([`Update ${element}`]);
});
