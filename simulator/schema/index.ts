// Validates a request against the EWS schema as Exchange does: the first violation refuses the whole request
// (BEHAVIOUR §1). Texts are those of .NET's XmlSchemaValidator, seen in captured faults.
import { childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { contentOf, matchContent, nameOf, type ContentMatch } from './content.ts';
import { namespaces, type ComplexRow } from './model.ts';
import { schemaTable } from './schema-table.ts';
import { complaintAbout, qualified } from './simple.ts';

export interface Violation {
  /** The faultstring. */
  readonly message: string;
  /** t:Violation of the fault's MessageXml. */
  readonly violation: string;
}

/** The element inside s:Body (or a block of the header); undefined when it is valid. */
export function validateRequest(body: XmlElement): Violation | undefined {
  const type = schemaTable.elements[nameOf(body)];
  const violation =
    type === undefined
      ? `Could not find schema information for the element '${body.ns === '' ? '' : `${body.ns}:`}${body.name}'.`
      : violationOf(body, type);
  return violation === undefined
    ? undefined
    : { message: `The request failed schema validation: ${violation}`, violation };
}

function violationOf(element: XmlElement, declared: string): string | undefined {
  const type = actualType(element, declared);
  if (type === undefined) return `This is an invalid xsi:type '${element.attrs[xsiType] ?? ''}'.`;
  if (type === 'xs:anyType') return undefined;
  const row = schemaTable.complexTypes[type];
  if (row === undefined) return violationOfSimple(element, type);
  if (row.isAbstract === true)
    return `The element '${element.ns}:${element.name}' is abstract or its type is abstract.`;
  const attribute = violationOfAttributes(element, row);
  if (attribute !== undefined) return attribute;
  const text = textTypeOf(row);
  return text === undefined ? violationOfContent(element, row) : violationOfText(element, text);
}

const xsi = 'http://www.w3.org/2001/XMLSchema-instance';
const xsiType = `{${xsi}}type`;

/** xsi:type may name a type derived from the declared one; its prefix is the requester's own, so only the name counts. */
function actualType(element: XmlElement, declared: string): string | undefined {
  const asked = element.attrs[xsiType];
  if (asked === undefined) return declared;
  const local = asked.slice(asked.indexOf(':') + 1);
  return [`t:${local}`, `m:${local}`, `xs:${local}`].find((name) => isDerived(name, declared));
}

function isDerived(name: string, from: string): boolean {
  if (name === from)
    return name.startsWith('xs:') || name in schemaTable.complexTypes || name in schemaTable.simpleTypes;
  const base = schemaTable.complexTypes[name]?.base;
  return base !== undefined && isDerived(base, from);
}

function violationOfAttributes(element: XmlElement, row: ComplexRow): string | undefined {
  const declared = attributesOf(row);
  for (const [name, value] of Object.entries(element.attrs)) {
    if (name.startsWith(`{${xsi}}`) || (row.isOpen === true && name.startsWith(`{${soap}}`))) continue;
    const type = declared.get(name);
    if (type === undefined || type.startsWith('-')) return `The '${plain(name)}' attribute is not declared.`;
    const complaint = complaintAbout(value, type.replace('!', ''));
    if (complaint !== undefined)
      return `The '${name}' attribute is invalid - The value '${value}' is invalid according to its datatype '${qualified(type.replace('!', ''))}' - ${complaint}`;
  }
  for (const [name, type] of declared)
    if (type.startsWith('!') && !(name in element.attrs))
      return `The required attribute '${name}' is missing.`;
  return undefined;
}

const soap = 'http://schemas.xmlsoap.org/soap/envelope/';

function plain(name: string): string {
  return name.replace(/^\{(.*)\}/, '$1:');
}

const attributes = new WeakMap<ComplexRow, ReadonlyMap<string, string>>();

/** The attributes of a type and of its bases. */
function attributesOf(row: ComplexRow): ReadonlyMap<string, string> {
  const kept = attributes.get(row);
  if (kept !== undefined) return kept;
  const base = row.base ?? row.text;
  const inherited = base === undefined ? undefined : schemaTable.complexTypes[base];
  const joined = new Map([
    ...(inherited === undefined ? [] : attributesOf(inherited)),
    ...Object.entries(row.attributes ?? {}),
  ]);
  attributes.set(row, joined);
  return joined;
}

function textTypeOf(row: ComplexRow): string | undefined {
  if (row.text === undefined) {
    const base = row.base === undefined ? undefined : schemaTable.complexTypes[row.base];
    return base === undefined ? undefined : textTypeOf(base);
  }
  const inner = schemaTable.complexTypes[row.text];
  return inner === undefined ? row.text : textTypeOf(inner);
}

function violationOfSimple(element: XmlElement, type: string): string | undefined {
  for (const name of Object.keys(element.attrs))
    if (!name.startsWith(`{${xsi}}`)) return `The '${plain(name)}' attribute is not declared.`;
  return violationOfText(element, type);
}

function violationOfText(element: XmlElement, type: string): string | undefined {
  const [child] = childrenOf(element);
  if (child !== undefined)
    return `The element ${inNamespace(element)} cannot contain child element ${inNamespace(child)} because the parent element's content model is text only.`;
  const value = textOf(element);
  const complaint = complaintAbout(value, type);
  return complaint === undefined
    ? undefined
    : `The '${element.ns}:${element.name}' element is invalid - The value '${value}' is invalid according to its datatype '${qualified(type)}' - ${complaint}`;
}

function violationOfContent(element: XmlElement, row: ComplexRow): string | undefined {
  const found = matchContent(element, contentOf(row));
  const children = childrenOf(element);
  for (const [index, type] of found.types.entries()) {
    const child = children[index];
    const inside = child === undefined ? undefined : violationOf(child, type);
    if (inside !== undefined) return inside;
  }
  if (element.children.some((child) => typeof child === 'string' && /\S/.test(child)))
    return `The element ${inNamespace(element)} cannot contain text.${listOf(found.misfit?.expected ?? [])}`;
  return found.misfit === undefined ? undefined : violationOfMisfit(element, found.misfit);
}

function violationOfMisfit(element: XmlElement, misfit: NonNullable<ContentMatch['misfit']>): string {
  const child = childrenOf(element)[misfit.at];
  const what =
    child === undefined ? 'has incomplete content.' : `has invalid child element ${inNamespace(child)}.`;
  return `The element ${inNamespace(element)} ${what}${listOf(misfit.expected)}`;
}

function inNamespace(element: XmlElement): string {
  return element.ns === '' ? `'${element.name}'` : `'${element.name}' in namespace '${element.ns}'`;
}

function listOf(expected: readonly string[]): string {
  const groups = Object.entries(namespaces).map(([prefix, ns]) => {
    const names = expected
      .filter((name) => name.startsWith(`${prefix}:`))
      .map((name) => name.slice(prefix.length + 1));
    return names.length === 0 ? '' : `'${names.join(', ')}' in namespace '${ns}'`;
  });
  const text = groups.filter((group) => group !== '').join(' as well as ');
  return text === '' ? '' : ` List of possible elements expected: ${text}.`;
}
