// evolution-data-server with Debian's evolution-ews before the simulated Exchange, without a desktop: a message bus, a
// home folder and an account of its own, gone when the script has ended.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../../simulator/index.ts';
import { openEnvelopeCheck, type EnvelopeCheck } from '../../simulator/envelopes.ts';
import { alice } from '../gateway.ts';
import { run } from '../programs.ts';

/** Debian's evolution-ews; the script also needs python3-gi and the introspection data of libecal and libebook. */
export const evolutionEws = '/usr/lib/evolution-data-server/calendar-backends/libecalbackendews.so';

export interface Seen {
  /** What the script printed, parsed. */
  readonly seen: Readonly<Record<string, unknown>>;
  readonly output: string;
  readonly envelopes: EnvelopeCheck;
  readonly calls: Readonly<Record<string, number>>;
}

export async function runEvolution(): Promise<Seen> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'small',
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  const home = mkdtempSync(join(tmpdir(), 'exdav-evolution-'));
  try {
    const sources = join(home, 'config/evolution/sources');
    mkdirSync(sources, { recursive: true });
    mkdirSync(join(home, 'run'), { mode: 0o700 });
    writeFileSync(join(sources, 'exdav.source'), accountOf(simulator.url));
    const words = [
      '--',
      '/usr/bin/python3',
      join(import.meta.dirname, 'checks.py'),
      alice.address,
      alice.password,
    ];
    const ran = await run('dbus-run-session', words, { timeoutMs: 240_000, env: surroundingsOf(home) });
    const last = ran.out.trim().split('\n').at(-1) ?? '';
    const seen: unknown = last.startsWith('{') ? JSON.parse(last) : {};
    return {
      seen: seen as Readonly<Record<string, unknown>>,
      output: `${ran.out}\n${ran.err}`,
      envelopes,
      calls: simulator.calls(),
    };
  } finally {
    await simulator.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** An account as Evolution's assistant would write it; the registry finds the folders by itself. */
function accountOf(ewsUrl: string): string {
  return `[Data Source]
DisplayName=Exchange
Enabled=true
Parent=

[Collection]
BackendName=ews
CalendarEnabled=true
ContactsEnabled=true
MailEnabled=false
Identity=${alice.address}

[Authentication]
Host=127.0.0.1
Method=PLAIN
User=${alice.address}
RememberPassword=false
ProxyUid=system-proxy

[Security]
Method=none

[Ews Backend]
Hosturl=${ewsUrl}
Email=${alice.address}
ListenNotifications=false
`;
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
