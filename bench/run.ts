// npm run bench: the call budget of every kind of request, with time, CPU, bytes and memory, against the floor under it.
// Ends with 1 when a budget or a target is missed. `npm run bench -- --json FILE` also writes the figures.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureFirstRead } from './first-read.ts';
import { measureMailboxes } from './mailboxes.ts';
import { measureScenarios, type Row } from './measure.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    events: { type: 'string', default: '1000,10000' },
    latency: { type: 'string', default: '20' },
    mailboxes: { type: 'string', default: '1000' },
  },
});
const latencyMs = Number(values.latency);
const rows: Row[] = [];
for (const events of values.events.split(',').map(Number)) {
  rows.push(...(await measureScenarios({ events, latencyMs })));
  rows.push(await measureFirstRead({ events, latencyMs }));
}
const mailboxes = Number(values.mailboxes);
if (mailboxes > 0) rows.push(await measureMailboxes(mailboxes));

const columns = [
  'events',
  'name',
  'calls',
  'budget',
  'wallMs',
  'floorMs',
  'cpuMs',
  'bytes',
  'peakRssMb',
  'stallMs',
  'target',
] as const;
const cell = (value: string | number | undefined): string =>
  typeof value === 'number' ? String(Math.round(value * 100) / 100) : (value ?? '');
const table = [
  `| ${columns.join(' | ')} | |`,
  `|${' --- |'.repeat(columns.length + 1)}`,
  ...rows.map(
    (row) => `| ${columns.map((column) => cell(row[column])).join(' | ')} | ${row.missed.join('; ')} |`,
  ),
].join('\n');
console.log(table);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
process.exitCode = rows.some((row) => row.missed.length > 0) ? 1 : 0;
