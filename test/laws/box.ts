// A mailbox of one item without network: the client's text through translate, express and the EWS tables to the element that
// a server keeps, and back. What the server does is the stand-in of test/ews-backend/fields.
import type { Stored } from '../../src/model/backend.ts';
import type { FolderKind } from '../../src/model/backend.ts';
import { type ContactItem, isNewPart, type Item, type NewPart, type Part } from '../../src/model/item.ts';
import {
  diff,
  express,
  occurrencesOfNew,
  readStored,
  renderCreate,
  type Diff,
} from '../../src/ews-backend/fields/index.ts';
import { parseIncoming, renderStored, residueOf, TranslateError } from '../../src/translate/index.ts';
import {
  answer,
  answerSeries,
  apply,
  applyOccurrences,
  create,
  type SeriesState,
} from '../ews-backend/fields/stand-in.ts';

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
  const { item, tags } = draftOf(text, place, undefined);
  const isEvent = item.kind === 'event';
  const draft = { item: isEvent ? { ...item, uid: tags.uid } : item, tags };
  const master = create(renderCreate(draft, place.dayZone));
  const state = applyOccurrences(
    { master, exceptions: new Map(), deleted: new Set() },
    isEvent ? occurrencesOfNew(draft, place.dayZone) : [],
  );
  return boxOf(place, state, photoOf(item));
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
  const master = apply(box.state.master, sent.changes);
  const state = applyOccurrences(
    sent.resetsOccurrences ? { master, exceptions: new Map(), deleted: new Set() } : { ...box.state, master },
    sent.occurrences,
  );
  return { box: boxOf(box, state, sent.photo === undefined ? box.photo : photoOf(kept)), sent };
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

function draftOf(
  text: string,
  { kind, dayZone }: Place,
  present: Stored | undefined,
): { readonly item: Item; readonly tags: Stored['tags'] } {
  const expressed = (item: Item) => express(item, dayZone, present?.item);
  const incoming = parseIncoming(text, kind, {
    ...(present && { present }),
    ownAddresses: [own],
    express: expressed,
  });
  const expression = expressed(incoming.item);
  if (expression.kind === 'refuse') throw new Refused(`${expression.part}: ${expression.reason}`);
  if (expression.kind === 'split') throw new Refused('several items');
  const residue = residueOf(incoming, expression.held, expressed);
  return { item: incoming.item, tags: { uid: incoming.uid, href: 'law.ics', residue } };
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
