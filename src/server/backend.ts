// The mail server as the configuration names it.
import { readFileSync } from 'node:fs';
import { type EwsOptions, openEwsBackend } from '../ews-backend/index.ts';
import type { Backend } from '../model/backend.ts';
import type { Config } from './config.ts';

export function backendOf(config: Config, observe?: EwsOptions['observe']): Backend {
  return openEwsBackend({
    url: config.EXDAV_EWS_URL,
    ca: config.EXDAV_CA_FILE === undefined ? undefined : readFileSync(config.EXDAV_CA_FILE, 'utf8'),
    schemaVersion: config.EXDAV_EWS_VERSION,
    timeoutMs: config.EXDAV_EWS_TIMEOUT * 1000,
    concurrency: config.EXDAV_EWS_CONCURRENCY,
    domain: config.EXDAV_DOMAIN,
    observe,
  });
}
