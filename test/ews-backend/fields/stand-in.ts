// A few lines of server: keeps the element of a CreateItem, applies changes, and answers it as GetItem would. It knows of
// EWS only what BEHAVIOUR §7, §8 and §10 say, and shares no table with what it tests.
import { instantOf, ianaZoneOf } from '../../../src/model/zones.ts';
import type { When } from '../../../src/model/time.ts';
import {
  childOf,
  childrenOf,
  parseXml,
  textOf,
  type Markup,
  type XmlElement,
} from '../../../src/xml/index.ts';
import { parseHtml } from '../../../simulator/bodies.ts';
import type { OccurrenceWrite } from '../../../src/ews-backend/fields/index.ts';

export const types = 'http://schemas.microsoft.com/exchange/services/2006/types';

export function parse(markup: Markup): XmlElement {
  return childrenOf(parseXml(`<r xmlns:t="${types}">${markup.xml}</r>`))[0]!;
}

export function el(
  name: string,
  attrs: Record<string, string>,
  ...children: (XmlElement | string)[]
): XmlElement {
  return { ns: types, name, attrs, children: children.filter((child) => child !== '') };
}

type Children = readonly (XmlElement | string)[];

function withChildren(element: XmlElement, children: Children): XmlElement {
  return { ...element, children };
}

function put(
  element: XmlElement,
  child: XmlElement,
  isSame = (each: XmlElement) => each.name === child.name,
): XmlElement {
  return withChildren(element, [...without(element, isSame).children, child]);
}

function without(element: XmlElement, isSame: (each: XmlElement) => boolean): XmlElement {
  return withChildren(
    element,
    childrenOf(element).filter((each) => !isSame(each)),
  );
}

export function apply(element: XmlElement, changes: readonly Markup[]): XmlElement {
  return changes.map(parse).reduce(applyOne, element);
}

function applyOne(element: XmlElement, change: XmlElement): XmlElement {
  const [path, item] = childrenOf(change);
  const value = item && childrenOf(item)[0];
  const uri = path!.attrs['FieldURI'] ?? '';
  if (uri.startsWith('distributionlist:')) return applyMembers(element, change);
  const isAppended = change.name === 'AppendToItemField';
  const isSet = isAppended || change.name === 'SetItemField';
  if (isSet !== (value !== undefined))
    throw new Error('a SetItemField without value or a DeleteItemField with one');
  if (item !== undefined && (item.name !== element.name || childrenOf(item).length !== 1))
    throw new Error('one property each');
  if (path!.name === 'IndexedFieldURI')
    return applyEntry(element, { uri, key: path!.attrs['FieldIndex']!, value });
  if (path!.name === 'ExtendedFieldURI') {
    const key = keyOf(path!);
    const isSame = (each: XmlElement) =>
      each.name === 'ExtendedProperty' && keyOf(childrenOf(each)[0]!) === key;
    return value === undefined ? without(element, isSame) : put(element, value, isSame);
  }
  const name = uri.slice(uri.indexOf(':') + 1);
  if (value === undefined) return without(element, (each) => each.name === name);
  if (value.name !== name) throw new Error(`${uri} with a ${value.name}`);
  if (isAppended)
    return put(
      element,
      withChildren(value, [...childrenOf(childOf(element, name) ?? el(name, {})), ...value.children]),
    );
  return consequences(put(element, value), name);
}

/** Members are added together and removed one by one, by key. */
function applyMembers(element: XmlElement, change: XmlElement): XmlElement {
  const [path, item] = childrenOf(change);
  const members = childOf(element, 'Members') ?? el('Members', {});
  if (change.name === 'DeleteItemField') {
    const key = path!.attrs['FieldIndex'];
    if (!childrenOf(members).some(({ attrs }) => attrs['Key'] === key)) throw new Error('no such member');
    return put(
      element,
      without(members, ({ attrs }) => attrs['Key'] === key),
    );
  }
  const given = childOf(item, 'Members');
  if (change.name !== 'AppendToItemField' || given === undefined) throw new Error('members are added');
  return put(element, withKeys(withChildren(members, [...members.children, ...given.children])));
}

function withKeys(element: XmlElement): XmlElement {
  if (element.name !== 'Members') return element;
  const members = childrenOf(element).map((member) => {
    const mailbox = childOf(member, 'Mailbox');
    const key =
      childOf(mailbox, 'ItemId')?.attrs['Id'] ?? textOf(childOf(mailbox, 'EmailAddress')).toLowerCase();
    return { ...member, attrs: { Key: key } };
  });
  return withChildren(element, [...new Map(members.map((member) => [member.attrs.Key, member])).values()]);
}

function keyOf({ attrs }: XmlElement): string {
  return Object.keys(attrs)
    .toSorted()
    .map((name) => `${name}=${attrs[name]}`)
    .join();
}

const dictionaries: Record<string, string> = {
  'contacts:EmailAddress': 'EmailAddresses',
  'contacts:PhoneNumber': 'PhoneNumbers',
  'contacts:ImAddress': 'ImAddresses',
};

function applyEntry(
  element: XmlElement,
  { uri, key, value }: { uri: string; key: string; value?: XmlElement },
): XmlElement {
  const part = /^contacts:PhysicalAddress:(.+)$/.exec(uri)?.[1];
  const container = part === undefined ? dictionaries[uri]! : 'PhysicalAddresses';
  const dictionary = childOf(element, container) ?? el(container, {});
  const isSame = (each: XmlElement) => each.attrs['Key'] === key;
  const sent = value && childrenOf(value);
  if (sent !== undefined && (sent.length !== 1 || !isSame(sent[0]!))) throw new Error('only that one entry');
  if (part === undefined)
    return put(element, sent === undefined ? without(dictionary, isSame) : put(dictionary, sent[0]!, isSame));
  const entry = childrenOf(dictionary).find(isSame) ?? el('Entry', { Key: key });
  const next =
    sent === undefined ? without(entry, (each) => each.name === part) : put(entry, childOf(sent[0], part)!);
  return put(element, put(dictionary, next, isSame));
}

/** A task's status, percentage and date of completion set each other (MS-OXWSTASK R67001–R67003). */
function consequences(element: XmlElement, name: string): XmlElement {
  if (element.name !== 'Task') return element;
  const text = textOf(childOf(element, name));
  const isDone =
    name === 'CompleteDate' || (name === 'PercentComplete' && text === '100') || text === 'Completed';
  if (isDone) {
    const done = put(put(element, el('PercentComplete', {}, '100')), el('Status', {}, 'Completed'));
    return childOf(done, 'CompleteDate') ? done : put(done, el('CompleteDate', {}, '2026-11-20T00:00:00Z'));
  }
  if (name === 'PercentComplete' || name === 'Status') {
    const open = without(element, (each) => each.name === 'CompleteDate');
    if (text === 'NotStarted') return put(open, el('PercentComplete', {}, '0'));
    const status = textOf(childOf(open, 'Status'));
    return name === 'PercentComplete' && status === 'Completed'
      ? put(open, el('Status', {}, 'InProgress'))
      : open;
  }
  return element;
}

/** What CreateItem leaves: properties one after the other. */
export function create(markup: Markup): XmlElement {
  const sent = parse(markup);
  return childrenOf(sent).reduce(
    (made, child) =>
      child.name === 'ExtendedProperty'
        ? withChildren(made, [...made.children, child])
        : consequences(put(made, withKeys(child)), child.name),
    withChildren(sent, []),
  );
}

const zoneless = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

export interface Answering {
  readonly id?: string;
  readonly owner?: { readonly name: string; readonly address: string };
}

const owner = { name: 'Owner', address: 'owner@example.test' };

/** The answer of GetItem: instants in UTC, the kind of the event, the owner as organizer, nobody has answered. */
export function answer(
  element: XmlElement,
  { id = 'item', owner: host = owner }: Answering = {},
): XmlElement {
  const times = childrenOf(element).map((child) => {
    if (child.name === 'Body' && child.attrs['BodyType'] === 'HTML')
      return el('Body', { BodyType: 'Text' }, parseHtml({ type: 'HTML', text: textOf(child) }));
    const zone = ianaZoneOf(
      childOf(element, child.name === 'End' ? 'EndTimeZone' : 'StartTimeZone')?.attrs['Id'] ?? 'UTC',
    )!;
    const text = textOf(child);
    if ((child.name !== 'Start' && child.name !== 'End') || !zoneless.test(text)) return child;
    return el(child.name, {}, new Date(instantOf(text, zone)).toISOString().replace('.000', ''));
  });
  const extra = [el('ItemId', { Id: id, ChangeKey: 'ck' })];
  if (element.name === 'CalendarItem')
    extra.push(
      el('CalendarItemType', {}, childOf(element, 'Recurrence') ? 'RecurringMaster' : 'Single'),
      el('IsOrganizer', {}, 'true'),
      el('Organizer', {}, el('Mailbox', {}, el('Name', {}, host.name), el('EmailAddress', {}, host.address))),
    );
  return withChildren(element, [...extra, ...times]);
}

/** A series with its exceptions, by original date. */
export interface SeriesState {
  readonly master: XmlElement;
  readonly exceptions: ReadonlyMap<string, XmlElement>;
  readonly deleted: ReadonlySet<string>;
}

export function applyOccurrences(state: SeriesState, writes: readonly OccurrenceWrite[]): SeriesState {
  const exceptions = new Map(state.exceptions);
  const deleted = new Set(state.deleted);
  for (const write of writes) {
    const date = dateOf(write.recurrenceId);
    if (deleted.has(date)) throw new Error('deleted already');
    if (write.kind === 'cancel') {
      exceptions.delete(date);
      deleted.add(date);
    } else exceptions.set(date, apply(exceptions.get(date) ?? plain(state.master, date), write.changes));
  }
  return { ...state, exceptions, deleted };
}

function dateOf(when: When): string {
  return when.kind === 'date' ? when.date : when.local.slice(0, 10);
}

const withoutSeries = new Set(['Recurrence', 'ExtendedProperty', 'UID', 'Attachments']);

/** The occurrence of a date, unchanged: as far into its day and as long as the first one. */
function plain(master: XmlElement, date: string): XmlElement {
  const zone = ianaZoneOf(childOf(master, 'StartTimeZone')!.attrs['Id']!)!;
  const start = textOf(childOf(master, 'Start'));
  const original = instantOf(`${date}T${start.slice(11, 19)}`, zone);
  const answered = answer(master);
  const lasts = Date.parse(textOf(childOf(answered, 'End'))) - Date.parse(textOf(childOf(answered, 'Start')));
  const isAllDay = textOf(childOf(master, 'IsAllDayEvent')) === 'true';
  const end = isAllDay
    ? instantOf(
        new Date(Date.parse(`${date}T00:00:00Z`) + Math.round(lasts / 86_400_000) * 86_400_000)
          .toISOString()
          .slice(0, 19),
        zone,
      )
    : original + lasts;
  const text = (instant: number): string => new Date(instant).toISOString().replace('.000', '');
  const copy = without(master, ({ name }) => withoutSeries.has(name));
  return put(
    put(put(copy, el('Start', {}, text(original))), el('End', {}, text(end))),
    el('OriginalStart', {}, text(original)),
  );
}

/** What readStored gets: the master with its lists, and the exceptions. */
export function answerSeries(
  { master, exceptions, deleted }: SeriesState,
  answering: Answering = {},
): readonly [XmlElement, XmlElement[]] {
  const zone = ianaZoneOf(childOf(master, 'StartTimeZone')!.attrs['Id']!)!;
  const time = textOf(childOf(master, 'Start')).slice(11, 19);
  const instants = [...exceptions].map(([date, exception]) => ({
    exception: answer(withFilesOf(master, exception), { ...answering, id: `occurrence ${date}` }),
    original: textOf(childOf(exception, 'OriginalStart')),
  }));
  const infos = instants.map(({ exception, original }) =>
    el(
      'Occurrence',
      {},
      childOf(exception, 'ItemId')!,
      childOf(exception, 'Start')!,
      childOf(exception, 'End')!,
      el('OriginalStart', {}, original),
    ),
  );
  const gone = [...deleted].map((date) =>
    el('DeletedOccurrence', {}, el('Start', {}, new Date(instantOf(`${date}T${time}`, zone)).toISOString())),
  );
  let whole = answer(master, answering);
  if (infos.length > 0) whole = put(whole, el('ModifiedOccurrences', {}, ...infos));
  if (gone.length > 0) whole = put(whole, el('DeletedOccurrences', {}, ...gone));
  return [whole, instants.map(({ exception }) => exception)];
}

/** An exception shows the files of its series until it has a list of its own, be it empty. */
function withFilesOf(master: XmlElement, exception: XmlElement): XmlElement {
  const list = childOf(exception, 'Attachments') ?? childOf(master, 'Attachments');
  return list === undefined ? exception : put(exception, list);
}
