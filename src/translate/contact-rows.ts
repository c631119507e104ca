// A contact, fact by fact, in the words of the canonical card (vcard.ts): RFC 6350 ⇄ the slots of a mailbox.
import type { ContactItem } from '../model/item.ts';
import { addressRow } from './contact-address-row.ts';
import { dateRow, freeBusyUrlRow, genderRow, hobbiesRow, relationsRow } from './contact-life-rows.ts';
import {
  fileAsRow,
  fullNameRow,
  nameRow,
  nicknameRow,
  organisationRow,
  phoneticRow,
} from './contact-name-rows.ts';
import { photoRow } from './contact-photo-row.ts';
import { emailRow, imRow, pagesRow, phoneRow } from './contact-reach-rows.ts';
import { text, type ContactRow } from './contact-values.ts';
import { categoriesRow, firstText, rendered, renderUid } from './shared-rows.ts';

const sensitivityOf: Readonly<Record<string, ContactItem['sensitivity']>> = {
  PRIVATE: 'private',
  CONFIDENTIAL: 'confidential',
  'X-PERSONAL': 'personal',
};
const classOf = {
  normal: undefined,
  personal: 'X-PERSONAL',
  private: 'PRIVATE',
  confidential: 'CONFIDENTIAL',
} satisfies Record<ContactItem['sensitivity'], string | undefined>;

const sensitivityRow: ContactRow = {
  claims: ['class'],
  fields: ['sensitivity'],
  render({ sensitivity }) {
    const name = classOf[sensitivity];
    return name === undefined ? [] : rendered(['class', {}, 'text', name]);
  },
  parse: (parts) => ({
    sensitivity: sensitivityOf[firstText(parts, 'class').trim().toUpperCase()] ?? 'normal',
  }),
};

/** What no card speaks of: a PUT leaves it as the mailbox has it. */
const untouchedRow: ContactRow = {
  claims: [],
  fields: ['created'],
  render: () => [],
  parse: (_, { present }) =>
    present?.kind === 'contact' && present.created !== undefined ? { created: present.created } : {},
};

const revisionRow: ContactRow = {
  claims: ['rev'],
  fields: ['modified'],
  isStamp: true,
  // Never "now": the same item always gives the same text.
  render: ({ modified }) =>
    modified === undefined
      ? []
      : rendered([
          'rev',
          {},
          'timestamp',
          `${new Date(modified).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
        ]),
  parse: () => ({}),
};

export const contactRows: readonly ContactRow[] = [
  { claims: ['uid'], fields: [], isStamp: true, render: renderUid, parse: () => ({}) },
  fullNameRow,
  nameRow,
  phoneticRow,
  fileAsRow,
  nicknameRow,
  emailRow,
  phoneRow,
  addressRow,
  imRow,
  organisationRow,
  text(['title'], 'title'),
  text(['role'], 'profession'),
  text(['x-manager', 'x-evolution-manager', 'x-kaddressbook-x-managersname', 'x-ms-manager'], 'manager'),
  text(
    ['x-assistant', 'x-evolution-assistant', 'x-kaddressbook-x-assistantsname', 'x-ms-assistant'],
    'assistant',
  ),
  text(['x-office', 'x-evolution-office', 'x-kaddressbook-x-office'], 'office'),
  relationsRow,
  dateRow(['bday'], 'birthday'),
  dateRow(['anniversary', 'x-evolution-anniversary', 'x-kaddressbook-x-anniversary'], 'anniversary'),
  genderRow,
  hobbiesRow,
  pagesRow,
  freeBusyUrlRow,
  text(['note'], 'note'),
  { ...categoriesRow, claims: ['categories'] },
  sensitivityRow,
  photoRow,
  untouchedRow,
  revisionRow,
];
