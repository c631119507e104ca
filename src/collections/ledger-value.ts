// An object as a row of the ledger: lines, each like the same line of other rows, so that the store keeps them cheaply.
import type { LedgerEntry, LedgerRow } from '../model/store.ts';
import { derivedUid, hrefOf, wantedHref, type Entry, type FolderObject, type PartOf } from './identity.ts';

/** Raised when the lines change: older ledgers are then built anew. */
export const ledgerFormat = 2;

const linesPerEntry = 6;
const kinds = { e: 'event', t: 'task', c: 'contact', g: 'group' } as const;

function isKindLetter(letter: string): letter is keyof typeof kinds {
  return letter in kinds;
}

export const itemKey = (id: string): string => `i:${id}`;
export const uidKey = (uid: string): string => `u:${uid}`;
export const wantedKey = (href: string): string => `h:${href}`;

export function ledgerEntryOf(object: FolderObject, revision: number, extension: string): LedgerEntry {
  const { href } = object;
  return { href, revision, gone: false, value: valueOf(object, extension), keys: keysOf(object, extension) };
}

export function tombstone(href: string, revision: number): LedgerEntry {
  return { href, revision, gone: true, value: '', keys: [] };
}

/** A UID that gave the href is found by that href: no key of its own. */
function keysOf(object: FolderObject, extension: string): readonly string[] {
  const { uids, hrefs } = namesOf(object, extension);
  return [
    ...object.entries.map((entry) => itemKey(entry.id)),
    ...[...uids].filter((uid) => hrefOf(uid, extension) !== object.href).map(uidKey),
    ...[...hrefs].filter((href) => href !== object.href).map(wantedKey),
  ];
}

/** Every name that the object has, or would have if another had not: who takes or frees one of them concerns it. */
export function namesOf(
  object: FolderObject,
  extension: string,
): { readonly uids: ReadonlySet<string>; readonly hrefs: ReadonlySet<string> } {
  const [first] = object.entries;
  const wanted = wantedHref(object, extension);
  return {
    uids: new Set([
      object.uid,
      ...object.entries.flatMap(({ claim, part }) =>
        part ? [claim.uid, part.whole.uid, part.own] : [claim.uid],
      ),
      ...(object.uid === first.claim.uid ? [] : [derivedUid(first)]),
    ]),
    hrefs: new Set([object.href, wanted, ...(object.href === wanted ? [] : [derivedUid(first) + extension])]),
  };
}

export function valueOf(object: FolderObject, extension: string): string {
  const uid = object.uid + extension === object.href ? '' : escape(object.uid);
  return [uid, ...object.entries.map((entry) => linesOf(entry, object))].join('\n');
}

function linesOf(entry: Entry, object: FolderObject): string {
  const { claim } = entry;
  return [
    escape(entry.id),
    escape(entry.version),
    claim.uid === object.uid ? '' : escape(claim.uid),
    claim.href === undefined ? '' : claim.href === object.href ? '=' : `:${claim.href}`,
    escape(entry.rank),
    `${entry.kind.charAt(0)}${(entry.isSeries ? 1 : 0) + (entry.isMeeting ? 2 : 0)}${numberText(entry.span?.first)},${numberText(entry.span?.last)},${
      entry.instance === undefined ? partText(entry.part) : `=${escape(entry.instance)}`
    }`,
  ].join('\n');
}

/** Of the two names that a part has, the one that is not its claim. No href has a tab. */
function partText(part: PartOf | undefined): string {
  if (part === undefined) return '';
  const { name, whole, own, isApart } = part;
  return isApart ? `/${name}-${whole.href ?? ''}\t${escape(whole.uid)}` : `/${name}+${escape(own)}`;
}

function partOf(text: string | undefined, claim: Entry['claim']): Pick<Entry, 'part'> {
  const [, name, sign, rest = ''] = /^\/([0-9a-f]{12})([+-])(.*)$/s.exec(text ?? '') ?? [];
  if (name === undefined) return {};
  if (sign === '+') return { part: { name, whole: claim, own: unescape(rest), isApart: false } };
  const [href = '', ...uid] = rest.split('\t');
  const whole = { uid: unescape(uid.join('\t')), ...(href !== '' && { href }) };
  return { part: { name, whole, own: claim.uid, isApart: true } };
}

/** @throws RangeError when the row was not written by `ledgerEntryOf` */
export function objectOf(row: LedgerRow, extension: string): FolderObject {
  const lines = row.value.split('\n');
  const uid = lines[0] ? unescape(lines[0]) : uidOfHref(row.href, extension);
  const entries: Entry[] = [];
  for (let at = 1; at < lines.length; at += linesPerEntry) {
    entries.push(entryOf(lines.slice(at, at + linesPerEntry), { uid, href: row.href }));
  }
  const [first, ...others] = entries;
  if (!first) throw new RangeError('A row of the ledger is broken.');
  return { href: row.href, uid, entries: [first, ...others] };
}

function uidOfHref(href: string, extension: string): string {
  return href.slice(0, href.length - extension.length);
}

function entryOf(lines: readonly string[], name: { uid: string; href: string }): Entry {
  const [id = '', version = '', uid = '', href = '', rank = '', rest = ''] = lines;
  const [, kind = '', flags, first = '', last = '', instance, part] =
    /^(.)(.)([^,]*),([^,]*),(?:=(.*)|(\/.*))?$/s.exec(rest) ?? [];
  if (!isKindLetter(kind)) throw new RangeError('A row of the ledger is broken.');
  const claim = {
    uid: uid === '' ? name.uid : unescape(uid),
    ...(href !== '' && { href: href === '=' ? name.href : href.slice(1) }),
  };
  return {
    id: unescape(id),
    version: unescape(version),
    kind: kinds[kind],
    claim,
    ...partOf(part, claim),
    rank: unescape(rank),
    isSeries: (Number(flags) & 1) === 1,
    ...((Number(flags) & 2) === 2 && { isMeeting: true }),
    ...(first !== '' && {
      span: { first: parseNumber(first), ...(last !== '' && { last: parseNumber(last) }) },
    }),
    ...(instance !== undefined && { instance: unescape(instance) }),
  };
}

/** Whole seconds, usually; milliseconds are marked. */
function numberText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms % 1000 === 0 ? (ms / 1000).toString(36) : `.${Math.round(ms).toString(36)}`;
}

function parseNumber(text: string): number {
  return text.startsWith('.') ? Number.parseInt(text.slice(1), 36) : Number.parseInt(text, 36) * 1000;
}

function escape(text: string): string {
  return /[\\\n]/.test(text) ? text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n') : text;
}

function unescape(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, (_, after) => (after === 'n' ? '\n' : '\\')) : text;
}
