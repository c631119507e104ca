// From the elements of a CreateItem or UpdateItem request to the values of an item: one property at a time through the
// rows, in document order.
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../src/xml/index.ts';
import { parseZone, utcZone, zoneOf, type SimZone } from './calendar/index.ts';
import { contentTypeOf } from './content-types.ts';
import type { Context } from './context.ts';
import { EwsError } from './errors.ts';
import { indexedRows } from './fields/contact-rows.ts';
import { parseExtendedField, parseExtendedValue } from './fields/extended.ts';
import { kinds } from './fields/kinds.ts';
import { appendMembers, memberRow, memberUri } from './fields/list-rows.ts';
import { mapiName } from './fields/mapi-names-table.ts';
import { isComputed } from './fields/native-rows.ts';
import type { Row, WriteContext } from './fields/row.ts';
import type { ImportedEvent } from './mime/event-import.ts';
import { setMimeContent } from './mime/writing.ts';
import { uriOf } from './fields/unkept-table.ts';
import {
  newAttachment,
  type Attachment,
  type Draft,
  type ExtendedValue,
  type ItemKind,
  type World,
} from './state/index.ts';

/** An item while it is being written. */
export interface Writing {
  readonly kind: ItemKind;
  readonly draft: Draft;
  readonly extended: Record<string, ExtendedValue>;
  attachments: readonly Attachment[];
  /** Of a series that came as MimeContent. */
  imported?: Pick<ImportedEvent, 'exceptions' | 'deletions'>;
  /** FieldURIs that the request touches. */
  readonly touched: Set<string>;
}

/** What an item that came without any zone is created in, as captured. */
const noZone = zoneOf('tzone://Microsoft/Utc') ?? utcZone;

/** Zones for values without one: those of the item's own request, else TimeZoneContext, else UTC (BEHAVIOUR §8). */
export function writeContext(context: Context, elements: readonly XmlElement[]): WriteContext {
  const zone = (name: string): SimZone | undefined => {
    const found = elements.map((element) => childOf(element, name)).find((element) => element !== undefined);
    return found === undefined ? undefined : parseZone(found);
  };
  const startZone = zone('StartTimeZone') ?? context.zone ?? noZone;
  return { startZone, endZone: zone('EndTimeZone') ?? startZone, now: context.world.now() };
}

/** Every property of a new item. @throws EwsError ErrorInvalidPropertySet … */
export function setAll(
  world: World,
  writing: Writing,
  given: { element: XmlElement; context: WriteContext },
): void {
  const { rows } = kinds[writing.kind];
  for (const child of childrenOf(given.element)) {
    if (child.name === 'ExtendedProperty') setExtended(writing, child, given.context);
    else if (child.name === 'Attachments')
      writing.attachments = [
        ...writing.attachments,
        ...childrenOf(child).map((one) => parseAttachment(world, one)),
      ];
    else {
      const row = rows.find((candidate) => candidate.element === child.name);
      // Ignored since 2013.
      if (child.name === 'StoreEntryId') continue;
      if (row?.set === undefined || !row.can.includes('S'))
        throw notSettable(row?.uri ?? uriOf(writing.kind, child.name));
      setRow(writing, row, { value: child, context: given.context });
    }
  }
}

/** @throws EwsError when a text is longer than it may be ([MS-OXWSCORE] R74) */
export function demandTexts(draft: Draft): void {
  if ((draft.subject?.length ?? 0) > 255) throw new EwsError('ErrorPropertyValidationFailure');
}

/** One t:SetItemField, t:DeleteItemField or t:AppendToItemField. @throws EwsError */
export function applyChange(writing: Writing, change: XmlElement, context: WriteContext): void {
  const [path, holder] = childrenOf(change);
  if (path === undefined) throw new EwsError('ErrorInvalidOperation');
  if (path.name === 'ExtendedFieldURI') return changeExtended(writing, { path, holder, context });
  const target = path.name === 'IndexedFieldURI' ? indexedTarget(path) : rowTarget(writing, path);
  writing.touched.add(target.uri);
  if (change.name === 'DeleteItemField') {
    if (target.clear === undefined || !target.can.includes('D'))
      throw new EwsError('ErrorInvalidPropertyDelete', undefined, fieldMarkup(path));
    return target.clear(writing.draft);
  }
  const value = onlyValue(holder);
  if (value.name !== target.element)
    throw new EwsError('ErrorUpdatePropertyMismatch', undefined, fieldMarkup(path));
  if (change.name === 'AppendToItemField') return append(writing, target, value);
  if (target.set === undefined || !target.can.includes('U')) throw notSettable(target.uri);
  setRow(writing, target, { value, context });
}

function setRow(
  writing: Writing,
  target: Target,
  { value, context }: { readonly value: XmlElement; readonly context: WriteContext },
): void {
  writing.touched.add(target.uri);
  if (target.uri === 'item:MimeContent' && writing.kind === 'event')
    return setMimeContent(writing, value, context);
  target.set?.(writing.draft, value, context);
}

/** Attachments of requests: files, and items of the simulated kinds. @throws EwsError */
export function parseAttachment(world: World, element: XmlElement): Attachment {
  const name = textOf(childOf(element, 'Name'));
  if (childOf(element, 'Name') === undefined)
    throw new EwsError(
      'ErrorRequiredPropertyMissing',
      'Required property is missing.',
      xml('t:ExceptionFieldURI', { FieldURI: 'attachment:Name' }),
    );
  const contentId = childOf(element, 'ContentId');
  const contentLocation = childOf(element, 'ContentLocation');
  const isFile = element.name === 'FileAttachment';
  return newAttachment(world, {
    name,
    contentType: textOf(childOf(element, 'ContentType')) || contentTypeOf(name),
    ...(contentId === undefined ? {} : { contentId: textOf(contentId) }),
    ...(contentLocation === undefined ? {} : { contentLocation: textOf(contentLocation) }),
    isInline: textOf(childOf(element, 'IsInline')) === 'true',
    isContactPhoto: textOf(childOf(element, 'IsContactPhoto')) === 'true',
    content: isFile ? textOf(childOf(element, 'Content')).replace(/\s/g, '') : '',
    ...contentOf(world, element),
  });
}

function contentOf(world: World, element: XmlElement): Pick<Attachment, 'item' | 'reference'> {
  switch (element.name) {
    case 'ItemAttachment':
      return { item: parseAttachedItem(world, element) };
    case 'ReferenceAttachment':
      return {
        reference: childrenOf(element)
          .filter(({ name }) => !attachmentParts.has(name))
          .map((child) => [child.name, textOf(child)]),
      };
    default:
      return {};
  }
}

/** t:AttachmentType: what every attachment has. */
const attachmentParts: ReadonlySet<string> = new Set(
  'AttachmentId Name ContentType ContentId ContentLocation AttachmentOriginalUrl Size LastModifiedTime IsInline'.split(
    ' ',
  ),
);

/** @throws EwsError ([MS-OXWSATT] R78002, R318001) */
function parseAttachedItem(world: World, element: XmlElement): NonNullable<Attachment['item']> {
  const given = childrenOf(element).find((child) => !attachmentParts.has(child.name));
  if (given === undefined) throw new EwsError('ErrorMissingItemForCreateItemAttachment');
  if (given.name.startsWith('Meeting'))
    throw new EwsError('ErrorInvalidItemForOperationCreateItemAttachment');
  // A generic item is a message ([MS-OXWSATT] R318014).
  const name = given.name === 'Item' ? 'Message' : given.name;
  for (const kind of ['event', 'contact', 'task', 'message'] as const) {
    if (name !== kinds[kind].element) continue;
    const writing: Writing = { kind, draft: {}, extended: {}, attachments: [], touched: new Set() };
    setAll(world, writing, {
      element: given,
      context: { startZone: utcZone, endZone: utcZone, now: world.now() },
    });
    return { kind, values: writing.draft };
  }
  throw new EwsError('ErrorInvalidOperation', 'Item attachments of this kind are not simulated.');
}

interface Target {
  readonly uri: string;
  readonly element: string;
  readonly can: string;
  readonly set?: Row['set'];
  readonly clear?: Row['clear'];
}

function rowTarget(writing: Writing, path: XmlElement): Target {
  const uri = path.attrs['FieldURI'] ?? '';
  const row = kinds[writing.kind].byUri.get(uri);
  if (row === undefined) throw notSettable(uri);
  return row;
}

function indexedTarget(path: XmlElement): Target {
  const uri = path.attrs['FieldURI'] ?? '';
  const key = path.attrs['FieldIndex'] ?? '';
  if (uri === memberUri) return memberRow(key);
  const row = indexedRows.find((candidate) => candidate.uri === uri);
  if (row === undefined || !row.keys.includes(key)) throw notSettable(uri);
  return {
    uri,
    element: row.element,
    can: 'SUD',
    set(draft, element) {
      const entries = childrenOf(element);
      const [entry] = entries;
      if (entries.length !== 1 || entry?.attrs['Key'] !== key)
        throw new EwsError('ErrorUpdatePropertyMismatch');
      row.set(draft, key, entry);
    },
    clear: (draft) => row.clear(draft, key),
  };
}

function append(writing: Writing, target: Target, value: XmlElement): void {
  const { draft } = writing;
  switch (target.uri) {
    case 'item:Body': {
      const before = draft.body;
      const type = value.attrs['BodyType'] === 'HTML' ? 'HTML' : 'Text';
      draft.body =
        before === undefined
          ? { type, text: textOf(value) }
          : { ...before, text: before.text + textOf(value) };
      return;
    }
    case 'calendar:RequiredAttendees':
    case 'calendar:OptionalAttendees':
    case 'calendar:Resources': {
      const key = {
        RequiredAttendees: 'requiredAttendees',
        OptionalAttendees: 'optionalAttendees',
        Resources: 'resources',
      } as const;
      const field = Object.entries(key).find(([name]) => name === target.element)?.[1];
      if (field === undefined || target.set === undefined) return;
      const before = draft[field] ?? [];
      target.set(draft, value, { startZone: utcZone, endZone: utcZone, now: 0 });
      draft[field] = [...before, ...(draft[field] ?? [])];
      return;
    }
    case 'distributionlist:Members':
      return appendMembers(draft, value);
    default:
      throw new EwsError('ErrorInvalidPropertyAppend');
  }
}

function changeExtended(
  writing: Writing,
  given: { path: XmlElement; holder: XmlElement | undefined; context: WriteContext },
): void {
  const field = parseExtendedField(given.path);
  if (given.holder === undefined) {
    demandWritable(writing, field.key);
    mapiName(writing.kind, field.key)?.clear(writing.draft);
    delete writing.extended[field.key];
    writing.touched.add(field.key);
    return;
  }
  const value = onlyValue(given.holder);
  const inner = childOf(value, 'ExtendedFieldURI');
  if (value.name !== 'ExtendedProperty' || inner === undefined || parseExtendedField(inner).key !== field.key)
    throw new EwsError('ErrorUpdatePropertyMismatch');
  setExtended(writing, value, given.context);
}

function setExtended(writing: Writing, element: XmlElement, context: WriteContext): void {
  const path = childOf(element, 'ExtendedFieldURI');
  if (path === undefined) throw new EwsError('ErrorInvalidExtendedProperty');
  const field = parseExtendedField(path);
  demandWritable(writing, field.key);
  const given = parseExtendedValue(element, field);
  const name = mapiName(writing.kind, field.key);
  if (name === undefined) writing.extended[field.key] = given;
  else if (name.type === given.type) name.set(writing.draft, given.value, context.now);
  else throw new EwsError('ErrorInvalidExtendedProperty');
  writing.touched.add(field.key);
}

function demandWritable(writing: Writing, key: string): void {
  if (isComputed(writing.kind, key)) throw new EwsError('ErrorInvalidPropertySet');
}

function onlyValue(holder: XmlElement | undefined): XmlElement {
  const values = holder === undefined ? [] : childrenOf(holder);
  const [value] = values;
  if (value === undefined || values.length !== 1) throw new EwsError('ErrorIncorrectUpdatePropertyCount');
  return value;
}

function notSettable(uri: string | undefined): EwsError {
  const detail = uri === undefined ? undefined : xml('t:FieldURI', { FieldURI: uri });
  return new EwsError('ErrorInvalidPropertySet', undefined, detail);
}

function fieldMarkup(path: XmlElement): ReturnType<typeof xml> {
  return xml(`t:${path.name}`, { FieldURI: path.attrs['FieldURI'], FieldIndex: path.attrs['FieldIndex'] });
}
