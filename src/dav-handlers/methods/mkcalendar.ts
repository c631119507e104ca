// MKCALENDAR (RFC 4791 §5.3.1).
import { DavError, precondition } from '../../model/failure.ts';
import { childrenOf, clarkOf } from '../../xml/index.ts';
import { parseBodyAs } from '../body.ts';
import { sortInstructions } from '../component-set.ts';
import { parseInstructions, propstatsOfVerdicts, type Instruction } from '../folder-draft.ts';
import { multistatusResponse } from '../multistatus.ts';
import { caldav, dav } from '../names.ts';
import { makeFolder, requireFree } from './make-collection.ts';
import type { Method } from './method.ts';

export const mkcalendar: Method = {
  on: ['unmapped'],
  refusesOn: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection', 'slot'],
  async run({ place, request }, context) {
    const body = parseBodyAs(request, [caldav('mkcalendar')]);
    const free = requireFree(place, 'calendars', precondition.calendarCollectionLocation);
    const { kind, rest } = sortInstructions(body === undefined ? [] : withoutType(parseInstructions(body)));
    const refused = await makeFolder(free, { kind, instructions: rest }, context);
    // §5.3.1: caches must not keep the answer; properties that cannot be set are named in a 207, and nothing is made.
    const headers = { 'Cache-Control': 'no-cache' };
    if (refused.length === 0) return { status: 201, headers };
    const propstats = propstatsOfVerdicts(refused);
    return multistatusResponse({ responses: [{ kind: 'propstats', href: free.href, propstats }] }, headers);
  },
};

/** DAVx5 (4.x) says DAV:resourcetype here too: right when it names what the method makes anyway. */
function withoutType(instructions: readonly Instruction[]): readonly Instruction[] {
  const isType = (each: Instruction): boolean => each.name === dav('resourcetype');
  const types = instructions
    .filter(isType)
    .flatMap(({ element }) => (element === undefined ? [] : childrenOf(element).map(clarkOf)));
  if (types.some((type) => type !== dav('collection') && type !== caldav('calendar')))
    throw new DavError(403, 'MKCALENDAR makes calendars', { precondition: precondition.validResourceType });
  return instructions.filter((each) => !isType(each));
}
