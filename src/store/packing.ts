// Texts of lines, packed against a sample: ids of one folder share long beginnings, and what differs is base64 or hex.
// A line is one control byte (0: same as the sample's), lengths of shared beginning and end, then the middle.

/** How the middle of a line is written; `read` takes back exactly what `write` was given, or `write` is not used. */
interface Form {
  readonly fits: (text: string) => boolean;
  readonly write: (text: string) => Buffer;
  readonly read: (bytes: Buffer) => string;
}

const forms: readonly [Form, ...Form[]] = [
  {
    fits: () => true,
    write: (text) => Buffer.from(text, 'utf8'),
    read: (bytes) => bytes.toString('utf8'),
  },
  {
    fits: (text) => text.length % 2 === 0 && /^[0-9a-f]+$/.test(text),
    write: (text) => Buffer.from(text, 'hex'),
    read: (bytes) => bytes.toString('hex'),
  },
  {
    fits: (text) => text.length % 2 === 0 && /^[0-9A-F]+$/.test(text),
    write: (text) => Buffer.from(text, 'hex'),
    read: (bytes) => bytes.toString('hex').toUpperCase(),
  },
  {
    // Padded texts may carry bits that decoding drops: those stay text.
    fits: (text) =>
      text.length % 4 === 0 &&
      (/^[A-Za-z0-9+/]+$/.test(text) ||
        (/^[A-Za-z0-9+/]+={1,2}$/.test(text) && Buffer.from(text, 'base64').toString('base64') === text)),
    write: (text) => Buffer.from(text, 'base64'),
    read: (bytes) => bytes.toString('base64'),
  },
  {
    fits: (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text),
    write: (text) => Buffer.from(text.replaceAll('-', ''), 'hex'),
    read: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  },
];

const isAscii = /^[\x20-\x7e]*$/;
const longForm = 0x40;
const shortMax = 0xff;

export function packLines(text: string, sample: readonly string[]): Buffer {
  return Buffer.concat(text.split('\n').map((line, index) => packLine(line, sample[index] ?? '')));
}

export function unpackLines(bytes: Buffer, sample: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const like = sample[lines.length] ?? '';
    const { line, next } = unpackLine(bytes, at, like);
    lines.push(line);
    at = next;
  }
  return lines.join('\n');
}

function packLine(line: string, like: string): Buffer {
  if (line === like) return Buffer.from([0]);
  // A shared part must not end inside a surrogate pair.
  if (!isAscii.test(line)) return written(line, 0, 0);
  const head = Math.min(sharedHead(line, like), shortMax);
  const tail = Math.min(sharedTail(line.slice(head), like.slice(head)), shortMax);
  if (line.length - head - tail < 6) return written(line, head, tail);
  // base64 needs whole groups of four, hex whole pairs: a shorter shared part may pay.
  const choices = [head, head - (head % 4), head - (head % 2)].flatMap((from) =>
    [tail, tail - ((line.length - from - tail) % 4 === 0 ? 0 : tail % 4)].map((to) =>
      written(line, from, to),
    ),
  );
  return choices.reduce((a, b) => (b.length < a.length ? b : a));
}

/** Control byte, lengths and the middle in its shortest form. */
function written(line: string, head: number, tail: number): Buffer {
  const middle = line.slice(head, line.length - tail);
  const index =
    middle.length < 6
      ? 0
      : Math.max(
          0,
          forms.findIndex((form, index) => index > 0 && form.fits(middle)),
        );
  const body = (forms[index] ?? forms[0]).write(middle);
  const control = 1 + index;
  return body.length > shortMax
    ? Buffer.concat([Buffer.from([control | longForm, head, tail]), uint32(body.length), body])
    : Buffer.concat([Buffer.from([control, head, tail, body.length]), body]);
}

function unpackLine(bytes: Buffer, at: number, like: string): { line: string; next: number } {
  const control = bytes.readUInt8(at);
  if (control === 0) return { line: like, next: at + 1 };
  const head = bytes.readUInt8(at + 1);
  const tail = bytes.readUInt8(at + 2);
  const isLong = (control & longForm) !== 0;
  const length = isLong ? bytes.readUInt32BE(at + 3) : bytes.readUInt8(at + 3);
  const start = at + (isLong ? 7 : 4);
  const form = forms[(control & ~longForm) - 1] ?? forms[0];
  const middle = form.read(bytes.subarray(start, start + length));
  return {
    line: like.slice(0, head) + middle + like.slice(like.length - tail),
    next: start + length,
  };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function sharedHead(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function sharedTail(a: string, b: string): number {
  let length = 0;
  while (
    length < a.length &&
    length < b.length &&
    a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)
  ) {
    length += 1;
  }
  return length;
}
