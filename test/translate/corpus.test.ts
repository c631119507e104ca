// Real files of real programs, where they are at hand: none crashes the reader, none changes by being read twice.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FolderKind } from '../../src/model/backend.ts';
import { TranslateError } from '../../src/translate/index.ts';
import { get, linesOf, put } from './mailbox.ts';

const corpus = process.env['EXDAV_CORPUS'] ?? new URL('../../../shared/corpus', import.meta.url).pathname;
const kinds: readonly (readonly [string, FolderKind])[] = [
  ['ics', 'events'],
  ['ics', 'tasks'],
  ['vcf', 'contacts'],
];

describe.skipIf(!existsSync(corpus))('corpus (EXDAV_CORPUS)', () => {
  test.each(kinds)('%s as %s', (folder, kind) => {
    let taken = 0;
    for (const file of readdirSync(`${corpus}/${folder}`)) {
      const bytes = readFileSync(`${corpus}/${folder}/${file}`);
      const refusal = problemOf(file, () => {
        const stored = put(bytes, kind);
        const shown = get(stored);
        const again = put(shown, kind);
        // vCard 3.0 has no text in the place of a date: `VALUE=TEXT` goes with the second reading.
        expect(sorted(get(again)), file).toEqual(sorted(shown));
        expect(again.item, file).toEqual(stored.item);
        taken += 1;
      });
      expect(refusal === undefined || refusal !== '', file).toBe(true);
    }
    expect(taken).toBeGreaterThan(15);
  });
});

function sorted(text: string): string[] {
  return linesOf(text.replaceAll(';VALUE=TEXT', '')).sort();
}

function problemOf(file: string, read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof TranslateError || (error instanceof Error && error.message === 'refused')) {
      return error.message;
    }
    throw new Error(file, { cause: error });
  }
}
