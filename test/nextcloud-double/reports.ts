// REPORT: sync-collection with its faults, multiget, queries.
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../src/xml/index.ts';
import { multistatus, refuse, type Answer, type ResponseRow } from './answer.ts';
import type { Ask, Double } from './double.ts';
import { hrefOfMember, memberProps, responseRow, syncPrefix } from './properties.ts';
import { mainOf, parseText, type Component } from './texts.ts';
import { isVisible, pathOf, root, trashOf, type CollectionNode, type Node } from './tree.ts';
import { liveRow, type Row } from './world.ts';

export function report(double: Double, ask: Ask, node: Node, body: XmlElement): Answer {
  if (node.kind === 'trash-objects' && body.name === 'calendar-query') return trashQuery(ask, body);
  if (node.kind !== 'collection')
    return refuse(415, 'ReportNotSupported', 'The report is not supported here');
  switch (body.name) {
    case 'sync-collection':
      return sync(ask, node, { body, bookPage: double.bookPage });
    case 'calendar-multiget':
    case 'addressbook-multiget':
      return multiget(ask, node, body);
    case 'calendar-query':
      return query(ask, node, body);
    case 'addressbook-query':
      return ask.headers['depth'] === '1'
        ? query(ask, node, body)
        : refuse(415, 'ReportNotSupported', 'Depth 1 is needed');
    default:
      return refuse(415, 'ReportNotSupported', `no ${body.name}`);
  }
}

function propsAsked(body: XmlElement): readonly XmlElement[] {
  const prop = childOf(body, 'prop', 'DAV:');
  return prop === undefined ? [] : childrenOf(prop);
}

/** The version of vCard that address-data names. */
function versionAsked(body: XmlElement): string | undefined {
  return childOf(childOf(body, 'prop', 'DAV:'), 'address-data')?.attrs['version'];
}

function rowsOf(
  ask: Ask,
  node: CollectionNode,
  { rows, body }: { rows: readonly Row[]; body: XmlElement },
): ResponseRow[] {
  return rows
    .filter((row) => isVisible(node, row))
    .map((row) =>
      responseRow(
        hrefOfMember(node, ask.user, row.uri),
        propsAsked(body),
        memberProps(node, row, versionAsked(body)),
      ),
    );
}

function sync(
  ask: Ask,
  node: CollectionNode,
  { body, bookPage }: { body: XmlElement; bookPage: number | undefined },
): Answer {
  const { collection } = node;
  const given = textOf(childOf(body, 'sync-token', 'DAV:')).trim();
  const limit = Number(textOf(childOf(childOf(body, 'limit', 'DAV:'), 'nresults', 'DAV:'))) || undefined;
  const invalid = refuse(
    403,
    'InvalidSyncToken',
    'Invalid or unknown sync token',
    xml('d:valid-sync-token', {}),
  );
  if (given !== '' && !given.startsWith(syncPrefix)) return invalid;
  const value = given.slice(syncPrefix.length);
  return collection.kind === 'calendar' ? syncCalendar() : syncBook();

  function syncCalendar(): Answer {
    const now = `${syncPrefix}${collection.token}`;
    if (given === '') {
      if (limit !== undefined) return multistatus([{ href: pathOf(node, ask.user), status: 507 }], now);
      return multistatus(rowsOf(ask, node, { rows: live(node), body }), now);
    }
    if (!/^\d+$/.test(value)) return invalid;
    // The limit cuts the list, and the newest token goes out all the same.
    const changes = collection.changes.filter(({ token }) => token >= Number(value)).slice(0, limit);
    const highest = new Map<string, number>();
    for (const { uri, operation } of changes) highest.set(uri, Math.max(highest.get(uri) ?? 0, operation));
    return delta([...highest], now);
  }

  /** Pages as it should: `init_<id>_<token>` on the way through a first listing. */
  function syncBook(): Answer {
    const pageSize = limit ?? bookPage;
    const [, after, start] = /^init_(\d+)_(\d+)$/.exec(value) ?? [];
    const isFirst = given === '' || after !== undefined;
    if (!isFirst && !/^\d+$/.test(value)) return invalid;
    if (isFirst) {
      const rest = live(node).filter((row) => row.id > Number(after ?? 0));
      const page = rest.slice(0, pageSize);
      const isCut = page.length < rest.length;
      const begun = start ?? String(collection.token);
      const token = isCut ? `init_${page.at(-1)!.id}_${begun}` : begun;
      return cut(rowsOf(ask, node, { rows: page, body }), { token: `${syncPrefix}${token}`, isCut });
    }
    const changes = collection.changes.filter(({ token }) => token >= Number(value));
    const page = changes.slice(0, pageSize);
    const last = new Map(page.map(({ uri, operation }) => [uri, operation]));
    const isCut = page.length < changes.length;
    const token = isCut ? page.at(-1)!.token + 1 : collection.token;
    return delta([...last], `${syncPrefix}${token}`, isCut);
  }

  function delta(operations: readonly (readonly [string, number])[], token: string, isCut = false): Answer {
    const rows = operations.flatMap(([uri, operation]) =>
      operation === 3
        ? [{ href: hrefOfMember(node, ask.user, uri), status: 404 }]
        : rowsOf(ask, node, { rows: [liveRow(collection, uri) ?? []].flat(), body }),
    );
    return cut(rows, { token, isCut });
  }

  function cut(rows: readonly ResponseRow[], { token, isCut }: { token: string; isCut: boolean }): Answer {
    return multistatus(isCut ? [...rows, { href: pathOf(node, ask.user), status: 507 }] : rows, token);
  }
}

function live(node: CollectionNode): Row[] {
  return node.collection.rows.filter((row) => row.deletedAt === undefined);
}

/** What is not there is left out without a word. */
function multiget(ask: Ask, node: CollectionNode, body: XmlElement): Answer {
  const hrefs = childrenOf(body)
    .filter(({ name }) => name === 'href')
    .map((href) => textOf(href).trim());
  const names = hrefs.map((href) => decodeURIComponent(href.split('/').at(-1) ?? ''));
  const rows = names.flatMap((name) => liveRow(node.collection, name) ?? []);
  return multistatus(rowsOf(ask, node, { rows, body }));
}

function query(ask: Ask, node: CollectionNode, body: XmlElement): Answer {
  const filter = childOf(body, 'filter');
  const rows = live(node).filter((row) => {
    const parsed = parseText(row.text);
    return parsed !== undefined && filter !== undefined && filterHolds(filter, parsed);
  });
  return multistatus(rowsOf(ask, node, { rows, body }));
}

/** Components and text matches: what a mirror asks. */
function filterHolds(filter: XmlElement, text: Component): boolean {
  return childrenOf(filter).every((part) => {
    if (part.name === 'prop-filter') return propHolds(part, text);
    if (part.name !== 'comp-filter') return true;
    const wanted = part.attrs['name'];
    const inside = text.name === wanted ? text : wanted === mainOf(text)?.name ? mainOf(text) : undefined;
    return inside !== undefined && filterHolds(part, inside);
  });
}

function propHolds(filter: XmlElement, component: Component): boolean {
  const values = component.props
    .filter(({ name }) => name === filter.attrs['name'])
    .map(({ value }) => value.toLowerCase());
  const match = childOf(filter, 'text-match');
  if (match === undefined) return values.length > 0;
  const text = textOf(match).toLowerCase();
  return values.some((value) =>
    match.attrs['match-type'] === 'equals' ? value === text : value.includes(text),
  );
}

/** Whatever the filter says: the whole trash of all calendars. */
function trashQuery(ask: Ask, body: XmlElement): Answer {
  const rows = trashOf(ask.user).map(({ collection, row }) => {
    const place: CollectionNode = {
      kind: 'collection',
      collection,
      uri: collection.uri,
      shared: false,
      writable: true,
    };
    return responseRow(`${root}calendars/${ask.user.uid}/trashbin/objects/${row.id}.ics`, propsAsked(body), {
      ...memberProps(place, row),
      '{http://nextcloud.com/ns}calendar-uri': () => xml('x1:calendar-uri', {}, collection.uri),
      '{http://nextcloud.com/ns}deleted-at': () =>
        xml('x1:deleted-at', {}, Math.floor((row.deletedAt ?? 0) / 1000)),
    });
  });
  return multistatus(rows);
}
