// Series of a seeded calendar: every pattern and range, with changed and cancelled occurrences.
import { datesFrom, lastIndex, toInstant, type Recurrence, type RecurrenceRange } from '../calendar/index.ts';
import type { Exception, Folder, Item, Values } from '../state/index.ts';
import {
  addEvent,
  dateOf,
  dayMs,
  homeZone,
  othersMeeting,
  ownMeeting,
  trimmings,
  zoneNamed,
  type Sowing,
} from './calendar.ts';
import { plans, type SeriesPlan } from './series-plans-table.ts';
import { rooms } from './words-table.ts';

export const seriesPlans = plans.length;

/** The series of that number; beyond the plans they come again. */
export function addSeries(sowing: Sowing, folder: Folder, number: number): Item {
  const plan = plans[number % plans.length];
  if (plan === undefined) throw new Error('no plans');
  const { random, today } = sowing;
  const zone = plan.zone === undefined ? homeZone : zoneNamed(plan.zone);
  const begin = dateOf(today - (100 + random.below(440)) * dayMs);
  const recurrence = recurrenceOf(plan, begin);
  const start = toInstant(`${recurrence.range.startDate}T${plan.time}:00`, zone);
  const end = wallEnd(start, plan, zone);
  const meeting =
    plan.meeting === 'own' ? ownMeeting(random) : plan.meeting === 'others' ? othersMeeting(sowing) : {};
  const values: Values = {
    ...trimmings(sowing),
    ...meeting,
    subject: plan.subject,
    start,
    end,
    startZone: zone,
    endZone: zone,
    isAllDay: plan.isAllDay === true,
    recurrence,
  };
  const { exceptions, deletions } = deviationsOf(sowing, plan, values);
  return addEvent(sowing, folder, { values, exceptions, deletions });
}

function wallEnd(start: number, plan: SeriesPlan, zone: Parameters<typeof toInstant>[1]): number {
  // All days have 24 hours on the wall clock of an all-day event.
  if (plan.isAllDay !== true) return start + plan.minutes * 60_000;
  const next = dateOf(start + 1.5 * dayMs);
  return toInstant(`${next}T00:00:00`, zone);
}

/** The range begins with the first date of the pattern, as the server would move it. */
function recurrenceOf({ pattern, range }: SeriesPlan, begin: string): Recurrence {
  const [first] = datesFrom({ pattern, range: { kind: 'NoEnd', startDate: begin } });
  const startDate = first?.date ?? begin;
  const end = Date.parse(`${startDate}T00:00:00Z`) + 730 * dayMs;
  const kept: RecurrenceRange =
    range === 'NoEnd'
      ? { kind: 'NoEnd', startDate }
      : range === 'EndDate'
        ? { kind: 'EndDate', startDate, endDate: dateOf(end) }
        : { kind: 'Numbered', startDate, count: range };
  return { pattern, range: kept };
}

interface Deviations {
  readonly exceptions: readonly Exception[];
  readonly deletions: readonly number[];
}

/** About one occurrence in eight of the first forty is changed or cancelled. */
function deviationsOf(sowing: Sowing, plan: SeriesPlan, master: Values): Deviations {
  const { random } = sowing;
  const exceptions: Exception[] = [];
  const deletions: number[] = [];
  const { recurrence } = master;
  if (recurrence === undefined) return { exceptions, deletions };
  const last = Math.min(lastIndex(recurrence) ?? 40, 40);
  for (const { index, date } of datesFrom(recurrence)) {
    if (index > last) break;
    if (index === 1 || random.chance(87)) continue;
    if (random.chance(40)) deletions.push(index);
    else exceptions.push({ index, values: changeOf(sowing, plan, { date, master }) });
  }
  return { exceptions, deletions };
}

function changeOf(sowing: Sowing, plan: SeriesPlan, occurrence: { date: string; master: Values }): Values {
  const { random } = sowing;
  const { master, date } = occurrence;
  const zone = master.startZone ?? homeZone;
  const start = toInstant(`${date}T${plan.time}:00`, zone);
  const canMove = plan.isAllDay !== true && plan.minutes <= 120 && plan.time < '21:00';
  // Start and end are kept even where they are not what was changed, as Exchange keeps them.
  const shift = canMove && random.chance(60) ? random.pick([30, 60, 90]) * 60_000 : 0;
  const end = plan.isAllDay === true ? wallEnd(start, plan, zone) : start + plan.minutes * 60_000;
  return {
    start: start + shift,
    end: end + shift,
    ...((shift === 0 || random.chance(30)) && { subject: `${plan.subject} (special)` }),
    ...(random.chance(30) && { location: random.pick(rooms) }),
  };
}
