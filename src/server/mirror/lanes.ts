// How many pairs run at once: in all, on one Nextcloud, on one Exchange account.

export interface Lanes {
  /** Runs work when every lane it needs has room. */
  run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
}

/** `widthOf`: places on the lane of this name. */
export function openLanes(widthOf: (key: string) => number): Lanes {
  const taken = new Map<string, number>();
  const waiting = new Set<() => void>();
  const hasRoom = (keys: readonly string[]): boolean =>
    keys.every((key) => (taken.get(key) ?? 0) < widthOf(key));
  const move = (keys: readonly string[], step: 1 | -1): void => {
    for (const key of keys) taken.set(key, (taken.get(key) ?? 0) + step);
  };
  return {
    async run(keys, work) {
      while (!hasRoom(keys)) await new Promise<void>((resolve) => waiting.add(resolve));
      move(keys, 1);
      try {
        return await work();
      } finally {
        move(keys, -1);
        for (const go of waiting) go();
        waiting.clear();
      }
    },
  };
}
