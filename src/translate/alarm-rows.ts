// The rows of the reminder: VALARM and what Thunderbird says beside it ⇄ minutes before an event, or a moment of a task.
import type { EventItem, Item, TaskItem } from '../model/item.ts';
import type { When } from '../model/time.ts';
import {
  mergeAlarms,
  minutesBefore,
  minutesTrigger,
  momentOf,
  renderAlarm,
  type AlarmTimes,
} from './alarms.ts';
import { componentsOf, type JcalComponent, type Rendered, type Row } from './rows.ts';
import { firstOf } from './shared-rows.ts';
import { instantOfStamp, textOfInstant } from './times.ts';

const claims = ['valarm', 'x-moz-lastack', 'x-moz-snooze-time'];

/** Snoozed is not seen: it is to come up again. */
function seenIn(parts: readonly Rendered[]): Pick<AlarmTimes, 'seen'> {
  return {
    seen: firstOf(parts, 'x-moz-snooze-time') ? undefined : instantOfStamp(firstOf(parts, 'x-moz-lastack')),
  };
}

export const eventAlarmRow: Row<EventItem> = {
  claims,
  fields: ['reminderMinutes'],
  readsStart: true,
  render: ({ reminderMinutes }) =>
    reminderMinutes === undefined ? [] : renderAlarm(minutesTrigger(reminderMinutes)),
  parse(parts, context, event) {
    const times = { ...eventTimes(event, context.defaultZone), ...seenIn(parts) };
    const found = componentsOf(parts).flatMap((alarm) => minutesBefore(alarm, times) ?? []);
    const held = context.present?.kind === 'event' ? context.present.reminderMinutes : undefined;
    // Clients write alarms in any order: as long as the reminder is still among them, it is the one.
    const isHeld =
      !context.isJudging && held !== undefined && found.some((each) => Math.round(each) === held);
    return { reminderMinutes: isHeld ? held : found[0] };
  },
  apart(parts, { view, zone }) {
    if (view.reminderMinutes !== undefined) return [];
    const times = { ...eventTimes(view, zone), ...seenIn(parts) };
    return parts.filter((part) => 'component' in part && minutesBefore(part.component, times) !== undefined);
  },
  merge(kept, shown, { view, zone }) {
    const times = { ...eventTimes(view, zone), ...seenIn(kept) };
    const isNow = (alarm: JcalComponent): boolean => minutesBefore(alarm, times) === view.reminderMinutes;
    const shows = (more: Partial<AlarmTimes>) => (alarm: JcalComponent) =>
      minutesBefore(alarm, { ...times, ...more }) !== undefined;
    // What was seen already can only be set anew.
    const was = view.reminderMinutes === undefined ? [shows({})] : [shows({}), shows({ anyway: true })];
    return mergeAlarms(kept, shown, { isNow, was });
  },
};

function eventTimes({ start, end, recurrence }: EventItem, zone: string): AlarmTimes {
  return { start, end, zone, recurs: recurrence !== undefined };
}

export const taskAlarmRow: Row<TaskItem> = {
  claims,
  fields: ['reminderAt'],
  readsStart: true,
  render: ({ reminderAt }) =>
    reminderAt === undefined ? [] : renderAlarm(['trigger', {}, 'date-time', textOfInstant(reminderAt)]),
  parse(parts, context, task) {
    const { start, end, defaultZone: zone } = context;
    // A new task that is done does not recur, whatever its rule (task-instances.ts).
    const isOver = task.status === 'completed' && !isSeries(context.present);
    const recurs = task.recurrence !== undefined && !isOver;
    const times = { start, end, zone, recurs, ...seenIn(parts) };
    const found = componentsOf(parts).flatMap((alarm) => momentOf(alarm, times) ?? []);
    const held = context.present?.kind === 'task' ? context.present.reminderAt : undefined;
    const isHeld = held !== undefined && found.includes(held);
    return { reminderAt: isHeld ? held : found[0] };
  },
  apart: (parts, { view, zone }) =>
    view.reminderAt === undefined
      ? parts.filter((part) => 'component' in part && momentOf(part.component, anyTimes(zone)) !== undefined)
      : [],
  merge(kept, shown, { view, zone }) {
    // Which one was the reminder: the first that shows at all, as `parse` takes it.
    const times = anyTimes(zone);
    return mergeAlarms(kept, shown, {
      isNow: (alarm) => momentOf(alarm, times) === view.reminderAt,
      was: [(alarm) => momentOf(alarm, times) !== undefined],
    });
  },
};

function isSeries(present: Item | undefined): boolean {
  return present?.kind === 'task' && present.recurrence !== undefined;
}

/** With which every alarm shows at some time. */
function anyTimes(zone: string): AlarmTimes {
  const anyTime: When = { kind: 'date', date: '2000-01-01' };
  return { start: anyTime, end: anyTime, zone, recurs: true };
}
