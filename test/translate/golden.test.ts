// Pairs in golden/: a client's text and the item that it becomes. What was sent comes back with the same meaning.
// `EXDAV_GOLDEN=write` writes the items of new texts; look at them before committing.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FolderKind } from '../../src/model/backend.ts';
import { parseComponents, type JcalComponent } from '../../src/translate/codec.ts';
import { parseIncoming } from '../../src/translate/index.ts';
import { get, own, put } from './mailbox.ts';

const folder = new URL('golden/', import.meta.url);
const stamps = ['dtstamp', 'created', 'last-modified', 'sequence', 'prodid', 'version', 'calscale', 'rev'];

for (const file of readdirSync(folder).filter((name) => /\.(ics|vcf)$/.test(name))) {
  const text = readFileSync(new URL(file, folder), 'utf8').replaceAll('\n', '\r\n');
  const kind = kindOf(text);
  const expected = new URL(file.replace(/\.\w+$/, '.json'), folder);

  test(`${file} becomes its item`, () => {
    const { item } = parseIncoming(text, kind, { ownAddresses: own, defaultZone: 'Europe/Berlin' });
    const json = `${JSON.stringify(item, undefined, 2)}\n`;
    if (!existsSync(expected) && process.env['EXDAV_GOLDEN'] === 'write') writeFileSync(expected, json);
    expect(JSON.parse(json)).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });

  test(`${file} comes back as it was sent`, () => {
    const stored = put(text, kind);
    const vcard = /VERSION:4\.0/.test(text) ? '4.0' : '3.0';
    expect(meaning(get(stored, { vcard }))).toEqual(meaning(text));
    expect(put(get(stored, { vcard }), kind)).toEqual(stored);
  });
}

function kindOf(text: string): FolderKind {
  if (text.includes('BEGIN:VCARD')) return 'contacts';
  return text.includes('BEGIN:VTODO') ? 'tasks' : 'events';
}

function meaning(text: string): unknown {
  return parseComponents(text).map(componentMeaning);
}

function componentMeaning([name, properties, components]: JcalComponent): unknown {
  return [
    name,
    properties
      .filter(([property]) => !stamps.includes(property))
      .flatMap(([property, params, type, ...values]) =>
        values.map((value) =>
          JSON.stringify([property, Object.entries(params).map(String).sort(), type, value]),
        ),
      )
      .sort(),
    components
      .filter(([component]) => component !== 'vtimezone')
      .map((component) => JSON.stringify(componentMeaning(component)))
      .sort(),
  ];
}
