// How EWS names a property: FieldURI, IndexedFieldURI or ExtendedFieldURI, and how extended ones travel inside an item.
import { childOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';

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
  const wanted = knownAttributes(path);
  for (const child of element.children) {
    if (typeof child === 'string' || child.name !== 'ExtendedProperty') continue;
    const uri = childOf(child, 'ExtendedFieldURI');
    if (uri === undefined || !isSameProperty(uri.attrs, wanted)) continue;
    const value = childOf(child, 'Value');
    if (value !== undefined) return textOf(value);
  }
  return undefined;
}

type Attributes = Readonly<Record<string, string | undefined>>;

function attributesOf(path: ExtendedPath): Attributes {
  if ('tag' in path) return { PropertyTag: path.tag, PropertyType: path.type };
  if ('set' in path) return { PropertySetId: path.set, PropertyName: path.name, PropertyType: path.type };
  return 'id' in path
    ? { DistinguishedPropertySetId: path.wellKnownSet, PropertyId: String(path.id), PropertyType: path.type }
    : { DistinguishedPropertySetId: path.wellKnownSet, PropertyName: path.name, PropertyType: path.type };
}

const attributesByPath = new WeakMap<ExtendedPath, Attributes>();

function knownAttributes(path: ExtendedPath): Attributes {
  const known = attributesByPath.get(path);
  if (known !== undefined) return known;
  const attributes = attributesOf(path);
  attributesByPath.set(path, attributes);
  return attributes;
}

const identifying = ['PropertySetId', 'DistinguishedPropertySetId', 'PropertyName', 'PropertyId'] as const;

/** Servers answer tags and GUIDs in another case, and tags with leading zeros, than they were asked in. */
function isSameProperty(given: Attributes, wanted: Attributes): boolean {
  const [tag, wantedTag] = [given['PropertyTag'], wanted['PropertyTag']];
  if (tag === undefined || wantedTag === undefined)
    return tag === wantedTag && identifying.every((name) => isSameText(given[name], wanted[name]));
  return tag === wantedTag || Number.parseInt(tag, 16) === Number.parseInt(wantedTag, 16);
}

function isSameText(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  return one.toLowerCase() === other.toLowerCase();
}
