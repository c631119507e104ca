// FindPeople: the directory by words, whatever they are said of (BEHAVIOUR §6). Exchange 2013 and later.
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { aloneOf } from '../answer.ts';
import type { Soap } from '../soap.ts';
import { field } from './shape.ts';

const shape = [
  'PersonaType',
  'DisplayName',
  'GivenName',
  'Surname',
  'Title',
  'CompanyName',
  'EmailAddress',
  'EmailAddresses',
  'PhoneNumber',
  'Departments',
  'OfficeLocations',
  'BusinessPhoneNumbers',
  'MobilePhones',
].map((name) => field(`persona:${name}`));

export interface People {
  readonly found: readonly XmlElement[];
  readonly truncated: boolean;
}

export async function findPeople(
  soap: Soap,
  request: { readonly text: string; readonly most: number },
  signal?: AbortSignal,
): Promise<People> {
  const body = xml(
    'm:FindPeople',
    {},
    xml('m:PersonaShape', {}, xml('t:BaseShape', {}, 'IdOnly'), xml('t:AdditionalProperties', {}, ...shape)),
    xml('m:IndexedPageItemView', { MaxEntriesReturned: request.most, Offset: 0, BasePoint: 'Beginning' }),
    xml('m:ParentFolderId', {}, xml('t:DistinguishedFolderId', { Id: 'directory' })),
    xml('m:QueryString', {}, request.text),
  );
  const answer = aloneOf(await soap.call('FindPeople', body, { repeat: 'safe', signal }));
  const list = childOf(answer, 'People');
  const found = list === undefined ? [] : childrenOf(list);
  const total = Number(textOf(childOf(answer, 'TotalNumberOfPeopleInView')));
  return { found, truncated: total > found.length };
}
