// Contacts: EWS Contact ⇄ ContactItem, a row for each fact (BEHAVIOUR §10).
import type { ContactItem, Part } from '../../model/item.ts';
import { childOf, childrenOf, type XmlElement } from '../../xml/index.ts';
import { addressesRow, mailingAddressRow } from './contact-address-fields.ts';
import { emailsRow, imsRow, phonesRow } from './contact-dictionaries.ts';
import { fileAsRow, nameRow, phoneticRow } from './contact-name-fields.ts';
import { categoriesRow, noteRow, sensitivityRow, stampRow } from './item-fields.ts';
import { extendedOf, field, type ExtendedPath } from './path.ts';
import {
  childText,
  elementNameOf,
  extendedProperty,
  listRow,
  only,
  property,
  textRow,
  type Row,
} from './row.ts';
import { heldLine, heldUri } from './texts.ts';
import { dayOfInstant, parseInstant } from './times.ts';

/** Midnight UTC when EWS wrote it; Outlook writes midnight of its own zone, or 11:59 UTC. */
function dayRow(uri: string, name: 'birthday' | 'anniversary'): Row<ContactItem> {
  return {
    fields: [name],
    asks: [field(uri)],
    read(element, { mailboxZone }) {
      const instant = parseInstant(childText(element, elementNameOf(uri)));
      return only<ContactItem>(name, instant === undefined ? undefined : dayOfInstant(instant, mailboxZone));
    },
    write(item) {
      const date = item[name];
      return [property(uri, date === undefined ? undefined : `${date}T00:00:00Z`)];
    },
  };
}

/** PidTagGender. */
const genderPath: ExtendedPath = { kind: 'extended', tag: '0x3A4D', type: 'Short' };
const genders = { female: '1', male: '2' } as const;

const genderRow: Row<ContactItem> = {
  fields: ['gender'],
  asks: [genderPath],
  read(element) {
    const number = extendedOf(element, genderPath)?.trim();
    return { gender: number === '1' ? 'female' : number === '2' ? 'male' : undefined };
  },
  write: ({ gender }) => [extendedProperty(genderPath, gender === undefined ? '' : genders[gender])],
};

const businessPage = 'contacts:BusinessHomePage';
/** PidTagPersonalHomePage. */
const personalPage: ExtendedPath = { kind: 'extended', tag: '0x3A50', type: 'String' };

const pagesRow: Row<ContactItem> = {
  fields: ['pages'],
  asks: [field(businessPage), personalPage],
  read(element) {
    const business = heldUri(childText(element, elementNameOf(businessPage)));
    const personal = heldLine(extendedOf(element, personalPage) ?? '');
    return { pages: { ...(business !== '' && { business }), ...(personal !== '' && { personal }) } };
  },
  write: ({ pages: { business, personal = '' } }) => [
    property(businessPage, business || undefined),
    extendedProperty(personalPage, personal),
  ],
};

/** A text of one line that only MAPI has a name for. */
function namedLine(path: ExtendedPath, name: 'hobbies' | 'freeBusyUrl'): Row<ContactItem> {
  return {
    fields: [name],
    asks: [path],
    read: (element) => only<ContactItem>(name, heldLine(extendedOf(element, path) ?? '')),
    write: (item) => [extendedProperty(path, item[name])],
  };
}

/** The attachment marked as photo; its bytes are fetched apart. Writing it is a matter of attachments, not of fields. */
const photoRow: Row<ContactItem> = {
  fields: ['photo'],
  asks: [field('contacts:HasPicture'), field('item:Attachments')],
  read(element) {
    const list = childOf(element, 'Attachments');
    const photos = list === undefined ? [] : childrenOf(list).filter(isPhoto);
    return { photo: photos.flatMap(partOf)[0] };
  },
};

function isPhoto(attachment: XmlElement): boolean {
  return attachment.name === 'FileAttachment' && childText(attachment, 'IsContactPhoto') === 'true';
}

function partOf(attachment: XmlElement): readonly Part[] {
  const id = childOf(attachment, 'AttachmentId')?.attrs['Id'];
  if (id === undefined) return [];
  const contentType = childText(attachment, 'ContentType');
  const size = Number(childText(attachment, 'Size'));
  return [
    {
      id,
      name: childText(attachment, 'Name'),
      ...(contentType !== '' && { contentType }),
      ...(size > 0 && { size }),
    },
  ];
}

function line(uri: string, name: LineField): Row<ContactItem> {
  return textRow<ContactItem>(uri, name, heldLine);
}

type LineField =
  | 'fullName'
  | 'nickname'
  | 'company'
  | 'department'
  | 'office'
  | 'title'
  | 'profession'
  | 'manager'
  | 'assistant'
  | 'spouse';

export const contactRows: readonly Row<ContactItem>[] = [
  nameRow,
  phoneticRow,
  line('contacts:DisplayName', 'fullName'), // behind its parts, from which a server may make it anew
  fileAsRow,
  line('contacts:Nickname', 'nickname'),
  emailsRow,
  addressesRow,
  mailingAddressRow,
  phonesRow,
  imsRow,
  line('contacts:CompanyName', 'company'),
  line('contacts:Department', 'department'),
  line('contacts:OfficeLocation', 'office'),
  line('contacts:JobTitle', 'title'),
  line('contacts:Profession', 'profession'),
  line('contacts:Manager', 'manager'),
  line('contacts:AssistantName', 'assistant'),
  line('contacts:SpouseName', 'spouse'),
  listRow<ContactItem>('contacts:Children', 'children'),
  dayRow('contacts:Birthday', 'birthday'),
  dayRow('contacts:WeddingAnniversary', 'anniversary'),
  genderRow,
  pagesRow,
  namedLine({ kind: 'extended', wellKnownSet: 'Address', id: 0x80d8, type: 'String' }, 'freeBusyUrl'), // PidLidFreeBusyLocation
  namedLine({ kind: 'extended', tag: '0x3A43', type: 'String' }, 'hobbies'), // PidTagHobbies
  noteRow,
  categoriesRow,
  sensitivityRow,
  photoRow,
  stampRow('created', 'item:DateTimeCreated'),
  stampRow('modified', 'item:LastModifiedTime'),
];
