// Dead properties: elements a client stored with a folder, given back as they came (RFC 4918 §4.1).
import type { FolderProperties } from '../../model/backend.ts';
import { DavError } from '../../model/failure.ts';
import {
  markupOf,
  parseXml,
  XmlError,
  type Markup,
  type XmlContent,
  type XmlElement,
} from '../../xml/index.ts';
import type { FolderDraft } from '../folder-draft.ts';

/** Characters of dead properties that a folder carries. */
const maxDeadLength = 64 * 1024;

export interface DeadProperty {
  readonly whole: Markup;
  readonly content: XmlContent;
}

/** undefined: not set, or not XML any more (the folder may have been written by something else). */
export function deadElement(properties: FolderProperties, name: string): DeadProperty | undefined {
  const stored = Object.hasOwn(properties.dead ?? {}, name) ? properties.dead?.[name] : undefined;
  if (stored === undefined) return undefined;
  try {
    const parsed = parseXml(stored);
    const content = parsed.children.map((child) => (typeof child === 'string' ? child : markupOf(child)));
    return { whole: markupOf(parsed), content };
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

export function deadNames(properties: FolderProperties): readonly string[] {
  return Object.keys(properties.dead ?? {});
}

/** A property this server does not know is kept as it came (RFC 4918 §4). */
export function withDead(
  draft: FolderDraft,
  name: string,
  value: XmlElement | undefined,
): FolderDraft | DavError {
  const dead: Record<string, string> = { ...draft.properties.dead };
  if (value === undefined) delete dead[name];
  else dead[name] = markupOf(value).xml;
  if (Object.values(dead).join('').length > maxDeadLength)
    return new DavError(507, `more than ${maxDeadLength} characters of properties`);
  return { ...draft, properties: { ...draft.properties, dead } };
}
