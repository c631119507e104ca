// The directory as an address book: what a filter asks of it, and that nothing lists it.
import { describe, expect, it } from 'vitest';
import { questionsOf } from '../../src/collections/directory-plan.ts';
import type { Shape } from '../../src/model/collection.ts';
import { valueOf } from '../../src/model/failure.ts';
import type { AddressFilter, AddressPropFilter, TextMatch } from '../../src/model/filter.ts';
import { contact } from '../memory-backend/items.ts';
import { openFixture, refusalOf } from './fixture.ts';

const text = (wanted: string, more: Partial<TextMatch> = {}): TextMatch => ({
  text: wanted,
  collation: 'i;unicode-casemap',
  negate: false,
  match: 'contains',
  ...more,
});
const prop = (name: string, texts: readonly TextMatch[], more: Partial<AddressPropFilter> = {}) => ({
  name,
  isNotDefined: false,
  test: 'anyof' as const,
  texts,
  params: [],
  ...more,
});
const filterOf = (test: AddressFilter['test'], ...props: readonly AddressPropFilter[]): AddressFilter => ({
  test,
  props,
});
const names = (wanted: string) => ({ text: wanted, where: 'names' });
const everywhere = (wanted: string) => ({ text: wanted, where: 'everywhere' });

describe('what a filter asks', () => {
  it.each([
    ['a name', filterOf('anyof', prop('FN', [text('bob')])), [names('bob')]],
    [
      'one word in several properties, as Apple Contacts asks: once',
      filterOf('anyof', ...['FN', 'N', 'EMAIL', 'NICKNAME'].map((each) => prop(each, [text('bob')]))),
      [names('bob')],
    ],
    [
      'the same with one that names do not tell: once, everywhere',
      filterOf('anyof', prop('FN', [text('bob')]), prop('item1.ORG', [text('BOB')])),
      [everywhere('BOB')],
    ],
    [
      'two words in any property: both',
      filterOf('anyof', prop('FN', [text('bob')]), prop('FN', [text('ann')])),
      [names('bob'), names('ann')],
    ],
    [
      'two words that must both be there: the longer one',
      filterOf('allof', prop('FN', [text('bo')]), prop('EMAIL', [text('example')])),
      [names('example')],
    ],
    [
      'what must hold beside what cannot be asked',
      filterOf('allof', prop('TEL', [], { isNotDefined: true }), prop('FN', [text('bob')])),
      [names('bob')],
    ],
    [
      'two texts of one property that must both match: one',
      filterOf('anyof', prop('TITLE', [text('head'), text('of sales')], { test: 'allof' })),
      [everywhere('of sales')],
    ],
  ])('%s', (_, filter, questions) => {
    expect(questionsOf(filter)).toEqual(questions);
  });

  it.each([
    ['nothing', filterOf('anyof')],
    ['that a property is there', filterOf('anyof', prop('TEL', []))],
    ['that one is not there', filterOf('anyof', prop('TEL', [], { isNotDefined: true }))],
    ['an empty text', filterOf('anyof', prop('FN', [text(' ')]))],
    ['who is not somebody', filterOf('anyof', prop('FN', [text('bob', { negate: true })]))],
    [
      'one of two, of which one cannot be asked',
      filterOf('anyof', prop('FN', [text('bob')]), prop('TEL', [])),
    ],
    ['a parameter', filterOf('anyof', prop('TEL', [], { params: [{ name: 'TYPE', isNotDefined: false }] }))],
  ])('%s: everybody', (_, filter) => {
    expect(questionsOf(filter)).toBeUndefined();
  });
});

async function openDirectory() {
  const fixture = await openFixture();
  fixture.backend.enter(
    {
      address: 'Ann.Lee@example.test',
      name: 'Ann Lee',
      contact: contact({ fullName: 'Ann Lee', title: 'Head' }),
    },
    { address: 'ann.low@example.test', name: 'Ann Low' },
    { address: 'hub@example.test', name: 'Hub', addresses: ['hub@example.test', 'office@example.test'] },
  );
  fixture.backend.resetCalls();
  return { ...fixture, book: fixture.home.addressList! };
}

const shape: Shape = { kind: 'address', version: '4.0' };
const ask = (...props: readonly AddressPropFilter[]) =>
  ({ filter: { kind: 'address', filter: filterOf('anyof', ...props) }, shape }) as const;

describe('the directory', () => {
  it('finds what matches the filter, under the address of each', async () => {
    const { book, backend } = await openDirectory();
    const { found, truncated } = await book.query(ask(prop('FN', [text('lee')])));
    expect(truncated).toBe(false);
    expect(found.map(([href]) => href)).toEqual(['ann.lee@example.test.vcf']);
    expect(backend.calls()).toEqual({ directory: 1 });
    const card = valueOf(found[0]![1]);
    expect(card.text).toContain('UID:ann.lee@example.test');
    expect(card.text).toContain('VERSION:4.0');
    expect(card.contentType).toContain('version=4.0');
    // What the directory gives beyond the filter is left out.
    const exact = await book.query(ask(prop('FN', [text('ann', { match: 'ends-with' })])));
    expect(exact.found).toEqual([]);
  });

  it('gives a card again under its etag, without asking; others by their address', async () => {
    const { book, callsOf } = await openDirectory();
    const { found } = await book.query(ask(prop('FN', [text('ann lee')])));
    const [href, outcome] = found[0]!;
    const calls = await callsOf(async () => {
      const [again] = await book.read([href], shape);
      expect(again![1]).toEqual(outcome);
      expect(await book.member(href)).toEqual({ href, etag: valueOf(outcome).etag });
    });
    expect(calls).toEqual({});
    const read = await book.read(['hub@example.test.vcf', 'nobody@example.test.vcf', 'x'], { kind: 'whole' });
    expect(read.map(([name, each]) => [name, each.ok || each.failure.kind])).toEqual([
      ['hub@example.test.vcf', true],
      ['nobody@example.test.vcf', 'not-found'],
      ['x', 'not-found'],
    ]);
    // One card has one name.
    for (const other of ['office@example.test.vcf', 'Hub@example.test.vcf'])
      expect(await book.member(other)).toBeUndefined();
  });

  it('is not remembered for anybody else', async () => {
    const { book, replica, callsOf } = await openDirectory();
    await book.query(ask(prop('FN', [text('ann lee')])));
    const other = (await replica()).addressList!;
    const calls = await callsOf(() => other.read(['ann.lee@example.test.vcf'], { kind: 'whole' }));
    expect(calls).toEqual({ directory: 1 });
  });

  it('lists nobody, and says that there is more', async () => {
    const { book, callsOf } = await openDirectory();
    const calls = await callsOf(async () => {
      expect(await book.members()).toEqual([]);
      expect(await book.query(ask())).toEqual({ found: [], truncated: true });
      expect(await refusalOf(book.changes(undefined))).toBe('403 supported-report');
      expect(await refusalOf(book.feed('whole'))).toBe('403 supported-report');
    });
    expect(calls).toEqual({});
  });

  it('cuts at the limit and says so', async () => {
    const { book } = await openDirectory();
    const request = ask(prop('FN', [text('ann')]));
    expect((await book.query(request)).found).toHaveLength(2);
    const cut = await book.query({ ...request, limit: 1 });
    expect([cut.found.length, cut.truncated]).toEqual([1, true]);
  });

  it('takes few questions at once', async () => {
    const { book, callsOf } = await openDirectory();
    const many = ['a', 'b', 'c', 'd', 'e'].map((each) => prop('FN', [text(each)]));
    const hrefs = Array.from({ length: 51 }, (_, number) => `${number}@example.test.vcf`);
    const calls = await callsOf(async () => {
      expect(await refusalOf(book.query(ask(...many)))).toBe('403 supported-filter');
      expect(await refusalOf(book.read(hrefs, shape))).toBe('403 number-of-matches-within-limits');
    });
    expect(calls).toEqual({});
  });

  it('is read-only, and is not there when it is switched off', async () => {
    const { book } = await openDirectory();
    const put = { href: 'x.vcf', text: '', condition: {}, mail: 'silent' } as const;
    expect(await refusalOf(book.put(put))).toBe('403 need-privileges');
    expect(await refusalOf(book.remove('ann.lee@example.test.vcf', {}, 'silent'))).toBe(
      '403 need-privileges',
    );
    const { home } = await openFixture({ home: { hasDirectory: false } });
    expect([home.addressList, home.directory]).toEqual([undefined, undefined]);
  });
});
