// What a mailbox keeps beside its folders: user configurations, delegates, out of office, mail tips (BEHAVIOUR §7, §15).
import { afterAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { textOf } from '../../src/xml/index.ts';
import { addEntry, folderOf, grant, levels } from '../../simulator/state/index.ts';
import {
  all,
  at,
  call,
  codeOf,
  createEvent,
  folder,
  get,
  getItemBody,
  idOf,
  ok,
  path,
  start,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start({ seed: 'none' });
});
afterEach(() => sim.close());
afterAll(() => undefined);

describe('user configurations', () => {
  const name = (folderId: string, tag = 'm'): string =>
    `<${tag}:UserConfigurationName Name="Mine">${folder(folderId)}</${tag}:UserConfigurationName>`;
  const ask = (properties: string, folderId = 'drafts'): string =>
    `<m:GetUserConfiguration>${name(folderId)}<m:UserConfigurationProperties>${properties}</m:UserConfigurationProperties></m:GetUserConfiguration>`;
  const entry = (key: string, type: string, ...values: string[]): string =>
    `<t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>${key}</t:Value></t:DictionaryKey><t:DictionaryValue><t:Type>${type}</t:Type>${values.map((value) => `<t:Value>${value}</t:Value>`).join('')}</t:DictionaryValue></t:DictionaryEntry>`;
  const write = (operation: string, content: string): string =>
    `<m:${operation}UserConfiguration><m:UserConfiguration>${name('drafts', 't')}${content}</m:UserConfiguration></m:${operation}UserConfiguration>`;

  it('are made, read in part, changed in part, and deleted', async () => {
    expect(await codeOf(sim, ask('All'))).toBe('ErrorItemNotFound');
    const dictionary = `<t:Dictionary>${entry('PhoneNumber', 'String', '555')}${entry('List', 'StringArray', 'a', 'b')}</t:Dictionary>`;
    await ok(sim, write('Create', `${dictionary}<t:BinaryData>AAEC</t:BinaryData>`));
    expect(await codeOf(sim, write('Create', dictionary))).toBe('ErrorItemSave');
    const whole = at((await ok(sim, ask('All'))).element, 'UserConfiguration');
    expect(whole?.children.map((child) => (typeof child === 'string' ? child : child.name))).toEqual([
      'UserConfigurationName',
      'ItemId',
      'Dictionary',
      'BinaryData',
    ]);
    await ok(sim, write('Update', '<t:XmlData>PGEvPg==</t:XmlData>'));
    const part = at((await ok(sim, ask('Dictionary XmlData'))).element, 'UserConfiguration');
    expect(
      all(part, 'Dictionary/DictionaryEntry').map((one) => [
        path(one, 'DictionaryKey/Value'),
        ...all(one, 'DictionaryValue/Value').map((value) => textOf(value)),
      ]),
    ).toEqual([
      ['PhoneNumber', '555'],
      ['List', 'a', 'b'],
    ]);
    expect([path(part, 'XmlData'), at(part, 'BinaryData'), at(part, 'ItemId')]).toEqual([
      'PGEvPg==',
      undefined,
      undefined,
    ]);
    await ok(sim, `<m:DeleteUserConfiguration>${name('drafts')}</m:DeleteUserConfiguration>`);
    expect(await codeOf(sim, ask('All'))).toBe('ErrorItemNotFound');
    expect(
      await codeOf(sim, `<m:DeleteUserConfiguration>${name('drafts')}</m:DeleteUserConfiguration>`),
    ).toBe('ErrorItemNotFound');
  });

  it('the small seed has the zone of Outlook on the web and the colours of categories (§7)', async () => {
    const seeded = await start({ seed: 'small' });
    const read = async (id: string, which: string): Promise<string> =>
      (
        await call(
          seeded,
          `<m:GetUserConfiguration><m:UserConfigurationName Name="${which}">${folder(id)}</m:UserConfigurationName><m:UserConfigurationProperties>All</m:UserConfigurationProperties></m:GetUserConfiguration>`,
        )
      ).text;
    expect(await read('root', 'OWA.UserOptions')).toMatch(/timezone<.*?<t:Value>W\. Europe Standard Time</);
    const [, data = ''] = /<t:XmlData>(.*?)</.exec(await read('calendar', 'CategoryList')) ?? [];
    expect(Buffer.from(data, 'base64').toString()).toMatch(
      /^<\?xml version="1\.0"\?><categories .*<category name=/,
    );
    await seeded.close();
  });
});

describe('delegates (§15)', () => {
  const mailbox = '<m:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></m:Mailbox>';
  const user = (address: string): string =>
    `<t:UserId><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:UserId>`;
  const write = (operation: string, inner: string): string =>
    `<m:${operation}Delegate>${mailbox}<m:DelegateUsers><t:DelegateUser>${user('bob@example.test')}${inner}</t:DelegateUser></m:DelegateUsers></m:${operation}Delegate>`;
  const read = `<m:GetDelegate IncludePermissions="true">${mailbox}</m:GetDelegate>`;
  const level = (name: string): string =>
    `<t:DelegatePermissions><t:CalendarFolderPermissionLevel>${name}</t:CalendarFolderPermissionLevel></t:DelegatePermissions>`;
  const bobsView = (id: string) => call(sim, getItemBody(`<t:ItemId ${id}/>`), { user: 'bob' });

  it('get levels, see private items only when told so, and go', async () => {
    const secret = idOf(
      await createEvent(sim, '<t:Subject>secret</t:Subject><t:Sensitivity>Private</t:Sensitivity>'),
    );
    expect(await codeOf(sim, write('Add', level('Editor')))).toBe('NoError');
    expect(await codeOf(sim, write('Add', ''))).toBe('ErrorDelegateAlreadyExists');
    expect(path((await bobsView(secret)).messages[0]?.entity, 'Subject')).toBe('');
    expect(await codeOf(sim, write('Update', '<t:ViewPrivateItems>true</t:ViewPrivateItems>'))).toBe(
      'NoError',
    );
    expect(path((await bobsView(secret)).messages[0]?.entity, 'Subject')).toBe('secret');
    const shown = await call(sim, read);
    const delegate = at(shown.messages[0]?.element, 'DelegateUser');
    expect([
      path(shown.body, 'DeliverMeetingRequests'),
      path(delegate, 'UserId/PrimarySmtpAddress'),
      path(delegate, 'DelegatePermissions/CalendarFolderPermissionLevel'),
      path(delegate, 'DelegatePermissions/TasksFolderPermissionLevel'),
      path(delegate, 'ViewPrivateItems'),
    ]).toEqual(['DelegatesAndSendInformationToMe', 'bob@example.test', 'Editor', 'None', 'true']);
    const remove = `<m:RemoveDelegate>${mailbox}<m:UserIds>${user('bob@example.test')}</m:UserIds></m:RemoveDelegate>`;
    expect(await codeOf(sim, remove)).toBe('NoError');
    expect(await codeOf(sim, remove)).toBe('ErrorNotDelegate');
    expect((await bobsView(secret)).messages[0]?.code).toBe('ErrorItemNotFound');
  });

  it.each([
    ['the owner', user('alice@example.test'), 'ErrorDelegateCannotAddOwner'],
    ['nobody', user('nobody@example.test'), 'ErrorDelegateNoUser'],
    ['an empty name', '<t:UserId/>', 'ErrorMissingUserIdInformation'],
  ])('refuse %s', async (_, id, code) => {
    const add = `<m:AddDelegate>${mailbox}<m:DelegateUsers><t:DelegateUser>${id}</t:DelegateUser></m:DelegateUsers></m:AddDelegate>`;
    expect(await codeOf(sim, add)).toBe(code);
  });

  it('are the business of the owner alone', async () => {
    expect(path((await call(sim, read, { user: 'bob' })).body, 'ResponseCode')).toBe('ErrorAccessDenied');
  });
});

describe('private items (§15)', () => {
  it('are times without a text to an editor who is no delegate, in every way to read them', async () => {
    grant(
      folderOf(sim.world.mailboxes.get('alice@example.test')!, 'calendar'),
      'bob@example.test',
      levels.editor,
    );
    const id = idOf(
      await createEvent(
        sim,
        '<t:Subject>secret</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="Text">hidden</t:Body><t:Start>2025-07-07T09:00:00Z</t:Start><t:End>2025-07-07T10:00:00Z</t:End><t:Location>hideout</t:Location>',
      ),
    );
    const others =
      '<t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>';
    const shape = '<t:BaseShape>AllProperties</t:BaseShape>';
    const texts = await Promise.all(
      [
        getItemBody(`<t:ItemId ${id}/>`),
        `<m:FindItem Traversal="Shallow"><m:ItemShape>${shape}</m:ItemShape><m:ParentFolderIds>${others}</m:ParentFolderIds></m:FindItem>`,
        `<m:FindItem Traversal="Shallow"><m:ItemShape>${shape}</m:ItemShape><m:CalendarView StartDate="2025-07-01T00:00:00Z" EndDate="2025-08-01T00:00:00Z"/><m:ParentFolderIds>${others}</m:ParentFolderIds></m:FindItem>`,
        `<m:SyncFolderItems><m:ItemShape>${shape}</m:ItemShape><m:SyncFolderId>${others}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`,
      ].map(async (body) => (await call(sim, body, { user: 'bob' })).text),
    );
    for (const text of texts) {
      expect(text).toContain('2025-07-07T09:00:00Z');
      expect(text).not.toMatch(/secret|hidden|hideout/);
    }
    expect(path(await get(sim, id), 'Subject')).toBe('secret');
  });
});

describe('free/busy-only rights (§12, §15)', () => {
  it.each(['FreeBusyTimeOnly', 'FreeBusyTimeAndSubjectAndLocation', 'None', 'Editor'])(
    'the level %s is kept and shown, and hides the folder unless it can be read',
    async (name) => {
      await ok(
        sim,
        `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folder('calendar')}<t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:PermissionSet"/><t:CalendarFolder><t:PermissionSet><t:CalendarPermissions><t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>${name}</t:CalendarPermissionLevel></t:CalendarPermission></t:CalendarPermissions></t:PermissionSet></t:CalendarFolder></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`,
      );
      const shape =
        '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:PermissionSet"/></t:AdditionalProperties>';
      const shown = await call(
        sim,
        `<m:GetFolder><m:FolderShape>${shape}</m:FolderShape><m:FolderIds>${folder('calendar')}</m:FolderIds></m:GetFolder>`,
      );
      const permission = at(
        shown.messages[0]?.entity,
        'PermissionSet/CalendarPermissions/CalendarPermission',
      );
      expect([path(permission, 'CalendarPermissionLevel'), path(permission, 'ReadItems')]).toEqual([
        name,
        {
          FreeBusyTimeOnly: 'TimeOnly',
          FreeBusyTimeAndSubjectAndLocation: 'TimeAndSubjectAndLocation',
          None: 'None',
        }[name] ?? 'FullDetails',
      ]);
      const bobs = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"><t:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder>`;
      expect(await codeOf(sim, bobs, { user: 'bob' })).toBe(
        name === 'Editor' ? 'NoError' : 'ErrorFolderNotFound',
      );
    },
  );
});

describe('out of office and mail tips', () => {
  const set = (state: string): string =>
    `<m:SetUserOofSettingsRequest><t:Mailbox><t:Address>alice@example.test</t:Address></t:Mailbox><t:UserOofSettings><t:OofState>${state}</t:OofState><t:ExternalAudience>Known</t:ExternalAudience><t:Duration><t:StartTime>2005-10-05T00:00:00</t:StartTime><t:EndTime>2095-10-25T00:00:00</t:EndTime></t:Duration><t:InternalReply><t:Message>Away &amp; gone</t:Message></t:InternalReply></t:UserOofSettings></m:SetUserOofSettingsRequest>`;
  const read =
    '<m:GetUserOofSettingsRequest><t:Mailbox><t:Address>alice@example.test</t:Address></t:Mailbox></m:GetUserOofSettingsRequest>';
  const tips = (address: string): string =>
    `<m:GetMailTips><m:SendingAs><t:EmailAddress>bob@example.test</t:EmailAddress></m:SendingAs><m:Recipients><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></m:Recipients><m:MailTipsRequested>All</m:MailTipsRequested></m:GetMailTips>`;
  const tip = async (address: string, name: string): Promise<string> =>
    path((await call(sim, tips(address), { user: 'bob' })).messages[0]?.element, `MailTips/${name}`);

  it('are kept, told to senders while they last, and nobody else’s to read', async () => {
    expect(path((await call(sim, read)).body, 'OofSettings/OofState')).toBe('Disabled');
    expect(path((await call(sim, set('Scheduled'))).body, 'ResponseMessage/ResponseCode')).toBe('NoError');
    const settings = at((await call(sim, read)).body, 'OofSettings');
    expect(
      ['OofState', 'ExternalAudience', 'Duration/EndTime', 'InternalReply/Message'].map((name) =>
        path(settings, name),
      ),
    ).toEqual(['Scheduled', 'Known', '2095-10-25T00:00:00', 'Away & gone']);
    expect(await tip('alice@example.test', 'OutOfOffice/ReplyBody/Message')).toBe('Away & gone');
    expect(path((await call(sim, read, { user: 'bob' })).body, 'ResponseMessage/ResponseCode')).toBe(
      'ErrorAccessDenied',
    );
    await call(sim, set('Disabled'));
    expect(await tip('alice@example.test', 'OutOfOffice/ReplyBody/Message')).toBe('');
  });

  it('tell of groups and of addresses that are none', async () => {
    addEntry(sim.world, {
      kind: 'group',
      address: 'team@example.test',
      name: 'Team',
      members: ['bob@example.test'],
    });
    expect([
      await tip('team@example.test', 'TotalMemberCount'),
      await tip('nobody@example.test', 'InvalidRecipient'),
      await tip('somebody@else.example', 'InvalidRecipient'),
    ]).toEqual(['1', 'true', 'false']);
    const service = await call(
      sim,
      '<m:GetServiceConfiguration><m:RequestedConfiguration><m:ConfigurationName>MailTips</m:ConfigurationName></m:RequestedConfiguration></m:GetServiceConfiguration>',
    );
    expect(
      path(service.messages[0]?.element, 'MailTipsConfiguration/MaxRecipientsPerGetMailTipsRequest'),
    ).toBe('50');
  });
});
