// PROPPATCH (RFC 4918 §9.2): all or nothing.
import { DavError, precondition } from '../../model/failure.ts';
import { element } from '../names.ts';
import { parseBodyAs } from '../body.ts';
import { problemOf, type Problem } from '../errors.ts';
import {
  applyInstructions,
  isRefused,
  parseInstructions,
  propstatsOfVerdicts,
  type FolderDraft,
  type Instruction,
  type Verdict,
} from '../folder-draft.ts';
import { requireIf } from '../if-header.ts';
import { multistatusResponse } from '../multistatus.ts';
import { dav } from '../names.ts';
import { appliedHeaders, parsePreferences } from '../prefer.ts';
import { rowOf } from '../properties/rows.ts';
import { PrivilegeError } from '../errors.ts';
import { resourceAt, type CollectionResource, type Resource } from '../resource.ts';
import type { Method } from './method.ts';

export const proppatch: Method = {
  on: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection', 'slot'],
  async run({ place, request }, context) {
    const body = parseBodyAs(request, [dav('propertyupdate')]);
    if (body === undefined) throw new DavError(400, 'PROPPATCH needs a body');
    const instructions = parseInstructions(body);
    if (instructions.length === 0) throw new DavError(400, 'nothing is set and nothing removed');
    const resource = await resourceAt(place, context.signal);
    await requireIf(request.headers.get('If'), place, context);
    const verdicts =
      resource.kind === 'collection'
        ? await patchCollection(resource, instructions)
        : refuseAll(instructions, refusalOf(resource));
    const { minimal } = parsePreferences(request.headers);
    const headers = appliedHeaders({ minimal });
    // RFC 8144 §2.2: nothing to say when all went well.
    if (minimal && !isRefused(verdicts))
      return { status: 200, headers: { ...headers, 'Content-Length': '0' } };
    const propstats = propstatsOfVerdicts(verdicts);
    return multistatusResponse(
      { responses: [{ kind: 'propstats', href: resource.href, propstats }] },
      headers,
    );
  },
};

async function patchCollection(
  resource: CollectionResource,
  instructions: readonly Instruction[],
): Promise<readonly Verdict[]> {
  const { folder } = resource.collection;
  const before: FolderDraft = {
    kind: folder.kind,
    displayName: folder.displayName,
    properties: folder.properties,
  };
  const { draft, verdicts } = applyInstructions(before, instructions);
  // A read-only calendar still answers 207: Apple sends colour and order to each of them.
  if (!folder.rights.administer)
    return refuseAll(instructions, new PrivilegeError(resource.href, dav('write-properties')));
  if (isRefused(verdicts)) return verdicts;
  const renamed = draft.displayName === before.displayName ? {} : { displayName: draft.displayName };
  await resource.home.patch(folder.key, { ...renamed, properties: draft.properties });
  return verdicts;
}

function refusalOf(resource: Resource): DavError {
  return new DavError(403, `properties of a ${resource.kind} cannot be changed`);
}

/** Live properties say that they are protected; the rest says why nothing is kept here. */
function refuseAll(instructions: readonly Instruction[], refusal: DavError): readonly Verdict[] {
  return instructions.map(({ name }) => {
    const row = rowOf(name);
    return { name, problem: row !== undefined && row.write === undefined ? isProtected : problemOf(refusal) };
  });
}

const isProtected: Problem = {
  status: 403,
  message: 'this property is kept by the server',
  condition: element(precondition.cannotModifyProtected),
};
