// Texts of members: multiget in batches (RFC 4791 §7.9, RFC 6352 §8.7), GET where that does not answer.
import type { Href, Resource, Shape } from '../model/collection.ts';
import { BackendError, DavError, failed, success, type Failure, type Outcome } from '../model/failure.ts';
import { renderXml, textOf, xml, XmlError, type Markup } from '../xml/index.ts';
import { failureOf } from './failures.ts';
import { memberIn, pathOf } from './href.ts';
import { textFrom } from './marks.ts';
import { partial } from './members.ts';
import { decode, prop, propText, type DavResponse } from './multistatus.ts';
import { clark, documentElement, element, type Name } from './names.ts';
import type { Place } from './place.ts';
import { propfindOne, report } from './questions.ts';
import { calendarDataElement } from './shape.ts';

const batchSize = 50;
/** Names alone are cheap. */
const etagBatchSize = 500;

type Read = readonly [Href, Outcome<Resource>];

/** In the order asked. What the server leaves out of its answer is not there: Nextcloud is silent about it. */
export async function readMembers(
  place: Place,
  hrefs: readonly Href[],
  { shape, signal }: { readonly shape: Shape; readonly signal?: AbortSignal },
): Promise<readonly Read[]> {
  const found = new Map<Href, Outcome<Resource>>();
  const asked = [...new Set(hrefs)];
  for (let at = 0; at < asked.length; at += batchSize) {
    const batch = asked.slice(at, at + batchSize);
    for (const [href, outcome] of await readBatch(place, batch, { shape, signal })) found.set(href, outcome);
  }
  return hrefs.map((href) => [href, found.get(href) ?? notThere] as const);
}

/** One member as it is stored, with the version of vCard that this text has. */
export async function readOne(
  place: Place,
  href: Href,
  options: { readonly like?: string; readonly signal?: AbortSignal } = {},
): Promise<Resource | undefined> {
  const shape: Shape =
    place.kind === 'contacts' && options.like !== undefined
      ? { kind: 'address', version: /^VERSION:4\.0/im.test(options.like) ? '4.0' : '3.0' }
      : { kind: 'whole' };
  const [read] = await readMembers(place, [href], {
    shape,
    signal: options.signal,
  });
  const outcome = read?.[1] ?? notThere;
  if (outcome.ok) return outcome.value;
  if (outcome.failure.kind === 'not-found') return undefined;
  throw new BackendError(outcome.failure);
}

/** Etags of those that are there. @throws BackendError where the server does not say whether one is */
export async function etagsOf(
  place: Place,
  hrefs: readonly Href[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Href, DavResponse>> {
  const found = new Map<Href, DavResponse>();
  for (let at = 0; at < hrefs.length; at += etagBatchSize) {
    const batch = hrefs.slice(at, at + etagBatchSize);
    for (const [href, response] of await answersOf(place, batch, { data: undefined, signal })) {
      const { status = 200 } = response;
      if (status === 404 || status === 410) continue;
      if (status >= 300 || propText(response, 'D:getetag') === undefined) throw partial(status);
      found.set(href, response);
    }
  }
  return found;
}

const notThere: Outcome<never> = failed({ kind: 'not-found', message: 'there is no such member' });

interface Asked {
  readonly shape: Shape;
  readonly signal?: AbortSignal;
}

async function readBatch(place: Place, batch: readonly Href[], asked: Asked): Promise<readonly Read[]> {
  if (place.multiget) {
    try {
      const data = dataElement(place, asked.shape);
      const answers = await answersOf(place, batch, { data, signal: asked.signal });
      return batch.map((href) => [href, outcomeOf(place, href, answers.get(href))] as const);
    } catch (error) {
      if (!isAboutOne(error)) throw error;
    }
  }
  // One by one, so that the member that spoils the answer hides no other.
  const read: Read[] = [];
  for (const href of batch) read.push([href, await getOne(place, href, asked)]);
  return read;
}

/** Failures that a single member can cause for all: a text no XML can carry, too much text, a crash over it. */
function isAboutOne(error: unknown): boolean {
  if (error instanceof DavError) return error.status === 403 || error.status === 501;
  if (!(error instanceof BackendError)) return false;
  const { code = '' } = error.failure;
  return [
    'NotDav',
    'AnswerTooLarge',
    'Http500',
    'Http501',
    'Http400',
    'Http403',
    'Http405',
    'Http415',
  ].includes(code);
}

async function answersOf(
  place: Place,
  batch: readonly Href[],
  { data, signal }: { readonly data: Markup | undefined; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<Href, DavResponse>> {
  if (batch.length === 0) return new Map();
  if (!place.multiget) return propfindEach(place, batch, signal);
  const body = documentElement(
    place.subject === 'address' ? 'CR:addressbook-multiget' : 'C:calendar-multiget',
    element('D:prop', element('D:getetag'), element('D:getcontenttype'), data),
    ...batch.map((href) => element('D:href', pathOf(place.path, href))),
  );
  const { responses } = await report(place.client, {
    path: place.path,
    body: renderXml(body),
    depth: '1',
    signal,
  });
  const found = new Map<Href, DavResponse>();
  for (const response of responses) {
    const member = memberIn(place.path, response.href);
    if (typeof member === 'object') found.set(member.name, response);
  }
  return found;
}

async function propfindEach(
  place: Place,
  batch: readonly Href[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Href, DavResponse>> {
  const found = new Map<Href, DavResponse>();
  const names: readonly Name[] = ['D:getetag', 'D:getcontenttype'];
  for (const href of batch) {
    const path = pathOf(place.path, href);
    const response = await propfindOne(place.client, { path, names, signal });
    if (response) found.set(href, response);
  }
  return found;
}

function dataElement(place: Place, shape: Shape): Markup {
  if (place.subject === 'calendar') return calendarDataElement(shape);
  // Without a version Nextcloud turns a stored 4.0 card into 3.0, drops what does not fit, and keeps the etag.
  const version = shape.kind === 'address' ? shape.version : (place.abilities.cardVersions.at(-1) ?? '3.0');
  const properties = shape.kind === 'address' ? (shape.properties ?? []) : [];
  const parts = properties.map(({ name, noValue }) =>
    xml('CR:prop', { name, novalue: noValue ? 'yes' : undefined }),
  );
  return xml('CR:address-data', { 'content-type': 'text/vcard', version }, ...parts);
}

function outcomeOf(place: Place, href: Href, response: DavResponse | undefined): Outcome<Resource> {
  if (response === undefined) return notThere;
  const { status = 200 } = response;
  if (status >= 300) return failed(failureOfStatus(status));
  const name: Name = place.subject === 'address' ? 'CR:address-data' : 'C:calendar-data';
  const text = textOf(prop(response, name));
  const etag = propText(response, 'D:getetag');
  if (text === '' || etag === undefined) {
    return failed(failureOfStatus(response.missing.get(clark(name)) ?? 422));
  }
  return success(resourceOf(place, { href, etag, text }));
}

function resourceOf(place: Place, { href, etag, text }: Pick<Resource, 'href' | 'etag' | 'text'>): Resource {
  return {
    href,
    etag,
    text: textFrom(place, text),
    contentType: place.subject === 'address' ? 'text/vcard' : 'text/calendar',
  };
}

function failureOfStatus(status: number): Failure {
  if (status === 404 || status === 410) return { kind: 'not-found', message: 'there is no such member' };
  if (status === 401 || status === 403)
    return { kind: 'denied', message: 'the server does not show it', code: `Http${status}` };
  if (status >= 500)
    return { kind: 'unavailable', message: 'the server failed over it', code: `Http${status}` };
  return { kind: 'unreadable', message: 'the server lists it and gives no text', code: `Http${status}` };
}

async function getOne(place: Place, href: Href, { shape, signal }: Asked): Promise<Outcome<Resource>> {
  const version = shape.kind === 'address' ? shape.version : place.abilities.cardVersions.at(-1);
  const path = pathOf(place.path, href);
  const answer = await place.client.ask({
    method: 'GET',
    path,
    // Packed answers come with an etag that is not the member's (Apache adds `-gzip`, nginx makes it weak).
    headers: {
      Accept: place.subject === 'address' ? `text/vcard; version=${version}` : 'text/calendar',
      'Accept-Encoding': 'identity',
    },
    signal,
  });
  if (answer.status >= 300) {
    const failure = failureOf(answer, { subject: place.subject });
    return failed(failure instanceof BackendError ? failure.failure : failureOfStatus(answer.status));
  }
  try {
    const etag = strongEtag(answer.headers.etag) ?? (await etagsOf(place, [href], signal)).get(href);
    const text = decode(answer.body);
    const value = typeof etag === 'object' ? propText(etag, 'D:getetag') : etag;
    if (value === undefined) return notThere;
    return success(resourceOf(place, { href, etag: value, text }));
  } catch (error) {
    if (error instanceof XmlError)
      return failed({ kind: 'unreadable', message: 'its text is not UTF-8', code: 'NotUtf8' });
    throw error;
  }
}

export function strongEtag(header: string | undefined): string | undefined {
  return header !== undefined && /^"[^"]*"$/.test(header.trim()) ? header.trim() : undefined;
}
