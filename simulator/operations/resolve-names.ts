// ResolveNames ([MS-OXWSRSLNM]; BEHAVIOUR §6): the directory, then contacts folders, by ambiguous name resolution.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { renderEntryContact, renderEntryMailbox, renderMailbox } from '../fields/directory-xml.ts';
import { renderItemId } from '../fields/item-rows.ts';
import { tag, type View } from '../fields/row.ts';
import { itemWriter, parseShape } from '../fields/shape.ts';
import { demandRight, folderAt, placeOf } from '../lookup.ts';
import { failure, refusalOf, respond, success, warning } from '../responses.ts';
import { folderOf, type DirectoryEntry, type World } from '../state/index.ts';
import { viewOf, type Place } from '../view.ts';
import type { Operation } from './operation.ts';

const mostHits = 100;

type Hit =
  | { readonly kind: 'entry'; readonly entry: DirectoryEntry }
  | { readonly kind: 'contact'; readonly view: View };

export const resolveNames: Operation = (request, context) => {
  try {
    const busy = context.faults.messageError(context.operation);
    if (busy !== undefined) throw busy;
    return respond(context.operation, [resolve(request, context)]);
  } catch (error) {
    return respond(context.operation, [failure(context, refusalOf(error), '')]);
  }
};

function resolve(request: XmlElement, context: Context): string {
  const entry = textOf(childOf(request, 'UnresolvedEntry')).trim();
  const scope = request.attrs['SearchScope'] ?? 'ActiveDirectoryContacts';
  const all = (sources[scope] ?? []).flatMap((source) => source(entry, request, context));
  const hits = all.slice(0, mostHits);
  if (hits.length === 0) throw new EwsError('ErrorNameResolutionNoResults');
  const write = writerOf(request, context);
  const payload = `<m:ResolutionSet TotalItemsInView="${hits.length}" IncludesLastItemInRange="${String(hits.length === all.length)}">${hits.map(write).join('')}</m:ResolutionSet>`;
  return hits.length === 1
    ? success(context, payload)
    : warning(context, new EwsError('ErrorNameResolutionMultipleResults'), payload);
}

type Source = (entry: string, request: XmlElement, context: Context) => Hit[];

const inDirectory: Source = (entry, _, { world }) => directoryHits(entry, world);
const inContacts: Source = (entry, request, context) => contactHits(entry, placesOf(request, context));

/** By SearchScope, in the order of their hits. */
const sources: Readonly<Record<string, readonly Source[]>> = {
  ActiveDirectory: [inDirectory],
  ActiveDirectoryContacts: [inDirectory, inContacts],
  Contacts: [inContacts],
  ContactsActiveDirectory: [inContacts, inDirectory],
};

/** Folders that are named, else the caller's Contacts. */
function placesOf(request: XmlElement, context: Context): readonly Place[] {
  const folders = childOf(request, 'ParentFolderIds');
  if (folders === undefined) return [placeOf(context, context.user, folderOf(context.user, 'contacts'))];
  return childrenOf(folders).map((id) => {
    const place = folderAt(context, id);
    demandRight(place, 'read');
    return place;
  });
}

function directoryHits(entry: string, world: World): Hit[] {
  const test = testOf(entry);
  return [...world.directory.values()]
    .filter((known) => test(namesOf(known), [known.address, ...known.proxies, known.legacyDn]))
    .map((known) => ({ kind: 'entry', entry: known }));
}

function namesOf(entry: DirectoryEntry): readonly (string | undefined)[] {
  return [entry.name, entry.givenName, entry.surname, entry.alias, entry.office];
}

function contactHits(entry: string, places: readonly Place[]): Hit[] {
  const test = testOf(entry);
  const hits: Hit[] = [];
  for (const place of places) {
    for (const item of place.folder.items.values()) {
      if (item.kind !== 'contact' && item.kind !== 'list') continue;
      const { displayName, fileAs, givenName, surname, nickname, companyName, emails } = item.values;
      const addresses = Object.values(emails ?? {}).map(({ address }) => address);
      if (item.kind === 'contact' && addresses.length === 0) continue;
      const names = [displayName, fileAs, givenName, surname, nickname, companyName];
      if (test(names, addresses)) hits.push({ kind: 'contact', view: viewOf(place, item) });
    }
  }
  return hits;
}

type Test = (names: readonly (string | undefined)[], addresses: readonly string[]) => boolean;

/**
 * Ambiguous name resolution: the beginning of a name, of its words in order, or of an address. `smtp:`, `EX:` and X500
 * addresses mean one thing exactly.
 */
function testOf(entry: string): Test {
  const [, scheme, rest] = /^(smtp|ex|x500):(.*)$/i.exec(entry) ?? [];
  const wanted = (rest ?? entry).trim().toLowerCase();
  if (scheme !== undefined || wanted.startsWith('/o='))
    return (_, addresses) => addresses.some((address) => address.toLowerCase() === wanted);
  const parts = wanted.split(/[\s,]+/).filter((part) => part !== '');
  return (names, addresses) =>
    addresses.some((address) => address.toLowerCase().startsWith(wanted)) ||
    names.some((name) => beginsWith(name?.toLowerCase() ?? '', wanted, parts));
}

function beginsWith(name: string, wanted: string, parts: readonly string[]): boolean {
  if (name.startsWith(wanted)) return true;
  const words = name.split(/[\s,]+/);
  return parts.length > 0 && parts.every((part) => words.some((word) => word.startsWith(part)));
}

/** Writes one t:Resolution. */
function writerOf(request: XmlElement, context: Context): (hit: Hit) => string {
  const isFull = /^(true|1)$/.test(request.attrs['ReturnFullContactData'] ?? 'false');
  const base = request.attrs['ContactDataShape'] ?? 'Default';
  const answer = answerOf(context, { bodyType: 'HTML', listing: false });
  const write = itemWriter({ ...parseShape(undefined), base }, false);
  return (hit) => {
    if (hit.kind === 'entry') {
      const contact = isFull ? renderEntryContact(context.world, hit.entry, base) : '';
      return tag('Resolution', renderEntryMailbox(hit.entry, answer) + contact);
    }
    const mailbox = renderContactMailbox(hit.view);
    return tag(
      'Resolution',
      mailbox + (isFull && hit.view.item.kind === 'contact' ? write(hit.view, answer) : ''),
    );
  };
}

/** Somebody of a contacts folder comes with the id of that contact, a list with nothing else. */
function renderContactMailbox(view: View): string {
  const { values, item } = view;
  const name = values.displayName ?? values.fileAs ?? '';
  const itemId = renderItemId(view);
  if (item.kind === 'list') return renderMailbox({ name, routingType: 'MAPIPDL', type: 'PrivateDL', itemId });
  const [first] = Object.values(values.emails ?? {});
  return renderMailbox({ name, address: first?.address ?? '', routingType: 'SMTP', type: 'Contact', itemId });
}
