// What `npm run fidelity` once found lost or changed on the way through the whole stack, each as small as it gets: written as
// Exchange would hold it, read back with the residue.
import { describe, expect, test } from 'vitest';
import { express } from '../../src/ews-backend/express.ts';
import type { FolderKind } from '../../src/model/backend.ts';
import type { ContactItem, EventItem, Item, TaskItem } from '../../src/model/item.ts';
import { parseIncoming, renderStored, residueOf } from '../../src/translate/index.ts';
import { calendar, event, linesOf, own, task } from './mailbox.ts';

const expressed = (item: Item) => express(item, 'Europe/Berlin');

interface Kept {
  readonly item: Item;
  readonly residue: string;
  readonly uid: string;
}

function put(text: string | Uint8Array, kind: FolderKind = 'events'): Kept {
  const incoming = parseIncoming(text, kind, { ownAddresses: own, defaultZone: 'Europe/Berlin' });
  const expression = expressed(incoming.item);
  if (expression.kind !== 'ok') throw new Error(JSON.stringify(expression));
  return {
    item: expression.held,
    residue: residueOf(incoming, expression, expressed),
    uid: incoming.uid,
  };
}

function get({ item, residue, uid }: Kept, vcard: '3.0' | '4.0' = '3.0'): string[] {
  const stored = { id: 'id', version: 'v', tags: { residue }, item };
  return linesOf(renderStored([stored], { uid, express: expressed, ownAddresses: own, vcard }));
}

const times = ['DTSTART:20260907T090000Z', 'DTEND:20260907T093000Z'];

describe('events', () => {
  test('the RECURRENCE-ID of a lone instance, which Exchange takes from nobody', () => {
    const line = 'RECURRENCE-ID:20260907T080000Z';
    const stored = put(event(...times, line));
    expect((stored.item as EventItem).recurrenceId).toBeUndefined();
    expect(get(stored)).toContain(line);
  });

  const series = (...override: string[]): string =>
    calendar(
      'BEGIN:VEVENT',
      'UID:u',
      ...times,
      'RRULE:FREQ=DAILY;COUNT=5',
      'SUMMARY:a',
      'END:VEVENT',
      'BEGIN:VEVENT',
      'UID:u',
      'RECURRENCE-ID:20260909T090000Z',
      'DTSTART:20260909T090000Z',
      'DTEND:20260909T093000Z',
      'SUMMARY:a',
      ...override,
      'END:VEVENT',
    );

  test.each([['COMMENT:only here'], ['X-OWN:1'], []])(
    'an occurrence of which Exchange sees nothing changed (%s)',
    (...lines) => {
      const stored = put(series(...lines));
      expect((stored.item as EventItem).overrides).toEqual([]);
      const shown = get(stored);
      expect(shown).toEqual(expect.arrayContaining(['RECURRENCE-ID:20260909T090000Z', ...lines]));
      expect(shown.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(2);
    },
  );
  test('such an occurrence goes when Exchange deletes it, or has another series', () => {
    const stored = put(series('COMMENT:only here'));
    const item = stored.item as EventItem;
    const gone: EventItem = {
      ...item,
      cancelledDates: [{ kind: 'zoned', local: '2026-09-09T09:00:00', zone: 'UTC' }],
    };
    expect(get({ ...stored, item: gone })).not.toContain('COMMENT:only here');
    const shorter: EventItem = {
      ...item,
      recurrence: { ...item.recurrence!, end: { kind: 'count', count: 2 } },
    };
    expect(get({ ...stored, item: shorter })).not.toContain('COMMENT:only here');
    const renamed: EventItem = { ...item, summary: 'b' };
    expect(get({ ...stored, item: renamed }).filter((line) => line === 'SUMMARY:b')).toHaveLength(2);
  });

  test('a cancelled event takes no time', () => {
    const stored = put(event(...times, 'STATUS:CANCELLED'));
    expect(stored.item).toMatchObject({ busy: 'free' });
    const shown = get(stored);
    expect(shown).toContain('STATUS:CANCELLED');
    expect(shown.filter((line) => line.startsWith('TRANSP'))).toEqual([]);
  });

  test("the organizer's name in the client's words, after an update too", () => {
    const line = `ORGANIZER;CN=My own name:mailto:${own[0]}`;
    expect(
      get(put(event(...times, line, 'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:b@c.test'))),
    ).toContain(line);
  });

  test('the same RRULE said twice is one rule', () => {
    const stored = put(event(...times, 'RRULE:FREQ=DAILY;COUNT=3', 'RRULE:FREQ=DAILY;COUNT=3'));
    expect((stored.item as EventItem).recurrence).toMatchObject({ freq: 'DAILY' });
  });

  test('a zone of its own needs to be right for as long as the series lasts', () => {
    const zone = (name: string, rule: string, start: string, from: string, to: string): string[] => [
      `BEGIN:${name}`,
      `DTSTART:${start}`,
      `TZOFFSETFROM:${from}`,
      `TZOFFSETTO:${to}`,
      `RRULE:FREQ=YEARLY;${rule}`,
      `END:${name}`,
    ];
    const text = calendar(
      'BEGIN:VTIMEZONE',
      'TZID: Eastern',
      ...zone('STANDARD', 'BYDAY=-1SU;BYMONTH=10', '19501029T020000', '-0400', '-0500'),
      ...zone('DAYLIGHT', 'BYDAY=1SU;BYMONTH=4', '19500402T020000', '-0500', '-0400'),
      'END:VTIMEZONE',
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTART;TZID= Eastern:20050418T090000',
      'RRULE:FREQ=DAILY;COUNT=5',
      'END:VEVENT',
    );
    // Several places had these offsets then.
    expect(put(text).item).toMatchObject({ start: { zone: expect.stringMatching(/^America\//) } });
  });

  test.each([
    ['RRULE:FREQ=DAILY\\;COUNT=10', 'RRULE:FREQ=DAILY;COUNT=10'],
    ['SUMMARY;VALUE="a b":x', 'SUMMARY:x'],
  ])('%s is mended to %s', (given, shown) => {
    expect(get(put(event(...times, given)))).toContain(shown);
  });
  test('DURATION:PT1W is a week', () => {
    expect(get(put(event('DTSTART;VALUE=DATE:20260907', 'DURATION:PT1W')))).toContain('DURATION:P1W');
  });
  test('a text with a VALUE that nobody knows is still a text', () => {
    const line = String.raw`DESCRIPTION;VALUE=CUSTOM:one\ntwo\, three`;
    const stored = put(event(...times, line));
    expect(stored.item).toMatchObject({ description: 'one\ntwo, three' });
    expect(get(stored)).toContain(line);
  });
  test('a line end in a parameter', () => {
    expect(get(put(event(...times, 'X-A;X-P="one^ntwo":v')))).toContain('X-A;X-P=one^ntwo:v');
  });
});

test('a task that does not begin on a date of its rule', () => {
  const lines = ['DTSTART;VALUE=DATE:20260906', 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=WE,FR'];
  const stored = put(task(...lines), 'tasks');
  expect((stored.item as TaskItem).recurrence).toMatchObject({ freq: 'WEEKLY', interval: 2 });
  expect(get(stored)).toEqual(expect.arrayContaining(lines));
});

describe('cards', () => {
  const card = (version: '3.0' | '4.0', ...lines: string[]): Kept =>
    put(
      ['BEGIN:VCARD', `VERSION:${version}`, 'UID:u', 'FN:a', ...lines, 'END:VCARD', ''].join('\r\n'),
      'contacts',
    );

  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  const unfolded = (lines: readonly string[]): string => lines.join('\r\n').replaceAll('\r\n ', '');

  test.each([
    ['4.0', 'EMAIL;PID=4.2,5.1;PREF=1:a@b.test'],
    ['4.0', 'TEL;TYPE=voice;VALUE=URI:tel:+1-418-656-9254;ext=102'],
    ['4.0', 'TEL;TYPE=cell:+1 5'],
    ['4.0', 'ADR;LABEL=Street 3^nCity;TYPE=work:;;Street 3;City;;;'],
    ['4.0', 'X-ABDATE;VALUE=DATE-AND-OR-TIME:20081210'],
    ['3.0', 'LANG;PREF=2:en'],
    ['3.0', 'AGENT:BEGIN:VCARD\\nFN:Susan\\nEND:VCARD\\n'],
    ['3.0', 'ADR;TYPE=BOTH AT WORK AND HOME,POSTAL:;;a;b;;;'],
    ['3.0', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1'],
    ['3.0', 'PHOTO;TYPE=JPEG,HOME;ENCODING=b:Zm9v'],
  ] as const)('%s %s', (version, line) => {
    const kept = card(version, line);
    const photos = (kept.item as ContactItem).photo;
    expect(photos === undefined || 'base64' in photos).toBe(true);
    expect(unfolded(get(kept, version))).toContain(line);
  });

  test('a NOTE of 3.0 with bare commas is one text', () => {
    expect(card('3.0', 'NOTE:a, b, c').item).toMatchObject({ note: 'a, b, c' });
  });
  test('what stands after a second dot is the name', () => {
    expect(get(card('3.0', 'some.other.NAME:x'))).toContain('some-other.NAME:x');
  });
  test('types in and out of quotation marks', () => {
    const [line] = get(card('3.0', 'ADR;TYPE="Both, or",POSTAL:;;a;b;;;')).filter((each) =>
      each.startsWith('ADR'),
    );
    expect(line).toContain('POSTAL');
  });

  test('several pictures: one is stored, the others and its parameters stay', () => {
    const lines = [
      'PHOTO;VALUE=URI:https://example.org/a.png',
      `PHOTO;X-P=1;TYPE=PNG;ENCODING=b:${png}`,
      'PHOTO;TYPE=GIF;ENCODING=b:Zm9v',
    ];
    const stored = card('3.0', ...lines);
    expect(stored.item).toMatchObject({ photo: { contentType: 'image/png', base64: png } });
    expect(stored.residue).not.toContain(png);
    for (const line of lines) expect(unfolded(get(stored))).toContain(line);
    const { photo: _, ...without } = stored.item as ContactItem;
    const shown = unfolded(get({ ...stored, item: without }));
    expect(shown).not.toContain(png);
    expect(shown).not.toContain('stored');
    expect(shown).toContain(lines[0]);
  });
  test('a picture written as data: in 3.0', () => {
    expect(card('3.0', `PHOTO;ENCODING=b;TYPE=png:data:image/png;base64,${png}`).item).toMatchObject({
      photo: { contentType: 'image/png', base64: png },
    });
  });
  test('a picture that was cut off is no picture, and stays a text', () => {
    const stored = card('4.0', 'PHOTO:data:image/png;base64,iVBORw0KGgo');
    expect((stored.item as ContactItem).photo).toBeUndefined();
    expect(get(stored, '4.0')).toContain('PHOTO:data:image/png;base64,iVBORw0KGgo');
  });
});
