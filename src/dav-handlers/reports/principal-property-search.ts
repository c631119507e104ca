// DAV:principal-property-search (RFC 3744 §9.4) and calendarserver-principal-search, over the signed-in user alone: a directory is not searched.
import { DavError } from '../../model/failure.ts';
import {
  childrenOf as elementsOf,
  clarkOf,
  parseXml,
  textOf,
  xml,
  type XmlElement,
} from '../../xml/index.ts';
import { childElement, childElements, deepTextOf } from '../elements.ts';
import { calendarServer, caldav, dav, declarations } from '../names.ts';
import { parseSelection, propertyOf, responsesOf, type Selection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import { selfPrincipal } from '../principals.ts';
import type { PrincipalResource } from '../resource.ts';
import type { Report, ReportAnswer, ReportQuery } from './report.ts';

/** Properties that can be searched, with what principal-search-property-set tells of them. */
export const searchable = [
  { name: dav('displayname'), description: 'Name' },
  { name: calendarServer('email-address-set'), description: 'E-mail address' },
  { name: caldav('calendar-user-address-set'), description: 'Calendar address' },
] as const;

const nothing: Selection = { kind: 'prop', elements: [] };

export const principalPropertySearch: Report = async (query, context) => {
  const searches = childElements(query.body, dav('property-search'));
  if (searches.length === 0) throw new DavError(400, 'a DAV:property-search is needed');
  const self = selfPrincipal(context.space);
  const tests = await Promise.all(searches.map((search) => isMet(search, self, context)));
  // `test` and `type` are calendarserver's; RFC 3744 joins by and.
  const met = query.body.attrs['test'] === 'anyof' ? tests.some(Boolean) : tests.every(Boolean);
  const type = query.body.attrs['type'] ?? 'INDIVIDUAL';
  return answer(met && type.toUpperCase() === 'INDIVIDUAL' ? [self] : [], query, context);
};

/** macOS looks up attendees by words that name or address begin with. */
export const calendarServerPrincipalSearch: Report = async (query, context) => {
  const tokens = childElements(query.body, calendarServer('search-token')).map((each) =>
    textOf(each).trim().toLowerCase(),
  );
  if (tokens.length === 0) throw new DavError(400, 'a search-token is needed');
  const self = selfPrincipal(context.space);
  const words = [self.person.name ?? '', ...(await self.addresses())]
    .flatMap((text) => [text, ...text.split(/[\s@.]+/)])
    .map((word) => word.toLowerCase());
  const met = tokens.every((token) => token !== '' && words.some((word) => word.startsWith(token)));
  return answer(met ? [self] : [], query, context);
};

async function answer(
  found: readonly PrincipalResource[],
  { body, minimal }: ReportQuery,
  context: Context,
): Promise<ReportAnswer> {
  const selection = parseSelection(body) ?? nothing;
  const responses = await responsesOf(found, { selection, minimal, failures: 'part' }, context);
  return { kind: 'multistatus', responses };
}

async function isMet(search: XmlElement, self: PrincipalResource, context: Context): Promise<boolean> {
  const prop = childElement(search, dav('prop'));
  const match = childElement(search, dav('match'));
  if (prop === undefined || match === undefined)
    throw new DavError(400, 'DAV:property-search needs DAV:prop and DAV:match');
  const wanted = textOf(match).trim().toLowerCase();
  const how = match.attrs['match-type'] ?? search.attrs['match-type'] ?? 'contains';
  for (const name of elementsOf(prop).map(clarkOf)) {
    const texts = await textsOf(self, name, context);
    if (!texts.some((text) => compare(text.toLowerCase(), wanted, how))) return false;
  }
  return true;
}

async function textsOf(self: PrincipalResource, name: string, context: Context): Promise<readonly string[]> {
  const value = await propertyOf(self, name, context);
  if (value === undefined) return [];
  const property = elementsOf(parseXml(xml('x', declarations, value).xml)).flatMap((each) => each.children);
  return property.map((child) => (typeof child === 'string' ? child : deepTextOf(child)));
}

function compare(text: string, wanted: string, how: string): boolean {
  const bare = text.replace(/^mailto:/, '');
  if (how === 'equals') return text === wanted || bare === wanted;
  if (how === 'starts-with') return text.startsWith(wanted) || bare.startsWith(wanted);
  return how === 'ends-with' ? text.endsWith(wanted) : text.includes(wanted);
}
