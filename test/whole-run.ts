// Around a whole test run: how many SOAP envelopes were judged by the EWS schema. Where everything is demanded (CI), none is a failure.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-judged-'));
  const file = join(folder, 'counts');
  writeFileSync(file, '');
  process.env['EXDAV_TEST_JUDGED'] = file;
  return () => {
    const counts = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(Number);
    const total = counts.reduce((sum, count) => sum + count, 0);
    rmSync(folder, { recursive: true });
    // Tests may only have been listed, not run.
    if (counts.length === 0) return;
    process.stdout.write(`SOAP envelopes judged by the EWS schema: ${total}\n`);
    if (total === 0 && process.env['CI'] !== undefined)
      throw new Error('no envelope was judged: is EXDAV_SPEC right?');
  };
}
