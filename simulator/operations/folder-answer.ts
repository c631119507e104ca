// The payload of messages about folders (m:FolderInfoResponseMessageType).
import { renderFolderId, folderElementOf } from '../fields/folder-rows.ts';
import { tag } from '../fields/row.ts';
import type { Place } from '../view.ts';

export const noFolders = '<m:Folders/>';

export function foldersOf(...folders: readonly string[]): string {
  return `<m:Folders>${folders.join('')}</m:Folders>`;
}

export function folderIdOnly(place: Place): string {
  return foldersOf(tag(folderElementOf(place.folder.folderClass), renderFolderId(place)));
}
