// Errors as answers: kind → status, and the DAV:error element, which holds the precondition and nothing else (RFC 4918 §16).
import { BackendError, DavError, precondition, type Failure, type FailureKind } from '../model/failure.ts';
import { renderXml, xml, type Markup } from '../xml/index.ts';
import { dav, declarations, element, hrefElement } from './names.ts';
import type { DavResponse } from './request.ts';

export const statusOf = {
  'not-found': 404,
  changed: 412,
  exists: 409,
  denied: 403,
  unauthorized: 401,
  busy: 503,
  unavailable: 503,
  'too-large': 413,
  invalid: 403,
  inexpressible: 403,
  'would-send-mail': 403,
  unreadable: 500,
  'cursor-lost': 500,
} as const satisfies Record<FailureKind, number>;

const preconditionOf: Partial<Record<FailureKind, string>> = { denied: precondition.needPrivileges };

const defaultRetryMs: Partial<Record<FailureKind, number>> = { busy: 10_000, unavailable: 30_000 };

/** What a client is told of one thing that failed. */
export interface Problem {
  readonly status: number;
  readonly message: string;
  /** The precondition element. */
  readonly condition?: Markup;
  readonly retryAfterMs?: number;
}

/** RFC 3744 §7.1.1: which privilege is missing on which resource. */
export class PrivilegeError extends DavError {
  readonly href: string;
  readonly privilege: string;

  constructor(href: string, privilege: string) {
    super(403, `this needs the privilege ${privilege}`, { precondition: precondition.needPrivileges });
    this.href = href;
    this.privilege = privilege;
  }
}

/** RFC 4791 §5.3.2.1 and RFC 6352 §6.3.2.1: which resource has the UID already. */
export class UidConflictError extends DavError {
  readonly href: string;

  constructor(error: DavError, href: string) {
    super(error.status, error.message, { precondition: error.precondition, cause: error });
    this.href = href;
  }
}

export function problemOfFailure(failure: Failure): Problem {
  const name = preconditionOf[failure.kind];
  return {
    status: statusOf[failure.kind],
    message: failure.message,
    condition: name === undefined ? undefined : element(name),
    retryAfterMs: failure.retryAfterMs ?? defaultRetryMs[failure.kind],
  };
}

/** undefined: not an error that this room understands. */
export function problemOf(error: unknown): Problem | undefined {
  if (error instanceof BackendError) return problemOfFailure(error.failure);
  if (!(error instanceof DavError)) return undefined;
  return {
    status: error.status,
    message: error.message,
    condition: conditionOf(error),
    retryAfterMs: error.retryAfterMs,
  };
}

/** DavError and BackendError as a whole answer. */
export function failureResponse(error: unknown): DavResponse | undefined {
  const problem = problemOf(error);
  return problem === undefined ? undefined : { ...problemResponse(problem), error };
}

function problemResponse(problem: Problem): DavResponse {
  const headers: Record<string, string> = {};
  if (problem.retryAfterMs !== undefined)
    headers['Retry-After'] = String(Math.max(1, Math.ceil(problem.retryAfterMs / 1000)));
  if (problem.status === 401) headers['WWW-Authenticate'] = 'Basic realm="Exdav", charset="UTF-8"';
  if (problem.condition === undefined) {
    headers['Content-Type'] = 'text/plain; charset=utf-8';
    return { status: problem.status, headers, body: `${problem.message}\n` };
  }
  headers['Content-Type'] = 'application/xml; charset=utf-8';
  // The words are for people: clients know the condition, and pass over what they do not know (RFC 4918 §16, §17).
  const words = xml('D:responsedescription', {}, problem.message);
  const body = renderXml(xml('D:error', declarations, problem.condition, words));
  return { status: problem.status, headers, body };
}

function conditionOf(error: DavError): Markup | undefined {
  if (error.precondition === undefined) return undefined;
  if (error instanceof PrivilegeError)
    return element(
      error.precondition,
      element(dav('resource'), hrefElement(error.href), element(dav('privilege'), element(error.privilege))),
    );
  if (error instanceof UidConflictError) return element(error.precondition, hrefElement(error.href));
  return element(error.precondition);
}
