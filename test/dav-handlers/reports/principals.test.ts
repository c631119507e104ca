// Reports about principals.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, clarkOf } from '../../../src/xml/index.ts';
import { alice, C, calendar, childNames, CS, D, home } from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('principals', () => {
  const search = (text: string, attrs = '', match = 'displayname'): string =>
    `<D:principal-property-search ${namespaces} ${attrs}><D:property-search><D:prop><${match.includes(':') ? match : `D:${match}`}/></D:prop><D:match>${text}</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>`;
  const found = async (body: string, path = '/principals/'): Promise<readonly string[]> =>
    (await filled().ask('REPORT', path, { headers: { Depth: '0' }, body })).responses.map(({ href }) => href);
  const self = [`/principals/${alice.address}/`];

  it('finds oneself by name and by address, and nobody else', async () => {
    expect(await found(search('adams'))).toEqual(self);
    expect(await found(search('bob'))).toEqual([]);
    expect(await found(search('alice@', '', 'CS:email-address-set'))).toEqual(self);
    expect(await found(search('mailto:a.adams@example.test', '', 'C:calendar-user-address-set'))).toEqual(
      self,
    );
    expect(await found(search('adams', 'type="ROOM"'))).toEqual([]);
    expect(await found(search('adams', 'type="INDIVIDUAL"'), '/')).toEqual(self);
  });

  it('joins property searches by and, or by or with test="anyof"', async () => {
    const two = (attrs: string): string =>
      search('adams', attrs).replace(
        '<D:prop><D:displayname/></D:prop></D:principal-property-search>',
        '<D:property-search><D:prop><CS:email-address-set/></D:prop><D:match match-type="starts-with">nobody</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>',
      );
    expect(await found(two(''))).toEqual([]);
    expect(await found(two('test="anyof"'))).toEqual(self);
  });

  it('refuses a search without a word of what to look for', async () => {
    const { ask } = filled();
    for (const body of [
      `<D:principal-property-search ${namespaces}/>`,
      `<D:principal-property-search ${namespaces}><D:property-search/></D:principal-property-search>`,
      `<CS:calendarserver-principal-search ${namespaces}/>`,
      `<D:principal-match ${namespaces}/>`,
    ])
      expect((await ask('REPORT', '/principals/', { body })).status).toBe(400);
  });

  it('answers calendarserver-principal-search by beginnings of words', async () => {
    const tokens = (...words: readonly string[]): string =>
      `<CS:calendarserver-principal-search ${namespaces} context="attendee">${words.map((word) => `<CS:search-token>${word}</CS:search-token>`).join('')}<CS:limit><CS:nresults>10</CS:nresults></CS:limit><D:prop><C:calendar-user-address-set/></D:prop></CS:calendarserver-principal-search>`;
    expect(await found(tokens('ali', 'ada'))).toEqual(self);
    expect(await found(tokens('ali', 'zed'))).toEqual([]);
  });

  it('lists what can be searched', async () => {
    const answer = await filled().ask('REPORT', '/principals/', {
      headers: { Depth: '0' },
      body: '<x0:principal-search-property-set xmlns:x0="DAV:"/>',
    });
    expect(answer.status).toBe(200);
    expect(clarkOf(answer.xml)).toBe('{DAV:}principal-search-property-set');
    expect(childrenOf(answer.xml).flatMap((each) => childNames(childOf(each, 'prop', D)))).toEqual([
      '{DAV:}displayname',
      `{${CS}}email-address-set`,
      `{${C}}calendar-user-address-set`,
    ]);
  });

  it('matches oneself and what one owns', async () => {
    expect(await found(`<D:principal-match ${namespaces}><D:self/></D:principal-match>`)).toEqual(self);
    const owned = `<D:principal-match ${namespaces}><D:principal-property><D:owner/></D:principal-property><D:prop><D:displayname/></D:prop></D:principal-match>`;
    expect(await found(owned, home)).toEqual([
      home,
      calendar,
      ...['team', 'tasks', 'inbox', 'outbox'].map((key) => `${home}${key}/`),
    ]);
    expect(await found(`<D:principal-match ${namespaces}><D:self/></D:principal-match>`, home)).toEqual([]);
  });
});
