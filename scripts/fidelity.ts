// npm run fidelity: nothing is lost. Every object of the corpus (EXDAV_CORPUS, else shared/corpus beside the repository), of the
// golden files and of test/fidelity/objects goes through the whole stack; ends with 1 when anything valid is refused, lost or
// changed. --only PATTERN: objects by name; --no-edits: only there and back; --write: docs/fidelity.md anew.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fidelityPage, summaryOf } from '../test/fidelity/report.ts';
import { measureFidelity } from '../test/fidelity/run.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    'no-edits': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const fidelity = await measureFidelity({
  ...(values.only !== undefined && { only: new RegExp(values.only) }),
  edits: !values['no-edits'],
});
console.log(summaryOf(fidelity));
for (const fault of fidelity.faults) console.log(`! ${fault}`);
if (values.write) writeFileSync(`${import.meta.dirname}/../docs/fidelity.md`, fidelityPage(fidelity));
process.exitCode = fidelity.faults.length > 0 ? 1 : 0;
