// Captured answers of real servers, read: what each says beside what is understood.
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/model/backend.ts';
import type { Item } from '../../../src/model/item.ts';
import { diff, express, readListed, readStored } from '../../../src/ews-backend/fields/index.ts';
import { emptyContact, emptyEvent, emptyTask } from '../../../src/model/item.ts';
import { elementsOf, spec, why } from '../spec.ts';

const instant = (text: string): number => Date.parse(text);
const utc = (local: string) => ({ kind: 'zoned', local, zone: 'UTC' }) as const;

const golden: readonly {
  file: string;
  element: string;
  at?: number;
  shows: string;
  item: Item;
  uid?: string;
}[] = [
  {
    file: 'GetItem/15-response.xml',
    element: 'CalendarItem',
    shows: 'an appointment of Exchange 2007, with a reminder and a zone by name only',
    item: {
      ...emptyEvent,
      start: { kind: 'zoned', local: '2006-06-15T17:30:00', zone: 'America/Los_Angeles' },
      end: { kind: 'zoned', local: '2006-06-15T18:00:00', zone: 'America/Los_Angeles' },
      reminderMinutes: 15,
      sequence: 0,
      created: instant('2006-06-16T00:12:41Z'),
    },
  },
  {
    file: 'GetItem/34-response.xml',
    element: 'CalendarItem',
    shows: 'an appointment of Exchange 2013',
    uid: '040000008200E00074C5B7101A82E008000000007A2DD6DAD89BD20100000000000000001000000036CFC4E960204E49AFF4D9A4C9D9BF6E',
    item: {
      ...emptyEvent,
      summary: 'Meet the Fockers',
      uid: '040000008200E00074C5B7101A82E008000000007A2DD6DAD89BD20100000000000000001000000036CFC4E960204E49AFF4D9A4C9D9BF6E',
      start: utc('2004-12-25T10:00:00'),
      end: utc('2004-12-27T10:00:00'),
      reminderMinutes: 15,
      sequence: 0,
      created: instant('2017-03-13T09:04:43Z'),
      modified: instant('2017-03-13T09:04:43Z'),
    },
  },
  {
    file: 'GetItem/16-response.xml',
    element: 'Contact',
    shows: 'a contact',
    item: {
      ...emptyContact,
      fullName: 'Tanja Plate',
      fileAs: 'SampleContact',
      name: { prefix: '', given: 'Tanja', middle: '', family: 'Plate', suffix: '' },
      company: 'Northwind Traders',
      emails: { email1: { address: 'tplate@example.com' }, email2: { address: 'tplate@example.com' } },
      addresses: {
        business: { street: '12345 67th Ave', city: 'Whittier', region: 'CA', country: '', postalCode: '' },
      },
      phones: { business: '5625550199' },
      title: 'Project Manager',
      created: instant('2006-08-18T17:31:18Z'),
    },
  },
  {
    file: 'GetItem/19-response.xml',
    element: 'Task',
    shows: 'a task',
    item: { ...emptyTask, summary: 'Buy new shoes', created: instant('2006-09-15T15:23:08Z') },
  },
];

describe.skipIf(spec === undefined)(`captured answers${why}`, () => {
  it.each(golden)('$shows', ({ file, element, item, uid }) => {
    const [found] = elementsOf(`examples/${file}`, element);
    const stored = readStored(found!, []);
    expect(JSON.parse(JSON.stringify(stored.item))).toEqual(JSON.parse(JSON.stringify(item)));
    expect(stored.nativeUid).toBe(uid);
    expect(stored.version).not.toBe('');
    // What was read can be held as it is, so writing it back unchanged sends nothing.
    expect(express(stored.item)).toEqual({ kind: 'ok', held: stored.item });
    expect(diff(stored, { item: stored.item, tags: stored.tags })).toMatchObject({
      changes: [],
      occurrences: [],
      resetsOccurrences: false,
    });
  });

  it('a series of which the start was not asked is unreadable, not an empty event', () => {
    const [found] = elementsOf('examples/GetItem/03-response.xml', 'CalendarItem');
    expect(() => readStored(found!, [])).toThrow('unreadable');
  });

  it('a mail in the answers is no member', () => {
    const [found] = elementsOf('examples/SyncFolderItems/01-response.xml', 'Message');
    expect(readListed(found!)).toBeUndefined();
  });

  it('every calendar item, contact and task of all captures is read or refused, none breaks the reader', () => {
    let read = 0;
    for (const file of ['03', '06', '15', '16', '19', '34'].map(
      (each) => `examples/GetItem/${each}-response.xml`,
    ))
      for (const name of ['CalendarItem', 'Contact', 'Task'])
        for (const element of elementsOf(file, name)) {
          expect(readListed(element)).toBeDefined();
          read += 1;
        }
    expect(read).toBeGreaterThan(6);
  });
});

const requests = [
  'createitem-weekly',
  'createitem-daily',
  'createitem-absolutemonthly',
  'createitem-relativemonthly',
  'createitem-absoluteyearly',
  'createitem-relativeyearly',
];

describe.skipIf(spec === undefined)(`written series, read as if answered${why}`, () => {
  it.each(requests)('%s', (name) => {
    const [found] = elementsOf(`examples/_constructed/${name}.xml`, 'CalendarItem');
    const answered = {
      ...found!,
      children: [
        { ns: found!.ns, name: 'ItemId', attrs: { Id: 'a', ChangeKey: 'b' }, children: [] },
        { ns: found!.ns, name: 'CalendarItemType', attrs: {}, children: ['RecurringMaster'] },
        ...found!.children,
      ],
    };
    const stored: Stored = readStored(answered, []);
    expect(stored.item.kind === 'event' && stored.item.recurrence).toBeTruthy();
    // Some of these start before the first date of their rule; what Exchange holds may still be changed elsewhere.
    const { changes, resetsOccurrences } = diff(stored, {
      item: { ...stored.item, summary: 'New' } as Item,
      tags: {},
    });
    expect([changes.length, resetsOccurrences]).toEqual([1, false]);
  });
});
