// Public folders: nobody's mailbox, listed by FindFolder and FindItem alone (BEHAVIOUR §5; [MS-OXWSCDATA] ErrorInvalidOperation).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import {
  addFolder,
  folderOf,
  grant,
  levels,
  openPublicFolders,
  type Folder,
} from '../../simulator/state/index.ts';
import { renderId } from '../../simulator/state/ids.ts';
import { all, codeOf, folder, get, idOf, named, ok, path, start } from './soap-client.ts';

let sim: Simulator;
let company: Folder;
let holidays: Folder;
beforeEach(async () => {
  sim = await start();
  const { world } = sim;
  const parent = folderOf(openPublicFolders(world), 'publicfoldersroot');
  company = addFolder(world, { parent, name: 'Company', folderClass: 'IPF.Note' });
  holidays = addFolder(world, { parent: company, name: 'Holidays', folderClass: 'IPF.Appointment' });
  for (const each of [company, holidays]) grant(each, 'default', levels.reviewer);
  grant(holidays, 'alice@example.test', levels.editor);
});
afterEach(() => sim.close());

const root = folder('publicfoldersroot');
const ref = ({ mailboxNo, no }: Folder): string =>
  `<t:FolderId Id="${renderId({ kind: 'folder', mailboxNo, folderNo: no })}"/>`;
const idOnly = (name: string): string => `<m:${name}><t:BaseShape>IdOnly</t:BaseShape></m:${name}>`;
const findFolders = (parent: string, traversal: string): string =>
  `<m:FindFolder Traversal="${traversal}"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${parent}</m:ParentFolderIds></m:FindFolder>`;
const create = (inner: string, mode = 'SendToNone'): string =>
  `<m:CreateItem SendMeetingInvitations="${mode}"><m:SavedItemFolderId>${ref(holidays)}</m:SavedItemFolderId><m:Items><t:CalendarItem>${inner}</t:CalendarItem></m:Items></m:CreateItem>`;
const remove = (id: string, type: string): string =>
  `<m:DeleteItem DeleteType="${type}" SendMeetingCancellations="SendToNone"><m:ItemIds><t:ItemId ${id}/></m:ItemIds></m:DeleteItem>`;
const event =
  '<t:Subject>Day off</t:Subject><t:Start>2026-01-06T00:00:00Z</t:Start><t:End>2026-01-07T00:00:00Z</t:End>';
const attendee =
  '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>';

describe('public folders', () => {
  it('are none where the organisation has none', async () => {
    const bare = await start();
    expect(await codeOf(bare, findFolders(root, 'Shallow'))).toBe('ErrorNoPublicFolderServerAvailable');
    await bare.close();
  });

  it('are found one level at a time', async () => {
    const first = await ok(sim, findFolders(root, 'Shallow'), { user: 'bob' });
    expect(all(first.element, 'RootFolder/Folders/Folder').map((one) => path(one, 'DisplayName'))).toEqual([
      'Company',
    ]);
    const second = await ok(sim, findFolders(ref(company), 'Shallow'), { user: 'bob' });
    expect(
      all(second.element, 'RootFolder/Folders/CalendarFolder').map((one) => path(one, 'DisplayName')),
    ).toEqual(['Holidays']);
    for (const parent of [root, ref(company)])
      expect(await codeOf(sim, findFolders(parent, 'Deep'))).toBe('ErrorInvalidOperation');
  });

  it('are not synchronised', async () => {
    const items = `<m:SyncFolderItems>${idOnly('ItemShape')}<m:SyncFolderId>${ref(holidays)}</m:SyncFolderId><m:MaxChangesReturned>10</m:MaxChangesReturned></m:SyncFolderItems>`;
    const folders = `<m:SyncFolderHierarchy>${idOnly('FolderShape')}<m:SyncFolderId>${root}</m:SyncFolderId></m:SyncFolderHierarchy>`;
    for (const body of [items, folders]) expect(await codeOf(sim, body)).toBe('ErrorInvalidOperation');
  });

  it('are subscribed to one at a time', async () => {
    const subscribe = (...ids: readonly string[]): string =>
      `<m:Subscribe><m:StreamingSubscriptionRequest><t:FolderIds>${ids.join('')}</t:FolderIds><t:EventTypes><t:EventType>ModifiedEvent</t:EventType></t:EventTypes></m:StreamingSubscriptionRequest></m:Subscribe>`;
    expect(await codeOf(sim, subscribe(ref(holidays)))).toBe('NoError');
    expect(await codeOf(sim, subscribe(ref(holidays), ref(company)))).toBe('ErrorInvalidSubscriptionRequest');
  });

  it('take and give items by the rights of each user, in the name of who writes', async () => {
    expect(await codeOf(sim, create(event), { user: 'bob' })).toBe('ErrorAccessDenied');
    const made = (await ok(sim, create(event))).entity;
    const seen = await get(
      sim,
      idOf(made),
      `<t:BaseShape>Default</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:MyResponseType"/>${named('none')}</t:AdditionalProperties>`,
    );
    expect([path(seen, 'Organizer/Mailbox/Name'), path(seen, 'MyResponseType')]).toEqual([
      'Alice Example',
      'Organizer',
    ]);
    expect(await codeOf(sim, remove(idOf(made), 'SoftDelete'), { user: 'bob' })).toBe('ErrorAccessDenied');
    expect(await codeOf(sim, remove(idOf(made), 'MoveToDeletedItems'))).toBe('ErrorInvalidOperation');
    expect(await codeOf(sim, remove(idOf(made), 'SoftDelete'))).toBe('NoError');
    expect(holidays.items.size).toBe(0);
  });

  it('send no mail', async () => {
    expect(await codeOf(sim, create(event + attendee, 'SendToAllAndSaveCopy'))).toBe('ErrorInvalidOperation');
    expect(await codeOf(sim, create(event + attendee))).toBe('NoError');
    expect(sim.world.sent).toEqual([]);
    expect(holidays.items.size).toBe(1);
  });
});
