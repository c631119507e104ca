// Busy times of a calendar by free-busy-query (RFC 4791 §7.10): the answer is a VFREEBUSY.
import type { BusyTime } from '../model/backend.ts';
import type { Range } from '../model/time.ts';
import { renderXml } from '../xml/index.ts';
import { failureOf } from './failures.ts';
import { linesOf, parametersOf, valueStart, type Line } from './lines.ts';
import { documentElement } from './names.ts';
import type { Place } from './place.ts';
import { rangeElement } from './shape.ts';

/** @throws BackendError, DavError where the server does not answer such questions */
export async function busyTimesOf(
  place: Place,
  range: Required<Range>,
  signal?: AbortSignal,
): Promise<readonly BusyTime[]> {
  const answer = await place.client.ask({
    method: 'REPORT',
    path: place.path,
    headers: { 'Content-Type': 'application/xml; charset=utf-8', Depth: '1' },
    body: renderXml(documentElement('C:free-busy-query', rangeElement('C:time-range', range))),
    signal,
  });
  if (answer.status >= 300) throw failureOf(answer, { subject: 'server' });
  return linesOf(answer.body.toString('utf8')).flatMap((line) =>
    line.name === 'FREEBUSY' ? timesIn(line) : [],
  );
}

const kinds: Readonly<Record<string, BusyTime['busy'] | 'free'>> = {
  FREE: 'free',
  'BUSY-TENTATIVE': 'tentative',
  'BUSY-UNAVAILABLE': 'out-of-office',
};

function timesIn(line: Line): BusyTime[] {
  const type = parametersOf(line.text).find((each) => /^FBTYPE=/i.test(each));
  const busy = kinds[type?.slice('FBTYPE='.length).toUpperCase() ?? ''] ?? 'busy';
  if (busy === 'free') return [];
  const periods = line.text.slice(valueStart(line.text)).split(',');
  return periods.flatMap((period) => {
    const range = periodIn(period);
    return range === undefined ? [] : [{ range, busy }];
  });
}

/** Start and end, or start and duration; always UTC (RFC 5545 §3.8.2.6). */
function periodIn(period: string): { readonly from: number; readonly to: number } | undefined {
  const [start = '', end = ''] = period.trim().split('/');
  const from = instantIn(start);
  const to = instantIn(end) ?? (from === undefined ? undefined : from + durationIn(end));
  return from === undefined || to === undefined || Number.isNaN(to) ? undefined : { from, to };
}

function instantIn(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}

function durationIn(text: string): number {
  const match = /^\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (match === null) return Number.NaN;
  const [, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.map((digits) =>
    Number(digits ?? 0),
  );
  return ((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
