// Property tests draw new cases on every run of a developer; in CI the same ones each time, so that a landing is judged by its
// own change. EXDAV_TEST_SEED repeats a run.
import fc from 'fast-check';

const given = process.env['EXDAV_TEST_SEED'] ?? (process.env['CI'] === undefined ? undefined : '20261120');
if (given !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(given) });
