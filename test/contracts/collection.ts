// What a home of collections must do, whatever lies below (model/collection.ts): run over the memory backend and over EWS.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Collection, Home, Resource } from '../../src/model/collection.ts';
import { DavError, type Outcome } from '../../src/model/failure.ts';
import { cardText, eventText, taskText } from '../memory-backend/items.ts';

export interface HomeUnderTest {
  readonly home: Home;
  /** Keys of empty collections; `other` takes events, too. */
  readonly keys: {
    readonly events: string;
    readonly tasks: string;
    readonly contacts: string;
    readonly other: string;
  };
  /** Makes what was read a moment ago stale. */
  pass(): void | Promise<void>;
  close(): Promise<void>;
}

const silent = 'silent';

function textOf(outcome: Outcome<Resource> | undefined): string {
  if (!outcome?.ok) throw new Error(outcome ? outcome.failure.message : 'nothing was answered');
  return outcome.value.text;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DavError)) throw error;
    return [error.status, error.precondition?.replace(/^\{.*\}/, '')].filter(Boolean).join(' ');
  }
  return 'met';
}

export function collectionContract(name: string, open: () => Promise<HomeUnderTest>): void {
  describe(`collection contract: ${name}`, () => {
    let under: HomeUnderTest;
    let events: Collection;
    let other: Collection;
    const at = async (key: string): Promise<Collection> => {
      const found = await under.home.collection(key);
      if (!found) throw new Error(`no collection ${key}`);
      return found;
    };
    const put = (collection: Collection, href: string, text: string, condition = {}) =>
      collection.put({ href, text, condition, mail: silent });
    const hrefs = async (collection: Collection) =>
      (await collection.members()).map((member) => member.href).sort();

    beforeEach(async () => {
      under = await open();
      [events, other] = [await at(under.keys.events), await at(under.keys.other)];
    });
    afterEach(() => under.close());

    it('creates, reads, changes and removes a member under the name the client gave', async () => {
      expect(await put(events, 'Größe 1.ics', eventText('uid-1'), { ifNoneMatch: '*' })).toMatchObject({
        created: true,
      });
      expect(await hrefs(events)).toEqual(['Größe 1.ics']);
      const [[href, read] = []] = await events.read(['Größe 1.ics'], { kind: 'whole' });
      expect(href).toBe('Größe 1.ics');
      expect(textOf(read)).toMatch(/UID:uid-1\r\n/);
      const before = await events.member('Größe 1.ics');
      const changed = eventText('uid-1', { summary: 'Supper' });
      expect(await put(events, 'Größe 1.ics', changed, { ifMatch: [before?.etag] })).toMatchObject({
        created: false,
      });
      expect(await refusal(put(events, 'Größe 1.ics', eventText('uid-1'), { ifMatch: [before?.etag] }))).toBe(
        '412',
      );
      await under.pass();
      const [[, again] = []] = await events.read(['Größe 1.ics'], { kind: 'whole' });
      expect(textOf(again)).toMatch(/SUMMARY:Supper\r\n/);
      expect(await refusal(events.remove('Größe 1.ics', { ifMatch: [before?.etag ?? ''] }, silent))).toBe(
        '412',
      );
      await events.remove('Größe 1.ics', {}, silent);
      expect(await hrefs(events)).toEqual([]);
      await under.pass();
      expect(await hrefs(events)).toEqual([]);
      expect(await refusal(events.remove('Größe 1.ics', {}, silent))).toBe('404');
    });

    it('takes tasks and contacts in their own collections only', async () => {
      const [tasks, contacts] = [await at(under.keys.tasks), await at(under.keys.contacts)];
      await put(tasks, 't.ics', taskText('task-1'));
      await put(contacts, 'c.vcf', cardText('card-1'));
      await under.pass();
      const [[, task] = []] = await tasks.read(['t.ics'], { kind: 'whole' });
      expect(textOf(task)).toMatch(/BEGIN:VTODO[\s\S]*UID:task-1/);
      const [[, card] = []] = await contacts.read(['c.vcf'], { kind: 'address', version: '4.0' });
      expect(textOf(card)).toMatch(/VERSION:4.0[\s\S]*FN:Grace Hopper/);
      expect(await refusal(put(tasks, 'e.ics', eventText('e')))).toBe('403 supported-calendar-component');
      expect(await refusal(put(events, 't.ics', taskText('t')))).toBe('403 supported-calendar-component');
      expect(await refusal(put(contacts, 'e.vcf', eventText('e')))).toBe('403 valid-address-data');
    });

    it('keeps groups among contacts, their members by the UID of the card or by address', async () => {
      const contacts = await at(under.keys.contacts);
      const group = (...members: readonly string[]): string =>
        ['BEGIN:VCARD', 'VERSION:4.0', 'UID:g', 'FN:G', 'KIND:group', ...members, 'END:VCARD', ''].join(
          '\r\n',
        );
      const grace = cardText('card-1').replace('END:', 'EMAIL:grace@example.org\r\nEND:');
      await put(contacts, 'c.vcf', grace);
      const all = ['MEMBER:mailto:ada@example.org', 'MEMBER:urn:uuid:card-1', 'MEMBER:urn:uuid:unknown'];
      await put(contacts, 'g.vcf', group(...all));
      const members = async (): Promise<string[]> => {
        await under.pass();
        const [[, read] = []] = await contacts.read(['g.vcf'], { kind: 'address', version: '4.0' });
        return (textOf(read).match(/^MEMBER.*$/gm) ?? []).map((line) => line.trim()).sort();
      };
      expect(await members()).toEqual(all);
      const before = await contacts.member('g.vcf');
      await put(contacts, 'g.vcf', group(...all.slice(1)), { ifMatch: [before?.etag] });
      expect(await members()).toEqual(all.slice(1));
      expect(await hrefs(contacts)).toEqual(['c.vcf', 'g.vcf']);
      await contacts.remove('g.vcf', {}, silent);
      await under.pass();
      expect(await hrefs(contacts)).toEqual(['c.vcf']);
    });

    it('refuses what the RFCs refuse, and leaves everything as it was', async () => {
      await put(events, 'a.ics', eventText('uid-a'));
      const before = await events.state();
      const noUid = eventText('x').replace('UID:x\r\n', '');
      const refusals = [
        [() => put(events, 'b.ics', eventText('uid-a')), '409 no-uid-conflict'],
        [() => put(events, 'a.ics', eventText('uid-b')), '409 no-uid-conflict'],
        [() => put(events, 'b.ics', 'no calendar at all'), '403 valid-calendar-data'],
        [() => put(events, 'b.ics', noUid), '403 valid-calendar-object-resource'],
        [() => put(events, 'a.ics', eventText('uid-a'), { ifNoneMatch: '*' }), '412'],
        [() => put(events, 'b.ics', eventText('uid-b'), { ifMatch: '*' }), '412'],
        [() => put(events, 'b.ics', eventText('uid-b'), { ifMatch: ['"other"'] }), '412'],
        [() => put(events, `${'x'.repeat(200)}.ics`, eventText('uid-b')), '403'],
        [() => put(events, 'b.ics', eventText('uid-b', { lines: ['RRULE:FREQ=SECONDLY'] })), '403'],
      ] as const;
      for (const [work, expected] of refusals)
        expect(await refusal(work())).toMatch(new RegExp(`^${expected}`));
      await under.pass();
      expect(await hrefs(events)).toEqual(['a.ics']);
      expect(await events.state()).toEqual(before);
    });

    it('gives an etag on PUT only for what a read gives back', async () => {
      const text = eventText('uid-1', { summary: 'x'.repeat(300) });
      const result = await put(events, 'a.ics', text);
      await under.pass();
      const [[, read] = []] = await events.read(['a.ics'], { kind: 'whole' });
      expect(result.etag === undefined || textOf(read) === text).toBe(true);
    });

    it('tells changes since a token', async () => {
      const empty = await events.changes(undefined);
      expect(empty).toMatchObject({ changed: [], gone: [], truncated: false });
      await put(events, 'a.ics', eventText('a'));
      await put(events, 'b.ics', eventText('b'));
      const first = await events.changes(empty.token);
      expect(first.changed.map((member) => member.href).sort()).toEqual(['a.ics', 'b.ics']);
      expect(await events.changes(first.token)).toEqual({
        changed: [],
        gone: [],
        token: first.token,
        truncated: false,
      });
      await put(events, 'a.ics', eventText('a', { summary: 'new' }));
      await events.remove('b.ics', {}, silent);
      await under.pass();
      const second = await events.changes(first.token);
      expect(second.changed).toEqual([await events.member('a.ics')]);
      expect(second.gone).toEqual(['b.ics']);
      expect(second.token).toBe((await events.state()).syncToken);
      const far = second.token.replace(/\d+$/, (digits) => `${Number(digits) + 1000}`);
      for (const bad of ['', 'x', 'http://sabre.io/ns/sync/0', far]) {
        expect(await refusal(events.changes(bad))).toBe('403 valid-sync-token');
      }
    });

    it('gives a limited answer in steps that together are the whole', async () => {
      for (const uid of ['a', 'b', 'c', 'd', 'e']) await put(events, `${uid}.ics`, eventText(uid));
      const seen: string[] = [];
      let delta = await events.changes(undefined, 2);
      for (let step = 0; step < 10; step += 1) {
        expect(delta.changed.length + delta.gone.length).toBeLessThanOrEqual(2);
        seen.push(...delta.changed.map((member) => member.href));
        if (!delta.truncated) break;
        delta = await events.changes(delta.token, 2);
      }
      expect(seen.sort()).toEqual(['a.ics', 'b.ics', 'c.ics', 'd.ics', 'e.ics']);
      expect((await events.changes(delta.token)).changed).toEqual([]);
    });

    it('finds by time range and by text', async () => {
      await put(events, 'march.ics', eventText('march', { start: '20260310T080000Z' }));
      await put(events, 'april.ics', eventText('april', { start: '20260410T080000Z', summary: 'Easter' }));
      await put(
        events,
        'weekly.ics',
        eventText('weekly', { start: '20260105T080000Z', lines: ['RRULE:FREQ=WEEKLY;COUNT=12'] }),
      );
      const comp = { isNotDefined: false, props: [], comps: [] };
      const query = async (inner: object) => {
        const filter = {
          comp: { ...comp, name: 'VCALENDAR', comps: [{ ...comp, name: 'VEVENT', ...inner }] },
        };
        const { found } = await events.query({ filter: { kind: 'calendar', filter }, shape: 'none' });
        return found.map(([href]) => href).sort();
      };
      const range = (from: string, to: string) => ({
        timeRange: { from: Date.parse(from), to: Date.parse(to) },
      });
      expect(await query({})).toEqual(['april.ics', 'march.ics', 'weekly.ics']);
      expect(await query(range('2026-03-01', '2026-04-01'))).toEqual(['march.ics', 'weekly.ics']);
      expect(await query(range('2026-04-01', '2026-05-01'))).toEqual(['april.ics']);
      const text = { text: 'east', collation: 'i;ascii-casemap', negate: false, match: 'contains' };
      const summary = { name: 'SUMMARY', isNotDefined: false, textMatch: text, params: [] };
      expect(await query({ props: [summary] })).toEqual(['april.ics']);
      const uid = { ...summary, name: 'UID', textMatch: { ...text, text: 'MARCH' } };
      expect(await query({ props: [uid] })).toEqual(['march.ics']);
    });

    it('moves and copies members', async () => {
      await put(events, 'a.ics', eventText('a'));
      await put(events, 'b.ics', eventText('b'));
      const transfer = (
        verb: 'move' | 'copy',
        from: string,
        to: readonly [string, string],
        overwrite = false,
      ) =>
        under.home.transfer({
          verb,
          from: { key: under.keys.events, href: from },
          to: { key: to[0], href: to[1] },
          overwrite,
          condition: {},
        });
      expect(await transfer('copy', 'a.ics', [under.keys.other, 'copy.ics'])).toEqual({ created: true });
      expect(await refusal(transfer('copy', 'a.ics', [under.keys.events, 'c.ics']))).toBe(
        '409 no-uid-conflict',
      );
      expect(await refusal(transfer('move', 'b.ics', [under.keys.other, 'copy.ics']))).toBe('412');
      expect(await transfer('move', 'b.ics', [under.keys.other, 'copy.ics'], true)).toEqual({
        created: false,
      });
      expect(await transfer('move', 'a.ics', [under.keys.events, 'renamed.ics'])).toEqual({ created: true });
      for (let round = 0; round < 2; round += 1) {
        expect(await hrefs(events)).toEqual(['renamed.ics']);
        expect(await hrefs(other)).toEqual(['copy.ics']);
        await under.pass();
      }
      const [[, moved] = []] = await other.read(['copy.ics'], { kind: 'whole' });
      expect(textOf(moved)).toMatch(/UID:b\r\n/);
      expect(await refusal(transfer('move', 'none.ics', [under.keys.other, 'x.ics']))).toBe('404');
    });

    it('holds what takes several items as one member', async () => {
      const dates = (more: object = {}) =>
        eventText('uid-1', { lines: ['RDATE:20260304T080000Z,20260309T080000Z'], ...more });
      await put(events, 'a.ics', dates(), { ifNoneMatch: '*' });
      const shown = async (collection = events, href = 'a.ics') => {
        const [[, read] = []] = await collection.read([href], { kind: 'whole' });
        return textOf(read);
      };
      for (let round = 0; round < 2; round += 1) {
        expect(await hrefs(events)).toEqual(['a.ics']);
        expect((await shown()).match(/2026030[49]T080000Z/g)).toHaveLength(2);
        await under.pass();
      }
      const { token } = await events.changes(undefined);
      const before = await events.member('a.ics');
      await put(events, 'a.ics', dates({ summary: 'Supper' }), { ifMatch: [before?.etag] });
      expect(await refusal(put(events, 'a.ics', dates(), { ifMatch: [before?.etag] }))).toBe('412');
      expect(await shown()).toMatch(/SUMMARY:Supper/);
      expect(await events.changes(token)).toMatchObject({ changed: [{ href: 'a.ics' }], gone: [] });
      await put(
        events,
        'a.ics',
        eventText('uid-1', { lines: ['RRULE:FREQ=DAILY;COUNT=3', 'RDATE:20260309T080000Z'] }),
      );
      await under.pass();
      expect(await shown()).toMatch(/COUNT=3/);
      const transfer = (verb: 'move' | 'copy', from: string, href: string) =>
        under.home.transfer({
          verb,
          from: { key: verb === 'move' ? under.keys.events : under.keys.other, href: from },
          to: { key: verb === 'move' ? under.keys.other : under.keys.events, href },
          overwrite: false,
          condition: {},
        });
      await transfer('move', 'a.ics', 'moved.ics');
      await transfer('copy', 'moved.ics', 'copy.ics');
      for (let round = 0; round < 2; round += 1) {
        expect(await hrefs(events)).toEqual(['copy.ics']);
        expect(await hrefs(other)).toEqual(['moved.ics']);
        await under.pass();
      }
      expect(await shown(other, 'moved.ics')).toMatch(/RDATE:20260309T080000Z/);
      await put(events, 'copy.ics', eventText('uid-1'));
      expect(await shown(events, 'copy.ics')).not.toMatch(/RDATE|RRULE/);
      await events.remove('copy.ics', {}, silent);
      await other.remove('moved.ics', {}, silent);
      await under.pass();
      expect([await hrefs(events), await hrefs(other)]).toEqual([[], []]);
    });

    it('makes, renames and deletes collections, but not the standard ones', async () => {
      const made = await under.home.create({
        key: 'projekt ü',
        kind: 'events',
        displayName: 'Projekt',
        properties: { color: '#FF0000FF' },
      });
      await put(made, 'a.ics', eventText('a'));
      await under.home.patch('projekt ü', { displayName: 'New name' });
      await under.pass();
      const found = (await under.home.collections()).find((each) => each.folder.key === 'projekt ü');
      expect(found?.folder).toMatchObject({
        displayName: 'New name',
        properties: { color: '#FF0000FF' },
        kind: 'events',
      });
      expect(
        await refusal(
          under.home.create({ key: 'projekt ü', kind: 'events', displayName: 'x', properties: {} }),
        ),
      ).toBe('405');
      await under.home.remove('projekt ü');
      expect(await under.home.collection('projekt ü')).toBeUndefined();
      const standard = (await under.home.collections()).filter((each) => each.folder.isDefault);
      for (const { folder } of standard) expect(await refusal(under.home.remove(folder.key))).toBe('403');
      expect(await refusal(under.home.remove('never'))).toBe('404');
    });

    it('gives everything as one text', async () => {
      await put(events, 'a.ics', eventText('a'));
      await put(events, 'b.ics', eventText('b'));
      const whole = await events.feed('whole');
      expect(whole.match(/BEGIN:VCALENDAR/g)).toHaveLength(1);
      expect(whole.match(/^UID:[ab]\r$/gm)).toHaveLength(2);
      expect(await events.feed('busy-only')).not.toContain('Lunch');
    });

    it('tells busy times', async () => {
      await put(events, 'a.ics', eventText('a', { start: '20260310T080000Z' }));
      await put(
        events,
        'free.ics',
        eventText('free', { start: '20260310T100000Z', lines: ['TRANSP:TRANSPARENT'] }),
      );
      const [from, to] = [Date.UTC(2026, 2, 10), Date.UTC(2026, 2, 11)];
      const start = Date.UTC(2026, 2, 10, 8);
      expect(await events.freeBusy({ from, to })).toEqual([
        { range: { from: start, to: start + 3_600_000 }, busy: 'busy' },
      ]);
    });
  });
}
