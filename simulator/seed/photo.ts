// Pictures of people: a pattern of 6 × 6 coloured squares, 48 × 48 or larger, as baseline JPEG (ITU T.81) or PNG.
import { crc32, deflateSync } from 'node:zlib';
import type { Random } from './random.ts';

/** Y, Cb, Cr of one 8 × 8 square. */
type Square = readonly [number, number, number];

const squares = 6;
const side = squares * 8;

export interface Picture {
  readonly contentType: 'image/jpeg' | 'image/png';
  readonly base64: string;
}

export function pictureOf(random: Random): Picture {
  const pattern = patternOf(random);
  const isPng = random.chance(20);
  const bytes = isPng ? renderPng(pattern) : renderJpeg(pattern, side);
  return { contentType: isPng ? 'image/png' : 'image/jpeg', base64: bytes.toString('base64') };
}

/** A pattern in another size: `width` pixels, a multiple of 8. */
export function photoOf(pattern: readonly Square[], width: number): Picture {
  const blocks = width / 8;
  const at = (block: number): number => Math.floor((block * squares) / blocks);
  const enlarged = Array.from({ length: blocks * blocks }, (_, index): Square => {
    const square = pattern[at(Math.floor(index / blocks)) * squares + at(index % blocks)];
    return square ?? [128, 128, 128];
  });
  return { contentType: 'image/jpeg', base64: renderJpeg(enlarged, width).toString('base64') };
}

/** Symmetrical, two colours. */
export function patternOf(random: Random): readonly Square[] {
  const back: Square = [200 + random.below(50), 118 + random.below(20), 118 + random.below(20)];
  const front: Square = [60 + random.below(90), 70 + random.below(116), 70 + random.below(116)];
  const half = Array.from({ length: squares * (squares / 2) }, () => random.chance(50));
  return Array.from({ length: squares * squares }, (_, index) => {
    const row = Math.floor(index / squares);
    const column = index % squares;
    const mirrored = Math.min(column, squares - 1 - column);
    return half[row * (squares / 2) + mirrored] === true ? front : back;
  });
}

function renderJpeg(pattern: readonly Square[], width: number): Buffer {
  const quantisation = Buffer.alloc(64, 8);
  const components = Buffer.from([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
  const [high, low] = [width >> 8, width & 0xff];
  const frame = Buffer.from([8, high, low, high, low]);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('4a46494600010100000100010000', 'hex')),
    segment(0xdb, Buffer.concat([Buffer.from([0]), quantisation])),
    segment(0xc0, Buffer.concat([frame, components])),
    segment(0xc4, Buffer.from([0, ...dcCounts, ...dcCodes.keys()])),
    // One code alone: end of block.
    segment(0xc4, Buffer.from([0x10, 1, ...Array.from({ length: 15 }, () => 0), 0])),
    segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
    entropyCoded(pattern),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

// ITU T.81 table K.3: number of codes by length, and the code of each category.
const dcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const dcCodes = [
  '00',
  '010',
  '011',
  '100',
  '101',
  '110',
  '1110',
  '11110',
  '111110',
  '1111110',
  '11111110',
  '111111110',
];

/** Every square is flat, so a block is its DC difference and an end of block. */
function entropyCoded(pattern: readonly Square[]): Buffer {
  let bits = '';
  let before: Square = [128, 128, 128];
  for (const square of pattern) {
    for (const [component, value] of square.entries())
      bits += dcBits(value - (before[component] ?? 128)) + '0';
    before = square;
  }
  const bytes: number[] = [];
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2);
    bytes.push(byte, ...(byte === 0xff ? [0] : []));
  }
  return Buffer.from(bytes);
}

function dcBits(difference: number): string {
  if (difference === 0) return dcCodes[0] ?? '';
  const category = Math.abs(difference).toString(2).length;
  const value = difference > 0 ? difference : difference + 2 ** category - 1;
  return (dcCodes[category] ?? '') + value.toString(2).padStart(category, '0');
}

function renderPng(pattern: readonly Square[]): Buffer {
  const header = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 2, 0, 0, 0]);
  const rows = Array.from({ length: side }, (_, y) => {
    const row = [0];
    for (let x = 0; x < side; x += 1) {
      const square = pattern[Math.floor(y / 8) * squares + Math.floor(x / 8)];
      row.push(...rgbOf(square ?? [255, 128, 128]));
    }
    return Buffer.from(row);
  });
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function rgbOf([y, cb, cr]: Square): readonly number[] {
  const red = y + 1.402 * (cr - 128);
  const green = y - 0.344 * (cb - 128) - 0.714 * (cr - 128);
  const blue = y + 1.772 * (cb - 128);
  return [red, green, blue].map((value) => Math.max(0, Math.min(255, Math.round(value))));
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const frame = Buffer.alloc(4);
  frame.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([frame, body, check]);
}
