// A client may send anything: the answer is an item or a TranslateError, never another error, never a hang.
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FolderKind } from '../../src/model/backend.ts';
import { TranslateError } from '../../src/translate/index.ts';
import { get, put } from './mailbox.ts';

const folder = new URL('golden/', import.meta.url);
const texts = readdirSync(folder)
  .filter((name) => /\.(ics|vcf)$/.test(name))
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const pieces = [
  '',
  ':',
  ';',
  '"',
  '\n',
  '\n ',
  ',',
  '=',
  'Z',
  'T',
  '-',
  '0',
  '99999999',
  '\0',
  'é',
  '\\',
  'P',
  'TZID=X',
].concat(['BEGIN:VEVENT\n', 'END:VEVENT\n', 'RRULE:FREQ=DAILY;BYMONTHDAY=-1\n', 'VALUE=DATE']);
const piece = fc.constantFrom(...pieces);

/** Replaces some characters, or swaps two lines. */
const damaged = fc
  .record({
    text: fc.constantFrom(...texts),
    cuts: fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), piece), { maxLength: 4 }),
    swap: fc.option(fc.tuple(fc.nat(60), fc.nat(60))),
  })
  .map(({ text, cuts, swap }) => {
    const lines = text.split('\n');
    if (swap) [lines[swap[0]], lines[swap[1]]] = [lines[swap[1]] ?? '', lines[swap[0]] ?? ''];
    return cuts.reduce((given, [place, length, with_]) => {
      const at = Math.floor(place * given.length);
      return given.slice(0, at) + with_ + given.slice(at + length);
    }, lines.join('\n'));
  });

test.each<FolderKind>(['events', 'tasks', 'contacts'])('damaged texts as %s', (kind) => {
  fc.assert(
    fc.property(damaged, (text) => {
      try {
        get(put(text, kind));
      } catch (error) {
        if (error instanceof Error && error.message === 'refused') return;
        expect(error).toBeInstanceOf(TranslateError);
      }
    }),
    { numRuns: Number(process.env['EXDAV_FUZZ'] ?? 300) },
  );
});
