// CALDAV:calendar-multiget and CARDDAV:addressbook-multiget.
import { describe, expect, it } from 'vitest';
import { book, calendar, card, CR, event, home, textIn } from '../harness.ts';
import { namespaces, filled } from './bodies.ts';

describe('calendar-multiget', () => {
  const multiget = (hrefs: readonly string[], prop = '<D:getetag/><C:calendar-data/>'): string =>
    `<C:calendar-multiget ${namespaces}><D:prop>${prop}</D:prop>${hrefs.map((href) => `<D:href>${href}</D:href>`).join('')}</C:calendar-multiget>`;

  it('answers each href, a missing one with 404 inside the 207', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      body: multiget([`${calendar}b.ics`, `${calendar}no.ics`, `${calendar}a.ics`]),
    });
    expect(answer.status).toBe(207);
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}b.ics`, undefined],
      [`${calendar}a.ics`, undefined],
      [`${calendar}no.ics`, 404],
    ]);
  });

  it('takes absolute URLs and any encoding, and answers under the one href', async () => {
    const setup = filled();
    setup.home.at('calendar').keep('ü (x).ics', event('u'));
    const answer = await setup.ask('REPORT', calendar, {
      body: multiget([
        'https://any.example/calendars/alice%40example.test/calendar/%61.ics',
        `\n  ${calendar}%C3%BC%20(x).ics `,
        '/calendars/ALICE@example.test/calendar/b.ics',
        '/calendars/a.adams@example.test/calendar/b.ics',
      ]),
    });
    expect(answer.responses.map(({ href }) => href)).toEqual([
      `${calendar}a.ics`,
      `${calendar}%C3%BC%20%28x%29.ics`,
      `${calendar}b.ics`,
    ]);
  });

  it('answers odd hrefs alone: 404 outside the collection, 400 where nothing can be', async () => {
    const { ask } = filled();
    const odd: Record<string, number> = {
      [`${home}team/a.ics`]: 404,
      [`${calendar}a.ics/deeper`]: 404,
      [calendar]: 404,
      '/': 404,
      [`${calendar}../calendar/a.ics`]: 400,
      [`${calendar}%2e%2e/calendar/a.ics`]: 400,
      [`${calendar}%00a.ics`]: 400,
      [`${calendar}a%2Fb.ics`]: 400,
      [`${calendar}%ZZ.ics`]: 400,
      [`${calendar}%FF.ics`]: 400,
      [`${calendar}a.ics?x=1`]: 400,
      'a.ics': 400,
      'ftp://host/a.ics': 400,
      '': 400,
    };
    const answer = await ask('REPORT', calendar, {
      body: multiget([...Object.keys(odd), `${calendar}a.ics`]),
    });
    expect(answer.status).toBe(207);
    const statuses = Object.fromEntries(answer.responses.map(({ href, status }) => [href, status ?? 200]));
    expect(statuses).toEqual({ ...odd, [`${calendar}a.ics`]: 200 });
  });

  it('answers from the listing alone when no text is asked for', async () => {
    const setup = filled();
    setup.home.at('calendar').unreadable.set('a.ics', { kind: 'unreadable', message: 'no' });
    const answer = await setup.ask('REPORT', calendar, {
      body: multiget([`${calendar}a.ics`, `${calendar}no.ics`], '<D:getetag/>'),
    });
    expect(answer.responses.map(({ status }) => status)).toEqual([undefined, 404]);
  });

  it('refuses one without hrefs and bounds their number', async () => {
    const { ask } = filled();
    expect((await ask('REPORT', calendar, { body: multiget([]) })).status).toBe(400);
    const many = Array.from({ length: 10_001 }, (_, n) => `${calendar}${n}.ics`);
    const answer = await ask('REPORT', calendar, { body: multiget(many) });
    expect([answer.status, ...answer.conditions]).toEqual([403, '{DAV:}number-of-matches-within-limits']);
  });

  it('works on a member for that member', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', `${calendar}a.ics`, {
      body: multiget([`${calendar}a.ics`, `${calendar}b.ics`]),
    });
    expect(answer.responses.map(({ href, status }) => [href, status])).toEqual([
      [`${calendar}a.ics`, undefined],
      [`${calendar}b.ics`, 404],
    ]);
  });

  it('does not care about the Content-Type', async () => {
    const { ask } = filled();
    const headers = { 'Content-Type': 'text/plain' };
    expect((await ask('REPORT', calendar, { headers, body: multiget([`${calendar}a.ics`]) })).status).toBe(
      207,
    );
  });
});

describe('addressbook-multiget', () => {
  it('answers cards and their absence', async () => {
    const { ask } = filled();
    const body = `<CR:addressbook-multiget ${namespaces}><D:prop><D:getetag/><CR:address-data content-type="text/vcard" version="3.0"/></D:prop><D:href>${book}d.vcf</D:href><D:href>${book}x.vcf</D:href></CR:addressbook-multiget>`;
    const answer = await ask('REPORT', book, { body });
    expect(textIn(answer.responses[0], CR, 'address-data')).toBe(card('d', 'Dora'));
    expect(answer.responses[1]?.status).toBe(404);
  });
});
