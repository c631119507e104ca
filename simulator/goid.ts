// GlobalObjectId ([MS-OXOCAL] 2.2.1.27): the bytes behind a UID. A foreign UID is stored inside, in the vCal-Uid form.
import type { Instant, Item } from './state/index.ts';

const classId = '040000008200e00074c5b7101a82e008';

/** UID of an item that was created without one: the hex of its id, 112 characters. */
function goidOf(no: number, created: Instant): string {
  const fileTime = (BigInt(created) + 11_644_473_600_000n) * 10_000n;
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(fileTime);
  const data = Buffer.alloc(16);
  data.writeUInt32BE(no, 12);
  data.write('exdav-sim', 0, 'latin1');
  return `${classId}00000000${time.toString('hex')}0000000000000000${sizeText(16)}${data.toString('hex')}`.toUpperCase();
}

/** The UID as it was given, else the hex GlobalObjectId. */
export function uidOfItem(item: Item): string {
  return item.values.uid ?? goidOf(item.searchKeyNo, item.created);
}

/** PidLidCleanGlobalObjectId of a UID. */
export function cleanGoid(uid: string): Buffer {
  if (/^[0-9a-f]+$/i.test(uid) && uid.toLowerCase().startsWith(classId)) return Buffer.from(uid, 'hex');
  const data = Buffer.concat([
    Buffer.from('vCal-Uid'),
    Buffer.from([1, 0, 0, 0]),
    Buffer.from(uid),
    Buffer.from([0]),
  ]);
  return Buffer.concat([Buffer.from(`${classId}${'00'.repeat(20)}${sizeText(data.length)}`, 'hex'), data]);
}

/** PidLidGlobalObjectId: the date of an instance in bytes 16–19. */
export function instanceGoid(uid: string, date: string | undefined): Buffer {
  const bytes = Buffer.from(cleanGoid(uid));
  if (date === undefined) return bytes;
  bytes.writeUInt16BE(Number(date.slice(0, 4)), 16);
  bytes[18] = Number(date.slice(5, 7));
  bytes[19] = Number(date.slice(8, 10));
  return bytes;
}

function sizeText(size: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(size);
  return bytes.toString('hex');
}
