// What a contact is called: FN, N, NICKNAME, and the organisation (RFC 6350 §6.2, §6.6).
import type { ContactItem, ContactName } from '../model/item.ts';
import { partsOf, textsOf, type ContactRow } from './contact-values.ts';
import { firstOf, firstText, rendered } from './shared-rows.ts';

/** FN must not be empty (RFC 6350 §6.2.1). */
export const fullNameRow: ContactRow = {
  claims: ['fn'],
  fields: ['fullName'],
  render: (item) => rendered(['fn', {}, 'text', item.fullName || substituteName(item)]),
  parse: (parts) => ({ fullName: firstText(parts, 'fn') }),
};

/** What a contact without a full name is called. */
export function substituteName(item: ContactItem): string {
  const { prefix, given, middle, family, suffix } = item.name;
  const name = [prefix, given, middle, family, suffix].filter((part) => part !== '').join(' ');
  const address = Object.values(item.emails).find((each) => each.address !== '')?.address;
  return [item.fileAs, name, item.nickname, item.company, address].find((each) => each) ?? '(no name)';
}

export const nameRow: ContactRow = {
  claims: ['n'],
  fields: ['name'],
  render({ name }) {
    const parts = [name.family, name.given, name.middle, name.prefix, name.suffix];
    return parts.every((part) => part === '') ? [] : rendered(['n', {}, 'text', parts]);
  },
  parse(parts) {
    const [family = '', given = '', middle = '', prefix = '', suffix = ''] = partsOf(
      firstOf(parts, 'n'),
      ' ',
    );
    const name: ContactName = { prefix, given, middle, family, suffix };
    return { name };
  },
};

export const nicknameRow: ContactRow = {
  claims: ['nickname'],
  fields: ['nickname'],
  render: ({ nickname }) => (nickname === '' ? [] : rendered(['nickname', {}, 'text', nickname])),
  parse: (parts) => ({ nickname: textsOf(parts, 'nickname').join(', ') }),
};

export const organisationRow: ContactRow = {
  claims: ['org'],
  fields: ['company', 'department'],
  render({ company, department }) {
    if (company === '' && department === '') return [];
    return rendered(['org', {}, 'text', department === '' ? [company] : [company, department]]);
  },
  parse(parts) {
    const [company = '', department = ''] = partsOf(firstOf(parts, 'org'), ' ');
    return { company, department };
  },
};
