// POST: on a calendar object it adds, replaces or removes one attachment (RFC 8607 §3.4 to §3.6); the outbox is asked by it
// (RFC 6638 §5).
import { attachmentUri, parseAction } from '../attachments.ts';
import { answerQuestion } from '../busy-question.ts';
import { parseCondition, permissionOf } from '../conditions.ts';
import { requireIf } from '../if-header.ts';
import { parsePreferences } from '../prefer.ts';
import { requireRight } from '../privileges.ts';
import type { Context, DavRequest, DavResponse } from '../request.ts';
import type { Slot } from '../resource.ts';
import { DavError } from '../../model/failure.ts';
import type { Method } from './method.ts';
import { representationAnswer } from './put.ts';

export const post: Method = {
  on: ['slot', 'outbox'],
  takes: (place) =>
    place.kind === 'outbox' || (place.kind === 'slot' && place.parent.collection.attachments !== undefined),
  async run({ place, request }, context) {
    if (place.kind === 'outbox') return answerQuestion(place, request, context);
    const attachments = place.kind === 'slot' ? place.parent.collection.attachments : undefined;
    if (place.kind !== 'slot' || attachments === undefined)
      throw new DavError(405, 'POST is not allowed here');
    requireRight(place.parent, 'modify', place.href);
    const action = parseAction(request, attachments);
    await requireIf(request.headers.get('If'), place, context);
    const { managedId } = await attachments.change({
      href: place.name,
      ...action,
      condition: parseCondition(request.headers),
      mail: permissionOf(request.headers, context.space),
    });
    const { change } = action;
    const made = change.kind === 'add' ? 201 : 200;
    const answer = await answerOf(place, { request, status: made }, context);
    return { ...answer, headers: { ...answer.headers, ...headersOf(place, { managedId, change }, context) } };
  },
};

async function answerOf(
  slot: Slot,
  { request, status }: { readonly request: DavRequest; readonly status: number },
  context: Context,
): Promise<DavResponse> {
  const { representation } = parsePreferences(request.headers);
  if (representation) return representationAnswer(slot, { request, status }, context);
  return { status: status === 201 ? 201 : 204, headers: {} };
}

/** RFC 8607 §5.1: of what was made, never of what went. */
function headersOf(
  slot: Slot,
  done: { readonly managedId: string | undefined; readonly change: { readonly kind: string } },
  context: Context,
): Record<string, string> {
  if (done.managedId === undefined) return {};
  const id = { 'Cal-Managed-ID': done.managedId };
  return done.change.kind === 'add' ? { ...id, Location: attachmentUri(slot, done.managedId, context) } : id;
}
