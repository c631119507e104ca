// CARDDAV:addressbook-query: the filter grammar, limit, address-data.
import { describe, expect, it } from 'vitest';
import { book, card, CR, textIn } from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('addressbook-query', () => {
  const find = (filter: string, more = '', prop = '<D:getetag/><CR:address-data/>'): string =>
    `<CR:addressbook-query ${namespaces}><D:prop>${prop}</D:prop>${filter}${more}</CR:addressbook-query>`;

  it('parses tests, match types, parameters and is-not-defined', async () => {
    const setup = filled();
    const filter = `<CR:filter test="allof"><CR:prop-filter name="fn" test="allof"><CR:text-match match-type="starts-with" collation="default">c</CR:text-match><CR:text-match match-type="ends-with" negate-condition="yes" collation="i;ascii-casemap">x</CR:text-match></CR:prop-filter><CR:prop-filter name="NICKNAME"><CR:is-not-defined/></CR:prop-filter></CR:filter>`;
    const answer = await setup.ask('REPORT', book, { headers: { Depth: '1' }, body: find(filter) });
    expect(answer.responses.map(({ href }) => href)).toEqual([`${book}c.vcf`]);
    expect(textIn(answer.responses[0], CR, 'address-data')).toBe(card('c', 'Carol'));
    expect(setup.home.at('contacts').asked.filter).toEqual({
      kind: 'address',
      filter: {
        test: 'allof',
        props: [
          {
            name: 'FN',
            isNotDefined: false,
            test: 'allof',
            texts: [
              { text: 'c', collation: 'i;unicode-casemap', negate: false, match: 'starts-with' },
              { text: 'x', collation: 'i;ascii-casemap', negate: true, match: 'ends-with' },
            ],
            params: [],
          },
          { name: 'NICKNAME', isNotDefined: true, test: 'anyof', texts: [], params: [] },
        ],
      },
    });
    const params = `<CR:filter><CR:prop-filter name="TEL"><CR:param-filter name="type"><CR:text-match match-type="equals">home</CR:text-match></CR:param-filter></CR:prop-filter></CR:filter>`;
    expect((await setup.ask('REPORT', book, { body: find(params) })).status).toBe(207);
  });

  it('says 507 for the collection when the limit cut the answer', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', book, {
      body: find('<CR:filter/>', '<CR:limit><CR:nresults>1</CR:nresults></CR:limit>'),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${book}c.vcf`, undefined],
      [book, 507],
    ]);
    expect(answer.responses[1]?.conditions).toEqual(['{DAV:}number-of-matches-within-limits']);
  });

  it('parses versions and chosen properties of address-data', async () => {
    const setup = filled();
    const shape = async (data: string): Promise<unknown> => {
      const answer = await setup.ask('REPORT', book, { body: find('<CR:filter/>', '', data) });
      return answer.status === 207
        ? setup.home.at('contacts').asked.shape
        : [answer.status, ...answer.conditions];
    };
    expect(await shape('<CR:address-data/>')).toEqual({ kind: 'address', version: '3.0' });
    expect(await shape('<CR:address-data content-type="text/vcard" version="4.0"/>')).toEqual({
      kind: 'address',
      version: '4.0',
    });
    expect(
      await shape(
        '<CR:address-data><CR:prop name="fn"/><CR:prop name="PHOTO" novalue="yes"/></CR:address-data>',
      ),
    ).toEqual({
      kind: 'address',
      version: '3.0',
      properties: [
        { name: 'FN', noValue: false },
        { name: 'PHOTO', noValue: true },
      ],
    });
    expect(await shape('<CR:address-data version="2.1"/>')).toEqual([403, `{${CR}}supported-address-data`]);
    expect(await shape('<CR:address-data content-type="application/json"/>')).toEqual([
      403,
      `{${CR}}supported-address-data`,
    ]);
  });

  it('refuses filters it cannot evaluate', async () => {
    const { ask } = filled();
    const at = async (filter: string, more = '') => {
      const { status, conditions } = await ask('REPORT', book, { body: find(filter, more) });
      return [status, ...conditions];
    };
    expect(await at('')).toEqual([400]);
    expect(await at('<CR:filter test="most"/>')).toEqual([403, `{${CR}}supported-filter`]);
    expect(
      await at(
        '<CR:filter><CR:prop-filter name="FN"><CR:text-match match-type="like">x</CR:text-match></CR:prop-filter></CR:filter>',
      ),
    ).toEqual([403, `{${CR}}supported-filter`]);
    expect(
      await at(
        '<CR:filter><CR:prop-filter name="FN"><CR:text-match collation="i;x">x</CR:text-match></CR:prop-filter></CR:filter>',
      ),
    ).toEqual([403, `{${CR}}supported-collation`]);
    expect(await at('<CR:filter/>', '<CR:limit><CR:nresults>0</CR:nresults></CR:limit>')).toEqual([400]);
  });
});
