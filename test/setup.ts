// Runs before and after every test file.
import { appendFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect } from 'vitest';
import { judgedHere } from './judged.ts';

// Property tests draw new cases on every run of a developer; in CI the same ones each time, so that a landing is judged by its
// own change. EXDAV_TEST_SEED repeats a run.
const given = process.env['EXDAV_TEST_SEED'] ?? (process.env['CI'] === undefined ? undefined : '20261120');
if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) });

afterAll(() => {
  const { count, invalid } = judgedHere();
  const file = process.env['EXDAV_TEST_JUDGED'];
  if (file !== undefined) appendFileSync(file, `${count}\n`);
  expect(
    invalid.map(({ direction, complaints, xml }) => ({ direction, complaints, xml: xml.slice(0, 2000) })),
  ).toEqual([]);
});
