// CALDAV:free-busy-query (RFC 4791 §7.10): a VFREEBUSY of what takes up time in one calendar.
import { renderFreeBusy } from '../../collections/index.ts';
import { DavError } from '../../model/failure.ts';
import { childElement } from '../elements.ts';
import { parseClosedRange, renderUtc } from '../filters/time-range.ts';
import { caldav } from '../names.ts';
import { readableCollection } from './members.ts';
import type { Report } from './report.ts';

export const freeBusyQuery: Report = async (query, { space, signal }) => {
  const parent = readableCollection(query);
  const element = childElement(query.body, caldav('time-range'));
  const range = element === undefined ? undefined : parseClosedRange(element);
  if (range === undefined)
    throw new DavError(400, 'free-busy-query needs a time-range with start and end in UTC');
  const busy = await parent.collection.freeBusy(range, signal);
  return {
    kind: 'text',
    contentType: 'text/calendar; charset=utf-8; component=VFREEBUSY',
    text: renderFreeBusy(range, busy, {
      uid: `free-busy-${renderUtc(range.from)}-${renderUtc(range.to)}`,
      stamp: space.now?.() ?? Date.now(),
    }),
  };
};
