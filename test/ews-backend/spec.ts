// Where the published schema and the captured examples of EWS lie, if they are at hand.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseXml, answerLimits, childrenOf, type XmlElement } from '../../src/xml/index.ts';

const folder = resolve(process.env['EXDAV_SPEC'] ?? '../shared/ews-spec');

export const spec = existsSync(resolve(folder, 'schema/soap-ews.xsd')) ? folder : undefined;

export const why = spec === undefined ? ' (skipped: no EXDAV_SPEC)' : '';

export function readSpec(path: string): string {
  if (spec === undefined) throw new Error('no specification folder');
  return readFileSync(resolve(spec, path), 'utf8');
}

/** All elements of that name in an example, in order. */
export function elementsOf(path: string, name: string): XmlElement[] {
  return descendants(parseXml(readSpec(path), answerLimits), name);
}

function descendants(element: XmlElement, name: string): XmlElement[] {
  return childrenOf(element).flatMap((child) => (child.name === name ? [child] : descendants(child, name)));
}
