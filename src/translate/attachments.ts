// ATTACH (RFC 5545 §3.8.1.1, RFC 8607 §4) ⇄ files of an item. Stored ones are shown as links that only this gateway answers;
// bytes inside the object become files; links to elsewhere are the client's own and stay beside.
import { hash } from 'node:crypto';
import { isCard } from '../model/group.ts';
import { fileIdOf, isNewPart, type Item, type NewPart, type Part } from '../model/item.ts';
import { attachmentScheme, managedUri } from './attachment-uris.ts';
import { paramOf, type Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { withoutTail } from './tail.ts';
import { propertiesOf, type ParseContext, type Rendered, type Row } from './rows.ts';
import { rendered } from './shared-rows.ts';

type Attachments = readonly (Part | NewPart)[];
interface Attached {
  readonly attachments: Attachments;
}
/** Files that a text may name, by their MANAGED-ID. */
export type KnownFiles = ReadonlyMap<string, Part | NewPart>;

/** Names a stored file for as long as it is the same one, and says nothing of what the backend calls it. */
export function managedIdOf(part: Part): string {
  return hash('sha256', `attachment ${fileIdOf(part)}`, 'base64url').slice(0, 22);
}

/** Every stored file of an item; one that an occurrence shares with its series once, as the series' own. */
export function filesOf(item: Item | undefined): ReadonlyMap<string, Part> {
  if (item === undefined || isCard(item)) return new Map();
  const lists = item.kind === 'event' ? item.overrides.map(({ attachments }) => attachments) : [];
  // The last word counts: the series' own.
  const all = [...lists.flat(), ...item.attachments];
  return new Map(all.flatMap((part) => (isManaged(part) ? [[managedIdOf(part), part] as const] : [])));
}

function isManaged(part: Part | NewPart): part is Part {
  return !isNewPart(part) && part.uri === undefined;
}

export const attachmentRow: Row<Attached> = {
  claims: ['attach'],
  fields: ['attachments'],
  isBeside: true,
  render: ({ attachments }) => rendered(...attachments.map(propertyOf)),
  parse: (parts, context) => ({ attachments: parseAttachments(propertiesOf(parts), context) }),
  keepable: (parts, { attachments }) => rendered(...propertiesOf(parts).flatMap(keeperOf(attachments))),
  merge: mergeAttachments,
};

function propertyOf(part: Part | NewPart): Jcal {
  const type = mediaType(part.contentType);
  const filename = shownName(part);
  const named: Record<string, string> = { ...(type !== undefined && { fmttype: type }), filename };
  if (isNewPart(part)) return ['attach', named, 'uri', managedUri('new', filename)];
  if (part.uri !== undefined) return ['attach', named, 'uri', part.uri];
  const id = managedIdOf(part);
  const size: Record<string, string> = part.size === undefined ? {} : { size: String(part.size) };
  return ['attach', { 'managed-id': id, ...named, ...size }, 'uri', managedUri(id, filename)];
}

function shownName({ name, contentType }: Part | NewPart): string {
  return name || defaultName(mediaType(contentType) ?? '');
}

/** RFC 8607 §4.1: FMTTYPE is the bare type. */
function mediaType(text: string | undefined): string | undefined {
  return /^\s*([\w.+-]+\/[\w.+-]+)\s*(?:;|$)/.exec(text ?? '')?.[1]?.toLowerCase();
}

function parseAttachments(properties: readonly Jcal[], context: ParseContext): Attachments {
  const { present, files } = context;
  const own = present === undefined || isCard(present) ? [] : present.attachments;
  const known = new Map([
    ...(files ?? []),
    ...own.flatMap((part) => (isManaged(part) ? [[managedIdOf(part), part] as const] : [])),
  ]);
  const links = own.filter((part) => !isNewPart(part) && part.uri !== undefined);
  const found = properties.flatMap((property): Attachments => {
    if (isInline(property)) return [newPartOf(property)];
    const uri = textValue(property);
    const link = links.find((part) => !isNewPart(part) && part.uri === uri);
    if (link) return [link];
    const part = known.get(paramOf(property, 'managed-id') ?? '') ?? known.get(managedIdIn(uri) ?? '');
    if (part) return [part];
    if (managedIdIn(uri) !== undefined)
      throw new TranslateError(
        'unknown-attachment',
        'this names a file that the object does not have',
        'ATTACH',
      );
    return [];
  });
  return [...new Set(found)];
}

const dataUri = /^data:([^,]*),/i;

/** Bytes that stand inside the object: VALUE=BINARY, or a data: URI (RFC 2397). */
function isInline(property: Jcal): boolean {
  return isBinary(property) || dataUri.test(textValue(property));
}

function isBinary(property: Jcal): boolean {
  return property[2] === 'binary' || paramOf(property, 'encoding')?.toUpperCase() === 'BASE64';
}

function newPartOf(property: Jcal): NewPart {
  const contentType = inlineType(property);
  const name = inlineName(property);
  const value = textValue(property);
  if (isBinary(property)) return { name, contentType, base64: base64Of(value) };
  const [head = '', parameters = ''] = dataUri.exec(value) ?? [];
  const body = value.slice(head.length);
  const base64 = /;\s*base64\s*$/i.test(parameters)
    ? base64Of(body)
    : Buffer.from(decoded(body)).toString('base64');
  return { name, contentType, base64 };
}

function inlineType(property: Jcal): string {
  const given = mediaType(paramOf(property, 'fmttype'));
  if (given !== undefined || isBinary(property)) return given ?? 'application/octet-stream';
  return mediaType(dataUri.exec(textValue(property))?.[1]) ?? 'text/plain';
}

function inlineName(property: Jcal): string {
  return fileName(property) ?? defaultName(inlineType(property));
}

/** @throws TranslateError when it is none: a file that was cut off must not be taken for the whole */
function base64Of(value: string): string {
  const text = value.replaceAll(/\s/g, '');
  const bytes = Buffer.from(text, 'base64');
  const base64 = bytes.toString('base64');
  if (withoutTail(base64, '=') !== withoutTail(text, '='))
    throw new TranslateError('invalid', 'the bytes of an attachment are no base64', 'ATTACH');
  return base64;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TranslateError('invalid', 'the bytes of an attachment are not encoded as in a URI', 'ATTACH');
  }
}

/** RFC 8607 §4.2, and what programs said before: Evolution, Oracle, Apple. */
const nameParams = [
  'filename',
  'x-filename',
  'x-apple-filename',
  'x-evolution-caldav-attachment-name',
  'x-oracle-filename',
  'x-label',
];

function fileName(property: Jcal): string | undefined {
  for (const param of nameParams) {
    const name = safeName(paramOf(property, param) ?? '');
    if (name !== '') return name;
  }
  return undefined;
}

/** The last part of a path, without what no file system takes. */
export function safeName(given: string): string {
  const name = given.slice(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
  const clean = name
    .toWellFormed()
    .replaceAll(/[\0-\x1f\x7f"<>|:*?]/g, '')
    .trim();
  return clean.length <= 200 ? clean : clean.slice(0, 180) + clean.slice(-20);
}

const endings: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf',
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'message/rfc822': '.eml',
  'text/calendar': '.ics',
  'text/html': '.html',
  'text/plain': '.txt',
};

export function defaultName(contentType: string): string {
  return `attachment${endings[contentType] ?? '.bin'}`;
}

/** The id in a link of ours: as `render` writes it, or as a client was told it, whatever the host is called by now. */
function managedIdIn(uri: string): string | undefined {
  const path = uri.startsWith(attachmentScheme)
    ? /^([\w-]+)\//.exec(uri.slice(attachmentScheme.length))
    : /\/calendars\/[^/]+\/[^/]+\/[^/]+\/attachments\/([\w-]{22})\/[^/]*$/.exec(uri);
  return path?.[1];
}

/**
 * What is kept of each line: a link to elsewhere as it is; of a file only the parameters that nobody else tells, under
 * the name by which the file is found again. Bytes never.
 */
function keeperOf(attachments: Attachments): (property: Jcal) => Jcal[] {
  const names = new Map(
    attachments.flatMap((part) => (isManaged(part) ? [[managedIdOf(part), shownName(part)] as const] : [])),
  );
  const links = new Set(attachments.flatMap((part) => (isNewPart(part) ? [] : (part.uri ?? []))));
  return (property) => {
    const uri = textValue(property);
    const id = [paramOf(property, 'managed-id'), managedIdIn(uri)].find((each) => names.has(each ?? ''));
    // New ones, and those of another object of which this is a copy, have no id here yet.
    const isNew = isInline(property) || (id === undefined && managedIdIn(uri) !== undefined);
    if (!isNew && id === undefined && !links.has(uri)) return [property];
    const params = Object.fromEntries(Object.entries(property[1]).filter(([name]) => !told.has(name)));
    if (Object.keys(params).length === 0) return [];
    const stored = id === undefined ? managedUri('link', uri) : managedUri(id, names.get(id) ?? '');
    const value = isNew ? managedUri('new', inlineName(property)) : stored;
    return [['attach', params, 'uri', value]];
  };
}

const told = new Set(['managed-id', 'fmttype', 'filename', 'size', 'encoding']);

/** What is stored, with the client's further parameters, and after it the client's own links. */
function mergeAttachments(kept: readonly Rendered[], shown: readonly Rendered[]): readonly Rendered[] {
  const given = propertiesOf(kept);
  const free = given.filter((property) => textValue(property).startsWith(attachmentScheme));
  const own = given.filter((property) => !free.includes(property));
  const lines = propertiesOf(shown);
  const overlays = new Map<Jcal, Jcal>();
  // A file that had to be made again (of an occurrence, when its series starts anew) has another id and the same name.
  for (const isOf of [isByIdOf, isByNameOf])
    for (const line of lines) {
      const at = overlays.has(line) ? -1 : free.findIndex((each) => isOf(textValue(each), line));
      const [overlay] = at < 0 ? [] : free.splice(at, 1);
      if (overlay) overlays.set(line, overlay);
    }
  const stored = lines.map((line): Jcal => {
    const [name, params, ...rest] = line;
    return [name, { ...overlays.get(line)?.[1], ...params }, ...rest];
  });
  return rendered(...stored, ...own);
}

function isByIdOf(keeper: string, [, params, , value]: Jcal): boolean {
  const id = params['managed-id'];
  if (typeof id !== 'string') return keeper === managedUri('link', String(value));
  return managedIdIn(keeper) === id;
}

function isByNameOf(keeper: string, [, params]: Jcal): boolean {
  const filename = params['filename'];
  return (
    typeof filename === 'string' && keeper.endsWith(managedUri('', filename).slice(attachmentScheme.length))
  );
}

function textValue(property: Jcal): string {
  const value = property[3];
  return typeof value === 'string' ? value.trim() : '';
}
