// Joins the rooms to a running mirror: configuration file, memory, both servers.
import { readFileSync } from 'node:fs';
import { openKeys } from '../../auth/index.ts';
import { openObjectCache } from '../../collections/index.ts';
import { type DavHosts, openDavHosts } from '../../dav-remote/index.ts';
import {
  type ExchangeLogin,
  MirrorConfigError,
  type MirrorConfig,
  type MirrorEvent,
  type NextcloudLogin,
  readEwsCaldavSyncConfig,
  readMirrorConfig,
} from '../../mirror/index.ts';
import type { Backend } from '../../model/backend.ts';
import { openMirrorStore, openStore } from '../../store/index.ts';
import { backendOf } from '../backend.ts';
import { ConfigError, readConfig, type Config } from '../config.ts';
import { type Digest, guardedSignIn, openNextcloudLatch } from './latches.ts';
import { folderOf, sealingSecret, secretText, storeBeside } from './secrets.ts';
import { type MirrorService, openMirrorService } from './service.ts';
import { openSources } from './sources.ts';

export interface MirrorOutside {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
  readonly observe?: (pair: string, event: MirrorEvent) => void;
  /** One request to Nextcloud or one call to Exchange. */
  readonly request?: (request: { readonly side: 'exchange' | 'nextcloud'; readonly status: string }) => void;
}

/** The mirror reads an object once and seldom again: a large calendar is not held in memory for that. */
const mostCacheMb = 8;

/** @throws ConfigError, Error in plain words */
export async function openMirror(file: string, outside: MirrorOutside): Promise<MirrorService> {
  return openConfigured(mirrorConfigIn(file), folderOf(file), outside);
}

/** `folder`: what paths in the configuration are relative to. */
export async function openConfigured(
  config: MirrorConfig,
  folder: string,
  outside: MirrorOutside,
): Promise<MirrorService> {
  const { environment, now = Date.now, observe = () => undefined, request = () => undefined } = outside;
  const settings = readConfig(environment);
  const keys = openKeys(sealingSecret(config.store, folder, environment));
  const digest: Digest = (...parts) => keys.digest(...parts);
  const store = await openMirrorStore(storeBeside(config.store, folder), { now });
  const caches = await openStore(ledgerBeside(config.store, folder, settings), { now });
  const backends = openBackends(settings, (status) => request({ side: 'exchange', status }));
  const hosts = openHosts(config, now);
  const sources = openSources({
    config,
    backendFor: (login) => backends.of(login),
    passwordOf: (secret, place) => secretText(secret, { place, folder, environment }),
    guarded: (account, open) => guardedSignIn(account, { store, digest, now }, open),
    ledger: caches.ledger,
    cache: openObjectCache(Math.min(settings.EXDAV_CACHE_MB, mostCacheMb) * 1024 * 1024),
    hosts: (login) => hosts.of(login),
    latch: openNextcloudLatch(store, digest),
    now,
    note: () => undefined,
    observe: ({ status }) => request({ side: 'nextcloud', status: String(status) }),
  });
  return openMirrorService({
    config,
    store,
    sources,
    seal: (text) => keys.seal(text, 'mirror'),
    unseal: (sealed) => keys.unseal(sealed, 'mirror'),
    now,
    observe,
    ...(settings.EXDAV_PUBLIC_URL !== undefined && { publicUrl: settings.EXDAV_PUBLIC_URL }),
    async close() {
      hosts.close();
      await backends.close();
      await caches.close();
      await store.close();
    },
  });
}

/** @throws ConfigError with every problem and its place */
function mirrorConfigIn(file: string): MirrorConfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${file} cannot be read; docs/mirror.md shows one to begin with`, { cause });
  }
  try {
    return file.endsWith('.toml') ? readEwsCaldavSyncConfig(text) : readMirrorConfig(text);
  } catch (error) {
    if (!(error instanceof MirrorConfigError)) throw error;
    throw new ConfigError(error.problems.map((problem) => `${file}: ${problem}`));
  }
}

/** What is known of Exchange's folders outlives the process too: else every run would list them anew. */
function ledgerBeside(store: string, folder: string, { EXDAV_STORE }: Config): string {
  if (EXDAV_STORE !== 'memory:' || store === 'memory:') return EXDAV_STORE;
  return `${storeBeside(store, folder)}.cache`;
}

function openBackends(settings: Config, observe: (status: string) => void) {
  const open = new Map<string, Backend>();
  return {
    of({ url }: ExchangeLogin): Backend {
      const wanted = url ?? settings.EXDAV_EWS_URL ?? '';
      const backend =
        open.get(wanted) ??
        backendOf({ ...settings, EXDAV_EWS_URL: wanted === '' ? undefined : wanted }, (call) =>
          observe(call.result),
        );
      open.set(wanted, backend);
      return backend;
    },
    close: async () => void (await Promise.all([...open.values()].map((backend) => backend.close()))),
  };
}

function openHosts({ parallel }: MirrorConfig, now: () => number) {
  const open = new Map<string, DavHosts>();
  return {
    of({ ca = '' }: NextcloudLogin): DavHosts {
      const hosts =
        open.get(ca) ??
        openDavHosts({
          width: parallel.perNextcloudHost,
          now,
          ...(ca !== '' && { ca: readFileSync(ca, 'utf8') }),
        });
      open.set(ca, hosts);
      return hosts;
    },
    close() {
      for (const hosts of open.values()) hosts.close();
    },
  };
}
