// The state of the simulated Exchange, for operations and seeds: plain values and functions over them.
export { addEntry, entryByDn, entryBySid, entryOf, reachedBy, type DirectoryEntry } from './directory.ts';
export { type Folder, type Tombstone } from './folder.ts';
export { type Attachment, type Exception, type Item } from './item.ts';
export {
  addItem,
  changeItem,
  copyItem,
  moveItem,
  newAttachment,
  orderedItems,
  removeItem,
  type NewItem,
} from './items.ts';
export {
  addFolder,
  addMailbox,
  changeFolder,
  childrenOfFolder,
  demandFreeName,
  folderOf,
  grant,
  moveFolder,
  openPublicFolders,
  publicFoldersOf,
  removeFolder,
  subtreeOf,
} from './mailboxes.ts';
export { type AutodiscoverAnswer } from './policy.ts';
export { levels, type FreeBusyAccess, type Rights } from './rights.ts';
export {
  configurationKey,
  type Configuration,
  type DictionaryValue,
  type OutOfOffice,
  type WorkingHours,
} from './settings.ts';
export type * from './values.ts';
export { mailKinds } from './values.ts';
export {
  emit,
  nextRevision,
  openWorld,
  type ChangeEvent,
  type Mailbox,
  type SentMessage,
  type World,
} from './world.ts';
