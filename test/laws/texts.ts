// Values as content lines write them (RFC 5545 §3.3, RFC 6350 §4), made without anything of `src`.
import * as fc from 'fast-check';

/** An escaped TEXT. */
export function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

/** A parameter value: in quotation marks where it needs them. What no parameter can hold is left out. */
export function param(name: string, ...values: readonly string[]): string {
  const texts = values.map((value) => {
    const plain = value.replaceAll(/["\n]/g, "'");
    return /[:;,]/.test(plain) ? `"${plain}"` : plain;
  });
  return `;${name}=${texts.join(',')}`;
}

const difficult = [
  'a, b; c\\d',
  String.raw`\n`,
  'two\nlines',
  '\nfirst line empty',
  'Grüße, 日本語 🎉',
  '"quoted"',
  ' blanks around ',
  'BEGIN:VEVENT',
  'DTSTART:20260101',
  '<b>&amp;</b> ]]>',
  'x'.repeat(254),
  'y'.repeat(255),
  'z'.repeat(256),
  `${'ä'.repeat(300)} end`,
  '😀'.repeat(128),
  'e\u0301 combining',
  'right to left: שלום',
  'tab\there',
  "^n ^^ ^'",
  'http://example.org/?a=1;b=2,3',
  '\u00A0no-break',
  '=?utf-8?Q?no?=',
  '0',
  'TRUE',
];

const words = fc
  .stringMatching(/^[A-Za-z0-9äöüéß,;:\\"'^<>&=/ .-]{1,30}$/u)
  .filter((text) => text.trim() !== '');

/** Any text that iCalendar can say, not empty. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: words, weight: 3 },
  { arbitrary: fc.constantFrom(...difficult), weight: 2 },
  fc.array(words, { minLength: 2, maxLength: 4 }).map((lines) => lines.join('\n')),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .map((given) => given.toWellFormed().replaceAll(/\p{Cc}|[\u{FDD0}-\u{FDEF}\u{FFFE}\u{FFFF}]/gu, ''))
    .filter((given) => given.trim() !== ''),
);

/** One line of text. */
export const line: fc.Arbitrary<string> = text.map((given) => given.replaceAll('\n', ' '));

/** For names of people in parameters. */
export const name: fc.Arbitrary<string> = fc.constantFrom(
  'Alice',
  'Bob, the Organizer',
  'Müller; Jörg',
  "O'Neil",
  'Anna: Linz',
  '田中',
  'Ωμέγα 1',
);

export const uri: fc.Arbitrary<string> = fc.constantFrom(
  'https://example.org/agenda.html',
  'https://example.org/?a=1,2;b=3',
  'urn:uuid:5c2cc0f8-3c8a-4b0b-9c9a-111111111111',
  'mailto:someone@example.org',
  'ldap://example.org/cn=Jim%20D',
  'geo:48.2,16.3;u=10',
);

export const language: fc.Arbitrary<string> = fc.constantFrom('en', 'de-AT', 'ja', 'zh-Hant');

/** Some of these parameters, in this order. */
export function some(...params: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc
    .tuple(...params.map((each) => fc.option(each, { nil: '', freq: 2 })))
    .map((given) => given.join(''));
}

/** Nobody's parameter. */
export const ownParam: fc.Arbitrary<string> = fc.constantFrom(
  param('X-OWN', '1'),
  param('X-OWN', 'a, b; c: d'),
  param('X-VENDOR-NOTE', 'plain text'),
);

export const textParams: fc.Arbitrary<string> = some(
  language.map((given) => param('LANGUAGE', given)),
  uri.map((given) => `;ALTREP="${given}"`),
  ownParam,
);

export const address: fc.Arbitrary<string> = fc.constantFrom(
  'bob@elsewhere.example',
  'carol@example.test',
  'room.1@example.test',
  'Dan.O+tag@Elsewhere.example',
  "o'neil@example.org",
);

/** `2026-03-01` → `20260301` */
export function basic(given: string): string {
  return given.replaceAll(/[-:]/g, '');
}

export const date: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 25_000 })
  .map((days) => new Date(Date.UTC(1990, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));

export const time: fc.Arbitrary<string> = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59), fc.constantFrom(0, 0, 0, 30))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

/** Whole seconds. */
export const instant: fc.Arbitrary<number> = fc
  .integer({ min: 631_152_000, max: 2_800_000_000 })
  .map((seconds) => seconds * 1000);

export function stamp(ms: number): string {
  return `${basic(new Date(ms).toISOString().slice(0, 19))}Z`;
}

/** `P1DT2H`, never negative. */
export function durationText(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const [hours, minutes, rest] = [
    Math.floor((seconds % 86_400) / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

const folds = ['\r\n ', '\n ', '\r\n\t'];

/** Lines as a text, folded after 75 octets or elsewhere, which says nothing (RFC 5545 §3.1). */
export function folded(lines: readonly string[], how: number): string {
  const fold = folds[how % folds.length] ?? '';
  const width = 20 + (how % 56);
  const end = how % 7 === 0 ? '\n' : '\r\n';
  const whole = lines.map((line) => (how % 5 === 0 ? line : foldedLine(line, { width, fold })));
  return whole.join(end) + end;
}

function foldedLine(line: string, { width, fold }: { width: number; fold: string }): string {
  const characters = Array.from(line);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += width)
    pieces.push(characters.slice(at, at + width).join(''));
  return pieces.join(fold);
}
