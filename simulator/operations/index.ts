// The operations that are simulated, by the name of their request element.
import { createAttachment, deleteAttachment, getAttachment } from './attachments.ts';
import { convertId } from './convert-id.ts';
import { createFolder } from './create-folder.ts';
import { createItem } from './create-item.ts';
import { deleteFolder } from './delete-folder.ts';
import { deleteItem } from './delete-item.ts';
import { findFolder } from './find-folder.ts';
import { findItem } from './find-item.ts';
import { getFolder } from './get-folder.ts';
import { getItem } from './get-item.ts';
import { getServerTimeZones } from './get-server-time-zones.ts';
import { getStreamingEvents } from './get-streaming-events.ts';
import { getUserAvailability } from './get-user-availability.ts';
import { copyFolder, moveFolder } from './move-folder.ts';
import { copyItem, moveItem } from './move-item.ts';
import type { Operation } from './operation.ts';
import { resolveNames } from './resolve-names.ts';
import { sendItem } from './send-item.ts';
import { getEvents, subscribe, unsubscribe } from './subscribe.ts';
import { syncFolderHierarchy } from './sync-folder-hierarchy.ts';
import { syncFolderItems } from './sync-folder-items.ts';
import { updateFolder } from './update-folder.ts';
import { updateItem } from './update-item.ts';

export const operations: Readonly<Record<string, Operation>> = {
  ConvertId: convertId,
  CopyFolder: copyFolder,
  CopyItem: copyItem,
  CreateAttachment: createAttachment,
  CreateFolder: createFolder,
  CreateItem: createItem,
  DeleteAttachment: deleteAttachment,
  DeleteFolder: deleteFolder,
  DeleteItem: deleteItem,
  FindFolder: findFolder,
  FindItem: findItem,
  GetAttachment: getAttachment,
  GetEvents: getEvents,
  GetFolder: getFolder,
  GetItem: getItem,
  GetServerTimeZones: getServerTimeZones,
  GetStreamingEvents: getStreamingEvents,
  GetUserAvailability: getUserAvailability,
  MoveFolder: moveFolder,
  MoveItem: moveItem,
  ResolveNames: resolveNames,
  SendItem: sendItem,
  Subscribe: subscribe,
  SyncFolderHierarchy: syncFolderHierarchy,
  SyncFolderItems: syncFolderItems,
  Unsubscribe: unsubscribe,
  UpdateFolder: updateFolder,
  UpdateItem: updateItem,
};
