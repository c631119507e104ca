import { it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { start } from '../soap-client.ts';
import { askAll } from './asking.ts';
import { explained } from './explained-table.ts';
it('x', async () => {
  const s = await start();
  const a = await askAll(s);
  const all = a.flatMap((x) => x.differences);
  writeFileSync(
    '/tmp/diffs.txt',
    all.filter((d) => !explained.some(({ pattern }) => pattern.test(d))).join('\n'),
  );
  console.log(
    a.length,
    a.filter((x) => x.pair.response).length,
    explained.filter(({ pattern }) => !all.some((one) => pattern.test(one))),
  );
  await s.close();
});
