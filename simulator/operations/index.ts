// The operations that are simulated, by the name of their request element.
import { createAttachment, deleteAttachment, getAttachment } from './attachments.ts';
import { convertId } from './convert-id.ts';
import { createFolder } from './create-folder.ts';
import { createItem } from './create-item.ts';
import { addDelegate, getDelegate, removeDelegate, updateDelegate } from './delegates.ts';
import { deleteFolder } from './delete-folder.ts';
import { deleteItem } from './delete-item.ts';
import { expandDl } from './expand-dl.ts';
import { findFolder } from './find-folder.ts';
import { findItem } from './find-item.ts';
import { findPeople } from './find-people.ts';
import { getFolder } from './get-folder.ts';
import { getItem } from './get-item.ts';
import { getRoomLists, getRooms } from './get-rooms.ts';
import { getServerTimeZones } from './get-server-time-zones.ts';
import { getStreamingEvents } from './get-streaming-events.ts';
import { getUserAvailability } from './get-user-availability.ts';
import { getUserPhoto } from './get-user-photo.ts';
import { getMailTips, getServiceConfiguration } from './mail-tips.ts';
import { copyFolder, moveFolder } from './move-folder.ts';
import { copyItem, moveItem } from './move-item.ts';
import type { Operation } from './operation.ts';
import { getUserOofSettings, setUserOofSettings } from './out-of-office.ts';
import { resolveNames } from './resolve-names.ts';
import { sendItem } from './send-item.ts';
import { getEvents, subscribe, unsubscribe } from './subscribe.ts';
import { syncFolderHierarchy } from './sync-folder-hierarchy.ts';
import { syncFolderItems } from './sync-folder-items.ts';
import { updateFolder } from './update-folder.ts';
import { updateItem } from './update-item.ts';
import {
  createUserConfiguration,
  deleteUserConfiguration,
  getUserConfiguration,
  updateUserConfiguration,
} from './user-configuration.ts';

export const operations: Readonly<Record<string, Operation>> = {
  AddDelegate: addDelegate,
  ConvertId: convertId,
  CopyFolder: copyFolder,
  CopyItem: copyItem,
  CreateAttachment: createAttachment,
  CreateFolder: createFolder,
  CreateItem: createItem,
  CreateUserConfiguration: createUserConfiguration,
  DeleteAttachment: deleteAttachment,
  DeleteFolder: deleteFolder,
  DeleteItem: deleteItem,
  DeleteUserConfiguration: deleteUserConfiguration,
  ExpandDL: expandDl,
  FindFolder: findFolder,
  FindItem: findItem,
  FindPeople: findPeople,
  GetAttachment: getAttachment,
  GetDelegate: getDelegate,
  GetEvents: getEvents,
  GetFolder: getFolder,
  GetItem: getItem,
  GetMailTips: getMailTips,
  GetRoomLists: getRoomLists,
  GetRooms: getRooms,
  GetServerTimeZones: getServerTimeZones,
  GetServiceConfiguration: getServiceConfiguration,
  GetStreamingEvents: getStreamingEvents,
  GetUserAvailability: getUserAvailability,
  GetUserConfiguration: getUserConfiguration,
  GetUserOofSettings: getUserOofSettings,
  GetUserPhoto: getUserPhoto,
  MoveFolder: moveFolder,
  MoveItem: moveItem,
  RemoveDelegate: removeDelegate,
  ResolveNames: resolveNames,
  SendItem: sendItem,
  SetUserOofSettings: setUserOofSettings,
  Subscribe: subscribe,
  SyncFolderHierarchy: syncFolderHierarchy,
  SyncFolderItems: syncFolderItems,
  Unsubscribe: unsubscribe,
  UpdateDelegate: updateDelegate,
  UpdateFolder: updateFolder,
  UpdateItem: updateItem,
  UpdateUserConfiguration: updateUserConfiguration,
};
