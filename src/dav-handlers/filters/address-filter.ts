// CARDDAV:filter as data (RFC 6352 §10.5).
import { DavError, precondition } from '../../model/failure.ts';
import type { AddressFilter, AddressPropFilter, ParamFilter } from '../../model/filter.ts';
import type { XmlElement } from '../../xml/index.ts';
import { childElement, childElements } from '../elements.ts';
import { carddav } from '../names.ts';
import { invalidFilter, nameOf, parseTest, parseTextMatch, type Dialect } from './text-match.ts';

const dialect: Dialect = {
  collation: 'i;unicode-casemap',
  unsupportedCollation: precondition.addressSupportedCollation,
  // RFC 6352 has no valid-filter; a filter nobody can evaluate is one this server does not support.
  invalid: precondition.addressSupportedFilter,
};

/** @throws DavError 400 without a filter, 403 supported-filter, supported-collation */
export function parseAddressFilter(filter: XmlElement | undefined): AddressFilter {
  if (filter === undefined) throw new DavError(400, 'addressbook-query needs a filter');
  return {
    test: parseTest(filter, 'anyof', dialect),
    props: childElements(filter, carddav('prop-filter')).map(parseProp),
  };
}

function parseProp(element: XmlElement): AddressPropFilter {
  const prop = {
    name: nameOf(element, dialect),
    isNotDefined: isNotDefined(element),
    test: parseTest(element, 'anyof', dialect),
    texts: childElements(element, carddav('text-match')).map((each) => parseTextMatch(each, dialect)),
    params: childElements(element, carddav('param-filter')).map(parseParam),
  };
  if (prop.isNotDefined && (prop.texts.length > 0 || prop.params.length > 0))
    throw invalidFilter('is-not-defined stands alone', dialect);
  return prop;
}

function parseParam(element: XmlElement): ParamFilter {
  const match = childElement(element, carddav('text-match'));
  const missing = isNotDefined(element);
  if (missing && match !== undefined) throw invalidFilter('is-not-defined stands alone', dialect);
  return {
    name: nameOf(element, dialect),
    isNotDefined: missing,
    ...(match === undefined ? {} : { textMatch: parseTextMatch(match, dialect) }),
  };
}

function isNotDefined(element: XmlElement): boolean {
  return childElement(element, carddav('is-not-defined')) !== undefined;
}
