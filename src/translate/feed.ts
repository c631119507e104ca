// Whole collections as one text (feeds): objects are joined on the text level, because parsing thousands of them again
// would hold everybody else up. A VTIMEZONE appears once.
import { parseRendered, stringify, textOf, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { vtimezoneOf } from './render.ts';

export interface FeedOptions {
  readonly name: string;
  /** `busy-only`: times, and "Busy" as the summary. */
  readonly detail: 'whole' | 'busy-only';
}

/** One VCALENDAR of the texts of many objects, as `renderStored` writes them. @throws TranslateError `missing-uid` */
export function mergeCalendar(texts: readonly string[], options: FeedOptions): string {
  const zones = new Map<string, Set<string>>();
  const parts: string[] = [];
  for (const text of texts) {
    const busyText = options.detail === 'busy-only' ? busyOnly(text) : text;
    for (const part of componentsIn(busyText)) {
      if (part.startsWith('BEGIN:VTIMEZONE')) {
        const tzid = /^TZID:(.*)$/m.exec(part.replaceAll('\r\n ', ''))?.[1]?.trim() ?? '';
        zones.set(tzid, (zones.get(tzid) ?? new Set()).add(part));
      } else {
        if (!/^UID[:;]/m.test(part))
          throw new TranslateError('missing-uid', 'a component without UID', 'UID');
        parts.push(part);
      }
    }
  }
  const head = stringify([
    'vcalendar',
    [
      ['version', {}, 'text', '2.0'],
      ['prodid', {}, 'text', '-//Exdav//EN'],
      ['calscale', {}, 'text', 'GREGORIAN'],
      ['name', {}, 'text', options.name],
      ['x-wr-calname', {}, 'text', options.name],
    ],
    [],
  ]);
  const definitions = [...zones].map(([tzid, found]) => oneDefinition(tzid, [...found]));
  return head.replace('END:VCALENDAR', () => `${definitions.join('')}${parts.join('')}END:VCALENDAR`);
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

/** Events without anything that tells what they are about. Tasks tell nothing about time and are left out. */
function busyOnly(text: string): string {
  const [name, properties, components] = parseRendered(text);
  const shown = components.filter((each) => each[0] === 'vevent' || each[0] === 'vtimezone').map(reduced);
  return stringify([name, properties, shown]);
}

function reduced(component: JcalComponent): JcalComponent {
  if (component[0] === 'vtimezone') return component;
  const isFree = textOf(component, 'transp')?.toUpperCase() === 'TRANSPARENT';
  const times = component[1].filter((property) => kept.has(property[0]));
  return ['vevent', [...times, ['summary', {}, 'text', isFree ? 'Free' : 'Busy']], []];
}
