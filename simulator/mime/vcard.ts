// A contact as the vCard 3.0 text Exchange gives as MimeContent (MS-OXWSCORE_R23091): for reading only.
import type { View } from '../fields/row.ts';
import { parseHtml } from '../bodies.ts';

type Line = readonly [name: string, value: string | undefined];

export function renderVcard(view: View): string {
  const { values } = view;
  const name = [values.surname, values.givenName, values.middleName, undefined, values.generation];
  const lines: readonly Line[] = [
    ['BEGIN', 'VCARD'],
    ['PROFILE', 'VCARD'],
    ['VERSION', '3.0'],
    ['MAILER', 'Microsoft Exchange'],
    ['PRODID', 'Microsoft Exchange'],
    ['FN', escaped(values.displayName ?? values.fileAs)],
    ['N', name.map((part) => escaped(part) ?? '').join(';')],
    ['NICKNAME', escaped(values.nickname)],
    ...['EmailAddress1', 'EmailAddress2', 'EmailAddress3'].map((key): Line => [
      'EMAIL;TYPE=INTERNET',
      values.emails?.[key]?.address,
    ]),
    ['ORG', organisation(escaped(values.companyName), escaped(values.department))],
    ['TITLE', escaped(values.jobTitle)],
    ...phoneTypes.map(([key, type]): Line => [`TEL;TYPE=${type}`, escaped(values.phones?.[key])]),
    ...addressTypes.map(([key, type]): Line => [`ADR;TYPE=${type}`, addressText(view, key)]),
    ['URL;TYPE=WORK', values.businessHomePage],
    [
      'BDAY;VALUE=DATE',
      values.birthday === undefined ? undefined : new Date(values.birthday).toISOString().slice(0, 10),
    ],
    ['CATEGORIES', values.categories?.map((category) => escaped(category)).join(',')],
    ['NOTE', values.body === undefined ? undefined : escaped(parseHtml(values.body))],
    ['CLASS', values.sensitivity === 'Private' ? 'PRIVATE' : 'PUBLIC'],
    ['REV', `${new Date(view.item.modified).toISOString().slice(0, 19)}Z`],
    ['END', 'VCARD'],
  ];
  return lines
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${folded(`${key}:${value ?? ''}`)}\r\n`)
    .join('');
}

const phoneTypes = [
  ['BusinessPhone', 'WORK'],
  ['BusinessPhone2', 'WORK'],
  ['HomePhone', 'HOME'],
  ['HomePhone2', 'HOME'],
  ['MobilePhone', 'CELL'],
  ['BusinessFax', 'WORK,FAX'],
  ['HomeFax', 'HOME,FAX'],
  ['Pager', 'PAGER'],
  ['CarPhone', 'CAR'],
  ['OtherTelephone', 'VOICE'],
] as const;

const addressTypes = [
  ['Business', 'WORK'],
  ['Home', 'HOME'],
  ['Other', 'POSTAL'],
] as const;

function addressText(view: View, key: string): string | undefined {
  const address = view.values.addresses?.[key];
  if (address === undefined) return undefined;
  const { street, city, state, postalCode, countryOrRegion } = address;
  return ['', '', street, city, state, postalCode, countryOrRegion]
    .map((part) => escaped(part) ?? '')
    .join(';');
}

function organisation(company: string | undefined, department: string | undefined): string | undefined {
  return department === undefined ? company : `${company ?? ''};${department}`;
}

function escaped(text: string | undefined): string | undefined {
  return text?.replace(/[\\,;]/g, String.raw`\$&`).replace(/\r?\n/g, String.raw`\n`);
}

function folded(line: string): string {
  return (line.match(/.{1,75}/gsu) ?? []).join('\r\n ');
}
