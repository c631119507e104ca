// Targets with bugs in them: what the fuzzer must find.
import { Finding, type Target, type Targets } from './target.ts';

const held: Buffer[] = [];
const byteOf: Target['make'] = (random) => Buffer.from([random.below(256)]);
const target = (name: string, run: (first: number) => void | Promise<void>): Target => ({
  name,
  weight: 1,
  make: byteOf,
  run: (input) => run(input[0] ?? 0),
});

export function openTargets(): Targets {
  return {
    list: [
      target('sound', () => undefined),
      target('throws', (first) => {
        if (first === 7) throw new RangeError('planted');
      }),
      target('rejects', async (first) => {
        if (first === 8) throw new Finding('500 for what a client sent');
      }),
      target('dies', (first) => {
        if (first === 9) setTimeout(() => JSON.parse('{'), 0);
      }),
      target('hangs', (first) => {
        if (first === 10) for (;;) held.length += 0;
      }),
      target('grows', () => void held.push(Buffer.alloc(1024 * 1024, 1))),
    ],
    rest: async () => undefined,
  };
}
