// Zones by id, by the rules of a definition, by a fixed offset; and the Windows ids that are written.
import { describe, expect, it } from 'vitest';
import { ianaZoneOf, offsetAt } from '../../../src/model/zones.ts';
import { childOf, type XmlElement } from '../../../src/xml/index.ts';
import { parseZoneRules } from '../../../src/ews-backend/zone-rules.ts';
import { parseZone, renderZone } from '../../../src/ews-backend/zones.ts';
import { elementsOf, spec, why } from '../spec.ts';
import { el } from './stand-in.ts';

const around = Date.UTC(2026, 5, 1);

function zone(attrs: Record<string, string>, ...children: XmlElement[]): XmlElement {
  return el('StartTimeZone', attrs, ...children);
}

function period(id: string, bias: string): XmlElement {
  return el('Period', { Id: id, Bias: bias, Name: id });
}

function day(to: string, rule: { at: string; month: number; weekday: string; nth: number }): XmlElement {
  return el(
    'RecurringDayTransition',
    {},
    el('To', { Kind: 'Period' }, to),
    el('TimeOffset', {}, rule.at),
    el('Month', {}, String(rule.month)),
    el('DayOfWeek', {}, rule.weekday),
    el('Occurrence', {}, String(rule.nth)),
  );
}

function definition(bias: [string, string], changes: XmlElement[]): XmlElement[] {
  return [
    el('Periods', {}, period('std', bias[0]), period('dst', bias[1])),
    el('TransitionsGroups', {}, el('TransitionsGroup', { Id: '0' }, ...changes)),
    el('Transitions', {}, el('Transition', {}, el('To', { Kind: 'Group' }, '0'))),
  ];
}

const europe = [
  day('dst', { at: 'PT2H', month: 3, weekday: 'Sunday', nth: -1 }),
  day('std', { at: 'PT3H', month: 10, weekday: 'Sunday', nth: -1 }),
];
const america = [
  day('dst', { at: 'PT2H', month: 3, weekday: 'Sunday', nth: 2 }),
  day('std', { at: 'PT2H', month: 11, weekday: 'Sunday', nth: 1 }),
];

describe('a zone of an item', () => {
  it.each([
    ['a Windows id', zone({ Id: 'W. Europe Standard Time' }), 'Europe/Berlin'],
    ['an id in another case', zone({ Id: 'w. europe standard time' }), 'Europe/Berlin'],
    ['an IANA id', zone({ Id: 'Europe/Copenhagen' }), 'Europe/Copenhagen'],
    ['UTC by its moniker', zone({ Id: 'tzone://Microsoft/Utc' }), 'UTC'],
    [
      'a display name alone',
      zone({ Id: 'tzone://Microsoft/Custom', Name: '(UTC-06:00) Central Time (US & Canada)' }),
      'America/Chicago',
    ],
    [
      'rules of Central Europe',
      zone({ Id: 'tzone://Microsoft/Custom' }, ...definition(['-PT1H', '-PT2H'], europe)),
      'Europe/Berlin',
    ],
    [
      'rules of New York',
      zone({ Id: 'Customized Time Zone' }, ...definition(['PT5H', 'PT4H'], america)),
      'America/New_York',
    ],
    ['one period', zone({ Id: 'x' }, el('Periods', {}, period('std', '-PT5H30M'))), 'Asia/Kolkata'],
    ['rules of nowhere', zone({ Id: 'x' }, ...definition(['-PT1H17M', '-PT2H17M'], europe)), '+02:17'],
    ['nothing', zone({}), undefined],
  ])('by %s', (_what, element, expected) => {
    const found = parseZone(element, around);
    if (expected === undefined || found === undefined) return expect(found).toBe(expected);
    // Several zones have the rules of Central Europe.
    for (let month = 0; month < 12; month += 1) {
      const at = Date.UTC(2026, month, 1);
      expect([month, offsetAt(found, at)]).toEqual([month, offsetAt(expected, at)]);
    }
    return undefined;
  });

  it('is no zone without an element', () => {
    expect(parseZone(undefined, around)).toBeUndefined();
  });

  it.each([
    ['Europe/Vienna', 'W. Europe Standard Time'],
    ['UTC', 'UTC'],
    ['Asia/Calcutta', 'India Standard Time'],
    ['+05:30', 'India Standard Time'],
    ['-03:00', 'SA Eastern Standard Time'],
    ['+02:17', 'UTC'],
  ])('%s is written as %s', (iana, windows) => {
    expect(renderZone('StartTimeZone', iana).xml).toBe(`<t:StartTimeZone Id="${windows}"/>`);
  });
});

describe.skipIf(spec === undefined)(`definitions of a real server${why}`, () => {
  const found =
    spec === undefined ? [] : elementsOf('examples/GetServerTimeZones/04-response.xml', 'TimeZoneDefinition');
  const [from, to] = [Date.UTC(2010, 0, 1), Date.UTC(2012, 0, 1)];

  it('are understood: the rules of each, under no name, mean a zone that keeps the same time', () => {
    expect(found).toHaveLength(98);
    let matched = 0;
    for (const element of found) {
      const rules = parseZoneRules(element)!;
      const custom = { ...element, attrs: { Id: 'tzone://Microsoft/Custom' } };
      const zone = parseZone(custom, from)!;
      if (/^[+-]|^UTC$/.test(zone)) continue; // rules that no zone has: the offset of that time
      matched += 1;
      let days = 0;
      for (let at = from; at < to; at += 24 * 3_600_000)
        if (offsetAt(zone, at) === rules.offsetAt(at)) days += 1;
      expect([element.attrs['Id'], days > 650]).toEqual([element.attrs['Id'], true]);
    }
    expect(matched).toBeGreaterThan(88);
  });

  it('mean the zone of their id, where that has kept its rules since', () => {
    const same = found.filter((element) => {
      const rules = parseZoneRules(element)!;
      const zone = ianaZoneOf(element.attrs['Id']!);
      if (zone === undefined || childOf(element, 'Periods') === undefined) return false;
      for (let at = from; at < to; at += 24 * 3_600_000)
        if (offsetAt(zone, at) !== rules.offsetAt(at)) return false;
      return true;
    });
    expect(same.length).toBeGreaterThan(80);
  });
});
