// What the simulated Exchange does not play: answers to invitations, busy times, hidden and deleted folders, options.
import type { Mailbox } from '../../src/model/backend.ts';
import { describe, expect, it } from 'vitest';
import { folderIdOf, itemIdOf } from '../../src/ews-backend/ids.ts';
import type { Stored } from '../../src/model/backend.ts';
import type { Answer, Mail } from '../../src/model/messages.ts';
import { emptyEvent } from '../../src/model/item.ts';
import { failure, folder, item, openTest, several } from './canned-mailbox.ts';
import { message } from './canned-server.ts';

describe('an answer to an invitation', () => {
  const invitation = (recurs = false): Stored => ({
    id: itemIdOf('event', 'i1'),
    version: 'k1',
    nativeUid: 'u1',
    tags: {},
    item: {
      ...emptyEvent,
      isOrganizer: false,
      start: { kind: 'zoned', local: '2026-03-02T10:00:00', zone: 'UTC' },
      end: { kind: 'zoned', local: '2026-03-02T11:00:00', zone: 'UTC' },
      ...(recurs && { recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'never' } } }),
    },
  });

  it.each([
    ['accepted', 'AcceptItem', 'send', 'SendAndSaveCopy'],
    ['tentative', 'TentativelyAcceptItem', 'silent', 'SaveOnly'],
  ] as const)('%s', async (partStat, element, mail, disposition) => {
    const { mailbox, asked } = await openTest({ CreateItem: message('CreateItem', item('i2', 'k9')) });
    const written = await mailbox.respond(invitation(), [{ partStat, comment: 'R&D', mail }]);
    expect(written).toMatchObject({ id: itemIdOf('event', 'i2'), version: 'k9' });
    expect(asked('CreateItem')).toEqual([
      expect.stringContaining(
        `<m:CreateItem MessageDisposition="${disposition}"><m:Items><t:${element}><t:Body BodyType="Text">R&amp;D</t:Body><t:ReferenceItemId Id="i1" ChangeKey="k1"/></t:${element}>`,
      ),
    ]);
  });

  it('that declines leaves nothing in the calendar', async () => {
    const { mailbox, asked } = await openTest({ CreateItem: message('CreateItem', item('i2', 'k9')) });
    const answers = [{ partStat: 'declined', mail: 'send' }] as const;
    expect(await mailbox.respond(invitation(), answers)).toBeUndefined();
    expect(asked('CreateItem')[0]).toContain('<t:DeclineItem><t:ReferenceItemId Id="i1" ChangeKey="k1"/>');
  });

  it('after which the server names no item is looked up', async () => {
    const { mailbox } = await openTest({
      CreateItem: message('CreateItem', ''),
      GetItem: message('GetItem', item('i1', 'k5')),
    });
    const answers = [{ partStat: 'accepted', mail: 'send' }] as const;
    expect(await mailbox.respond(invitation(), answers)).toMatchObject({ version: 'k5' });
  });

  it('to occurrences goes in one call for those that send and one for the others', async () => {
    const original = (day: number): string =>
      `<m:Items><t:CalendarItem><t:ItemId Id="o${day}" ChangeKey="c${day}"/><t:OriginalStart>2026-03-0${day}T10:00:00Z</t:OriginalStart></t:CalendarItem></m:Items>`;
    const { mailbox, asked } = await openTest({
      GetItem: (_, index) =>
        index === 0
          ? several('GetItem', [item('i1', 'k1'), original(3), original(4), original(5)])
          : message('GetItem', item('i1', 'k7')),
      CreateItem: (_, index) =>
        several(
          'CreateItem',
          Array.from({ length: 2 - index }, () => item('x', 'y')),
        ),
    });
    const on = (day: number, mail: Mail): Answer => ({
      occurrence: { kind: 'zoned', local: `2026-03-0${day}T10:00:00`, zone: 'UTC' },
      partStat: 'tentative',
      mail,
    });
    const written = await mailbox.respond(invitation(true), [on(3, 'send'), on(4, 'silent'), on(5, 'send')]);
    expect(written).toMatchObject({ version: 'k7' });
    const sent = asked('CreateItem');
    expect(sent.map((text) => [...text.matchAll(/ReferenceItemId Id="(\w+)"/g)].map(([, id]) => id))).toEqual(
      [['o3', 'o5'], ['o4']],
    );
  });

  it('has to say something', async () => {
    const { mailbox } = await openTest({});
    const empty = mailbox.respond(invitation(), [{ partStat: 'needs-action', mail: 'silent' }]);
    await expect(empty).rejects.toMatchObject({ failure: { kind: 'invalid' } });
  });
});

describe('busy times', () => {
  const view = (content: string) =>
    `<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage><m:FreeBusyView>${content}</m:FreeBusyView></m:FreeBusyResponse>`;
  const entry = (from: string, to: string, type: string) =>
    `<t:CalendarEvent><t:StartTime>${from}</t:StartTime><t:EndTime>${to}</t:EndTime><t:BusyType>${type}</t:BusyType></t:CalendarEvent>`;

  it('come from events, from merged digits, or not at all', async () => {
    const events = `<t:FreeBusyViewType>FreeBusy</t:FreeBusyViewType><t:CalendarEventArray>${entry('2026-03-02T09:00:00', '2026-03-02T10:00:00', 'Busy')}${entry('2026-03-02T11:00:00', '2026-03-02T12:00:00', 'Free')}${entry('2026-03-02T13:00:00', '2026-03-02T14:00:00', 'OOF')}</t:CalendarEventArray>`;
    const none = `<m:FreeBusyResponse><m:ResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorMailRecipientNotFound</m:ResponseCode></m:ResponseMessage></m:FreeBusyResponse>`;
    const { mailbox, asked } = await openTest({
      GetUserAvailabilityRequest: `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray>${view(events)}${view('<t:FreeBusyViewType>MergedOnly</t:FreeBusyViewType><t:MergedFreeBusy>0221</t:MergedFreeBusy>')}${none}</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`,
    });
    const range = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 3) };
    const found = await mailbox.busyTimes(['a@example.test', 'b@example.test', 'c@example.test'], range);
    const hour = (at: number) => range.from + at * 3_600_000;
    expect(found.get('a@example.test')).toEqual({
      ok: true,
      value: [
        { range: { from: hour(9), to: hour(10) }, busy: 'busy' },
        { range: { from: hour(13), to: hour(14) }, busy: 'out-of-office' },
      ],
    });
    expect(found.get('b@example.test')).toEqual({
      ok: true,
      value: [
        { range: { from: hour(0.5), to: hour(1.5) }, busy: 'busy' },
        { range: { from: hour(1.5), to: hour(2) }, busy: 'tentative' },
      ],
    });
    expect(found.get('c@example.test')).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    expect(asked('GetUserAvailabilityRequest')).toHaveLength(1);
  });

  it('of two months are asked at once, and in two windows where the server refuses', async () => {
    const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
    const free = `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray>${view('')}</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`;
    const lenient = await openTest({ GetUserAvailabilityRequest: free });
    await lenient.mailbox.busyTimes(['a@example.test'], range);
    expect(lenient.asked('GetUserAvailabilityRequest')).toHaveLength(1);
    const refusal = `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray><m:FreeBusyResponse><m:ResponseMessage ResponseClass="Error"><m:ResponseCode>ErrorTimeIntervalTooBig</m:ResponseCode></m:ResponseMessage></m:FreeBusyResponse></m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`;
    const strict = await openTest({
      GetUserAvailabilityRequest: (_, index) => (index === 0 ? refusal : free),
    });
    for (const calls of [3, 5]) {
      expect((await strict.mailbox.busyTimes(['a@example.test'], range)).get('a@example.test')?.ok).toBe(
        true,
      );
      expect(strict.asked('GetUserAvailabilityRequest')).toHaveLength(calls);
    }
  });

  it('that Exchange does not tell are not taken for free time', async () => {
    for (const untold of [
      '<t:FreeBusyViewType>None</t:FreeBusyViewType>',
      '<t:FreeBusyViewType>FreeBusyMerged</t:FreeBusyViewType><t:MergedFreeBusy>4444</t:MergedFreeBusy>',
    ]) {
      const { mailbox } = await openTest({
        GetUserAvailabilityRequest: `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray>${view(untold)}</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`,
      });
      const range = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 3) };
      expect((await mailbox.busyTimes(['a@example.test'], range)).get('a@example.test')).toMatchObject({
        ok: false,
        failure: { kind: 'denied' },
      });
    }
  });

  it('are asked in windows that the server takes', async () => {
    const { mailbox, asked } = await openTest({
      GetUserAvailabilityRequest: `<m:GetUserAvailabilityResponse><m:FreeBusyResponseArray>${view('')}</m:FreeBusyResponseArray></m:GetUserAvailabilityResponse>`,
    });
    await mailbox.busyTimes(['a@example.test'], { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 3, 1) });
    expect(asked('GetUserAvailabilityRequest')).toHaveLength(3);
    const many = Array.from({ length: 101 }, (_, number) => `a${number}@example.test`);
    await mailbox.busyTimes(many, { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 8) });
    expect(asked('GetUserAvailabilityRequest')).toHaveLength(5);
    await expect(mailbox.busyTimes(['a@example.test'], {})).rejects.toMatchObject({
      failure: { kind: 'invalid' },
    });
  });
});

describe('a folder', () => {
  const found = (content: string) =>
    message(
      'FindFolder',
      `<m:RootFolder TotalItemsInView="9" IncludesLastItemInRange="true"><t:Folders>${content}</t:Folders></m:RootFolder>`,
    );
  const named = (name: string) => `<t:FolderClass>${name}</t:FolderClass>`;
  const property = (tag: string, value: string) =>
    `<t:ExtendedProperty><t:ExtendedFieldURI PropertyTag="${tag}" PropertyType="String"/><t:Value>${value}</t:Value></t:ExtendedProperty>`;

  it('is left out when it is technical, hidden or below the deleted items', async () => {
    const { mailbox, asked } = await openTest({
      FindFolder: (_, index) =>
        found(
          index === 0
            ? [
                folder('calendar', named('IPF.Appointment')),
                folder('f1', named('IPF.Contact.MOC.QuickContacts'), 'ContactsFolder'),
                folder('f2', named('IPF.Contact.RecipientCache'), 'ContactsFolder'),
                folder('f3', named('IPF.Appointment.Birthday')),
                folder('f4', named('IPF.Appointment') + property('0x10f4', 'true')),
                folder('f5', named('IPF.Appointment'), 'CalendarFolder', 'deleted'),
                folder('f6', named('IPF.Appointment'), 'CalendarFolder', 'f5'),
                folder('f7', named('IPF.Task.Team'), 'TasksFolder', 'calendar'),
                folder('f8', named('IPF.Contact'), 'ContactsFolder', 'mail-in-deleted'),
                folder('f9', named('IPF.Contact'), 'ContactsFolder', 'mail'),
                folder('f10', named('IPF.Appointments'), 'CalendarFolder'),
              ].join('')
            : [folder('mail-in-deleted', '', 'Folder', 'deleted'), folder('mail', '', 'Folder', 'root')].join(
                '',
              ),
        ),
    });
    const shown = await mailbox.folders();
    expect(shown.map(({ id }) => id)).toEqual([
      folderIdOf('events', 'calendar'),
      folderIdOf('tasks', 'f7'),
      folderIdOf('contacts', 'f9'),
    ]);
    // Where mail folders lie is asked once.
    await mailbox.folders();
    await mailbox.folders();
    expect(asked('FindFolder')).toHaveLength(1 + 1 + 2);
  });

  it('is found by a server that cannot search by class', async () => {
    const { mailbox, asked } = await openTest({
      FindFolder: (request) =>
        request.body.includes('m:Restriction')
          ? failure('FindFolder', 'ErrorUnsupportedPathForQuery')
          : found(
              folder('calendar', named('IPF.Appointment')) + folder('inbox', named('IPF.Note'), 'Folder'),
            ),
    });
    expect((await mailbox.folders()).map(({ key }) => key)).toEqual(['calendar']);
    await mailbox.folders();
    expect(asked('FindFolder')).toHaveLength(3);
  });
});

describe('the zone of the mailbox', () => {
  it('is the one chosen in Outlook on the web', async () => {
    const dictionary = `<m:UserConfiguration><t:UserConfigurationName Name="OWA.UserOptions"/><t:Dictionary><t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>timezone</t:Value></t:DictionaryKey><t:DictionaryValue><t:Type>String</t:Type><t:Value>Tokyo Standard Time</t:Value></t:DictionaryValue></t:DictionaryEntry></t:Dictionary></m:UserConfiguration>`;
    const { mailbox, asked } = await openTest({
      GetUserConfiguration: message('GetUserConfiguration', dictionary),
      CreateItem: message('CreateItem', item('i1', 'k1')),
    });
    const day = { kind: 'date', date: '2026-06-01' } as const;
    await mailbox.create(
      folderIdOf('events', 'calendar'),
      {
        item: {
          kind: 'event',
          summary: 'x',
          description: '',
          location: '',
          start: day,
          end: { ...day, date: '2026-06-02' },
          busy: 'free',
          sensitivity: 'normal',
          importance: 'normal',
          categories: [],
          attendees: [],
          attachments: [],
          cancelled: false,
          isOrganizer: true,
          overrides: [],
          cancelledDates: [],
        },
        tags: {},
      },
      'silent',
    );
    expect(asked('CreateItem')[0]).toContain('<t:StartTimeZone Id="Tokyo Standard Time"/>');
    expect(asked('CreateItem')[0]).toContain('SendMeetingInvitations="SendToNone"');
  });
});

describe('an invitation that was answered in the calendar', () => {
  const request = `<t:MeetingRequest><t:ItemId Id="m1" ChangeKey="k"/><t:AssociatedCalendarItemId Id="c1" ChangeKey="k"/><t:UID>u</t:UID><t:Start>2026-03-02T09:00:00Z</t:Start><t:End>2026-03-02T10:00:00Z</t:End></t:MeetingRequest>`;
  const held = (answer: string) =>
    `<t:CalendarItem><t:ItemId Id="c1" ChangeKey="k"/><t:MyResponseType>${answer}</t:MyResponseType></t:CalendarItem>`;
  const openInbox = (answer: string) =>
    openTest({
      FindItem: message(
        'FindItem',
        `<m:RootFolder TotalItemsInView="1" IncludesLastItemInRange="true"><t:Items>${request}</t:Items></m:RootFolder>`,
      ),
      GetItem: ({ body }) =>
        message('GetItem', `<m:Items>${body.includes('Id="m1"') ? request : held(answer)}</m:Items>`),
    });
  const waiting = async (mailbox: Mailbox) => {
    const ids: string[] = [];
    for await (const page of mailbox.changes(mailbox.inbox.id))
      for (const change of page.changes) if (change.kind === 'present') ids.push(change.listed.id);
    return ids;
  };

  it('is out of the list once that was seen, where the message itself says nothing of it', async () => {
    const { mailbox } = await openInbox('Accept');
    const ids = await waiting(mailbox);
    expect(ids).toHaveLength(1);
    for await (const [, outcome] of mailbox.fetch(ids))
      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    expect(await waiting(mailbox)).toEqual([]);
  });

  it('stays while the calendar says that nobody has answered', async () => {
    const { mailbox } = await openInbox('NoResponseReceived');
    for await (const [, outcome] of mailbox.fetch(await waiting(mailbox)))
      expect(outcome).toMatchObject({ ok: true, value: { method: 'REQUEST', nativeUid: 'u' } });
    expect(await waiting(mailbox)).toHaveLength(1);
  });
});
