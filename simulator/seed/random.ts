// A seeded generator, so that every start gives the same mailbox (mulberry32).

export interface Random {
  /** A whole number from 0 to below `below`. */
  readonly below: (below: number) => number;
  readonly pick: <Value>(values: readonly [Value, ...Value[]] | readonly Value[]) => Value;
  /** True in `percent` of 100 calls. */
  readonly chance: (percent: number) => boolean;
}

export function openRandom(seed: number): Random {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
  return {
    below,
    pick(values) {
      const value = values[below(values.length)];
      if (value === undefined) throw new Error('nothing to pick from');
      return value;
    },
    chance: (percent) => below(100) < percent,
  };
}
