// EWS's xs:dateTime and xs:date texts ⇄ instants and plain dates (BEHAVIOUR §8).
import type { Instant, LocalDate, ZoneId } from '../../model/time.ts';
import { offsetAt } from '../../model/zones.ts';

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Some answers lack the `Z` (attachments of Exchange 2016): they mean UTC. */
export function parseInstant(text: string): Instant | undefined {
  const trimmed = text.trim();
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(trimmed)) return undefined;
  const instant = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/i.test(trimmed) ? trimmed : `${trimmed}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}

export function renderInstant(instant: Instant): string {
  return new Date(instant).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** xs:date; real answers carry an offset behind it (`2014-03-08-08:00`), which says nothing about the day. */
export function parseDate(text: string): LocalDate | undefined {
  return /^\s*(\d{4}-\d\d-\d\d)/.exec(text)?.[1];
}

/** The day whose midnight UTC is nearest: undoes a midnight that was written in another zone (BEHAVIOUR §10). */
export function nearestDate(instant: Instant): LocalDate {
  return new Date(instant + 12 * hourMs).toISOString().slice(0, 10);
}

/** Programs reckon old birthdays, too, with the offsets of today. */
const presentDay = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)];

/**
 * The day that a program of this mailbox wrote as an instant: midnight UTC, midnight or noon of the mailbox's own zone (the
 * nearest midnight UTC would be the day before where the zone is thirteen hours ahead), else the nearest.
 */
export function dayOfInstant(instant: Instant, zone: ZoneId | undefined): LocalDate {
  if (instant % dayMs === 0 || zone === undefined) return nearestDate(instant);
  const offsets = new Set([instant, ...presentDay].map((at) => offsetAt(zone, at)));
  for (const time of [0, 12 * hourMs])
    for (const offset of offsets) {
      const local = instant + offset;
      if ((((local - time) % dayMs) + dayMs) % dayMs === 0) return new Date(local).toISOString().slice(0, 10);
    }
  return nearestDate(instant - 1);
}
