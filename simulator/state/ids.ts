// Ids as clients see them: opaque, case-sensitive base64 that names mailbox, folder, item and occurrence, and change
// keys that name a revision (BEHAVIOUR §3).
import { EwsError } from '../errors.ts';

export type Id =
  | { readonly kind: 'folder'; readonly mailboxNo: number; readonly folderNo: number }
  | { readonly kind: 'item'; readonly mailboxNo: number; readonly folderNo: number; readonly itemNo: number }
  | {
      readonly kind: 'occurrence';
      readonly mailboxNo: number;
      readonly folderNo: number;
      readonly itemNo: number;
      readonly index: number;
    }
  | {
      readonly kind: 'attachment';
      readonly mailboxNo: number;
      readonly folderNo: number;
      readonly itemNo: number;
      /** 0: of the item itself. */
      readonly index: number;
      readonly attachmentNo: number;
    };

const letters = { folder: 0x2e, item: 0x46, occurrence: 0x4f, attachment: 0x41 } satisfies Record<
  Id['kind'],
  number
>;

/** Bytes of an id: 120 characters of base64 for folders, 152 for items, more for what is inside of them, as on Exchange. */
const lengths = { folder: 90, item: 112, occurrence: 130, attachment: 138 } satisfies Record<
  Id['kind'],
  number
>;

export function renderId(id: Id): string {
  const bytes = Buffer.alloc(lengths[id.kind]);
  bytes[1] = 3;
  bytes[2] = 0x24; // "AAMk", as real ids begin
  bytes[3] = letters[id.kind];
  bytes.writeUInt32BE(id.mailboxNo, 4);
  bytes.writeUInt32BE(id.folderNo, 8);
  if (id.kind !== 'folder') bytes.writeUInt32BE(id.itemNo, 12);
  if (id.kind === 'occurrence' || id.kind === 'attachment') bytes.writeUInt32BE(id.index, 16);
  if (id.kind === 'attachment') bytes.writeUInt32BE(id.attachmentNo, 20);
  bytes.writeUInt32BE(checkOf(bytes), 32);
  return bytes.toString('base64');
}

/** @throws EwsError ErrorInvalidIdEmpty | ErrorInvalidIdMalformed */
export function parseId(text: string): Id {
  if (text === '') throw new EwsError('ErrorInvalidIdEmpty');
  const bytes = Buffer.from(text, 'base64');
  const kind = bytes.length < 36 ? undefined : kindOf(bytes);
  if (kind === undefined || bytes.toString('base64') !== text || bytes.readUInt32BE(32) !== checkOf(bytes))
    throw new EwsError('ErrorInvalidIdMalformed', 'Id is malformed.');
  const place = { mailboxNo: bytes.readUInt32BE(4), folderNo: bytes.readUInt32BE(8) };
  const itemNo = bytes.readUInt32BE(12);
  const index = bytes.readUInt32BE(16);
  switch (kind) {
    case 'folder':
      return { kind, ...place };
    case 'item':
      return { kind, ...place, itemNo };
    case 'occurrence':
      return { kind, ...place, itemNo, index };
    case 'attachment':
      return { kind, ...place, itemNo, index, attachmentNo: bytes.readUInt32BE(20) };
  }
}

const kinds = ['folder', 'item', 'occurrence', 'attachment'] as const;

function kindOf(bytes: Buffer): Id['kind'] | undefined {
  return kinds.find((kind) => bytes[3] === letters[kind] && bytes.length === lengths[kind]);
}

export function renderChangeKey(kind: 'folder' | 'item', revision: number): string {
  const bytes = Buffer.alloc(20);
  bytes[0] = kind === 'folder' ? 1 : 0x0f;
  bytes[4] = 0x16;
  bytes.writeUInt32BE(revision, 16);
  return bytes.toString('base64');
}

/** The key a parent folder is shown with: it says nothing. */
export const emptyChangeKey = 'AQAAAA==';

/** The revision of a change key, -1 for the empty one. @throws EwsError ErrorInvalidChangeKey */
export function parseChangeKey(text: string): number {
  if (text === emptyChangeKey) return -1;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 20 || bytes.toString('base64') !== text || bytes[4] !== 0x16)
    throw new EwsError('ErrorInvalidChangeKey');
  return bytes.readUInt32BE(16);
}

function checkOf(bytes: Buffer): number {
  let check = 0x811c9dc5;
  for (let at = 0; at < 32; at += 1) check = Math.imul(check ^ (bytes[at] ?? 0), 0x01000193);
  return check >>> 0;
}
