// addressbook-query: does a card match a filter (RFC 6352 §10.5)?
import type { AddressFilter, AddressPropFilter } from '../model/filter.ts';
import { paramOf, parseRendered, type Jcal, type JcalComponent } from './codec.ts';
import { matchesParam, matchesText, textsOf } from './text-match.ts';

/** A filter without prop-filters matches every card. */
export function matchesAddress(text: string, filter: AddressFilter): boolean {
  if (filter.props.length === 0) return true;
  const card = parseRendered(text);
  return combine(filter.test, filter.props, (prop) => matchesProperty(card, prop));
}

function matchesProperty(card: JcalComponent, filter: AddressPropFilter): boolean {
  const properties = card[1].filter((property) => isNamed(property, filter.name));
  if (filter.isNotDefined) return properties.length === 0;
  if (filter.texts.length === 0 && filter.params.length === 0) return properties.length > 0;
  return properties.some((property) => {
    const texts = textsOf(property);
    const conditions = [
      ...filter.texts.map((match) => () => matchesText(texts, match)),
      ...filter.params.map((param) => () => matchesParam(property, param)),
    ];
    return combine(filter.test, conditions, (condition) => condition());
  });
}

/** `EMAIL` means those of any group too, `item1.EMAIL` only that group's (RFC 6352 §10.5.1). */
function isNamed(property: Jcal, wanted: string): boolean {
  const dot = wanted.lastIndexOf('.');
  const name = wanted.slice(dot + 1).toLowerCase();
  if (property[0] !== name) return false;
  return dot < 0 || paramOf(property, 'group')?.toLowerCase() === wanted.slice(0, dot).toLowerCase();
}

function combine<T>(test: 'anyof' | 'allof', parts: readonly T[], holds: (part: T) => boolean): boolean {
  return test === 'anyof' ? parts.some(holds) : parts.every(holds);
}
