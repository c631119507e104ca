// SerializableTimeZone of GetUserAvailability ([MS-OXWSAVAIL] 2.2.4.22): a bias in minutes and two changes a year.
import { childOf, textOf, type XmlElement } from '../src/xml/index.ts';
import type { SimZone } from './calendar/index.ts';
import { EwsError } from './errors.ts';

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
