// npm run bench:davmail: DavMail 6.0.1 and this gateway in turn on the same simulated Exchange, with the same mailbox,
// requests and latency. `-- --json FILE` writes the figures, `-- --markdown FILE` puts the table into that file.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compare } from './davmail-measure.ts';
import { davmailPeer, exdavPeer } from './davmail-peers.ts';
import { renderTable } from './davmail-table.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    markdown: { type: 'string' },
    events: { type: 'string', default: '1000' },
    contacts: { type: 'string', default: '300' },
    latency: { type: 'string', default: '20' },
    runs: { type: 'string', default: '20' },
    'warm-ups': { type: 'string', default: '20' },
    /** For the JVM: `--java=-Xmx64m`. */
    java: { type: 'string', default: '' },
  },
});

const settings = {
  events: Number(values.events),
  contacts: Number(values.contacts),
  latencyMs: Number(values.latency),
  runs: Number(values.runs),
  warmUps: Number(values['warm-ups']),
};
const peers = [davmailPeer(values.java.split(' ').filter((word) => word !== '')), exdavPeer];
const comparison = await compare(peers, settings);
const table = renderTable(comparison);
console.log(table);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(comparison, undefined, 2)}\n`);
if (values.markdown !== undefined) {
  const text = readFileSync(values.markdown, 'utf8');
  const marked = /(<!-- table -->\n)[\s\S]*(<!-- \/table -->)/;
  writeFileSync(
    values.markdown,
    text.replace(marked, (_, open: string, close: string) => `${open}\n${table}\n\n${close}`),
  );
}
