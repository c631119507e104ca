// DAV:sync-collection: deltas, pages, tokens.
import { describe, expect, it } from 'vitest';
import { childOf, textOf } from '../../../src/xml/index.ts';
import { C, calendar, D, event, home, setUp, textIn } from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('sync-collection', () => {
  const sync = (token: string, more = '<D:sync-level>1</D:sync-level>', prop = '<D:getetag/>'): string =>
    `<D:sync-collection ${namespaces}><D:sync-token>${token}</D:sync-token>${more}<D:prop>${prop}</D:prop></D:sync-collection>`;
  const tokenIn = (answer: { xml: Parameters<typeof childOf>[0] }): string =>
    textOf(childOf(answer.xml, 'sync-token', D));

  it('gives everything first and then what changed and what is gone', async () => {
    const setup = filled();
    const collection = setup.home.at('calendar');
    const first = await setup.ask('REPORT', calendar, { headers: { Depth: '0' }, body: sync('') });
    expect(first.responses.map(({ href }) => href)).toEqual([`${calendar}a.ics`, `${calendar}b.ics`]);
    collection.keep('a.ics', event('a', { SUMMARY: 'new' }));
    collection.keep('n.ics', event('n'));
    collection.drop('b.ics');
    const second = await setup.ask('REPORT', calendar, { body: sync(tokenIn(first)) });
    expect(second.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}a.ics`, undefined],
      [`${calendar}n.ics`, undefined],
      [`${calendar}b.ics`, 404],
    ]);
    const third = await setup.ask('REPORT', calendar, { body: sync(tokenIn(second)) });
    expect(third.responses).toEqual([]);
    expect(tokenIn(third)).toBe(tokenIn(second));
  });

  it('gives texts when they are asked for', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      body: sync('', undefined, '<D:getetag/><C:calendar-data/>'),
    });
    expect(textIn(answer.responses[1], C, 'calendar-data')).toContain('UID:b');
  });

  it('pages: 507 for the collection and the token of what was sent, until nothing is left', async () => {
    const setup = setUp();
    for (let n = 0; n < 5; n += 1) setup.home.at('calendar').keep(`${n}.ics`, event(`${n}`));
    const limit = '<D:sync-level>1</D:sync-level><D:limit><D:nresults>2</D:nresults></D:limit>';
    const seen: string[] = [];
    let token = '';
    for (let round = 0; round < 3; round += 1) {
      const answer = await setup.ask('REPORT', calendar, { body: sync(token, limit) });
      token = tokenIn(answer);
      seen.push(...answer.responses.filter(({ status }) => status === undefined).map(({ href }) => href));
      const cut = answer.responses.find(({ status }) => status === 507);
      expect(cut?.href).toBe(round < 2 ? calendar : undefined);
      if (round < 2) expect(cut?.conditions).toEqual(['{DAV:}number-of-matches-within-limits']);
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('refuses tokens it never gave with valid-sync-token', async () => {
    const { ask } = filled();
    for (const token of ['x', 'http://sabre.io/ns/sync/1', 'http://sabre.io/ns/sync/999999999']) {
      const answer = await ask('REPORT', calendar, { body: sync(token) });
      expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}valid-sync-token']);
    }
  });

  it('refuses infinite levels and wrong numbers, and needs properties', async () => {
    const { ask } = filled();
    const at = async (body: string, headers: Record<string, string> = {}) => {
      const { status, conditions } = await ask('REPORT', calendar, { body, headers });
      return [status, ...conditions];
    };
    expect(await at(sync('', '<D:sync-level>infinite</D:sync-level>'))).toEqual([
      403,
      '{DAV:}sync-traversal-supported',
    ]);
    expect(await at(sync('', ''), { Depth: 'infinity' })).toEqual([403, '{DAV:}sync-traversal-supported']);
    expect(await at(sync('', '<D:sync-level>2</D:sync-level>'))).toEqual([400]);
    expect(await at(sync(''), { Depth: 'infinity' })).toEqual([400]);
    expect(await at(sync('', '<D:limit><D:nresults>x</D:nresults></D:limit>'))).toEqual([400]);
    expect(await at(`<D:sync-collection ${namespaces}><D:sync-token/></D:sync-collection>`)).toEqual([400]);
    expect(await at(sync('', ''))).toEqual([207]);
    expect(await at(sync(''), { Depth: '1' })).toEqual([207]);
  });

  it('is refused on homes, where it is not advertised', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', home, { body: sync('') });
    expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}supported-report']);
  });
});
