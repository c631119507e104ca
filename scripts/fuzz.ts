// npm run fuzz: mutated iCalendar, vCard, XML, SOAP and DAV requests. Nothing crashes, hangs over a second, grows, or answers 500
// for what a client has sent. Ends with 1 when anything is found, with 2 when it is called wrongly.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, type Fuzzed, type Progress } from '../test/fuzz/run.ts';

const help = `npm run fuzz -- [options]
  --cases N      how many cases (default 10000, or as many as there is time for)
  --seconds S    how long at most
  --seed X       a whole number; the same seed gives the same cases (default: a new one each time)
  --case N       only the case of that number (with the seed that was told)
  --only A,B     only these targets: calendar, rule, card, xml, soap, request, answer
  --folder PATH  where the inputs of findings are kept (default: a folder of the system's temporary one)
  --help         this
`;

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
    case: { type: 'string' },
    only: { type: 'string' },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(help);
else await main();

async function main(): Promise<void> {
  const [cases, seconds, seed, one] = [values.cases, values.seconds, values.seed, values.case].map(numberOf);
  if ([cases, seconds, seed, one].some(Number.isNaN)) {
    console.error(help);
    process.exitCode = 2;
    return;
  }
  const chosen = seed ?? Math.floor(Math.random() * 1e9);
  const folder = values.folder ?? join(tmpdir(), `exdav-fuzz-${chosen}`);
  const fuzzed = await fuzz({
    seed: chosen,
    cases: one === undefined ? (cases ?? (seconds === undefined ? 10_000 : 1e12)) : 1,
    folder,
    ...(one !== undefined && { from: one }),
    ...(seconds !== undefined && { seconds }),
    ...(values.only !== undefined && { only: values.only.split(',') }),
    ...(process.stdout.isTTY && { onProgress: showProgress }),
  });
  if (process.stdout.isTTY) process.stdout.write('\r\u{1B}[K');
  tell(fuzzed, chosen);
  process.exitCode = fuzzed.found.length > 0 ? 1 : 0;
}

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

function showProgress({ cases, findings, heapBytes }: Progress): void {
  const heap = heapBytes === undefined ? '' : `, ${mib(heapBytes)} MiB held`;
  process.stdout.write(`\r\u{1B}[K${cases} cases, ${findings} findings${heap}`);
}

function tell({ cases, byTarget, found, samples, slow, seconds }: Fuzzed, seed: number): void {
  const split = Object.entries(byTarget).map(([name, count]) => `${name} ${count}`);
  console.log(
    `seed ${seed}: ${cases} cases in ${seconds.toFixed(0)} s, ${Math.round(cases / seconds)} a second`,
  );
  console.log(`by target: ${split.join(', ')}`);
  const held = samples.map(({ bytes }) => bytes);
  if (held.length > 0)
    console.log(
      `held after collection: ${mib(held[0] ?? 0)} MiB first, ${mib(held.at(-1) ?? 0)} MiB last, ${mib(Math.max(...held))} MiB at most`,
    );
  if (slow > 0) console.log(`${slow} cases took over a second once and not again`);
  for (const { kind, index, target, message, file } of found) {
    console.log(`! ${kind} in ${target}: ${message.slice(0, 600)}`);
    console.log(`  again: npm run fuzz -- --seed ${seed} --case ${index}   input: ${file}`);
  }
  console.log(found.length === 0 ? 'nothing found' : `${found.length} findings`);
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
