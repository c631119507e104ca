// What one row of the admin interface is, and how its path and body are read.
import type { z } from 'zod';
import type { Simulator } from '../index.ts';
import type { Folder, Mailbox } from '../state/index.ts';

/** The request cannot be served; becomes the status and `{"error": …}`. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Given {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly does: string;
  /** What is answered as JSON; undefined: 204. @throws AdminError */
  readonly run: (given: Given) => unknown;
}

type Row = readonly [method: Route['method'], path: string, does: string, run: Route['run']];

export function rows(...given: readonly Row[]): Route[] {
  return given.map(([method, path, does, run]) => ({ method, path, does, run }));
}

/** @throws AdminError 400 with everything that is wrong */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new AdminError(400, problems.join('; '));
}

export function mailboxAt({ world }: Simulator, address: string | undefined): Mailbox {
  const found = world.mailboxes.get(address?.toLowerCase() ?? '');
  if (found === undefined) throw new AdminError(404, `there is no mailbox ${address}`);
  return found;
}

export function folderAt(mailbox: Mailbox, name: string): Folder {
  const distinguished = mailbox.distinguished.get(name);
  if (distinguished !== undefined) return distinguished;
  const found = [...mailbox.folders.values()].find((folder) => pathOf(mailbox, folder) === name);
  if (found === undefined) throw new AdminError(404, `${mailbox.address} has no folder ${name}`);
  return found;
}

/** Names from below the top of the information store, `/` between them. */
export function pathOf(mailbox: Mailbox, folder: Folder): string {
  const parent = folder.parentNo === undefined ? undefined : mailbox.folders.get(folder.parentNo);
  const isTop = parent === undefined || ['root', 'msgfolderroot'].includes(parent.distinguished ?? '');
  return isTop ? folder.displayName : `${pathOf(mailbox, parent)}/${folder.displayName}`;
}
