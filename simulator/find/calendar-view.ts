// CalendarView of FindItem (BEHAVIOUR §6): singles and occurrences in a span of time, by start; never masters.
import type { XmlElement } from '../../src/xml/index.ts';
import { utcZone } from '../calendar/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import type { View } from '../fields/row.ts';
import { parseTime } from '../fields/times.ts';
import { instancesIn, isSeries } from '../series.ts';
import type { Instant } from '../state/index.ts';
import { viewOf, type Place } from '../view.ts';
import { attributesOf, type Page } from './paging.ts';

const longestMs = 2 * 366 * 86_400_000;

export function calendarView(place: Place, view: XmlElement, context: Context): Page<View> {
  const { zone, throttling } = context;
  const { findCountLimit } = throttling;
  if (!/^IPF\.Appointment\b/i.test(place.folder.folderClass))
    throw new EwsError('ErrorCalendarFolderIsInvalidForCalendarView');
  const from = parseTime(view.attrs['StartDate'] ?? '', zone ?? utcZone);
  const to = parseTime(view.attrs['EndDate'] ?? '', zone ?? utcZone);
  if (to < from) throw new EwsError('ErrorCalendarEndDateIsEarlierThanStartDate');
  if (to - from > longestMs) throw new EwsError('ErrorCalendarViewRangeTooBig');
  const given = view.attrs['MaxEntriesReturned'];
  if (given !== undefined && Number(given) < 1) throw new EwsError('ErrorInvalidPagingMaxRows');
  const found = viewsIn(place, from, to);
  if (given === undefined && found.length > findCountLimit) throw new EwsError('ErrorExceededFindCountLimit');
  const entries = found.slice(
    0,
    Math.min(given === undefined ? findCountLimit : Number(given), findCountLimit),
  );
  return { entries, attributes: attributesOf(found.length, entries.length === found.length) };
}

/** Views of what happens in a span, by start. */
export function viewsIn(place: Place, from: Instant, to: Instant): View[] {
  const found: View[] = [];
  for (const item of place.folder.items.values()) {
    if (item.kind !== 'event') continue;
    const { start = 0, end = 0 } = item.values;
    if (isSeries(item))
      for (const instance of instancesIn(item, from, to)) found.push(viewOf(place, item, instance));
    else if (end > from && start < to) found.push(viewOf(place, item));
  }
  return found.sort((a, b) => (a.values.start ?? 0) - (b.values.start ?? 0));
}
