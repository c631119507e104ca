// ATTACH ⇄ stored files: what is shown of them, what a client's line means, what of it is kept beside.
import { describe, expect, test } from 'vitest';
import { isNewPart, type EventItem, type NewPart, type Part, type TaskItem } from '../../src/model/item.ts';
import {
  managedIdOf,
  parseIncoming,
  TranslateError,
  withAttachmentsAt,
  withFileChange,
  withoutAttachments,
} from '../../src/translate/index.ts';
import { edited, event, get, linesOf, own, put, task } from './mailbox.ts';

const plain = ['DTSTART:20260310T100000Z', 'DTEND:20260310T110000Z', 'TRANSP:OPAQUE'];
const hello = Buffer.from('hello').toString('base64');
const stored: Part = { id: 'AAMk=', name: 'größe 1.pdf', contentType: 'application/pdf', size: 262 };
const id = managedIdOf(stored);
const uri = `exdav-attachment:${id}/gr%C3%B6%C3%9Fe%201.pdf`;

function filesOf(item: unknown): readonly (Part | NewPart)[] {
  return (item as EventItem | TaskItem).attachments;
}

function attached(...lines: string[]) {
  return filesOf(put(event(...plain, ...lines)).item);
}

function attachLines(text: string): string[] {
  return linesOf(text).filter((line) => line.startsWith('ATTACH'));
}

/** An event that has the files, and what the client said of others. */
function holding(files: readonly Part[], ...lines: string[]) {
  return edited<EventItem>(put(event(...plain, ...lines)), () => ({ attachments: files }));
}

describe('a line with bytes becomes a file', () => {
  test('with its name and type', () => {
    const line = `ATTACH;ENCODING=BASE64;VALUE=BINARY;FMTTYPE=text/plain;FILENAME=a.txt:${hello}`;
    expect(attached(line)).toEqual([{ name: 'a.txt', contentType: 'text/plain', base64: hello }]);
    expect(filesOf(put(task(line), 'tasks').item)).toHaveLength(1);
  });
  test.each([
    ['X-FILENAME=b.txt', 'b.txt'],
    ['X-LABEL="c d.txt"', 'c d.txt'],
    ['X-EVOLUTION-CALDAV-ATTACHMENT-NAME=e.txt', 'e.txt'],
    ['FILENAME="../../etc/passwd"', 'passwd'],
    [String.raw`FILENAME="C:\Users\x\f.doc"`, 'f.doc'],
    ['FMTTYPE=application/pdf', 'attachment.pdf'],
    ['FMTTYPE=application/x-unheard', 'attachment.bin'],
  ])('%s is called %s', (param, name) => {
    expect(attached(`ATTACH;${param};ENCODING=BASE64;VALUE=BINARY:${hello}`)).toMatchObject([{ name }]);
  });
  test('also when it is a data: URI, or says ENCODING alone', () => {
    expect(attached(`ATTACH:data:text/plain;charset=utf-8;base64,${hello}`)).toEqual([
      { name: 'attachment.txt', contentType: 'text/plain', base64: hello },
    ]);
    expect(attached('ATTACH;FILENAME=a.txt:data:,hel%6Co')).toMatchObject([{ name: 'a.txt', base64: hello }]);
    expect(attached(`ATTACH;ENCODING=BASE64:${hello}`)).toMatchObject([{ base64: hello }]);
  });
  test('but not when it was cut off', () => {
    expect(() => attached('ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVsbG8hI')).toThrow(TranslateError);
    expect(() => attached('ATTACH;ENCODING=BASE64;VALUE=BINARY:aGV?')).toThrow(TranslateError);
  });
  test('and its bytes are kept nowhere else, its further parameters are', () => {
    const long = Buffer.alloc(3000, 'x').toString('base64');
    const line = `ATTACH;X-ONE=1;FILENAME=a.txt;ENCODING=BASE64;VALUE=BINARY:${long}`;
    const residue = put(event(...plain, line)).tags.residue ?? '';
    expect(residue).not.toContain(long.slice(0, 60));
    expect(residue.length).toBeLessThan(300);
    const file = { id: 'x', name: 'a.txt', contentType: 'text/plain' };
    expect(attachLines(get(holding([file], line)))).toEqual([
      `ATTACH;X-ONE=1;MANAGED-ID=${managedIdOf(file)};FMTTYPE=text/plain;FILENAME=a.txt:exdav-attachment:${managedIdOf(file)}/a.txt`,
    ]);
    expect(
      put(event(...plain, `ATTACH;FILENAME=a.txt;ENCODING=BASE64;VALUE=BINARY:${long}`)).tags.residue,
    ).toBe('');
  });
});

describe('a stored file', () => {
  test('is shown by its managed id, type, name and size', () => {
    expect(attachLines(get(holding([stored])))).toEqual([
      `ATTACH;MANAGED-ID=${id};FMTTYPE=application/pdf;FILENAME=größe 1.pdf;SIZE=262:${uri}`,
    ]);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(id).not.toContain('AAMk');
    expect(managedIdOf({ ...stored, name: 'other', copyOf: 'B' })).toBe(managedIdOf({ ...stored, id: 'B' }));
  });
  test.each([
    ['as it was shown', `ATTACH;MANAGED-ID=${id}:${uri}`],
    [
      'at the address of its object',
      `ATTACH:https://dav.test/x/calendars/a@b/c/d.ics/attachments/${id}/x.pdf`,
    ],
    ['by a host of former days', `ATTACH;MANAGED-ID=${id}:https://old.test/whatever`],
    ['twice', `ATTACH;MANAGED-ID=${id}:${uri}\r\nATTACH:${uri}`],
  ])('stays when its line comes back %s', (_, line) => {
    const before = holding([stored]);
    const after = put(event(...plain, 'SUMMARY:new', ...line.split('\r\n')), 'events', before);
    expect(filesOf(after.item)).toEqual([stored]);
    expect(after.tags.residue).toBe('');
  });
  test('goes when its line is gone', () => {
    expect(filesOf(put(event(...plain), 'events', holding([stored])).item)).toEqual([]);
  });
  test.each([
    ['another object', `https://dav.test/calendars/a@b/c/other.ics/attachments/${'x'.repeat(22)}/x.pdf`],
    ['nowhere', `exdav-attachment:${'y'.repeat(22)}/x.pdf`],
  ])('of %s is refused', (_, link) => {
    const before = holding([stored]);
    const read = () => put(event(...plain, `ATTACH;FILENAME=x.pdf:${link}`), 'events', before);
    expect(read).toThrow(expect.objectContaining({ problem: 'unknown-attachment', property: 'ATTACH' }));
  });
  test('keeps what a client has said of it besides', () => {
    const line = `ATTACH;X-PIN=1;MANAGED-ID=${id};FMTTYPE=application/pdf;FILENAME=größe 1.pdf;SIZE=262:${uri}`;
    const after = put(event(...plain, line), 'events', holding([stored]));
    expect(attachLines(get(after))).toEqual([line]);
    // Outlook takes the file away: nothing of it is shown.
    expect(attachLines(get(edited<EventItem>(after, () => ({ attachments: [] }))))).toEqual([]);
  });
});

describe('links', () => {
  const link: Part = { id: 'L', name: 'plan.docx', uri: 'https://files.test/plan.docx' };
  test('to elsewhere stay with the object, whatever files it has', () => {
    const line = 'ATTACH;FMTTYPE=text/html;X-NC-FILE-ID=7:https://cloud.test/f/7';
    expect(attachLines(get(holding([], line)))).toEqual([line]);
    expect(attachLines(get(holding([stored], line)))).toEqual([expect.stringContaining(id), line]);
    const foreign = 'ATTACH;MANAGED-ID=abc:https://cloud.test/f/8';
    expect(attachLines(get(holding([], foreign)))).toEqual([foreign]);
  });
  test('that Outlook has attached are shown, stay when they come back and go when they do not', () => {
    const before = holding([link]);
    expect(attachLines(get(before))).toEqual(['ATTACH;FILENAME=plan.docx:https://files.test/plan.docx']);
    const back = put(event(...plain, 'ATTACH;X-A=1:https://files.test/plan.docx'), 'events', before);
    expect(filesOf(back.item)).toEqual([link]);
    expect(attachLines(get(back))).toEqual(['ATTACH;X-A=1;FILENAME=plan.docx:https://files.test/plan.docx']);
    expect(filesOf(put(event(...plain), 'events', before).item)).toEqual([]);
    // Taken away in Outlook, it does not come back from what was kept.
    expect(attachLines(get(edited<EventItem>(back, () => ({ attachments: [] }))))).toEqual([]);
  });
  test('kept by an older version of this program are shown as ever', () => {
    const residue = JSON.stringify({
      v: 1,
      zone: 'UTC',
      master: { p: [['attach', {}, 'uri', 'https://a.test/']] },
    });
    const before = put(event(...plain));
    expect(attachLines(get({ ...before, tags: { ...before.tags, residue } }))).toEqual([
      'ATTACH:https://a.test/',
    ]);
  });
});

describe('an occurrence', () => {
  const series = (...lines: string[]) => [
    'DTSTART:20260310T100000Z',
    'DTEND:20260310T110000Z',
    'RRULE:FREQ=DAILY;COUNT=5',
    ...lines,
  ];
  const changed = (...lines: string[]): string =>
    event(...series(`ATTACH:${uri}`)).replace(
      'END:VCALENDAR',
      () =>
        `${['BEGIN:VEVENT', 'UID:uid-1', 'DTSTAMP:20260101T000000Z', 'RECURRENCE-ID:20260312T100000Z', 'DTSTART:20260312T120000Z', 'DTEND:20260312T130000Z', ...lines, 'END:VEVENT'].join('\r\n')}\r\nEND:VCALENDAR`,
    );
  const before = edited<EventItem>(put(event(...series())), () => ({ attachments: [stored] }));
  const overrideIn = (text: string, present = before) =>
    (put(text, 'events', present).item as EventItem).overrides[0]?.attachments;

  test('that is new may name the files of its series, and bring its own', () => {
    expect(overrideIn(changed(`ATTACH:${uri}`))).toEqual([stored]);
    expect(overrideIn(changed())).toEqual([]);
    const mine = overrideIn(changed(`ATTACH:${uri}`, `ATTACH;ENCODING=BASE64;VALUE=BINARY:${hello}`));
    expect(mine).toMatchObject([{ id: stored.id }, { base64: hello }]);
  });
  test('keeps its own copy of a file of the series', () => {
    const copy = { ...stored, id: 'own', copyOf: stored.id };
    const item = put(changed(`ATTACH:${uri}`), 'events', before).item as EventItem;
    const present = {
      ...before,
      item: { ...item, overrides: item.overrides.map((o) => ({ ...o, attachments: [copy] })) },
    };
    expect(overrideIn(changed(`ATTACH:${uri}`), present)).toEqual([copy]);
    expect(attachLines(get(present))).toEqual([expect.stringContaining(id), expect.stringContaining(id)]);
  });
});

test('bytes inside an alarm are refused: they would be kept whole beside the item', () => {
  const alarm = [
    'BEGIN:VALARM',
    'ACTION:AUDIO',
    'TRIGGER:-PT5M',
    `ATTACH;ENCODING=BASE64;VALUE=BINARY:${hello}`,
    'END:VALARM',
  ];
  const read = () => parseIncoming(event(...plain, ...alarm), 'events', { ownAddresses: own });
  expect(read).toThrow(expect.objectContaining({ problem: 'unsupported', property: 'ATTACH' }));
});

describe('a text at an address', () => {
  const base =
    'https://dav.example.test/calendars/alice@example.test/calendar/a%20very%20long%20name.ics/attachments/';
  const text = get(holding([stored], 'ATTACH:https://cloud.test/f/7', 'DESCRIPTION:exdav-attachment:x/y'));
  test('has its files there, in lines of at most 75 octets', () => {
    const there = withAttachmentsAt(text, base);
    expect(attachLines(there)).toEqual([
      `ATTACH;MANAGED-ID=${id};FMTTYPE=application/pdf;FILENAME=größe 1.pdf;SIZE=262:${base}${id}/gr%C3%B6%C3%9Fe%201.pdf`,
      'ATTACH:https://cloud.test/f/7',
    ]);
    for (const line of there.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    expect(linesOf(there).filter((line) => !line.startsWith('ATTACH'))).toEqual(
      linesOf(text).filter((line) => !line.startsWith('ATTACH')),
    );
    expect(withAttachmentsAt(there, 'https://elsewhere.test/')).toBe(there);
  });
  test('nowhere has none of them', () => {
    expect(attachLines(withoutAttachments(text))).toEqual(['ATTACH:https://cloud.test/f/7']);
  });
});

describe('one file more or less', () => {
  const file: NewPart = { name: 'n', contentType: 'text/plain', base64: hello };
  const single = put(event(...plain)).item as EventItem;
  const daily = put(event(...plain, 'RRULE:FREQ=DAILY;COUNT=5')).item as EventItem;
  const on = { ...daily, attachments: [stored] };

  test('in a single object', () => {
    const more = withFileChange({ ...single, attachments: [stored] }, { kind: 'add', file });
    expect(filesOf(more)).toEqual([stored, file]);
    expect(filesOf(withFileChange(more!, { kind: 'remove', managedId: id }))).toEqual([file]);
    expect(filesOf(withFileChange(more!, { kind: 'replace', managedId: id, file }))).toEqual([file, file]);
  });
  test('in one occurrence, which gets a description of its own', () => {
    for (const rid of ['20260312T100000Z', '20260312T100000', '20260312']) {
      const more = withFileChange(on, { kind: 'add', file }, [rid]) as EventItem;
      expect(more.attachments).toEqual([stored]);
      expect(more.overrides).toMatchObject([{ summary: on.summary, attachments: [stored, file] }]);
    }
    const less = withFileChange(on, { kind: 'remove', managedId: id }, [
      '20260312T100000Z',
      'M',
    ]) as EventItem;
    expect([less.attachments, less.overrides[0]?.attachments]).toEqual([[], []]);
  });
  test('in the whole object with its changed occurrences', () => {
    const changed = withFileChange(on, { kind: 'add', file }, ['20260312T100000Z']) as EventItem;
    const all = withFileChange(changed, { kind: 'remove', managedId: id }) as EventItem;
    expect([all.attachments, all.overrides[0]?.attachments]).toEqual([[], [file]]);
    const main = withFileChange(changed, { kind: 'remove', managedId: id }, ['M']) as EventItem;
    expect([main.attachments, main.overrides[0]?.attachments]).toEqual([[], [stored, file]]);
  });
  test('not in what is no occurrence', () => {
    expect(withFileChange(single, { kind: 'add', file }, ['20260310T100000Z'])).toBeUndefined();
    expect(withFileChange(on, { kind: 'add', file }, ['tomorrow'])).toBeUndefined();
    const cancelled = {
      ...on,
      cancelledDates: [{ ...on.start, local: '2026-03-12T10:00:00' } as EventItem['start']],
    };
    expect(withFileChange(cancelled, { kind: 'add', file }, ['20260312T100000Z'])).toBeUndefined();
    const errand = put(task(), 'tasks').item;
    expect(withFileChange(errand, { kind: 'add', file }, ['20260312'])).toBeUndefined();
    expect(filesOf(withFileChange(errand, { kind: 'add', file }, ['M'])).every(isNewPart)).toBe(true);
  });
});
