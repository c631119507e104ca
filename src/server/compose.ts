// Joins the rooms: the only place that knows which backend, which store and which front make the running gateway.
import { openFeedTokens, openKeys, openSignIn, temporarySecret } from '../auth/index.ts';
import { type Note, openObjectCache } from '../collections/index.ts';
import { openStore } from '../store/index.ts';
import { openApp } from './app.ts';
import { backendOf } from './backend.ts';
import type { Config } from './config.ts';
import { openDavService } from './dav-service.ts';
import { openFeedService } from './feed-service.ts';
import { listen, type Listening } from './listen.ts';
import { type Log, type LogDestination, openLog } from './log.ts';
import { type Metrics, openMetrics } from './metrics.ts';
import { openProxies } from './proxies.ts';

export interface Gateway extends Listening {
  readonly log: Log;
  readonly metrics: Metrics;
}

const pruneDays = 30;
const pruneIntervalMs = 24 * 3_600_000;

/** What else comes from outside: tests give their own. */
export interface Outside {
  readonly now?: () => number;
  /** Default: standard output. */
  readonly logTo?: LogDestination;
}

/** Starts the gateway. @throws Error with a plain message when store or address cannot be had */
export async function startGateway(config: Config, outside: Outside = {}): Promise<Gateway> {
  const log = openLog(config.EXDAV_LOG_LEVEL, outside.logTo);
  const metrics = openMetrics();
  const store = await openStore(config.EXDAV_STORE);
  const keys = openKeys(config.EXDAV_SECRET ?? temporarySecret());
  const backend = backendOf(config, (call) => metrics.backendCall({ ...call, seconds: call.ms / 1000 }));
  const dav = openDavService({
    signIn: openSignIn({ backend, records: store.records, keys }),
    ledger: store.ledger,
    cache: openObjectCache(config.EXDAV_CACHE_MB * 1024 * 1024),
    maxResourceBytes: config.EXDAV_MAX_RESOURCE_MB * 1024 * 1024,
    autoSchedule: config.EXDAV_SCHEDULING === 'on',
    maxAttachmentBytes: config.EXDAV_MAX_ATTACHMENT_MB * 1024 * 1024,
    sharedMailboxes: config.EXDAV_SHARED_MAILBOXES ?? new Map(),
    publicFolders: config.EXDAV_PUBLIC_FOLDERS,
    hasDirectory: config.EXDAV_DIRECTORY === 'on',
    now: outside.now ?? Date.now,
    note: openObserver(log, metrics),
  });
  const app = openApp({
    dav,
    feeds: openFeedService(openFeedTokens(store.records, keys), dav),
    proxies: openProxies({ publicUrl: config.EXDAV_PUBLIC_URL, trusted: config.EXDAV_TRUSTED_PROXIES }),
    log,
    metrics,
    ready: async () => {
      await store.records.get('ready');
      await backend.ping();
    },
  });
  const listening = await listen((request, bindings) => app.fetch(request, bindings), {
    host: config.EXDAV_HOST,
    port: config.EXDAV_PORT,
  });
  const pruning = setInterval(() => {
    store.prune(pruneDays).catch((error: unknown) => log.warn({ err: error }, 'pruning failed'));
  }, pruneIntervalMs).unref();
  return {
    ...listening,
    log,
    metrics,
    async close() {
      clearInterval(pruning);
      await listening.close();
      await backend.close();
      await store.close();
    },
  };
}

/** What happens inside the rooms: counted, and logged where somebody must look. */
function openObserver(log: Log, metrics: Metrics): (event: Note) => void {
  return (event) => {
    switch (event.kind) {
      case 'cache':
        metrics.cacheLookup(event.result);
        return;
      case 'unreadable':
        metrics.unreadable();
        log.warn({ failure: event.failure, message: event.message }, 'an object cannot be shown');
        return;
      case 'shared-mailbox-hidden':
        log.warn({ failure: event.failure }, 'a shared mailbox cannot be listed');
        return;
      case 'cursor-lost':
        log.info('Exchange no longer knows a sync state: the folder is listed anew');
        return;
      case 'refresh':
        log.debug(event, 'listed');
    }
  };
}
