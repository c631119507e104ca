// The floor under a scenario: the very calls it made to Exchange once more, in the same order and side by side where they were,
// four at most; bodies are read and not looked at.
import { Agent, request } from 'node:http';

/** One call of the gateway. */
export interface Recorded {
  readonly body: string;
  /** How many answers had been given when it was sent: it may have needed them. */
  readonly after: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

export interface Recorder {
  /** For the simulator, which sees a request after its latency has passed. */
  readonly envelope: (direction: 'request' | 'answer', xml: string) => void;
  /** The calls since the last time. */
  take(): readonly Recorded[];
}

export function openRecorder(latencyMs: number): Recorder {
  let calls: Recorded[] = [];
  let answers: number[] = [];
  return {
    envelope(direction, body) {
      const now = performance.now();
      if (direction === 'answer') answers.push(now);
      else calls.push({ body, after: answers.filter((at) => at <= now - latencyMs).length });
    },
    take() {
      const taken = calls;
      [calls, answers] = [[], []];
      return taken;
    },
  };
}

/** Wall time in milliseconds. */
export async function floorMs(
  url: string,
  authorization: string,
  calls: readonly Recorded[],
): Promise<number> {
  const started = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let [sent, answered] = [0, 0];
  const answer = (): void => {
    answered += 1;
    advance();
  };
  const advance = (): void => {
    if (answered === calls.length) resolve();
    for (let next = calls[sent]; next && next.after <= answered; next = calls[sent]) {
      sent += 1;
      post(url, authorization, next.body).then(answer, reject);
    }
  };
  advance();
  await promise;
  return performance.now() - started;
}

/** With the headers that the gateway sends, so that the answers are of the same size on the wire. */
function post(url: string, authorization: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'accept-encoding': 'gzip',
    };
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      incoming.resume();
      incoming.on('end', resolve);
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
