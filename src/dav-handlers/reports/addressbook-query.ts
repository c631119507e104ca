// CARDDAV:addressbook-query with its limit (RFC 6352 §8.6).
import { childElement } from '../elements.ts';
import { parseAddressFilter } from '../filters/address-filter.ts';
import { carddav } from '../names.ts';
import { allprop, parseSelection } from '../properties/selection.ts';
import { parseLimit } from './limit.ts';
import { memberResponses, readableCollection, shapeOf, truncatedResponse } from './members.ts';
import type { Report } from './report.ts';

export const addressbookQuery: Report = async (query, context) => {
  const { body } = query;
  const parent = readableCollection(query);
  const selection = parseSelection(body) ?? allprop;
  const shape = shapeOf(selection, parent);
  const filter = parseAddressFilter(childElement(body, carddav('filter')));
  const limit = parseLimit(childElement(body, carddav('limit')), carddav('nresults'));
  if (query.depth === '0') return { kind: 'multistatus', responses: [] };
  const request = { filter: { kind: 'address', filter }, shape } as const;
  const { found, truncated } = await parent.collection.query(
    limit === undefined ? request : { ...request, limit },
    context.signal,
  );
  const answer = { parent, selection, shape, minimal: query.minimal };
  const responses = await memberResponses(found, answer, context);
  return {
    kind: 'multistatus',
    responses: truncated ? [...responses, truncatedResponse(parent)] : responses,
  };
};
