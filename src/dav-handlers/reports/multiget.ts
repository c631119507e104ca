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
import { isSelf, type CollectionResource } from '../resource.ts';
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
  const targets = [...new Set(asked)].map((href) => targetOf(href, query, context));
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

/** Decoded segment by segment; what lies elsewhere or is no path fails under the href as it was asked. */
function targetOf(href: string, query: ReportQuery, { space }: Context): Target {
  const path = parseHref(href, space.prefix);
  if (path === undefined)
    return { kind: 'status', href, problem: { status: 400, message: 'this is not a path of this server' } };
  const [family, address = '', key, name, ...deeper] = path;
  const missing: Target = {
    kind: 'status',
    href,
    problem: { status: 404, message: 'there is no such object in this collection' },
  };
  if (name === undefined || deeper.length > 0) return missing;
  const { resource } = query;
  if (resource.kind === 'member')
    return isIn(resource.parent, { family, address, key }, { space }) && name === resource.member.href
      ? { kind: 'member', name }
      : missing;
  if (resource.kind !== 'collection') return missing;
  return isIn(resource, { family, address, key }, { space }) ? { kind: 'member', name } : missing;
}

function isIn(
  parent: CollectionResource,
  path: { readonly family?: string; readonly address: string; readonly key?: string },
  { space }: Pick<Context, 'space'>,
): boolean {
  const owner = parent.home.owner.address;
  const sameHome =
    path.address.toLowerCase() === owner.toLowerCase() ||
    (isSelf(space, owner) && isSelf(space, path.address));
  return sameHome && path.family === parent.family && path.key === parent.collection.folder.key;
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
