// Bodies in the form that was asked for: Exchange converts between plain text and HTML (BEHAVIOUR §4).
import type { Body } from './state/index.ts';

/** HTML of a body. */
export function renderHtml(body: Body): string {
  if (body.type === 'HTML') return body.text;
  const lines = body.text.replace(/[&<>]/g, (character) => entities[character] ?? character).split(/\r?\n/);
  return `<html>\r\n<head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n<body>\r\n<div class="PlainText">${lines.join('<br>\r\n')}</div>\r\n</body>\r\n</html>\r\n`;
}

/** Plain text of a body. */
export function parseHtml(body: Body): string {
  if (body.type === 'Text') return body.text;
  return body.text
    .replace(/<(head|style|script)\b[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .replace(/<br\b[^>]*>/gi, '\r\n')
    .replace(/<\/(p|div|tr|li|h[1-6])\s*>/gi, '\r\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => characterOf(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, decimal: string) => characterOf(Number(decimal)))
    .replace(/&(\w+);/g, (whole, name: string) => named[name] ?? whole)
    .replace(/[ \t]+(\r\n)/g, '$1')
    .replace(/(\r\n)[ \t]+/g, '$1')
    .trim();
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function characterOf(code: number): string {
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
