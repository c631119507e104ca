// DAV:principal-property-search (RFC 3744 §9.4) and calendarserver-principal-search, by which clients complete attendees and rooms.
import type { EntryKind } from '../../model/directory.ts';
import { DavError } from '../../model/failure.ts';
import { childrenOf as elementsOf, clarkOf, textOf, type XmlElement } from '../../xml/index.ts';
import { childElement, childElements } from '../elements.ts';
import { calendarServer, caldav, dav } from '../names.ts';
import { findPrincipals, type PrincipalSearch } from '../principal-search.ts';
import { parseSelection, responsesOf, type Selection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import type { PrincipalResource } from '../resource.ts';
import { parseLimit } from './limit.ts';
import { truncatedResponse } from './members.ts';
import type { Report, ReportAnswer, ReportQuery } from './report.ts';

/** Properties that can be searched, with what principal-search-property-set tells of them. */
export const searchable = [
  { name: dav('displayname'), description: 'Name' },
  { name: calendarServer('email-address-set'), description: 'E-mail address' },
  { name: caldav('calendar-user-address-set'), description: 'Calendar address' },
] as const;

/** What is searched under a name. Apple asks for first and last names too; the directory tells the whole name. */
const texts: Readonly<Record<string, (principal: PrincipalResource) => Promise<readonly string[]>>> = {
  [searchable[0].name]: async ({ person }) => [person.name ?? person.address],
  [searchable[1].name]: ({ addresses }) => addresses(),
  [searchable[2].name]: async ({ addresses, href }) => [
    href,
    ...(await addresses()).flatMap((address) => [`mailto:${address}`, address]),
  ],
  [calendarServer('first-name')]: async (principal) => namesOf(principal),
  [calendarServer('last-name')]: async (principal) => namesOf(principal),
};

interface PropertySearch {
  readonly names: readonly string[];
  readonly text: string;
  readonly match: string;
}

export const principalPropertySearch: Report = async (query, context) => {
  const { attrs } = query.body;
  const searches = childElements(query.body, dav('property-search')).map(parseSearch);
  if (searches.length === 0) throw new DavError(400, 'a DAV:property-search is needed');
  // `test` and `type` are calendarserver's; RFC 3744 joins by and.
  const isAnyOf = attrs['test'] === 'anyof';
  const known = searches.filter(({ names }) => names.some((name) => texts[name] !== undefined));
  const longest = known.toSorted((a, b) => b.text.length - a.text.length).slice(0, 1);
  return answer(
    {
      texts: (isAnyOf ? known : longest).map(({ text }) => text),
      ...kindsOf(attrs['type']),
      async isMeant(principal) {
        const tests = await Promise.all(searches.map((search) => isMet(search, principal)));
        return isAnyOf ? tests.some(Boolean) : tests.every(Boolean);
      },
      ...limitOf(query.body),
    },
    query,
    context,
  );
};

/** macOS looks up attendees by words that name or address begin with. */
export const calendarServerPrincipalSearch: Report = async (query, context) => {
  const tokens = childElements(query.body, calendarServer('search-token')).map((each) =>
    textOf(each).trim().toLowerCase(),
  );
  if (tokens.length === 0) throw new DavError(400, 'a search-token is needed');
  return answer(
    {
      texts: tokens.toSorted((a, b) => b.length - a.length).slice(0, 1),
      ...contexts[query.body.attrs['context']?.toLowerCase() ?? ''],
      async isMeant(principal) {
        const words = [...namesOf(principal), ...(await principal.addresses())]
          .flatMap((text) => [text, ...text.split(/[\s@.]+/)])
          .map((word) => word.toLowerCase());
        return tokens.every((token) => token !== '' && words.some((word) => word.startsWith(token)));
      },
      ...limitOf(query.body),
    },
    query,
    context,
  );
};

type Kinds = Pick<PrincipalSearch, 'kinds'>;

/** For what the answer is to be used; an attendee may be anybody. */
const contexts: Readonly<Record<string, Kinds>> = {
  user: { kinds: new Set<EntryKind>(['individual']) },
  group: { kinds: new Set<EntryKind>(['group']) },
  location: { kinds: new Set<EntryKind>(['room']) },
  resource: { kinds: new Set<EntryKind>(['room', 'resource']) },
};

/** A calendar-user-type; of types that nobody has here, nobody is found. */
function kindsOf(type: string | undefined): Kinds {
  if (type === undefined || type === '') return {};
  const wanted = type.toLowerCase();
  return {
    kinds: new Set((['individual', 'group', 'room', 'resource'] as const).filter((kind) => kind === wanted)),
  };
}

function limitOf(body: XmlElement): Pick<PrincipalSearch, 'limit'> {
  const limit =
    parseLimit(childElement(body, calendarServer('limit')), calendarServer('nresults')) ??
    parseLimit(childElement(body, dav('limit')), dav('nresults'));
  return limit === undefined ? {} : { limit };
}

const nothing: Selection = { kind: 'prop', elements: [] };

async function answer(
  search: PrincipalSearch,
  { body, minimal, resource }: ReportQuery,
  context: Context,
): Promise<ReportAnswer> {
  const selection = parseSelection(body) ?? nothing;
  const { found, truncated } = await findPrincipals(search, context);
  const responses = await responsesOf(found, { selection, minimal, failures: 'part' }, context);
  return {
    kind: 'multistatus',
    responses: truncated ? [...responses, truncatedResponse(resource)] : responses,
  };
}

function parseSearch(search: XmlElement): PropertySearch {
  const prop = childElement(search, dav('prop'));
  const match = childElement(search, dav('match'));
  if (prop === undefined || match === undefined)
    throw new DavError(400, 'DAV:property-search needs DAV:prop and DAV:match');
  return {
    names: elementsOf(prop).map(clarkOf),
    text: textOf(match).trim().toLowerCase(),
    match: match.attrs['match-type'] ?? search.attrs['match-type'] ?? 'contains',
  };
}

async function isMet({ names, text, match }: PropertySearch, principal: PrincipalResource): Promise<boolean> {
  for (const name of names) {
    const values = await texts[name]?.(principal);
    if (!values?.some((value) => compare(value.toLowerCase(), text, match))) return false;
  }
  return true;
}

function namesOf({ person }: PrincipalResource): readonly string[] {
  const name = person.name ?? '';
  return [name, ...name.split(/[\s,]+/)].filter((each) => each !== '');
}

function compare(text: string, wanted: string, how: string): boolean {
  if (how === 'equals') return text === wanted;
  if (how === 'starts-with') return text.startsWith(wanted);
  return how === 'ends-with' ? text.endsWith(wanted) : text.includes(wanted);
}
