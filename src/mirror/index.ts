// The mirror: Exchange folders and collections of a DAV server kept equal (DESIGN §8). Pure but for the collections and the
// store that it is given.
export { readEwsCaldavSyncConfig } from './ews-caldav-sync.ts';
export { sidesWithFiles } from './files.ts';
export { openOwner } from './owner.ts';
export { defaultGuard } from './pair.ts';
export type { ForeignSide, PairRules, Sides } from './pair.ts';
export { runPair } from './run.ts';
export type { MirrorEvent, RunInput, RunReport } from './run-input.ts';
export { explainObject } from './explain.ts';
export type { Explanation } from './explain.ts';
export { openTexts } from './texts.ts';
export { undoRun } from './undo.ts';
export type { UndoneEntry } from './undo.ts';
export { MirrorConfigError, readMirrorConfig } from './config.ts';
export type { MirrorConfig, PairConfig } from './config.ts';
export type { ExchangeLogin, NextcloudLogin, Secret } from './config-schema.ts';
