// What a contact is called and how it is filed: parts of the name, Yomi, FileAs (BEHAVIOUR §10, MS-OXOCNTC §2.2.1.1).
import type { ContactItem, ContactName, PhoneticName } from '../../model/item.ts';
import { childOf, textOf } from '../../xml/index.ts';
import { extendedOf, field, type ExtendedPath } from './path.ts';
import { childText, elementNameOf, extendedProperty, property, type Property, type Row } from './row.ts';
import { heldLine } from './texts.ts';

/** Courtesy title: CompleteName/Title is read-only, the MAPI property behind it is not (PR_DISPLAY_NAME_PREFIX). */
const prefixPath: ExtendedPath = { kind: 'extended', tag: '0x3A45', type: 'String' };

const nameParts = [
  ['given', 'contacts:GivenName'],
  ['middle', 'contacts:MiddleName'],
  ['family', 'contacts:Surname'],
  ['suffix', 'contacts:Generation'],
] as const satisfies readonly (readonly [keyof ContactName, string])[];

export const nameRow: Row<ContactItem> = {
  fields: ['name'],
  asks: [...nameParts.map(([, uri]) => field(uri)), prefixPath, field('contacts:CompleteName')],
  read(element) {
    const prefix = extendedOf(element, prefixPath);
    const title = childOf(childOf(element, 'CompleteName'), 'Title');
    const [given = '', middle = '', family = '', suffix = ''] = nameParts.map(([, uri]) =>
      heldLine(childText(element, elementNameOf(uri))),
    );
    return { name: { prefix: heldLine(prefix ?? textOf(title)), given, middle, family, suffix } };
  },
  write: ({ name }) => [
    ...nameParts.map(([part, uri]) => property(uri, name[part] || undefined)),
    extendedProperty(prefixPath, name.prefix),
  ],
};

function yomi(id: number): ExtendedPath {
  return { kind: 'extended', wellKnownSet: 'Address', id, type: 'String' };
}

/** PhoneticFirstName and its like are those of the directory and read-only; Outlook's Yomi fields are these. */
const phoneticParts = [
  ['given', yomi(0x802c)],
  ['family', yomi(0x802d)],
  ['company', yomi(0x802e)],
] as const satisfies readonly (readonly [keyof PhoneticName, ExtendedPath])[];

export const phoneticRow: Row<ContactItem> = {
  fields: ['phonetic'],
  asks: phoneticParts.map(([, path]) => path),
  read(element) {
    const [given = '', family = '', company = ''] = phoneticParts.map(([, path]) =>
      heldLine(extendedOf(element, path) ?? ''),
    );
    return { phonetic: { given, family, company } };
  },
  write: ({ phonetic }) => phoneticParts.map(([part, path]) => extendedProperty(path, phonetic[part])),
};

/** `None` keeps our text; any other mapping is the server's own rule and is left at work. */
export const fileAsRow: Row<ContactItem> = {
  fields: ['fileAs'],
  asks: [field('contacts:FileAs'), field('contacts:FileAsMapping')],
  read(element) {
    const mapping = childText(element, 'FileAsMapping');
    const fileAs = heldLine(childText(element, 'FileAs'));
    return { fileAs: fileAs === '' || (mapping !== '' && mapping !== 'None') ? undefined : fileAs };
  },
  write: writeFileAs,
  change: (_before, after) => writeFileAs(after),
};

function writeFileAs(item: ContactItem): readonly Property[] {
  if (item.fileAs === undefined) return [property('contacts:FileAsMapping', ownFileAs(item))];
  return [property('contacts:FileAs', item.fileAs), property('contacts:FileAsMapping', 'None')];
}

function ownFileAs({ name, company }: ContactItem): string {
  if (name.given !== '' || name.family !== '') return 'LastCommaFirst';
  return company === '' ? 'DisplayName' : 'Company';
}
