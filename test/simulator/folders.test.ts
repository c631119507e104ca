// Folders (BEHAVIOUR §15, §18) and what others may do in them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
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
  named,
  ok,
  path,
  remove,
  start,
  updateBody,
  type Message,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const shape = (extra: string): string =>
  `<m:FolderShape><t:BaseShape>Default</t:BaseShape><t:AdditionalProperties>${extra}</t:AdditionalProperties></m:FolderShape>`;
const lastChange = '<t:ExtendedFieldURI PropertyTag="0x670A" PropertyType="SystemTime"/>';
const deletedCount = '<t:ExtendedFieldURI PropertyTag="0x670B" PropertyType="Integer"/>';
const getFolder = (id: string, extra = '<t:FieldURI FieldURI="folder:FolderClass"/>'): string =>
  `<m:GetFolder>${shape(extra)}<m:FolderIds>${id}</m:FolderIds></m:GetFolder>`;
const make = (name: string, parent = 'msgfolderroot', element = 'CalendarFolder', inner = ''): string =>
  `<m:CreateFolder><m:ParentFolderId>${folder(parent)}</m:ParentFolderId><m:Folders><t:${element}><t:DisplayName>${name}</t:DisplayName>${inner}</t:${element}></m:Folders></m:CreateFolder>`;
const of = (address: string, id: string): string =>
  `<t:DistinguishedFolderId Id="${id}"><t:Mailbox><t:EmailAddress>${address}@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`;

describe('folders', () => {
  it('are created by class, renamed, moved with their id, and found deep', async () => {
    const made = (await ok(sim, make('Work'))).entity;
    expect(await codeOf(sim, make('WORK'))).toBe('ErrorFolderExists');
    const shown = await ok(sim, getFolder(`<t:FolderId ${idOf(made)}/>`));
    expect([shown.entity?.name, path(shown.entity, 'FolderClass')]).toEqual([
      'CalendarFolder',
      'IPF.Appointment',
    ]);
    await ok(
      sim,
      `<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:FolderId ${idOf(made)}/><t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:CalendarFolder><t:DisplayName>Job</t:DisplayName></t:CalendarFolder></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`,
    );
    const moved = await ok(
      sim,
      `<m:MoveFolder><m:ToFolderId>${folder('calendar')}</m:ToFolderId><m:FolderIds><t:FolderId Id="${bareId(made)}"/></m:FolderIds></m:MoveFolder>`,
    );
    expect(bareId(moved.entity)).toBe(bareId(made));
    const find = (restriction: string): string =>
      `<m:FindFolder Traversal="Deep">${shape(lastChange)}${restriction}<m:ParentFolderIds>${folder('msgfolderroot')}</m:ParentFolderIds></m:FindFolder>`;
    const found = await ok(
      sim,
      find(
        '<m:Restriction><t:Contains ContainmentMode="Prefixed" ContainmentComparison="IgnoreCase"><t:FieldURI FieldURI="folder:FolderClass"/><t:Constant Value="ipf.appointment"/></t:Contains></m:Restriction>',
      ),
    );
    expect(
      all(found.element, 'RootFolder/Folders/CalendarFolder').map((one) => path(one, 'DisplayName')),
    ).toEqual(['Calendar', 'Job']);
    expect(at(found.element, 'RootFolder')?.attrs).toEqual({
      TotalItemsInView: '2',
      IncludesLastItemInRange: 'true',
    });
  });

  it('keep extended properties, and count what is deleted in them', async () => {
    const inner = `<t:ExtendedProperty>${named('color')}<t:Value>#ff0000</t:Value></t:ExtendedProperty>`;
    const made = (await ok(sim, make('C', 'calendar', 'CalendarFolder', inner))).entity;
    const ask = getFolder(`<t:FolderId ${idOf(made)}/>`, named('color') + lastChange + deletedCount);
    const values = (message: Message): string[] =>
      all(message.entity, 'ExtendedProperty').map((one) => path(one, 'Value'));
    const [color, before, count] = values(await ok(sim, ask));
    expect([color, count]).toEqual(['#ff0000', '0']);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const event = await createEvent(sim, '', { folder: `<t:FolderId ${idOf(made)}/>` });
    const between = values(await ok(sim, ask))[1]!;
    expect(between > before!).toBe(true);
    await ok(
      sim,
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId ${idOf(event)}/></m:ItemIds></m:DeleteItem>`,
    );
    expect(values(await ok(sim, ask))[2]).toBe('1');
    sim.faults.commitLagMs = 60_000;
    expect(values(await ok(sim, ask))[1]! < between).toBe(true);
  });

  it.each([
    [
      'ErrorDeleteDistinguishedFolder',
      `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds>${folder('calendar')}</m:FolderIds></m:DeleteFolder>`,
    ],
    [
      'ErrorMoveDistinguishedFolder',
      `<m:MoveFolder><m:ToFolderId>${folder('inbox')}</m:ToFolderId><m:FolderIds>${folder('calendar')}</m:FolderIds></m:MoveFolder>`,
    ],
    ['fault ErrorSchemaValidation', getFolder(folder('nonsense'))],
    ['ErrorFolderNotFound', getFolder(folder('archivemsgfolderroot'))],
    ['ErrorInvalidIdMalformed', getFolder('<t:FolderId Id="nonsense"/>')],
    ['ErrorNonExistentMailbox', getFolder(of('nobody', 'calendar'))],
  ])('%s', async (code, body) => {
    expect(await codeOf(sim, body)).toBe(code);
  });

  it('are not items, nor items folders', async () => {
    const event = await createEvent(sim, '');
    expect(await codeOf(sim, getFolder(`<t:FolderId Id="${bareId(event)}"/>`))).toBe(
      'ErrorCannotUseItemIdForFolderId',
    );
    const { entity } = await ok(sim, getFolder(folder('calendar')));
    expect(await codeOf(sim, getItemBody(`<t:ItemId ${idOf(entity)}/>`))).toBe(
      'ErrorCannotUseFolderIdForItemId',
    );
  });

  it('go to Deleted Items with all that is in them', async () => {
    const made = (await ok(sim, make('Old'))).entity;
    const event = await createEvent(sim, '', { folder: `<t:FolderId ${idOf(made)}/>` });
    await ok(
      sim,
      `<m:DeleteFolder DeleteType="MoveToDeletedItems"><m:FolderIds><t:FolderId ${idOf(made)}/></m:FolderIds></m:DeleteFolder>`,
    );
    expect(bareId(await get(sim, idOf(event)))).toBe(bareId(event));
    const copied = await ok(
      sim,
      `<m:CopyFolder><m:ToFolderId>${folder('calendar')}</m:ToFolderId><m:FolderIds><t:FolderId Id="${bareId(made)}"/></m:FolderIds></m:CopyFolder>`,
    );
    expect(
      path((await ok(sim, getFolder(`<t:FolderId ${idOf(copied.entity)}/>`))).entity, 'TotalCount'),
    ).toBe('1');
  });
});

describe('delegate access', () => {
  const target = (): ReturnType<typeof folderOf> =>
    folderOf(sim.world.mailboxes.get('alice@example.test')!, 'calendar');
  const create = `<m:CreateItem SendMeetingInvitations="SendToNone"><m:SavedItemFolderId>${of('alice', 'calendar')}</m:SavedItemFolderId><m:Items><t:CalendarItem><t:Subject>by bob</t:Subject></t:CalendarItem></m:Items></m:CreateItem>`;
  const bob = { user: 'bob' };

  it('hides what may not be seen', async () => {
    const event = await createEvent(sim, '');
    expect(await codeOf(sim, getFolder(of('alice', 'calendar')), bob)).toBe('ErrorFolderNotFound');
    expect(await codeOf(sim, getItemBody(`<t:ItemId ${idOf(event)}/>`), bob)).toBe('ErrorItemNotFound');
    expect(await codeOf(sim, create, bob)).toBe('ErrorFolderNotFound');
  });

  it.each([
    ['reviewer', { create: 'ErrorAccessDenied', update: 'ErrorAccessDenied', remove: 'ErrorAccessDenied' }],
    ['author', { create: 'NoError', update: 'ErrorAccessDenied', remove: 'ErrorAccessDenied' }],
    ['editor', { create: 'NoError', update: 'NoError', remove: 'NoError' }],
  ] as const)('lets a %s do what its rights say', async (level, expected) => {
    grant(target(), 'bob@example.test', levels[level]);
    const event = await createEvent(sim, '<t:Subject>hers</t:Subject><t:Location>x</t:Location>');
    const rights = (
      await ok(
        sim,
        getFolder(of('alice', 'calendar'), '<t:FieldURI FieldURI="folder:EffectiveRights"/>'),
        bob,
      )
    ).entity;
    expect(path(rights, 'EffectiveRights/CreateContents')).toBe(String(expected.create === 'NoError'));
    expect(path(rights, 'EffectiveRights/Modify')).toBe(String(expected.update === 'NoError'));
    expect(await codeOf(sim, create, bob)).toBe(expected.create);
    expect(await codeOf(sim, updateBody(idOf(event), remove('calendar:Location')), bob)).toBe(
      expected.update,
    );
    expect(
      await codeOf(
        sim,
        `<m:DeleteItem DeleteType="MoveToDeletedItems" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId Id="${bareId(event)}"/></m:ItemIds></m:DeleteItem>`,
        bob,
      ),
    ).toBe(expected.remove);
  });

  it('shows private items as busy blocks without subject', async () => {
    grant(target(), 'bob@example.test', levels.reviewer);
    const event = await createEvent(
      sim,
      '<t:Subject>Secret</t:Subject><t:Sensitivity>Private</t:Sensitivity><t:Body BodyType="Text">x</t:Body>',
    );
    const seen = await ok(sim, getItemBody(`<t:ItemId ${idOf(event)}/>`), bob);
    expect(at(seen.entity, 'Subject')).toBeUndefined();
    expect(path(seen.entity, 'LegacyFreeBusyStatus')).toBe('Busy');
    expect(path(seen.entity, 'Body')).toBe('');
  });

  it('makes the owner of the calendar the organizer', async () => {
    grant(target(), 'bob@example.test', levels.editor);
    const { entity } = await ok(sim, create, bob);
    expect(path(await get(sim, idOf(entity)), 'Organizer/Mailbox/EmailAddress')).toBe('alice@example.test');
    expect(path(await get(sim, idOf(entity)), 'LastModifiedName')).toBe('Bob Example');
  });

  it('is granted and taken away with PermissionSet', async () => {
    const change = (inner: string): string =>
      `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${folder('calendar')}<t:Updates>${inner}</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`;
    const permission =
      '<t:CalendarPermission><t:UserId><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:UserId><t:CalendarPermissionLevel>Reviewer</t:CalendarPermissionLevel></t:CalendarPermission>';
    await ok(
      sim,
      change(
        `<t:SetFolderField><t:FieldURI FieldURI="folder:PermissionSet"/><t:CalendarFolder><t:PermissionSet><t:CalendarPermissions>${permission}</t:CalendarPermissions></t:PermissionSet></t:CalendarFolder></t:SetFolderField>`,
      ),
    );
    expect(await codeOf(sim, getFolder(of('alice', 'calendar')), bob)).toBe('NoError');
    const shown = await ok(
      sim,
      getFolder(folder('calendar'), '<t:FieldURI FieldURI="folder:PermissionSet"/>'),
    );
    // Everybody else and anonymous stand first.
    const [, , given] = all(shown.entity, 'PermissionSet/CalendarPermissions/CalendarPermission');
    expect([path(given, 'UserId/DisplayName'), path(given, 'CalendarPermissionLevel')]).toEqual([
      'Bob Example',
      'Reviewer',
    ]);
    await ok(
      sim,
      change('<t:DeleteFolderField><t:FieldURI FieldURI="folder:PermissionSet"/></t:DeleteFolderField>'),
    );
    expect(await codeOf(sim, getFolder(of('alice', 'calendar')), bob)).toBe('ErrorFolderNotFound');
  });
});
