// FindPeople ([MS-OXWSPERSONA]; BEHAVIOUR §6): the directory or a contacts folder, by words, in pages.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { personaRowByUri, renderPersona, type Persona, type PersonaShape } from '../fields/persona-rows.ts';
import { itemIdOf } from '../fields/item-rows.ts';
import { pageOf } from '../find/paging.ts';
import { compareText, parseRestriction, type PathReader } from '../find/restriction.ts';
import { sorted } from '../find/sort.ts';
import { demandRight, folderAt } from '../lookup.ts';
import { respondAlone } from '../responses.ts';
import type { DirectoryEntry } from '../state/index.ts';
import { viewOf } from '../view.ts';
import type { Operation } from './operation.ts';

export const findPeople: Operation = (request, context) =>
  respondAlone(context, () => {
    const folder = childOf(request, 'ParentFolderId');
    const [id] = folder === undefined ? [] : childrenOf(folder);
    const words = textOf(childOf(request, 'QueryString')).toLowerCase().split(/\s+/).filter(Boolean);
    const matches = parseRestriction(childOf(request, 'Restriction'), personaPath);
    const found = peopleIn(id, context)
      .filter((persona) => matches(persona) && words.every((word) => hasWord(persona, word)))
      .sort((a, b) => compareText(a.displayName, b.displayName));
    const view = childOf(request, 'IndexedPageItemView');
    const page = pageOf(
      sorted(found, childOf(request, 'SortOrder'), personaPath),
      view,
      context.throttling.findCountLimit,
    );
    const shape = parsePersonaShape(childOf(request, 'PersonaShape'));
    const people = page.entries.map((persona) => renderPersona(persona, shape, context.time)).join('');
    const [first] = page.entries;
    const loaded = first === undefined ? 0 : found.indexOf(first);
    return `<m:People>${people}</m:People><m:TotalNumberOfPeopleInView>${found.length}</m:TotalNumberOfPeopleInView><m:FirstMatchingRowIndex>0</m:FirstMatchingRowIndex><m:FirstLoadedRowIndex>${loaded}</m:FirstLoadedRowIndex>`;
  });

/** Without a folder the caller's contacts are searched. */
function peopleIn(id: XmlElement | undefined, context: Context): Persona[] {
  if (id?.name === 'DistinguishedFolderId' && id.attrs['Id'] === 'directory')
    return [...context.world.directory.values()].map((entry) => personaOfEntry(entry));
  const place = folderAt(context, id ?? ownContacts);
  demandRight(place, 'read');
  if (!/^IPF\.Contact\b/i.test(place.folder.folderClass)) throw new EwsError('ErrorInvalidOperation');
  const views = [...place.folder.items.values()].map((item) => viewOf(place, item));
  return views.map((view): Persona => {
    const { values, item } = view;
    return {
      id: itemIdOf(view),
      kind: item.kind === 'list' ? 'DistributionList' : 'Person',
      created: item.created,
      displayName: values.displayName ?? values.fileAs ?? '',
      givenName: values.givenName,
      surname: values.surname,
      fileAs: values.fileAs,
      title: values.jobTitle,
      department: values.department,
      companyName: values.companyName,
      office: values.officeLocation,
      city: values.addresses?.['Business']?.city,
      alias: values.nickname,
      addresses: Object.values(values.emails ?? {}).map(({ address }) => address),
      phone: values.phones?.['BusinessPhone'],
      mobile: values.phones?.['MobilePhone'],
    };
  });
}

const ownContacts: XmlElement = {
  name: 'DistinguishedFolderId',
  ns: 'http://schemas.microsoft.com/exchange/services/2006/types',
  attrs: { Id: 'contacts' },
  children: [],
};

const kinds = {
  user: 'Person',
  contact: 'Person',
  room: 'Room',
  group: 'DistributionList',
  roomList: 'DistributionList',
} as const satisfies Record<DirectoryEntry['kind'], Persona['kind']>;

/** The directory is older than any mailbox. */
const directoryBirth = Date.UTC(2012, 0, 11, 22, 25, 37);

function personaOfEntry(entry: DirectoryEntry): Persona {
  const { givenName, surname, title, department, office, alias } = entry;
  return {
    id: Buffer.concat([Buffer.from('000000010000000b', 'hex'), Buffer.from(entry.guid)]).toString('base64'),
    kind: kinds[entry.kind],
    created: directoryBirth,
    displayName: entry.name,
    givenName,
    surname,
    fileAs: surname === undefined ? undefined : `${surname}, ${givenName ?? ''}`,
    title,
    department,
    companyName: entry.company,
    office,
    city: entry.place?.city,
    alias,
    addresses: [entry.address, ...entry.proxies],
    phone: entry.phones?.['BusinessPhone'],
    mobile: entry.phones?.['MobilePhone'],
  };
}

/** The beginning of a word of the name, of an address, or of what else the index holds. */
function hasWord(persona: Persona, word: string): boolean {
  const { displayName, givenName, surname, alias, title, department, companyName, addresses } = persona;
  return [displayName, givenName, surname, alias, title, department, companyName, ...addresses].some(
    (text) =>
      text
        ?.toLowerCase()
        .split(/\s+/)
        .some((part) => part.startsWith(word)) === true,
  );
}

const personaPath: PathReader<Persona> = (path) => {
  const row = personaRowByUri.get(path.attrs['FieldURI'] ?? '');
  if (row === undefined) throw new EwsError('ErrorUnsupportedPathForQuery');
  return row.read;
};

function parsePersonaShape(element: XmlElement | undefined): PersonaShape {
  const additional = childOf(element, 'AdditionalProperties');
  return {
    base: element === undefined ? 'Default' : textOf(childOf(element, 'BaseShape')),
    uris: new Set(
      (additional === undefined ? [] : childrenOf(additional)).map((path) => path.attrs['FieldURI'] ?? ''),
    ),
  };
}
