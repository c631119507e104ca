// Items for tests, with everything that a test does not speak of left plain.
import { emptyGroup, type GroupItem } from '../../src/model/group.ts';
import {
  type ContactItem,
  emptyContact,
  emptyEvent,
  emptyTask,
  type EventItem,
  type TaskItem,
} from '../../src/model/item.ts';

export function event(more: Partial<EventItem> = {}): EventItem {
  return {
    ...emptyEvent,
    summary: 'Meeting',
    start: { kind: 'zoned', local: '2026-03-02T09:00:00', zone: 'Europe/Vienna' },
    end: { kind: 'zoned', local: '2026-03-02T10:00:00', zone: 'Europe/Vienna' },
    ...more,
  };
}

export function task(more: Partial<TaskItem> = {}): TaskItem {
  return { ...emptyTask, summary: 'Errand', ...more };
}

export function contact(more: Partial<ContactItem> = {}): ContactItem {
  return {
    ...emptyContact,
    fullName: 'Ada Lovelace',
    name: { prefix: '', given: 'Ada', middle: '', family: 'Lovelace', suffix: '' },
    ...more,
  };
}

export function group(more: Partial<GroupItem> = {}): GroupItem {
  return { ...emptyGroup, fullName: 'Mathematicians', ...more };
}

/** A plain event as a client writes it. */
export function eventText(
  uid: string,
  more: { summary?: string; start?: string; lines?: readonly string[] } = {},
): string {
  const start = more.start ?? '20260302T080000Z';
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `DTSTART:${start}`,
    'DURATION:PT1H',
    `SUMMARY:${more.summary ?? 'Lunch'}`,
    ...(more.lines ?? []),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

export function cardText(uid: string, name = 'Grace Hopper'): string {
  const [given = '', family = ''] = name.split(' ');
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    `UID:${uid}`,
    `FN:${name}`,
    `N:${family};${given};;;`,
    'END:VCARD',
    '',
  ].join('\r\n');
}

/** A plain task as a client writes it. */
export function taskText(uid: string): string {
  return eventText(uid)
    .replaceAll('VEVENT', 'VTODO')
    .replace(/DTSTART.*\r\nDURATION.*\r\n/, 'DUE;VALUE=DATE:20260401\r\n');
}
