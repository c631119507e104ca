// calendar-query and addressbook-query (RFC 4791 §7.8, RFC 6352 §8.6); the member that has a UID.
import type { Filter, Href, Resource, Shape } from '../model/collection.ts';
import { BackendError, DavError, success, type Outcome } from '../model/failure.ts';
import { renderXml, type Markup } from '../xml/index.ts';
import { addressFilterElement, calendarFilterElement } from './filter.ts';
import { memberIn } from './href.ts';
import { uidIn } from './lines.ts';
import { membersIn } from './members.ts';
import type { DavResponse } from './multistatus.ts';
import { documentElement, element } from './names.ts';
import type { Place } from './place.ts';
import { report } from './questions.ts';
import { readMembers } from './read.ts';

export interface Query {
  readonly filter: Filter;
  readonly shape: Shape | 'none';
  readonly limit?: number;
}

export interface Found {
  readonly found: readonly (readonly [Href, Outcome<Resource>])[];
  readonly truncated: boolean;
}

/** Names by query, texts by multiget: so one member that cannot be read hides no other. */
export async function queryMembers(place: Place, query: Query, signal?: AbortSignal): Promise<Found> {
  const isCard = place.subject === 'address';
  const { responses } = await report(place.client, {
    path: place.path,
    body: renderXml(
      documentElement(
        isCard ? 'CR:addressbook-query' : 'C:calendar-query',
        element('D:prop', element('D:getetag'), element('D:getcontenttype')),
        filterElement(query.filter),
        // Only address books know a limit (RFC 6352 §8.6.1); one more tells whether there was one.
        isCard && query.limit !== undefined
          ? element('CR:limit', element('CR:nresults', query.limit + 1))
          : undefined,
      ),
    ),
    depth: '1',
    signal,
  });
  // RFC 6352 §8.6.2: the server itself cut the answer.
  const isCut = (each: DavResponse): boolean =>
    each.status === 507 && memberIn(place.path, each.href) === 'itself';
  const all = membersIn(
    place,
    responses.filter((each) => !isCut(each)),
  );
  const members = all.slice(0, query.limit ?? all.length);
  const truncated = members.length < all.length || responses.some(isCut);
  if (query.shape === 'none') {
    const contentType = isCard ? 'text/vcard' : 'text/calendar';
    return {
      found: members.map(({ href, etag }) => [href, success({ href, etag, text: '', contentType })] as const),
      truncated,
    };
  }
  const hrefs = members.map(({ href }) => href);
  return {
    found: await readMembers(place, hrefs, { shape: query.shape, signal }),
    truncated,
  };
}

function filterElement(filter: Filter): Markup {
  return filter.kind === 'calendar'
    ? calendarFilterElement(filter.filter.comp)
    : addressFilterElement(filter.filter);
}

/** Undefined also where the server cannot be asked. */
export async function holderOf(place: Place, uid: string, signal?: AbortSignal): Promise<Href | undefined> {
  for (const filter of uidFilters(place, uid)) {
    const holder = await holderBy(place, { filter, uid }, signal);
    if (holder !== undefined) return holder;
  }
  return undefined;
}

async function holderBy(
  place: Place,
  { filter, uid }: { readonly filter: Filter; readonly uid: string },
  signal?: AbortSignal,
): Promise<Href | undefined> {
  try {
    const { found } = await queryMembers(place, { filter, shape: { kind: 'whole' } }, signal);
    // A text match finds parts, too, and is blind to case.
    return found.find(([, outcome]) => outcome.ok && uidIn(outcome.value.text) === uid)?.[0];
  } catch (error) {
    if (error instanceof DavError || error instanceof BackendError) return undefined;
    throw error;
  }
}

/** A filter names one component, and a UID is taken whichever component has it. */
function uidFilters(place: Place, uid: string): readonly Filter[] {
  const match = { text: uid, negate: false } as const;
  if (place.subject === 'address') {
    const texts = [{ ...match, collation: 'i;unicode-casemap', match: 'equals' }] as const;
    const prop = { name: 'UID', isNotDefined: false, test: 'anyof', texts, params: [] } as const;
    return [{ kind: 'address', filter: { test: 'anyof', props: [prop] } }];
  }
  const plain = { isNotDefined: false, props: [], comps: [] };
  const textMatch = { ...match, collation: 'i;ascii-casemap', match: 'contains' } as const;
  const prop = { name: 'UID', isNotDefined: false, params: [], textMatch };
  return ['VEVENT', 'VTODO'].map((name) => {
    const inner = { ...plain, name, props: [prop] };
    return { kind: 'calendar', filter: { comp: { ...plain, name: 'VCALENDAR', comps: [inner] } } };
  });
}
