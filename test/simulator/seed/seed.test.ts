// The seeds: as many of each as promised, the same each time, with everything a client may meet.
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { datesFrom, lastIndex } from '../../../simulator/calendar/index.ts';
import { seedWorld } from '../../../simulator/seed/index.ts';
import { folderOf, openWorld, type Item, type Mailbox, type World } from '../../../simulator/state/index.ts';

const today = Date.UTC(2026, 2, 14);
const sown = (seed: Parameters<typeof seedWorld>[1]): World => {
  const world = openWorld(() => today + 12 * 3_600_000);
  seedWorld(world, seed);
  return world;
};
const mailbox = (world: World, name: string): Mailbox => world.mailboxes.get(`${name}@example.test`)!;
const items = (world: World, name: string, folder: string): Item[] => [
  ...folderOf(mailbox(world, name), folder).items.values(),
];

describe('small', () => {
  const world = sown('small');
  const events = items(world, 'alice', 'calendar');

  test('300 events, 120 contacts, two lists, 40 tasks, three more calendars', () => {
    expect(events).toHaveLength(300);
    expect(items(world, 'alice', 'contacts')).toHaveLength(122);
    expect(items(world, 'alice', 'tasks')).toHaveLength(40);
    const calendars = [...mailbox(world, 'alice').folders.values()].filter(
      ({ folderClass }) => folderClass === 'IPF.Appointment',
    );
    expect(calendars).toHaveLength(4);
    for (const { items: held } of calendars) expect(held.size).toBeGreaterThan(15);
  });

  test('the same every time', () => {
    const plain = (from: World): unknown =>
      ['calendar', 'contacts', 'tasks'].map((folder) => items(from, 'alice', folder));
    expect(plain(sown('small'))).toEqual(plain(world));
  });

  test('every kind of event is there', () => {
    const series = events.filter(({ values }) => values.recurrence !== undefined);
    expect(new Set(series.map(({ values }) => values.recurrence!.pattern.kind)).size).toBe(6);
    expect(new Set(series.map(({ values }) => values.recurrence!.range.kind)).size).toBe(3);
    expect(series.some(({ exceptions }) => (exceptions?.length ?? 0) > 0)).toBe(true);
    expect(series.some(({ deletions }) => (deletions?.length ?? 0) > 0)).toBe(true);
    expect(new Set(events.map(({ values }) => values.startZone!.id)).size).toBeGreaterThan(4);
    expect(events.some(({ values }) => values.startZone !== values.endZone)).toBe(true);
    expect(events.filter(({ values }) => values.isAllDay === true).length).toBeGreaterThan(40);
    expect(events.filter(({ values }) => values.organizer !== undefined).length).toBeGreaterThan(20);
    expect(
      events.filter(({ values }) => values.organizer === undefined && values.requiredAttendees !== undefined)
        .length,
    ).toBeGreaterThan(20);
    const starts = events.map(({ values }) => values.start!);
    expect(Math.max(...starts) - Math.min(...starts)).toBeGreaterThan(2.5 * 365 * 86_400_000);
  });

  test('series are sound: first date, indexes in range, in order, start before end', () => {
    for (const name of ['alice', 'bob', 'carol'])
      for (const { values, exceptions = [], deletions = [] } of items(world, name, 'calendar')) {
        expect(values.end!).toBeGreaterThan(values.start!);
        const { recurrence } = values;
        if (recurrence === undefined) continue;
        const [first] = datesFrom(recurrence);
        expect(first!.date).toBe(recurrence.range.startDate);
        const changed = exceptions.map(({ index }) => index);
        expect(changed.concat(deletions).length).toBe(new Set(changed.concat(deletions)).size);
        for (const index of changed.concat(deletions))
          expect(index).toBeLessThanOrEqual(lastIndex(recurrence) ?? index);
        expect(deletions).toEqual(deletions.toSorted((a, b) => a - b));
        for (const { values: own } of exceptions) expect(own.end!).toBeGreaterThan(own.start!);
      }
  });

  test('whole days begin and end at midnight of their zone', () => {
    for (const { values } of events.filter(({ values }) => values.isAllDay === true)) {
      const clock = new Intl.DateTimeFormat('en-GB', {
        timeZone: values.startZone!.iana!,
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
      });
      expect([clock.format(values.start), clock.format(values.end)]).toEqual(['00:00', '00:00']);
    }
  });

  test('pictures are whole JPEG and PNG files', () => {
    const kinds = new Set<string>();
    for (const { attachments = [] } of items(world, 'alice', 'contacts')) {
      for (const { contentType, content, isContactPhoto } of attachments) {
        expect(isContactPhoto).toBe(true);
        kinds.add(contentType);
        const bytes = Buffer.from(content, 'base64');
        expect(bytes.length).toBeLessThan(2000);
        if (contentType === 'image/jpeg') {
          expect(bytes.subarray(0, 4).toString('hex')).toBe('ffd8ffe0');
          expect(bytes.subarray(-2).toString('hex')).toBe('ffd9');
          continue;
        }
        const data = bytes.indexOf('IDAT') + 4;
        expect(inflateSync(bytes.subarray(data)).length).toBe(48 * (48 * 3 + 1));
      }
    }
    expect([...kinds].sort()).toEqual(['image/jpeg', 'image/png']);
  });

  test('alice may read bob’s calendar and write carol’s', () => {
    const rights = (name: string) =>
      folderOf(mailbox(world, name), 'calendar').permissions.get('alice@example.test');
    expect(rights('bob')).toMatchObject({ read: true, modify: false, createContents: false });
    expect(rights('carol')).toMatchObject({ read: true, modify: true, createContents: true, delete: true });
    expect(items(world, 'bob', 'calendar').length).toBeGreaterThan(20);
  });
});

test('none: three empty mailboxes', () => {
  const world = sown('none');
  expect([...world.mailboxes.keys()]).toEqual([
    'alice@example.test',
    'bob@example.test',
    'carol@example.test',
  ]);
  expect(items(world, 'alice', 'calendar')).toHaveLength(0);
});

test('a number: that many events, one in twenty a series', () => {
  const events = items(sown(1000), 'alice', 'calendar');
  expect(events).toHaveLength(1000);
  expect(events.filter(({ values }) => values.recurrence !== undefined)).toHaveLength(50);
});

test('large', () => {
  const world = sown('large');
  expect(items(world, 'alice', 'calendar')).toHaveLength(10_000);
  expect(items(world, 'alice', 'contacts')).toHaveLength(2000);
  expect(items(world, 'alice', 'tasks')).toHaveLength(500);
  const addresses = items(world, 'alice', 'contacts').flatMap(
    ({ values }) => values.emails?.['EmailAddress1']?.address ?? [],
  );
  expect(new Set(addresses).size).toBe(addresses.length);
});
