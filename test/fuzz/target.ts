// What a target is: it makes a case of chance, and tries it.
import type { Random } from './random.ts';

/** What must not have happened. */
export class Finding extends Error {
  override readonly name = 'Finding';
}

export interface Target {
  readonly name: string;
  /** Share of the cases. */
  readonly weight: number;
  /** What it needs, opened before it is tried: that may take a while. */
  open?(): Promise<unknown>;
  /** The same for the same chance. */
  make(random: Random): Buffer;
  /** @throws whatever is a finding */
  run(input: Buffer): void | Promise<void>;
}

/** Targets that share what is held open between cases. */
export interface Targets {
  readonly list: readonly Target[];
  /** Ends what is held open; it opens anew with the next case. @throws Finding */
  rest(): Promise<void>;
}

export function targetAt(targets: readonly Target[], random: Random): Target {
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.below(total);
  for (const target of targets) {
    left -= target.weight;
    if (left < 0) return target;
  }
  throw new Error('no target');
}
