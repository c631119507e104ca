// Elements of items that no row keeps, and what refusals call them.
import type { ItemKind } from '../state/index.ts';

/** Those of t:ItemType. */
const unkeptOfItem: ReadonlySet<string> = new Set([
  'InternetMessageHeaders',
  'DisplayBcc',
  'EntityExtractionResult',
  'PolicyTag',
  'ArchiveTag',
  'RetentionDate',
  'RightsManagementLicenseData',
  'PredictedActionReasons',
  'IsClutter',
  'BlockStatus',
  'HasBlockedImages',
  'IconIndex',
  'Hashtags',
  'Mentions',
  'MentionedMe',
  'MentionsPreview',
  'MentionsEx',
  'AppliedHashtags',
  'AppliedHashtagsPreview',
  'Likes',
  'LikesPreview',
  'PendingSocialActivityTagIds',
  'AtAllMention',
  'CanDelete',
  'InferenceClassification',
]);

const withoutFieldUri: ReadonlySet<string> = new Set([
  'SearchKey',
  'SortKey',
  'SenderSMTPAddress',
  'MailboxGuids',
]);

const prefixes = {
  event: 'calendar',
  contact: 'contacts',
  task: 'task',
  message: 'message',
  request: 'meetingRequest',
  response: 'meeting',
  cancellation: 'meeting',
  list: 'distributionlist',
};

/** The FieldURI of an element that no row has. */
export function uriOf(kind: ItemKind, element: string): string | undefined {
  if (withoutFieldUri.has(element)) return undefined;
  return `${unkeptOfItem.has(element) ? 'item' : prefixes[kind]}:${element}`;
}
