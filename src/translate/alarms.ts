// VALARM (RFC 5545 §3.6.6, RFC 9074) ⇄ the one reminder that an item has; further alarms are kept beside it.
import type { Instant, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { paramOf, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { type Rendered } from './rows.ts';
import { durationMs, durationOf, instantOfStamp } from './times.ts';

/** What the moment of an alarm follows from, beside the alarm itself. */
export interface AlarmTimes {
  readonly start?: When | undefined;
  readonly end?: When | undefined;
  /** For days and for times without a zone. */
  readonly zone: ZoneId;
  /** A moment and an acknowledgement belong to one instance of a series, not to the series. */
  readonly recurs: boolean;
  /** Up to when everything was seen, as Thunderbird says it (X-MOZ-LASTACK). */
  readonly seen?: Instant | undefined;
  /** Also what was seen already. */
  readonly anyway?: boolean;
}

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

/** A reminder before the start: `-PT15M`, `-P1D`, `-PT1H30M`. */
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

/** Minutes before the start at which this alarm shows; undefined when it does not, or later, or was seen already. */
export function minutesBefore(alarm: JcalComponent, times: AlarmTimes): number | undefined {
  const trigger = shownTrigger(alarm);
  if (!trigger || isOver(alarm, times)) return undefined;
  const ms = isFromStart(trigger) ? offsetOf(trigger) : offsetFromStart(alarm, trigger, times);
  return ms === undefined || ms > 0 ? undefined : Math.abs(ms) / 60_000;
}

/** Also true of a reminder that an item without this time cannot have: how a series begins does not matter. */
function isFromStart(trigger: Jcal): boolean {
  return trigger[2] === 'duration' && paramOf(trigger, 'related')?.toUpperCase() !== 'END';
}

function offsetOf(trigger: Jcal): number | undefined {
  const duration = durationOf(trigger);
  return duration && durationMs(duration);
}

function offsetFromStart(alarm: JcalComponent, trigger: Jcal, times: AlarmTimes): number | undefined {
  if (times.start === undefined || (trigger[2] !== 'duration' && times.recurs)) return undefined;
  const moment = shownAt(alarm, times);
  return moment === undefined ? undefined : moment - instantOfWhen(times.start, times.zone);
}

/** The moment at which this alarm shows; undefined when it is bound to a time that is not there, or was seen already. */
export function momentOf(alarm: JcalComponent, times: AlarmTimes): Instant | undefined {
  return isOver(alarm, times) ? undefined : shownAt(alarm, times);
}

function shownAt(alarm: JcalComponent, times: AlarmTimes): Instant | undefined {
  const trigger = shownTrigger(alarm);
  if (!trigger) return undefined;
  if (trigger[2] !== 'duration') return instantOfStamp(trigger);
  const base = isFromStart(trigger) ? (times.start ?? times.end) : (times.end ?? times.start);
  const offset = offsetOf(trigger);
  return base && offset !== undefined ? instantOfWhen(base, times.zone) + offset : undefined;
}

/** What was seen on one device shall not come up on another (RFC 9074 §6.1): Outlook has no reminder then, as after its own "Dismiss". */
function isOver(alarm: JcalComponent, times: AlarmTimes): boolean {
  if (times.recurs || times.anyway === true) return false;
  const acknowledged = instantOfStamp(alarm[1].find(([name]) => name === 'acknowledged'));
  const seen = Math.max(acknowledged ?? -Infinity, times.seen ?? -Infinity);
  return seen > -Infinity && (shownAt(alarm, times) ?? Infinity) <= seen;
}

/** Apple's "never", in alarms that a place sets off or that are switched off. */
const never = '1976-04-01T00:55:45Z';

/** The trigger, if the alarm is one that shows or sounds at a time; an e-mail is never sent for a client. */
function shownTrigger(alarm: JcalComponent): Jcal | undefined {
  const action = textOf(alarm, 'action')?.toUpperCase();
  if (action !== 'DISPLAY' && action !== 'AUDIO') return undefined;
  // RFC 9074 §8.1: set off by a place.
  if (alarm[1].some(([name]) => name === 'proximity' || name === 'x-apple-proximity')) return undefined;
  const trigger = alarm[1].find((property) => property[0] === 'trigger');
  return trigger?.[3] === never ? undefined : trigger;
}

/**
 * Kept alarms with the reminder as it is now: the one that is the reminder comes first, where it is looked for; the one that
 * was it keeps all but its trigger. Without a reminder that one goes; `was` names it, the best guess first.
 */
export function mergeAlarms(
  kept: readonly Rendered[],
  shown: readonly Rendered[],
  { isNow, was }: { readonly isNow: IsReminder; readonly was: readonly IsReminder[] },
): readonly Rendered[] {
  const [reminder] = shown.flatMap(alarmIn);
  const alarms = kept.flatMap(alarmIn);
  const present = reminder && alarms.find(isNow);
  const target = present ?? was.map((guess) => alarms.find(guess)).find((alarm) => alarm !== undefined);
  const others = kept.filter((part) => !('component' in part) || part.component !== target);
  if (!reminder) return others;
  if (!target) return [...shown, ...others];
  return [{ component: target === present ? target : withTrigger(target, reminder) }, ...others];
}

type IsReminder = (alarm: JcalComponent) => boolean;

function alarmIn(part: Rendered): JcalComponent[] {
  return 'component' in part ? [part.component] : [];
}

/** Set anew, it is not acknowledged any more. */
function withTrigger([name, properties, components]: JcalComponent, from: JcalComponent): JcalComponent {
  const triggers = from[1].filter((each) => each[0] === 'trigger');
  const others = properties.filter((each) => each[0] !== 'trigger' && each[0] !== 'acknowledged');
  return [name, [...others, ...triggers], components];
}
