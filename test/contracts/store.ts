// What every store must do, whichever it is (model/store.ts). Run by the embedded stores and by Redis.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerEntry, LedgerScope, Store } from '../../src/model/store.ts';

export interface StoreUnderTest {
  /** A store without anything in it. */
  open(now: () => number): Promise<Store>;
  /** Waits until `ms` have passed for records' time to live. */
  pass(ms: number): Promise<void>;
}

const scope: LedgerScope = { identity: 'alice@example.test', folder: 'AAMkAD=' };
const dayMs = 86_400_000;
const start = Date.UTC(2026, 5, 1);

function entry(href: string, revision: number, more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    href,
    revision,
    gone: false,
    value: `value of ${href}\nsecond line`,
    keys: [`k:${href}`],
    ...more,
  };
}

function hrefs(rows: readonly { href: string }[]): string[] {
  return rows.map((row) => row.href).sort();
}

export function storeContract(name: string, under: StoreUnderTest): void {
  describe(`store contract: ${name}`, () => {
    let store: Store;
    let time = start;
    beforeEach(async () => {
      time = start;
      store = await under.open(() => time);
    });
    afterEach(() => store.close());

    it('keeps records until they expire', async () => {
      await store.records.set('a:1*?[', 'größe', 60_000);
      await store.records.set('a:2', 'two', 60_000);
      await store.records.set('short', 'soon gone', 30);
      expect(await store.records.get('a:1*?[')).toBe('größe');
      await store.records.set('a:2', 'new', 60_000);
      expect(await store.records.get('a:2')).toBe('new');
      await store.records.delete('a:2');
      expect(await store.records.get('a:2')).toBeUndefined();
      expect(await store.records.get('never')).toBeUndefined();
      time += 40;
      await under.pass(40);
      expect(await store.records.get('short')).toBeUndefined();
    });

    it('has no ledger before the first commit, and then what was written', async () => {
      expect(await store.ledger.head(scope)).toBeUndefined();
      expect(await store.ledger.rows(scope)).toEqual([]);
      expect(await store.ledger.byHref(scope, ['x'])).toEqual([]);
      expect(await store.ledger.byKey(scope, ['x'])).toEqual([]);
      const head = { birth: 5, revision: 7, cursor: '1.1\nH4sIAAA=\n' };
      const texts = ['a.ics', 'größe 🎉.ics', 'ABCDEF.ics', '4f'.repeat(60), 'x'.repeat(200)];
      expect(
        await store.ledger.commit(scope, undefined, { head, rows: texts.map((href) => entry(href, 7)) }),
      ).toBe(true);
      expect(await store.ledger.head(scope)).toEqual(head);
      const rows = await store.ledger.rows(scope);
      expect(hrefs(rows)).toEqual([...texts].sort());
      expect(rows.find((row) => row.href === 'a.ics')).toMatchObject({
        href: 'a.ics',
        revision: 7,
        gone: false,
        value: 'value of a.ics\nsecond line',
      });
    });

    it('keeps every kind of text exactly', async () => {
      const values = [
        '',
        '\n',
        '\n\n\n',
        'deadbeef',
        'DEADBEEFDEADBEEF',
        '040000008200E00074C5B7101A82E008',
        '0b5e1c8e-6c1c-4a4f-9c58-6f2b9d2f1c11',
        '0B5E1C8E-6C1C-4A4F-9C58-6F2B9D2F1C11',
        'QUJD/+==\nQUJDRA==',
        'AB==\nABC=\nABCD',
        'AAMkAGI2TG93AAA='.repeat(40),
        'z'.repeat(70_000),
        'ä'.repeat(300),
        '🎉🎊',
        '🎉🎋\n🎉🎊x',
        'tab\tand\u0001control',
      ];
      const rows = values.map((value, index) => entry(`${index}.ics`, 1, { value }));
      await store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows });
      for (const [index, value] of values.entries()) {
        const [row] = await store.ledger.byHref(scope, [`${index}.ics`]);
        expect(row?.value).toBe(value);
      }
    });

    it('finds rows by href and by key, also where rows share a key or an href looks like one', async () => {
      const rows = [
        entry('a.ics', 1, { keys: ['i:1', 'u:same'] }),
        entry('b.ics', 1, { keys: ['i:2', 'u:same'] }),
        entry('i:1', 1, { keys: [] }),
      ];
      await store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows });
      expect(hrefs(await store.ledger.byHref(scope, ['b.ics', 'no.ics', 'a.ics', 'a.ics']))).toEqual([
        'a.ics',
        'b.ics',
      ]);
      expect(hrefs(await store.ledger.byKey(scope, ['i:1']))).toEqual(['a.ics']);
      expect(hrefs(await store.ledger.byKey(scope, ['u:same', 'i:2', 'no']))).toEqual(['a.ics', 'b.ics']);
      await store.ledger.commit(scope, 1, {
        head: { birth: 1, revision: 2 },
        rows: [entry('a.ics', 2, { keys: ['i:9'] }), entry('b.ics', 2, { gone: true, value: '', keys: [] })],
      });
      expect(hrefs(await store.ledger.byKey(scope, ['u:same', 'i:1', 'i:2']))).toEqual([]);
      expect(hrefs(await store.ledger.byKey(scope, ['i:9']))).toEqual(['a.ics']);
    });

    it('tells what changed since a revision, gone ones included', async () => {
      await store.ledger.commit(scope, undefined, {
        head: { birth: 1, revision: 1 },
        rows: ['a', 'b', 'c'].map((href) => entry(href, 1)),
      });
      await store.ledger.commit(scope, 1, { head: { birth: 1, revision: 2 }, rows: [entry('b', 2)] });
      await store.ledger.commit(scope, 2, {
        head: { birth: 1, revision: 9 },
        rows: [entry('a', 9, { gone: true, value: '', keys: [] })],
      });
      expect((await store.ledger.since(scope, 1)).map((row) => [row.href, row.revision, row.gone])).toEqual([
        ['b', 2, false],
        ['a', 9, true],
      ]);
      expect(await store.ledger.since(scope, 9)).toEqual([]);
      expect(hrefs(await store.ledger.since(scope, 0))).toEqual(['a', 'b', 'c']);
      expect(hrefs(await store.ledger.rows(scope))).toEqual(['b', 'c']);
    });

    it('lets only one of two writers pass', async () => {
      const write = (expected: number | undefined, revision: number, replace = false) =>
        store.ledger.commit(scope, expected, {
          head: { birth: revision, revision },
          rows: [entry(`${revision}.ics`, revision)],
          replace,
        });
      expect(await Promise.all([write(undefined, 1), write(undefined, 1)])).toSatisfy(
        (results: boolean[]) => results.filter(Boolean).length === 1,
      );
      expect(await write(undefined, 2)).toBe(false);
      expect(await write(4, 5)).toBe(false);
      const results = await Promise.all([write(1, 2), write(1, 3), write(1, 4, true)]);
      expect(results.filter(Boolean)).toHaveLength(1);
    });

    it('replaces a folder without a trace, and keeps the birth otherwise', async () => {
      await store.ledger.commit(scope, undefined, {
        head: { birth: 5, revision: 5 },
        rows: [entry('a', 5), entry('b', 5)],
      });
      await store.ledger.commit(scope, 5, { head: { birth: 3, revision: 6 }, rows: [] });
      expect(await store.ledger.head(scope)).toEqual({ birth: 5, revision: 6 });
      await store.ledger.commit(scope, 6, {
        head: { birth: 9, revision: 9 },
        rows: [entry('c', 9)],
        replace: true,
      });
      expect(await store.ledger.head(scope)).toEqual({ birth: 9, revision: 9 });
      expect(hrefs(await store.ledger.since(scope, 0))).toEqual(['c']);
      expect(await store.ledger.byKey(scope, ['k:a'])).toEqual([]);
    });

    it('writes thousands of rows in one visible step, also onto others', async () => {
      const many = Array.from({ length: 2500 }, (_, index) => entry(`${index}.ics`, 1));
      const filling = store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows: many });
      const seen: number[] = [];
      for (let turn = 0; turn < 30; turn += 1) {
        seen.push((await store.ledger.rows(scope)).length);
        await new Promise(setImmediate);
      }
      await filling;
      seen.push((await store.ledger.rows(scope)).length);
      expect(seen.every((count) => count === 0 || count === 2500)).toBe(true);
      const changed = many.slice(0, 900).map((row) => ({ ...row, revision: 2, value: 'new', keys: ['new'] }));
      await store.ledger.commit(scope, 1, {
        head: { birth: 1, revision: 2 },
        rows: [...changed, entry('more.ics', 2), entry('900.ics', 2, { gone: true, value: '', keys: [] })],
      });
      expect(await store.ledger.rows(scope)).toHaveLength(2500);
      expect(await store.ledger.since(scope, 1)).toHaveLength(902);
      expect(await store.ledger.byKey(scope, ['k:3.ics', 'k:2000.ics'])).toMatchObject([
        { href: '2000.ics' },
      ]);
      expect(await store.ledger.byKey(scope, ['new'])).toHaveLength(900);
      expect(await store.ledger.byHref(scope, ['1200.ics'])).toHaveLength(1);
    });

    it('packs rows well or badly, but never wrongly, in a folder that began empty', async () => {
      await store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows: [] });
      for (let revision = 2; revision < 6; revision += 1) {
        const rows = [entry(`${revision}.ics`, revision, { value: `${revision}\nsame\n` })];
        await store.ledger.commit(scope, revision - 1, { head: { birth: 1, revision }, rows });
      }
      expect((await store.ledger.rows(scope)).map((row) => row.value).sort()).toEqual(
        [2, 3, 4, 5].map((revision) => `${revision}\nsame\n`),
      );
    });

    it('separates identities and folders', async () => {
      const others = [
        { ...scope, identity: 'bob@example.test' },
        { ...scope, folder: 'other' },
        { identity: `${scope.identity}\n${scope.folder}`, folder: '' },
      ];
      await store.ledger.commit(scope, undefined, { head: { birth: 1, revision: 1 }, rows: [entry('a', 1)] });
      for (const other of others) {
        expect(await store.ledger.head(other)).toBeUndefined();
        expect(await store.ledger.rows(other)).toEqual([]);
        expect(await store.ledger.byKey(other, ['k:a'])).toEqual([]);
        expect(await store.ledger.byHref(other, ['a'])).toEqual([]);
        await store.ledger.drop(other);
      }
      expect(await store.ledger.rows(scope)).toHaveLength(1);
      await store.ledger.drop(scope);
      expect(await store.ledger.head(scope)).toBeUndefined();
      expect(await store.ledger.rows(scope)).toEqual([]);
    });

    it('prunes ledgers that nobody used, and only those', async () => {
      const other = { ...scope, folder: 'other' };
      for (const each of [scope, other]) {
        await store.ledger.commit(each, undefined, {
          head: { birth: 1, revision: 1 },
          rows: [entry('a', 1)],
        });
      }
      time += 20 * dayMs;
      await store.ledger.head(other);
      time += 20 * dayMs;
      await store.prune(30);
      expect(await store.ledger.head(scope)).toBeUndefined();
      expect(await store.ledger.rows(other)).toHaveLength(1);
    });

    it('forgets old tombstones and moves the birth with them', async () => {
      const now = Math.floor((start - Date.UTC(2025, 0, 1)) / 1000);
      await store.ledger.commit(scope, undefined, {
        head: { birth: now, revision: now },
        rows: [entry('a', now), entry('b', now), entry('c', now)],
      });
      const gone = { gone: true, value: '', keys: [] };
      await store.ledger.commit(scope, now, {
        head: { birth: now, revision: now + 10 },
        rows: [entry('a', now + 10, gone)],
      });
      time += 100 * dayMs;
      const later = now + 100 * 86_400;
      await store.ledger.commit(scope, now + 10, {
        head: { birth: now, revision: later },
        rows: [entry('b', later, gone)],
      });
      await store.prune(30);
      expect(await store.ledger.head(scope)).toMatchObject({ birth: now + 10, revision: later });
      expect(hrefs(await store.ledger.since(scope, 0))).toEqual(['b', 'c']);
      await store.ledger.commit(scope, later, { head: { birth: now, revision: later + 1 }, rows: [] });
      expect(await store.ledger.head(scope)).toMatchObject({ birth: now + 10, revision: later + 1 });
    });
  });
}
