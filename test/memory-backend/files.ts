// Attachments of the memory backend: new ones become parts, stored ones stay; an occurrence shares the files of its series.
import { isCard } from '../../src/model/group.ts';
import { isNewPart, type EventItem, type Item, type NewPart, type Part } from '../../src/model/item.ts';
import { refuse } from './mailbox.ts';

type Attachments = readonly (Part | NewPart)[];
type Bytes = ReadonlyMap<string, Uint8Array>;

export interface HeldFiles {
  readonly item: Item;
  readonly parts: Bytes;
  /** Made for the item itself, in its order. */
  readonly made: readonly string[];
}

export function heldFiles(item: Item, before: Bytes): HeldFiles {
  if (isCard(item)) return { item, parts: before, made: [] };
  const parts = new Map<string, Uint8Array>();
  const own = storedFiles(item.attachments, before, parts);
  const made = own.flatMap((part, at) => (isNewPart(item.attachments[at] ?? part) ? [part.id] : []));
  if (item.kind === 'task') return { item: { ...item, attachments: own }, parts, made };
  const series = { given: item.attachments, own };
  const overrides = item.overrides.map((override) => ({
    ...override,
    attachments: sharedFiles(override.attachments, series, { before, parts }),
  }));
  const event: EventItem = { ...item, attachments: own, overrides };
  return { item: event, parts, made };
}

function storedFiles(files: Attachments, before: Bytes, into: Map<string, Uint8Array>): Part[] {
  return files.map((file) => {
    if (isNewPart(file)) return newFile(file, into);
    const bytes = before.get(file.id);
    if (bytes) into.set(file.id, bytes);
    else if (file.uri === undefined) refuse('not-found', 'no such part');
    return file;
  });
}

function newFile({ name, contentType, base64 }: NewPart, into: Map<string, Uint8Array>): Part {
  const bytes = Buffer.from(base64, 'base64');
  const id = `part-${Math.random().toString(36).slice(2)}`;
  into.set(id, bytes);
  return { id, name, contentType, size: bytes.length };
}

function sharedFiles(
  files: Attachments,
  { given, own }: { given: Attachments; own: readonly Part[] },
  { before, parts }: { before: Bytes; parts: Map<string, Uint8Array> },
): Part[] {
  return files.map((file) => {
    const at = given.findIndex((each) =>
      isNewPart(file)
        ? isNewPart(each) && each.name === file.name && each.base64 === file.base64
        : !isNewPart(each) && each.id === (file.copyOf ?? file.id),
    );
    const shared = own[at];
    if (shared) return { ...shared, copyOf: shared.id };
    const [stored] = storedFiles([file], before, parts);
    if (!stored) throw new Error('a file became nothing');
    const { copyOf: _copyOf, ...alone } = stored;
    return alone;
  });
}
