// All targets, as the worker opens them.
import { pureTargets } from './pure-targets.ts';
import { readSeeds } from './seeds.ts';
import { stackTargets } from './stack-targets.ts';
import type { Targets } from './target.ts';

export function openTargets(): Targets {
  const seeds = readSeeds();
  const stack = stackTargets(seeds);
  return { list: [...pureTargets(seeds), ...stack.list], rest: stack.rest };
}
