// CALDAV:calendar-query (RFC 4791 §7.8).
import { parseCalendarFilter } from '../filters/calendar-filter.ts';
import { childElement } from '../elements.ts';
import { caldav } from '../names.ts';
import { allprop, parseSelection } from '../properties/selection.ts';
import { memberResponses, readableCollection, shapeOf, truncatedResponse } from './members.ts';
import type { Report } from './report.ts';
import { textOf } from '../../xml/index.ts';
import { zoneNameOf } from '../timezone.ts';

export const calendarQuery: Report = async ({ body, ...query }, context) => {
  const parent = readableCollection({ body, ...query });
  const selection = parseSelection(body) ?? allprop;
  const shape = shapeOf(selection, parent);
  const asked = childElement(body, caldav('timezone'));
  const timezone = asked === undefined ? parent.collection.folder.properties.timezone : textOf(asked);
  const zone = timezone === undefined ? undefined : zoneNameOf(timezone);
  const filter = parseCalendarFilter(childElement(body, caldav('filter')), zone);
  // Depth 0 would ask about the collection itself, which is no calendar object (§7.8: the server answers what the depth covers).
  if (query.depth === '0') return { kind: 'multistatus', responses: [] };
  const { found, truncated } = await parent.collection.query(
    { filter: { kind: 'calendar', filter }, shape },
    context.signal,
  );
  const answer = { parent, selection, shape, minimal: query.minimal };
  const responses = await memberResponses(found, answer, context);
  return {
    kind: 'multistatus',
    responses: truncated ? [...responses, truncatedResponse(parent)] : responses,
  };
};
