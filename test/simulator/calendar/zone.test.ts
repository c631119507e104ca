// Offsets, definitions and custom zones of the simulator.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  offsetAt,
  parseZone,
  renderZone,
  serverTimeZones,
  serverZoneIds,
  toInstant,
  toLocal,
  utcZone,
  zonedDateTime,
  zoneOf,
  type SimZone,
} from '../../../simulator/calendar/index.ts';
import { childrenOf, parseXml, type XmlElement } from '../../../src/xml/index.ts';

const types = 'http://schemas.microsoft.com/exchange/services/2006/types';
const spec = process.env['EXDAV_SPEC'] ?? '../shared/ews-spec';
const hours = 3_600_000;
const zone = (id: string): SimZone => zoneOf(id)!;
const parsed = (text: string): XmlElement =>
  parseXml(
    text.replace(/^<t:\w+/, (open) => `${open} xmlns:t="${types}"`),
    {
      maxDepth: 40,
      maxElements: 1e6,
      maxLength: 1e8,
      mendCharacters: false,
    },
  );
/** The zone read from its own definition, as a client would send it under a name the server does not know. */
const asCustom = (known: SimZone): SimZone =>
  parseZone(
    parsed(renderZone('StartTimeZone', { ...known, id: 'Own' }, true).xml.replaceAll(known.id, 'Own')),
  );

describe('wall time and instant', () => {
  test.each([
    ['W. Europe Standard Time', '2026-03-29T01:59:59', '2026-03-29T00:59:59Z'],
    ['W. Europe Standard Time', '2026-03-29T03:00:00', '2026-03-29T01:00:00Z'],
    ['W. Europe Standard Time', '2026-03-29T02:30:00', '2026-03-29T01:30:00Z'],
    ['W. Europe Standard Time', '2026-10-25T02:30:00', '2026-10-25T00:30:00Z'],
    ['W. Europe Standard Time', '2026-10-25T03:00:00', '2026-10-25T02:00:00Z'],
    ['Eastern Standard Time', '2026-11-01T01:30:00', '2026-11-01T05:30:00Z'],
    ['Eastern Standard Time', '2026-03-08T02:30:00', '2026-03-08T07:30:00Z'],
    ['India Standard Time', '2026-01-01T00:00:00', '2025-12-31T18:30:00Z'],
    ['AUS Eastern Standard Time', '2026-01-01T00:00:00', '2025-12-31T13:00:00Z'],
    ['UTC', '2026-01-01T00:00:00', '2026-01-01T00:00:00Z'],
  ])('%s %s is %s', (id, local, instant) => {
    expect(new Date(toInstant(local, zone(id))).toISOString()).toBe(instant.replace('Z', '.000Z'));
  });

  test('every instant goes to wall time and back, but for hours that come twice', () => {
    for (const id of serverZoneIds) {
      for (let instant = Date.UTC(2024, 0, 1); instant < Date.UTC(2026, 0, 1); instant += 53 * hours) {
        const back = toInstant(toLocal(instant, zone(id)), zone(id));
        expect(toLocal(back, zone(id))).toBe(toLocal(instant, zone(id)));
      }
    }
  });

  test('a dateTime on the zone’s clock', () => {
    expect(zonedDateTime(Date.UTC(2016, 2, 31, 2, 30), zone('India Standard Time'))).toBe(
      '2016-03-31T08:00:00+05:30',
    );
    expect(zonedDateTime(0, utcZone)).toBe('1970-01-01T00:00:00Z');
  });
});

describe('definitions', () => {
  test('the server has a definition for each of 139 zones, and it says what Intl says', () => {
    expect(serverZoneIds).toHaveLength(139);
    for (const id of serverZoneIds) {
      const known = zone(id);
      const custom = asCustom(known);
      expect(custom.definition).toBeDefined();
      for (let instant = Date.UTC(2006, 0, 2); instant < Date.UTC(2037, 0, 1); instant += 155 * hours)
        if (offsetAt(instant, custom) !== offsetAt(instant, known))
          expect.fail(
            `${id} at ${new Date(instant).toISOString()}: ${offsetAt(instant, custom) / hours} instead of ${offsetAt(instant, known) / hours}`,
          );
    }
  });

  test('W. Europe is one group of two changes, biases being UTC − local', () => {
    const text = renderZone('StartTimeZone', zone('W. Europe Standard Time'), true).xml;
    expect(text).toContain(
      'Bias="-PT1H" Name="Standard" Id="trule:Microsoft/Registry/W. Europe Standard Time/1-Standard"',
    );
    expect(text.match(/<t:TransitionsGroup /g)).toHaveLength(1);
    expect(text).toContain(
      '<t:RecurringDayTransition><t:To Kind="Period">trule:Microsoft/Registry/W. Europe Standard Time/1-Daylight</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>3</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek><t:Occurrence>-1</t:Occurrence></t:RecurringDayTransition>',
    );
  });

  test('a short rendering has the name only; a custom zone always its rules', () => {
    expect(renderZone('EndTimeZone', zone('UTC'), false).xml).toBe(
      '<t:EndTimeZone Name="(UTC) Coordinated Universal Time" Id="UTC"/>',
    );
    expect(renderZone('EndTimeZone', asCustom(zone('Eastern Standard Time')), false).xml).toContain(
      '<t:Periods>',
    );
  });

  test('unknown ids are left out of GetServerTimeZones', () => {
    expect(serverTimeZones(['UTC', 'Nowhere'], false)).toHaveLength(1);
  });

  const capture = join(spec, 'examples/GetServerTimeZones/04-response.xml');
  test.skipIf(!existsSync(capture))(
    'a real server’s definitions are read; unchanged zones agree (needs the EWS examples)',
    () => {
      const definitions: XmlElement[] = [];
      const collect = (element: XmlElement): void => {
        if (element.name === 'TimeZoneDefinition') definitions.push(element);
        else childrenOf(element).forEach(collect);
      };
      collect(parsed(readFileSync(capture, 'utf8')));
      expect(definitions).toHaveLength(98);
      for (const id of [
        'W. Europe Standard Time',
        'Pacific Standard Time',
        'AUS Eastern Standard Time',
        'India Standard Time',
        'US Eastern Standard Time',
      ]) {
        const definition = definitions.find(({ attrs }) => attrs['Id'] === id)!;
        const custom = parseZone({ ...definition, attrs: { ...definition.attrs, Id: 'Own' } });
        for (let instant = Date.UTC(2008, 6, 1); instant < Date.UTC(2026, 0, 1); instant += 31 * hours)
          expect(offsetAt(instant, custom), `${id} ${new Date(instant).toISOString()}`).toBe(
            offsetAt(instant, zone(id)),
          );
      }
    },
  );
});

describe('zones of a request', () => {
  const own = (inner: string): SimZone =>
    parseZone(parsed(`<t:StartTimeZone Id="Own" Name="Own zone">${inner}</t:StartTimeZone>`));

  test('an unknown id without rules is refused', () => {
    expect(() => parseZone(parsed('<t:StartTimeZone Id="Europe/Berlin"/>'))).toThrow(
      expect.objectContaining({ code: 'ErrorTimeZone' }),
    );
    expect(() => own('')).toThrow(expect.objectContaining({ code: 'ErrorTimeZone' }));
  });

  test('known names are found in any case', () => {
    expect(parseZone(parsed('<t:StartTimeZone Id="w. europe standard time"/>')).id).toBe(
      'W. Europe Standard Time',
    );
    expect(offsetAt(0, parseZone(parsed('<t:StartTimeZone Id="tzone://Microsoft/Utc"/>')))).toBe(0);
  });

  test('one period alone is a fixed offset', () => {
    const fixed = own('<t:Periods><t:Period Bias="-PT5H45M" Name="Standard" Id="p"/></t:Periods>');
    expect(offsetAt(0, fixed)).toBe(5.75 * hours);
  });

  test('a date transition and a fixed-date rule', () => {
    const changed = own(
      '<t:Periods><t:Period Bias="PT0S" Name="Standard" Id="s"/><t:Period Bias="-PT1H" Name="Daylight" Id="d"/></t:Periods>' +
        '<t:TransitionsGroups><t:TransitionsGroup Id="0"><t:Transition><t:To Kind="Period">s</t:To></t:Transition></t:TransitionsGroup>' +
        '<t:TransitionsGroup Id="1"><t:RecurringDateTransition><t:To Kind="Period">d</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>4</t:Month><t:Day>1</t:Day></t:RecurringDateTransition>' +
        '<t:RecurringDateTransition><t:To Kind="Period">s</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>10</t:Month><t:Day>1</t:Day></t:RecurringDateTransition></t:TransitionsGroup></t:TransitionsGroups>' +
        '<t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition><t:AbsoluteDateTransition><t:To Kind="Group">1</t:To><t:DateTime>2020-06-01T00:00:00</t:DateTime></t:AbsoluteDateTransition></t:Transitions>',
    );
    expect(offsetAt(Date.UTC(2020, 4, 1), changed)).toBe(0);
    expect(offsetAt(Date.UTC(2020, 5, 2), changed)).toBe(hours);
    expect(offsetAt(Date.UTC(2020, 11, 1), changed)).toBe(0);
    expect(offsetAt(Date.UTC(2021, 3, 1, 2), changed)).toBe(hours);
    expect(offsetAt(Date.UTC(2021, 3, 1, 1, 59), changed)).toBe(0);
  });

  test.each([
    ['<t:Periods><t:Period Bias="soon" Name="Standard" Id="p"/></t:Periods>', 'ErrorTimeZone'],
    [
      '<t:Periods><t:Period Bias="PT1H" Name="Standard" Id="p"/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id="0"><t:Transition><t:To Kind="Period">q</t:To></t:Transition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition></t:Transitions>',
      'ErrorTimeZone',
    ],
    [
      '<t:Periods><t:Period Bias="PT1H" Name="Standard" Id="p"/></t:Periods><t:TransitionsGroups><t:TransitionsGroup Id="0"><t:RecurringDayTransition><t:To Kind="Period">p</t:To><t:TimeOffset>PT2H</t:TimeOffset><t:Month>3</t:Month><t:DayOfWeek>Weekday</t:DayOfWeek><t:Occurrence>1</t:Occurrence></t:RecurringDayTransition></t:TransitionsGroup></t:TransitionsGroups><t:Transitions><t:Transition><t:To Kind="Group">0</t:To></t:Transition></t:Transitions>',
      'ErrorCalendarInvalidDayForTimeChangePattern',
    ],
  ])('%s', (inner, code) => {
    expect(() => own(inner)).toThrow(expect.objectContaining({ code }));
  });
});
