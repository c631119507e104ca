// A contact, fact by fact, in the words of the canonical card (vcard.ts): RFC 6350 ⇄ the slots of a mailbox.
import { cardClassRow, cardUidRow, revisionRow } from './card-rows.ts';
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
import { categoriesRow } from './shared-rows.ts';

/** What no card speaks of: a PUT leaves it as the mailbox has it. */
const untouchedRow: ContactRow = {
  claims: [],
  fields: ['created'],
  render: () => [],
  parse: (_, { present }) =>
    present?.kind === 'contact' && present.created !== undefined ? { created: present.created } : {},
};

export const contactRows: readonly ContactRow[] = [
  cardUidRow,
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
  cardClassRow,
  photoRow,
  untouchedRow,
  revisionRow,
];
