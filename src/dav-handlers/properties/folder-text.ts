// Properties that a client writes and that are kept as one short text with the folder.
import type { FolderKind, FolderProperties } from '../../model/backend.ts';
import { DavError } from '../../model/failure.ts';
import { childrenOf, textOf } from '../../xml/index.ts';
import { deadElement } from './dead.ts';
import { onCollection, type PropertyRow } from './row.ts';

type TextField = 'color' | 'order' | 'description' | 'timezone';

export interface FolderText {
  readonly field: TextField;
  readonly kinds: readonly FolderKind[];
  readonly maxLength: number;
  /** Says what is wrong with a value. */
  readonly check?: (text: string) => DavError | undefined;
}

export function folderText(name: string, options: FolderText): PropertyRow {
  const { field, kinds, maxLength, check } = options;
  return onCollection(name, (resource) => resource.collection.folder.properties[field], {
    kinds,
    write: (draft, element) => {
      if (element === undefined) return { ...draft, properties: without(draft.properties, field) };
      const text = textOf(element);
      if (text.length > maxLength) return new DavError(507, `longer than ${maxLength} characters`);
      const wrong = check?.(text);
      return wrong ?? { ...draft, properties: { ...draft.properties, [field]: text.trim() } };
    },
  });
}

/** A property with a fixed set of empty elements as values, kept among the dead ones; `standard` when never set. */
export function folderChoice(
  name: string,
  options: {
    readonly kinds: readonly FolderKind[];
    readonly values: readonly string[];
    readonly standard: PropertyRow['value'];
    readonly keep: NonNullable<PropertyRow['write']>;
  },
): PropertyRow {
  return onCollection(
    name,
    (resource, context) =>
      resource.collection.folder.role === undefined
        ? (deadElement(resource.collection.folder.properties, name)?.content ??
          options.standard(resource, context))
        : undefined,
    {
      kinds: options.kinds,
      write: (draft, element) => {
        const chosen = element === undefined ? [] : childrenOf(element).map((child) => child.name);
        if (element !== undefined && !(chosen.length === 1 && options.values.includes(chosen[0] ?? '')))
          return new DavError(409, `must be one of ${options.values.join(', ')}`);
        return options.keep(draft, element);
      },
    },
  );
}

function without(properties: FolderProperties, field: TextField): FolderProperties {
  const rest: { -readonly [K in keyof FolderProperties]: FolderProperties[K] } = { ...properties };
  delete rest[field];
  return rest;
}
