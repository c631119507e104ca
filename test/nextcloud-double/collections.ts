// PROPFIND, PROPPATCH, MKCALENDAR, MKCOL and DELETE of collections.
import { childOf, childrenOf, clarkOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { emptyOf, multistatus, refuse, type Answer, type ResponseRow } from './answer.ts';
import type { Ask, Double } from './double.ts';
import { hrefOfMember, memberProps, principalOf, propsOf, responseRow } from './properties.ts';
import { collectionsOf, isVisible, pathOf, root, type CollectionNode, type Node } from './tree.ts';
import type { Collection } from './world.ts';

export function propfind(double: Double, ask: Ask, node: Node, body: XmlElement | undefined): Answer {
  if (node.kind === 'nothing') return refuse(404, 'NotFound', 'File not found');
  if (node.kind === 'trash-objects' && ask.headers['depth'] === '1') return refuse(501, 'NotImplemented', '');
  const asked = childrenOf(childOf(body, 'prop', 'DAV:') ?? { ns: '', name: '', attrs: {}, children: [] });
  const props = propsOf(double, ask.user, node);
  const own = responseRow(hrefOf(ask, node), asked, props);
  return multistatus(ask.headers['depth'] === '1' ? [own, ...children(double, ask, node, asked)] : [own]);
}

function hrefOf(ask: Ask, node: Node): string {
  if (node.kind === 'principal') return principalOf(node.user);
  if (node.kind === 'collection') return pathOf(node, ask.user);
  return ask.path;
}

function children(double: Double, ask: Ask, node: Node, asked: readonly XmlElement[]): ResponseRow[] {
  if (node.kind === 'collection') {
    return node.collection.rows
      .filter((row) => row.deletedAt === undefined && isVisible(node, row))
      .map((row) => responseRow(hrefOfMember(node, ask.user, row.uri), asked, memberProps(node, row)));
  }
  if (node.kind !== 'home') return [];
  const rows = collectionsOf(ask.user, node.of).map((each) =>
    responseRow(pathOf(each, ask.user), asked, propsOf(double, ask.user, each)),
  );
  if (node.of === 'book') return rows;
  const special = (['inbox', 'outbox', 'trashbin'] as const).map((kind) =>
    responseRow(`${root}calendars/${ask.user.uid}/${kind}/`, asked, propsOf(double, ask.user, { kind })),
  );
  return [...rows, ...special];
}

const names = {
  resourceType: '{DAV:}resourcetype',
  components: '{urn:ietf:params:xml:ns:caldav}supported-calendar-component-set',
};

export function make(double: Double, ask: Ask, node: Node, body: XmlElement | undefined): Answer {
  if (node.kind !== 'nothing')
    return refuse(405, 'MethodNotAllowed', 'The resource you tried to create already exists');
  if (node.home === undefined) return refuse(403, 'Forbidden', 'not here');
  const limit = double.creationLimit(ask, node.home);
  if (limit) return limit;
  const props = childrenOf(childOf(childOf(body, 'set', 'DAV:'), 'prop', 'DAV:') ?? nothing);
  const set = props.find((each) => clarkOf(each) === names.components);
  const collection = double.world.addCollection(ask.user, {
    kind: node.home,
    uri: node.name,
    ...(set && { components: childrenOf(set).flatMap((comp) => comp.attrs['name'] ?? []) }),
  });
  setProps(collection, props);
  return { status: 201 };
}

const nothing: XmlElement = { ns: '', name: '', attrs: {}, children: [] };

function setProps(collection: Collection, props: readonly XmlElement[]): void {
  for (const each of props) {
    const name = clarkOf(each);
    if (name !== names.components && name !== names.resourceType)
      collection.properties.set(name, textOf(each));
  }
}

export function proppatch(ask: Ask, node: Node, body: XmlElement): Answer {
  if (node.kind !== 'collection') return refuse(403, 'Forbidden', 'not here');
  const props = childrenOf(childOf(childOf(body, 'set', 'DAV:'), 'prop', 'DAV:') ?? nothing);
  setProps(node.collection, props);
  return multistatus([{ href: pathOf(node, ask.user), found: props.map(emptyOf) }]);
}

/** To the trash, where it stays listed and takes every write. */
export function removeCollection(ask: Ask, { collection, shared }: CollectionNode): Answer {
  if (collection.readOnly === true) return refuse(403, 'Forbidden', 'not this one');
  const isFinal = ask.headers['x-nc-caldav-no-trashbin'] === '1' || collection.kind === 'book';
  const { shares, collections } = ask.user;
  if (shared)
    shares.splice(
      shares.findIndex((each) => each.collection === collection),
      1,
    );
  else if (isFinal) collections.splice(collections.indexOf(collection), 1);
  else collection.deletedAt = Date.now();
  return { status: 204 };
}
