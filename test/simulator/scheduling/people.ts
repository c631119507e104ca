// Alice invites, Bob and Carol answer: what tests of meetings ask the simulator, each time as one of them.
import { childrenOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import {
  at,
  bareId,
  call,
  createEvent,
  folder,
  getItemBody,
  idOf,
  ok,
  set,
  updateBody,
} from '../soap-client.ts';

export type Person = 'alice' | 'bob' | 'carol';

export const attendees = (list: string, ...names: string[]): string =>
  `<t:${list}>${names.map((name) => `<t:Attendee><t:Mailbox><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox></t:Attendee>`).join('')}</t:${list}>`;

export const times = (start: string, end: string): string =>
  `<t:Start>${start}</t:Start><t:End>${end}</t:End>`;

/** Monday 2 June 2025, 10 to 11. */
export const monday = times('2025-06-02T10:00:00Z', '2025-06-02T11:00:00Z');

export const daily = (count: number): string =>
  `<t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>`;

export interface MeetingOptions {
  readonly to?: readonly string[];
  readonly mode?: string;
  readonly before?: string;
  readonly after?: string;
  readonly recurrence?: string;
  readonly busy?: string;
}

/** A meeting of alice's; its id. */
export async function invite(sim: Simulator, options: MeetingOptions = {}): Promise<string> {
  const inner = `<t:Subject>Plan</t:Subject>${options.before ?? ''}${monday}<t:LegacyFreeBusyStatus>${options.busy ?? 'Busy'}</t:LegacyFreeBusyStatus><t:Location>Room 1</t:Location>${attendees('RequiredAttendees', ...(options.to ?? ['bob']))}${options.after ?? ''}${options.recurrence ?? ''}`;
  return bareId(await createEvent(sim, inner, { mode: options.mode ?? 'SendToAllAndSaveCopy' }));
}

/** Everything in a folder, oldest first, as GetItem shows it. */
export async function itemsIn(sim: Simulator, person: Person, name: string): Promise<XmlElement[]> {
  const found = await ok(
    sim,
    `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:SortOrder><t:FieldOrder Order="Ascending"><t:FieldURI FieldURI="item:DateTimeCreated"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds>${folder(name)}</m:ParentFolderIds></m:FindItem>`,
    { user: person },
  );
  const list = at(found.element, 'RootFolder/Items');
  const items = list === undefined ? [] : childrenOf(list);
  return Promise.all(items.map((item) => getAs(sim, person, idOf(item))));
}

/** `id`: attributes of an ItemId, or a whole id element. */
export async function getAs(sim: Simulator, person: Person, id: string): Promise<XmlElement> {
  const element = id.startsWith('<') ? id : `<t:ItemId ${id}/>`;
  return (await ok(sim, getItemBody(element), { user: person })).entity!;
}

export async function only(sim: Simulator, person: Person, name: string): Promise<XmlElement> {
  const items = await itemsIn(sim, person, name);
  if (items.length !== 1) throw new Error(`${items.length} items in ${person}’s ${name}`);
  return items[0]!;
}

export const change = async (
  sim: Simulator,
  id: string,
  given: { readonly updates: string; readonly mode?: string; readonly person?: Person },
): Promise<void> => {
  await ok(
    sim,
    updateBody(id.startsWith('<') ? id : `Id="${id}"`, given.updates, {
      mode: given.mode ?? 'SendToAllAndSaveCopy',
    }),
    { user: given.person ?? 'alice' },
  );
};

export const setEvent = (name: string, value: string, uri = `calendar:${name}`): string =>
  set(uri, 'CalendarItem', `<t:${name}>${value}</t:${name}>`);

export const moveTo = (hour: string): string =>
  setEvent('Start', `2025-06-02T${hour}:00:00Z`) + setEvent('End', `2025-06-02T${hour}:30:00Z`);

export interface Answering {
  readonly inner?: string;
  readonly disposition?: string | null;
}

export function responseBody(kind: string, reference: string, options: Answering = {}): string {
  const disposition =
    options.disposition === null ? '' : ` MessageDisposition="${options.disposition ?? 'SendAndSaveCopy'}"`;
  const inner = options.inner ?? '';
  const isSmart = kind === 'CancelCalendarItem' || kind.endsWith('ToItem') || kind === 'ForwardItem';
  const id = `<t:ReferenceItemId ${reference}/>`;
  return `<m:CreateItem${disposition}><m:Items><t:${kind}>${isSmart ? id + inner : inner + id}</t:${kind}></m:Items></m:CreateItem>`;
}

/** The items that a response object answers with. */
export async function respond(
  sim: Simulator,
  person: Person,
  given: Answering & { readonly kind: string; readonly to: XmlElement },
): Promise<XmlElement[]> {
  const message = await ok(sim, responseBody(given.kind, idOf(given.to), given), { user: person });
  return childrenOf(at(message.element, 'Items')!);
}

export async function codeAs(sim: Simulator, person: Person, body: string): Promise<string> {
  return (await call(sim, body, { user: person })).messages[0]!.code;
}
