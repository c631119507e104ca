// Bodies of requests that ask and describe (RFC 4918, 4791, 6352, 5689, 6578).
import type { XmlContent } from '../xml/index.ts';
import { renderXml, xml } from '../xml/index.ts';
import { documentElement, element, type Name } from './names.ts';

export function propfindBody(names: readonly Name[]): string {
  return renderXml(documentElement('D:propfind', propElement(names)));
}

export function propElement(names: readonly Name[]): XmlContent {
  return element('D:prop', ...names.map((name) => element(name)));
}

/** Without a token: everything. */
export function syncBody(token: string | undefined, names: readonly Name[], limit?: number): string {
  return renderXml(
    documentElement(
      'D:sync-collection',
      element('D:sync-token', token),
      element('D:sync-level', 1),
      limit === undefined ? undefined : element('D:limit', element('D:nresults', limit)),
      propElement(names),
    ),
  );
}

export interface NewCollection {
  readonly resourceType: 'C:calendar' | 'CR:addressbook';
  readonly displayName: string;
  readonly properties: readonly (readonly [Name, string])[];
  readonly components: readonly string[];
}

export function mkcalendarBody(draft: NewCollection): string {
  return renderXml(documentElement('C:mkcalendar', element('D:set', element('D:prop', ...settings(draft)))));
}

/** Extended MKCOL (RFC 5689). */
export function mkcolBody(draft: NewCollection): string {
  const type = element('D:resourcetype', element('D:collection'), element(draft.resourceType));
  return renderXml(documentElement('D:mkcol', element('D:set', element('D:prop', type, ...settings(draft)))));
}

export function proppatchBody(properties: readonly (readonly [Name, string])[]): string {
  const set = properties.map(([name, value]) => element(name, value));
  return renderXml(documentElement('D:propertyupdate', element('D:set', element('D:prop', ...set))));
}

function settings(draft: NewCollection): XmlContent[] {
  const components = draft.components.map((name) => xml('C:comp', { name }));
  return [
    element('D:displayname', draft.displayName),
    ...draft.properties.map(([name, value]) => element(name, value)),
    components.length === 0 ? undefined : element('C:supported-calendar-component-set', ...components),
  ];
}
