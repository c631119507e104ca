// GET and HEAD of members, feeds and what is above them.
import { describe, expect, it } from 'vitest';
import { book, calendar, card, event, home, setUp } from '../harness.ts';

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
