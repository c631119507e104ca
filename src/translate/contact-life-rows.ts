// A contact's family and days: RELATED (RFC 6350 §6.6.6), BDAY and ANNIVERSARY (§6.2.5, §6.2.6).
import type { LocalDate } from '../model/time.ts';
import type { Jcal } from './codec.ts';
import { fieldOf, textValue, typesOf, type ContactRow } from './contact-values.ts';
import { propertiesOf } from './rows.ts';
import { firstOf, firstText, rendered } from './shared-rows.ts';

export const relationsRow: ContactRow = {
  claims: ['related', 'x-evolution-spouse', 'x-kaddressbook-x-spousesname'],
  fields: ['spouse', 'children'],
  render: ({ spouse, children }) =>
    rendered(
      spouse === '' ? undefined : ['related', { type: ['spouse'] }, 'text', spouse],
      ...children.map((child): Jcal => ['related', { type: ['child'] }, 'text', child]),
    ),
  parse(parts) {
    const named = (type: string): string[] =>
      propertiesOf(parts)
        .filter(
          (property) =>
            property[0] === 'related' && property[2] === 'text' && typesOf(property).includes(type),
        )
        .map(textValue)
        .filter((name) => name !== '');
    const spouse = [
      ...named('spouse'),
      firstText(parts, 'x-evolution-spouse'),
      firstText(parts, 'x-kaddressbook-x-spousesname'),
    ].find((name) => name !== '');
    return { spouse: spouse ?? '', children: named('child') };
  },
  /** Friends, parents and links to other cards, which a mailbox has no place for. */
  merge(kept, shown) {
    const others = propertiesOf(kept).filter((property) => {
      const types = typesOf(property);
      const isHeld = property[2] === 'text' && (types.includes('spouse') || types.includes('child'));
      return property[0] === 'related' && !isHeld;
    });
    return [...shown, ...rendered(...others)];
  },
};

/** `19600415`; `--0415`, a day without year, is kept by phones and Outlook as one of 1604. */
export function dateRow(name: string, field: 'birthday' | 'anniversary'): ContactRow {
  return {
    claims: [name],
    fields: [field],
    render(item) {
      const date = item[field];
      if (date === undefined) return [];
      const value = date.startsWith('1604-') ? `--${date.slice(5)}` : date;
      return rendered([
        name,
        {},
        'date-and-or-time',
        value.startsWith('--') ? `--${value.slice(2).replace('-', '')}` : value.replaceAll('-', ''),
      ]);
    },
    parse: (parts) => fieldOf(field, dateOf(firstOf(parts, name))),
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
