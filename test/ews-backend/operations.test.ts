// Every request that the operations write is valid by the published schema (Exchange SE).
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import {
  folderShape,
  ofOurClasses,
  renderNameChange,
  renderPropertyChanges,
  renderTags,
} from '../../src/ews-backend/folder-row.ts';
import { renderItemId } from '../../src/ews-backend/ids.ts';
import { mailboxOfId } from '../../src/ews-backend/operations/convert-id.ts';
import { createAttachments } from '../../src/ews-backend/operations/create-attachment.ts';
import { createFolder } from '../../src/ews-backend/operations/create-folder.ts';
import { answerInvitations, createItem } from '../../src/ews-backend/operations/create-item.ts';
import { deleteAttachments } from '../../src/ews-backend/operations/delete-attachment.ts';
import { deleteFolder } from '../../src/ews-backend/operations/delete-folder.ts';
import { deleteItems } from '../../src/ews-backend/operations/delete-item.ts';
import { findFolders } from '../../src/ews-backend/operations/find-folder.ts';
import { findInstances, findItems } from '../../src/ews-backend/operations/find-item.ts';
import { findPeople } from '../../src/ews-backend/operations/find-people.ts';
import { getRoomLists, getRooms } from '../../src/ews-backend/operations/get-rooms.ts';
import { getAttachments } from '../../src/ews-backend/operations/get-attachment.ts';
import { getDelegates } from '../../src/ews-backend/operations/get-delegate.ts';
import { getFolders } from '../../src/ews-backend/operations/get-folder.ts';
import { getItems } from '../../src/ews-backend/operations/get-item.ts';
import { streamingEvents } from '../../src/ews-backend/operations/get-streaming-events.ts';
import { getUserAvailability } from '../../src/ews-backend/operations/get-user-availability.ts';
import { mailboxZone } from '../../src/ews-backend/operations/get-user-configuration.ts';
import { moveItems } from '../../src/ews-backend/operations/move-item.ts';
import { resolveNames } from '../../src/ews-backend/operations/resolve-names.ts';
import { field } from '../../src/ews-backend/operations/shape.ts';
import { subscribe, unsubscribe } from '../../src/ews-backend/operations/subscribe.ts';
import { syncFolderItems } from '../../src/ews-backend/operations/sync-folder-items.ts';
import { updateFolder } from '../../src/ews-backend/operations/update-folder.ts';
import { updateItem } from '../../src/ews-backend/operations/update-item.ts';
import { openSoap, type Soap } from '../../src/ews-backend/soap.ts';
import { openThrottle } from '../../src/ews-backend/throttle.ts';
import { xml } from '../../src/xml/index.ts';
import { readSpec, spec, why } from './spec.ts';

const id = { id: 'AAA=', changeKey: 'BBB=' };
const subject = xml(
  't:SetItemField',
  {},
  field('item:Subject'),
  xml('t:Task', {}, xml('t:Subject', {}, 'x')),
);
const properties = {
  color: '#fff',
  order: '1',
  description: 'd',
  timezone: 'z',
  dead: { '{a}b': '<b xmlns="a"/>' },
};
const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 1, 1) };
const recurring = xml('t:Exists', {}, field('calendar:Start'));

const operations: Readonly<Record<string, (soap: Soap) => Promise<unknown>>> = {
  GetFolder: (soap) =>
    getFolders(soap, {
      folders: [{ id: 'a' }, { distinguished: 'calendar' }, { distinguished: 'tasks', mailbox: 'a@b.test' }],
      shape: folderShape,
    }),
  FindFolder: (soap) =>
    findFolders(soap, {
      root: { distinguished: 'msgfolderroot' },
      shape: folderShape,
      restriction: ofOurClasses,
    }),
  'CreateFolder (events)': (soap) =>
    createFolder(soap, {
      parent: { id: 'a' },
      kind: 'events',
      displayName: 'R&D',
      properties: renderTags('k', properties),
    }),
  'CreateFolder (tasks)': (soap) =>
    createFolder(soap, {
      parent: { id: 'a' },
      kind: 'tasks',
      displayName: 'x',
      properties: renderTags('k', {}),
    }),
  'CreateFolder (contacts)': (soap) =>
    createFolder(soap, {
      parent: { id: 'a' },
      kind: 'contacts',
      displayName: 'x',
      properties: renderTags('k', properties),
    }),
  UpdateFolder: (soap) =>
    updateFolder(soap, {
      folder: id,
      changes: [
        renderNameChange('contacts', 'x'),
        ...renderPropertyChanges('contacts', { ...properties, order: '' }),
      ],
    }),
  DeleteFolder: (soap) => deleteFolder(soap, 'a', 'SoftDelete'),
  SyncFolderItems: (soap) =>
    syncFolderItems(soap, { folder: 'a', syncState: 's', shape: [field('calendar:UID')] }),
  'FindItem (view)': (soap) =>
    findInstances(soap, { folder: 'a', shape: [field('calendar:Start')], ...range }),
  'FindItem (restriction)': (soap) => findItems(soap, { folder: 'a', shape: [], restriction: recurring }),
  GetItem: (soap) =>
    getItems(soap, {
      ids: [
        renderItemId('a', 'b'),
        xml('t:OccurrenceItemId', { RecurringMasterId: 'a', InstanceIndex: 3 }),
        xml('t:RecurringMasterItemId', { OccurrenceId: 'a' }),
      ],
      shape: [field('calendar:OriginalStart'), field('item:ParentFolderId')],
    }),
  CreateItem: (soap) =>
    createItem(soap, {
      folder: 'a',
      kind: 'event',
      item: xml('t:CalendarItem', {}, xml('t:Subject', {}, 'x')),
      mail: 'silent',
    }),
  'CreateItem (answer)': (soap) =>
    answerInvitations(soap, [{ to: id, partStat: 'tentative', comment: 'x' }], 'silent'),
  UpdateItem: (soap) =>
    updateItem(
      soap,
      { id: renderItemId('a', 'b'), changes: [subject] },
      { kind: 'task', conflict: 'guarded', tells: undefined },
    ),
  'DeleteItem (event)': (soap) => deleteItems(soap, [renderItemId('a')], { kind: 'event', mail: 'send' }),
  'DeleteItem (task)': (soap) =>
    deleteItems(soap, [renderItemId('a', 'b')], { kind: 'task', mail: 'silent' }),
  MoveItem: (soap) => moveItems(soap, [id], 'f'),
  CreateAttachment: (soap) =>
    createAttachments(soap, 'a', [
      { name: 'p.jpg', contentType: 'image/jpeg', base64: 'AAEC', isContactPhoto: true },
      { name: 'notes.txt', contentType: 'text/plain', base64: 'AAEC' },
    ]),
  GetAttachment: (soap) => getAttachments(soap, ['a', 'b']),
  DeleteAttachment: (soap) => deleteAttachments(soap, ['a', 'b']),
  ConvertId: (soap) => mailboxOfId(soap, 'AAA='),
  ResolveNames: (soap) => resolveNames(soap, { text: 'R&D', scope: 'ActiveDirectory' }),
  FindPeople: (soap) => findPeople(soap, { text: 'R&D', most: 100 }),
  GetDelegate: (soap) => getDelegates(soap, 'a@b.test'),
  GetRoomLists: (soap) => getRoomLists(soap),
  GetRooms: (soap) => getRooms(soap, 'rooms@b.test'),
  GetUserAvailability: (soap) => getUserAvailability(soap, ['a@b.test', 'c@d.test'], range),
  GetUserConfiguration: (soap) => mailboxZone(soap),
  Subscribe: (soap) => subscribe(soap, ['a', 'b']),
  Unsubscribe: (soap) => unsubscribe(soap, 's'),
  GetStreamingEvents: (soap) => Array.fromAsync(streamingEvents(soap, 's', new AbortController().signal)),
};

/** A network that notes the first request and answers nothing. */
async function requestOf(call: (soap: Soap) => Promise<unknown>): Promise<string> {
  const bodies: string[] = [];
  const soap = openSoap({
    url: 'http://exchange.test/',
    connection: {
      post(request) {
        bodies.push(request.body);
        return Promise.reject(new Error('noted'));
      },
      close() {},
    },
    throttle: openThrottle({ width: 1 }),
    dialect: { version: 'Exchange2013_SP1', proven: true },
    impersonate: 'a@b.test',
  });
  await expect(call(soap)).rejects.toThrow('noted');
  return bodies[0] ?? '';
}

function openValidator(): (text: string) => void {
  xmlRegisterFsInputProviders();
  using schema = XmlDocument.fromBuffer(Buffer.from(readSpec('schema/soap-ews.xsd')), {
    url: `${spec}/schema/soap-ews.xsd`,
  });
  const validator = XsdValidator.fromDoc(schema);
  return (text) => {
    using document = XmlDocument.fromString(text);
    validator.validate(document);
  };
}

describe.skipIf(spec === undefined)(`requests are valid by the schema${why}`, () => {
  const validate = spec === undefined ? () => {} : openValidator();
  it.each(Object.entries(operations))('%s', async (_, call) => validate(await requestOf(call)));
});
