// FindItem ([MS-OXWSSRCH] 3.1.4.2; BEHAVIOUR §6): restricted, sorted, paged; or a calendar view.
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { demandListable, itemWriter, parseShape } from '../fields/shape.ts';
import { calendarView } from '../find/calendar-view.ts';
import { pageOf, type Page } from '../find/paging.ts';
import { itemPath } from '../find/paths.ts';
import { parseRestriction } from '../find/restriction.ts';
import { sorted } from '../find/sort.ts';
import type { View } from '../fields/row.ts';
import { demandRight, folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { orderedItems } from '../state/index.ts';
import { viewOf, type Place } from '../view.ts';
import type { Operation } from './operation.ts';

export const findItem: Operation = (request, context) => {
  const parents = childOf(request, 'ParentFolderIds');
  const shape = parseShape(childOf(request, 'ItemShape'));
  const write = itemWriter(shape, true);
  const answer = answerOf(context, { bodyType: shape.bodyType, listing: true });
  return forEach(context, parents === undefined ? [] : childrenOf(parents), {
    emptyPayload: '',
    answer(id) {
      demandListable(shape);
      const place = folderAt(context, id);
      demandRight(place, 'read');
      const page = find(request, place, context);
      const items = page.entries.map((view) => write(view, answer)).join('');
      return `<m:RootFolder ${page.attributes}>${tag('Items', items)}</m:RootFolder>`;
    },
  });
};

function find(request: XmlElement, place: Place, context: Context): Page<View> {
  const unsupported = [
    'GroupBy',
    'DistinguishedGroupBy',
    'SeekToConditionPageItemView',
    'ContactsView',
    'QueryString',
  ];
  for (const name of unsupported)
    if (childOf(request, name) !== undefined)
      throw new EwsError('ErrorInvalidOperation', `FindItem with ${name} is not simulated.`);
  const view = childOf(request, 'CalendarView');
  if (view !== undefined) {
    if (childOf(request, 'Restriction') !== undefined || childOf(request, 'SortOrder') !== undefined)
      throw new EwsError('ErrorInvalidOperation');
    return calendarView(place, view, context);
  }
  const matches = parseRestriction(childOf(request, 'Restriction'), itemPath);
  const found = candidates(request, place).filter(matches);
  const page = childOf(request, 'IndexedPageItemView') ?? childOf(request, 'FractionalPageItemView');
  return pageOf(
    sorted(found, childOf(request, 'SortOrder'), itemPath),
    page,
    context.throttling.findCountLimit,
  );
}

/** Soft-deleted items are in another folder: that traversal finds nothing here. */
function candidates(request: XmlElement, place: Place): View[] {
  const traversal = request.attrs['Traversal'];
  if (traversal === 'SoftDeleted') return [];
  const isWanted = traversal === 'Associated';
  return orderedItems(place.folder)
    .filter((item) => (item.isAssociated ?? false) === isWanted)
    .sort((a, b) => a.no - b.no)
    .map((item) => viewOf(place, item));
}
