// The ledger of a usual mailbox stays small (DESIGN §5: 100 KB for 460 items), also when it was filled item by item.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { claimsOf, hrefOf, tagsFor } from '../../src/collections/identity.ts';
import { ledgerEntryOf } from '../../src/collections/ledger-value.ts';
import type { Listed } from '../../src/model/backend.ts';
import type { LedgerEntry } from '../../src/model/store.ts';
import { openStore } from '../../src/store/index.ts';

const mailboxes = 10;
const folders = [300, 100, 60];

/** Ids as Exchange makes them: of one mailbox and folder, then a counter. */
function idsOf(mailbox: string) {
  const folder = randomBytes(22);
  const entryId = Buffer.concat([Buffer.from(mailbox), randomBytes(12)]);
  const changeKeyHead = Buffer.concat([Buffer.from('0f000000160000', 'hex'), randomBytes(16)]);
  const server = randomBytes(16);
  return () => {
    const counter = randomBytes(6);
    return {
      // 114 bytes: the mailbox, the folder, the database and a counter, and zeros.
      id: Buffer.concat([entryId, folder, server, counter, randomBytes(8), Buffer.alloc(14)]).toString(
        'base64',
      ),
      version: Buffer.concat([changeKeyHead, randomBytes(7)]).toString('base64'),
      rank: Buffer.concat([server, counter]).toString('hex').toUpperCase(),
    };
  };
}

function entriesOf(count: number, mailbox: string, revision: number): LedgerEntry[] {
  const next = idsOf(mailbox);
  return Array.from({ length: count }, (_, index) => {
    const fromOutlook = index % 2 === 0;
    const goid = `040000008200E00074C5B7101A82E00800000000${randomBytes(8).toString('hex')}000000000000000010000000${randomBytes(16).toString('hex')}`;
    const uid = fromOutlook ? goid.toUpperCase() : randomUUID();
    const first = Date.UTC(2024, 0, 1) + index * 93_600_000;
    const listed: Listed = {
      ...next(),
      kind: 'event',
      nativeUid: uid,
      tags: fromOutlook ? {} : tagsFor({ uid, href: `${uid}.ics` }, uid),
      span: { first, last: first + 3_600_000 },
      isSeries: index % 10 === 0,
    };
    const object = { href: hrefOf(uid, '.ics'), uid, entries: [claimsOf(listed)] as const };
    return ledgerEntryOf(object, revision, '.ics');
  });
}

/** A state of SyncFolderItems: base64 of something packed. */
function cursor(): string {
  return `1.1\n${Buffer.concat([Buffer.from('1f8b0800', 'hex'), randomBytes(2000)]).toString('base64')}`;
}

describe.each(['at once', 'one by one'])('a store of mailboxes filled %s', (how) => {
  it(`needs at most 100 KB each`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'exdav-size-'));
    const path = join(folder, 'store.db');
    const store = await openStore(`sqlite:${path}`);
    for (let mailbox = 0; mailbox < mailboxes; mailbox += 1) {
      const identity = `user${mailbox}@example.test`;
      for (const [index, count] of folders.entries()) {
        const scope = { identity, folder: `AAMk${randomBytes(84).toString('base64')}${index}` };
        const rows = entriesOf(count, randomUUID(), 60_000_000);
        if (how === 'at once') {
          await store.ledger.commit(scope, undefined, {
            head: { birth: 1, revision: 60_000_000, cursor: cursor() },
            rows,
          });
          continue;
        }
        await store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows: [] });
        for (const [at, row] of rows.entries()) {
          const change = {
            head: { birth: 1, revision: at + 2, cursor: cursor() },
            rows: [{ ...row, revision: at + 2 }],
          };
          expect(await store.ledger.commit(scope, at + 1, change)).toBe(true);
        }
      }
    }
    await store.close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const bytes = statSync(path).size / mailboxes;
    rmSync(folder, { recursive: true });
    expect(bytes).toBeLessThan(100_000);
  });
});
