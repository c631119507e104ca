// Packing gives back every text exactly, whatever the sample.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { packLines, unpackLines } from '../../src/store/packing.ts';

const line = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[0-9a-f]{0,60}$/),
  fc.stringMatching(/^[0-9A-F]{0,60}(\.ics)?$/),
  fc.stringMatching(/^AAMk[A-Za-z0-9+/]{0,150}={0,2}$/),
  fc.uuid(),
  fc.uuid().map((uid) => `${uid}.ics`),
  fc.constantFrom('', 'shared beginning 1 end', 'shared beginning 22 end', 'x'.repeat(600), 'é'.repeat(300)),
);

it('packs and unpacks', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 8 }),
      fc.array(line, { maxLength: 8 }),
      (lines, sample) => {
        const text = lines.map((each) => each.replaceAll('\n', ' ')).join('\n');
        expect(unpackLines(packLines(text, sample), sample)).toBe(text);
      },
    ),
    { numRuns: 2000 },
  );
});

it('packs a row like its neighbour into a few bytes', () => {
  const row = (counter: string, id: string): string =>
    [`040000008200E00074C5B7101A82E008${id}.ics`, '', `AAMkAGI2TG93AAAAAA${counter}AAA=`, 'e0s0,1o'].join(
      '\n',
    );
  const sample = row('QUJDRA', '00112233445566778899AABBCCDDEEFF').split('\n');
  expect(packLines(row('QUJEDA', 'FF112233445566778899AABBCCDDEE00'), sample).length).toBeLessThan(32);
});
