// Multistatus as data, and the one place where it becomes text (RFC 4918 §13).
import { Markup, renderXml, xml } from '../xml/index.ts';
import type { Problem } from './errors.ts';
import { declarations, hrefElement } from './names.ts';
import { openPace } from './pace.ts';
import type { DavResponse } from './request.ts';

export interface PropStat {
  readonly status: number;
  readonly props: readonly Markup[];
  readonly condition?: Markup;
  readonly message?: string;
}

export type ResponsePart =
  | { readonly kind: 'propstats'; readonly href: string; readonly propstats: readonly PropStat[] }
  | { readonly kind: 'status'; readonly href: string; readonly problem: Problem };

export interface Multistatus {
  readonly responses: readonly ResponsePart[];
  readonly syncToken?: string;
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  422: 'Unprocessable Content',
  424: 'Failed Dependency',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  507: 'Insufficient Storage',
};

export async function multistatusResponse(
  multistatus: Multistatus,
  headers: Readonly<Record<string, string>> = {},
): Promise<DavResponse> {
  return {
    status: 207,
    headers: { 'Content-Type': 'application/xml; charset=utf-8', ...headers },
    body: await renderMultistatus(multistatus),
  };
}

async function renderMultistatus(multistatus: Multistatus): Promise<string> {
  const pieces: string[] = [];
  const pace = openPace();
  for (const [index, response] of multistatus.responses.entries()) {
    pieces.push(renderResponse(response).xml);
    if (index % 20 === 19) await pace();
  }
  const token = multistatus.syncToken;
  const last = token === undefined ? undefined : xml('D:sync-token', {}, token);
  return renderXml(xml('D:multistatus', declarations, new Markup(pieces.join('')), last));
}

export function renderResponse(response: ResponsePart): Markup {
  if (response.kind === 'propstats')
    return xml('D:response', {}, hrefElement(response.href), response.propstats.map(renderPropStat));
  const { problem } = response;
  return xml(
    'D:response',
    {},
    hrefElement(response.href),
    xml('D:status', {}, statusLine(problem.status)),
    problem.condition && xml('D:error', {}, problem.condition),
    tellsMore(problem) ? xml('D:responsedescription', {}, problem.message) : undefined,
  );
}

/** Of what is gone the status says it all; python-caldav takes any further word for a fault of the server. */
function tellsMore({ status, condition }: Problem): boolean {
  return status !== 404 || condition !== undefined;
}

export function renderPropStat(propstat: PropStat): Markup {
  return xml(
    'D:propstat',
    {},
    xml('D:prop', {}, propstat.props),
    xml('D:status', {}, statusLine(propstat.status)),
    propstat.condition && xml('D:error', {}, propstat.condition),
    propstat.message === undefined ? undefined : xml('D:responsedescription', {}, propstat.message),
  );
}

/** Thunderbird compares `HTTP/1.1 200 OK` letter by letter. */
function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Error'}`;
}
