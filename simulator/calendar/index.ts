// Calendar arithmetic of the simulated server: its own, so that a mistake of the gateway cannot hide in it.
export {
  datesFrom,
  indexOfDate,
  instanceDate,
  lastIndex,
  regeneratedDate,
  type Pattern,
  type Recurrence,
  type RecurrenceRange,
  type Regeneration,
} from './recurrence.ts';
export { parseRecurrence, renderRecurrence } from './recurrence-xml.ts';
export { CalendarRefusal } from './refusal.ts';
export {
  changesOf,
  offsetAt,
  serverZoneIds,
  toInstant,
  toLocal,
  utcZone,
  windowsZoneOf,
  zonedDateTime,
  namedZoneOf,
  zoneOf,
  type SimZone,
} from './zone.ts';
export { definitionOf } from './zone-definition.ts';
export { parseZone, renderZone, serverTimeZones } from './zone-xml.ts';
