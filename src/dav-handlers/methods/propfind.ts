// PROPFIND (RFC 4918 §9.1).
import { DavError, precondition } from '../../model/failure.ts';
import { parseBodyAs } from '../body.ts';
import { parseDepth, type Depth } from '../depth.ts';
import { multistatusResponse } from '../multistatus.ts';
import { dav } from '../names.ts';
import { appliedHeaders, parsePreferences } from '../prefer.ts';
import { requireRight } from '../privileges.ts';
import { allprop, requireSelection, responsesOf } from '../properties/selection.ts';
import { childrenOf, resourceAt } from '../resource.ts';
import { withScheduleTags } from '../schedule-tags.ts';
import { davHeader, type Method } from './method.ts';

export const propfind: Method = {
  on: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection', 'slot'],
  async run({ place, request }, context) {
    const depth = finiteDepth(parseDepth(request.headers));
    const body = parseBodyAs(request, [dav('propfind')]);
    const selection = body === undefined ? allprop : requireSelection(body);
    const { minimal, noRoot } = parsePreferences(request.headers);
    const resource = await resourceAt(place, context.signal);
    if (depth === '1' && resource.kind === 'collection') requireRight(resource, 'read');
    const own = { selection, minimal, failures: 'whole' } as const;
    const itself = depth === '1' && noRoot ? [] : await withScheduleTags([resource], selection, context);
    const root = await responsesOf(itself, own, context);
    const children = depth === '1' ? await childrenOf(resource, context) : [];
    const tagged = await withScheduleTags(children, selection, context);
    const below = await responsesOf(tagged, { ...own, failures: 'part' }, context);
    const headers = {
      DAV: davHeader(context.space),
      ...appliedHeaders({ minimal, noRoot: noRoot && depth === '1' }),
    };
    return multistatusResponse({ responses: [...root, ...below] }, headers);
  },
};

/**
 * A missing Depth means infinity (§9.1), which no server of this size answers; clients that leave it out want the children,
 * so they get these. Who asks for infinity by name is told.
 */
function finiteDepth(depth: Depth | undefined): '0' | '1' {
  if (depth !== 'infinity') return depth ?? '1';
  throw new DavError(403, 'PROPFIND with Depth infinity is not answered', {
    precondition: precondition.propfindFiniteDepth,
  });
}
