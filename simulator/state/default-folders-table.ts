// The folders every mailbox is born with: DistinguishedFolderIdNameType, parent, class, English name.

export interface DefaultFolder {
  readonly id: string;
  readonly parent?: string;
  readonly folderClass: string;
  readonly name: string;
}

export const defaultFolders: readonly DefaultFolder[] = [
  { id: 'root', folderClass: '', name: '' },
  { id: 'msgfolderroot', parent: 'root', folderClass: 'IPF.Note', name: 'Top of Information Store' },
  { id: 'calendar', parent: 'msgfolderroot', folderClass: 'IPF.Appointment', name: 'Calendar' },
  { id: 'contacts', parent: 'msgfolderroot', folderClass: 'IPF.Contact', name: 'Contacts' },
  {
    id: 'conversationhistory',
    parent: 'msgfolderroot',
    folderClass: 'IPF.Note',
    name: 'Conversation History',
  },
  { id: 'deleteditems', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Deleted Items' },
  { id: 'drafts', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Drafts' },
  { id: 'inbox', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Inbox' },
  { id: 'journal', parent: 'msgfolderroot', folderClass: 'IPF.Journal', name: 'Journal' },
  { id: 'junkemail', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Junk Email' },
  { id: 'notes', parent: 'msgfolderroot', folderClass: 'IPF.StickyNote', name: 'Notes' },
  { id: 'outbox', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Outbox' },
  { id: 'sentitems', parent: 'msgfolderroot', folderClass: 'IPF.Note', name: 'Sent Items' },
  { id: 'tasks', parent: 'msgfolderroot', folderClass: 'IPF.Task', name: 'Tasks' },
  {
    id: 'quickcontacts',
    parent: 'contacts',
    folderClass: 'IPF.Contact.MOC.QuickContacts',
    name: 'Skype for Business Contacts',
  },
  {
    id: 'recipientcache',
    parent: 'contacts',
    folderClass: 'IPF.Contact.RecipientCache',
    name: 'Recipient Cache',
  },
  { id: 'searchfolders', parent: 'root', folderClass: 'IPF.Note', name: 'Finder' },
  { id: 'recoverableitemsroot', parent: 'root', folderClass: 'IPF.Note', name: 'Recoverable Items' },
  {
    id: 'recoverableitemsdeletions',
    parent: 'recoverableitemsroot',
    folderClass: 'IPF.Note',
    name: 'Deletions',
  },
];
