// The directory of the simulated Exchange as a read-only address book (draft-daboo-carddav-directory-gateway).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entryOf } from '../../simulator/state/index.ts';
import { childOf, childrenOf, textOf } from '../../src/xml/index.ts';
import {
  alice,
  asCard,
  asXml,
  bob,
  cardText,
  conditionOf,
  etagsBody,
  openStage,
  parseAnswer,
  responsesOf,
  syncBody,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ seed: 'small' });
});
afterAll(() => stage.stop());
beforeEach(() => stage.simulator.resetCalls());

const book = `/addressbooks/${alice.address}/directory/`;
const bobsCard = `${book}${bob.address}.vcf`;
const carddav = 'urn:ietf:params:xml:ns:carddav';

interface Search {
  readonly test?: 'anyof' | 'allof';
  readonly limit?: number;
}
function queryBody(props: Readonly<Record<string, string>>, { test = 'anyof', limit }: Search = {}): string {
  const filters = Object.entries(props).map(
    ([name, text]) =>
      `<C:prop-filter name="${name}"><C:text-match collation="i;unicode-casemap" match-type="contains">${text}</C:text-match></C:prop-filter>`,
  );
  const most = limit === undefined ? '' : `<C:limit><C:nresults>${limit}</C:nresults></C:limit>`;
  return `<C:addressbook-query xmlns:D="DAV:" xmlns:C="${carddav}"><D:prop><D:getetag/><C:address-data/></D:prop><C:filter test="${test}">${filters.join('')}</C:filter>${most}</C:addressbook-query>`;
}

const query = (...args: Parameters<typeof queryBody>) =>
  stage.ask('REPORT', book, { body: queryBody(...args), headers: { ...asXml, depth: '1' } });

async function propsOf(path: string, props: string) {
  const body = `<propfind xmlns="DAV:" xmlns:C="${carddav}" xmlns:S="http://calendarserver.org/ns/"><prop>${props}</prop></propfind>`;
  const answer = await stage.ask('PROPFIND', path, { body, headers: { ...asXml, depth: '0' } });
  expect(answer.status, answer.text).toBe(207);
  const found = childrenOf(childOf(parseAnswer(answer), 'response')!).filter(
    ({ name }) => name === 'propstat',
  );
  return new Map(
    found.flatMap((propstat) =>
      childrenOf(childOf(propstat, 'prop')!).map((prop) => [
        prop.name,
        textOf(childOf(propstat, 'status')).includes('200') ? prop : undefined,
      ]),
    ),
  );
}

describe('the directory', () => {
  it('is named by the principal and the home, and says what it is; nothing tells its state', async () => {
    for (const path of [`/principals/${alice.address}/`, `/addressbooks/${alice.address}/`]) {
      const gateway = (await propsOf(path, '<C:directory-gateway/>')).get('directory-gateway');
      expect(textOf(childrenOf(gateway!)[0]), path).toBe(book);
    }
    const other = await propsOf(`/principals/${bob.address}/`, '<C:directory-gateway/>');
    expect(other.get('directory-gateway')).toBeUndefined();
    stage.simulator.resetCalls();
    const asked =
      '<resourcetype/><sync-token/><S:getctag/><supported-report-set/><current-user-privilege-set/>';
    const props = await propsOf(book, asked);
    expect(childrenOf(props.get('resourcetype')!).map(({ name }) => name)).toEqual([
      'collection',
      'addressbook',
      'directory',
    ]);
    expect([props.get('sync-token'), props.get('getctag')]).toEqual([undefined, undefined]);
    const told = (name: string) =>
      childrenOf(props.get(name)!)
        .flatMap(childrenOf)
        .map(({ name }) => name);
    expect(told('current-user-privilege-set')).toEqual(['read', 'read-current-user-privilege-set']);
    expect(JSON.stringify(props.get('supported-report-set'))).not.toContain('sync-collection');
    expect(stage.simulator.calls()).toEqual({});
  });

  it('finds people by name in one call, with their cards; a card is then read without another', async () => {
    const found = responsesOf(await query({ FN: 'bob', EMAIL: 'bob', N: 'bob', NICKNAME: 'bob' }));
    expect([...found.keys()]).toEqual([bobsCard]);
    expect(stage.simulator.calls()).toEqual({ ResolveNames: 1 });
    const { etag, data } = found.get(bobsCard)!;
    expect(data).toContain('FN:Bob Example');
    expect(data).toMatch(new RegExp(`^EMAIL.*:${bob.address}`, 'm'));
    const read = await stage.ask('GET', bobsCard);
    expect([read.status, read.headers['etag'], read.text]).toEqual([200, etag, data]);
    expect(stage.simulator.calls()).toEqual({ ResolveNames: 1 });
  });

  it('finds people by what else is told of them, in one call too', async () => {
    const { title } = entryOf(stage.simulator.world, bob.address)!;
    const found = responsesOf(await query({ TITLE: title!, ORG: 'Example' }, { test: 'allof' }));
    expect(found.has(bobsCard)).toBe(true);
    for (const { data } of found.values()) expect(data).toContain(`TITLE:${title}`);
    expect(stage.simulator.calls()).toEqual({ FindPeople: 1 });
  });

  it('answers multiget and GET for addresses, and 404 for what is none of its', async () => {
    await stage.restart();
    const body = `<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="${carddav}"><D:prop><D:getetag/><C:address-data/></D:prop><D:href>${bobsCard}</D:href><D:href>${book}nobody@example.test.vcf</D:href></C:addressbook-multiget>`;
    const found = responsesOf(await stage.ask('REPORT', book, { body, headers: asXml }));
    expect(found.get(bobsCard)?.data).toContain('FN:Bob Example');
    expect(textOf(childOf(found.get(`${book}nobody@example.test.vcf`)?.element, 'status'))).toContain('404');
    expect((await stage.ask('GET', `${book}nobody@example.test.vcf`)).status).toBe(404);
  });

  it('lists nobody', async () => {
    const listing = await stage.ask('PROPFIND', book, { body: etagsBody, headers: { ...asXml, depth: '1' } });
    expect([...responsesOf(listing).keys()]).toEqual([book]);
    const trivial = await query({});
    const [only] = responsesOf(trivial).entries();
    expect(only?.[0]).toBe(book);
    expect(trivial.text).toContain('507');
    expect(trivial.text).toContain('number-of-matches-within-limits');
    const sync = await stage.ask('REPORT', book, { body: syncBody(), headers: asXml });
    expect([sync.status, conditionOf(sync)]).toEqual([403, 'supported-report']);
    expect((await stage.ask('GET', book)).headers['content-type']).toContain('text/plain');
    expect(stage.simulator.calls()).toEqual({});
  });

  it('cuts what is too much, and says so', async () => {
    const limited = responsesOf(await query({ ORG: 'Example' }, { limit: 3 }));
    expect([limited.size, limited.get(book)?.element !== undefined]).toEqual([4, true]);
  });

  it('is not written to', async () => {
    const put = await stage.ask('PUT', `${book}new.vcf`, { body: cardText('new'), headers: asCard });
    expect([put.status, conditionOf(put)]).toEqual([403, 'need-privileges']);
    expect((await stage.ask('DELETE', bobsCard)).status).toBe(403);
    expect((await stage.ask('DELETE', book)).status).toBe(403);
    for (const method of ['COPY', 'MOVE']) {
      const destination = `/addressbooks/${alice.address}/contacts/bob.vcf`;
      expect((await stage.ask(method, bobsCard, { headers: { destination } })).status).toBe(403);
    }
    const rename =
      '<propertyupdate xmlns="DAV:"><set><prop><displayname>Mine</displayname></prop></set></propertyupdate>';
    expect((await stage.ask('PROPPATCH', book, { body: rename, headers: asXml })).text).toContain('403');
    expect((await stage.ask('MKCOL', book)).status).toBe(405);
  });

  it('is one’s own way to look: no home of somebody else has it', async () => {
    const theirs = `/addressbooks/carol@example.test/directory/`;
    expect((await stage.ask('PROPFIND', theirs, { headers: { depth: '0' } })).status).toBe(404);
  });
});

describe('EXDAV_DIRECTORY=off', () => {
  it('hides it altogether', async () => {
    const closed = await openStage({ seed: 'small', settings: { EXDAV_DIRECTORY: 'off' } });
    expect((await closed.ask('PROPFIND', book, { headers: { depth: '0' } })).status).toBe(404);
    const home = await closed.ask('PROPFIND', `/addressbooks/${alice.address}/`, { headers: { depth: '1' } });
    expect(home.text).not.toContain('/directory/');
    await closed.stop();
  });
});
