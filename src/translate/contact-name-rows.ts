// What a contact is called: FN, N, NICKNAME, how it is pronounced and filed, and the organisation (RFC 6350 §6.2, §6.6).
import type { ContactItem, ContactName, PhoneticName } from '../model/item.ts';
import type { Jcal } from './codec.ts';
import { inWordsOf, mergeFirst, partsOf, textsOf, textValue, type ContactRow } from './contact-values.ts';
import { propertiesOf, type Rendered } from './rows.ts';
import { firstOf, firstText, rendered } from './shared-rows.ts';

/** FN must not be empty (RFC 6350 §6.2.1). */
export const fullNameRow: ContactRow = {
  claims: ['fn'],
  fields: ['fullName'],
  render: (item) => rendered(['fn', {}, 'text', item.fullName || substituteName(item)]),
  parse: (parts) => ({ fullName: firstText(parts, 'fn') }),
  merge: (kept, shown) => mergeFirst(['fn'], kept, shown),
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
  merge: mergeStructured,
};

/** The first is the one that the mailbox holds; how the old one is sorted says nothing of the new one (RFC 6350 §5.9). */
function mergeStructured(kept: readonly Rendered[], shown: readonly Rendered[]): readonly Rendered[] {
  const [held, ...others] = propertiesOf(kept);
  const [now] = propertiesOf(shown);
  if (!now || !held) return rendered(now, ...others);
  const [name, params, ...rest] = inWordsOf(held, now);
  const { 'sort-as': _old, ...words } = params;
  return rendered([name, words, ...rest], ...others);
}

const phoneticNames = [
  ['given', 'x-phonetic-first-name'],
  ['family', 'x-phonetic-last-name'],
  ['company', 'x-phonetic-org'],
] as const satisfies readonly (readonly [keyof PhoneticName, string])[];

/** Apple's and Android's names for what Outlook calls Yomi. */
export const phoneticRow: ContactRow = {
  claims: phoneticNames.map(([, name]) => name),
  fields: ['phonetic'],
  render: ({ phonetic }) =>
    rendered(
      ...phoneticNames.map(([part, name]): Jcal | undefined =>
        phonetic[part] === '' ? undefined : [name, {}, 'text', phonetic[part]],
      ),
    ),
  parse(parts) {
    const [given = '', family = '', company = ''] = phoneticNames.map(([, name]) => firstText(parts, name));
    return { phonetic: { given, family, company } };
  },
  /** How one name is pronounced says nothing of the others. */
  merge(kept, shown) {
    const given = propertiesOf(kept);
    return propertiesOf(shown).map((now) => {
      const own = given.find(([name]) => name === now[0]);
      return { property: own ? (isSameLine(own, now) ? own : inWordsOf(own, now)) : now };
    });
  },
};

/** A mailbox holds names in one line. */
function isSameLine(one: Jcal, other: Jcal): boolean {
  const lineOf = (property: Jcal): string => textValue(property).replaceAll(/\s+/g, ' ');
  return lineOf(one) === lineOf(other);
}

/** Evolution's; a card that does not say it leaves it as it is, because other clients have no word for it. */
export const fileAsRow: ContactRow = {
  claims: ['x-evolution-file-as'],
  fields: ['fileAs'],
  render: ({ fileAs }) => (fileAs === undefined ? [] : rendered(['x-evolution-file-as', {}, 'text', fileAs])),
  parse(parts, { present, isJudging }) {
    const given = firstText(parts, 'x-evolution-file-as').trim();
    if (given !== '') return { fileAs: given };
    return { fileAs: present?.kind === 'contact' && !isJudging ? present.fileAs : undefined };
  },
  // What was not said is not contradicted.
  equal: (said, held) => said.fileAs === undefined || said.fileAs === held.fileAs,
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
  /** Units below the department stay while the organisation is the same. */
  merge(kept, shown) {
    const units = (property: Jcal | undefined): readonly unknown[] => [property?.[3] ?? []].flat();
    const [held] = propertiesOf(kept);
    const [now] = propertiesOf(shown);
    const [company] = units(now);
    const below = company === units(held)[0] ? units(held).slice(2) : [];
    if (!now || below.length === 0) return mergeStructured(kept, shown);
    const [name, params, type] = now;
    const whole: Jcal = [name, params, type, [company, units(now)[1] ?? '', ...below]];
    return mergeStructured(kept, rendered(whole));
  },
};
