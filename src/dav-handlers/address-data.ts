// CARDDAV:address-data of a report as a Shape (RFC 6352 §10.4).
import type { Shape } from '../model/collection.ts';
import { DavError, precondition } from '../model/failure.ts';
import { clarkOf, type XmlElement } from '../xml/index.ts';
import { childElement, childElements } from './elements.ts';
import { carddav } from './names.ts';

/** `none`: no text is asked for. @throws DavError 400, 403 supported-address-data */
export function parseAddressData(wanted: readonly XmlElement[]): Shape | 'none' {
  const element = wanted.find((each) => clarkOf(each) === carddav('address-data'));
  if (element === undefined) return 'none';
  const type = element.attrs['content-type'] ?? 'text/vcard';
  const version = element.attrs['version'] ?? '3.0';
  if (type.toLowerCase() !== 'text/vcard' || (version !== '3.0' && version !== '4.0'))
    throw new DavError(403, `address data as ${type} ${version} is not supported`, {
      precondition: precondition.addressSupportedData,
    });
  const chosen = childElements(element, carddav('prop'));
  if (chosen.length === 0 || childElement(element, carddav('allprop')) !== undefined)
    return { kind: 'address', version };
  const properties = chosen.map((prop) => {
    const name = prop.attrs['name']?.trim() ?? '';
    if (name === '') throw new DavError(400, 'prop of address-data needs a name');
    return { name: name.toUpperCase(), noValue: prop.attrs['novalue'] === 'yes' };
  });
  return { kind: 'address', version, properties };
}
