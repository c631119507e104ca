// GET, HEAD, PUT, DELETE, MOVE and COPY of calendar objects and cards, with conditions and preferences.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, clarkOf, textOf } from '../../src/xml/index.ts';
import { book, C, calendar, card, CR, event, folders, home, setUp, task } from './harness.ts';
import { MemoryHome } from './memory-home.ts';

const ics = { 'Content-Type': 'text/calendar; charset=utf-8' };
const vcf = { 'Content-Type': 'text/vcard' };

describe('GET and HEAD', () => {
  it('gives a member with its etag and type', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    const answer = await setup.ask('GET', `${calendar}a.ics`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe(event('a'));
    expect(answer.headers.get('ETag')).toBe(etag);
    expect(answer.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8; component=VEVENT');
  });

  it('answers HEAD with the length in bytes and no body', async () => {
    const setup = setUp();
    const text = event('a', { SUMMARY: 'Zürich' });
    setup.home.at('calendar').keep('a.ics', text);
    const answer = await setup.ask('HEAD', `${calendar}a.ics`);
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('');
    expect(answer.headers.get('Content-Length')).toBe(String(Buffer.byteLength(text)));
    expect((await setup.ask('HEAD', `${calendar}no.ics`)).text).toBe('');
  });

  it('answers 304 for a member that is unchanged, and 412 for another If-Match', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    const ask = async (headers: Record<string, string>): Promise<number> =>
      (await setup.ask('GET', `${calendar}a.ics`, { headers })).status;
    expect(await ask({ 'If-None-Match': `"x", ${etag}` })).toBe(304);
    expect(await ask({ 'If-None-Match': `W/${etag}` })).toBe(304);
    expect(await ask({ 'If-None-Match': '*' })).toBe(304);
    expect(await ask({ 'If-None-Match': '"x"' })).toBe(200);
    expect(await ask({ 'If-Match': '"x"' })).toBe(412);
    expect(await ask({ 'If-Match': `W/${etag}` })).toBe(412);
    expect(await ask({ 'If-Match': etag })).toBe(200);
    expect(await ask({ 'If-Modified-Since': 'Sat, 29 Oct 2050 19:43:31 GMT' })).toBe(200);
  });

  it('gives a whole calendar as a feed and never 304', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const answer = await setup.ask('GET', calendar, {
      headers: {
        'User-Agent': 'Nextcloud Webcal Service',
        Accept: 'text/calendar, application/calendar+json, application/calendar+xml',
        'If-None-Match': '*',
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8');
    expect(answer.text).toContain('X-DETAIL:whole');
    expect(answer.headers.has('ETag')).toBe(false);
    expect(Number((await setup.ask('HEAD', calendar)).headers.get('Content-Length'))).toBe(
      answer.text.length,
    );
  });

  it('answers 5xx instead of a feed with a hole', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    setup.home
      .at('calendar')
      .unreadable.set('a.ics', { kind: 'unreadable', message: 'cannot be understood' });
    expect((await setup.ask('GET', calendar)).status).toBe(500);
    setup.home.at('calendar').broken = { kind: 'unavailable', message: 'no answer' };
    expect((await setup.ask('GET', calendar)).status).toBe(503);
  });

  it('gives an address book as text/vcard', async () => {
    const setup = setUp();
    setup.home.at('contacts').keep('c.vcf', card('c', 'C'));
    const answer = await setup.ask('GET', book);
    expect(answer.headers.get('Content-Type')).toBe('text/vcard; charset=utf-8');
  });

  it('gives the vCard version that Accept prefers', async () => {
    const setup = setUp();
    const contacts = setup.home.at('contacts');
    contacts.keep('c.vcf', card('c', 'C'));
    const type = async (Accept?: string): Promise<string | null> =>
      (
        await setup.ask('GET', `${book}c.vcf`, { headers: Accept === undefined ? {} : { Accept } })
      ).headers.get('Content-Type');
    expect(await type()).toBe('text/vcard; charset=utf-8');
    expect(contacts.asked.shape).toEqual({ kind: 'whole' });
    expect(await type('text/vcard; version=4.0')).toBe('text/vcard; charset=utf-8; version=4.0');
    expect(contacts.asked.shape).toEqual({ kind: 'address', version: '4.0' });
    await type('text/vcard;version="4.0";q=0.5, text/vcard;version=3.0');
    expect(contacts.asked.shape).toEqual({ kind: 'address', version: '3.0' });
    await type('*/*');
    expect(contacts.asked.shape).toEqual({ kind: 'whole' });
  });

  it('shows a plain page above the collections', async () => {
    const { ask } = setUp();
    for (const path of ['/', '/principals/', '/principals/alice@example.test/', '/calendars/', home]) {
      const answer = await ask('GET', path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers.get('Content-Type')).toBe('text/plain; charset=utf-8');
    }
    expect((await ask('GET', `${home}no/`)).status).toBe(404);
  });

  it('answers an object that cannot be translated with its own 5xx', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    setup.home
      .at('calendar')
      .unreadable.set('a.ics', { kind: 'unreadable', message: 'cannot be understood' });
    expect((await setup.ask('GET', `${calendar}a.ics`)).status).toBe(500);
  });
});

describe('PUT', () => {
  it('creates with 201 and replaces with 204, with the etag of what a GET gives', async () => {
    const setup = setUp();
    const path = `${calendar}a.ics`;
    const created = await setup.ask('PUT', path, {
      headers: { ...ics, 'If-None-Match': '*' },
      body: event('a'),
    });
    expect(created.status).toBe(201);
    const etag = created.headers.get('ETag')!;
    expect((await setup.ask('GET', path)).headers.get('ETag')).toBe(etag);
    const replaced = await setup.ask('PUT', path, {
      headers: { ...ics, 'If-Match': etag },
      body: event('a', { SUMMARY: 'new' }),
    });
    expect(replaced.status).toBe(204);
    expect(replaced.headers.get('ETag')).not.toBe(etag);
  });

  it('gives no etag when the stored text differs', async () => {
    const setup = setUp();
    setup.home.at('calendar').rewrites = true;
    const answer = await setup.ask('PUT', `${calendar}a.ics`, { headers: ics, body: event('a') });
    expect(answer.status).toBe(201);
    expect(answer.headers.has('ETag')).toBe(false);
  });

  it('refuses a stale If-Match and If-None-Match: * on what exists, and changes nothing', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const before = setup.home.at('calendar').snapshot();
    const tries: Record<string, string>[] = [
      { 'If-Match': '"old"' },
      { 'If-Match': 'W/"old"' },
      { 'If-None-Match': '*' },
      { If: '(["old"])' },
    ];
    for (const headers of tries) {
      const answer = await setup.ask('PUT', `${calendar}a.ics`, {
        headers: { ...ics, ...headers },
        body: event('a', { SUMMARY: 'new' }),
      });
      expect(answer.status, JSON.stringify(headers)).toBe(412);
    }
    expect(
      (await setup.ask('PUT', `${calendar}b.ics`, { headers: { ...ics, 'If-Match': '*' }, body: event('b') }))
        .status,
    ).toBe(412);
    expect(setup.home.at('calendar').snapshot()).toEqual(before);
  });

  it('takes etags without quotes, as CalDav Synchronizer may send them', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    const answer = await setup.ask('PUT', `${calendar}a.ics`, {
      headers: { ...ics, 'If-Match': etag.replaceAll('"', '') },
      body: event('a'),
    });
    expect(answer.status).toBe(204);
  });

  it('answers Prefer: return=representation with the stored text', async () => {
    const setup = setUp();
    setup.home.at('calendar').rewrites = true;
    const headers = { ...ics, Prefer: 'return=representation' };
    const created = await setup.ask('PUT', `${calendar}a.ics`, { headers, body: event('a') });
    expect(created.status).toBe(201);
    expect(created.text).toBe(setup.home.at('calendar').textOf('a.ics'));
    expect(created.headers.get('ETag')).toBe((await setup.home.at('calendar').member('a.ics'))?.etag);
    expect(created.headers.get('Preference-Applied')).toBe('return=representation');
    expect(created.headers.get('Content-Location')).toBe(`${calendar}a.ics`);
    expect((await setup.ask('PUT', `${calendar}a.ics`, { headers, body: event('a') })).status).toBe(200);
    const lost = await setup.ask('PUT', `${calendar}a.ics`, {
      headers: { ...headers, 'If-Match': '"x"' },
      body: event('a'),
    });
    expect(lost.status).toBe(412);
    expect(lost.text).toBe(setup.home.at('calendar').textOf('a.ics'));
  });

  it('refuses other media types with the precondition of the collection', async () => {
    const setup = setUp();
    const put = (path: string, type: string) =>
      setup.ask('PUT', path, { headers: { 'Content-Type': type }, body: 'x' });
    expect((await put(`${calendar}a.ics`, 'text/vcard')).conditions).toEqual([
      `{${C}}supported-calendar-data`,
    ]);
    expect((await put(`${book}a.vcf`, 'application/json')).conditions).toEqual([
      `{${CR}}supported-address-data`,
    ]);
    const cardAnswer = await setup.ask('PUT', `${book}a.vcf`, { headers: vcf, body: card('a', 'A') });
    expect(cardAnswer.status).toBe(201);
    expect((await setup.ask('PUT', `${calendar}a.ics`, { body: event('a') })).status).toBe(201);
  });

  it('refuses what is too large, not text, or a part of something', async () => {
    const setup = setUp();
    const put = (body: string | Uint8Array, headers: Record<string, string> = ics) =>
      setup.ask('PUT', `${calendar}a.ics`, { headers, body });
    const large = await put(event('a', { DESCRIPTION: 'x'.repeat(10_000) }));
    expect([large.status, ...large.conditions]).toEqual([403, `{${C}}max-resource-size`]);
    const largeCard = await setup.ask('PUT', `${book}a.vcf`, { headers: vcf, body: 'x'.repeat(10_001) });
    expect(largeCard.conditions).toEqual([`{${CR}}max-resource-size`]);
    const broken = await put(new Uint8Array([0x42, 0xff, 0xfe]));
    expect([broken.status, ...broken.conditions]).toEqual([403, `{${C}}valid-calendar-data`]);
    expect((await put(event('a'), { ...ics, 'Content-Range': 'bytes 0-1/2' })).status).toBe(400);
  });

  it('decodes the charset that is named', async () => {
    const setup = setUp();
    const body = new Uint8Array(Buffer.from(event('a', { SUMMARY: 'Zürich' }), 'latin1'));
    await setup.ask('PUT', `${calendar}a.ics`, {
      headers: { 'Content-Type': 'text/calendar; charset=iso-8859-1' },
      body,
    });
    expect(setup.home.at('calendar').textOf('a.ics')).toContain('Zürich');
  });

  it('names the resource that has the UID already', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('ä.ics', event('same'));
    const answer = await setup.ask('PUT', `${calendar}b.ics`, { headers: ics, body: event('same') });
    expect(answer.status).toBe(403);
    const [condition] = childrenOf(answer.xml);
    expect(clarkOf(condition!)).toBe(`{${C}}no-uid-conflict`);
    expect(textOf(childOf(condition, 'href'))).toBe(`${calendar}%C3%A4.ics`);
    expect(childrenOf(answer.xml)).toHaveLength(1);
  });

  it('answers 409 without a collection and 405 on collections', async () => {
    const { ask } = setUp();
    expect((await ask('PUT', `${home}no/a.ics`, { headers: ics, body: event('a') })).status).toBe(409);
    for (const path of [calendar, home, '/', '/principals/']) {
      const answer = await ask('PUT', path, { headers: ics, body: event('a') });
      expect(answer.status, path).toBe(405);
      expect(answer.headers.get('Allow')).not.toContain('PUT');
    }
  });

  it('writes silently', async () => {
    const setup = setUp();
    await setup.ask('PUT', `${calendar}a.ics`, { headers: ics, body: event('a') });
    await setup.ask('DELETE', `${calendar}a.ics`);
    expect(setup.home.at('calendar').asked.mail).toEqual(['silent', 'silent']);
  });

  it('turns a backend that is busy into 503 with Retry-After', async () => {
    const setup = setUp();
    setup.home.at('calendar').broken = { kind: 'busy', message: 'later', retryAfterMs: 60_000 };
    const answer = await setup.ask('PUT', `${calendar}a.ics`, { headers: ics, body: event('a') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Retry-After')).toBe('60');
  });
});

describe('the If header', () => {
  it('is met by an etag, by the sync token of the collection, and by Not', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    const { syncToken } = await setup.home.at('calendar').state();
    const met = [
      `([${etag}])`,
      `(["x"]) ([${etag}])`,
      '(Not ["x"])',
      `<${calendar}> (<${syncToken}>)`,
      `<http://host${calendar}a.ics> (["x"]) <${calendar}a.ics> (Not <DAV:no-lock> [${etag}])`,
    ];
    const unmet = [
      `(Not [${etag}])`,
      '(<opaquelocktoken:1>)',
      `<${calendar}> (<${syncToken}0>)`,
      '(<DAV:no-lock>)',
    ];
    const ask = async (If: string): Promise<number> =>
      (
        await setup.ask('PROPPATCH', `${calendar}a.ics`, {
          headers: { If },
          body: '<propertyupdate xmlns="DAV:"><set><prop><a xmlns="urn:x"/></prop></set></propertyupdate>',
        })
      ).status;
    for (const header of met) expect(await ask(header), header).toBe(207);
    for (const header of unmet) expect(await ask(header), header).toBe(412);
    for (const header of ['nonsense', '()', '(["a"', '']) expect(await ask(header), header).toBe(400);
  });
});

describe('DELETE', () => {
  it('deletes a member under its condition', async () => {
    const setup = setUp();
    const { etag } = setup.home.at('calendar').keep('a.ics', event('a'));
    expect((await setup.ask('DELETE', `${calendar}a.ics`, { headers: { 'If-Match': '"x"' } })).status).toBe(
      412,
    );
    expect((await setup.ask('DELETE', `${calendar}a.ics`, { headers: { 'If-Match': etag } })).status).toBe(
      204,
    );
    expect((await setup.ask('DELETE', `${calendar}a.ics`)).status).toBe(404);
  });

  it('deletes a collection, but no default folder and nothing above', async () => {
    const setup = setUp();
    expect((await setup.ask('DELETE', `${home}team/`)).status).toBe(204);
    expect((await setup.ask('PROPFIND', `${home}team/`, { headers: { Depth: '0' } })).status).toBe(404);
    for (const path of [
      calendar,
      home,
      '/',
      '/calendars/',
      '/principals/',
      '/principals/alice@example.test/',
    ])
      expect((await setup.ask('DELETE', path)).status, path).toBe(403);
    expect((await setup.ask('DELETE', `${home}no/`)).status).toBe(404);
  });
});

describe('MOVE and COPY', () => {
  it('moves a member into another collection, by path or by URL', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const there = await setup.ask('MOVE', `${calendar}a.ics`, {
      headers: { Destination: `${home}team/b%20c.ics` },
    });
    expect(there.status).toBe(201);
    expect(there.headers.get('Location')).toBe(`${home}team/b%20c.ics`);
    expect(setup.home.at('team').textOf('b c.ics')).toBe(event('a'));
    expect(setup.home.at('calendar').textOf('a.ics')).toBeUndefined();
    const back = await setup.ask('MOVE', `${home}team/b%20c.ics`, {
      headers: { Destination: `https://any.example${calendar}a.ics` },
    });
    expect(back.status).toBe(201);
  });

  it('copies, replaces with 204, and obeys Overwrite: F', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    setup.home.at('team').keep('t.ics', event('t'));
    const headers = { Destination: `${home}team/t.ics` };
    expect(
      (await setup.ask('COPY', `${calendar}a.ics`, { headers: { ...headers, Overwrite: 'F' } })).status,
    ).toBe(412);
    expect((await setup.ask('COPY', `${calendar}a.ics`, { headers })).status).toBe(204);
    expect(setup.home.at('team').textOf('t.ics')).toBe(event('a'));
    expect(setup.home.at('calendar').textOf('a.ics')).toBe(event('a'));
  });

  it('refuses destinations that cannot be', async () => {
    const setup = setUp({
      others: [new MemoryHome({ address: 'bob@example.test' }, folders)],
      space: { hosts: ['dav.example'] },
    });
    setup.home.at('calendar').keep('a.ics', event('a'));
    const move = (Destination: string, headers: Record<string, string> = {}) =>
      setup.ask('MOVE', `${calendar}a.ics`, { headers: { Destination, ...headers } });
    expect((await move(`${home}no/a.ics`)).status).toBe(409);
    expect((await move(calendar)).status).toBe(403);
    expect((await move(`${calendar}a.ics`)).status).toBe(403);
    expect((await move(`${home}tasks/a.ics`)).conditions).toEqual([`{${C}}supported-calendar-component`]);
    expect((await move(`${book}a.vcf`)).conditions).toEqual([`{${CR}}supported-address-data`]);
    expect((await move('/calendars/bob@example.test/calendar/a.ics')).status).toBe(403);
    expect((await move(`http://other.example${home}team/a.ics`)).status).toBe(502);
    expect((await move(`http://dav.example${home}team/%ZZ.ics`)).status).toBe(502);
    expect((await move(`${home}team/a.ics`, { Overwrite: 'X' })).status).toBe(400);
    expect((await setup.ask('MOVE', `${calendar}a.ics`)).status).toBe(400);
    expect((await setup.ask('MOVE', calendar, { headers: { Destination: `${home}new/` } })).status).toBe(403);
    expect((await setup.ask('COPY', home, { headers: { Destination: `${home}new/` } })).status).toBe(403);
    expect(setup.home.at('calendar').textOf('a.ics')).toBe(event('a'));
  });

  it('names the UID conflict of a copy inside one collection', async () => {
    const setup = setUp();
    setup.home.at('calendar').keep('a.ics', event('a'));
    const answer = await setup.ask('COPY', `${calendar}a.ics`, {
      headers: { Destination: `${calendar}b.ics` },
    });
    expect(answer.status).toBe(403);
    expect(answer.conditions).toEqual([`{${C}}no-uid-conflict`]);
  });

  it('moves tasks between nothing but task lists', async () => {
    const setup = setUp();
    setup.home.at('tasks').keep('t.ics', task('t'));
    const answer = await setup.ask('MOVE', `${home}tasks/t.ics`, {
      headers: { Destination: `${calendar}t.ics` },
    });
    expect(answer.status).toBe(403);
  });
});
