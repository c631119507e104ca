// Which properties a request wants, and their values as propstats (RFC 4918 §9.1, §14).
import { DavError } from '../../model/failure.ts';
import { childrenOf, clarkOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { childElement } from '../elements.ts';
import { problemOf, type Problem } from '../errors.ts';
import type { PropStat, ResponsePart } from '../multistatus.ts';
import { dav, tagOf } from '../names.ts';
import { openPace } from '../pace.ts';
import type { Context } from '../request.ts';
import type { Resource } from '../resource.ts';
import { deadElement, deadNames } from './dead.ts';
import { rowOf, propertyRows } from './rows.ts';
import type { PropertyRow } from './row.ts';

export type Selection =
  | { readonly kind: 'prop'; readonly elements: readonly XmlElement[] }
  | { readonly kind: 'allprop'; readonly include: readonly XmlElement[] }
  | { readonly kind: 'propname' };

/** DAV:prop, DAV:allprop with DAV:include, or DAV:propname; undefined when none is there. */
export function parseSelection(root: XmlElement): Selection | undefined {
  const prop = childElement(root, dav('prop'));
  if (prop !== undefined) return { kind: 'prop', elements: childrenOf(prop) };
  if (childElement(root, dav('propname')) !== undefined) return { kind: 'propname' };
  if (childElement(root, dav('allprop')) === undefined) return undefined;
  const include = childElement(root, dav('include'));
  return { kind: 'allprop', include: include === undefined ? [] : childrenOf(include) };
}

export const allprop: Selection = { kind: 'allprop', include: [] };

/** Elements named by the client, with whatever they carry. */
export function wantedElements(selection: Selection): readonly XmlElement[] {
  if (selection.kind === 'prop') return selection.elements;
  return selection.kind === 'allprop' ? selection.include : [];
}

/** How one resource's failures count. `whole`: it is what the request is about. `part`: its siblings shall still arrive. */
export interface Asking {
  readonly selection: Selection;
  readonly minimal: boolean;
  readonly failures: 'whole' | 'part';
}

/** One response a resource, in the order given. */
export async function responsesOf(
  resources: readonly Resource[],
  asking: Asking,
  context: Context,
): Promise<readonly ResponsePart[]> {
  const columns = columnsOf(asking.selection);
  const found: ResponsePart[] = [];
  const pace = openPace();
  // Folders are asked side by side, members answer from what is known already.
  for (let start = 0; start < resources.length; start += 50) {
    const chunk = resources.slice(start, start + 50);
    found.push(
      ...(await Promise.all(chunk.map((resource) => responseOf(resource, { ...asking, columns }, context)))),
    );
    await pace();
  }
  return found;
}

/** One property's element; undefined when the resource does not have it. */
export async function propertyOf(
  resource: Resource,
  name: string,
  context: Context,
): Promise<Markup | undefined> {
  return await valueOf(resource, columnOf(name), context);
}

interface Column {
  readonly name: string;
  readonly row: PropertyRow | undefined;
  readonly render: (content: Parameters<typeof xml>[2]) => Markup;
}

function columnsOf(selection: Selection): readonly Column[] {
  switch (selection.kind) {
    case 'prop':
      return uniqueNames(selection.elements.map(clarkOf)).map(columnOf);
    case 'allprop': {
      const standard = propertyRows.filter((row) => row.inAllprop === true).map((row) => row.name);
      return uniqueNames([...standard, ...selection.include.map(clarkOf)]).map(columnOf);
    }
    case 'propname':
      return propertyRows.map((row) => columnOf(row.name));
  }
}

function columnOf(name: string): Column {
  const tag = tagOf(name);
  return { name, row: rowOf(name), render: (content) => xml(tag.name, tag.attributes, content) };
}

async function responseOf(
  resource: Resource,
  asking: Asking & { readonly columns: readonly Column[] },
  context: Context,
): Promise<ResponsePart> {
  const { selection } = asking;
  const dead =
    selection.kind !== 'prop' && resource.kind === 'collection'
      ? deadNames(resource.collection.folder.properties).map(columnOf)
      : [];
  const columns = dead.length === 0 ? asking.columns : uniqueColumns([...asking.columns, ...dead]);
  const here: Markup[] = [];
  const missing: Markup[] = [];
  const failed: PropStat[] = [];
  for (const column of columns) {
    const value = await valueOrProblem(resource, { column, failures: asking.failures }, context);
    if (value === undefined) missing.push(column.render(undefined));
    else if ('status' in value) failed.push(propstatOf(column, value));
    else here.push(selection.kind === 'propname' ? column.render(undefined) : value);
  }
  // RFC 8144 §2.1: with return=minimal only what is there; RFC 4918 §9.1: allprop never answers 404 for what it chose.
  const named = asking.minimal || selection.kind !== 'prop' ? [] : missing;
  const propstats = [
    ...(here.length > 0 || (named.length === 0 && failed.length === 0) ? [{ status: 200, props: here }] : []),
    ...(named.length > 0 ? [{ status: 404, props: named }] : []),
    ...failed,
  ];
  return { kind: 'propstats', href: resource.href, propstats };
}

async function valueOrProblem(
  resource: Resource,
  asked: { readonly column: Column; readonly failures: Asking['failures'] },
  context: Context,
): Promise<Markup | Problem | undefined> {
  if (asked.failures === 'whole') return valueOf(resource, asked.column, context);
  try {
    return await valueOf(resource, asked.column, context);
  } catch (error) {
    const problem = problemOf(error);
    // What fails for the whole account fails the whole request: the client shall come back later, not forget a folder.
    if (problem === undefined || problem.status === 503 || problem.status === 401) throw error;
    return problem;
  }
}

function valueOf(
  resource: Resource,
  column: Column,
  context: Context,
): Markup | undefined | Promise<Markup | undefined> {
  const value = column.row?.value(resource, context);
  if (value instanceof Promise)
    return value.then((content) => (content === undefined ? undefined : column.render(content)));
  if (value !== undefined) return column.render(value);
  return resource.kind === 'collection'
    ? deadElement(resource.collection.folder.properties, column.name)?.whole
    : undefined;
}

function propstatOf(column: Column, problem: Problem): PropStat {
  return {
    status: problem.status,
    props: [column.render(undefined)],
    condition: problem.condition,
    message: problem.message,
  };
}

function uniqueNames(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function uniqueColumns(columns: readonly Column[]): readonly Column[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

/** @throws DavError 400: a property list is needed here */
export function requireSelection(root: XmlElement): Selection {
  const selection = parseSelection(root);
  if (selection === undefined)
    throw new DavError(400, 'one of DAV:prop, DAV:allprop and DAV:propname is needed');
  return selection;
}
