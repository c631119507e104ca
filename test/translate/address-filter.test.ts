// addressbook-query's filters: RFC 6352 §8.6 and §10.5.
import { describe, expect, it } from 'vitest';
import type { AddressFilter, AddressPropFilter, TextMatch } from '../../src/model/filter.ts';
import { matchesAddress } from '../../src/translate/address-filter.ts';

const card = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'UID:1',
  'FN:Cyrus Daboo',
  'N:Daboo;Cyrus;;;',
  'NICKNAME:me,self',
  'item1.EMAIL;TYPE=HOME,PREF:cyrus@example.com',
  'EMAIL;TYPE=WORK:office@example.org',
  'NOTE:Über alles',
  'END:VCARD',
  '',
].join('\r\n');

const text = (wanted: string, options: Partial<TextMatch> = {}): TextMatch => ({
  text: wanted,
  collation: 'i;unicode-casemap',
  negate: false,
  match: 'contains',
  ...options,
});
const prop = (name: string, options: Partial<AddressPropFilter> = {}): AddressPropFilter => ({
  name,
  isNotDefined: false,
  test: 'anyof',
  texts: [],
  params: [],
  ...options,
});
const matches = (...props: readonly AddressPropFilter[]): boolean =>
  matchesAddress(card, { test: 'anyof', props });
const matchesAll = (...props: readonly AddressPropFilter[]): boolean =>
  matchesAddress(card, { test: 'allof', props });

describe('addressbook-query', () => {
  it('RFC 6352 §8.6.3 matches a nickname exactly', () => {
    const nickname = (wanted: string): AddressPropFilter =>
      prop('NICKNAME', { texts: [text(wanted, { match: 'equals' })] });
    expect(matches(nickname('me'))).toBe(true);
    expect(matches(nickname('m'))).toBe(false);
  });

  it('RFC 6352 §8.6.4 matches any of two properties', () => {
    const filter: AddressFilter = {
      test: 'anyof',
      props: [prop('FN', { texts: [text('daboo')] }), prop('EMAIL', { texts: [text('daboo')] })],
    };
    expect(matchesAddress(card, filter)).toBe(true);
    expect(matchesAddress(card, { ...filter, test: 'allof' })).toBe(false);
  });

  it.each([
    ['equals', 'cyrus daboo', true],
    ['equals', 'cyrus', false],
    ['contains', 'us da', true],
    ['starts-with', 'CYRUS', true],
    ['starts-with', 'daboo', false],
    ['ends-with', 'Daboo', true],
    ['ends-with', 'cyrus', false],
  ] as const)('%s "%s"', (match, wanted, expected) => {
    expect(matches(prop('FN', { texts: [text(wanted, { match })] }))).toBe(expected);
  });

  it('takes any or all of several texts', () => {
    const texts = [text('cyrus'), text('nobody')];
    expect(matches(prop('FN', { texts }))).toBe(true);
    expect(matches(prop('FN', { texts, test: 'allof' }))).toBe(false);
  });

  it('negates', () => {
    expect(matches(prop('FN', { texts: [text('cyrus', { negate: true })] }))).toBe(false);
    expect(matches(prop('FN', { texts: [text('nobody', { negate: true })] }))).toBe(true);
  });

  it('folds by the collation asked for', () => {
    expect(matches(prop('NOTE', { texts: [text('ÜBER')] }))).toBe(true);
    expect(matches(prop('NOTE', { texts: [text('über', { collation: 'i;ascii-casemap' })] }))).toBe(false);
    expect(matches(prop('FN', { texts: [text('cyrus', { collation: 'i;octet' })] }))).toBe(false);
  });

  it('sees a property of any group, or of one', () => {
    expect(matches(prop('EMAIL', { texts: [text('cyrus@')] }))).toBe(true);
    expect(matches(prop('item1.EMAIL', { texts: [text('cyrus@')] }))).toBe(true);
    expect(matches(prop('item1.EMAIL', { texts: [text('office@')] }))).toBe(false);
    expect(matches(prop('item2.EMAIL'))).toBe(false);
  });

  it('sees parameters, on the same property as the text', () => {
    const work = { name: 'TYPE', isNotDefined: false, textMatch: text('work', { match: 'equals' }) };
    const both = (address: string): AddressPropFilter =>
      prop('EMAIL', { test: 'allof', texts: [text(address)], params: [work] });
    expect(matches(both('office'))).toBe(true);
    expect(matches(both('cyrus'))).toBe(false);
    expect(matches(prop('EMAIL', { params: [{ name: 'X-P', isNotDefined: false }] }))).toBe(false);
    expect(matches(prop('EMAIL', { params: [{ name: 'X-P', isNotDefined: true }] }))).toBe(true);
  });

  it('sees what is there and what is not', () => {
    expect(matches(prop('TEL'))).toBe(false);
    expect(matches(prop('TEL', { isNotDefined: true }))).toBe(true);
    expect(matchesAll(prop('FN'), prop('TEL', { isNotDefined: true }))).toBe(true);
    expect(matches()).toBe(true);
  });
});
