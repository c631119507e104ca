// Damage that knows nothing of what it damages.
import type { Random } from './random.ts';

const nasty: readonly (readonly number[])[] = [
  [0],
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0x0d],
  [0x0a],
  [0x0d, 0x0a, 0x20],
  [0x22],
  [0x5c],
  [0x1b],
  [0x7f],
  [0xe2, 0x80, 0xa8],
  [0xc2, 0x85],
];

type Damage = (bytes: Buffer, random: Random) => Buffer;

const damages: readonly Damage[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.below(copy.length)] = random.below(256);
    return copy;
  },
  (bytes, random) => spliced(bytes, random, Buffer.from(random.pick(nasty))),
  (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.below(40))]);
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return spliced(bytes, random, bytes.subarray(from, from + random.below(200)));
  },
];

function spliced(bytes: Buffer, random: Random, part: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
}

export function damaged(bytes: Buffer, random: Random): Buffer {
  let found = bytes;
  for (let left = 1 + random.below(3); left > 0; left -= 1) found = random.pick(damages)(found, random);
  return found;
}
