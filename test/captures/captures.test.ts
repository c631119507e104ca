// Recorded items of real servers become the text that a careful human would write: golden files, read by eye once.
import { describe, expect, test } from 'vitest';
import { why, spec } from '../ews-backend/spec.ts';
import { childOf, textOf as contentOf } from '../../src/xml/index.ts';
import { hasMime, readCaptures, textOf } from './captures.ts';
import { golden, goldenNames } from './golden.ts';
import { leftOut, leftOutKinds } from './left-out-table.ts';

const captures = spec === undefined ? [] : readCaptures();
const served = captures.filter(({ name, element }) => !(name in leftOut) && !(element.name in leftOutKinds));

describe.skipIf(spec === undefined)(`captured items${why}`, () => {
  test.each(served)('$name', (capture) => {
    const { text, extension } = textOf(capture);
    const lines = text.replaceAll('\r\n', '\n');
    expect(lines).toBe(golden(`${capture.name}.${extension}`, lines));
  });

  test.each(Object.entries(leftOut))('%s is left out: $why', (name, { refused }) => {
    const capture = captures.find((each) => each.name === name)!;
    if (refused === undefined) {
      // What Exchange calls an occurrence, or says to be one of a series without being one.
      const type = contentOf(childOf(capture.element, 'CalendarItemType'));
      expect(type === '' ? contentOf(childOf(capture.element, 'IsRecurring')) : type).toMatch(
        /^(?:Occurrence|true)$/,
      );
    } else expect(() => textOf(capture)).toThrow(refused);
  });

  test('there are captures of both sorts, and no golden file without one', () => {
    expect(served.length).toBeGreaterThan(20);
    const names = new Set(served.map(({ name }) => name));
    const files = goldenNames().filter((file) => !file.startsWith('MimeContent-'));
    expect(files.filter((file) => !names.has(file.replace(/\.\w+$/, '')))).toEqual([]);
  });

  // As soon as there is one, our text must be compared with the one that Exchange wrote for the same item.
  test('no served item was captured with its MimeContent', () => {
    expect(served.filter(hasMime).map(({ name }) => name)).toEqual([]);
  });
});
