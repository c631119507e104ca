// A tiny SOAP client by hand: envelopes in, elements out. Every envelope is judged by the schema where it is found.
import { afterAll, expect } from 'vitest';
import { answerLimits, childOf, childrenOf, parseXml, textOf, type XmlElement } from '../../src/xml/index.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/index.ts';
import { openEnvelopeCheck } from './envelopes.ts';

const envelopes = openEnvelopeCheck();

afterAll(() => {
  expect(envelopes.failures.map(({ complaints, xml }) => ({ complaints, xml: xml.slice(0, 3000) }))).toEqual(
    [],
  );
});

export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator({
    envelope: (direction, xml) => direction === 'answer' && envelopes.check(direction, xml),
    ...options,
  });
}

/** A simulator whose envelopes nobody judges: for faults that break them. */
export async function startUnjudged(options: SimulatorOptions = {}): Promise<Simulator> {
  return startSimulator(options);
}

export interface CallOptions {
  readonly user?: string;
  readonly header?: string;
  readonly version?: string;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly body: XmlElement;
  /** Response messages in order. */
  readonly messages: readonly Message[];
}

export interface Message {
  readonly element: XmlElement;
  readonly class: string;
  readonly code: string;
  readonly text: string;
  /** First item or folder in it. */
  readonly entity: XmlElement | undefined;
}

export function envelope(body: string, options: CallOptions = {}): string {
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header><t:RequestServerVersion Version="${options.version ?? 'Exchange2016'}"/>${options.header ?? ''}</s:Header><s:Body>${body}</s:Body></s:Envelope>`;
}

export function basic(user: string): string {
  return `Basic ${Buffer.from(`${user}@example.test:${user}`).toString('base64')}`;
}

export async function post(simulator: Simulator, body: string, options: CallOptions = {}): Promise<Response> {
  return fetch(simulator.url, {
    method: 'POST',
    headers: { authorization: basic(options.user ?? 'alice'), 'content-type': 'text/xml; charset=utf-8' },
    body: envelope(body, options),
  });
}

export async function call(simulator: Simulator, body: string, options: CallOptions = {}): Promise<Reply> {
  const response = await post(simulator, body, options);
  return replyOf(response.status, await response.text());
}

export function replyOf(status: number, text: string): Reply {
  const root = parseXml(text, answerLimits);
  const [answer] = childrenOf(childOf(root, 'Body')!);
  const messages = childOf(answer, 'ResponseMessages');
  return {
    status,
    text,
    body: answer!,
    messages: messages === undefined ? [] : childrenOf(messages).map(messageOf),
  };
}

/** The only message, which must be a success. */
export async function ok(simulator: Simulator, body: string, options: CallOptions = {}): Promise<Message> {
  const reply = await call(simulator, body, options);
  expect(
    reply.messages.map(({ code, text }) => `${code} ${text}`),
    reply.text.slice(0, 1500),
  ).toEqual(['NoError ']);
  return reply.messages[0]!;
}

export async function codeOf(simulator: Simulator, body: string, options: CallOptions = {}): Promise<string> {
  const reply = await call(simulator, body, options);
  return reply.messages[0]?.code ?? `fault ${path(reply.body, 'detail/ResponseCode')}`;
}

function messageOf(element: XmlElement): Message {
  const payload =
    childOf(element, 'Items') ??
    childOf(element, 'Folders') ??
    childOf(childOf(element, 'RootFolder'), 'Items');
  return {
    element,
    class: element.attrs['ResponseClass'] ?? '',
    code: textOf(childOf(element, 'ResponseCode')),
    text: textOf(childOf(element, 'MessageText')),
    entity: payload === undefined ? undefined : childrenOf(payload)[0],
  };
}

/** Text at a path of local names. */
export function path(element: XmlElement | undefined, names: string): string {
  return textOf(at(element, names));
}

export function at(element: XmlElement | undefined, names: string): XmlElement | undefined {
  return names.split('/').reduce<XmlElement | undefined>((found, name) => childOf(found, name), element);
}

export function all(element: XmlElement | undefined, names: string): XmlElement[] {
  const parts = names.split('/');
  const last = parts.pop();
  const parent = parts.length === 0 ? element : at(element, parts.join('/'));
  return parent === undefined ? [] : childrenOf(parent).filter((child) => child.name === last);
}

/** Attributes of the id, to be used in the next request: `Id="…" ChangeKey="…"`. */
export function idOf(entity: XmlElement | undefined): string {
  const id = childOf(entity, 'ItemId') ?? childOf(entity, 'FolderId');
  return `Id="${id?.attrs['Id']}" ChangeKey="${id?.attrs['ChangeKey']}"`;
}

export function bareId(entity: XmlElement | undefined): string {
  return (childOf(entity, 'ItemId') ?? childOf(entity, 'FolderId'))?.attrs['Id'] ?? '';
}

export function keyOf(entity: XmlElement | undefined): string {
  return (childOf(entity, 'ItemId') ?? childOf(entity, 'FolderId'))?.attrs['ChangeKey'] ?? '';
}

export async function createEvent(
  simulator: Simulator,
  inner: string,
  options: CallOptions & { mode?: string; folder?: string } = {},
): Promise<XmlElement> {
  const folder =
    options.folder === undefined ? '' : `<m:SavedItemFolderId>${options.folder}</m:SavedItemFolderId>`;
  const message = await ok(
    simulator,
    `<m:CreateItem SendMeetingInvitations="${options.mode ?? 'SendToNone'}">${folder}<m:Items><t:CalendarItem>${inner}</t:CalendarItem></m:Items></m:CreateItem>`,
    options,
  );
  return message.entity!;
}

export async function createOther(simulator: Simulator, element: string): Promise<XmlElement> {
  return (
    await ok(
      simulator,
      `<m:CreateItem MessageDisposition="SaveOnly"><m:Items>${element}</m:Items></m:CreateItem>`,
    )
  ).entity!;
}

export const getItemBody = (ids: string, shape = '<t:BaseShape>AllProperties</t:BaseShape>'): string =>
  `<m:GetItem><m:ItemShape>${shape}</m:ItemShape><m:ItemIds>${ids}</m:ItemIds></m:GetItem>`;

export async function get(simulator: Simulator, id: string, shape?: string): Promise<XmlElement> {
  return (await ok(simulator, getItemBody(id.startsWith('<') ? id : `<t:ItemId ${id}/>`, shape))).entity!;
}

export function updateBody(
  id: string,
  updates: string,
  options: { resolution?: string; mode?: string } = {},
): string {
  return `<m:UpdateItem ConflictResolution="${options.resolution ?? 'AlwaysOverwrite'}" MessageDisposition="SaveOnly" SendMeetingInvitationsOrCancellations="${options.mode ?? 'SendToNone'}"><m:ItemChanges><t:ItemChange>${id.startsWith('<') ? id : `<t:ItemId ${id}/>`}<t:Updates>${updates}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`;
}

export const set = (uri: string, element: string, value: string): string =>
  `<t:SetItemField><t:FieldURI FieldURI="${uri}"/><t:${element}>${value}</t:${element}></t:SetItemField>`;

export const remove = (uri: string): string =>
  `<t:DeleteItemField><t:FieldURI FieldURI="${uri}"/></t:DeleteItemField>`;

export const zones = (id: string): string => `<t:StartTimeZone Id="${id}"/><t:EndTimeZone Id="${id}"/>`;

export const named = (name: string, type = 'String'): string =>
  `<t:ExtendedFieldURI DistinguishedPropertySetId="PublicStrings" PropertyName="${name}" PropertyType="${type}"/>`;

export const folder = (id: string): string => `<t:DistinguishedFolderId Id="${id}"/>`;

export interface Synced {
  readonly state: string;
  readonly isLast: boolean;
  readonly changes: readonly { readonly kind: string; readonly id: string; readonly element: XmlElement }[];
}

export async function sync(
  simulator: Simulator,
  state: string,
  options: { folder?: string; most?: number; shape?: string } = {},
): Promise<Synced> {
  const stateXml = state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`;
  const message = await ok(
    simulator,
    `<m:SyncFolderItems><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>${options.shape ?? ''}</m:ItemShape><m:SyncFolderId>${folder(options.folder ?? 'calendar')}</m:SyncFolderId>${stateXml}<m:MaxChangesReturned>${options.most ?? 512}</m:MaxChangesReturned></m:SyncFolderItems>`,
  );
  return {
    state: path(message.element, 'SyncState'),
    isLast: path(message.element, 'IncludesLastItemInRange') === 'true',
    changes: childrenOf(at(message.element, 'Changes')!).map((change) => {
      const entity =
        change.name === 'Delete' || change.name === 'ReadFlagChange' ? change : childrenOf(change)[0];
      return { kind: change.name, id: bareId(entity), element: entity! };
    }),
  };
}
