// Short requests for the tests named after requirement ids: create, change and show one item of any kind.
import {
  childOf,
  childrenOf,
  parseXml,
  textOf,
  answerLimits,
  type XmlElement,
} from '../../../src/xml/index.ts';
import { expect } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { bareId, call, codeOf, idOf, ok, updateBody, type Message } from '../soap-client.ts';

/** Lexical forms of XML Schema, as answers have them. */
export const forms = {
  int: /^-?\d+$/,
  double: /^-?\d+(\.\d+)?$/,
  boolean: /^(true|false)$/,
  dateTime: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  base64: /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2,3}={1,2}$/,
  language: /^[a-z]{2}(-[A-Z]{2})?$/,
  duration: /^-?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/,
} as const;

export const createBody = (element: string, inner: string, folder = ''): string =>
  `<m:CreateItem MessageDisposition="SaveOnly" SendMeetingInvitations="SendToNone">${folder}<m:Items><t:${element}>${inner}</t:${element}></m:Items></m:CreateItem>`;

export async function create(sim: Simulator, element: string, inner: string): Promise<XmlElement> {
  return (await ok(sim, createBody(element, inner))).entity!;
}

/** The item as it is now, with all properties and those named besides; `entity` gives the id only. */
export async function show(
  sim: Simulator,
  entity: XmlElement,
  ...uris: readonly string[]
): Promise<XmlElement> {
  const more = uris.map((uri) => (uri.startsWith('<') ? uri : `<t:FieldURI FieldURI="${uri}"/>`)).join('');
  const additional = more === '' ? '' : `<t:AdditionalProperties>${more}</t:AdditionalProperties>`;
  const shape = `<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape>${additional}</m:ItemShape>`;
  return (
    await ok(sim, `<m:GetItem>${shape}<m:ItemIds><t:ItemId Id="${bareId(entity)}"/></m:ItemIds></m:GetItem>`)
  ).entity!;
}

export async function update(sim: Simulator, entity: XmlElement, updates: string): Promise<Message> {
  return ok(sim, updateBody(`Id="${bareId(entity)}"`, updates));
}

export async function codeOfUpdate(sim: Simulator, entity: XmlElement, updates: string): Promise<string> {
  return codeOf(sim, updateBody(`Id="${bareId(entity)}"`, updates));
}

export const setField = (uri: string, element: string, value: string): string =>
  `<t:SetItemField><t:FieldURI FieldURI="${uri}"/><t:${element}>${value}</t:${element}></t:SetItemField>`;

export const deleteBody = (entity: XmlElement, type = 'HardDelete', affected = 'AllOccurrences'): string =>
  `<m:DeleteItem DeleteType="${type}" SendMeetingCancellations="SendToNone" AffectedTaskOccurrences="${affected}"><m:ItemIds><t:ItemId ${idOf(entity)}/></m:ItemIds></m:DeleteItem>`;

/** A simple element: only text in it, which it gives. */
export function plain(element: XmlElement | undefined, name: string): string {
  const child = childOf(element, name);
  expect(child, name).toBeDefined();
  expect(childrenOf(child!), name).toEqual([]);
  return textOf(child);
}

/** Ids of what a FindItem without view finds in a folder of the caller. */
export async function idsIn(sim: Simulator, folderXml: string, traversal = 'Shallow'): Promise<string[]> {
  const found = await ok(
    sim,
    `<m:FindItem Traversal="${traversal}"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ParentFolderIds>${folderXml}</m:ParentFolderIds></m:FindItem>`,
  );
  const items = childOf(childOf(found.element, 'RootFolder'), 'Items');
  return items === undefined ? [] : childrenOf(items).map(bareId);
}

/** One block of the answer's SOAP header, and the envelope itself. */
export async function envelopeOf(sim: Simulator, body: string): Promise<XmlElement> {
  return parseXml((await call(sim, body)).text, answerLimits);
}

export function names(element: XmlElement | undefined): string[] {
  return element === undefined ? [] : childrenOf(element).map(({ name }) => name);
}
