// The fuzzer finds what it is for, in targets with planted bugs; and finds nothing in a few hundred cases of the real ones.
// What it has found once stands in the tests of the rooms.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fuzz, type Fuzzed } from './fuzz/run.ts';

const module = new URL('fuzz/planted.ts', import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), 'exdav-fuzz-test-'));

function planted(only: string, cases = 700): Promise<Fuzzed> {
  return fuzz({ seed: 1, cases, only: [only], module, folder, sampleEvery: 50 });
}

describe('the fuzzer', () => {
  it('finds nothing where nothing is', async () => {
    const { found, cases, byTarget } = await planted('sound');
    expect([found, cases, byTarget]).toEqual([[], 700, { sound: 700 }]);
  });

  it.each([
    ['throws', 'finding', 'RangeError: planted', 7],
    ['rejects', 'finding', '500 for what a client sent', 8],
    ['dies', 'crash', 'SyntaxError', 9],
    ['hangs', 'hang', 'no sign of life', 10],
  ])('finds what %s, with the input that does it', async (name, kind, says, byte) => {
    const { found } = await planted(name, name === 'hangs' ? 430 : 700);
    expect(found.length).toBeGreaterThan(0);
    const [first] = found;
    expect(first).toMatchObject({ kind, target: name });
    expect(first!.message).toContain(says);
    // A death comes a moment after its cause; the cases before it are as likely.
    if (name !== 'dies') expect([...readFileSync(first!.file)]).toEqual([byte]);
    // The same case again, alone.
    const again = await fuzz({ seed: 1, from: first!.index, cases: 1, only: [name], module, folder });
    if (name !== 'dies') expect(again.found.map((each) => each.index)).toEqual([first!.index]);
  });

  it('finds memory that is not given back', async () => {
    const { found } = await planted('grows', 400);
    expect(found).toMatchObject([{ kind: 'growth', target: 'grows' }]);
  });

  it('finds nothing in a few cases of the real targets, and tries every one of them', async () => {
    const options = { seed: 2026, folder, sampleEvery: 100 };
    const pure = await fuzz({ ...options, cases: 300, only: ['calendar', 'rule', 'card', 'xml', 'soap'] });
    const stack = await fuzz({ ...options, cases: 60, only: ['request', 'answer'] });
    expect([...pure.found, ...stack.found]).toEqual([]);
    expect(Object.keys({ ...pure.byTarget, ...stack.byTarget }).sort()).toEqual(
      ['answer', 'calendar', 'card', 'request', 'rule', 'soap', 'xml'].sort(),
    );
  });
});
