// Damage of iCalendar and vCard by their own grammar: content lines, parameters, components, folds.
import { damaged } from './bytes.ts';
import * as nasty from './nasty-lines.data.ts';
import type { Random } from './random.ts';

/** What is longer has files in it, and takes its time by its length alone. */
const maxBytes = 256 * 1024;

type Damage = (lines: readonly string[], random: Random, others: readonly string[]) => readonly string[];

/** A text of `seeds`, mutated: mostly line by line, sometimes byte by byte too. */
export function mutatedLines(seeds: readonly string[], random: Random): Buffer {
  let lines = linesOf(random.pick(seeds));
  const others = linesOf(random.pick(seeds));
  for (let left = random.below(6); left > 0; left -= 1)
    lines = atLeastOne(random.pick(damages)(lines, random, others));
  const bytes = Buffer.from(folded(lines, random)).subarray(0, maxBytes);
  return random.chance(0.25) ? damaged(bytes, random) : bytes;
}

function linesOf(text: string): readonly string[] {
  return text.replaceAll(/\r?\n[ \t]/g, '').split(/\r?\n/);
}

const damages: readonly Damage[] = [
  (lines, random) => without(lines, random.below(lines.length)),
  (lines, random) => inserted(lines, random, lines[random.below(lines.length)] ?? ''),
  (lines, random, others) => inserted(lines, random, others[random.below(others.length)] ?? ''),
  (lines, random) => inserted(lines, random, random.pick(nasty.lines)),
  (lines, random) => inserted(lines, random, random.pick(nasty.lines)),
  (lines, random) => changed(lines, random, (line) => `${head(line)}:${random.pick(nasty.values)}`),
  (lines, random) => changed(lines, random, (line) => `${head(line)}:${random.pick(nasty.times)}`),
  (lines, random) => ofTimes(lines, random, (line) => `${head(line)}:${random.pick(nasty.times)}`),
  (lines, random) =>
    changed(lines, random, (line) => `${head(line)};${random.pick(nasty.params)}:${body(line)}`),
  (lines, random) => changed(lines, random, (line) => line.replace(/;[^:;]*/, '')),
  (lines, random) => changed(lines, random, (line) => line.replace(':', '')),
  (lines, random) => changed(lines, random, (line) => line.replace(/^[^:;]+/, random.pick(names))),
  (lines, random) => changed(lines, random, (line) => line + filling(random)),
  (lines, random) => swapped(lines, random.below(lines.length), random.below(lines.length)),
  (lines, random) => repeated(lines, random),
  (lines, random) => nested(lines, random),
  (lines, random) => zoned(lines, random),
  (lines) => [...lines, ...lines],
];

/** What long runs are made of: white space and separators are what patterns try again and again. */
const fillings = [
  'x',
  '0',
  'é',
  '\\',
  '\\n',
  '\\;',
  ' ',
  '\t',
  '\u{A0}',
  '"',
  ',',
  ';',
  ':',
  '=',
  '.',
  '-',
  '%',
  '&',
  '<',
  '(',
  '/',
].concat(['<a>', '&lt;', 'x@', '<!--', ' ,', '; ', '\\n ']);

const names = [
  'DTSTART',
  'DTEND',
  'DUE',
  'RDATE',
  'EXDATE',
  'TRIGGER',
  'UID',
  'N',
  'X-A',
  'ATTENDEE',
  '',
  ' ',
  'BEGIN',
  'END',
];

function head(line: string): string {
  const end = line.indexOf(':');
  return end < 0 ? line : line.slice(0, end);
}

function body(line: string): string {
  return line.slice(line.indexOf(':') + 1);
}

function filling(random: Random): string {
  const part = random.pick(fillings);
  const length = random.chance(0.03) ? 200_000 : random.below(3000);
  return part.repeat(Math.ceil(length / part.length));
}

function without(lines: readonly string[], at: number): readonly string[] {
  return lines.toSpliced(at, 1);
}

function inserted(lines: readonly string[], random: Random, line: string): readonly string[] {
  return lines.toSpliced(1 + random.below(lines.length), 0, line);
}

function changed(
  lines: readonly string[],
  random: Random,
  change: (line: string) => string,
): readonly string[] {
  const at = random.below(lines.length);
  return lines.with(at, change(lines[at] ?? ''));
}

function ofTimes(
  lines: readonly string[],
  random: Random,
  change: (line: string) => string,
): readonly string[] {
  const timed = lines.flatMap((line, at) =>
    /^(?:DT|DUE|RDATE|EXDATE|RECURRENCE|TRIGGER|BDAY)/.test(line) ? [at] : [],
  );
  if (timed.length === 0) return lines;
  const at = random.pick(timed);
  return lines.with(at, change(lines[at] ?? ''));
}

function swapped(lines: readonly string[], one: number, other: number): readonly string[] {
  return lines.with(one, lines[other] ?? '').with(other, lines[one] ?? '');
}

/** One component many times. */
function repeated(lines: readonly string[], random: Random): readonly string[] {
  const starts = lines.flatMap((line, at) => (/^BEGIN:(?!VCALENDAR)/i.test(line) ? [at] : []));
  if (starts.length === 0) return lines;
  const start = random.pick(starts);
  const end = lines.indexOf((lines[start] ?? '').replace(/^BEGIN/i, 'END'), start);
  if (end < 0) return lines;
  const component = lines.slice(start, end + 1);
  const times = Math.min(1 + random.below(60), Math.ceil(4000 / component.length));
  const isDated = random.chance(0.5);
  const copies = Array.from({ length: times }, (_, index) =>
    isDated
      ? component.toSpliced(1, 0, `RECURRENCE-ID:2026${String(1 + (index % 12)).padStart(2, '0')}01T100000Z`)
      : component,
  );
  return lines.toSpliced(end + 1, 0, ...copies.flat());
}

function nested(lines: readonly string[], random: Random): readonly string[] {
  const name = random.pick(['VEVENT', 'VALARM', 'VCALENDAR', 'VTODO', 'X-DEEP', 'VCARD', 'VTIMEZONE']);
  const depth = 1 + random.below(random.chance(0.1) ? 3000 : 40);
  const at = random.below(lines.length);
  const open = Array.from({ length: depth }, () => `BEGIN:${name}`);
  const close = Array.from({ length: random.chance(0.8) ? depth : random.below(depth) }, () => `END:${name}`);
  return [...lines.slice(0, at), ...open, ...lines.slice(at, at + 3), ...close, ...lines.slice(at + 3)];
}

function zoned(lines: readonly string[], random: Random): readonly string[] {
  const placed = lines.map((line) =>
    /^(?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|DUE)(?!.*VALUE=DATE)/.test(line)
      ? line.replace(/^([A-Z-]+)(?:;[^:]*)?:/, '$1;TZID=Made/Up:').replace(/Z$/, '')
      : line,
  );
  return placed.toSpliced(1, 0, ...random.pick(nasty.zones));
}

/** Line ends and folds of all sorts, also inside of characters. */
function folded(lines: readonly string[], random: Random): string {
  const end = random.pick(['\r\n', '\r\n', '\r\n', '\n', '\r', '\r\r\n']);
  if (random.chance(0.7)) return lines.join(end);
  const width = 1 + random.below(100);
  const fold = `${end}${random.pick([' ', '\t', '  '])}`;
  return lines
    .map((line) => {
      if (line.length > 20_000) return line;
      const pieces: string[] = [];
      for (let at = 0; at < line.length; at += width) pieces.push(line.slice(at, at + width));
      return pieces.join(fold);
    })
    .join(end);
}

function atLeastOne(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [''] : lines;
}
