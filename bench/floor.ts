// The floor under a scenario: the same requests to Exchange again, at concurrency 4, bodies read and not parsed.
import { Agent, request } from 'node:http';

export interface Recorded {
  readonly body: string;
}

const concurrency = 4;
const agent = new Agent({ keepAlive: true, maxSockets: concurrency });

/** Wall time in milliseconds. Calls that waited for each other's answers in the scenario do so here: `waves` of parallel calls. */
export async function floorMs(
  url: string,
  authorization: string,
  waves: readonly (readonly Recorded[])[],
): Promise<number> {
  const started = performance.now();
  for (const wave of waves) {
    const queue = [...wave];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        await post(url, authorization, next.body);
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, wave.length) }, work));
  }
  return performance.now() - started;
}

function post(url: string, authorization: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization,
      'content-type': 'text/xml; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => (bytes += chunk.byteLength));
      incoming.on('end', () => resolve(bytes));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
