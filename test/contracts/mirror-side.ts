// What a mirror needs of a collection, wherever it lies: run over the memory backend, over EWS, and over foreign DAV servers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection, Condition, Resource } from '../../src/model/collection.ts';
import { BackendError, DavError, type Outcome } from '../../src/model/failure.ts';
import { cardText, eventText, taskText } from '../memory-backend/items.ts';

/** Empty collections. */
export interface SideUnderTest {
  readonly events: Collection;
  readonly tasks: Collection;
  readonly contacts: Collection;
  /** Makes what was read a moment ago stale. */
  pass(): void | Promise<void>;
  close(): Promise<void>;
}

export interface SideTraits {
  /** Known gaps of a server, none of them the mirror's to mend: the tests of these say what happens instead. */
  readonly lacks?: readonly ('unique UIDs' | 'component check' | 'vCard conversion' | 'UID demand')[];
}

export function mirrorSideContract(
  name: string,
  open: () => Promise<SideUnderTest>,
  { lacks = [] }: SideTraits = {},
): void {
  describe(`mirror side contract: ${name}`, () => {
    let side: SideUnderTest;
    let events: Collection;
    const put = (href: string, text: string, condition: Condition = {}, collection = events) =>
      collection.put({ href, text, condition, mail: 'silent' });
    const etagAt = async (href: string): Promise<string> => (await events.member(href))?.etag ?? 'none';
    const hrefs = (members: readonly { readonly href: string }[]) => members.map(({ href }) => href).sort();

    beforeEach(async () => {
      side = await open();
      ({ events } = side);
    });
    afterEach(() => side.close());

    it('creates, changes and deletes under conditions, and refuses with 412 when they are not met', async () => {
      expect(await put('a.ics', eventText('a'), { ifNoneMatch: '*' })).toMatchObject({ created: true });
      expect(await refusal(put('a.ics', eventText('a'), { ifNoneMatch: '*' }))).toBe('412');
      const first = await etagAt('a.ics');
      const supper = eventText('a', { summary: 'Supper' });
      expect(await put('a.ics', supper, { ifMatch: [first] })).toMatchObject({ created: false });
      expect(await refusal(put('a.ics', eventText('a'), { ifMatch: [first] }))).toBe('412');
      await side.pass();
      expect(textOf(await readOne(events, 'a.ics'))).toMatch(/SUMMARY:Supper\r?\n/);
      expect(await refusal(events.remove('a.ics', { ifMatch: [first] }, 'silent'))).toBe('412');
      await events.remove('a.ics', { ifMatch: [await etagAt('a.ics')] }, 'silent');
      expect(await events.member('a.ics')).toBeUndefined();
      expect(await events.members()).toEqual([]);
      expect(await refusal(events.remove('a.ics', {}, 'silent'))).toBe('404');
    });

    it('keeps names as they are given', async () => {
      const names = ['Größe 1.ics', 'a+b&c;d=e@f,g.ics', "(x)~!'.ics", '日本.ics'];
      for (const [index, href] of names.entries())
        await put(href, eventText(`uid-${index}`), { ifNoneMatch: '*' });
      await side.pass();
      expect(hrefs(await events.members())).toEqual(names.toSorted());
      expect(hrefs((await events.changes(undefined)).changed)).toEqual(names.toSorted());
      for (const [href, outcome] of await events.read(names, { kind: 'whole' }))
        expect(textOf(outcome)).toMatch(new RegExp(`UID:uid-${names.indexOf(href)}\\r?\\n`));
    });

    it('tells the same etags wherever they are asked for', async () => {
      for (const uid of ['a', 'b', 'c']) await put(`${uid}.ics`, eventText(uid));
      await side.pass();
      const listed = new Map((await events.members()).map(({ href, etag }) => [href, etag]));
      expect([...listed.keys()].sort()).toEqual(['a.ics', 'b.ics', 'c.ics']);
      for (const { href, etag } of (await events.changes(undefined)).changed)
        expect(etag).toBe(listed.get(href));
      for (const [href, outcome] of await events.read([...listed.keys()], { kind: 'whole' })) {
        expect(outcome.ok && outcome.value.etag).toBe(listed.get(href));
        expect(await etagAt(href)).toBe(listed.get(href));
      }
    });

    it('reads in the order asked, many at once, and says which are not there', async () => {
      const names = Array.from({ length: 60 }, (_, index) => `m${index}.ics`);
      await Promise.all(names.map((href) => put(href, eventText(href))));
      const asked = [...names.toReversed(), 'none.ics', 'm3.ics'];
      const read = await events.read(asked, { kind: 'whole' });
      expect(read.map(([href]) => href)).toEqual(asked);
      for (const [href, outcome] of read) {
        if (href === 'none.ics') expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
        else expect(textOf(outcome)).toMatch(new RegExp(`UID:${href}\\r?\\n`));
      }
    });

    it('promises an etag only for what a read gives back', async () => {
      const text = eventText('a', { summary: `${'x'.repeat(200)} ü`, lines: ['X-OWN;X-P="a:b;c":d\\, e'] });
      const result = await put('a.ics', text);
      await side.pass();
      if (result.etag === undefined) return;
      expect(textOf(await readOne(events, 'a.ics')).replaceAll('\r\n', '\n')).toBe(
        text.replaceAll('\r\n', '\n'),
      );
      expect(await etagAt('a.ics')).toBe(result.etag);
    });

    it('tells what was created, changed and deleted since a token, and nothing twice', async () => {
      const empty = await events.changes(undefined);
      expect(empty).toMatchObject({ changed: [], gone: [], truncated: false });
      for (const uid of ['a', 'b', 'c']) await put(`${uid}.ics`, eventText(uid));
      const first = await events.changes(empty.token);
      expect(hrefs(first.changed)).toEqual(['a.ics', 'b.ics', 'c.ics']);
      expect(first.gone).toEqual([]);
      await put('b.ics', eventText('b', { summary: 'Supper' }));
      await events.remove('c.ics', {}, 'silent');
      await put('d.ics', eventText('d'));
      await side.pass();
      const second = await events.changes(first.token);
      expect(hrefs(second.changed)).toEqual(['b.ics', 'd.ics']);
      expect(second.gone).toEqual(['c.ics']);
      expect(second.changed.find(({ href }) => href === 'b.ics')?.etag).toBe(await etagAt('b.ics'));
      expect(await events.changes(second.token)).toMatchObject({ changed: [], gone: [] });
      // A reader that was away longer sees the sum.
      const sum = await events.changes(empty.token);
      expect(hrefs(sum.changed)).toEqual(['a.ics', 'b.ics', 'd.ics']);
    });

    it('has a state that changes with the members, and whose token changes go on from', async () => {
      const before = await events.state();
      await put('a.ics', eventText('a'));
      await side.pass();
      const after = await events.state();
      expect(after.ctag).not.toBe(before.ctag);
      expect(after.syncToken).not.toBe(before.syncToken);
      expect(hrefs((await events.changes(before.syncToken)).changed)).toEqual(['a.ics']);
      expect((await events.changes(after.syncToken)).changed).toEqual([]);
      expect(await events.state()).toMatchObject({ syncToken: after.syncToken, ctag: after.ctag });
    });

    it('refuses a token that it did not give', async () => {
      expect(await refusal(events.changes('nonsense'))).toBe('403 valid-sync-token');
    });

    it('takes tasks, and contacts in both versions', async () => {
      await put('t.ics', taskText('task-1'), {}, side.tasks);
      await put('c.vcf', cardText('card-1'), {}, side.contacts);
      await side.pass();
      expect(textOf(await readOne(side.tasks, 't.ics'))).toMatch(/BEGIN:VTODO[\s\S]*UID:task-1/);
      for (const version of ['3.0', '4.0'] as const) {
        if (version === '4.0' && lacks.includes('vCard conversion')) continue;
        const [[, card] = []] = await side.contacts.read(['c.vcf'], { kind: 'address', version });
        expect(textOf(card)).toMatch(/FN:Grace Hopper/);
        expect(textOf(card)).toContain(`VERSION:${version}`);
      }
      const delta = await side.contacts.changes(undefined);
      expect(hrefs(delta.changed)).toEqual(['c.vcf']);
      await side.contacts.remove('c.vcf', {}, 'silent');
      expect((await side.contacts.changes(delta.token)).gone).toEqual(['c.vcf']);
    });

    it('finds the member that has a UID', async () => {
      await put('a.ics', eventText('find-me'));
      await put('b.ics', eventText('another'));
      const plain = { isNotDefined: false, props: [], comps: [] };
      const textMatch = {
        text: 'find-me',
        collation: 'i;ascii-casemap',
        negate: false,
        match: 'contains',
      } as const;
      const props = [{ name: 'UID', isNotDefined: false, params: [], textMatch }];
      const comp = { ...plain, name: 'VCALENDAR', comps: [{ ...plain, name: 'VEVENT', props }] };
      const { found } = await events.query({
        filter: { kind: 'calendar', filter: { comp } },
        shape: { kind: 'whole' },
      });
      expect(found.map(([href]) => href)).toEqual(['a.ics']);
      expect(textOf(found[0]?.[1])).toContain('UID:find-me');
    });

    it('holds a UID once, and names who has it', async () => {
      await put('a.ics', eventText('same'));
      if (lacks.includes('unique UIDs')) return;
      const error = await thrown(put('b.ics', eventText('same'), { ifNoneMatch: '*' }));
      expect(wordsOf(error)).toBe('409 no-uid-conflict');
      expect(error instanceof DavError && error.member).toBe('a.ics');
      expect(hrefs(await events.members())).toEqual(['a.ics']);
    });

    it('takes a UID again after it was deleted, under another name', async () => {
      const { token } = await events.changes(undefined);
      for (const generation of [0, 1, 2]) {
        await put(`g${generation}.ics`, eventText('again'), { ifNoneMatch: '*' });
        if (generation < 2) await events.remove(`g${generation}.ics`, {}, 'silent');
      }
      await side.pass();
      expect(hrefs(await events.members())).toEqual(['g2.ics']);
      expect(hrefs((await events.changes(token)).changed)).toEqual(['g2.ics']);
    });

    it('refuses what is no object, and stays as it was', async () => {
      await put('a.ics', eventText('a'));
      const before = await events.state();
      expect(await refusal(put('b.ics', 'no calendar at all'))).not.toBe('met');
      if (!lacks.includes('component check'))
        expect(await refusal(put('t.ics', taskText('t')))).toBe('403 supported-calendar-component');
      expect(await refusal(put('c.vcf', 'no card at all', {}, side.contacts))).not.toBe('met');
      await side.pass();
      expect(hrefs(await events.members())).toEqual(['a.ics']);
      expect((await events.state()).ctag).toBe(before.ctag);
    });

    it('loses nothing of many writes at once', async () => {
      const { token } = await events.changes(undefined);
      const names = Array.from({ length: 25 }, (_, index) => `p${index}.ics`);
      await Promise.all(names.map((href) => put(href, eventText(href), { ifNoneMatch: '*' })));
      await side.pass();
      expect(hrefs(await events.members())).toEqual(names.toSorted());
      expect(hrefs((await events.changes(token)).changed)).toEqual(names.toSorted());
    });

    it('gives up when the caller does', async () => {
      await put('a.ics', eventText('a'));
      await side.pass();
      const reason = new Error('enough');
      await expect(events.changes(undefined, undefined, AbortSignal.abort(reason))).rejects.toThrow('enough');
    });
  });
}

async function readOne(collection: Collection, href: string): Promise<Outcome<Resource> | undefined> {
  const [read] = await collection.read([href], { kind: 'whole' });
  return read?.[1];
}

function textOf(outcome: Outcome<Resource> | undefined): string {
  if (!outcome?.ok) throw new Error(outcome ? outcome.failure.message : 'nothing was answered');
  return outcome.value.text;
}

async function thrown(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return wordsOf(await thrown(work));
}

function wordsOf(error: unknown): string {
  if (error === undefined) return 'met';
  if (error instanceof BackendError) return error.failure.kind;
  if (!(error instanceof DavError)) throw error;
  return [error.status, error.precondition?.replace(/^\{.*\}/, '')].filter(Boolean).join(' ');
}
