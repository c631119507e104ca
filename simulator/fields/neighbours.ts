// Conflicting and adjacent meetings of a meeting request (MS-OXWSMTGS_R321–R327): what else its reader's calendar holds
// at that time, or right before and after it.
import { escapeText } from '../../src/xml/index.ts';
import { uidOfItem } from '../goid.ts';
import { instancesIn, isSeries } from '../series.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import { folderOf, type Instant, type Item } from '../state/index.ts';
import { tag, type Answer, type View } from './row.ts';

export type Nearness = 'conflicting' | 'adjacent';

interface Neighbour {
  readonly item: Item;
  /** 0: the item itself. */
  readonly index: number;
  readonly start: Instant;
  readonly end: Instant;
}

export function countNeighbours(view: View, which: Nearness): number {
  return neighboursOf(view, which).length;
}

export function renderNeighbours(
  element: string,
  view: View,
  { answer, which }: { readonly answer: Answer; readonly which: Nearness },
): string {
  const found = neighboursOf(view, which);
  return found.length === 0
    ? ''
    : tag(element, found.map((one) => renderNeighbour(view, one, answer)).join(''));
}

function neighboursOf(view: View, which: Nearness): readonly Neighbour[] {
  const { start, end, uid } = view.values;
  if (start === undefined || end === undefined) return [];
  const calendar = folderOf(view.mailbox, 'calendar');
  const found: Neighbour[] = [];
  for (const item of calendar.items.values()) {
    if (item.kind !== 'event' || item.values.busy === 'Free' || uidOfItem(item) === uid) continue;
    for (const one of spansOf(item, start, end)) {
      const overlaps = one.start < end && one.end > start;
      const touches = one.start === end || one.end === start;
      if (which === 'conflicting' ? overlaps : touches && !overlaps) found.push(one);
    }
  }
  return found;
}

/** Whatever touches the time, ends included. */
function spansOf(item: Item, from: Instant, to: Instant): readonly Neighbour[] {
  if (isSeries(item))
    return instancesIn(item, from - 1, to + 1).map(({ index, start, end }) => ({ item, index, start, end }));
  const { start, end } = item.values;
  return start === undefined || end === undefined ? [] : [{ item, index: 0, start, end }];
}

function renderNeighbour(view: View, { item, index, start, end }: Neighbour, answer: Answer): string {
  const place = {
    mailboxNo: view.mailbox.no,
    folderNo: folderOf(view.mailbox, 'calendar').no,
    itemNo: item.no,
  };
  const id = renderId(index === 0 ? { kind: 'item', ...place } : { kind: 'occurrence', ...place, index });
  const { subject, location, busy } = item.values;
  return tag(
    'CalendarItem',
    `<t:ItemId Id="${id}" ChangeKey="${renderChangeKey('item', item.revision)}"/>` +
      (subject === undefined ? '' : tag('Subject', escapeText(subject))) +
      tag('Start', answer.time(start)) +
      tag('End', answer.time(end)) +
      tag('LegacyFreeBusyStatus', busy ?? 'Busy') +
      (location === undefined ? '' : tag('Location', escapeText(location))),
  );
}
