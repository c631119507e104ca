// The simulator's own speed: it must never be the bottleneck of a measurement. CPU of one call by its handler, HTTP and
// sign-in included, and the memory of 100,000 items. Ends with 1 when a limit is missed.
import { startSimulator, type Simulator } from '../simulator/index.ts';

const limits = { getItem: 5, syncFolderItems: 10, megabytes: 600 } as const;
const items = 100_000;
const alice = `Basic ${Buffer.from('alice@example.test:alice').toString('base64')}`;

const before = process.memoryUsage().rss;
const simulator = await startSimulator({ seed: items });
globalThis.gc?.();
const megabytes = (process.memoryUsage().rss - before) / 1024 / 1024;

const shape =
  '<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>' +
  ['item:Subject', 'calendar:Start', 'calendar:End', 'calendar:Location', 'calendar:UID', 'item:Body']
    .map((uri) => `<t:FieldURI FieldURI="${uri}"/>`)
    .join('') +
  '</t:AdditionalProperties></m:ItemShape>';
const sync = (most: number): string =>
  `<m:SyncFolderItems>${shape.replace('<t:FieldURI FieldURI="item:Body"/>', '')}<m:SyncFolderId><t:DistinguishedFolderId Id="calendar"/></m:SyncFolderId><m:MaxChangesReturned>${most}</m:MaxChangesReturned></m:SyncFolderItems>`;

const listed = await ask(simulator, sync(512));
const ids = listed
  .split('<t:CalendarItem>')
  .slice(1)
  .filter((item) => !item.includes('Recurr'))
  .slice(0, 100)
  .map((item) => /<t:ItemId [^>]*>/.exec(item)?.[0] ?? '');
const get = (base: string): string => `<m:GetItem>${base}<m:ItemIds>${ids.join('')}</m:ItemIds></m:GetItem>`;
const all = '<m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape>';

const rows = [
  {
    name: 'GetItem of 100 plain events, six properties',
    value: await cpuMs(get(shape)),
    limit: limits.getItem,
    unit: 'ms CPU',
  },
  {
    name: 'GetItem of 100 plain events, all properties',
    value: await cpuMs(get(all)),
    limit: undefined,
    unit: 'ms CPU',
  },
  {
    name: 'SyncFolderItems of 512',
    value: await cpuMs(sync(512)),
    limit: limits.syncFolderItems,
    unit: 'ms CPU',
  },
  { name: `${items} items`, value: megabytes, limit: limits.megabytes, unit: 'MB' },
];
console.log('| What | Measured | Limit |\n| --- | --- | --- |');
for (const { name, value, limit, unit } of rows)
  console.log(`| ${name} | ${value.toFixed(1)} ${unit} | ${limit === undefined ? '' : `${limit} ${unit}`} |`);
await simulator.close();
process.exitCode = rows.some(({ value, limit }) => limit !== undefined && value > limit) ? 1 : 0;

/** CPU of the process, client and server together, for one call: the median of many, after a warm-up. */
async function cpuMs(body: string): Promise<number> {
  const samples: number[] = [];
  for (let run = 0; run < 120; run += 1) {
    const start = process.cpuUsage();
    await ask(simulator, body);
    const { user, system } = process.cpuUsage(start);
    if (run >= 40) samples.push((user + system) / 1000);
  }
  samples.sort((a, b) => a - b);
  return samples[samples.length >> 1] ?? Number.NaN;
}

async function ask({ url }: Simulator, body: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: alice,
      'content-type': 'text/xml; charset=utf-8',
      'accept-encoding': 'identity',
    },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Header><t:RequestServerVersion Version="Exchange2016"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  });
  return response.text();
}
