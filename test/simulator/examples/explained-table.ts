// Differences from recorded answers that stay, each with its reason and where it is read. The same lines stand in
// docs/simulator.md; at most forty.

export interface Explained {
  /** Of lines like "GetItem 05: Items/Message/-MimeContent"; `!` after the number: from a real server. */
  readonly pattern: RegExp;
  readonly line: string;
}

const invalid =
  'CreateFolder 06|CreateFolder 11|CreateItem 04|CreateItem 42|CreateUserConfiguration 01|ExpandDL 07|GetStreamingEvents 04|GetUserAvailability 02|GetUserAvailability 03|SetUserOofSettings 01|Subscribe 07|UpdateItem 08';

export const explained: readonly Explained[] = [
  {
    pattern: new RegExp(`^(${invalid})!?: = fault ErrorSchemaValidation`),
    line: 'Twelve requests that the schema forbids (CreateFolder 06, UpdateItem 08 …) are refused with ErrorSchemaValidation: BEHAVIOUR §1, §17.',
  },
  {
    pattern: /^(CreateItem 22|CreateItem 25|GetUserPhoto 01|SendItem 01): = fault ErrorInvalidServerVersion/,
    line: 'Four requests name a server version that does not exist (CreateItem 22): ErrorInvalidServerVersion, BEHAVIOUR §2.',
  },
  {
    pattern: /^(CopyFolder 01): |^GetItem 13: /,
    line: 'CopyFolder 01 asks for two folders and shows one, GetItem 13 asks for a subject and shows none: shortened by hand, BEHAVIOUR §17.',
  },
  {
    pattern: /^(CopyItem 02|MoveItem 01): .*(-ItemID|\+ItemId)$/,
    line: 'CopyItem 02 and MoveItem 01 write ItemID: element names mangled by hand, BEHAVIOUR §17.',
  },
  {
    pattern: /^CreateFolder 03: .*FolderId\/@\+ChangeKey$/,
    line: 'CreateFolder 03 shows folder ids without a change key; captures have it (CreateFolder 05).',
  },
  {
    pattern:
      /^(CreateFolder 02|CreateFolder 16|CreateFolder 17|UpdateFolder 04|UpdateFolder 06): = |^(FindFolder 04|GetFolder 05): .*Folder$/,
    line: 'Search folders are not simulated: CreateFolder 02, UpdateFolder 04 are refused, FindFolder 04 and GetFolder 05 show plain folders.',
  },
  {
    pattern: /^FindFolder 02: .*\+TasksFolder$|^SyncFolderHierarchy 01: .*\+(Calendar|Contacts|Tasks)Folder$/,
    line: 'FindFolder 02 and SyncFolderHierarchy 01 show some of the default folders only: shortened by hand, BEHAVIOUR §17.',
  },
  {
    pattern: /^GetFolder 11!: .*(FolderClass|ViewPrivateItems)$/,
    line: 'Exchange 2007 SP1 (GetFolder 11) has neither FolderClass nor ViewPrivateItems there; 2016 has (GetFolder 25).',
  },
  {
    pattern: /^GetFolder (03|11!): .*UserId\/-SID$/,
    line: 'Permissions name people by address, without the SID of GetFolder 03 and 11.',
  },
  {
    pattern: /^FindItem (06|11|13|16|17): /,
    line: 'FindItem with GroupBy or ContactsView is not simulated and refused (FindItem 06, FindItem 13).',
  },
  {
    pattern: /^GetItem (02|05|18): .*-MimeContent$|^CreateAttachment 01: = ErrorUnsupportedMimeConversion/,
    line: 'MimeContent of mail is not simulated: GetItem 02 comes without it, CreateAttachment 01 is refused.',
  },
  {
    pattern: /^GetItem 17: /,
    line: 'GetItem 17 is refused by Exchange 2007; since 2010 SP3 MimeContent of any item can be asked for: BEHAVIOUR §4.',
  },
  {
    pattern: /^GetItem (03|06|16|19): .*(\+FirstDayOfWeek|\+IsTruncated|\+MailboxType)$/,
    line: 'FirstDayOfWeek, IsTruncated and MailboxType came after Exchange 2007: GetItem 03, 06 have none, GetItem 22 has them.',
  },
  {
    pattern: /^GetItem (16|19): |^SyncFolderItems 01: .*\+(WebClientEditFormQueryString|Flag|InstanceKey)$/,
    line: 'AllProperties of 2007 and 2010 (GetItem 16, GetItem 19, SyncFolderItems 01) is smaller than that of 2013 and later (FindItem 18, GetItem 22).',
  },
  {
    pattern: /^GetItem 18: /,
    line: 'GetItem 18 asks for the Default shape and shows its own choice of properties: edited by hand, BEHAVIOUR §17.',
  },
  {
    pattern: /^(GetItem 22!|SyncFolderItems 01): .*\+IsDeliveryReceiptRequested$/,
    line: 'IsDeliveryReceiptRequested is shown for every message, as FindItem 18 does and GetItem 22 does not.',
  },
  {
    pattern: /^(GetItem 22!|GetAttachment 07!): .*-(InternetMessageHeaders|EntityExtractionResult)$/,
    line: 'Mail does not travel by SMTP and is not searched for entities: GetItem 22 and GetAttachment 07 come without InternetMessageHeaders and EntityExtractionResult.',
  },
  {
    pattern: /^GetItem 22!: .*-ReminderNextTime$/,
    line: 'ReminderNextTime is shown where a reminder is set; GetItem 22 has one without a reminder.',
  },
  {
    pattern: /^GetAttachment 07!: .*-Attachments$/,
    line: 'Attachments of attached items are not kept (GetAttachment 07).',
  },
  {
    pattern: /^GetAttachment (02|04): .*\+ContentType$/,
    line: 'GetAttachment 02 and 04 come without ContentType, the captures with it (GetAttachment 06).',
  },
  {
    pattern: /^FindItem 18!: .*ReceivedBy\/Mailbox\/\+EmailAddress$/,
    line: 'FindItem 18 hides the address of ReceivedBy but shows that of ReceivedRepresenting; both are shown.',
  },
  {
    pattern: /^(CreateItem 17: = |CreateItem 20: .*)/,
    line: 'CreateItem 17 and 20 answer a meeting without MessageDisposition: ErrorMessageDispositionRequired, BEHAVIOUR §9.',
  },
  {
    pattern: /^CreateItem 26: /,
    line: 'Sharing invitations are not simulated (CreateItem 26).',
  },
  {
    pattern: /^DeleteAttachment 02: @-type$/,
    line: 'DeleteAttachment 02 carries an xsi:type that the captures of later servers do not (CreateItem 35).',
  },
  {
    pattern: /^GetStreamingEvents 02: .*ModifiedEvent\//,
    line: 'GetStreamingEvents 02 shows a change of the folder with its UnreadCount; here the change of the item is told: BEHAVIOUR §13.',
  },
  {
    pattern: /^SyncFolderItems 02: /,
    line: 'Exchange 2007 (SyncFolderItems 02) has a larger default shape of meeting requests in listings than later servers: BEHAVIOUR §4.',
  },
  {
    pattern: /^UpdateItem 07: \+ConflictResults$/,
    line: 'UpdateItem answers with ConflictResults always, UpdateItem 07 without: BEHAVIOUR §11.',
  },
  {
    pattern: /^GetUserAvailability 01: .*Suggestion/,
    line: 'Suggestions of meeting times are not simulated (GetUserAvailability 01).',
  },
  {
    pattern: /^FindPeople 02: /,
    line: 'FindPeople shows the properties that were asked for and the row indexes of the schema; FindPeople 02 shows others and none.',
  },
  {
    pattern: /^GetDelegate 01: .*\+\w+FolderPermissionLevel$/,
    line: 'Delegates have a level for each of the six folders; GetDelegate 01 shows two of them.',
  },
  {
    pattern: /^GetMailTips 01: .*-(CustomMailTip|TotalMemberCount|ExternalMemberCount)$/,
    line: 'MailTips know nothing of custom tips, and count members of groups only (GetMailTips 01).',
  },
  {
    pattern: /^ResolveNames 01: .*\+Contact$/,
    line: 'ReturnFullContactData gives a Contact for hits in contacts folders too; ResolveNames 01 shows none, BEHAVIOUR §6.',
  },
  {
    pattern: /^ResolveNames 0[23]: /,
    line: 'Contacts of the directory have the elements of ResolveNames 09 (2013 and later), not the fewer ones of ResolveNames 02 and 03.',
  },
];
