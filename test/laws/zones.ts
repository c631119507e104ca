// Twenty-one time zones, and the names that programs have for them.
import * as fc from 'fast-check';
import { type SimZone, toInstant, toLocal, utcZone, zoneOf } from '../../simulator/calendar/index.ts';
import { renderVtimezone } from '../../simulator/mime/vtimezone.ts';

export interface Zone {
  /** By its Windows name, with the arithmetic of the simulated server. */
  readonly zone: SimZone;
  /** For python and for people. */
  readonly iana: string;
  /** TZIDs that mean it. */
  readonly tzids: readonly string[];
  /** Same rules from 2008 to 2037: a client's own VTIMEZONE can say it in two rules. */
  readonly isSteady: boolean;
}

function row(windows: string, iana: string, others: readonly string[], isSteady = false): Zone {
  const zone = zoneOf(windows);
  if (zone === undefined) throw new Error(`the server has no ${windows}`);
  return {
    zone,
    iana,
    tzids: [iana, windows, `/freeassociation.sourceforge.net/Tzfile/${iana}`, ...others],
    isSteady,
  };
}

export const zones: readonly Zone[] = [
  row(
    'W. Europe Standard Time',
    'Europe/Berlin',
    ['Europe/Vienna', '(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna'],
    true,
  ),
  row('GMT Standard Time', 'Europe/London', ['Europe/Dublin', 'GB'], true),
  row('FLE Standard Time', 'Europe/Kyiv', ['Europe/Kiev', 'Europe/Helsinki'], true),
  row('Turkey Standard Time', 'Europe/Istanbul', ['Turkey']),
  row(
    'Eastern Standard Time',
    'America/New_York',
    ['US/Eastern', 'America/Toronto', '(UTC-05:00) Eastern Time (US & Canada)'],
    true,
  ),
  row(
    'Pacific Standard Time',
    'America/Los_Angeles',
    ['US/Pacific', '/citadel.org/20210210_1/America/Los_Angeles'],
    true,
  ),
  row('Newfoundland Standard Time', 'America/St_Johns', ['Canada/Newfoundland']),
  row('E. South America Standard Time', 'America/Sao_Paulo', ['Brazil/East']),
  row('Pacific SA Standard Time', 'America/Santiago', ['Chile/Continental']),
  row('Cuba Standard Time', 'America/Havana', ['Cuba']),
  row('Tokyo Standard Time', 'Asia/Tokyo', ['Japan'], true),
  row('India Standard Time', 'Asia/Kolkata', ['Asia/Calcutta'], true),
  row('Nepal Standard Time', 'Asia/Kathmandu', ['Asia/Katmandu']),
  row('Iran Standard Time', 'Asia/Tehran', ['Iran']),
  row('Israel Standard Time', 'Asia/Jerusalem', ['Israel', 'Asia/Tel_Aviv']),
  row('Egypt Standard Time', 'Africa/Cairo', ['Egypt']),
  row('South Africa Standard Time', 'Africa/Johannesburg', [], true),
  row('Morocco Standard Time', 'Africa/Casablanca', []),
  row('Lord Howe Standard Time', 'Australia/Lord_Howe', ['Australia/LHI']),
  row('AUS Eastern Standard Time', 'Australia/Sydney', ['Australia/NSW', 'Australia/Melbourne'], true),
  row('New Zealand Standard Time', 'Pacific/Auckland', ['NZ'], true),
];

export const utc: Zone = { zone: utcZone, iana: 'UTC', tzids: ['UTC', 'Etc/UTC', 'GMT'], isSteady: true };

/** A zone as one text names it. */
export interface Named {
  readonly of: Zone;
  readonly tzid: string;
  /** The lines of a VTIMEZONE that the text brings along. */
  readonly vtimezone: readonly string[];
}

const ownNames = ['Customized Time Zone', 'Mine: local', 'tz1', '{00000000-0001}'];

export const named: fc.Arbitrary<Named> = fc
  .record({
    of: fc.constantFrom(...zones),
    which: fc.nat(20),
    style: fc.constantFrom('plain', 'plain', 'defined', 'own'),
  })
  .map(({ of, which, style }) => {
    const tzid = of.tzids[which % of.tzids.length] ?? of.iana;
    if (style === 'plain') return { of, tzid, vtimezone: [] };
    const own = ownNames[which % ownNames.length] ?? '';
    const name = style === 'own' && of.isSteady ? own : tzid;
    return { of, tzid: name, vtimezone: vtimezoneLines(of.zone, name) };
  });

function vtimezoneLines(zone: SimZone, tzid: string): string[] {
  const [, , parts] = renderVtimezone(zone, 2026);
  return [
    'BEGIN:VTIMEZONE',
    `TZID:${tzid}`,
    ...parts.flatMap(([name, properties]) => [
      `BEGIN:${name.toUpperCase()}`,
      ...properties.map(([property, , type, value]) => `${property.toUpperCase()}:${valueText(type, value)}`),
      `END:${name.toUpperCase()}`,
    ]),
    'END:VTIMEZONE',
  ];
}

function valueText(type: string, value: unknown): string {
  if (type === 'recur')
    return Object.entries(Object(value))
      .map(([part, given]) => `${part.toUpperCase()}=${String(given)}`)
      .join(';');
  return String(value).replaceAll(/[-:](?=\d\d)/g, (sign, at: number) => (at === 0 ? sign : ''));
}

export function instantIn({ zone }: Zone, local: string): number {
  return toInstant(local, zone);
}

export function localIn({ zone }: Zone, at: number): string {
  return toLocal(at, zone);
}
