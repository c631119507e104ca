// A contact's life: RELATED (RFC 6350 §6.6.6), BDAY, ANNIVERSARY and GENDER (§6.2.5 to §6.2.7), HOBBY (RFC 6715 §2.2).
import type { LocalDate } from '../model/time.ts';
import type { Jcal } from './codec.ts';
import { fieldOf, inWordsOf, textsOf, textValue, typesOf, type ContactRow } from './contact-values.ts';
import { propertiesOf } from './rows.ts';
import { firstText, rendered } from './shared-rows.ts';

const spouseNames = ['x-evolution-spouse', 'x-kaddressbook-x-spousesname'] as const;

export const relationsRow: ContactRow = {
  claims: ['related', ...spouseNames],
  fields: ['spouse', 'children'],
  render: ({ spouse, children }) =>
    rendered(
      spouse === '' ? undefined : ['related', { type: ['spouse'] }, 'text', spouse],
      ...children.map((child): Jcal => ['related', { type: ['child'] }, 'text', child]),
    ),
  parse(parts) {
    const properties = propertiesOf(parts);
    return {
      spouse: textValue(spouseIn(properties)),
      children: properties.filter((property) => isNamed(property, 'child')).map(textValue),
    };
  },
  /** The same people in the client's words; friends, parents and links to other cards, which a mailbox has no place for. */
  merge(kept, shown) {
    const given = propertiesOf(kept);
    const now = propertiesOf(shown).find((each) => isNamed(each, 'spouse'));
    const spouse =
      given.find((each) => isNamed(each, 'spouse') && textValue(each) === textValue(now)) ?? spouseIn(given);
    const inWords = propertiesOf(shown).map((now) => {
      if (isNamed(now, 'spouse')) return spouse ? inWordsOf(spouse, now) : now;
      return given.find((each) => isNamed(each, 'child') && textValue(each) === textValue(now)) ?? now;
    });
    const others = given.filter(
      (each) =>
        each[0] === 'related' &&
        !isNamed(each, 'child') &&
        // More than one; without the first none would be right.
        !(isNamed(each, 'spouse') && (!now || each === spouse)),
    );
    return rendered(...inWords, ...others);
  },
};

function spouseIn(properties: readonly Jcal[]): Jcal | undefined {
  const named = spouseNames.map((name) =>
    properties.find((each) => each[0] === name && textValue(each) !== ''),
  );
  return [properties.find((each) => isNamed(each, 'spouse')), ...named].find((each) => each !== undefined);
}

/** A name, not a link to a card. */
function isNamed(property: Jcal, type: string): boolean {
  return (
    property[0] === 'related' &&
    property[2] === 'text' &&
    typesOf(property).includes(type) &&
    textValue(property) !== ''
  );
}

/** `19600415`; `--0415`, a day without year, is kept by phones and Outlook as one of 1604. */
export function dateRow(
  names: readonly [string, ...string[]],
  field: 'birthday' | 'anniversary',
): ContactRow {
  const firstIn = (properties: readonly Jcal[]): Jcal | undefined =>
    names
      .map((name) => properties.find((each) => each[0] === name))
      .find((each) => dateOf(each) !== undefined);
  return {
    claims: names,
    fields: [field],
    render(item) {
      const date = item[field];
      if (date === undefined) return [];
      const value = date.startsWith('1604-') ? `--${date.slice(5)}` : date;
      return rendered([
        names[0],
        {},
        'date-and-or-time',
        value.startsWith('--') ? `--${value.slice(2).replace('-', '')}` : value.replaceAll('-', ''),
      ]);
    },
    parse: (parts) => fieldOf(field, dateOf(firstIn(propertiesOf(parts)))),
    merge(kept, shown) {
      const given = propertiesOf(kept);
      const held = firstIn(given);
      const [now] = propertiesOf(shown);
      if (!now || !held) return shown;
      const { calscale: _old, ...words } = held[1];
      const others = given.filter((each) => each[0] !== held[0] && dateOf(each) !== dateOf(held));
      return rendered([held[0], words, now[2], now[3]], ...others);
    },
  };
}

function dateOf(property: Jcal | undefined): LocalDate | undefined {
  const match = /^(\d{4}|--)-?(\d\d)-?(\d\d)(?:$|T)/.exec(textValue(property));
  if (!match) return undefined;
  const date = `${match[1] === '--' ? '1604' : match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${date}T00:00:00Z`);
  // 31 February is no day, whatever Date makes of it.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? date : undefined;
}

const genders = { female: 'F', male: 'M' } as const;

/** Other letters, and words beside the letter, have no place in a mailbox. */
export const genderRow: ContactRow = {
  claims: ['gender'],
  fields: ['gender'],
  render: ({ gender }) => (gender === undefined ? [] : rendered(['gender', {}, 'text', genders[gender]])),
  parse(parts) {
    const letter = [propertiesOf(parts)[0]?.[3] ?? []].flat()[0];
    return { gender: letter === 'F' ? 'female' : letter === 'M' ? 'male' : undefined };
  },
};

/** One text in a mailbox. */
export const hobbiesRow: ContactRow = {
  claims: ['hobby'],
  fields: ['hobbies'],
  render: ({ hobbies }) => (hobbies === '' ? [] : rendered(['hobby', {}, 'text', hobbies])),
  parse: (parts) => ({ hobbies: textsOf(parts, 'hobby').join(', ') }),
};

/** FBURL (RFC 6350 §6.9.1). */
export const freeBusyUrlRow: ContactRow = {
  claims: ['fburl'],
  fields: ['freeBusyUrl'],
  render: ({ freeBusyUrl }) => (freeBusyUrl === '' ? [] : rendered(['fburl', {}, 'uri', freeBusyUrl])),
  parse: (parts) => ({ freeBusyUrl: firstText(parts, 'fburl').trim() }),
};
