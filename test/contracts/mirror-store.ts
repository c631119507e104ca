// What every memory of the mirror must do, whichever it is (model/mirror-store.ts).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryEntry, Intent, MirrorStore, Side, Twin } from '../../src/model/mirror-store.ts';

const places = { exchange: 'folder', nextcloud: '/collection/' };
const dayMs = 86_400_000;
const start = Date.UTC(2026, 5, 1);

export function twinOf(uid: string, more: Partial<Twin> = {}): Twin {
  return {
    uid,
    sides: {
      exchange: { href: `${uid}.ics`, etag: '"1"', hash: 'e' },
      nextcloud: { href: `n-${uid}.ics`, etag: '"2"', hash: 'n' },
    },
    ...more,
  };
}

export function entryOf(uid: string, more: Partial<HistoryEntry> = {}): HistoryEntry {
  const side: Side = 'nextcloud';
  return { run: 1, at: start, uid, side, action: 'updated', href: `n-${uid}.ics`, ...more };
}

function intentOf(id: string, uid: string): Intent {
  return { id, entry: entryOf(uid, { action: 'interrupted', before: 'sealed' }) };
}

function uidsOf(all: readonly { readonly uid: string }[]): string[] {
  return all.map(({ uid }) => uid).sort();
}

const strange = 'größe 🎉 \u0000 \' " % _ \\ \n/==';

export function mirrorStoreContract(name: string, open: (now: () => number) => Promise<MirrorStore>): void {
  describe(`mirror store contract: ${name}`, () => {
    let store: MirrorStore;
    let time = start;
    beforeEach(async () => {
      time = start;
      store = await open(() => time);
    });
    afterEach(() => store.close());

    it('knows nothing of a pair before the first commit', async () => {
      expect(await store.head('p')).toBeUndefined();
      expect(await store.twins('p')).toEqual([]);
      expect(await store.twins('p', ['a'])).toEqual([]);
      expect(await store.twinsByHref('p', 'exchange', ['a.ics'])).toEqual([]);
      expect(await store.countTwins('p')).toBe(0);
      expect(await store.intents('p')).toEqual([]);
      expect(await store.history('p', {})).toEqual([]);
      expect(await store.troubled('p', Number.MAX_SAFE_INTEGER)).toEqual([]);
    });

    it('keeps each part of a change as it was given', async () => {
      const head = {
        tokens: { exchange: 'e1', nextcloud: 'http://sabre.io/ns/sync/7' },
        run: 4,
        comparedAt: 9,
        places,
      };
      const twins = [
        twinOf('a', { madeOn: 'nextcloud' }),
        twinOf(strange, { leftOut: { reason: 'window', first: 5 } }),
        {
          uid: 'half',
          generation: 0,
          sides: { exchange: { href: 'half.ics', etag: '', hash: '', uid: 'own' } },
        },
      ];
      await store.commit('p', { head, twins, opened: [intentOf('i', 'a')], history: [entryOf('a')] });
      expect(await store.head('p')).toEqual(head);
      expect(uidsOf(await store.twins('p'))).toEqual(uidsOf(twins));
      for (const twin of twins) expect(await store.twins('p', [twin.uid])).toEqual([twin]);
      expect(await store.intents('p')).toEqual([intentOf('i', 'a')]);
      expect(await store.history('p', {})).toEqual([entryOf('a')]);
    });

    it('finds twins by the name they have on one side, as it is now', async () => {
      await store.commit('p', { twins: [twinOf('a'), twinOf('b'), twinOf(strange)] });
      const moved = { ...twinOf('a').sides, exchange: { href: 'moved.ics', etag: '"3"', hash: 'e' } };
      await store.commit('p', { twins: [twinOf('a', { sides: moved })] });
      const names = async (side: Side, ...hrefs: string[]): Promise<string[]> =>
        uidsOf(await store.twinsByHref('p', side, hrefs));
      expect(await names('exchange', 'a.ics')).toEqual([]);
      expect(await names('exchange', 'moved.ics', 'b.ics', 'none')).toEqual(['a', 'b']);
      expect(await names('nextcloud', 'n-a.ics', 'moved.ics', `n-${strange}.ics`)).toEqual(['a', strange]);
      // A twin without that side has no name there.
      await store.commit('p', { twins: [twinOf('b', { sides: {} })] });
      expect(await names('exchange', 'b.ics', '')).toEqual([]);
    });

    it('forgets twins, and only those', async () => {
      await store.commit('p', { twins: [twinOf('a'), twinOf('b')] });
      await store.commit('p', { forgotten: ['a', 'never'] });
      expect(uidsOf(await store.twins('p'))).toEqual(['b']);
      expect(await store.countTwins('p')).toBe(1);
      expect(await store.twinsByHref('p', 'exchange', ['a.ics'])).toEqual([]);
      // Forgotten and written in one change: a stand-in makes room for the object that it stood for.
      await store.commit('p', { forgotten: ['b'], twins: [twinOf('b', { madeOn: 'exchange' })] });
      expect(await store.twins('p')).toEqual([twinOf('b', { madeOn: 'exchange' })]);
    });

    it('gives those in trouble when they are due, and not after they are well', async () => {
      const trouble = (nextAt: number) => ({ attempts: 1, nextAt, message: 'refused' });
      await store.commit('p', {
        twins: [
          twinOf('now', { trouble: trouble(start) }),
          twinOf('later', { trouble: trouble(start + 1) }),
          twinOf('well'),
        ],
      });
      expect(uidsOf(await store.troubled('p', start - 1))).toEqual([]);
      expect(uidsOf(await store.troubled('p', start))).toEqual(['now']);
      expect(uidsOf(await store.troubled('p', Number.MAX_SAFE_INTEGER))).toEqual(['later', 'now']);
      await store.commit('p', { twins: [twinOf('now')] });
      expect(uidsOf(await store.troubled('p', start + 1))).toEqual(['later']);
    });

    it('keeps intents until they are closed', async () => {
      await store.commit('p', { opened: [intentOf('1', 'a'), intentOf('2', 'b')] });
      await store.commit('p', { closed: ['1', 'never'], twins: [twinOf('a')] });
      expect((await store.intents('p')).map(({ id }) => id)).toEqual(['2']);
    });

    it('gives the history in its order, by run and by object', async () => {
      await store.commit('p', {
        history: [entryOf('a'), entryOf('b'), entryOf('a', { action: 'lost-conflict' })],
      });
      await store.commit('p', { history: [entryOf('a', { run: 2, action: 'removed', before: 'sealed' })] });
      const told = async (query: Parameters<MirrorStore['history']>[1]): Promise<string[]> =>
        (await store.history('p', query)).map(({ run, uid, action }) => `${run} ${uid} ${action}`);
      expect(await told({})).toEqual(['1 a updated', '1 b updated', '1 a lost-conflict', '2 a removed']);
      expect(await told({ run: 1 })).toEqual(['1 a updated', '1 b updated', '1 a lost-conflict']);
      expect(await told({ uid: 'a' })).toEqual(['1 a updated', '1 a lost-conflict', '2 a removed']);
      expect(await told({ run: 2, uid: 'b' })).toEqual([]);
    });

    it('drops history after its days, and nothing else', async () => {
      await store.commit('p', {
        twins: [twinOf('a')],
        opened: [intentOf('i', 'a')],
        history: [entryOf('old', { at: start }), entryOf('young', { at: start + 2 })],
      });
      time = start + 30 * dayMs;
      await store.prune(30);
      expect(uidsOf(await store.history('p', {}))).toEqual(['old', 'young']);
      time += 1;
      await store.prune(30);
      expect(uidsOf(await store.history('p', {}))).toEqual(['young']);
      expect(await store.countTwins('p')).toBe(1);
      expect(await store.intents('p')).toHaveLength(1);
    });

    it('keeps pairs apart', async () => {
      const head = { tokens: {}, run: 1, comparedAt: 0, places };
      await store.commit('p', {
        head,
        twins: [twinOf('a')],
        opened: [intentOf('i', 'a')],
        history: [entryOf('a')],
      });
      await store.commit('q', { twins: [twinOf('b')] });
      expect(uidsOf(await store.twins('q'))).toEqual(['b']);
      expect(await store.head('q')).toBeUndefined();
      expect(await store.intents('q')).toEqual([]);
      expect(await store.history('q', {})).toEqual([]);
      await store.commit('q', { closed: ['i'], forgotten: ['a'] });
      expect(await store.intents('p')).toHaveLength(1);
      expect(await store.countTwins('p')).toBe(1);
    });

    it('forgets a pair but for its history and what was interrupted', async () => {
      const head = { tokens: {}, run: 1, comparedAt: 0, places };
      await store.commit('p', {
        head,
        twins: [twinOf('a')],
        opened: [intentOf('i', 'a')],
        history: [entryOf('a')],
      });
      await store.commit('q', { head, twins: [twinOf('b')] });
      await store.reset('p');
      expect(await store.head('p')).toBeUndefined();
      expect(await store.twins('p')).toEqual([]);
      // Texts that a killed run overwrote are nowhere else.
      expect(await store.intents('p')).toHaveLength(1);
      expect(await store.history('p', {})).toHaveLength(1);
      expect(await store.countTwins('q')).toBe(1);
    });

    it('keeps who is shut out, until that is taken back', async () => {
      expect(await store.latch('k')).toBeUndefined();
      await store.setLatch('k', 'refused');
      await store.setLatch('k', 'refused again');
      await store.setLatch('other', 'x');
      expect(await store.latch('k')).toBe('refused again');
      await store.setLatch('k', undefined);
      expect(await store.latch('k')).toBeUndefined();
      expect(await store.latch('other')).toBe('x');
    });

    it('takes a great many at once', async () => {
      const many = Array.from({ length: 5000 }, (_, n) => twinOf(`u${n}`));
      await store.commit('p', { twins: many });
      expect(await store.countTwins('p')).toBe(5000);
      const hrefs = many.map(({ uid }) => `${uid}.ics`);
      expect(await store.twinsByHref('p', 'exchange', hrefs)).toHaveLength(5000);
      expect(
        await store.twins(
          'p',
          many.map(({ uid }) => uid),
        ),
      ).toHaveLength(5000);
    });
  });
}
