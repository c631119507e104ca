// Personas of FindPeople ([MS-OXWSPERSONA] t:PersonaType), in the order of types.xsd: somebody of the directory or a contact.
import { escapeText } from '../../src/xml/index.ts';
import type { Instant } from '../state/index.ts';
import type { TimeFormat } from './times.ts';
import { tag, type Scalar } from './row.ts';

export interface Persona {
  /** Base64. */
  readonly id: string;
  readonly kind: 'Person' | 'DistributionList' | 'Room';
  readonly created: Instant;
  readonly displayName: string;
  readonly givenName: string | undefined;
  readonly surname: string | undefined;
  readonly fileAs: string | undefined;
  readonly title: string | undefined;
  readonly department: string | undefined;
  readonly companyName: string | undefined;
  readonly office: string | undefined;
  readonly city: string | undefined;
  readonly alias: string | undefined;
  /** The first is the main one. */
  readonly addresses: readonly string[];
  readonly phone: string | undefined;
  readonly mobile: string | undefined;
}

interface PersonaRow {
  readonly uri: string;
  readonly isDefault: boolean;
  readonly read: (persona: Persona) => Scalar;
  readonly render: (persona: Persona, time: TimeFormat) => string;
}

function text(element: string, read: (persona: Persona) => string | undefined, isDefault = true): PersonaRow {
  return {
    uri: `persona:${element}`,
    isDefault,
    read,
    render(persona) {
      const value = read(persona);
      return value === undefined || value === '' ? '' : tag(element, escapeText(value));
    },
  };
}

/** A value with the source it comes from (t:StringAttributedValueType and the like); shown only when it is asked for. */
function attributed(element: string, read: (persona: Persona) => string): PersonaRow {
  return {
    uri: `persona:${element}`,
    isDefault: false,
    read,
    render(persona) {
      const value = read(persona);
      if (value === '') return '';
      const wrapper = phoneLists.has(element) ? 'PhoneNumberAttributedValue' : 'StringAttributedValue';
      const content = tag('Value', value) + tag('Attributions', tag('Attribution', '0'));
      return tag(element, tag(wrapper, content));
    },
  };
}

const phoneLists: ReadonlySet<string> = new Set(['BusinessPhoneNumbers', 'MobilePhones']);

function number(text: string | undefined, type: string): string {
  return text === undefined || text === '' ? '' : tag('Number', escapeText(text)) + tag('Type', type);
}

function mail(name: string, address: string): string {
  return (
    tag('Name', escapeText(name)) + tag('EmailAddress', escapeText(address)) + tag('RoutingType', 'SMTP')
  );
}

const personaRows: readonly PersonaRow[] = [
  {
    uri: 'persona:PersonaId',
    isDefault: true,
    read: ({ id }) => id,
    render: ({ id }) => `<t:PersonaId Id="${id}"/>`,
  },
  text('PersonaType', ({ kind }) => kind),
  {
    uri: 'persona:CreationTime',
    isDefault: true,
    read: ({ created }) => created,
    render: ({ created }, time) => tag('CreationTime', time(created)),
  },
  text('DisplayName', ({ displayName }) => displayName),
  text('DisplayNameFirstLast', ({ displayName }) => displayName),
  text('DisplayNameLastFirst', ({ displayName, givenName, surname }) =>
    givenName === undefined || surname === undefined ? displayName : `${surname} ${givenName}`,
  ),
  text('FileAs', ({ fileAs }) => fileAs),
  text('GivenName', ({ givenName }) => givenName),
  text('Surname', ({ surname }) => surname),
  text('Title', ({ title }) => title, false),
  text('Department', ({ department }) => department, false),
  text('CompanyName', ({ companyName }) => companyName),
  text('Location', ({ office }) => office, false),
  {
    uri: 'persona:EmailAddress',
    isDefault: true,
    read: ({ addresses }) => addresses[0],
    render: ({ displayName, addresses: [first] }) =>
      first === undefined ? '' : tag('EmailAddress', mail(displayName, first)),
  },
  {
    uri: 'persona:EmailAddresses',
    isDefault: true,
    read: ({ addresses }) => addresses,
    render: ({ displayName, addresses }) =>
      addresses.length === 0
        ? ''
        : tag(
            'EmailAddresses',
            // Two elements of one name, one inside the other: t:ArrayOfEmailAddressesType holds t:Address.
            addresses.map((address) => tag('Address', mail(displayName, address))).join(''),
          ),
  },
  {
    uri: 'persona:PhoneNumber',
    isDefault: false,
    read: ({ phone }) => phone,
    render: ({ phone }) =>
      phone === undefined
        ? ''
        : tag('PhoneNumber', tag('Number', escapeText(phone)) + tag('Type', 'Business')),
  },
  text('ImAddress', ({ addresses, kind }) => (kind === 'Person' ? addresses[0] : undefined), false),
  text('WorkCity', ({ city }) => city, false),
  text('RelevanceScore', () => '2147483647'),
  attributed('BusinessPhoneNumbers', ({ phone }) => number(phone, 'Business')),
  attributed('MobilePhones', ({ mobile }) => number(mobile, 'Mobile')),
  attributed('OfficeLocations', ({ office }) => escapeText(office ?? '')),
  attributed('Departments', ({ department }) => escapeText(department ?? '')),
];

export const personaRowByUri: ReadonlyMap<string, PersonaRow> = new Map(
  personaRows.map((row) => [row.uri, row]),
);

export interface PersonaShape {
  readonly base: string;
  readonly uris: ReadonlySet<string>;
}

export function renderPersona(persona: Persona, shape: PersonaShape, time: TimeFormat): string {
  const wanted = (row: PersonaRow): boolean =>
    row.uri === 'persona:PersonaId' ||
    shape.uris.has(row.uri) ||
    shape.base === 'AllProperties' ||
    (shape.base === 'Default' && row.isDefault);
  return tag(
    'Persona',
    personaRows
      .filter(wanted)
      .map((row) => row.render(persona, time))
      .join(''),
  );
}
