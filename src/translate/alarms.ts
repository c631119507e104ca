// VALARM (RFC 5545 §3.6.6) ⇄ the one reminder that an item has; further alarms are kept beside it.
import type { When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { paramOf, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { componentsOf, type Rendered } from './rows.ts';
import { durationMs, durationOf, instantOfStamp } from './times.ts';

/** A reminder before the start: `-PT15M`, `-P1D`, `-PT1H30M`. */
export function renderAlarm(trigger: Jcal): readonly Rendered[] {
  return [
    {
      component: [
        'valarm',
        [['action', {}, 'text', 'DISPLAY'], ['description', {}, 'text', 'Reminder'], trigger],
        [],
      ],
    },
  ];
}

export function minutesTrigger(minutes: number): Jcal {
  return ['trigger', {}, 'duration', minutesText(minutes)];
}

function minutesText(minutes: number): string {
  if (minutes === 0) return 'PT0S';
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
  return `-P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

/** Minutes before the start at which this alarm shows; undefined when it is no such alarm. */
export function minutesBefore(alarm: JcalComponent): number | undefined {
  const trigger = shownTrigger(alarm);
  if (!trigger || trigger[2] !== 'duration' || paramOf(trigger, 'related')?.toUpperCase() === 'END')
    return undefined;
  const duration = durationOf(trigger);
  if (!duration) return undefined;
  const minutes = -durationMs(duration) / 60_000;
  return minutes >= 0 && Number.isInteger(minutes) ? Math.abs(minutes) : undefined;
}

/** The moment at which this alarm shows; undefined when it is bound to a time that is not there. */
export function momentOf(
  alarm: JcalComponent,
  times: { readonly start?: When; readonly end?: When; readonly zone: ZoneId },
): number | undefined {
  const trigger = shownTrigger(alarm);
  if (!trigger) return undefined;
  if (trigger[2] !== 'duration') return instantOfStamp(trigger);
  const isEnd = paramOf(trigger, 'related')?.toUpperCase() === 'END';
  const base = isEnd ? (times.end ?? times.start) : (times.start ?? times.end);
  const duration = durationOf(trigger);
  return base && duration ? instantOfWhen(base, times.zone) + durationMs(duration) : undefined;
}

/** The trigger, if the alarm is one that shows or sounds; an e-mail is never sent for a client. */
function shownTrigger(alarm: JcalComponent): Jcal | undefined {
  const action = textOf(alarm, 'action')?.toUpperCase();
  if (action !== 'DISPLAY' && action !== 'AUDIO') return undefined;
  return alarm[1].find((property) => property[0] === 'trigger');
}

/** Kept alarms except the one that was the reminder, after the reminder as it is now. */
export function mergeAlarms(
  kept: readonly Rendered[],
  shown: readonly Rendered[],
  isReminder: (alarm: JcalComponent) => boolean,
): readonly Rendered[] {
  const reminder = componentsOf(kept).find(isReminder);
  return [...shown, ...kept.filter((part) => !('component' in part) || part.component !== reminder)];
}
