// RDATE (RFC 5545 §3.8.5.2) ⇄ the dates that an event has beside those of its rule; of a PERIOD with its own end.
import type { ExtraDate } from '../model/item.ts';
import type { When } from '../model/time.ts';
import type { Jcal } from './codec.ts';
import type { ParseContext } from './rows.ts';
import { afterDuration, asInSeries, durationOf, renderPeriod, renderWhen, whenOf } from './times.ts';

/** @throws TranslateError `invalid` */
export function parseExtraDates(
  properties: readonly Jcal[],
  context: ParseContext,
): readonly ExtraDate[] | undefined {
  const dates = properties.flatMap((property) =>
    property.slice(3).map((value) => extraDateOf(value, property, context)),
  );
  return dates.length === 0 ? undefined : dates;
}

function extraDateOf(value: unknown, [name, params, type]: Jcal, context: ParseContext): ExtraDate {
  const [first, last]: readonly unknown[] = Array.isArray(value) ? value : [value];
  const single = (part: unknown): Jcal => [name, params, type, part];
  const given = whenOf(single(first), context.zoneOf);
  const start = inSeries(given, context);
  if (last === undefined || start.kind === 'date') return { start };
  const duration = durationOf(single(last));
  const end = duration ? afterDuration(given, duration) : whenOf(single(last), context.zoneOf);
  return { start, end: inSeries(end, context) };
}

function inSeries(when: When, { seriesStart, defaultZone }: ParseContext): When {
  return seriesStart ? asInSeries(when, seriesStart, defaultZone) : when;
}

export function renderExtraDates(dates: readonly ExtraDate[] = []): readonly Jcal[] {
  return dates.map(({ start, end }) =>
    end === undefined ? renderWhen('rdate', start) : renderPeriod('rdate', start, end),
  );
}
