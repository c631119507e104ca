// Writes simulator/schema/schema-table.ts: the content models, attributes and value ranges of EWS requests, read from
// messages.xsd and types.xsd. Development time only: EXDAV_SPEC names the folder that holds schema/.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { many, type ComplexRow, type Particle, type SimpleRow } from '../simulator/schema/model.ts';
import { answerLimits, childOf, childrenOf, parseXml, type XmlElement } from '../src/xml/index.ts';

const operations =
  `AddDelegate ArchiveItem ConvertId CopyFolder CopyItem CreateAttachment CreateFolder CreateFolderPath
CreateItem CreateUserConfiguration DeleteAttachment DeleteFolder DeleteItem DeleteUserConfiguration EmptyFolder ExpandDL
ExportItems FindFolder FindItem FindPeople GetAttachment GetDelegate GetEvents GetFolder GetItem GetMailTips
GetPasswordExpirationDate GetPersona GetReminders GetRoomLists GetRooms GetServerTimeZones GetServiceConfiguration
GetSharingFolder GetSharingMetadata GetStreamingEvents GetUserAvailabilityRequest GetUserConfiguration
GetUserOofSettingsRequest GetUserPhoto MarkAllItemsAsRead MoveFolder MoveItem PerformReminderAction RemoveDelegate
ResolveNames SendItem SetUserOofSettingsRequest Subscribe SyncFolderHierarchy SyncFolderItems Unsubscribe UpdateDelegate
UpdateFolder UpdateItem UpdateUserConfiguration UploadItems`.split(/\s+/);
const headers = [
  'RequestServerVersion',
  'TimeZoneContext',
  'ExchangeImpersonation',
  'MailboxCulture',
  'DateTimePrecision',
];

const folder = join(process.env['EXDAV_SPEC'] ?? '../shared/ews-spec', 'schema');
const globals = {
  element: new Map<string, XmlElement>(),
  complexType: new Map<string, XmlElement>(),
  simpleType: new Map<string, XmlElement>(),
  group: new Map<string, XmlElement>(),
  attributeGroup: new Map<string, XmlElement>(),
};
const substitutes: Record<string, string[]> = {};
for (const [prefix, file] of [
  ['m', 'messages.xsd'],
  ['t', 'types.xsd'],
] as const) {
  for (const child of childrenOf(parseXml(readFileSync(join(folder, file), 'utf8'), answerLimits))) {
    const name = `${prefix}:${child.attrs['name'] ?? ''}`;
    for (const [kind, found] of Object.entries(globals)) if (kind === child.name) found.set(name, child);
    const head = child.attrs['substitutionGroup'];
    if (head !== undefined) (substitutes[head] ??= []).push(name);
  }
}

const elements: Record<string, string> = {};
const complexTypes: Record<string, ComplexRow> = {};
const simpleTypes: Record<string, SimpleRow> = {};
const used = { substitutes: {} as Record<string, string[]>, abstractElements: new Set<string>() };

for (const name of operations) useElement(`m:${name}`);
for (const name of headers) useElement(`t:${name}`);

/** Registers a global element with everything it needs. */
function useElement(name: string): void {
  if (name in elements) return;
  const element = globals.element.get(name);
  if (element === undefined) throw new Error(`the schema has no element ${name}`);
  elements[name] = 'xs:anyType';
  elements[name] = typeOf(element, name);
  if (element.attrs['abstract'] === 'true') used.abstractElements.add(name);
  const members = substitutes[name];
  if (members === undefined) return;
  used.substitutes[name] = members;
  members.forEach(useElement);
}

/** The type of an element or attribute; an anonymous one is named by its path. */
function typeOf(holder: XmlElement, path: string): string {
  const named = holder.attrs['type'];
  if (named !== undefined) return useType(named);
  const complex = childOf(holder, 'complexType');
  if (complex !== undefined) {
    complexTypes[path] = complexRow(complex, path);
    return path;
  }
  const simple = childOf(holder, 'simpleType');
  if (simple === undefined) return 'xs:anyType';
  simpleTypes[path] = simpleRow(simple, path);
  return path;
}

function useType(name: string): string {
  if (name.startsWith('xs:') || name in complexTypes || name in simpleTypes) return name;
  const complex = globals.complexType.get(name);
  const simple = globals.simpleType.get(name);
  if (complex !== undefined) {
    complexTypes[name] = {};
    complexTypes[name] = complexRow(complex, name);
  } else if (simple !== undefined) {
    simpleTypes[name] = { base: 'xs:string' };
    simpleTypes[name] = simpleRow(simple, name);
  } else throw new Error(`the schema has no type ${name}`);
  return name;
}

function complexRow(element: XmlElement, path: string): ComplexRow {
  const derivation = childOf(element, 'complexContent') ?? childOf(element, 'simpleContent');
  const extension = childOf(derivation, 'extension');
  const body = extension ?? childOf(derivation, 'restriction') ?? element;
  const isSimple = derivation?.name === 'simpleContent';
  const base = extension?.attrs['base'];
  const content = childrenOf(body)
    .map((child) => particleOf(child, path))
    .find((found) => found !== undefined);
  const attributes = attributesOf(body, path);
  // Text on a complex base (TransitionTargetType and such) inherits nothing else.
  return {
    ...(base !== undefined && (isSimple ? { text: useType(base) } : { base: useType(base) })),
    ...(content !== undefined && { content }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(element.attrs['abstract'] === 'true' && { isAbstract: true as const }),
    ...(childOf(body, 'anyAttribute') !== undefined && { isOpen: true as const }),
  };
}

function attributesOf(body: XmlElement, path: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const child of childrenOf(body)) {
    if (child.name === 'attributeGroup') {
      const group = globals.attributeGroup.get(child.attrs['ref'] ?? '');
      if (group !== undefined) Object.assign(found, attributesOf(group, path));
    }
    // The one attribute taken from elsewhere is xml:lang.
    if (child.attrs['ref'] === 'xml:lang')
      found['{http://www.w3.org/XML/1998/namespace}lang'] = 'xs:language';
    const name = child.attrs['name'];
    if (child.name !== 'attribute' || name === undefined) continue;
    const use = { required: '!', prohibited: '-' }[child.attrs['use'] ?? ''] ?? '';
    found[name] = use + typeOf(child, `${path}/@${name}`);
  }
  return found;
}

function particleOf(element: XmlElement, path: string): Particle | undefined {
  const least = Number(element.attrs['minOccurs'] ?? 1);
  const max = element.attrs['maxOccurs'] ?? '1';
  const most = max === 'unbounded' ? many : Number(max);
  const ref = element.attrs['ref'];
  const name = element.attrs['name'];
  if (element.name === 'element' && ref !== undefined) {
    useElement(ref);
    return ['ref', ref, least, most];
  }
  if (element.name === 'element' && name !== undefined) {
    const full = `${path.slice(0, 1)}:${name}`;
    return ['element', full, typeOf(element, `${path}/${name}`), least, most];
  }
  if (element.name === 'any') return ['any', least, most];
  if (element.name === 'group') {
    const group = globals.group.get(ref ?? '');
    const [inner] = group === undefined ? [] : childrenOf(group).filter(({ name }) => name !== 'annotation');
    const particle = inner === undefined ? undefined : particleOf(inner, ref ?? '');
    return particle === undefined ? undefined : ['sequence', [particle], least, most];
  }
  if (element.name !== 'sequence' && element.name !== 'choice' && element.name !== 'all') return undefined;
  const particles = childrenOf(element)
    .map((child) => particleOf(child, path))
    .filter((found) => found !== undefined);
  return [element.name, particles, least, most];
}

function simpleRow(element: XmlElement, path: string): SimpleRow {
  const list = childOf(element, 'list');
  if (list !== undefined) {
    const inner = list.attrs['itemType'];
    return { base: 'xs:string', list: inner === undefined ? typeOf(list, `${path}/item`) : useType(inner) };
  }
  const union = childOf(element, 'union');
  if (union !== undefined) {
    const named = (union.attrs['memberTypes'] ?? '')
      .split(/\s+/)
      .filter((name) => name !== '')
      .map(useType);
    const own = childrenOf(union)
      .filter(({ name }) => name === 'simpleType')
      .map((simple, index) => {
        const name = `${path}/${index}`;
        simpleTypes[name] = simpleRow(simple, name);
        return name;
      });
    return { base: 'xs:string', union: [...named, ...own] };
  }
  const restriction = childOf(element, 'restriction');
  if (restriction === undefined) throw new Error(`nothing known about ${path}`);
  const facets = childrenOf(restriction);
  const facet = (name: string): string | undefined =>
    facets.find((found) => found.name === name)?.attrs['value'];
  const number = (name: string): Record<string, number> => {
    const value = facet(name);
    return value === undefined ? {} : { [name]: Number(value) };
  };
  const values = facets.filter(({ name }) => name === 'enumeration').map(({ attrs }) => attrs['value'] ?? '');
  const pattern = facet('pattern');
  return {
    base: useType(restriction.attrs['base'] ?? 'xs:string'),
    ...(values.length > 0 && { values }),
    ...(pattern !== undefined && { pattern }),
    ...number('minInclusive'),
    ...number('maxInclusive'),
    ...number('minLength'),
    ...number('length'),
  };
}

const sorted = <Value>(record: Record<string, Value>): string =>
  Object.keys(record)
    .sort()
    .map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(record[key])},\n`)
    .join('');
writeFileSync(
  'simulator/schema/schema-table.ts',
  `// Generated by scripts/generate-simulator-schema.ts: what EWS requests may hold, in which order, with which values.
import type { SchemaTable } from './model.ts';

// prettier-ignore
export const schemaTable: SchemaTable = {
  elements: {
${sorted(elements)}  },
  abstractElements: ${JSON.stringify([...used.abstractElements].sort())},
  substitutes: {
${sorted(used.substitutes)}  },
  complexTypes: {
${sorted(complexTypes)}  },
  simpleTypes: {
${sorted(simpleTypes)}  },
};
`,
);
console.log(
  `${Object.keys(elements).length} elements, ${Object.keys(complexTypes).length} complex types, ${Object.keys(simpleTypes).length} simple types`,
);
