// How EWS names a property: FieldURI, IndexedFieldURI or ExtendedFieldURI, and how extended ones travel inside an item.
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';

/** `ExtendedFieldURI` attributes: exactly one addressing scheme (BEHAVIOUR §11). */
export type ExtendedPath =
  | { readonly kind: 'extended'; readonly tag: string; readonly type: string }
  | { readonly kind: 'extended'; readonly set: string; readonly name: string; readonly type: string }
  | { readonly kind: 'extended'; readonly wellKnownSet: string; readonly id: number; readonly type: string }
  | {
      readonly kind: 'extended';
      readonly wellKnownSet: string;
      readonly name: string;
      readonly type: string;
    };

export type Path =
  | { readonly kind: 'field'; readonly uri: string }
  | { readonly kind: 'indexed'; readonly uri: string; readonly index: string }
  | ExtendedPath;

export function field(uri: string): Path {
  return { kind: 'field', uri };
}

export function renderPath(path: Path): Markup {
  switch (path.kind) {
    case 'field':
      return xml('t:FieldURI', { FieldURI: path.uri });
    case 'indexed':
      return xml('t:IndexedFieldURI', { FieldURI: path.uri, FieldIndex: path.index });
    case 'extended':
      return xml('t:ExtendedFieldURI', attributesOf(path));
  }
}

/** `ExtendedProperty` with a value, as items and folders carry it. */
export function renderExtended(path: ExtendedPath, value: string): Markup {
  return xml('t:ExtendedProperty', {}, renderPath(path), xml('t:Value', {}, value));
}

/** The value of an extended property of an item or folder; undefined when it is not set. */
export function extendedOf(element: XmlElement, path: ExtendedPath): string | undefined {
  const wanted = keyOfPath(path);
  for (const child of childrenOf(element)) {
    if (child.name !== 'ExtendedProperty') continue;
    const uri = childOf(child, 'ExtendedFieldURI');
    const value = childOf(child, 'Value');
    if (uri !== undefined && value !== undefined && keyOf(uri.attrs) === wanted) return textOf(value);
  }
  return undefined;
}

const keys = new WeakMap<ExtendedPath, string>();

function keyOfPath(path: ExtendedPath): string {
  const known = keys.get(path);
  if (known !== undefined) return known;
  const key = keyOf(attributesOf(path));
  keys.set(path, key);
  return key;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

function attributesOf(path: ExtendedPath): Attributes {
  if ('tag' in path) return { PropertyTag: path.tag, PropertyType: path.type };
  if ('set' in path) return { PropertySetId: path.set, PropertyName: path.name, PropertyType: path.type };
  return 'id' in path
    ? { DistinguishedPropertySetId: path.wellKnownSet, PropertyId: path.id, PropertyType: path.type }
    : { DistinguishedPropertySetId: path.wellKnownSet, PropertyName: path.name, PropertyType: path.type };
}

/** Servers answer tags and GUIDs in another case, and tags with leading zeros, than they were asked in. */
function keyOf(attributes: Attributes): string {
  const tag = attributes['PropertyTag'];
  const parts = [
    tag === undefined ? '' : Number.parseInt(String(tag).replace(/^0x/i, ''), 16),
    attributes['PropertySetId'],
    attributes['DistinguishedPropertySetId'],
    attributes['PropertyName'],
    attributes['PropertyId'],
  ];
  return parts.map((part) => String(part ?? '').toLowerCase()).join('|');
}
