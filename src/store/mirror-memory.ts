// The mirror's memory in this process: for tests and trials. A mirror that forgets cannot tell a deletion from something new.
import type {
  HistoryEntry,
  Intent,
  MirrorChange,
  MirrorStore,
  PairHead,
  Twin,
} from '../model/mirror-store.ts';

interface Pair {
  head: PairHead | undefined;
  readonly twins: Map<string, Twin>;
  readonly intents: Map<string, Intent>;
  readonly history: HistoryEntry[];
}

export function openMemoryMirrorStore(now: () => number = Date.now): MirrorStore {
  const pairs = new Map<string, Pair>();
  const latches = new Map<string, string>();
  const pairOf = (name: string): Pair => {
    const pair = pairs.get(name) ?? { head: undefined, twins: new Map(), intents: new Map(), history: [] };
    pairs.set(name, pair);
    return pair;
  };
  return {
    head: async (name) => pairOf(name).head,
    twins: async (name, uids) => {
      const { twins } = pairOf(name);
      return uids === undefined ? [...twins.values()] : uids.flatMap((uid) => twins.get(uid) ?? []);
    },
    twinsByHref: async (name, side, hrefs) => {
      const wanted = new Set(hrefs);
      return [...pairOf(name).twins.values()].filter(
        ({ sides: { [side]: known } }) => known && wanted.has(known.href),
      );
    },
    troubled: async (name, at) =>
      [...pairOf(name).twins.values()].filter(({ trouble }) => trouble !== undefined && trouble.nextAt <= at),
    countTwins: async (name) => pairOf(name).twins.size,
    intents: async (name) => [...pairOf(name).intents.values()],
    history: async (name, { run, uid }) =>
      pairOf(name).history.filter(
        (entry) => (run === undefined || entry.run === run) && (uid === undefined || entry.uid === uid),
      ),
    commit: async (name, change) => applyChange(pairOf(name), change),
    reset: async (name) => {
      const pair = pairOf(name);
      pair.head = undefined;
      pair.twins.clear();
    },
    latch: async (key) => latches.get(key),
    setLatch: async (key, reason) => {
      if (reason === undefined) latches.delete(key);
      else latches.set(key, reason);
    },
    exclusively: (work) => work(),
    prune: async (days) => dropOlder([...pairs.values()], now() - days * 86_400_000),
    close: async () => undefined,
  };
}

function applyChange(pair: Pair, change: MirrorChange): void {
  for (const uid of change.forgotten ?? []) pair.twins.delete(uid);
  for (const twin of change.twins ?? []) pair.twins.set(twin.uid, twin);
  for (const intent of change.opened ?? []) pair.intents.set(intent.id, intent);
  for (const id of change.closed ?? []) pair.intents.delete(id);
  pair.history.push(...(change.history ?? []));
  pair.head = change.head ?? pair.head;
}

function dropOlder(pairs: readonly Pair[], oldest: number): void {
  for (const { history } of pairs) {
    const kept = history.filter(({ at }) => at >= oldest);
    history.splice(0, history.length, ...kept);
  }
}
