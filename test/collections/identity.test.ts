// Names of objects (DESIGN §4): from the items alone, stable, and no two alike.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  claimsOf,
  type Entry,
  etagOf,
  hrefOf,
  isHref,
  nameObjects,
  tagsFor,
} from '../../src/collections/identity.ts';
import { ledgerEntryOf, objectOf } from '../../src/collections/ledger-value.ts';
import type { Listed } from '../../src/model/backend.ts';
import { event } from '../memory-backend/items.ts';
import { openFixture, readOne } from './fixture.ts';

function listed(more: Partial<Listed>): Listed {
  return { id: 'id', version: 'v', kind: 'event', tags: {}, rank: '1', isSeries: false, ...more };
}

function entry(id: string, claim: Entry['claim'], more: Partial<Entry> = {}): Entry {
  return { id, version: 'v1', kind: 'event', claim, rank: id, isSeries: false, ...more };
}

const name = async (entries: readonly Entry[], known = new Map()) =>
  Object.fromEntries(
    (await nameObjects(entries, known, '.ics')).map(({ href, uid, entries: of }) => [
      of.map((each) => each.id).join('+'),
      `${uid} ${href}`,
    ]),
  );

describe('a copy of what bears a derived name', () => {
  it('takes that name, and no two objects have one UID or one href', async () => {
    const rivals = [entry('a', { uid: 'u', href: 'u.ics' }), entry('b', { uid: 'u', href: 'u.ics' })];
    const before = await name(rivals);
    const derived = before['b']!.split(' ')[0]!;
    const copies = [entry('c', { uid: derived, href: 'c.ics' }), entry('d', { uid: derived })];
    const after = await name([...rivals, ...copies]);
    expect(after['a']).toBe('u u.ics');
    expect(after['c']).toBe(`${derived} c.ics`);
    const named = Object.values(after).map((each) => each.split(' '));
    expect(new Set(named.map(([uid]) => uid)).size).toBe(4);
    expect(new Set(named.map(([, href]) => href)).size).toBe(4);
    // The same from scratch, in any order: a lost ledger changes no name.
    expect(await name([...copies, ...rivals].reverse())).toEqual(after);
  });
});

describe('claims', () => {
  it('are the tags where they name their item, else the UID', () => {
    const tags = tagsFor({ uid: 'client uid', href: 'client.ics' }, 'native');
    expect(claimsOf(listed({ nativeUid: 'native', tags })).claim).toEqual({
      uid: 'client uid',
      href: 'client.ics',
    });
    // A copy made in Outlook has another UID and the tags of the original.
    expect(claimsOf(listed({ nativeUid: 'copy', tags })).claim).toEqual({ uid: 'copy' });
    expect(claimsOf(listed({ nativeUid: 'native' })).claim).toEqual({ uid: 'native' });
  });

  it('of an item whose own UID was not known when it was tagged count always', () => {
    const tags = tagsFor({ uid: 'u', href: 'h.vcf' }, undefined);
    expect(claimsOf(listed({ kind: 'contact', nativeUid: 'SEARCHKEY', tags })).claim).toEqual({
      uid: 'u',
      href: 'h.vcf',
    });
  });

  it('honour what other gateways wrote, and believe nothing that was cut off', () => {
    const foreign = { uid: 'dav-uid', href: 'davmail.ics' };
    expect(claimsOf(listed({ nativeUid: 'n', tags: foreign })).claim).toEqual(foreign);
    const cut = { uid: 'x'.repeat(255), href: 'y'.repeat(255) };
    expect(claimsOf(listed({ nativeUid: 'n', tags: cut })).claim).toEqual({ uid: 'n' });
    expect(claimsOf(listed({ nativeUid: 'n', tags: { href: '../etc' } })).claim).toEqual({ uid: 'n' });
    const unnamed = claimsOf(listed({ nativeUid: 'z'.repeat(255) }));
    expect(unnamed.claim.uid).toMatch(/^[0-9a-f]{32}$/);
    expect(claimsOf(listed({ id: 'moved' })).claim).toEqual(claimsOf(listed({})).claim);
  });
});

describe('names', () => {
  it('follow the UID where it is short and safe, else its hash', () => {
    expect(hrefOf('0b5e1c8e-6c1c@host_1', '.ics')).toBe('0b5e1c8e-6c1c@host_1.ics');
    for (const uid of ['a b', 'ü', 'a/b', 'x'.repeat(121), 'a:b', 'a+b']) {
      expect(hrefOf(uid, '.vcf')).toMatch(/^[0-9a-f]{32}\.vcf$/);
    }
  });

  it('are one for instances of one UID, and two for two of the same', async () => {
    const claim = { uid: 'u' };
    const first = entry('1', claim, { instance: 'monday' });
    const second = entry('2', claim, { instance: 'tuesday' });
    expect(await name([second, first])).toEqual({ '1+2': 'u u.ics' });
    const series = entry('3', claim);
    expect(await name([second, first, series])).toEqual({ '3+1+2': 'u u.ics' });
    expect(
      Object.keys(await name([first, second, entry('4', claim, { instance: 'monday' })])).sort(),
    ).toEqual(['1+2', '4']);
  });

  it('go to the one the ledger knew, else to the lowest rank', async () => {
    const claim = { uid: 'u', href: 'mine.ics' };
    const [older, copy] = [entry('1', claim), entry('2', claim)];
    expect(await name([copy, older])).toMatchObject({ 1: 'u mine.ics' });
    expect((await name([copy, older]))[2]).toMatch(/^([0-9a-f]{32}) \1\.ics$/);
    const known = new Map([['2', { uid: 'u', href: 'mine.ics' }]]);
    expect(await name([copy, older], known)).toMatchObject({ 2: 'u mine.ics' });
    expect(await name([copy])).toEqual({ 2: 'u mine.ics' });
  });

  it('do not collide when a client took the name that a UID would give', async () => {
    const taken = entry('1', { uid: 'a', href: 'b.ics' });
    const later = entry('2', { uid: 'b' });
    expect(await name([later, taken])).toMatchObject({ 1: 'a b.ics' });
    expect((await name([later, taken]))[2]).toMatch(/^b [0-9a-f]{32}\.ics$/);
  });

  it('are all different, whatever is claimed, and do not depend on the order of items', async () => {
    const texts = fc.constantFrom('a', 'b', 'c', 'd');
    const entries = fc.uniqueArray(
      fc.record({
        id: fc.nat(30).map(String),
        uid: texts,
        href: fc.option(texts),
        instance: fc.option(texts),
      }),
      { selector: (each) => each.id },
    );
    await fc.assert(
      fc.asyncProperty(entries, async (raw) => {
        const all = raw.map(({ id, uid, href, instance }) =>
          entry(id, { uid, ...(href && { href: `${href}.ics` }) }, instance ? { instance } : {}),
        );
        const named = await nameObjects(all, new Map(), '.ics');
        expect(new Set(named.map((each) => each.href)).size).toBe(named.length);
        expect(new Set(named.map((each) => each.uid)).size).toBe(named.length);
        expect(named.flatMap((each) => each.entries.map(({ id }) => id)).sort()).toEqual(
          all.map(({ id }) => id).sort(),
        );
        expect(await name(all.toReversed())).toEqual(await name(all));
        for (const object of named) {
          const row = ledgerEntryOf(object, 1, '.ics');
          expect(objectOf(row, '.ics')).toEqual(object);
        }
      }),
    );
  });

  it('of clients have up to 200 characters and no control characters', () => {
    expect([isHref('ä.ics'), isHref('x'.repeat(200))]).toEqual([true, true]);
    expect(['', '.', '..', 'a/b', 'a\nb', '\u0000', 'x'.repeat(201)].map(isHref)).not.toContain(true);
  });
});

describe('an etag', () => {
  it('changes with version, UID and translation, not with the order of items', () => {
    const [a, b] = [entry('1', { uid: 'u' }), entry('2', { uid: 'u' })];
    const etags = [
      etagOf({ uid: 'u', entries: [a, b] }, 1),
      etagOf({ uid: 'u', entries: [{ ...a, version: 'v2' }, b] }, 1),
      etagOf({ uid: 'w', entries: [a, b] }, 1),
      etagOf({ uid: 'u', entries: [a, b] }, 2),
    ];
    expect(new Set(etags).size).toBe(4);
    expect(etagOf({ uid: 'u', entries: [b, a] }, 1)).toBe(etags[0]);
    expect(etags[0]).toMatch(/^"[\w-]+"$/);
  });
});

describe('a copy', () => {
  it('is an object of its own that can be changed under its own name', async () => {
    const { calendar, outside, pass } = await openFixture();
    const id = outside.create('calendar', event({ uid: 'native' }));
    outside.copy(id);
    const members = await calendar.members();
    const copy = members.find((member) => member.href !== 'native.ics')!;
    const read = await readOne(calendar, copy.href);
    expect(read.text).not.toContain('UID:native');
    const text = read.text.replace('Meeting', 'Copied');
    await calendar.put({ href: copy.href, text, condition: { ifMatch: [copy.etag] }, mail: 'silent' });
    // Now it is tagged: it keeps its name also when the original goes.
    outside.remove(id);
    pass();
    expect((await calendar.members()).map((member) => member.href)).toEqual([copy.href]);
    expect((await readOne(calendar, copy.href)).text).toContain('SUMMARY:Copied');
  });

  it('that nobody touched takes over when the original goes', async () => {
    const { calendar, outside, pass } = await openFixture();
    const id = outside.create('calendar', event({ uid: 'native' }));
    outside.copy(id);
    const { token, changed } = await calendar.changes(undefined);
    outside.remove(id);
    pass();
    const delta = await calendar.changes(token);
    expect(delta.changed.map((member) => member.href)).toEqual(['native.ics']);
    expect(delta.gone).toEqual(changed.map((member) => member.href).filter((href) => href !== 'native.ics'));
  });
});
