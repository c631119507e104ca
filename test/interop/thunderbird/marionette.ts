// Thunderbird without a window, in a profile of its own, and the remote control that Mozilla's programs bring along: Marionette, messages
// of `<length>:<JSON>` over TCP (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Thunderbird {
  /** Runs the body of an async function with Thunderbird's own rights. `given` is its one argument. @throws Error that it threw */
  run(body: string, given: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const scriptMs = 120_000;
const startMs = 90_000;

const preferences = {
  'marionette.port': 0,
  'app.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'mail.provider.suppress_dialog_on_startup': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'calendar.timezone.useSystemTimezone': false,
  'calendar.timezone.local': 'Europe/Vienna',
};

export async function startThunderbird(): Promise<Thunderbird> {
  const home = mkdtempSync(join(tmpdir(), 'exdav-thunderbird-'));
  const profile = join(home, 'profile');
  mkdirSync(profile);
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  const child = spawn(
    'thunderbird',
    ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote', '--profile', profile],
    { env: { ...process.env, HOME: home, TZ: 'Europe/Vienna' }, stdio: 'ignore' },
  );
  const exit = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await exit;
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await portIn(profile);
    return { ...(await openSession(connect(port, '127.0.0.1'))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Thunderbird writes it there as soon as it listens. */
async function portIn(profile: string): Promise<number> {
  const end = performance.now() + startMs;
  while (performance.now() < end) {
    try {
      const port = Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8'));
      if (port > 0) return port;
    } catch {
      // Not yet.
    }
    await sleep(200);
  }
  throw new Error(`Thunderbird did not listen within ${startMs / 1000} s`);
}

async function openSession(socket: Socket): Promise<Pick<Thunderbird, 'run'>> {
  const messages = messagesOf(socket);
  await messages.next(); // its greeting
  let id = 0;
  async function command(name: string, params: unknown): Promise<Record<string, unknown>> {
    id += 1;
    const text = JSON.stringify([0, id, name, params]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    const { value, done } = await messages.next();
    if (done === true) throw new Error(`Thunderbird has ended during ${name}`);
    const [, , error, result] = value as [number, number, unknown, Record<string, unknown> | null];
    if (error !== null) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return result ?? {};
  }
  await command('WebDriver:NewSession', {});
  await command('WebDriver:SetTimeouts', { script: scriptMs });
  await command('Marionette:SetContext', { value: 'chrome' });
  return {
    async run(body, given) {
      const script = `const [given, done] = arguments;
(async () => { ${body} })().then(
  (value) => done({ value: JSON.stringify(value) }),
  (error) => done({ error: String(error) + '\\n' + error?.stack }));`;
      const answer = await command('WebDriver:ExecuteAsyncScript', {
        script,
        args: [given],
        sandbox: 'system',
      });
      const { value, error } = answer['value'] as { value?: string; error?: string };
      if (error !== undefined) throw new Error(error);
      return value === undefined ? undefined : JSON.parse(value);
    },
  };
}

async function* messagesOf(socket: Socket): AsyncGenerator<unknown, void> {
  let read = Buffer.alloc(0);
  for await (const chunk of socket) {
    read = Buffer.concat([read, chunk as Buffer]);
    for (;;) {
      const colon = read.indexOf(':');
      const end = colon + 1 + Number(read.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || read.length < end) break;
      const text = read.subarray(colon + 1, end).toString('utf8');
      read = read.subarray(end);
      yield JSON.parse(text);
    }
  }
}
