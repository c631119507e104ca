// evolution-data-server before the simulated Exchange (with Debian's evolution-ews) or before the gateway (with its own CalDAV and
// CardDAV), without a desktop: a message bus, a home folder and an account of its own, gone when the script has ended.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../../simulator/index.ts';
import { openEnvelopeCheck, type EnvelopeCheck } from '../../simulator/envelopes.ts';
import { alice } from '../gateway.ts';
import { run } from '../programs.ts';

/** Debian's evolution-ews; the script also needs python3-gi and the introspection data of libecal and libebook. */
export const evolutionEws = '/usr/lib/evolution-data-server/calendar-backends/libecalbackendews.so';
/** Part of evolution-data-server itself. */
export const evolutionDav = '/usr/lib/evolution-data-server/calendar-backends/libecalbackendcaldav.so';

export interface Seen {
  /** What the script printed, parsed. */
  readonly seen: Readonly<Record<string, unknown>>;
  readonly output: string;
}

export interface SeenByEws extends Seen {
  readonly envelopes: EnvelopeCheck;
  readonly calls: Readonly<Record<string, number>>;
}

/** Through evolution-ews, before the simulated Exchange. */
export async function runOverEws(): Promise<SeenByEws> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'small',
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  try {
    const seen = await runEvolution(ewsAccount(simulator.url), 'Global Address List');
    return { ...seen, envelopes, calls: simulator.calls() };
  } finally {
    await simulator.close();
  }
}

/** Through CalDAV and CardDAV. `url`: of the gateway. */
export function runOverDav(url: string): Promise<Seen> {
  return runEvolution(davAccount(new URL(url)), 'Directory');
}

async function runEvolution(account: string, directory: string): Promise<Seen> {
  const home = mkdtempSync(join(tmpdir(), 'exdav-evolution-'));
  try {
    const sources = join(home, 'config/evolution/sources');
    mkdirSync(sources, { recursive: true });
    mkdirSync(join(home, 'run'), { mode: 0o700 });
    writeFileSync(join(sources, 'exdav.source'), account);
    const words = [
      '--',
      '/usr/bin/python3',
      join(import.meta.dirname, 'checks.py'),
      alice.address,
      alice.password,
      directory,
    ];
    const ran = await run('dbus-run-session', words, { timeoutMs: 240_000, env: surroundingsOf(home) });
    const last = ran.out.trim().split('\n').at(-1) ?? '';
    const seen: unknown = last.startsWith('{') ? JSON.parse(last) : {};
    return { seen: seen as Readonly<Record<string, unknown>>, output: `${ran.out}\n${ran.err}` };
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** As Evolution's assistant would write it; the registry finds the folders by itself. */
function account(backend: 'ews' | 'webdav', collection: string, host: string): string {
  return `[Data Source]
DisplayName=Exchange
Enabled=true
Parent=

[Collection]
BackendName=${backend}
CalendarEnabled=true
ContactsEnabled=true
MailEnabled=false
Identity=${alice.address}
${collection}
[Authentication]
${host}
Method=PLAIN
User=${alice.address}
RememberPassword=false
ProxyUid=system-proxy

[Security]
Method=none
`;
}

function ewsAccount(url: string): string {
  return `${account('ews', '', 'Host=127.0.0.1')}
[Ews Backend]
Hosturl=${url}
Email=${alice.address}
ListenNotifications=false
`;
}

function davAccount({ origin, hostname, port }: URL): string {
  return account(
    'webdav',
    `CalendarUrl=${origin}/\nContactsUrl=${origin}/\n`,
    `Host=${hostname}\nPort=${port}`,
  );
}

function surroundingsOf(home: string): Readonly<Record<string, string>> {
  return {
    HOME: home,
    TZ: 'Europe/Vienna',
    XDG_RUNTIME_DIR: join(home, 'run'),
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    // No settings daemon, no mounts, no bus of a desktop that happens to be there.
    GSETTINGS_BACKEND: 'memory',
    GIO_USE_VFS: 'local',
    GIO_USE_VOLUME_MONITOR: 'unix',
    NO_AT_BRIDGE: '1',
    DBUS_SESSION_BUS_ADDRESS: '',
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  };
}
