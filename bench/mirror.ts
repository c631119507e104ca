// npm run bench:mirror: the first mirror of a large calendar against the same PUTs in a bare loop, requests of each kind of
// cycle, memory, and what idle pairs cost. Ends with 1 when a target is missed. docs/performance.md has the last figures.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCycles } from './mirror-cycles.ts';
import { measureFirstMirror } from './mirror-first.ts';
import { measureIdlePairs } from './mirror-idle.ts';

export interface MirrorRow {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  readonly isMissed: boolean;
}

const { values } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, pairs: { type: 'string', default: '1000' } },
});
const events = Number(values.events);
const rows: MirrorRow[] = [
  ...(await measureCycles()),
  ...(await measureFirstMirror('double', events)),
  ...(existsSync('/usr/bin/xandikos')
    ? await measureFirstMirror('xandikos', events)
    : [
        {
          what: 'first mirror into Xandikos',
          value: 'xandikos is not installed',
          target: '',
          isMissed: true,
        },
      ]),
  await measureIdlePairs(Number(values.pairs)),
];
console.log('| What | Measured | Target |\n| --- | --- | --- |');
for (const { what, value, target, isMissed } of rows)
  console.log(`| ${what} | ${value}${isMissed ? ' MISSED' : ''} | ${target} |`);
process.exitCode = rows.some(({ isMissed }) => isMissed) ? 1 : 0;
