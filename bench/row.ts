// One line of the result, and the whole as a table.
export interface Row {
  readonly name: string;
  readonly events?: number;
  /** EWS calls of a run: fewest and most. */
  readonly calls?: readonly [number, number];
  readonly budget?: number;
  readonly wallMs?: number;
  readonly floorMs?: number;
  readonly cpuMs?: number;
  readonly bytes?: number;
  readonly peakRssMb?: number;
  readonly stallMs?: number;
  /** What must hold, in words. */
  readonly target?: string;
  /** Which of budget and target do not. */
  readonly missed: readonly string[];
}

const columns = [
  ['events', ({ events }) => whole(events)],
  ['request', ({ name }) => name],
  ['EWS calls', ({ calls }) => (calls === undefined ? '' : [...new Set(calls)].join('–'))],
  ['budget', ({ budget }) => whole(budget)],
  ['wall ms', ({ wallMs }) => tenths(wallMs)],
  ['floor ms', ({ floorMs }) => tenths(floorMs)],
  ['CPU ms', ({ cpuMs }) => tenths(cpuMs)],
  ['bytes', ({ bytes }) => whole(bytes)],
  ['peak RSS MB', ({ peakRssMb }) => whole(peakRssMb)],
  ['stall ms', ({ stallMs }) => whole(stallMs)],
  ['target', ({ target }) => target ?? ''],
  ['missed', ({ missed }) => missed.join('; ')],
] as const satisfies readonly (readonly [string, (row: Row) => string])[];

export function tableOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, cell]) => cell(row)))),
  ].join('\n');
}

function whole(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value));
}

function tenths(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(1);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
