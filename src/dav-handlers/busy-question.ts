// What a POST to the outbox asks: when are others busy (RFC 6638 §5)? Invitations are sent by storing events, not here.
import { parseFreeBusyRequest, TranslateError, type FreeBusyRequest } from '../collections/index.ts';
import { DavError, precondition } from '../model/failure.ts';
import { renderXml, xml, type Markup } from '../xml/index.ts';
import { busyAnswers, type BusyAnswer } from './busy-answers.ts';
import { charsetOf } from './media.ts';
import { declarations, hrefElement } from './names.ts';
import type { Context, DavRequest, DavResponse } from './request.ts';
import type { OutboxResource } from './resource.ts';
import { decodeText } from './text-body.ts';

/** More calls to the server than these need no question may cost. */
const maxAttendees = 500;
const maxDays = 366;

export async function answerQuestion(
  place: OutboxResource,
  request: DavRequest,
  context: Context,
): Promise<DavResponse> {
  const question = parseQuestion(request, context);
  await requireOwner(question.organizer.address, place);
  // Clients of the drafts before RFC 6638 say so once more.
  const originator =
    request.headers
      .get('Originator')
      ?.trim()
      .replace(/^mailto:/i, '') ?? '';
  if (originator.includes('@')) await requireOwner(originator, place);
  return renderAnswers(await busyAnswers(question, place.home, context));
}

function parseQuestion({ headers, body }: DavRequest, { space }: Context): FreeBusyRequest {
  const type = headers.get('Content-Type') ?? 'text/calendar';
  if (!/^\s*text\/calendar\s*(;|$)/i.test(type))
    throw new DavError(403, `${type} is no calendar data`, {
      precondition: precondition.calendarSupportedData,
    });
  if (body.length > space.limits.maxResourceBytes)
    throw new DavError(403, `more than ${space.limits.maxResourceBytes} bytes`, {
      precondition: precondition.calendarMaxResourceSize,
    });
  const question = parseText(body, charsetOf(type));
  if (question.attendees.length > maxAttendees) throw invalid(`more than ${maxAttendees} attendees`);
  if (question.range.to - question.range.from > maxDays * 86_400_000)
    throw invalid(`more than ${maxDays} days`);
  return question;
}

function parseText(body: Uint8Array, charset: string): FreeBusyRequest {
  try {
    return parseFreeBusyRequest(decodeText(body, charset));
  } catch (error) {
    // A charset that nobody knows, and bytes that are none in it.
    if (error instanceof RangeError || error instanceof TypeError)
      throw new DavError(403, 'the body is not text in its charset', {
        precondition: precondition.calendarValidData,
        cause: error,
      });
    if (!(error instanceof TranslateError)) throw error;
    const name =
      error.problem === 'malformed' ? precondition.calendarValidData : precondition.calendarValidMessage;
    throw new DavError(403, error.message, { precondition: name, cause: error });
  }
}

function invalid(message: string): DavError {
  return new DavError(403, message, { precondition: precondition.calendarValidMessage });
}

/** Whoever asks is the owner of the outbox, by one of his addresses; the further ones are asked for only if need be. */
async function requireOwner(address: string, { home }: OutboxResource): Promise<void> {
  const isMeant = (own: string): boolean => own.toLowerCase() === address.toLowerCase();
  if (isMeant(home.owner.address)) return;
  if (address !== '' && (await home.addresses()).some(isMeant)) return;
  throw new DavError(403, 'the ORGANIZER is not the owner of this outbox', {
    precondition: precondition.calendarValidOrganizer,
  });
}

function renderAnswers(answers: readonly BusyAnswer[]): DavResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/xml; charset=utf-8' },
    body: renderXml(xml('C:schedule-response', declarations, answers.map(renderAnswer))),
  };
}

/** RFC 6638 §10.2. */
function renderAnswer({ recipient, status, text }: BusyAnswer): Markup {
  return xml(
    'C:response',
    {},
    xml('C:recipient', {}, hrefElement(recipient)),
    xml('C:request-status', {}, status),
    text === undefined ? undefined : xml('C:calendar-data', {}, text),
  );
}
