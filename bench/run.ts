// npm run bench: the call budget of every kind of request, with time, CPU, bytes and memory, against the floor under it.
// Ends with 1 when a budget or a target is missed. What the options do: docs/performance.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureFirstRead } from './first-read.ts';
import { measureMailboxes } from './mailboxes.ts';
import { measureScenarios } from './measure.ts';
import { type Row, tableOf } from './row.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    events: { type: 'string' },
    latency: { type: 'string', default: '20' },
    mailboxes: { type: 'string' },
    only: { type: 'string', default: '' },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});
const { quick: isQuick } = values;
const latencyMs = Number(values.latency);
const only = new RegExp(values.only);
const [warmUps, runs] = isQuick ? [1, Number(values.runs ?? 3)] : [5, Number(values.runs ?? 20)];
const mailboxes = Number(values.mailboxes ?? (isQuick ? 0 : 1000));

const rows: Row[] = [];
for (const events of (values.events ?? (isQuick ? '1000' : '1000,10000')).split(',').map(Number)) {
  rows.push(...(await measureScenarios({ events, latencyMs, warmUps, runs, only, isQuick })));
  if (!isQuick && only.test('first complete read'))
    rows.push(...(await measureFirstRead({ events, latencyMs, runs: Math.min(runs, 5) })));
}
if (mailboxes > 0 && only.test('mailboxes')) rows.push(await measureMailboxes(mailboxes));

console.log(tableOf(rows));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, undefined, 2)}\n`);
process.exitCode = rows.some((row) => row.missed.length > 0) ? 1 : 0;
