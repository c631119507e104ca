// Everything that is written is valid by the published schema (Exchange SE), and no property is treated as it cannot be.
import * as fc from 'fast-check';
import { xmlRegisterFsInputProviders } from 'libxml2-wasm/lib/nodejs.mjs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/model/backend.ts';
import type { Item } from '../../../src/model/item.ts';
import {
  diff,
  express,
  itemShape,
  listingShape,
  occurrencesOfNew,
  renderCreate,
} from '../../../src/ews-backend/fields/index.ts';
import { schemaOrder } from '../../../src/ews-backend/fields/schema-order.data.ts';
import { readSpec, spec, why } from '../spec.ts';
import { contact, group, series, single, task } from './arbitrary.ts';

const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const types = 'http://schemas.microsoft.com/exchange/services/2006/types';

function openValidator(): (body: string) => void {
  xmlRegisterFsInputProviders();
  const url = `${spec}/schema/soap-ews.xsd`;
  using schema = XmlDocument.fromBuffer(Buffer.from(readSpec('schema/soap-ews.xsd')), { url });
  const validator = XsdValidator.fromDoc(schema);
  return (body) => {
    const text = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="${messages}" xmlns:t="${types}"><s:Body>${body}</s:Body></s:Envelope>`;
    using document = XmlDocument.fromString(text);
    try {
      validator.validate(document);
    } catch (error) {
      throw new Error(`${String(error)}\n${body}`, { cause: error });
    }
  };
}

const validate = spec === undefined ? () => {} : openValidator();

function renderShape(shape: readonly { xml: string }[], operation: string): string {
  const inner = `<t:BaseShape>IdOnly</t:BaseShape>${operation === 'GetItem' ? '<t:BodyType>Text</t:BodyType>' : ''}<t:AdditionalProperties>${shape.map(({ xml }) => xml).join('')}</t:AdditionalProperties>`;
  return `<m:ItemShape>${inner}</m:ItemShape>`;
}

describe.skipIf(spec === undefined)(`by the schema${why}`, () => {
  it.each(['event', 'task', 'contact', 'group'] as const)('shapes of %s', (kind) => {
    validate(
      `<m:GetItem>${renderShape(itemShape(kind), 'GetItem')}<m:ItemIds><t:ItemId Id="a"/></m:ItemIds></m:GetItem>`,
    );
    validate(
      `<m:SyncFolderItems>${renderShape(listingShape(kind), 'Sync')}<m:SyncFolderId><t:FolderId Id="a"/></m:SyncFolderId><m:MaxChangesReturned>512</m:MaxChangesReturned></m:SyncFolderItems>`,
    );
  });

  const all: fc.Arbitrary<Item> = fc.oneof<fc.Arbitrary<Item>[]>(single, series, task, contact, group);

  it('new items', () => {
    fc.assert(
      fc.property(all, (item) => {
        fc.pre(express(item).kind === 'ok');
        const draft = { item, tags: { uid: 'u', href: 'h', residue: '{"v":1}' } };
        validate(`<m:CreateItem><m:Items>${renderCreate(draft).xml}</m:Items></m:CreateItem>`);
        for (const write of occurrencesOfNew(draft))
          if (write.kind === 'change') validateChanges(write.changes);
      }),
      { numRuns: 400 },
    );
  });

  const capabilities = spec === undefined ? new Map<string, string>() : readCapabilities();

  it('differences, and only what a property allows', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(single, single),
          fc.tuple(series, series),
          fc.tuple(task, task),
          fc.tuple(contact, contact),
          fc.tuple(group, group),
        ),
        ([from, to]) => {
          const held = express(from);
          fc.pre(held.kind === 'ok' && express(to).kind === 'ok');
          if (held.kind !== 'ok') return;
          const before: Stored = { id: 'a', version: 'b', tags: { uid: 'u', residue: 'r' }, item: held.held };
          const { changes, occurrences } = diff(before, { item: to, tags: { uid: 'v', residue: '' } });
          validateChanges(changes);
          for (const write of occurrences) if (write.kind === 'change') validateChanges(write.changes);
        },
      ),
      { numRuns: 400 },
    );
  });

  function validateChanges(changes: readonly { xml: string }[]): void {
    const updates = `<t:Updates>${changes.map(({ xml }) => xml).join('')}</t:Updates>`;
    if (changes.length > 0)
      validate(
        `<m:UpdateItem ConflictResolution="NeverOverwrite"><m:ItemChanges><t:ItemChange><t:ItemId Id="a"/>${updates}</t:ItemChange></m:ItemChanges></m:UpdateItem>`,
      );
    for (const { xml } of changes) {
      const uri = /^<t:\w+><t:FieldURI FieldURI="([^"]+)"/.exec(xml)?.[1];
      if (uri === undefined) continue; // entries and extended properties may all be set and deleted
      const can = capabilities.get(uri) ?? '';
      expect(can, uri).toContain(xml.startsWith('<t:DeleteItemField') ? 'CanDelete' : 'CanUpdate');
    }
  }

  it('our order of elements is that of the schema', () => {
    const text = readSpec('schema/types.xsd');
    for (const [name, type] of [
      ['CalendarItem', 'CalendarItemType'],
      ['Task', 'TaskType'],
      ['Contact', 'ContactItemType'],
      ['DistributionList', 'DistributionListType'],
    ] as const) {
      const order = [...elementsOfType(text, 'ItemType'), ...elementsOfType(text, type)];
      const places = schemaOrder[name].map((element) => order.indexOf(element));
      expect(places).not.toContain(-1);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });
});

function elementsOfType(schema: string, type: string): string[] {
  const body = new RegExp(`<xs:complexType name="${type}">.*?</xs:complexType>`, 's').exec(schema)?.[0] ?? '';
  return [...body.matchAll(/<xs:element name="(\w+)"/g)].map(([, name]) => name!);
}

function readCapabilities(): Map<string, string> {
  const rows = readSpec('tables/property-capabilities.tsv')
    .split('\n')
    .map((row) => row.split('\t'));
  return new Map(rows.map(([, , uri, can]) => [uri ?? '', can ?? '']));
}
