// PUT of calendar objects and cards, with conditions and preferences.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, clarkOf, textOf } from '../../../src/xml/index.ts';
import { book, C, calendar, card, CR, event, home, setUp } from '../harness.ts';

const ics = { 'Content-Type': 'text/calendar; charset=utf-8' };

const vcf = { 'Content-Type': 'text/vcard' };

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
    expect(large.words).toMatch(/bytes/);
    const largeCard = await setup.ask('PUT', `${book}a.vcf`, { headers: vcf, body: 'x'.repeat(10_001) });
    expect(largeCard.conditions).toEqual([`{${CR}}max-resource-size`]);
    const broken = await put(new Uint8Array([0x42, 0xff, 0xfe]));
    expect([broken.status, ...broken.conditions]).toEqual([403, `{${C}}valid-calendar-data`]);
    expect((await put(event('a'), { ...ics, 'Content-Range': 'bytes 0-1/2' })).status).toBe(400);
  });

  it('takes a line that is folded inside a character (RFC 5545 §3.1)', async () => {
    const setup = setUp();
    const [before = '', after = ''] = event('a', { SUMMARY: 'Café au lait' }).split('é');
    const [first = 0, second = 0] = Buffer.from('é');
    const body = Buffer.concat([
      Buffer.from(before),
      Buffer.from([first, 13, 10, 32, second]),
      Buffer.from(after),
    ]);
    const answer = await setup.ask('PUT', `${calendar}a.ics`, { headers: ics, body });
    expect(answer.status).toBe(201);
    expect(setup.home.at('calendar').textOf('a.ics')).toContain('Café au lait');
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
    expect(answer.conditions).toHaveLength(1);
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

  it.each([
    ['all', true, {}, 'send'],
    ['all with Schedule-Reply: T', true, { 'Schedule-Reply': 'T' }, 'send'],
    ['all but an attendee’s with Schedule-Reply: F', true, { 'Schedule-Reply': 'f' }, 'no-reply'],
    ['none by setting', false, {}, 'silent'],
    ['none by setting, whatever a header says', false, { 'Schedule-Reply': 'T' }, 'silent'],
  ] as const)('lets messages leave, here and in DELETE: %s', async (_, autoSchedule, headers, mail) => {
    const setup = setUp({ space: { autoSchedule } });
    await setup.ask('PUT', `${calendar}a.ics`, { headers: { ...ics, ...headers }, body: event('a') });
    await setup.ask('DELETE', `${calendar}a.ics`, { headers });
    expect(setup.home.at('calendar').asked.mail).toEqual([mail, mail]);
  });

  it('turns a backend that is busy into 503 with Retry-After', async () => {
    const setup = setUp();
    setup.home.at('calendar').broken = { kind: 'busy', message: 'later', retryAfterMs: 60_000 };
    const answer = await setup.ask('PUT', `${calendar}a.ics`, { headers: ics, body: event('a') });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Retry-After')).toBe('60');
  });
});
