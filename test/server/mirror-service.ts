// The mirror's service between a simulated Exchange with a believable mailbox and a double of Nextcloud.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { type MirrorEvent, readMirrorConfig } from '../../src/mirror/index.ts';
import { openConfigured } from '../../src/server/mirror/open.ts';
import type { PairOutcome, RunOptions } from '../../src/server/mirror/service.ts';
import { startNextcloudDouble } from '../nextcloud-double/index.ts';

export interface ServiceStage {
  readonly simulator: Simulator;
  /** Sides, one for each request since it was emptied. */
  readonly asked: string[];
  readonly events: MirrorEvent[];
  /** One run of a pair, five seconds after the last thing that was done. */
  run(name: string, options?: RunOptions): Promise<PairOutcome>;
  /** As alice, below her calendars in Nextcloud. */
  ask(method: string, path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** `pairs`: in YAML; logins are `work` and `bob` on Exchange, `cloud` and `again` (the same user) on Nextcloud. */
export async function openServiceStage(pairs: string): Promise<ServiceStage> {
  const simulator = await startSimulator({ seed: 'small' });
  const double = await startNextcloudDouble();
  const folder = mkdtempSync(join(tmpdir(), 'exdav-mirror-'));
  const config = readMirrorConfig(`
exchange:
  work: { user: alice@example.test, password: alice }
  bob: { user: bob@example.test, password: bob }
nextcloud:
  cloud: { url: "${double.url}", user: alice, password: alice password }
  again: { url: "${double.url}/", user: alice, password: alice password }
pairs:
${pairs}
`);
  const asked: string[] = [];
  const events: MirrorEvent[] = [];
  let time = Date.now();
  const mirror = await openConfigured(config, folder, {
    now: () => time,
    environment: { EXDAV_EWS_URL: simulator.url },
    request: ({ side }) => void asked.push(side),
    observe: (_pair, event) => void events.push(event),
  });
  const authorization = `Basic ${Buffer.from('alice:alice password').toString('base64')}`;
  return {
    simulator,
    asked,
    events,
    run(name, options) {
      // A refresh that ended less than a second ago counts for the next one.
      time += 5000;
      const pair = mirror.pairs.find(({ rules }) => rules.name === name);
      if (pair === undefined) throw new Error(`no pair ${name}`);
      return mirror.run(pair, options);
    },
    ask: (method, path, headers = {}) =>
      fetch(`${double.url}/remote.php/dav/calendars/alice/${path}`, {
        method,
        headers: { authorization, depth: '0', ...headers },
      }),
    async close() {
      await mirror.close();
      await double.close();
      await simulator.close();
      rmSync(folder, { recursive: true });
    },
  };
}
