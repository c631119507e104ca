// DAV:sync-collection (RFC 6578 §3.2). Members only: sync-level 1, which Nextcloud's federation leaves out.
import type { Delta, Href, Resource as Text, Shape } from '../../model/collection.ts';
import { DavError, success, type Outcome } from '../../model/failure.ts';
import { textOf, type XmlElement } from '../../xml/index.ts';
import type { Depth } from '../depth.ts';
import { childElement } from '../elements.ts';
import type { ResponsePart } from '../multistatus.ts';
import { dav } from '../names.ts';
import { requireSelection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import { memberHref, type CollectionResource } from '../resource.ts';
import { parseLimit } from './limit.ts';
import { memberResponses, readableCollection, shapeOf, truncatedResponse } from './members.ts';
import type { Report } from './report.ts';

export const syncCollection: Report = async (query, context) => {
  const { body } = query;
  const parent = readableCollection(query);
  requireLevelOne(body, query.depth);
  const selection = requireSelection(body);
  const shape = shapeOf(selection, parent);
  const limit = parseLimit(childElement(body, dav('limit')), dav('nresults'));
  const token = textOf(childElement(body, dav('sync-token'))).trim();
  const delta = await parent.collection.changes(token === '' ? undefined : token, limit, context.signal);
  const changed = await changedTexts(delta, { parent, shape }, context);
  const answer = { parent, selection, shape, minimal: query.minimal };
  const responses = [
    ...(await memberResponses(changed, answer, context)),
    ...delta.gone.map((name) => goneResponse(parent, name)),
  ];
  return {
    kind: 'multistatus',
    responses: delta.truncated ? [...responses, truncatedResponse(parent)] : responses,
    syncToken: delta.token,
  };
};

/** Texts are read only when the client wants them in the same answer. */
async function changedTexts(
  delta: Delta,
  asked: { readonly parent: CollectionResource; readonly shape: Shape | 'none' },
  context: Context,
): Promise<readonly (readonly [Href, Outcome<Text>])[]> {
  if (asked.shape === 'none')
    return delta.changed.map((member) => [member.href, success({ ...member, text: '', contentType: '' })]);
  const names = delta.changed.map((member) => member.href);
  return names.length === 0 ? [] : asked.parent.collection.read(names, asked.shape, context.signal);
}

/** RFC 6578 §3.3: the level is in the body; Thunderbird says Depth 1 besides, which harms nobody. */
function requireLevelOne(body: XmlElement, depth: Depth | undefined): void {
  const level = textOf(childElement(body, dav('sync-level'))).trim();
  if (level === 'infinite' || (level === '' && depth === 'infinity'))
    throw new DavError(403, 'only the members of one collection can be synchronised', {
      precondition: dav('sync-traversal-supported'),
    });
  if (level !== '' && level !== '1') throw new DavError(400, 'sync-level is 1 or infinite');
  if (depth === 'infinity') throw new DavError(400, 'sync-collection is asked with Depth 0');
}

function goneResponse(parent: CollectionResource, name: Href): ResponsePart {
  return {
    kind: 'status',
    href: memberHref(parent, name),
    problem: { status: 404, message: 'gone' },
  };
}
