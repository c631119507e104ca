// Texts of lines, packed against a sample: ids of one folder share long beginnings, and what differs is base64 or hex.
// A line is one control byte (0: same as the sample's), lengths of shared beginning and end where there is one, length of
// the middle, the middle.

/** How the middle of a line is written. `group`: so many characters become `bytes` bytes; others do not fit. */
interface Form {
  readonly group: number;
  readonly bytes: number;
  readonly write: (text: string) => Buffer;
  readonly read: (bytes: Buffer) => string;
}

const forms = {
  text: {
    group: 1,
    bytes: 1,
    write: (text) => Buffer.from(text, 'utf8'),
    read: (bytes) => bytes.toString('utf8'),
  },
  hex: {
    group: 2,
    bytes: 1,
    write: (text) => Buffer.from(text, 'hex'),
    read: (bytes) => bytes.toString('hex'),
  },
  HEX: {
    group: 2,
    bytes: 1,
    write: (text) => Buffer.from(text, 'hex'),
    read: (bytes) => bytes.toString('hex').toUpperCase(),
  },
  base64: {
    group: 4,
    bytes: 3,
    write: (text) => Buffer.from(text, 'base64'),
    read: (bytes) => bytes.toString('base64'),
  },
  uuid: {
    group: 36,
    bytes: 16,
    write: (text) => Buffer.from(text.replaceAll('-', ''), 'hex'),
    read: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  },
} as const satisfies Record<string, Form>;

type FormName = keyof typeof forms;

/** By number in the control byte, from 1. */
const formNames = ['text', 'hex', 'HEX', 'base64', 'uuid'] as const satisfies readonly FormName[];

const asciiText = /^[\x20-\x7e]*$/;
const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const uuidLength = 36;
const hasHead = 0x10;
const hasTail = 0x20;
const hasLongMiddle = 0x40;
const formBits = 0x0f;
const shortMax = 0xff;
/** A shorter middle is not worth the look. */
const worthALook = 6;
const same = Buffer.from([0]);

export function packLines(text: string, sample: readonly string[]): Buffer {
  return Buffer.concat(text.split('\n').flatMap((line, index) => packLine(line, sample[index] ?? '')));
}

export function unpackLines(bytes: Buffer, sample: readonly string[]): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const { line, next } = unpackLine(bytes, at, sample[lines.length] ?? '');
    lines.push(line);
    at = next;
  }
  return lines.join('\n');
}

function packLine(line: string, like: string): Buffer[] {
  if (line === like) return [same];
  // A shared part must not end inside a surrogate pair.
  if (!asciiText.test(line)) return written(line, { head: 0, tail: 0, form: 'text' });
  const uuidTail = line.length - uuidLength;
  if (uuidText.test(line) && uuidTail <= shortMax && like.endsWith(line.slice(uuidLength))) {
    return written(line, { head: 0, tail: uuidTail, form: 'uuid' });
  }
  const head = Math.min(sharedHead(line, like), shortMax);
  const tail = Math.min(sharedTail(line, like, head), shortMax);
  return written(line, bestCut(line, head, tail));
}

interface Cut {
  readonly head: number;
  readonly tail: number;
  readonly form: FormName;
}

/** Whole groups are needed: what lacks is taken back from the shared beginning, else from the shared end. */
function bestCut(line: string, head: number, tail: number): Cut {
  let best: Cut = { head, tail, form: 'text' };
  let bytes = line.length - head - tail;
  if (bytes < worthALook) return best;
  for (const form of alphabetsOf(line, head, line.length - tail)) {
    const { group, bytes: perGroup } = forms[form];
    const lacking = (group - ((line.length - head - tail) % group)) % group;
    const cut =
      lacking <= head
        ? { head: head - lacking, tail, form }
        : { head, tail: tail - Math.min(lacking, tail), form };
    const length = line.length - cut.head - cut.tail;
    const size = (length / group) * perGroup;
    if (size >= bytes || length % group !== 0) continue;
    if (!alphabetsOf(line, cut.head, line.length - cut.tail).includes(form)) continue;
    best = cut;
    bytes = size;
  }
  return best;
}

/** In which alphabets every character of the stretch is; the densest first. */
function alphabetsOf(line: string, from: number, to: number): readonly FormName[] {
  let isLower = true;
  let isUpper = true;
  for (let at = from; at < to; at += 1) {
    const code = line.charCodeAt(at);
    const isDigit = code >= 0x30 && code <= 0x39;
    const isBase64 =
      isDigit ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a) ||
      code === 0x2b ||
      code === 0x2f;
    if (!isBase64) return [];
    isLower &&= isDigit || (code >= 0x61 && code <= 0x66);
    isUpper &&= isDigit || (code >= 0x41 && code <= 0x46);
  }
  if (isLower) return ['hex', 'base64'];
  return isUpper ? ['HEX', 'base64'] : ['base64'];
}

function written(line: string, { head, tail, form }: Cut): Buffer[] {
  const body = forms[form].write(line.slice(head, line.length - tail));
  const isLong = body.length > shortMax;
  const control =
    (1 + formNames.indexOf(form)) |
    (head > 0 ? hasHead : 0) |
    (tail > 0 ? hasTail : 0) |
    (isLong ? hasLongMiddle : 0);
  const length = Buffer.alloc(isLong ? 4 : 1);
  length.writeUIntBE(body.length, 0, length.length);
  return [Buffer.from([control, ...(head > 0 ? [head] : []), ...(tail > 0 ? [tail] : [])]), length, body];
}

function unpackLine(bytes: Buffer, from: number, like: string): { line: string; next: number } {
  let at = from;
  const control = bytes.readUInt8(at++);
  if (control === 0) return { line: like, next: at };
  const head = control & hasHead ? bytes.readUInt8(at++) : 0;
  const tail = control & hasTail ? bytes.readUInt8(at++) : 0;
  const lengthBytes = control & hasLongMiddle ? 4 : 1;
  const start = at + lengthBytes;
  const end = start + bytes.readUIntBE(at, lengthBytes);
  const form = forms[formNames[(control & formBits) - 1] ?? 'text'];
  const middle = form.read(bytes.subarray(start, end));
  return { line: like.slice(0, head) + middle + like.slice(like.length - tail), next: end };
}

function sharedHead(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Of what comes after the shared beginning. */
function sharedTail(a: string, b: string, head: number): number {
  const longest = Math.min(a.length, b.length) - head;
  let length = 0;
  while (length < longest && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length))
    length += 1;
  return length;
}
