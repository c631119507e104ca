// The If header (RFC 4918 §10.4): lists of etags and state tokens, of which only sync tokens exist here (RFC 6578 §5).
import { DavError } from '../model/failure.ts';
import { parseHref } from './href.ts';
import type { Context } from './request.ts';
import { lookUp, type Place } from './resource.ts';

interface Term {
  readonly not: boolean;
  readonly kind: 'etag' | 'token';
  readonly value: string;
}

interface List {
  /** Absent: about the resource of the request. */
  readonly href?: string;
  readonly terms: readonly Term[];
}

/** @throws DavError 400 when malformed, 412 when no list is met */
export async function requireIf(header: string | null, place: Place, context: Context): Promise<void> {
  if (header === null) return;
  for (const list of parseIf(header)) if (await isMet(list, place, context)) return;
  throw new DavError(412, 'no list of the If header is met');
}

function parseIf(header: string): readonly List[] {
  const lists: List[] = [];
  const cursor: { href?: string } = {};
  let rest = header.trim();
  while (rest !== '') {
    const tag = /^<([^>]*)>\s*/.exec(rest);
    const list = /^\(((?:[^()"<[]|"[^"]*"|<[^>]*>|\[[^\]]*\])*)\)\s*/.exec(rest);
    if (tag !== null) cursor.href = tag[1] ?? '';
    else if (list !== null) lists.push({ ...cursor, terms: parseTerms(list[1] ?? '') });
    else throw malformed();
    rest = rest.slice((tag ?? list)?.[0].length ?? rest.length);
  }
  if (lists.length === 0) throw malformed();
  return lists;
}

function parseTerms(text: string): readonly Term[] {
  const terms: Term[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const term = /^(not\s+|not(?=[<[]))?(?:<([^>]*)>|\[\s*((?:W\/)?"[^"]*")\s*\])\s*/i.exec(rest);
    if (term === null) throw malformed();
    const [whole, not, token, etag] = term;
    terms.push({
      not: not !== undefined,
      ...(etag === undefined ? { kind: 'token', value: token ?? '' } : { kind: 'etag', value: etag }),
    });
    rest = rest.slice(whole.length);
  }
  if (terms.length === 0) throw malformed();
  return terms;
}

async function isMet(list: List, place: Place, context: Context): Promise<boolean> {
  const about = list.href === undefined ? place : await placeOf(list.href, context);
  const facts = about === undefined ? {} : await factsOf(about, context);
  return list.terms.every((term) => {
    const holds = term.kind === 'etag' ? facts.etag === term.value : facts.token === term.value;
    return holds !== term.not;
  });
}

async function placeOf(href: string, context: Context): Promise<Place | undefined> {
  const path = parseHref(href, context.space.prefix);
  return path === undefined ? undefined : lookUp(path, context);
}

async function factsOf(
  place: Place,
  { signal }: Context,
): Promise<{ readonly etag?: string; readonly token?: string }> {
  if (place.kind === 'collection') return { token: (await place.state())?.syncToken };
  if (place.kind !== 'slot') return {};
  const member = await place.parent.collection.member(place.name, signal);
  return member === undefined ? {} : { etag: member.etag };
}

function malformed(): DavError {
  return new DavError(400, 'the If header is malformed');
}
