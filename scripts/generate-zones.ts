// Writes src/model/zones-table.ts from CLDR: windowsZones.json (cldr-core), timezone.json (cldr-bcp47) and, optionally,
// a TSV whose first two columns are Windows id and the display name that Exchange shows for it.
//   node scripts/generate-zones.ts path/to/windowsZones.json path/to/timezone.json [path/to/display-names.tsv]
// The packages are not dependencies of the project: `npm pack cldr-core cldr-bcp47` brings them.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { offsetAt, resolveZone, transitionsOf } from '../src/model/zones.ts';

const windowsZonesSchema = z.object({
  supplemental: z.object({
    version: z.object({ _cldrVersion: z.string() }),
    windowsZones: z.object({
      mapTimezones: z.array(
        z.object({ mapZone: z.object({ _other: z.string(), _type: z.string(), _territory: z.string() }) }),
      ),
    }),
  }),
});

const zoneKeySchema = z.object({
  _alias: z.string().optional(),
  _iana: z.string().optional(),
  _preferred: z.string().optional(),
});
type ZoneKey = z.infer<typeof zoneKeySchema>;

const bcp47Schema = z.object({
  keyword: z.object({ u: z.object({ tz: z.record(z.string(), z.unknown()) }) }),
});

/** Zones CLDR has no Windows id for, or Windows ids it left out. */
const additions: readonly (readonly [windows: string, zone: string])[] = [
  ['Mid-Atlantic Standard Time', 'Etc/GMT+2'],
  ['Kamchatka Standard Time', 'Asia/Kamchatka'],
];

function isKnown(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).format(0) !== '';
  } catch {
    return false;
  }
}

/** Each name that IANA or CLDR ever used → the name IANA uses today. */
function aliasesOf(keys: ReadonlyMap<string, ZoneKey>): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const key of keys.values()) {
    const preferred = key._preferred === undefined ? key : (keys.get(key._preferred) ?? key);
    const current = preferred._iana ?? preferred._alias?.split(' ')[0];
    if (current === undefined || !isKnown(current)) continue;
    const name = /^Etc\/(UTC|GMT)$/.test(current) ? 'UTC' : current;
    for (const alias of [...(key._alias?.split(' ') ?? []), current]) {
      if (alias !== name && isKnown(alias)) aliases.set(alias, name);
    }
  }
  return aliases;
}

function zoneKeys(path: string): Map<string, ZoneKey> {
  const { tz } = bcp47Schema.parse(JSON.parse(readFileSync(path, 'utf8'))).keyword.u;
  const keys = new Map<string, ZoneKey>();
  for (const [name, value] of Object.entries(tz)) {
    const key = zoneKeySchema.safeParse(value);
    if (key.success) keys.set(name, key.data);
  }
  return keys;
}

function displayNamesOf(path: string | undefined): Map<string, string> {
  const names = new Map<string, string>();
  if (path === undefined) return names;
  for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [windows, display] = line.split('\t');
    if (windows && display) names.set(windows, display.replace(/^\([^)]*\)\s*/, ''));
  }
  return names;
}

const [windowsPath, bcp47Path, displayPath] = process.argv.slice(2);
if (windowsPath === undefined || bcp47Path === undefined) {
  console.error('generate-zones windowsZones.json timezone.json [display-names.tsv]');
  process.exit(1);
}
const cldr = windowsZonesSchema.parse(JSON.parse(readFileSync(windowsPath, 'utf8')));
const aliases = aliasesOf(zoneKeys(bcp47Path));
const displayNames = displayNamesOf(displayPath);
const current = (zone: string): string => aliases.get(zone) ?? zone;

const rows = new Map<string, { main: string; others: Set<string> }>();
for (const { mapZone } of cldr.supplemental.windowsZones.mapTimezones) {
  const zones = mapZone._type.split(' ').map(current);
  const row = rows.get(mapZone._other) ?? { main: '', others: new Set<string>() };
  if (mapZone._territory === '001') row.main = zones[0] ?? '';
  for (const zone of zones) row.others.add(zone);
  rows.set(mapZone._other, row);
}

const sortedRows = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
// Last, so that the way back from the zone prefers CLDR's own id.
for (const [windows, zone] of additions) sortedRows.push([windows, { main: zone, others: new Set() }]);

/** For each fixed offset a Windows zone that has kept it longest: `+02:00` is South Africa's. */
const offsets = new Map<string, string>();
for (const since of [1990, 2000, 2024]) {
  const range = { from: Date.UTC(since, 0, 1), to: Date.UTC(2038, 0, 1) };
  for (const [windows, { main }] of sortedRows) {
    if (transitionsOf(main, range).length > 0 || offsetAt(main, range.to) === 0) continue;
    const minutes = Math.abs(offsetAt(main, range.to)) / 60_000;
    const clock = [Math.floor(minutes / 60), minutes % 60]
      .map((part) => String(part).padStart(2, '0'))
      .join(':');
    const offset = resolveZone((offsetAt(main, range.to) < 0 ? '-' : '+') + clock) ?? '';
    if (!offsets.has(offset)) offsets.set(offset, windows);
  }
}

const quote = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const windowsLines = sortedRows.map(([windows, { main, others }]) => {
  others.delete(main);
  const cells = [windows, main, [...others].sort().join(' '), displayNames.get(windows) ?? ''];
  return `  [${cells.map(quote).join(', ')}],`;
});
const aliasLines = [...aliases]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([alias, name]) => `  ${quote(alias)}: ${quote(name)},`);

writeFileSync(
  new URL('../src/model/zones-table.ts', import.meta.url),
  `// Generated by scripts/generate-zones.ts from CLDR ${cldr.supplemental.version._cldrVersion} (Unicode-3.0 licence): do not edit.
/* prettier-ignore */
/** Windows id, its IANA zone (CLDR territory 001), its further IANA zones, the display name of Exchange without offset. */
export const windowsZones: readonly (readonly [windows: string, zone: string, others: string, display: string])[] = [
${windowsLines.join('\n')}
];

/* prettier-ignore */
/** Fixed offset → the Windows id of a zone that has kept it for long and has no changes ahead. */
export const windowsOffsets: Readonly<Record<string, string>> = {
${[...offsets]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([offset, windows]) => `  ${quote(offset)}: ${quote(windows)},`)
  .join('\n')}
};

/* prettier-ignore */
/** Names that IANA or CLDR used once → the name IANA uses today. */
export const zoneAliases: Readonly<Record<string, string>> = {
${aliasLines.join('\n')}
};
`,
);
