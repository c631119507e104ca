// Every time zone by every name: what a client says is understood, keeps its time in Exchange, and comes back with a definition that
// is right, also for the past.
import { describe, expect, it } from 'vitest';
import { express } from '../../src/ews-backend/express.ts';
import type { Stored } from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import type { EventItem, Item } from '../../src/model/item.ts';
import { instantOf, offsetAt, resolveZone } from '../../src/model/zones.ts';
import { windowsZones, zoneAliases } from '../../src/model/zones-table.ts';
import { type Jcal, parseRendered, stringify, textOf } from '../../src/translate/codec.ts';
import { zoneFinder } from '../../src/translate/custom-zones.ts';
import { parseIncoming, renderStored, residueOf } from '../../src/translate/index.ts';
import { renderVtimezone } from '../../src/translate/vtimezone.ts';
import { linesOf } from './mailbox.ts';

const own = ['alice@example.test'];
const held = (item: Item): Expression => express(item, 'Europe/Berlin');
const zones = Intl.supportedValuesOf('timeZone').map((zone) => resolveZone(zone) ?? zone);
const folded = (line: string): string => line.replaceAll(/(.{70})(?=.)/g, '$1\r\n ');

function text(tzid: string, lines: readonly string[], vtimezone = ''): string {
  const name = /[,:;]/.test(tzid) ? `"${tzid}"` : tzid;
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//test//EN',
    ...(vtimezone === '' ? [] : [vtimezone.trim()]),
    'BEGIN:VEVENT',
    'UID:u',
    'DTSTAMP:20260101T000000Z',
    ...lines.map((line) => folded(line.replace('TZID=*', `TZID=${name}`))),
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

const weekly = [
  'DTSTART;TZID=*:20261005T093000',
  'DTEND;TZID=*:20261005T103000',
  'RRULE:FREQ=WEEKLY;BYDAY=MO',
];
const once = (local: string): string[] => [`DTSTART;TZID=*:${local}`, 'DURATION:PT1H'];

/** Definitions take a while: of every sixth zone, and of those that changed their rules or go their own way. */
const strange = [
  'Europe/Istanbul',
  'Europe/Moscow',
  'America/Sao_Paulo',
  'Asia/Tehran',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Europe/Kyiv',
  'America/Vancouver',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Caracas',
  'Africa/Cairo',
];
const some = zones.filter((zone, index) => index % 6 === 0 || strange.includes(zone));

interface Kept {
  readonly item: EventItem;
  readonly held: EventItem;
  /** The text that a client is shown. */
  shown(): string;
}

function keep(ics: string): Kept {
  const incoming = parseIncoming(ics, 'events', { ownAddresses: own, defaultZone: 'Europe/Berlin' });
  const expression = held(incoming.item);
  if (expression.kind !== 'ok' || expression.held.kind !== 'event' || incoming.item.kind !== 'event')
    throw new Error(
      expression.kind === 'refuse' ? `${expression.part}: ${expression.reason}` : expression.kind,
    );
  const tags = { residue: residueOf(incoming, expression, held) };
  const stored: Stored = { id: 'i', version: 'v', tags, item: expression.held };
  return {
    item: incoming.item,
    held: expression.held,
    shown: () => renderStored([stored], { uid: 'u', express: held, ownAddresses: own }),
  };
}

/** Mondays at half past nine, for five years. */
function instantsOf({ start }: EventItem): number[] {
  if (start.kind !== 'zoned') throw new Error('no zone');
  const first = Date.parse(`${start.local.slice(0, 10)}T00:00:00Z`);
  return Array.from({ length: 260 }, (_, week) => {
    const date = new Date(first + week * 7 * 86_400_000).toISOString().slice(0, 10);
    return instantOf(`${date}T${start.local.slice(11)}`, start.zone);
  });
}

/** `tzid` of the VTIMEZONE that a text carries, and what it says the offset of a wall time is. */
function definedOffset(shown: string, tzid: string, local: string): number | undefined {
  const components = parseRendered(shown)[2];
  const definition = components.find((each) => each[0] === 'vtimezone' && textOf(each, 'tzid') === tzid);
  if (!definition) return undefined;
  // Under a name that nobody knows only the rules tell.
  const [name, properties, observances] = definition;
  const renamed = properties.map((each) =>
    each[0] === 'tzid' ? (['tzid', {}, 'text', 'Unknown'] satisfies Jcal) : each,
  );
  const bare = renamed.filter(([each]) => each !== 'x-lic-location');
  const year = Number(local.slice(0, 4));
  const zone = zoneFinder([[name, bare, observances]], { years: [year, year] })('Unknown');
  return offsetAt(zone, instantOf(local, zone));
}

/** No zone of Windows goes with it, even in the years to come. */
const apart = new Set(['Antarctica/Troll']);

describe('every zone', () => {
  it('is understood by its name, and keeps the time of a series in Exchange', () => {
    const wrong: string[] = [];
    for (const zone of zones) {
      if (apart.has(zone)) {
        expect(() => keep(text(zone, weekly))).toThrow('no time zone like');
        continue;
      }
      const kept = keep(text(zone, weekly));
      const [wanted, had] = [instantsOf(kept.item), instantsOf(kept.held)];
      const off = wanted.findIndex((each, index) => each !== had[index]);
      if (off >= 0) wrong.push(`${zone} is ${JSON.stringify(kept.held.start)}: off in week ${off}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is shown as it was, with a definition that is right then, now and long ago', () => {
    const wrong: string[] = [];
    for (const zone of some.filter((each) => each !== 'UTC')) {
      if (!linesOf(keep(text(zone, weekly)).shown()).includes(`DTSTART;TZID=${zone}:20261005T093000`))
        wrong.push(`${zone} is shown otherwise`);
      for (const local of ['20260715T120000', '20260115T120000', '20101115T120000', '19950715T120000']) {
        const wall = local.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6');
        const shown = keep(text(zone, once(local))).shown();
        const offset = offsetAt(zone, instantOf(wall, zone));
        if (definedOffset(shown, zone, wall) !== offset) wrong.push(`${zone} ${local}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is understood by its rules alone, for a series and for one time', () => {
    const wrong: string[] = [];
    const range = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2037, 0, 1) };
    for (const zone of some.filter((each) => !apart.has(each) && each !== 'UTC')) {
      const definition = stringify(renderVtimezone(zone, range)!)
        .replace(/TZID:.*/, 'TZID:Zone of mine')
        .replace(/X-LIC-LOCATION:.*\r\n/, '');
      for (const lines of [weekly, once('20260715T120000')]) {
        const kept = keep(text('Zone of mine', lines, definition));
        const { start } = kept.item;
        if (start.kind !== 'zoned') throw new Error('no zone');
        const isSame =
          lines === weekly
            ? instantsOf({ ...kept.item, start: { ...start, zone } }).join() === instantsOf(kept.held).join()
            : instantOf(start.local, zone) === instantOf(start.local, start.zone);
        if (!isSame) wrong.push(`${zone} is taken for ${start.zone}`);
        if (!linesOf(kept.shown()).includes('TZID:Zone of mine'))
          wrong.push(`${zone}: its definition is lost`);
        if (!linesOf(kept.shown()).some((line) => line.startsWith('DTSTART;TZID=Zone of mine:')))
          wrong.push(`${zone} is shown under another name`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is understood behind the prefixes of libical', () => {
    const prefixes = [
      '/freeassociation.sourceforge.net/',
      '/freeassociation.sourceforge.net/Tzfile/',
      '/citadel.org/20210210_1/',
    ];
    for (const zone of zones)
      for (const prefix of prefixes) expect(resolveZone(prefix + zone), prefix + zone).toBe(zone);
    const name = '/freeassociation.sourceforge.net/Europe/Vienna';
    const { item, shown } = keep(text(name, weekly));
    expect(item.start).toMatchObject({ zone: 'Europe/Vienna' });
    expect(linesOf(shown())).toEqual(
      expect.arrayContaining([`TZID:${name}`, `DTSTART;TZID=${name}:20261005T093000`]),
    );
  });

  it('is the same by its old and its new name', () => {
    for (const [alias, zone] of Object.entries(zoneAliases)) {
      if (zone === 'UTC' || apart.has(zone)) continue;
      const kept = keep(text(alias, weekly));
      expect(kept.item.start, alias).toMatchObject({ zone });
      expect(linesOf(kept.shown()), alias).toContain(`DTSTART;TZID=${alias}:20261005T093000`);
    }
  });
});

describe('every zone of Windows', () => {
  const named = windowsZones.filter(([windows]) => windows !== 'UTC');

  it('is understood by its id, and shown so', () => {
    for (const [windows, zone] of named) {
      const kept = keep(text(windows, weekly));
      expect(kept.item.start, windows).toMatchObject({ zone });
      expect(linesOf(kept.shown()), windows).toEqual(
        expect.arrayContaining([`TZID:${windows}`, `DTSTART;TZID=${windows}:20261005T093000`]),
      );
    }
  });

  it('is understood by the name that people see', () => {
    const shown = named.filter(([, , , display]) => display !== '');
    expect(shown.length).toBeGreaterThan(80);
    for (const [, zone, , display] of shown) {
      const name = `(UTC+00:00) ${display}`; // Outlook says the offset of the year in which it was made
      const kept = keep(text(name, weekly));
      expect(kept.item.start, name).toMatchObject({ zone });
      const tzid = linesOf(kept.shown()).find((line) => /^DTSTART.*20261005/.test(line));
      expect(tzid, name).toBe(`DTSTART;TZID=${/[,:;]/.test(name) ? `"${name}"` : name}:20261005T093000`);
    }
  });
});
