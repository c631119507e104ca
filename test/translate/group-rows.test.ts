// Groups both ways: laws for any group, then what members may be called.
import * as fc from 'fast-check';
import { parse as parseStrictly } from 'vcard4';
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import { emptyGroup, type GroupItem, type GroupMember } from '../../src/model/group.ts';
import type { Item } from '../../src/model/item.ts';
import { groupRows } from '../../src/translate/group-rows.ts';
import { parseIncoming } from '../../src/translate/incoming.ts';
import { residueOf } from '../../src/translate/kept.ts';
import { renderStored } from '../../src/translate/render.ts';
import { card } from './contacts.ts';

/** A mailbox that holds those whom it knows. */
const express = (item: Item): Expression => ({
  kind: 'ok',
  held:
    item.kind === 'group'
      ? { ...item, members: item.members.filter(({ id, key, address }) => id ?? key ?? address) }
      : item,
});

const stored = (item: GroupItem, residue?: string): Stored => ({
  id: 'g',
  version: 'v',
  tags: residue ? { residue } : {},
  item,
});

const render = (held: Stored, vcard: '3.0' | '4.0' = '4.0'): string =>
  renderStored([held], { uid: 'u1', express, ownAddresses: [], vcard });

function put(text: string, present?: Stored): Stored {
  const incoming = parseIncoming(text, 'contacts', { ownAddresses: [], ...(present && { present }) });
  const held = express(incoming.item);
  if (held.kind !== 'ok' || held.held.kind !== 'group') throw new Error('no group');
  return stored(held.held, residueOf(incoming, held, express));
}

const membersIn = (text: string): string[] =>
  text
    .replaceAll('\r\n ', '')
    .split('\r\n')
    .filter((line) => /MEMBER/.test(line))
    .map((line) => line.replace('X-ADDRESSBOOKSERVER-', ''));

const text = fc
  .stringMatching(/^[A-Za-zäöü€😀,;:\\'^ .-]{1,20}$/u)
  .map((value) => value.trim())
  .filter((value) => value !== '');
const known: fc.Arbitrary<GroupMember> = fc.oneof(
  fc.stringMatching(/^[a-z]{1,8}@[a-z]{1,8}\.org$/).map((address) => ({ address, key: address })),
  fc.uuid().map((uid) => ({ address: 'a@x.org', uid, id: `c${uid}`, key: uid })),
);
const groups = fc
  .record({
    fullName: text,
    members: fc.uniqueArray(known, { maxLength: 5, selector: ({ key }) => key }),
    note: fc.oneof(fc.constant(''), text),
    categories: fc.uniqueArray(text, { maxLength: 3 }),
    sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential' as const),
  })
  .map((fields): GroupItem => ({ ...emptyGroup, ...fields }));

describe('any group', () => {
  it.each(['3.0', '4.0'] as const)('comes back from its %s card as it was, without residue', (version) => {
    fc.assert(
      fc.property(groups, (item) => {
        const held = stored(item);
        const back = put(render(held, version), held);
        expect(back.item).toEqual(item);
        expect(back.tags.residue).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it('gives a 4.0 card that a strict parser takes', () => {
    fc.assert(
      fc.property(groups, (item) => {
        expect(() => parseStrictly(render(stored(item)))).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });

  it('has each name and each field in one row', () => {
    const claims = groupRows.flatMap((row) => row.claims);
    const fields = groupRows.flatMap((row) => row.fields);
    expect(new Set(claims).size).toBe(claims.length);
    expect(fields.toSorted()).toEqual(
      [...Object.keys(emptyGroup), 'created', 'modified'].filter((each) => each !== 'kind').toSorted(),
    );
  });
});

describe('members', () => {
  const group = (...lines: readonly string[]): string => card('VERSION:4.0', 'KIND:group', ...lines);
  const uuid = '4fbe8971-0bc3-424c-9c26-36c3e1eff6b1';
  const ann: GroupMember = { address: 'ann@x.org', name: 'Ann', uid: uuid, id: 'cA', key: 'A' };
  const hidden: GroupMember = { address: '', name: 'Directory', key: 'D' };

  it.each([
    [`MEMBER:urn:uuid:${uuid}`, { uid: uuid, address: '' }],
    [`MEMBER:URN:UUID:${uuid}`, { uid: uuid, address: '' }],
    ['MEMBER:http://x.example/card', { uid: 'http://x.example/card', address: '' }],
    ['MEMBER:mailto:a%2Bb@x.org?subject=c', { address: 'a+b@x.org' }],
    ['MEMBER:MAILTO:a%zz@x.org', { address: 'a%zz@x.org' }],
  ])('%s', (line, member) => {
    const { item } = parseIncoming(group(line, line), 'contacts', { ownAddresses: [] });
    expect(item).toMatchObject({ kind: 'group', members: [member] });
  });

  it('that the list has already keep their entries, those that no card shows too', () => {
    const present = stored({ ...emptyGroup, fullName: 'G', members: [hidden, ann] });
    const after = put(group(`MEMBER:urn:uuid:${uuid.toUpperCase()}`, 'MEMBER:mailto:b@x.org'), present);
    expect(after.item).toMatchObject({ members: [hidden, ann, { address: 'b@x.org' }] });
    expect(membersIn(render(after))).toEqual([
      `MEMBER:urn:uuid:${uuid.toUpperCase()}`,
      'MEMBER:mailto:b@x.org',
    ]);
    expect(put(group(), present).item).toMatchObject({ members: [hidden] });
  });

  it('that the mailbox does not know are shown until the client takes them away', () => {
    const first = put(group('MEMBER;X-P=1:urn:uuid:who', 'MEMBER:mailto:b@x.org', 'MEMBER:sip:c@x.org'));
    expect(first.item).toMatchObject({ members: [{ address: 'b@x.org' }] });
    const all = ['MEMBER:mailto:b@x.org', 'MEMBER;X-P=1:urn:uuid:who', 'MEMBER:sip:c@x.org'];
    expect(membersIn(render(first))).toEqual(all);
    const second = put(group(...all.slice(0, 2)), first);
    expect(membersIn(render(second))).toEqual(all.slice(0, 2));
    expect(membersIn(render(second, '3.0'))).toEqual(all.slice(0, 2));
  });

  it('of a group without a name are those of one called somehow', () => {
    const bare = group('MEMBER:mailto:b@x.org').replace('FN:Ada Lovelace\r\n', '');
    expect(put(bare).item).toMatchObject({ fullName: '(no name)' });
    expect(put(bare.replace('KIND', 'N:Team;;;;\r\nKIND')).item).toMatchObject({ fullName: 'Team' });
    expect(render(put(bare))).toContain('FN:(no name)\r\n');
  });

  it('cannot bring lines of their own into a card', () => {
    const item: GroupItem = {
      ...emptyGroup,
      fullName: 'G\r\nX-A:1',
      members: [
        { address: 'a@x.org\r\nX-B:2', key: '1' },
        { address: '', uid: 'u\r\nX-C:3', key: '2' },
      ],
    };
    for (const version of ['3.0', '4.0'] as const)
      expect(render(stored(item), version)).not.toMatch(/^X-[ABC]:/m);
  });
});

it('a card of another KIND is a person', () => {
  for (const kind of ['individual', 'org', 'location', 'x-team'])
    expect(
      parseIncoming(card('VERSION:4.0', `KIND:${kind}`), 'contacts', { ownAddresses: [] }).item.kind,
    ).toBe('contact');
});
