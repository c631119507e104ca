// Where the mirror's passwords come from, and what its texts are sealed with.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Secret } from '../../mirror/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `place`: whose password it is, for the message. @throws Error that names the place, never the value */
export function secretText(
  secret: Secret,
  {
    place,
    folder,
    environment,
  }: { readonly place: string; readonly folder: string; readonly environment: Environment },
): string {
  if (typeof secret === 'string') return secret;
  if ('variable' in secret) {
    const value = environment[secret.variable];
    if (value !== undefined && value !== '') return value;
    throw new Error(`${place}: the variable ${secret.variable} is not set`);
  }
  try {
    return readFileSync(resolve(folder, secret.file), 'utf8').replace(/\r?\n$/, '');
  } catch (cause) {
    throw new Error(`${place}: the file ${secret.file} cannot be read`, { cause });
  }
}

/** Without EXDAV_SECRET a key is made once, beside the store, for its owner only. */
export function sealingSecret(store: string, folder: string, environment: Environment): string {
  const given = environment['EXDAV_SECRET'];
  if (given !== undefined && given !== '') return given;
  const file = /^sqlite:(.+)$/.exec(store)?.[1];
  if (file === undefined) return randomBytes(32).toString('base64url');
  const path = `${resolve(folder, file)}.key`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // It is there already.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
      throw new Error(`the key ${path} cannot be written; set EXDAV_SECRET instead`, { cause: error });
  }
  return readFileSync(path, 'utf8').trim();
}

/** `sqlite:FILE` with its file beside the configuration. */
export function storeBeside(store: string, folder: string): string {
  const file = /^sqlite:(.+)$/.exec(store)?.[1];
  return file === undefined ? store : `sqlite:${resolve(folder, file)}`;
}

export function folderOf(configFile: string): string {
  return dirname(resolve(configFile));
}
