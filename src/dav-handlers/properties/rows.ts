// Every live property by name.
import { appleRows } from './apple-table.ts';
import { caldavRows } from './caldav-table.ts';
import { carddavRows } from './carddav-table.ts';
import type { PropertyRow } from './row.ts';
import { webdavRows } from './webdav-table.ts';

export const propertyRows: readonly PropertyRow[] = [
  ...webdavRows,
  ...caldavRows,
  ...carddavRows,
  ...appleRows,
];

const byName: ReadonlyMap<string, PropertyRow> = new Map(propertyRows.map((row) => [row.name, row]));

export function rowOf(name: string): PropertyRow | undefined {
  return byName.get(name);
}
