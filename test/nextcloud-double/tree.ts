// What a path names, as one signed-in user sees it.
import { mainOf, parseText, valueOf } from './texts.ts';
import { anyRow, type Collection, type Row, type User, type World } from './world.ts';

export const root = '/remote.php/dav/';

export type Node =
  | { readonly kind: 'root' }
  | { readonly kind: 'principal'; readonly user: User }
  | { readonly kind: 'home'; readonly of: 'calendar' | 'book'; readonly user: User }
  | { readonly kind: 'inbox' | 'outbox' | 'trashbin' | 'trash-objects' | 'trash-restore' }
  | { readonly kind: 'trash-item'; readonly collection: Collection; readonly row: Row }
  | CollectionNode
  | { readonly kind: 'member'; readonly in: CollectionNode; readonly row: Row }
  | {
      readonly kind: 'nothing';
      readonly in?: CollectionNode;
      readonly home?: 'calendar' | 'book';
      readonly name: string;
    };

export interface CollectionNode {
  readonly kind: 'collection';
  readonly collection: Collection;
  /** As this user has it. */
  readonly uri: string;
  readonly shared: boolean;
  readonly writable: boolean;
}

export function nodeAt(world: World, user: User, path: string): Node {
  const [first, ...rest] = path.slice(root.length).split('/').filter(Boolean).map(decodeURIComponent);
  if (first === undefined) return { kind: 'root' };
  if (first === 'principals') {
    const other = world.users.get(rest[1] ?? '');
    return rest[0] === 'users' && other
      ? { kind: 'principal', user: other }
      : { kind: 'nothing', name: path };
  }
  const of = first === 'calendars' ? 'calendar' : first === 'addressbooks' ? 'book' : undefined;
  const [uid, uri, name, more] = of === 'book' ? rest.slice(1) : rest;
  // Others' homes are not there.
  if (of === undefined || uid !== user.uid) return { kind: 'nothing', name: path };
  if (uri === undefined) return { kind: 'home', of, user };
  if (of === 'calendar') {
    if (uri === 'inbox' || uri === 'outbox') return { kind: uri };
    if (uri === 'trashbin') return trashNode(user, name, more);
  }
  const found = collectionsOf(user, of).find((each) => each.uri === uri);
  if (found === undefined) return { kind: 'nothing', home: of, name: uri };
  if (name === undefined) return found;
  const row = anyRow(found.collection, name);
  return row && isVisible(found, row)
    ? { kind: 'member', in: found, row }
    : { kind: 'nothing', in: found, name };
}

export function collectionsOf(user: User, of: 'calendar' | 'book'): CollectionNode[] {
  const own = user.collections.map((collection): CollectionNode => ({
    kind: 'collection',
    collection,
    uri: collection.uri,
    shared: false,
    writable: collection.readOnly !== true && collection.source === undefined,
  }));
  const shared = user.shares.map(({ collection, access }): CollectionNode => ({
    kind: 'collection',
    collection,
    uri: `${collection.uri}_shared_by_${collection.owner.uid}`,
    shared: true,
    writable: access === 'read-write',
  }));
  return [...own, ...shared].filter(({ collection }) => collection.kind === of);
}

function trashNode(user: User, name: string | undefined, more: string | undefined): Node {
  if (name === undefined) return { kind: 'trashbin' };
  if (name === 'restore') return { kind: 'trash-restore' };
  if (more === undefined) return { kind: 'trash-objects' };
  for (const { collection, row } of trashOf(user)) {
    if (`${row.id}.ics` === more) return { kind: 'trash-item', collection, row };
  }
  return { kind: 'nothing', name: more };
}

export function trashOf(user: User): { collection: Collection; row: Row }[] {
  return user.collections
    .filter(({ deletedAt }) => deletedAt === undefined)
    .flatMap((collection) => collection.rows.map((row) => ({ collection, row })))
    .filter(({ row }) => row.deletedAt !== undefined);
}

/** Private objects are not there for a sharee. */
export function isVisible(node: CollectionNode, row: Row): boolean {
  return !(node.shared && classOf(row.text) === 'PRIVATE');
}

function classOf(text: string): string | undefined {
  const parsed = parseText(text);
  return valueOf(parsed && mainOf(parsed), 'CLASS');
}

/** What is seen of a row's text. */
export function textFor(node: CollectionNode, row: Row): string {
  if (!node.shared || classOf(row.text) !== 'CONFIDENTIAL') return row.text;
  return row.text.replaceAll(/^SUMMARY.*$/gm, 'SUMMARY:Busy\r').replaceAll(/^DESCRIPTION.*\r?\n/gm, '');
}

export function pathOf(node: CollectionNode, user: User): string {
  const home =
    node.collection.kind === 'calendar' ? `calendars/${user.uid}` : `addressbooks/users/${user.uid}`;
  return `${root}${home}/${encodeURIComponent(node.uri)}/`;
}
