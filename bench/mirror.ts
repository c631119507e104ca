// npm run bench:mirror: the first mirror of a large calendar against the same PUTs in a bare loop, requests of each kind of
// cycle, memory, and what idle pairs cost; `--only double,xandikos` some of it. Ends with 1 when a target is missed. docs/performance.md has the last figures.
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
  options: {
    events: { type: 'string', default: '10000' },
    pairs: { type: 'string', default: '1000' },
    only: { type: 'string' },
  },
});
const events = Number(values.events);

const parts: Readonly<Record<string, () => Promise<readonly MirrorRow[]>>> = {
  cycles: measureCycles,
  double: () => measureFirstMirror('double', events),
  xandikos: async () =>
    existsSync('/usr/bin/xandikos')
      ? measureFirstMirror('xandikos', events)
      : [
          {
            what: 'first mirror into Xandikos',
            value: 'xandikos is not installed',
            target: '',
            isMissed: true,
          },
        ],
  idle: async () => [await measureIdlePairs(Number(values.pairs))],
};
const names = values.only?.split(',') ?? Object.keys(parts);
const rows: MirrorRow[] = [];
for (const name of names) {
  const part = parts[name];
  if (part === undefined) throw new Error(`--only: there are ${Object.keys(parts).join(', ')}`);
  rows.push(...(await part()));
}
console.log('| What | Measured | Target |\n| --- | --- | --- |');
for (const { what, value, target, isMissed } of rows)
  console.log(`| ${what} | ${value}${isMissed ? ' MISSED' : ''} | ${target} |`);
process.exitCode = rows.some(({ isMissed }) => isMissed) ? 1 : 0;
