// Busy times of everybody asked about, all in one question to the mailbox, as iTIP replies (RFC 5546 §3.3.1, RFC 6638 §5).
import { renderFreeBusy, type FreeBusyRequest, type Recipient } from '../collections/index.ts';
import type { BusyTime } from '../model/backend.ts';
import type { Home } from '../model/collection.ts';
import type { FailureKind, Outcome } from '../model/failure.ts';
import type { Context } from './request.ts';

export interface BusyAnswer {
  /** The address as it was asked. */
  readonly recipient: string;
  /** REQUEST-STATUS (RFC 5546 §3.6). */
  readonly status: string;
  /** VFREEBUSY with METHOD:REPLY; absent when nothing is known. */
  readonly text?: string;
}

type Busy = Awaited<ReturnType<Home['busyTimes']>>;

const success = '2.0;Success';
const noSuchUser = '3.7;Invalid calendar user';
const unavailable = '5.1;Could not complete delivery';

/** What is told of a mailbox whose busy times cannot be had. */
const statusOf: Readonly<Partial<Record<FailureKind, string>>> = {
  'not-found': noSuchUser,
  invalid: noSuchUser,
  denied: '3.8;No authority',
  busy: unavailable,
  unavailable,
};
const unsupported = '5.3;No scheduling support for user';

export async function busyAnswers(
  question: FreeBusyRequest,
  home: Home,
  context: Context,
): Promise<readonly BusyAnswer[]> {
  const addresses = question.attendees.map(({ address }) => address).filter((address) => address !== '');
  const found: Busy = addresses.length === 0 ? new Map() : await home.busyTimes(addresses, question.range);
  return question.attendees.map((attendee) =>
    answerFor(attendee, found.get(attendee.address), { question, context }),
  );
}

function answerFor(
  attendee: Recipient,
  outcome: Outcome<readonly BusyTime[]> | undefined,
  { question, context }: { readonly question: FreeBusyRequest; readonly context: Context },
): BusyAnswer {
  const recipient = attendee.uri;
  if (outcome === undefined) return { recipient, status: noSuchUser };
  if (!outcome.ok) return { recipient, status: statusOf[outcome.failure.kind] ?? unsupported };
  const text = renderFreeBusy(question.range, outcome.value, {
    uid: question.uid,
    stamp: context.space.now?.() ?? Date.now(),
    organizer: question.organizer,
    attendee,
    method: 'REPLY',
  });
  return { recipient, status: success, text };
}
