// What was called: counts by operation, and the last calls one by one.

export interface LoggedCall {
  readonly no: number;
  /** By the simulator's clock. */
  readonly at: string;
  readonly user: string;
  /** Empty: the request was not understood. */
  readonly operation: string;
  readonly bytesIn: number;
  /** HTTP status; absent: no answer (yet). */
  status?: number;
  /** Response codes and how often. */
  codes: Record<string, number>;
  bytesOut: number;
  ms: number;
  /** Kinds of faults that struck. */
  faults: string[];
}

export interface CallFilter {
  readonly user?: string | undefined;
  readonly operation?: string | undefined;
  /** Only calls after this number. */
  readonly after?: number | undefined;
}

export interface CallLog {
  begin(call: Pick<LoggedCall, 'user' | 'operation' | 'bytesIn'>): LoggedCall;
  readonly calls: (filter?: CallFilter) => readonly LoggedCall[];
  readonly counts: () => Readonly<Record<string, number>>;
  /** Somebody gave wrong credentials. */
  readonly refuse: () => void;
  readonly refusals: () => number;
  readonly clear: () => void;
}

const kept = 10_000;

export function openCallLog(now: () => number): CallLog {
  let log: LoggedCall[] = [];
  let no = 0;
  let refused = 0;
  const counts = new Map<string, number>();
  return {
    begin(call) {
      no += 1;
      const at = new Date(now()).toISOString();
      const entry: LoggedCall = { no, at, ...call, codes: {}, bytesOut: 0, ms: 0, faults: [] };
      if (call.operation !== '') counts.set(call.operation, (counts.get(call.operation) ?? 0) + 1);
      log.push(entry);
      if (log.length >= 2 * kept) log = log.slice(-kept);
      return entry;
    },
    calls: ({ user, operation, after = 0 } = {}) =>
      log
        .slice(-kept)
        .filter(
          (call) =>
            call.no > after &&
            (user === undefined || call.user.toLowerCase() === user.toLowerCase()) &&
            (operation === undefined || call.operation === operation),
        ),
    counts: () => Object.fromEntries(counts),
    refuse() {
      refused += 1;
    },
    refusals: () => refused,
    clear() {
      log = [];
      refused = 0;
      counts.clear();
    },
  };
}

/** Response codes in an answer of another form than response messages. */
export function codesIn(answer: string): Record<string, number> {
  const codes: Record<string, number> = {};
  const opening = 'ResponseCode';
  for (let at = answer.indexOf(opening); at >= 0; at = answer.indexOf(opening, at + opening.length)) {
    const from = answer.indexOf('>', at) + 1;
    const code = answer.slice(from, answer.indexOf('<', from));
    // The closing tag has its own name again and no code behind it.
    if (/^(NoError|Error\w+)$/.test(code)) codes[code] = (codes[code] ?? 0) + 1;
  }
  return codes;
}
