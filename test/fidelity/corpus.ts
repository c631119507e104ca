// Files → the objects that a client would PUT from them: one UID each, with the time zones beside them and without METHOD,
// which belongs to messages (RFC 4791 §4.1).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Component, lineOf, parseLines, renderComponent, valueOf } from './content-lines.ts';

export type Folder = 'events' | 'tasks' | 'contacts';
/** What an object becomes: groups lie among contacts. */
export type Sort = Folder | 'groups';

export interface CorpusObject {
  /** File, and a number where the file holds several. */
  readonly name: string;
  readonly folder: Folder;
  readonly uid: string;
  readonly body: Uint8Array | string;
  /** What is wrong with it by the independent reader. */
  readonly faults: readonly string[];
}

export function sortOf({ folder, body }: CorpusObject): Sort {
  if (folder !== 'contacts') return folder;
  const [root] = parseLines(body).roots;
  const kind = root && (valueOf(root, 'KIND') ?? valueOf(root, 'X-ADDRESSBOOKSERVER-KIND'));
  return kind?.trim().toLowerCase() === 'group' ? 'groups' : 'contacts';
}

export const corpusFolder =
  process.env['EXDAV_CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
export const goldenFolder = new URL('../translate/golden', import.meta.url).pathname;
/** What recorded items became. */
const recordedFolder = new URL('../golden', import.meta.url).pathname;
/** Full width: what the issues name and the corpus lacks. */
const ownFolder = new URL('objects', import.meta.url).pathname;

export function readCorpus(): CorpusObject[] {
  const folders = [
    join(corpusFolder, 'ics'),
    join(corpusFolder, 'vcf'),
    goldenFolder,
    recordedFolder,
    ownFolder,
  ];
  return folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((name) => join(folder, name)),
    )
    .filter((path) => /\.(ics|vcf)$/.test(path))
    .flatMap((path) => objectsOf(basename(path), readFileSync(path)))
    .flatMap((object) => [object, ...asOrganizer(object)]);
}

export function objectsOf(name: string, bytes: Uint8Array): CorpusObject[] {
  const { roots, faults } = parseLines(bytes);
  const folder: Folder = name.endsWith('.vcf') ? 'contacts' : 'events';
  if (faults.length > 0) return [{ name, folder, uid: name, body: bytes, faults }];
  const objects = roots.flatMap((root) => split(root));
  if (objects.length === 0) return [{ name, folder, uid: name, body: bytes, faults: ['no component'] }];
  const [only] = objects;
  // As it is in the file where nothing had to be taken apart.
  const isWhole = objects.length === 1 && only?.isWhole === true;
  return objects.map((object, index) => {
    const uid = object.uid ?? `made-up-for-${index + 1}-${name}`;
    return {
      name: objects.length === 1 ? name : `${name}#${index + 1}`,
      folder: object.folder,
      uid,
      body: isWhole
        ? bytes
        : renderComponent(object.uid === undefined ? withUid(object.root, uid) : object.root),
      faults: [],
    };
  });
}

interface Split {
  readonly folder: Folder;
  readonly uid: string | undefined;
  readonly root: Component;
  readonly isWhole: boolean;
}

function split(root: Component): Split[] {
  if (root.name === 'VCARD')
    return [
      { folder: 'contacts', uid: valueOf(root, 'UID'), root, isWhole: valueOf(root, 'UID') !== undefined },
    ];
  if (root.name !== 'VCALENDAR') return [{ folder: 'events', uid: undefined, root, isWhole: true }];
  const zones = root.components.filter((each) => each.name === 'VTIMEZONE');
  const others = root.components.filter((each) => each.name !== 'VTIMEZONE' && !each.name.startsWith('X-'));
  const extras = root.components.filter((each) => each.name.startsWith('X-'));
  const groups = Map.groupBy(others, (each) => {
    const uid = valueOf(each, 'UID');
    return uid === undefined ? each : `${each.name} ${uid}`;
  });
  const properties = root.properties.filter((property) => property.name !== 'METHOD');
  if (groups.size === 0) return [{ folder: 'events', uid: undefined, root, isWhole: true }];
  return [...groups.values()].map((components) => ({
    folder: components[0]?.name === 'VTODO' ? 'tasks' : 'events',
    uid: components[0] && valueOf(components[0], 'UID'),
    root: { name: root.name, properties, components: [...zones, ...extras, ...components] },
    isWhole:
      groups.size === 1 &&
      valueOf(components[0]!, 'UID') !== undefined &&
      properties.length === root.properties.length,
  }));
}

/** What has no UID gets one from who stores it (RFC 4791 §4.1, RFC 6352 §5.1). */
function withUid(root: Component, uid: string): Component {
  const named = (component: Component): Component => ({
    ...component,
    properties: [...component.properties, lineOf(`UID:${uid}`)],
  });
  if (root.name === 'VCARD') return named(root);
  const isObject = (each: Component): boolean => each.name !== 'VTIMEZONE' && !each.name.startsWith('X-');
  return { ...root, components: root.components.map((each) => (isObject(each) ? named(each) : each)) };
}

/** The same meeting, organised by the owner of the mailbox. */
function asOrganizer(object: CorpusObject): CorpusObject[] {
  if (object.folder !== 'events' || object.faults.length > 0) return [];
  const text = renderComponents(object.body);
  const organizers = new Set(
    [...text.matchAll(/^ORGANIZER[^\r\n]*?:(mailto:[^\r\n]+)$/gim)].map((match) =>
      match[1]!.trim().toLowerCase(),
    ),
  );
  const [organizer, ...others] = organizers;
  if (organizer === undefined || others.length > 0 || !/^ATTENDEE/im.test(text)) return [];
  const body = text.replaceAll(new RegExp(RegExp.escape(organizer), 'gi'), 'mailto:alice@example.test');
  return [{ ...object, name: `${object.name} (own)`, body }];
}

function renderComponents(body: Uint8Array | string): string {
  return parseLines(body).roots.map(renderComponent).join('');
}
