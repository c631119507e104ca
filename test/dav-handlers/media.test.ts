// File names in headers (RFC 6266), as programs write them and as they are read.
import { expect, it } from 'vitest';
import { parseDisposition, renderDisposition, safeType } from '../../src/dav-handlers/media.ts';

it.each([
  ['attachment;filename=a.txt', 'a.txt'],
  ['attachment; filename="a \\"b\\" c.txt"; size=3', 'a "b" c.txt'],
  ["attachment; filename=x; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%25.txt", 'größe %.txt'],
  ["attachment; filename=x.txt; filename*=UTF-8''%ff", 'x.txt'],
  ["attachment; filename=x.txt; filename*=iso-8859-1''%fc", 'x.txt'],
  [Buffer.from('attachment;filename="größe.txt"').toString('latin1'), 'größe.txt'],
  ['attachment;filename="gr\u00f6\u00dfe.txt"', 'größe.txt'],
  ['ATTACHMENT; FILENAME = a.txt', 'a.txt'],
  ['attachment', undefined],
  [null, undefined],
])('%s names %s', (header, name) => {
  expect(parseDisposition(header)).toBe(name);
});

it.each(['a.txt', 'größe "1" %41.txt', "it's (me)*", 'a\\b;c', '日本.pdf', '\ud800'])(
  'the header for %s is plain, names it whole, and is always a download',
  (name) => {
    const header = renderDisposition(name);
    expect(header).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~%!-]+$/);
    expect(header.split('"')).toHaveLength(3);
    expect(parseDisposition(header)).toBe(name.toWellFormed());
  },
);

it.each([
  ['text/plain', 'text/plain'],
  ['text/plain; charset="utf-8"; x=y', 'text/plain; charset="utf-8"; x=y'],
  ['application/vnd.ms-excel.sheet+xml', 'application/vnd.ms-excel.sheet+xml'],
  ['text/plain\r\nX-Evil: 1', 'application/octet-stream'],
  ['text/größe', 'application/octet-stream'],
  ['nonsense', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('%s is served as %s', (given, served) => {
  expect(safeType(given)).toBe(served);
});
