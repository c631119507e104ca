// Files of a mailbox in texts that travel to another server and back (ATTACH, RFC 5545 §3.8.1.1; RFC 8607): as a name that only
// the traveller understands, as a link, or as bytes. Whatever becomes of a copy, the mailbox keeps its files.
import { createHash } from 'node:crypto';
import { paramOf, parseComponents, stringify, type Jcal, type JcalComponent } from './codec.ts';

/** `<base><member>/attachments/<MANAGED-ID>/<file name>`: how collections name a file at an address. */
export interface FileRules {
  /** The base of names that nobody but the traveller understands. */
  readonly base: string;
  /** The base of links that readers can open; absent: there are none. */
  readonly link?: string;
  /** Files up to this size keep their names: whoever writes the text puts the bytes in. */
  readonly maxBytes?: number;
}

/** Nextcloud takes 10 MiB an object (facts measured with 33.0.3), and bytes take a third more as base64. */
const maxBytesTogether = 7 * 1024 * 1024;

/** A component's properties on their way to readers elsewhere. `present`: of the same component there. */
export function propertiesAway(
  own: readonly Jcal[],
  present: readonly Jcal[],
  { base, link, maxBytes = -1 }: FileRules,
): Jcal[] {
  let together = 0;
  return own.flatMap((property): Jcal[] => {
    const path = pathAt(property, base);
    if (path === undefined) return [property];
    const size = Number(paramOf(property, 'size') ?? Number.NaN);
    if (size <= maxBytes && together + size <= maxBytesTogether) {
      together += size;
      return [property];
    }
    if (link !== undefined) return [withValue(property, link + path)];
    // Bytes that came from there stay there.
    return present.filter((each) => isBytes(each) && nameOf(each) === nameOf(property));
  });
}

/** On their way back: no file of the mailbox is lost by being absent, none is named that is not there any more. */
export function propertiesHome(
  own: readonly Jcal[],
  present: { readonly own: readonly Jcal[]; readonly ids: ReadonlySet<string> } | undefined,
  { base, link }: FileRules,
): Jcal[] {
  const named = own.map((property) => {
    const path = link === undefined ? undefined : pathAt(property, link);
    return path === undefined ? property : withValue(property, base + path);
  });
  if (present === undefined) return named;
  const kept = named.filter((property) => {
    const id = idOf(property, base);
    return id === undefined || present.ids.has(id);
  });
  const ids = new Set(kept.map((property) => idOf(property, base)));
  // Bytes under the same name are that file, edited.
  const names = new Set(kept.filter(isBytes).map(nameOf));
  const missing = present.own.filter((property) => {
    const id = idOf(property, base);
    return id !== undefined && !ids.has(id) && !names.has(nameOf(property));
  });
  return [...kept, ...missing];
}

/** MANAGED-IDs of all files that a text names. */
export function fileIdsIn(root: JcalComponent, base: string): ReadonlySet<string> {
  return new Set(attachmentsOf(root).flatMap((property) => idOf(property, base) ?? []));
}

/** Has it any such line? Without parsing. */
export function mayHaveFiles(text: string): boolean {
  return /^ATTACH[;:]/im.test(text);
}

export interface NamedFile {
  readonly member: string;
  readonly managedId: string;
}

/** Files that a text names, each once. */
export function filesNamedAt(text: string, base: string): readonly NamedFile[] {
  if (!mayHaveFiles(text)) return [];
  const paths = parseComponents(text)
    .flatMap(attachmentsOf)
    .flatMap((property) => pathAt(property, base) ?? []);
  return [...new Set(paths)].flatMap((path) => fileAt(path) ?? []);
}

/** The text with the bytes of its files in it, as far as they are given by MANAGED-ID; a line without them is left out. */
export function withBytes(text: string, base: string, bytes: ReadonlyMap<string, Uint8Array>): string {
  return rewritten(text, (property) => {
    const path = pathAt(property, base);
    const content = bytes.get(fileAt(path ?? '')?.managedId ?? '');
    if (path === undefined) return [property];
    if (content === undefined) return [];
    const { 'managed-id': _id, ...params } = property[1];
    const base64 = Buffer.from(content).toString('base64');
    const marks = { encoding: 'BASE64', [fileMark]: path, [digestMark]: digestOf(base64) };
    return [['attach', { ...params, ...marks }, 'binary', base64]];
  });
}

/** The text with names again where `withBytes` put bytes; bytes that somebody else has changed are his own now. */
export function withoutBytes(text: string, base: string): string {
  if (!mayHaveFiles(text) || !/;x-exdav-file=/i.test(text.replaceAll(/\r?\n[ \t]/g, ''))) return text;
  return rewritten(text, (property) => {
    const { [fileMark]: path, [digestMark]: digest, encoding, ...params } = property[1];
    if (typeof path !== 'string') return [property];
    const value = String(property[3]);
    const file = fileAt(path);
    if (file === undefined || digest !== digestOf(value))
      return [['attach', { ...params, ...(encoding !== undefined && { encoding }) }, property[2], value]];
    return [['attach', { ...params, 'managed-id': file.managedId }, 'uri', base + path]];
  });
}

/** The text without the files it names. */
export function withoutFilesAt(text: string, base: string): string {
  return rewritten(text, (property) => (pathAt(property, base) === undefined ? [property] : []));
}

const fileMark = 'x-exdav-file';
const digestMark = 'x-exdav-digest';

function digestOf(base64: string): string {
  return createHash('sha256').update(base64.replaceAll(/\s/g, '')).digest('base64url').slice(0, 22);
}

function rewritten(text: string, change: (property: Jcal) => Jcal[]): string {
  if (!mayHaveFiles(text)) return text;
  const changed = ([name, properties, components]: JcalComponent): JcalComponent => [
    name,
    properties.flatMap((each) => (each[0] === 'attach' && name !== 'valarm' ? change(each) : [each])),
    components.map(changed),
  ];
  return parseComponents(text)
    .map((root) => stringify(changed(root)))
    .join('');
}

function attachmentsOf([name, properties, components]: JcalComponent): Jcal[] {
  const own = name === 'valarm' ? [] : properties.filter((each) => each[0] === 'attach');
  return [...own, ...components.flatMap(attachmentsOf)];
}

function pathAt([name, , , value]: Jcal, base: string): string | undefined {
  return name === 'attach' && typeof value === 'string' && value.startsWith(base)
    ? value.slice(base.length)
    : undefined;
}

function fileAt(path: string): NamedFile | undefined {
  const [, member = '', managedId = ''] = /^([^/]+)\/attachments\/([\w-]+)\/[^/]*$/.exec(path) ?? [];
  try {
    return managedId === '' ? undefined : { member: decodeURIComponent(member), managedId };
  } catch {
    return undefined; // a broken percent-encoding names nothing
  }
}

function idOf(property: Jcal, base: string): string | undefined {
  const path = pathAt(property, base);
  return path === undefined ? undefined : fileAt(path)?.managedId;
}

function isBytes(property: Jcal): boolean {
  return property[0] === 'attach' && (property[2] === 'binary' || /^data:/i.test(String(property[3])));
}

function nameOf(property: Jcal): string {
  return paramOf(property, 'filename') ?? '';
}

function withValue([name, params, type]: Jcal, value: string): Jcal {
  return [name, params, type, value];
}
