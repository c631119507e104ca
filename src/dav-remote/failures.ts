// What a foreign server says went wrong, as the model's failures: by precondition, by what Nextcloud writes, by status.
import { BackendError, DavError, precondition, type FailureKind } from '../model/failure.ts';
import { childrenOf, clarkOf, parseXml, textOf, type XmlElement } from '../xml/index.ts';
import type { HttpAnswer } from './http.ts';
import { parseMultistatus } from './multistatus.ts';
import { isNamed } from './names.ts';

/** What the refused request was about: the same condition has other names in CalDAV and CardDAV. */
export interface Context {
  readonly subject: 'calendar' | 'address' | 'server';
}

/** A refusal in the words of whoever wrote it. */
interface Said {
  readonly status: number;
  readonly preconditions: readonly string[];
  /** `s:exception`, `s:message` of SabreDAV, or the description; for the table only, never passed on: it may quote content. */
  readonly words: string;
}

/** What Nextcloud only says in words (facts measured with 33.0.3, older forms from its issues). */
export type Complaint =
  | 'uid-taken'
  | 'uid-in-trash'
  | 'trash-name-taken'
  | 'too-many-created'
  | 'collection-limit'
  | 'too-large'
  | 'no-instances'
  | 'maintenance'
  | 'account-disabled';

const complaints: readonly (readonly [Complaint, number, RegExp])[] = [
  ['uid-in-trash', 400, /Deleted calendar object with uid already exists/i], // 22 to about 25, nextcloud/server#30096
  ['uid-taken', 400, /(calendar|vcard) object with uid already exists/i],
  // Since nextcloud/server#34375: SQLite, PostgreSQL, MySQL. Two writers of one UID get it, too.
  ['uid-in-trash', 500, /unique constraint|duplicate entry|calobjects_by_uid_index|calendarobjects\.uid/i],
  ['trash-name-taken', 403, /can't be moved into the trashbin/i], // nextcloud/server#42582
  ['too-many-created', 429, /too many (calendars|address ?books) created/i],
  ['collection-limit', 403, /(calendar|address ?book) limit reached/i],
  ['too-large', 403, /exceeds \d+ bytes/i],
  ['no-instances', 403, /does not generate any valid instances/i],
  ['maintenance', 503, /maintenance/i],
  ['account-disabled', 503, /DisabledUserException|account disabled/i],
];

export function complaintIn(answer: HttpAnswer): Complaint | undefined {
  return complaintOf(saidIn(answer));
}

/** Xandikos clothes refusals of PUT and MKCALENDAR in 207. */
export function statusIn(answer: HttpAnswer): number {
  return saidIn(answer).status;
}

export function isRefusal(answer: HttpAnswer): boolean {
  return statusIn(answer) >= 400;
}

/** The error to throw for an answer that refuses the request. */
export function failureOf(answer: HttpAnswer, context: Context): DavError | BackendError {
  const said = saidIn(answer);
  const complaint = complaintOf(said);
  const known = said.preconditions.find((each) => preconditions.has(each));
  if (complaint !== undefined) return complained(complaint, context, retryAfterMs(answer));
  if (known !== undefined)
    return new DavError(statusOf(known, said.status), `the server refuses it${reasonIn(said)}`, {
      precondition: known,
    });
  return byStatus(said.status, context, retryAfterMs(answer));
}

/** A line of what it says, for people: the end of a sentence. */
function reasonIn({ words }: Said): string {
  const line = words
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === '' ? '' : `: ${line.slice(0, 200)}`;
}

const preconditions: ReadonlySet<string> = new Set(Object.values(precondition));

/** As the rest of the program knows it: a taken UID is a conflict (409), whatever number came with it. */
function statusOf(known: string, status: number): number {
  if (isUidCondition(known)) return 409;
  return status === 412 ? 403 : status;
}

function isUidCondition(known: string): boolean {
  return known === precondition.calendarNoUidConflict || known === precondition.addressNoUidConflict;
}

export function isUidConflict(error: Error): boolean {
  return error instanceof DavError && error.precondition !== undefined && isUidCondition(error.precondition);
}

function complained(complaint: Complaint, context: Context, waitMs?: number): DavError | BackendError {
  const isCard = context.subject === 'address';
  switch (complaint) {
    case 'uid-taken':
      return uidConflict(context);
    case 'uid-in-trash':
      return backend('exists', ['UidInTrash', 'a deleted object in the trash bin holds its UID']);
    case 'trash-name-taken':
      return backend('exists', ['TrashNameTaken', 'the trash bin holds an object of its name']);
    case 'too-many-created':
      return backend(
        'busy',
        ['TooManyCreated', 'too many collections were created lately'],
        waitMs ?? hourMs,
      );
    case 'collection-limit':
      return backend('denied', ['CollectionLimit', 'the user has as many collections as the server allows']);
    case 'too-large':
      return new DavError(403, 'it is larger than the server takes', {
        precondition: isCard ? precondition.addressMaxResourceSize : precondition.calendarMaxResourceSize,
      });
    case 'no-instances':
      return new DavError(403, 'a series without a single instance', {
        precondition: precondition.calendarValidObject,
      });
    case 'maintenance':
      return backend('unavailable', ['Maintenance', 'the server is in maintenance mode'], waitMs);
    case 'account-disabled':
      // Nextcloud answers 503 for it, which looks like something that passes.
      return backend('unauthorized', ['AccountDisabled', 'the account is disabled']);
  }
}

const hourMs = 3_600_000;

export function uidConflict(context: Context, member?: string): DavError {
  return new DavError(409, 'another member of the collection has this UID', {
    precondition:
      context.subject === 'address' ? precondition.addressNoUidConflict : precondition.calendarNoUidConflict,
    ...(member !== undefined && { member }),
  });
}

const kinds: Readonly<Record<number, readonly [FailureKind, string]>> = {
  401: ['unauthorized', 'the server did not accept the sign-in'],
  403: ['denied', 'the server does not allow it'],
  409: ['invalid', 'the server says it conflicts with what is there'],
  423: ['busy', 'it is locked'],
  429: ['busy', 'the server limits requests'],
  503: ['unavailable', 'the server cannot do it at the moment'],
  507: ['too-large', 'the server has no room left'],
};

function byStatus(status: number, context: Context, waitMs?: number): DavError | BackendError {
  const isCard = context.subject === 'address';
  if (status === 404 || status === 410) return new DavError(404, 'the server does not have it');
  if (status === 412) return new DavError(412, 'it was changed meanwhile, or is there already');
  if (status === 413)
    return new DavError(403, 'it is larger than the server takes', {
      precondition: isCard ? precondition.addressMaxResourceSize : precondition.calendarMaxResourceSize,
    });
  // To a question it means that this kind of question is not known.
  if (status === 415 && context.subject !== 'server')
    return new DavError(403, 'the server cannot read it', {
      precondition: isCard ? precondition.addressValidData : precondition.calendarValidData,
    });
  const [kind, words] = kinds[status] ?? [status >= 500 ? 'unavailable' : 'invalid', `HTTP status ${status}`];
  return backend(kind, [`Http${status}`, words], waitMs);
}

function backend(
  kind: FailureKind,
  [code, message]: readonly [string, string],
  waitMs?: number,
): BackendError {
  return new BackendError({ kind, message, code, ...(waitMs !== undefined && { retryAfterMs: waitMs }) });
}

export function retryAfterMs(answer: HttpAnswer, now = Date.now): number | undefined {
  const text = answer.headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now();
  return Number.isFinite(ms) && ms > 0 ? ms : undefined;
}

function complaintOf({ status, words }: Said): Complaint | undefined {
  return complaints.find(([, wanted, pattern]) => wanted === status && pattern.test(words))?.[0];
}

function saidIn(answer: HttpAnswer): Said {
  if (answer.status === 207) {
    const [first] = tree(() => parseMultistatus(answer.body).responses) ?? [];
    return {
      status: first?.status ?? 207,
      preconditions: first?.errors ?? [],
      words: first?.description ?? '',
    };
  }
  if (answer.status < 400) return { status: answer.status, preconditions: [], words: '' };
  const text = answer.body.subarray(0, 100_000).toString('utf8');
  const root = tree(() => parseXml(text));
  if (root === undefined || !isNamed(root, 'D:error'))
    return { status: answer.status, preconditions: [], words: text };
  const parts = childrenOf(root);
  return {
    status: answer.status,
    preconditions: parts.filter((part) => !isForPeople(part)).map(clarkOf),
    words: parts.filter(isForPeople).map(textOf).join(' '),
  };
}

/** SabreDAV's own elements beside the condition, and the one that RFC 4918 §14.25 has for words. */
function isForPeople(part: XmlElement): boolean {
  return part.ns === 'http://sabredav.org/ns' || isNamed(part, 'D:responsedescription');
}

/** Error pages are often no XML at all. */
function tree<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
