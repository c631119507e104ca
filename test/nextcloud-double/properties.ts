// Properties of every kind of node.
import { clarkOf, xml, type Markup, type XmlElement } from '../../src/xml/index.ts';
import { emptyOf, type ResponseRow } from './answer.ts';
import { pathOf, root, textFor, type CollectionNode, type Node } from './tree.ts';
import { etagOf, type Row, type User } from './world.ts';
import type { Double } from './double.ts';
import type { World } from './world.ts';

const C = '{urn:ietf:params:xml:ns:caldav}';
const CR = '{urn:ietf:params:xml:ns:carddav}';
const CS = '{http://calendarserver.org/ns/}';
const NC = '{http://nextcloud.com/ns}';
const OC = '{http://owncloud.org/ns}';
const D = '{DAV:}';

/** Asking may have effects. */
export type Props = Readonly<Record<string, () => Markup | undefined>>;

export const syncPrefix = 'http://sabre.io/ns/sync/';

export function responseRow(href: string, asked: readonly XmlElement[], props: Props): ResponseRow {
  const found: Markup[] = [];
  const missing: Markup[] = [];
  for (const element of asked) {
    const value = props[clarkOf(element)]?.();
    if (value === undefined) missing.push(emptyOf(element));
    else found.push(value);
  }
  return { href, found, missing };
}

export function propsOf(double: Pick<Double, 'world' | 'withoutReports'>, user: User, node: Node): Props {
  const common: Props = {
    [`${D}current-user-principal`]: () => xml('d:current-user-principal', {}, hrefOf(principalOf(user))),
  };
  if (node.kind === 'principal') return { ...common, ...principalProps(double.world, node.user) };
  if (node.kind === 'collection') return { ...common, ...collectionProps(double, user, node) };
  if (node.kind === 'home') return { ...common, [`${D}resourcetype`]: () => types('d:collection') };
  if (node.kind === 'inbox' || node.kind === 'outbox')
    return { ...common, [`${D}resourcetype`]: () => types('d:collection', `cal:schedule-${node.kind}`) };
  if (node.kind === 'trashbin')
    return {
      ...common,
      [`${D}resourcetype`]: () => types('d:collection', 'x1:trash-bin'),
      [`${NC}trash-bin-retention-duration`]: () => xml('x1:trash-bin-retention-duration', {}, 2_592_000),
    };
  if (node.kind === 'member') return { ...common, ...memberProps(node.in, node.row) };
  return { ...common, [`${D}resourcetype`]: () => types('d:collection') };
}

export function principalOf(user: User): string {
  return `${root}principals/users/${user.uid}/`;
}

function hrefOf(href: string): Markup {
  return xml('d:href', {}, href);
}

function types(...names: string[]): Markup {
  return xml(
    'd:resourcetype',
    {},
    names.map((name) => xml(name, {})),
  );
}

function principalProps(world: World, user: User): Props {
  return {
    [`${D}resourcetype`]: () => types('d:collection', 'd:principal'),
    [`${D}displayname`]: () => xml('d:displayname', {}, user.uid),
    [`${C}calendar-home-set`]: () =>
      xml('cal:calendar-home-set', {}, hrefOf(`${root}calendars/${user.uid}/`)),
    [`${CR}addressbook-home-set`]: () =>
      xml('card:addressbook-home-set', {}, hrefOf(`${root}addressbooks/users/${user.uid}/`)),
    [`${C}calendar-user-address-set`]: () =>
      xml('cal:calendar-user-address-set', {}, hrefOf(`mailto:${user.email}`), hrefOf(principalOf(user))),
    // Nextcloud makes the calendar when it is asked which one it is.
    [`${C}schedule-default-calendar-URL`]: () => {
      world.webLogin(user);
      return xml('cal:schedule-default-calendar-URL', {}, hrefOf(`${root}calendars/${user.uid}/personal/`));
    },
  };
}

function collectionProps(
  { withoutReports }: Pick<Double, 'withoutReports'>,
  user: User,
  node: CollectionNode,
): Props {
  const { collection } = node;
  const isCalendar = collection.kind === 'calendar';
  const token = `${syncPrefix}${collection.token}`;
  const text = (name: string) => () => textProp(collection.properties, name);
  const dead = Object.fromEntries([...collection.properties.keys()].map((name) => [name, text(name)]));
  return {
    ...dead,
    [`${D}resourcetype`]: () => types('d:collection', ...typesOf(node)),
    [`${D}owner`]: () => xml('d:owner', {}, hrefOf(principalOf(collection.owner))),
    [`${OC}owner-principal`]: () => xml('oc:owner-principal', {}, `principals/users/${collection.owner.uid}`),
    [`${OC}read-only`]: () => (node.shared ? xml('oc:read-only', {}, node.writable ? 0 : 1) : undefined),
    [`${D}current-user-privilege-set`]: () =>
      xml(
        'd:current-user-privilege-set',
        {},
        privilegesOf(node).map((name) => xml('d:privilege', {}, xml(`d:${name}`, {}))),
      ),
    [`${D}sync-token`]: () =>
      collection.source === undefined && !withoutReports.has('sync-collection')
        ? xml('d:sync-token', {}, token)
        : undefined,
    [`${CS}getctag`]: () => xml('cs:getctag', {}, token),
    [`${CS}source`]: () =>
      collection.source === undefined ? undefined : xml('cs:source', {}, hrefOf(collection.source)),
    [`${NC}deleted-at`]: () =>
      collection.deletedAt === undefined
        ? undefined
        : xml('x1:deleted-at', {}, new Date(collection.deletedAt).toISOString()),
    [`${D}supported-report-set`]: () =>
      xml(
        'd:supported-report-set',
        {},
        reportsOf(isCalendar)
          .filter((name) => !withoutReports.has(name.replace(/.*:/, '')))
          .map((name) => xml('d:supported-report', {}, xml('d:report', {}, xml(name, {})))),
      ),
    [`${C}supported-calendar-component-set`]: () =>
      isCalendar
        ? xml(
            'cal:supported-calendar-component-set',
            {},
            collection.components.map((name) => xml('cal:comp', { name })),
          )
        : undefined,
    [`${CR}supported-address-data`]: () =>
      isCalendar
        ? undefined
        : xml(
            'card:supported-address-data',
            {},
            ['3.0', '4.0'].map((version) =>
              xml('card:address-data-type', { 'content-type': 'text/vcard', version }),
            ),
          ),
    [`${C}max-resource-size`]: () => (isCalendar ? xml('cal:max-resource-size', {}, 10_000_000) : undefined),
    // For the sharee it bears the owner's name, too.
    [`${D}displayname`]: () => {
      const name = collection.properties.get(`${D}displayname`) ?? '';
      return xml('d:displayname', {}, node.shared ? `${name} (${collection.owner.uid})` : name);
    },
  };
}

function textProp(properties: ReadonlyMap<string, string>, name: string): Markup {
  const end = name.indexOf('}');
  return xml(name.slice(end + 1), { xmlns: name.slice(1, end) }, properties.get(name));
}

function typesOf({ collection }: CollectionNode): string[] {
  if (collection.kind === 'book') return ['card:addressbook'];
  if (collection.deletedAt !== undefined) return ['x1:deleted-calendar'];
  return collection.source === undefined ? ['cal:calendar'] : ['cs:subscribed'];
}

function privilegesOf({ writable }: CollectionNode): string[] {
  const write = ['write', 'write-properties', 'write-content', 'unlock', 'bind', 'unbind'];
  return writable ? [...write, 'write-acl', 'read', 'read-acl'] : ['read', 'write-properties'];
}

function reportsOf(isCalendar: boolean): string[] {
  return isCalendar
    ? ['d:sync-collection', 'cal:calendar-multiget', 'cal:calendar-query', 'cal:free-busy-query']
    : ['d:sync-collection', 'card:addressbook-multiget', 'card:addressbook-query'];
}

/** `version`: of the cards asked for; 3.0 where none is named. */
export function memberProps(node: CollectionNode, row: Row, version = '3.0'): Props {
  const isCalendar = node.collection.kind === 'calendar';
  const type = isCalendar
    ? `text/calendar; charset=utf-8; component=${row.component.toLowerCase()}`
    : 'text/vcard; charset=utf-8';
  return {
    [`${D}resourcetype`]: () => types(),
    [`${D}getetag`]: () => xml('d:getetag', {}, etagOf(row)),
    [`${D}getcontenttype`]: () => xml('d:getcontenttype', {}, type),
    [`${C}calendar-data`]: () => (isCalendar ? xml('cal:calendar-data', {}, textFor(node, row)) : undefined),
    [`${CR}address-data`]: () =>
      isCalendar ? undefined : xml('card:address-data', {}, cardAs(row.text, version)),
  };
}

/** A stored card in the version asked for, under the same etag: what 3.0 has no word for is dropped. */
export function cardAs(text: string, version: string): string {
  const stored = /^VERSION:4\.0/m.test(text) ? '4.0' : '3.0';
  if (stored === version) return text;
  const renamed = text.replace(/^VERSION:.*$/m, `VERSION:${version}\r`).replaceAll('\r\r', '\r');
  return version === '3.0' ? renamed.replaceAll(/^(KIND|ANNIVERSARY|GENDER)[:;].*\r?\n/gm, '') : renamed;
}

export function hrefOfMember(node: CollectionNode, user: User, uri: string): string {
  return pathOf(node, user) + encodeURIComponent(uri);
}
