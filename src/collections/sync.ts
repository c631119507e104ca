// sync-collection (RFC 6578): what changed since a token. A token is a revision; where a limit cuts inside one revision,
// a new token is minted, and a row of the ledger that is no member says what it stands for.
import type { Delta, SyncToken } from '../model/collection.ts';
import { BackendError } from '../model/failure.ts';
import type { LedgerEntry, LedgerHead, LedgerRow } from '../model/store.ts';
import { seen } from './freshness.ts';
import { objectOf } from './ledger-value.ts';
import { etagIn, type OpenFolder } from './open-folder.ts';
import { openPace } from './pace.ts';
import { upToDate } from './refresh.ts';
import { nextRevision, parseToken, tokenOf } from './tokens.ts';

/** Everything up to this row was given, by revision and then by href. */
interface Position {
  readonly revision: number;
  /** undefined: the whole revision. */
  readonly href?: string;
}

/** No href begins so (identity.ts). */
const positionMark = '\u0001';
const maxAttempts = 8;

export async function changesSince(
  open: OpenFolder,
  request: { token: SyncToken | undefined; limit?: number },
  signal?: AbortSignal,
): Promise<Delta> {
  const head = await upToDate(open, { signal });
  const from =
    request.token === undefined ? undefined : await positionOf(open, parseToken(request.token, head));
  const rows = await rowsAfter(open, from);
  const given = rows.slice(0, request.limit ?? rows.length);
  const truncated = given.length < rows.length;
  const delta = await deltaOf(open, given);
  if (!truncated) return { ...delta, token: tokenOf(head.revision), truncated };
  return { ...delta, token: await tokenAt(open, { given, next: rows[given.length], from }), truncated };
}

async function rowsAfter(open: OpenFolder, from: Position | undefined): Promise<readonly LedgerRow[]> {
  const { ledger, scope } = open;
  const rows = from
    ? await ledger.since(scope, from.href === undefined ? from.revision : from.revision - 1)
    : await ledger.rows(scope);
  return rows
    .filter((row) => !row.href.startsWith(positionMark) && (!from || isAfter(row, from)))
    .toSorted((a, b) => a.revision - b.revision || (a.href < b.href ? -1 : 1));
}

function isAfter(row: LedgerRow, from: Position): boolean {
  if (row.revision !== from.revision) return row.revision > from.revision;
  return from.href !== undefined && row.href > from.href;
}

async function deltaOf(
  open: OpenFolder,
  rows: readonly LedgerRow[],
): Promise<Pick<Delta, 'changed' | 'gone'>> {
  const pace = openPace();
  const changed = [];
  for (const row of rows) {
    if (row.gone) continue;
    changed.push({ href: row.href, etag: etagIn(open, objectOf(row, open.extension)) });
    await pace();
  }
  return { changed, gone: rows.filter((row) => row.gone).map((row) => row.href) };
}

async function positionOf(open: OpenFolder, revision: number): Promise<Position> {
  const [row] = await open.ledger.byHref(open.scope, [positionMark + revision]);
  if (!row) return { revision };
  const [at = '', ...href] = row.value.split('\n');
  return { revision: Number(at), href: href.join('\n') };
}

interface Cut {
  readonly given: readonly LedgerRow[];
  readonly next: LedgerRow | undefined;
  readonly from: Position | undefined;
}

/** The token of what was given (RFC 6578 §3.6). */
async function tokenAt(open: OpenFolder, { given, next, from }: Cut): Promise<SyncToken> {
  const last = given.at(-1);
  const at: Position = last
    ? { revision: last.revision, href: last.href }
    : (from ?? { revision: -1, href: '' });
  const head = await open.ledger.head(open.scope);
  if (head && last && next && next.revision > last.revision && last.revision >= head.birth)
    return tokenOf(last.revision);
  return tokenOf(await mint(open, at));
}

async function mint(open: OpenFolder, at: Position): Promise<number> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const head: LedgerHead | undefined = await open.ledger.head(open.scope);
    if (!head) break;
    const revision = nextRevision(head.revision, open.now());
    const row: LedgerEntry = {
      href: positionMark + revision,
      revision,
      gone: true,
      value: `${at.revision}\n${at.href ?? ''}`,
      keys: [],
    };
    if (await open.ledger.commit(open.scope, head.revision, { head: { ...head, revision }, rows: [row] })) {
      seen(open.freshness, revision);
      return revision;
    }
  }
  throw new BackendError({ kind: 'unavailable', message: 'others write this ledger all the time' });
}
