// Members found by a report as responses of a multistatus; shared by the queries, the multigets and sync-collection.
import type { Href, Resource as Text, Shape } from '../../model/collection.ts';
import { DavError, precondition, type Outcome } from '../../model/failure.ts';
import { parseAddressData } from '../address-data.ts';
import { parseCalendarData } from '../calendar-data.ts';
import { problemOf, problemOfFailure } from '../errors.ts';
import type { ResponsePart } from '../multistatus.ts';
import { requireRight } from '../privileges.ts';
import { responsesOf, wantedElements, type Selection } from '../properties/selection.ts';
import type { Context } from '../request.ts';
import { memberHref, memberResource, type CollectionResource, type Resource } from '../resource.ts';
import { withScheduleTags } from '../schedule-tags.ts';
import type { ReportQuery } from './report.ts';

export interface MemberAnswer {
  readonly parent: CollectionResource;
  readonly selection: Selection;
  readonly minimal: boolean;
  readonly shape: Shape | 'none';
}

/** The collection a report is about, readable. */
export function readableCollection(query: ReportQuery): CollectionResource {
  const { resource } = query;
  if (resource.kind !== 'collection' && resource.kind !== 'member')
    throw new DavError(403, 'this report is about a collection', {
      precondition: precondition.supportedReport,
    });
  const collection = resource.kind === 'collection' ? resource : resource.parent;
  requireRight(collection, 'read');
  return collection;
}

/** In which shape the texts are wanted, if at all. */
export function shapeOf(selection: Selection, parent: CollectionResource): Shape | 'none' {
  const wanted = wantedElements(selection);
  return parent.family === 'calendars' ? parseCalendarData(wanted) : parseAddressData(wanted);
}

/** One response a member, failures under their own href: they hide no other. */
export async function memberResponses(
  found: readonly (readonly [Href, Outcome<Text>])[],
  answer: MemberAnswer,
  context: Context,
): Promise<readonly ResponsePart[]> {
  const { parent, selection, minimal, shape } = answer;
  const good = found.flatMap(([, outcome]) =>
    outcome.ok ? [memberResource(parent, outcome.value, shownOf(outcome.value, shape))] : [],
  );
  const tagged = shape === 'none' ? await withScheduleTags(good, selection, context) : good;
  const shown = await responsesOf(tagged, { selection, minimal, failures: 'part' }, context);
  const bad = found.flatMap(([name, outcome]): ResponsePart[] =>
    outcome.ok
      ? []
      : [
          {
            kind: 'status',
            href: memberHref(parent, name),
            problem: problemOfFailure(outcome.failure),
          },
        ],
  );
  return [...shown, ...bad];
}

/** RFC 6578 §3.6, RFC 6352 §8.6.1: a truncated answer says so with 507 for the resource that was asked. */
export function truncatedResponse(parent: Pick<Resource, 'href'>): ResponsePart {
  const error = new DavError(507, 'there is more', { precondition: precondition.numberOfMatches });
  return { kind: 'status', href: parent.href, problem: problemOf(error) ?? { status: 507, message: '' } };
}

function shownOf(
  { text, scheduleTag }: Text,
  shape: Shape | 'none',
): { readonly text?: string; readonly version?: '3.0' | '4.0'; readonly scheduleTag?: string } {
  if (shape === 'none') return {};
  if (shape.kind === 'address') return { text, version: shape.version };
  return { text, ...(scheduleTag !== undefined && { scheduleTag }) };
}
