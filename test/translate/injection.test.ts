// Nothing that a mailbox holds may become a property or a component of its own in the text.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventItem } from '../../src/model/item.ts';
import { parseComponents, stringify, type Jcal } from '../../src/translate/codec.ts';
import { event, get, linesOf, put, storedOf } from './mailbox.ts';

const nasty = [
  'x\r\nATTENDEE:mailto:evil@example.test',
  'x\nEND:VEVENT',
  'x\rX-EVIL:1',
  '\u0000\u0007',
  '\uD800',
  '";:,\\',
];

test('texts, names and addresses of an item', () => {
  const base = put(event('DTSTART:20260310T100000Z')).item as EventItem;
  for (const evil of nasty) {
    const lines = linesOf(
      get(
        storedOf({
          ...base,
          summary: evil,
          location: evil,
          categories: [evil],
          isOrganizer: false,
          organizer: { address: evil, name: evil },
          attendees: [{ address: evil, name: evil, role: 'required', partStat: 'accepted' }],
        }),
      ),
    );
    expect(lines.filter((line) => /^(X-EVIL|ATTENDEE:)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line === 'END:VEVENT')).toHaveLength(1);
    expect(lines.join('')).not.toMatch(/[\0-\x08\x0B-\x1F\x7F]/);
  }
});

test('names, parameters and values of residue', () => {
  for (const evil of nasty) {
    const property: Jcal = [
      `x-a${evil}`,
      { [`p${evil}`]: evil, list: [evil] },
      `text${evil}`,
      evil,
      [evil],
      { a: evil },
    ];
    const stored = put(event('DTSTART:20260310T100000Z'));
    const residue = JSON.stringify({
      v: 1,
      zone: 'UTC',
      master: { p: [property], c: [[`x-c${evil}`, [property], []]] },
    });
    const lines = linesOf(get({ ...stored, tags: { residue } }));
    expect(lines.filter((line) => /^(X-EVIL|ATTENDEE)[:;]/.test(line))).toEqual([]);
    expect(lines.filter((line) => line === 'END:VEVENT')).toHaveLength(1);
  }
});

test('any text comes back as it was, but for control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const back = parseComponents(
        stringify([
          'vcalendar',
          [
            ['x-a', {}, 'text', 'a'],
            ['summary', {}, 'text', text],
          ],
          [],
        ]),
      );
      const clean = text
        .replaceAll(/\r\n?/g, '\n')
        .replaceAll(/[\0-\x08\x0B-\x1F\x7F]/g, '')
        .toWellFormed();
      expect(back[0]?.[1][1]?.[3] ?? '').toBe(clean);
    }),
    { numRuns: 500 },
  );
});
