// The public folders of the organisation: what everybody may read, and one calendar that the first user may write.
import {
  addFolder,
  childrenOfFolder,
  grant,
  levels,
  openPublicFolders,
  type Folder,
  type Mailbox,
} from '../state/index.ts';
import { addWholeDays, type Sowing } from './calendar.ts';
import { addContact } from './contacts.ts';
import { openRandom } from './random.ts';

const places = [
  { name: 'Holidays', folderClass: 'IPF.Appointment', level: 'reviewer' },
  { name: 'Duty roster', folderClass: 'IPF.Appointment', level: 'editor' },
  { name: 'Customers', folderClass: 'IPF.Contact', level: 'reviewer' },
] as const;

/** Below `Company`, once. */
export function sowPublicFolders(given: Sowing, writer: Mailbox): void {
  const store = openPublicFolders(given.world);
  const root = store.folders.get(store.rootNo);
  if (root === undefined || childrenOfFolder(store, root).length > 0) return;
  // A generator of its own: the mailboxes stay as they are without it.
  const sowing: Sowing = { ...given, random: openRandom(1_815), owner: writer };
  const company = addFolder(given.world, { parent: root, name: 'Company', folderClass: 'IPF.Note' });
  grant(company, 'default', levels.reviewer);
  for (const { name, folderClass, level } of places) {
    const folder = addFolder(given.world, { parent: company, name, folderClass });
    grant(folder, 'default', levels.reviewer);
    grant(folder, writer.address, levels[level]);
    fill(sowing, folder);
  }
}

function fill(sowing: Sowing, folder: Folder): void {
  for (let number = 0; number < 6; number += 1)
    if (folder.folderClass === 'IPF.Contact') addContact(sowing, folder, 400 + number);
    else addWholeDays(sowing, folder, 1 + (number % 2));
}
