// The mapping tables of docs/fidelity.md, from the rows that the code itself runs: translate's names ⇄ fields of the item, and
// ews-backend's fields ⇄ properties of Exchange.
import { contactRows as contactFields } from '../../src/ews-backend/fields/contact-fields.ts';
import { eventRows as eventFields } from '../../src/ews-backend/fields/event-fields.ts';
import { groupRows as groupFields } from '../../src/ews-backend/fields/group-fields.ts';
import type { Path } from '../../src/ews-backend/fields/path.ts';
import { taskRows as taskFields } from '../../src/ews-backend/fields/task-fields.ts';
import { contactRows } from '../../src/translate/contact-rows.ts';
import { eventRows } from '../../src/translate/event-rows.ts';
import { groupRows } from '../../src/translate/group-rows.ts';
import { taskRows } from '../../src/translate/task-rows.ts';
import { type Peers, peersOfContacts, peersOfEvents, peersOfGroups, peersOfTasks } from './peers.data.ts';
import { table } from './table.ts';

interface NamedRow {
  readonly claims: readonly string[];
  readonly fields: readonly string[];
}

interface FieldRow {
  readonly fields: readonly string[];
  readonly asks: readonly Path[];
}

export function mappingTables(): string {
  return [
    '### Events',
    '',
    tableOf(eventRows, eventFields, peersOfEvents),
    '',
    '### Tasks',
    '',
    tableOf(taskRows, taskFields, peersOfTasks),
    '',
    '### Contacts',
    '',
    tableOf(contactRows, contactFields, peersOfContacts),
    '',
    '### Groups',
    '',
    'Distribution lists. A member is named by the UID of its card, else by its address.',
    '',
    tableOf(groupRows, groupFields, peersOfGroups),
  ].join('\n');
}

function tableOf(
  rows: readonly NamedRow[],
  fields: readonly FieldRow[],
  peers: Readonly<Record<string, Peers>>,
): string {
  return table(
    ['property', 'item', 'Exchange', 'Nextcloud EWS connector', 'ews-caldav-sync', 'DavMail'],
    rows
      .filter(({ claims }) => claims.length > 0)
      .map((row) => {
        const names = row.claims.map((name) => name.toUpperCase());
        const paths = fields
          .filter((each) => each.fields.some((field) => row.fields.includes(field)))
          .flatMap(({ asks }) => asks.map(pathText));
        const { nextcloud = '', oneWay = '', davmail = '' } = peers[names[0] ?? ''] ?? {};
        return [
          names.join(' '),
          row.fields.join(' '),
          shortened([...new Set(paths)]),
          nextcloud,
          oneWay,
          davmail,
        ];
      }),
  );
}

function pathText(path: Path): string {
  if (path.kind === 'field') return path.uri;
  if (path.kind === 'indexed') return `${path.uri}/${path.index}`;
  return 'tag' in path ? path.tag : `named ${'name' in path ? path.name : `0x${path.id.toString(16)}`}`;
}

/** `contacts:PhoneNumber/…` nineteen times says no more than once. */
function shortened(paths: readonly string[]): string {
  const groups = Map.groupBy(paths, (path) => path.split('/')[0] ?? path);
  return [...groups]
    .map(([name, list]) => (list.length > 3 ? `${name} (${list.length})` : list.join(' ')))
    .join(' ');
}
