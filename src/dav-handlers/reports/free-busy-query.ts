// CALDAV:free-busy-query (RFC 4791 §7.10): a VFREEBUSY of what takes up time in one calendar.
import type { BusyTime } from '../../model/backend.ts';
import { DavError } from '../../model/failure.ts';
import type { Range } from '../../model/time.ts';
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
  const now = space.now?.() ?? Date.now();
  return {
    kind: 'text',
    contentType: 'text/calendar; charset=utf-8; component=VFREEBUSY',
    text: renderBusy(busy, range, now),
  };
};

const types = {
  busy: 'BUSY',
  tentative: 'BUSY-TENTATIVE',
  'out-of-office': 'BUSY-UNAVAILABLE',
} as const satisfies Record<BusyTime['busy'], string>;

function renderBusy(busy: readonly BusyTime[], range: Required<Range>, now: number): string {
  const lines = (['busy', 'tentative', 'out-of-office'] as const).flatMap((kind) =>
    merged(
      busy.filter((each) => each.busy === kind),
      range,
    ).map(({ from, to }) => `FREEBUSY;FBTYPE=${types[kind]}:${renderUtc(from)}/${renderUtc(to)}`),
  );
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Exdav//Exdav//EN',
    'BEGIN:VFREEBUSY',
    `UID:free-busy-${renderUtc(range.from)}-${renderUtc(range.to)}`,
    `DTSTAMP:${renderUtc(now)}`,
    `DTSTART:${renderUtc(range.from)}`,
    `DTEND:${renderUtc(range.to)}`,
    ...lines,
    'END:VFREEBUSY',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

/** Cut to the range, in order, what touches joined (RFC 5545 §3.8.2.6). */
function merged(busy: readonly BusyTime[], range: Required<Range>): readonly Required<Range>[] {
  const stretches = busy
    .map((each) => ({ from: Math.max(each.range.from, range.from), to: Math.min(each.range.to, range.to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const joined: Required<Range>[] = [];
  for (const stretch of stretches) {
    const last = joined.at(-1);
    if (last === undefined || stretch.from > last.to) joined.push(stretch);
    else joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, stretch.to) };
  }
  return joined;
}
