// A mailbox of one item without network: the client's text through translate, express and the EWS tables to the element that
// a server keeps, and back. What the server does is the stand-in of test/ews-backend/fields.
import type { Stored } from '../../src/model/backend.ts';
import type { FolderKind } from '../../src/model/backend.ts';
import { type ContactItem, isNewPart, type Item, type NewPart, type Part } from '../../src/model/item.ts';
import {
  diff,
  express,
  filesOfNew,
  occurrencesOfNew,
  readStored,
  renderCreate,
  type Diff,
} from '../../src/ews-backend/fields/index.ts';
import { filesOf } from '../../src/translate/attachments.ts';
import { attachmentScheme } from '../../src/translate/attachment-uris.ts';
import { parseIncoming, renderStored, residueOf, TranslateError } from '../../src/translate/index.ts';
import { joinParts } from '../../src/translate/join.ts';
import { nameOfPart } from '../../src/translate/parts.ts';
import {
  answer,
  answerSeries,
  apply,
  applyOccurrences,
  create,
  el,
  type SeriesState,
} from '../ews-backend/fields/stand-in.ts';
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';

export const own = 'alice@example.test';
const owner = { name: 'Alice', address: own };

/** One item as the server holds it. */
export interface Box {
  readonly kind: FolderKind;
  /** The mailbox's own zone. */
  readonly dayZone: string;
  readonly state: SeriesState;
  readonly stored: Stored;
  readonly photo?: NewPart;
}

export const severalItems = 'several items';

/** Exchange cannot hold it, and the gateway says so. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

export interface Place {
  readonly kind: FolderKind;
  readonly dayZone: string;
}

/** A PUT of a new object. @throws TranslateError, Refused */
export function putNew(text: string, place: Place): Box {
  return made(draftOf(text, place, undefined), place);
}

/** A PUT of a new object that may be several items: its boxes, and what a client is shown. @throws TranslateError, Refused */
export function putSeveral(
  text: string,
  place: Place,
): { readonly boxes: readonly Box[]; readonly shown: string } {
  const { incoming, expression, residue } = understood(text, place, undefined);
  if (expression.kind === 'ok') {
    const box = putNew(text, place);
    return { boxes: [box], shown: get(box) };
  }
  const tags = { uid: incoming.uid, href: 'law.ics' };
  const members = expression.parts.map((part, index) => {
    const box = made({ item: part.item, tags: { ...tags, residue: index === 0 ? residue : '' } }, place);
    return { name: nameOfPart(part), box, stored: box.stored };
  });
  const [first] = members;
  const joined = joinParts(members);
  if (first === undefined || joined === undefined) throw new Error('the items are no whole');
  return {
    boxes: members.map(({ box }) => box),
    shown: get({ ...first.box, stored: joined.whole }),
  };
}

function made({ item, tags }: Sent, place: Place): Box {
  const isEvent = item.kind === 'event';
  const draft = { item: isEvent ? { ...item, uid: tags.uid } : item, tags };
  const master = create(renderCreate(draft, place.dayZone));
  const state = applyOccurrences(
    { master, exceptions: new Map(), deleted: new Set() },
    isEvent ? occurrencesOfNew(draft, place.dayZone) : [],
  );
  return boxOf(place, withFiles(state, filesOfNew(draft, place.dayZone)), photoOf(item));
}

/** A PUT over what is there, and what was sent for it. @throws TranslateError, Refused */
export function putOver(text: string, box: Box): { readonly box: Box; readonly sent: Diff } {
  const { item, tags } = draftOf(text, box, box.stored);
  const kept = withStoredPhoto(item, box);
  const sent = diff(
    box.stored,
    {
      item:
        kept.kind === 'event' && box.stored.item.kind === 'event'
          ? { ...kept, uid: box.stored.item.uid }
          : kept,
      tags,
    },
    box.dayZone,
  );
  const master = apply(box.state.master, [...sent.changes, ...sent.attendees]);
  const state = applyOccurrences(
    sent.resetsOccurrences ? { master, exceptions: new Map(), deleted: new Set() } : { ...box.state, master },
    sent.occurrences,
  );
  const after = withFiles(state, sent.files);
  return { box: boxOf(box, after, sent.photo === undefined ? box.photo : photoOf(kept)), sent };
}

/** What another program leaves behind. */
export function changed(box: Box, state: SeriesState): Box {
  return boxOf(box, state, box.photo);
}

/** The same item without anything of ours: as if Outlook had made it. */
export function bare(box: Box): Box {
  return { ...box, stored: { ...box.stored, tags: { uid: box.stored.tags.uid ?? '' } } };
}

export function get(box: Box, vcard: '3.0' | '4.0' = '3.0'): string {
  const { photo, stored } = box;
  return renderStored([stored], {
    uid: stored.tags.uid ?? '',
    express: (item, present) => express(item, box.dayZone, present),
    ownAddresses: [own],
    vcard,
    ...(photo && { photos: new Map([['photo', photo]]) }),
  });
}

interface Sent {
  readonly item: Item;
  readonly tags: Stored['tags'] & { readonly uid: string };
}

function draftOf(text: string, place: Place, present: Stored | undefined): Sent {
  const { incoming, expression, residue } = understood(text, place, present);
  // A box is one item.
  if (expression.kind === 'split') throw new Refused(severalItems);
  return { item: incoming.item, tags: { uid: incoming.uid, href: 'law.ics', residue } };
}

function understood(text: string, { kind, dayZone }: Place, present: Stored | undefined) {
  const expressed = (item: Item) => express(item, dayZone, present?.item);
  const incoming = parseIncoming(text, kind, {
    ...(present && { present }),
    ownAddresses: [own],
    express: expressed,
    defaultZone: dayZone,
  });
  const expression = expressed(incoming.item);
  if (expression.kind === 'refuse') throw new Refused(`${expression.part}: ${expression.reason}`);
  return { incoming, expression, residue: residueOf(incoming, expression, expressed) };
}

function boxOf({ kind, dayZone }: Place, state: SeriesState, photo: NewPart | undefined): Box {
  const isSeries =
    kind === 'events' &&
    state.master.children.some((each) => typeof each !== 'string' && each.name === 'Recurrence');
  const stored = isSeries
    ? readStored(...answerSeries(state, { owner }))
    : readStored(answer(state.master, { owner }), []);
  return { kind, dayZone, state, stored: photo ? withPhoto(stored) : stored, ...(photo && { photo }) };
}

/** What the calls about attachments leave: ids of their own, in the list of the item or of one occurrence. */
function withFiles(state: SeriesState, { add, remove, occurrences }: Diff['files']): SeriesState {
  const isGone = (each: XmlElement): boolean =>
    remove.some(({ id }) => id === childOf(each, 'AttachmentId')?.attrs['Id']);
  const kept = attachmentsOf(state.master).filter((each) => !isGone(each));
  const master = withList(state.master, [...kept, ...add.map((part) => fileOf(part, state))]);
  const exceptions = new Map(state.exceptions);
  for (const { recurrenceId, wanted } of occurrences) {
    const date = recurrenceId.kind === 'date' ? recurrenceId.date : recurrenceId.local.slice(0, 10);
    const exception = exceptions.get(date);
    if (exception === undefined) throw new Error(`no exception on ${date}`);
    exceptions.set(
      date,
      withList(
        exception,
        wanted.map((each) => fileOf(each, state)),
      ),
    );
  }
  return { ...state, master, exceptions };
}

function attachmentsOf(element: XmlElement): XmlElement[] {
  const list = childOf(element, 'Attachments');
  return list === undefined ? [] : childrenOf(list);
}

function withList(element: XmlElement, files: readonly XmlElement[]): XmlElement {
  const children = element.children.filter((each) => typeof each === 'string' || each.name !== 'Attachments');
  return { ...element, children: [...children, el('Attachments', {}, ...files)] };
}

/** Bytes of every file made, by the id that the server gave it. */
const bytes = new Map<string, string>();

/** A text with the bytes of stored files in place of the links to them. */
export function opened(text: string, { stored }: Box): string {
  if (!text.includes(attachmentScheme)) return text;
  const links = new Map([...filesOf(stored.item)].map(([managed, { id }]) => [managed, bytes.get(id) ?? '']));
  return text
    .replaceAll(/\r\n[ \t]/g, '')
    .replaceAll(/^(ATTACH;.*MANAGED-ID=([\w-]+).*):exdav-attachment:.*$/gm, (_, head: string, id: string) => {
      return `${head};ENCODING=BASE64;VALUE=BINARY:${links.get(id) ?? ''}`;
    });
}

function fileOf(file: Part | NewPart, state: SeriesState): XmlElement {
  const known = [state.master, ...state.exceptions.values()].flatMap(attachmentsOf);
  const id = isNewPart(file) ? undefined : file.id;
  const present = known.find((each) => childOf(each, 'AttachmentId')?.attrs['Id'] === id);
  if (present !== undefined) return present;
  const made = `file${bytes.size + 1}`;
  bytes.set(made, isNewPart(file) ? file.base64 : (bytes.get(file.id) ?? ''));
  return el(
    'FileAttachment',
    {},
    el('AttachmentId', { Id: made }),
    el('Name', {}, file.name),
    el('ContentType', {}, file.contentType ?? ''),
    el('Size', {}, String(100 + bytes.size)),
    el('LastModifiedTime', {}, '2026-11-20T12:00:00Z'),
  );
}

const part: Part = { id: 'photo', name: 'ContactPicture.jpg' };

function withPhoto(stored: Stored): Stored {
  return stored.item.kind === 'contact' ? { ...stored, item: { ...stored.item, photo: part } } : stored;
}

function photoOf(item: Item): NewPart | undefined {
  return item.kind === 'contact' && item.photo !== undefined && isNewPart(item.photo)
    ? item.photo
    : undefined;
}

/** The same bytes are no other photo (collections/photo.ts). */
function withStoredPhoto(item: Item, box: Box): Item {
  if (item.kind !== 'contact' || box.photo?.base64 !== photoOf(item)?.base64 || box.photo === undefined)
    return item;
  const same: ContactItem = { ...item, photo: part };
  return same;
}

/** Whether an error is one that a client may get as an answer. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Refused || error instanceof TranslateError;
}
