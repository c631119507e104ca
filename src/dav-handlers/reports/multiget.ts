// CALDAV:calendar-multiget (RFC 4791 §7.9) and CARDDAV:addressbook-multiget (RFC 6352 §8.7).
import type { Href, Resource as Text } from '../../model/collection.ts';
import { DavError, failed, precondition, success, type Outcome } from '../../model/failure.ts';
import { textOf } from '../../xml/index.ts';
import { childElements } from '../elements.ts';
import { parseHref } from '../href.ts';
import type { ResponsePart } from '../multistatus.ts';
import { dav } from '../names.ts';
import { allprop, parseSelection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import type { CollectionResource } from '../resource.ts';
import { memberResponses, readableCollection, shapeOf } from './members.ts';
import type { Report, ReportQuery } from './report.ts';

const maxHrefs = 10_000;

export const multiget: Report = async (query, context) => {
  const parent = readableCollection(query);
  const selection = parseSelection(query.body) ?? allprop;
  const shape = shapeOf(selection, parent);
  const asked = childElements(query.body, dav('href')).map((each) => textOf(each).trim());
  if (asked.length === 0) throw new DavError(400, 'a multiget names at least one DAV:href');
  if (asked.length > maxHrefs)
    throw new DavError(403, `more than ${maxHrefs} hrefs in one multiget`, {
      precondition: precondition.numberOfMatches,
    });
  const paths = new Map(asked.map((href) => [href, parseHref(href, context.space.prefix)]));
  const within = { ...query, addresses: await addressesIn(paths.values(), parent) };
  const targets = [...paths].map(([href, path]) => targetOf(href, path, within));
  const names = [...new Set(targets.flatMap((target) => (target.kind === 'member' ? [target.name] : [])))];
  const found =
    shape === 'none'
      ? await listed(names, parent, context)
      : await parent.collection.read(names, shape, context.signal);
  const answer = { parent, selection, shape, minimal: query.minimal };
  const elsewhere = targets.filter((target) => target.kind === 'status');
  return {
    kind: 'multistatus',
    responses: [...(await memberResponses(found, answer, context)), ...elsewhere],
  };
};

type Target = { readonly kind: 'member'; readonly name: Href } | Extract<ResponsePart, { kind: 'status' }>;

type Path = ReturnType<typeof parseHref>;

/** Addresses by which hrefs may name the home: the further ones are asked for only where some href has another one. */
async function addressesIn(
  paths: Iterable<Path>,
  { home }: CollectionResource,
): Promise<ReadonlySet<string>> {
  const own = home.owner.address.toLowerCase();
  const named = new Set([own]);
  for (const path of paths) named.add(path?.[1]?.toLowerCase() ?? own);
  const further = named.size > 1 ? await home.addresses() : [];
  return new Set([own, ...further.map((address) => address.toLowerCase())]);
}

interface Within extends ReportQuery {
  readonly addresses: ReadonlySet<string>;
}

/** Decoded segment by segment; what lies elsewhere or is no path fails under the href as it was asked. */
function targetOf(href: string, path: Path, query: Within): Target {
  if (path === undefined)
    return { kind: 'status', href, problem: { status: 400, message: 'this is not a path of this server' } };
  const [family, address = '', key, name, ...deeper] = path;
  const missing: Target = {
    kind: 'status',
    href,
    problem: { status: 404, message: 'there is no such object in this collection' },
  };
  if (name === undefined || deeper.length > 0) return missing;
  const { resource, addresses } = query;
  if (!addresses.has(address.toLowerCase())) return missing;
  if (resource.kind === 'member')
    return isIn(resource.parent, { family, key }) && name === resource.member.href
      ? { kind: 'member', name }
      : missing;
  if (resource.kind !== 'collection') return missing;
  return isIn(resource, { family, key }) ? { kind: 'member', name } : missing;
}

function isIn(
  parent: CollectionResource,
  path: { readonly family?: string; readonly key?: string },
): boolean {
  return path.family === parent.family && path.key === parent.collection.folder.key;
}

/** Etags only: the texts stay where they are. */
async function listed(
  names: readonly Href[],
  parent: CollectionResource,
  { signal }: Context,
): Promise<readonly (readonly [Href, Outcome<Text>])[]> {
  const members = new Map(
    (await parent.collection.members(signal)).map((member) => [member.href, member] as const),
  );
  return names.map((name) => {
    const member = members.get(name);
    return [
      name,
      member === undefined
        ? failed({ kind: 'not-found', message: 'there is no such object' })
        : success({ ...member, text: '', contentType: '' }),
    ] as const;
  });
}
