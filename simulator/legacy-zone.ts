// SerializableTimeZone of GetUserAvailability ([MS-OXWSAVAIL] 2.2.4.22): a bias in minutes and two changes a year.
import { childOf, textOf, type XmlElement } from '../src/xml/index.ts';
import { changesOf, offsetAt, type SimZone } from './calendar/index.ts';
import { EwsError } from './errors.ts';
import { tag } from './fields/row.ts';

const minuteMs = 60_000;
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** @throws EwsError ErrorTimeZone */
export function parseLegacyZone(element: XmlElement): SimZone {
  const bias = numberIn(element, 'Bias');
  const standard = parseChange(childOf(element, 'StandardTime'), 'standard');
  const daylight = parseChange(childOf(element, 'DaylightTime'), 'daylight');
  const period = (id: string, extra: number): { id: string; name: string; offset: number } => ({
    id,
    name: id,
    offset: -(bias + extra) * minuteMs,
  });
  // A month of 0 means: no change of the clocks.
  const rules =
    standard.rule === undefined || daylight.rule === undefined
      ? []
      : [standard.transition, daylight.transition];
  return {
    id: 'tzone://Microsoft/Custom',
    name: '',
    definition: {
      periods: [period('standard', standard.bias), period('daylight', daylight.bias)],
      groups: [{ id: '0', transitions: rules.length === 0 ? [{ to: 'standard' }] : rules }],
      transitions: [{ group: '0' }],
    },
  };
}

/** Contents of t:TimeZone as the rules of one year are. */
export function renderLegacyZone(zone: SimZone, year: number): string {
  const [first, ...changes] = changesOf(zone, year);
  const offsets = [first?.offset ?? 0, ...changes.map(({ offset }) => offset)];
  // Standard time is the one further west.
  const standard = Math.min(...offsets);
  const daylight = changes.find(({ offset }) => offset > standard);
  const back = changes.find(({ offset }) => offset === standard);
  const isChanging = daylight !== undefined && back !== undefined;
  const bias = (offset: number): string => tag('Bias', String((standard - offset) / minuteMs));
  const steady = `${bias(standard)}<t:Time>00:00:00</t:Time><t:DayOrder>0</t:DayOrder><t:Month>0</t:Month><t:DayOfWeek>Sunday</t:DayOfWeek>`;
  const rule = (at: number, offset: number): string => {
    const wall = new Date(at + offsetAt(at - 1, zone));
    return bias(offset) + renderRule(wall);
  };
  return (
    tag('Bias', String(-standard / minuteMs)) +
    tag('StandardTime', isChanging ? rule(back.at, back.offset) : steady) +
    tag('DaylightTime', isChanging ? rule(daylight.at, daylight.offset) : steady)
  );
}

/** The nth or last such weekday of its month. */
function renderRule(wall: Date): string {
  const day = wall.getUTCDate();
  const last = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 0)).getUTCDate();
  const order = day + 7 > last ? 5 : Math.ceil(day / 7);
  return (
    tag('Time', wall.toISOString().slice(11, 19)) +
    tag('DayOrder', String(order)) +
    tag('Month', String(wall.getUTCMonth() + 1)) +
    tag('DayOfWeek', weekdays[wall.getUTCDay()] ?? 'Sunday')
  );
}

type Definition = NonNullable<SimZone['definition']>;
type Transition = Definition['groups'][number]['transitions'][number];

interface Change {
  readonly bias: number;
  readonly rule: Transition['rule'];
  readonly transition: Transition;
}

function parseChange(element: XmlElement | undefined, to: string): Change {
  if (element === undefined) throw new EwsError('ErrorTimeZone');
  const bias = numberIn(element, 'Bias');
  const month = numberIn(element, 'Month');
  if (month === 0) return { bias, rule: undefined, transition: { to } };
  const weekday = weekdays.indexOf(textOf(childOf(element, 'DayOfWeek')).trim());
  const order = numberIn(element, 'DayOrder');
  const [hours = 0, minutes = 0] = textOf(childOf(element, 'Time')).split(':').map(Number);
  if (weekday < 0 || order < 1 || order > 5) throw new EwsError('ErrorTimeZone');
  const time = (hours * 60 + minutes) * minuteMs;
  const rule: Transition['rule'] = {
    kind: 'day',
    time,
    month: month - 1,
    weekday,
    occurrence: order === 5 ? -1 : order,
  };
  return { bias, rule, transition: { to, rule } };
}

function numberIn(element: XmlElement, name: string): number {
  const value = Number(textOf(childOf(element, name)));
  if (!Number.isInteger(value)) throw new EwsError('ErrorTimeZone');
  return value;
}
