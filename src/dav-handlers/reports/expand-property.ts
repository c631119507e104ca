// DAV:expand-property (RFC 3253 §3.8): hrefs inside properties become the responses of what they name.
import { DavError } from '../../model/failure.ts';
import {
  childrenOf as elementsOf,
  clarkOf,
  markupOf,
  parseXml,
  textOf,
  xml,
  type Markup,
  type XmlElement,
} from '../../xml/index.ts';
import { childElements } from '../elements.ts';
import { problemOf } from '../errors.ts';
import { parseHref } from '../href.ts';
import { renderResponse, type ResponsePart } from '../multistatus.ts';
import { dav, declarations, element } from '../names.ts';
import { rowOf } from '../properties/rows.ts';
import { propertyOf } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import { childrenOf, lookUp, resourceAt, type Resource } from '../resource.ts';
import type { Report } from './report.ts';

const maxDepth = 5;
const maxProperties = 500;

interface Wanted {
  readonly name: string;
  readonly inside: readonly Wanted[];
}

export const expandProperty: Report = async ({ body, resource, depth, minimal }, context) => {
  const wanted = parseWanted(body, maxDepth);
  if (countOf(wanted) > maxProperties) throw new DavError(403, `more than ${maxProperties} properties`);
  if (depth === 'infinity') throw new DavError(403, 'Depth infinity is not answered');
  const resources = depth === '1' ? [resource, ...(await childrenOf(resource, context))] : [resource];
  const responses: ResponsePart[] = [];
  for (const each of resources) responses.push(await expandedResponse(each, { wanted, minimal }, context));
  return { kind: 'multistatus', responses };
};

function parseWanted(parent: XmlElement, depth: number): readonly Wanted[] {
  if (depth === 0) throw new DavError(403, `expand-property deeper than ${maxDepth}`);
  return childElements(parent, dav('property')).map((each) => {
    const name = each.attrs['name'] ?? '';
    if (name === '') throw new DavError(400, 'DAV:property needs a name');
    const inside = elementsOf(each).length === 0 ? [] : parseWanted(each, depth - 1);
    return { name: `{${each.attrs['namespace'] ?? 'DAV:'}}${name}`, inside };
  });
}

function countOf(wanted: readonly Wanted[]): number {
  return wanted.reduce((count, each) => count + 1 + countOf(each.inside), 0);
}

async function expandedResponse(
  resource: Resource,
  asked: { readonly wanted: readonly Wanted[]; readonly minimal: boolean },
  context: Context,
): Promise<ResponsePart> {
  const here: Markup[] = [];
  const missing: Markup[] = [];
  for (const { name, inside } of asked.wanted) {
    const value = await propertyOf(resource, name, context);
    if (value === undefined) missing.push(element(name));
    else if (inside.length === 0 || rowOf(name) === undefined) here.push(value);
    else here.push(await expanded(value, { wanted: inside, minimal: asked.minimal }, context));
  }
  const named = asked.minimal ? [] : missing;
  return {
    kind: 'propstats',
    href: resource.href,
    propstats: [
      ...(here.length > 0 || named.length === 0 ? [{ status: 200, props: here }] : []),
      ...(named.length > 0 ? [{ status: 404, props: named }] : []),
    ],
  };
}

/** A value read back as elements; one without hrefs stays as it is. */
async function expanded(
  value: Markup,
  asked: { readonly wanted: readonly Wanted[]; readonly minimal: boolean },
  context: Context,
): Promise<Markup> {
  const [property] = elementsOf(parseXml(xml('x', declarations, value).xml));
  return property !== undefined && hasHref(property) ? expandHrefs(property, asked, context) : value;
}

function hasHref(element: XmlElement): boolean {
  return elementsOf(element).some((child) => clarkOf(child) === dav('href') || hasHref(child));
}

/** The property's element with every path of this server in it opened; other hrefs (`mailto:`) stay. */
async function expandHrefs(
  property: XmlElement,
  asked: { readonly wanted: readonly Wanted[]; readonly minimal: boolean },
  context: Context,
): Promise<Markup> {
  const content: (Markup | string)[] = [];
  for (const child of property.children) {
    if (typeof child === 'string') content.push(child);
    else if (clarkOf(child) === dav('href')) content.push(await openHref(child, asked, context));
    else if (hasHref(child)) content.push(await expandHrefs(child, asked, context));
    else content.push(markupOf(child));
  }
  // What holds hrefs in the tables has no attributes.
  return element(clarkOf(property), ...content);
}

async function openHref(
  href: XmlElement,
  asked: { readonly wanted: readonly Wanted[]; readonly minimal: boolean },
  context: Context,
): Promise<Markup> {
  const path = parseHref(textOf(href), context.space.prefix);
  if (path === undefined) return markupOf(href);
  try {
    const resource = await resourceAt(await lookUp(path, context), context.signal);
    return renderResponse(await expandedResponse(resource, asked, context));
  } catch (error) {
    // One of many: a principal that cannot be seen is a 404 inside, not the end of the report.
    const problem = problemOf(error);
    if (problem === undefined || problem.status === 503) throw error;
    return renderResponse({ kind: 'status', href: textOf(href), problem });
  }
}
