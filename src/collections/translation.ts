// What collections ask of `translate`, in one value: handed in, so that a test can raise its version.
import type * as translate from '../translate/index.ts';

type Used =
  | 'parseIncoming'
  | 'residueOf'
  | 'renderStored'
  | 'shapeText'
  | 'matchesCalendar'
  | 'matchesAddress'
  | 'rangeOf'
  | 'busyTimesOf'
  | 'openCalendarFeed'
  | 'mergeCards'
  | 'joinParts'
  | 'nameOfPart'
  | 'bornBy'
  | 'filesOf'
  | 'managedIdOf'
  | 'safeName'
  | 'defaultName'
  | 'withFileChange'
  | 'membersNamedIn'
  | 'withAttachmentsAt'
  | 'withoutAttachments';

export type Translation = Pick<typeof translate, Used> & { readonly translationVersion: number };
