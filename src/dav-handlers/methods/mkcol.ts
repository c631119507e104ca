// Extended MKCOL (RFC 5689): a calendar or an address book, never a plain collection.
import { DavError, precondition } from '../../model/failure.ts';
import { childrenOf as elementsOf, clarkOf, renderXml, xml } from '../../xml/index.ts';
import { parseBody } from '../body.ts';
import { sortInstructions } from '../component-set.ts';
import { parseInstructions, propstatsOfVerdicts, type Instruction } from '../folder-draft.ts';
import { renderPropStat } from '../multistatus.ts';
import { caldav, carddav, dav, declarations } from '../names.ts';
import type { DavRequest } from '../request.ts';
import type { Family } from '../resource.ts';
import { makeFolder, requireFree, type NewFolder } from './make-collection.ts';
import type { Method } from './method.ts';

export const mkcol: Method = {
  on: ['unmapped'],
  refusesOn: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox', 'collection', 'slot'],
  async run({ place, request }, context) {
    const instructions = parseMkcol(request);
    if (place.kind !== 'unmapped' && place.kind !== 'slot')
      throw new DavError(405, 'something is here already', { precondition: dav('resource-must-be-null') });
    const { family, wanted } = parseType(instructions);
    const misplaced =
      family === 'calendars'
        ? precondition.calendarCollectionLocation
        : precondition.addressCollectionLocation;
    const free = requireFree(place, family, misplaced);
    const refused = await makeFolder(free, wanted, context);
    const headers = { 'Cache-Control': 'no-cache' };
    if (refused.length === 0) return { status: 201, headers };
    // RFC 5689 §3: nothing is made, and the body says which property was at fault.
    return {
      status: 403,
      headers: { ...headers, 'Content-Type': 'application/xml; charset=utf-8' },
      body: renderXml(
        xml('D:mkcol-response', declarations, propstatsOfVerdicts(refused).map(renderPropStat)),
      ),
    };
  },
};

function parseMkcol(request: DavRequest): readonly Instruction[] {
  const type = request.headers.get('Content-Type') ?? 'application/xml';
  // RFC 4918 §9.3: a body that is not understood is 415, not 400.
  if (request.body.length > 0 && !/[/+]xml\b/i.test(type))
    throw new DavError(415, `MKCOL with ${type} is not understood`);
  const body = parseBody(request);
  if (body === undefined) return [];
  if (clarkOf(body) !== dav('mkcol')) throw new DavError(415, 'the body of MKCOL must be DAV:mkcol');
  return parseInstructions(body);
}

/** DAV:resourcetype decides; it is no property to set. */
function parseType(instructions: readonly Instruction[]): {
  readonly family: Family;
  readonly wanted: NewFolder;
} {
  const asked = instructions.findLast((each) => each.name === dav('resourcetype'))?.element;
  const types = asked === undefined ? [] : elementsOf(asked).map(clarkOf);
  const rest = instructions.filter((each) => each.name !== dav('resourcetype'));
  const extra = types.filter((type) => type !== dav('collection'));
  if (types.includes(dav('collection')) && extra.length === 1) {
    if (extra[0] === carddav('addressbook'))
      return { family: 'addressbooks', wanted: { kind: 'contacts', instructions: rest } };
    if (extra[0] === caldav('calendar')) {
      const sorted = sortInstructions(rest);
      return { family: 'calendars', wanted: { kind: sorted.kind, instructions: sorted.rest } };
    }
  }
  throw new DavError(403, 'only calendars and address books can be made', {
    precondition: precondition.validResourceType,
  });
}
