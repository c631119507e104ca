// Whole collections as one text (feeds): objects are joined on the text level, because parsing thousands of them again
// would hold everybody else up. A VTIMEZONE appears once.
import { stringify } from './codec.ts';
import { TranslateError } from './errors.ts';
import { vtimezoneOf } from './render.ts';

export interface FeedOptions {
  readonly name: string;
  /** `busy-only`: times, and "Busy" as the summary. */
  readonly detail: 'whole' | 'busy-only';
}

/** A feed in the making: it takes one object's text at a time, so that its writer can give way between them. */
export interface CalendarFeed {
  /** The text of one object, as `renderStored` writes it. @throws TranslateError `missing-uid` */
  add(text: string): void;
  /** One VCALENDAR of all that was added. */
  text(): string;
}

export function openCalendarFeed(options: FeedOptions): CalendarFeed {
  const zones = new Map<string, Set<string>>();
  const parts: string[] = [];
  return {
    add(text) {
      for (const part of componentsIn(text)) {
        if (part.startsWith('BEGIN:VTIMEZONE')) keepZone(zones, part);
        else if (!/^UID[:;]/m.test(part))
          throw new TranslateError('missing-uid', 'a component without UID', 'UID');
        else if (options.detail === 'whole') parts.push(part);
        // Tasks tell nothing about when somebody is busy.
        else if (part.startsWith('BEGIN:VEVENT')) parts.push(busyOnly(part));
      }
    },
    text() {
      const definitions = [...zones].map(([tzid, found]) => oneDefinition(tzid, [...found]));
      return headOf(options.name).replace('END:VCALENDAR', () =>
        [...definitions, ...parts, 'END:VCALENDAR'].join(''),
      );
    },
  };
}

function keepZone(zones: Map<string, Set<string>>, definition: string): void {
  const tzid = /^TZID:(.*)$/m.exec(definition.replaceAll('\r\n ', ''))?.[1]?.trim() ?? '';
  zones.set(tzid, (zones.get(tzid) ?? new Set()).add(definition));
}

function headOf(name: string): string {
  return stringify([
    'vcalendar',
    [
      ['version', {}, 'text', '2.0'],
      ['prodid', {}, 'text', '-//Exdav//Exdav//EN'],
      ['calscale', {}, 'text', 'GREGORIAN'],
      // Names that the codec does not know are written as they are given.
      ['name', {}, 'unknown', escaped(name)],
      ['x-wr-calname', {}, 'unknown', escaped(name)],
    ],
    [],
  ]);
}

function escaped(text: string): string {
  return text.replaceAll(/[\\,;]/g, String.raw`\$&`).replaceAll(/\r\n?|\n/g, String.raw`\n`);
}

/** Cards one after the other (RFC 6350 §3.3 allows several in one text). */
export function mergeCards(texts: readonly string[]): string {
  return texts.join('');
}

/** The components directly below VCALENDAR, each with its line ends. */
function componentsIn(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (const match of text.matchAll(/^(BEGIN|END):[^\r\n]*\r?\n?/gm)) {
    if (match[1] === 'BEGIN') {
      depth += 1;
      if (depth === 2) from = match.index;
    } else {
      if (depth === 2) found.push(text.slice(from, match.index + match[0].length));
      depth -= 1;
    }
  }
  return found;
}

/** Objects need different years of one zone: then it is written anew, from the first year any of them needs. */
function oneDefinition(tzid: string, texts: readonly string[]): string {
  const [first = ''] = texts;
  if (texts.length < 2) return first;
  const years = texts.flatMap((text) =>
    [...text.matchAll(/^DTSTART:(\d{4})/gm)].map((match) => Number(match[1])),
  );
  const from = Date.UTC(Math.min(...years) + 1, 0, 1);
  const definition = vtimezoneOf(tzid, { from });
  // A zone of a client's own making: the longest definition knows most.
  return definition ? stringify(definition) : texts.reduce((a, b) => (b.length > a.length ? b : a), first);
}

const kept = new Set([
  'uid',
  'dtstamp',
  'dtstart',
  'dtend',
  'duration',
  'rrule',
  'rdate',
  'exdate',
  'recurrence-id',
  'sequence',
  'transp',
  'status',
  'x-microsoft-cdo-busystatus',
]);

/** An event without anything that tells what it is about. */
function busyOnly(event: string): string {
  const isFree = /^TRANSP:TRANSPARENT/im.test(event);
  const lines: string[] = [];
  let depth = 0;
  let isKept = false;
  for (const line of event.split('\r\n')) {
    if (line.startsWith('BEGIN:')) depth += 1;
    // A folded line goes on with a blank.
    if (!line.startsWith(' '))
      isKept = depth === 1 && kept.has(/^[^;:]*/.exec(line)?.[0].toLowerCase() ?? '');
    if (isKept) lines.push(line);
    if (line.startsWith('END:')) depth -= 1;
  }
  return ['BEGIN:VEVENT', ...lines, `SUMMARY:${isFree ? 'Free' : 'Busy'}`, 'END:VEVENT', ''].join('\r\n');
}
