// Translate: iCalendar and vCard ⇄ items. Pure: no network, no clock, no store.
export { matchesAddress } from './address-filter.ts';
export { membersNamedIn, withAttachmentsAt, withoutAttachments } from './attachment-uris.ts';
export { defaultName, filesOf, managedIdOf, safeName } from './attachments.ts';
export type { KnownFiles } from './attachments.ts';
export { withFileChange } from './file-changes.ts';
export { TranslateError } from './errors.ts';
export type { TranslateProblem } from './errors.ts';
export { mergeCards, openCalendarFeed } from './feed.ts';
export { matchesCalendar, rangeOf } from './filters.ts';
export { parseFreeBusyRequest } from './free-busy-request.ts';
export type { FreeBusyRequest, Recipient } from './free-busy-request.ts';
export { busyTimesOf, renderFreeBusy } from './free-busy.ts';
export { parseIncoming } from './incoming.ts';
export type { Incoming, IncomingContext } from './incoming.ts';
export { instanceTexts } from './instance-texts.ts';
export { bornBy, joinParts } from './join.ts';
export type { Joined, Member } from './join.ts';
export { residueOf } from './kept.ts';
export type { Holding } from './kept.ts';
export { changesOfMeeting, endOfMeeting, latest, occurrencesOf } from './meeting-changes.ts';
export type { MeetingChanges, OccurrenceChange } from './meeting-changes.ts';
export { nameOfPart } from './parts.ts';
export { keyOfWhen } from './times.ts';
export type { Wishes } from './wishes.ts';
export { renderStored } from './render.ts';
export type { RenderOptions } from './render.ts';
export { shapeText } from './shape.ts';
export { changedText } from './text-changes.ts';
export type { TextChanges } from './text-changes.ts';
export { filesNamedAt, withBytes, withoutBytes, withoutFilesAt } from './text-files.ts';
export { factsOfText, organizerIn } from './text-facts.ts';
export type { TextFacts } from './text-facts.ts';

/** Raised when the text for the same item changes: part of every etag and cache key. */
export const translationVersion = 3;
