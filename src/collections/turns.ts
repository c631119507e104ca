// Writes to one name, or of one UID, one after the other: a client that sends its PUT again while the first one is still
// under way must not create two items (Exchange would keep both).

const turns = new WeakMap<object, Map<string, Promise<unknown>>>();

/** `owner`: what the key belongs to; in this process only. */
export async function inTurn<T>(owner: object, key: string, work: () => Promise<T>): Promise<T> {
  const waiting = turns.get(owner) ?? new Map<string, Promise<unknown>>();
  turns.set(owner, waiting);
  const before = waiting.get(key);
  const turn = afterwards(before, work);
  waiting.set(key, turn);
  try {
    return await turn;
  } finally {
    if (waiting.get(key) === turn) waiting.delete(key);
  }
}

async function afterwards<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
  // How the one before ended is for who asked for it.
  await before?.catch(() => undefined);
  return work();
}
