// DAV:principal-search-property-set (RFC 3744 §9.5): what principal-property-search can look at.
import { xml } from '../../xml/index.ts';
import { declarations, element } from '../names.ts';
import { searchable } from './principal-property-search.ts';
import type { Report } from './report.ts';

export const principalSearchPropertySet: Report = async () => {
  const entries = searchable.map(({ name, description }) =>
    xml(
      'D:principal-search-property',
      {},
      xml('D:prop', {}, element(name)),
      xml('D:description', { 'xml:lang': 'en' }, description),
    ),
  );
  return { kind: 'document', root: xml('D:principal-search-property-set', declarations, entries) };
};
