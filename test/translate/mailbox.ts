// How Exchange holds items, in short: days of tasks, five states, one zone id a Windows zone, floating times in
// the zone of the mailbox.
import type { Stored } from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import type { EventItem, Item } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import { ianaZoneOf, windowsZoneOf } from '../../src/model/zones.ts';
import { parseIncoming, renderStored, residueOf } from '../../src/translate/index.ts';

export const own = ['alice@example.test'];

export function express(item: Item): Expression {
  if (item.kind !== 'event') return { kind: 'ok', held: item };
  if (item.recurrence && ['SECONDLY', 'MINUTELY', 'HOURLY'].includes(item.recurrence.freq)) {
    return { kind: 'refuse', part: 'RRULE', reason: 'no such pattern' };
  }
  const held: EventItem = {
    ...item,
    ...heldTimes(item),
    cancelled: item.isOrganizer ? false : item.cancelled,
    organizer: item.isOrganizer ? { address: own[0]!, name: 'Alice' } : item.organizer,
    overrides: item.overrides.map((override) => ({
      ...override,
      ...heldTimes(override),
      recurrenceId: heldWhen(override.recurrenceId),
    })),
    cancelledDates: item.cancelledDates.map(heldWhen),
  };
  return { kind: 'ok', held };
}

function heldTimes({ start, end }: { start: When; end: When }): { start: When; end: When } {
  return { start: heldWhen(start), end: heldWhen(end) };
}

function heldWhen(when: When): When {
  if (when.kind === 'date') return when;
  if (when.kind === 'floating') return { ...when, kind: 'zoned', zone: 'Europe/Berlin' };
  return { ...when, zone: ianaZoneOf(windowsZoneOf(when.zone) ?? '') ?? when.zone };
}

export function held(item: Item): Item {
  const expression = express(item);
  if (expression.kind !== 'ok') throw new Error('refused');
  return expression.held;
}

/** What is in the mailbox after this text was PUT. */
export function put(
  text: string | Uint8Array,
  kind: 'events' | 'tasks' | 'contacts' = 'events',
  present?: Stored,
): Stored {
  const incoming = parseIncoming(text, kind, {
    ownAddresses: own,
    defaultZone: 'Europe/Berlin',
    express,
    ...(present && { present }),
  });
  const item = held(incoming.item);
  return storedOf(asRead(item), residueOf(incoming, { kind: 'ok', held: item }, express), incoming.uid);
}

/** Of what is written as HTML a read gives the words. */
function asRead(item: Item): Item {
  if (item.kind !== 'event' && item.kind !== 'task') return item;
  const { formatted: _, ...rest } = item;
  return rest.kind === 'task'
    ? rest
    : { ...rest, overrides: rest.overrides.map(({ formatted: __, ...override }) => override) };
}

export function storedOf(item: Item, residue = '', uid = 'uid-1'): Stored {
  return { id: 'id', version: 'v1', nativeUid: uid, tags: { uid, residue }, item };
}

export function get(stored: Stored, options: { vcard?: '3.0' | '4.0' } = {}): string {
  return renderStored([stored], {
    uid: stored.tags.uid ?? 'uid-1',
    express,
    ownAddresses: own,
    ...options,
  });
}

/** What Outlook does. */
export function edited<T extends Item>(stored: Stored, change: (item: T) => Partial<T>): Stored {
  const item = stored.item as T;
  return { ...stored, item: { ...item, ...change(item) } };
}

export function event(...lines: string[]): string {
  return calendar('BEGIN:VEVENT', 'UID:uid-1', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT');
}

export function task(...lines: string[]): string {
  return calendar('BEGIN:VTODO', 'UID:uid-1', 'DTSTAMP:20260101T000000Z', ...lines, 'END:VTODO');
}

export function calendar(...lines: string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

/** Unfolded lines. */
export function linesOf(text: string): string[] {
  return text
    .replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter(Boolean);
}
