// What DAVx5 sends, body by body.
import { describe, expect, it } from 'vitest';
import { A, book, C, calendar, CR, CS, D, home, hrefsIn, propOf, textIn } from '../harness.ts';
import { filled, principal } from './mailbox.ts';

describe('DAVx5', () => {
  it('detects the services', async () => {
    const { ask } = filled();
    const first = await ask('PROPFIND', '/', {
      headers: { Depth: '0' },
      body: `<?xml version='1.0' encoding='UTF-8' ?><propfind xmlns="DAV:" xmlns:CAL="${C}" xmlns:CARD="${CR}"><prop><resourcetype /><displayname /><CAL:calendar-home-set /><CAL:calendar-description /><n0:calendar-color xmlns:n0="${A}" /><current-user-privilege-set /><CAL:supported-calendar-component-set /><CAL:calendar-timezone /><current-user-principal /></prop></propfind>`,
    });
    expect(hrefsIn(propOf(first.responses[0], D, 'current-user-principal'))).toEqual([principal]);
    const { headers } = await ask('OPTIONS', principal);
    expect(headers.get('DAV')?.split(', ')).toEqual(
      expect.arrayContaining(['calendar-access', 'addressbook']),
    );
    const own = await ask('PROPFIND', principal, {
      headers: { Depth: '0' },
      body: `<propfind xmlns="DAV:" xmlns:CAL="${C}" xmlns:CARD="${CR}" xmlns:CS="${CS}"><prop><displayname/><CAL:calendar-home-set/><CARD:addressbook-home-set/><group-membership/><CS:calendar-proxy-read-for/><CS:calendar-proxy-write-for/><resourcetype/><CAL:calendar-user-address-set/></prop></propfind>`,
    });
    expect(hrefsIn(propOf(own.responses[0], CR, 'addressbook-home-set'))).toEqual([
      '/addressbooks/alice@example.test/',
    ]);
  });

  it('synchronises: token, delta, multiget of ten', async () => {
    const { ask } = filled();
    const delta = await ask('REPORT', calendar, {
      headers: { Depth: '0', 'Content-Type': 'application/xml; charset=utf-8' },
      body: `<?xml version='1.0' encoding='UTF-8' ?><sync-collection xmlns="DAV:"><sync-token /><sync-level>1</sync-level><prop><getetag /></prop></sync-collection>`,
    });
    expect(delta.responses).toHaveLength(2);
    const texts = await ask('REPORT', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version='1.0' encoding='UTF-8' ?><CAL:calendar-multiget xmlns="DAV:" xmlns:CAL="${C}"><prop><getcontenttype /><getetag /><CAL:calendar-data /><CAL:schedule-tag /></prop>${delta.responses.map(({ href }) => `<href>${href}</href>`).join('')}</CAL:calendar-multiget>`,
    });
    for (const response of texts.responses)
      expect(textIn(response, C, 'calendar-data')).toContain('BEGIN:VEVENT');
  });

  it('limits calendars by time and switches to vCard 4 where it is listed', async () => {
    const { ask } = filled();
    const query = await ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: `<CAL:calendar-query xmlns="DAV:" xmlns:CAL="${C}"><prop><getetag /></prop><CAL:filter><CAL:comp-filter name="VCALENDAR"><CAL:comp-filter name="VEVENT"><CAL:time-range start="20260101T000000Z" /></CAL:comp-filter></CAL:comp-filter></CAL:filter></CAL:calendar-query>`,
    });
    expect(query.responses).toHaveLength(2);
    const cards = await ask('REPORT', book, {
      headers: { Depth: '0' },
      body: `<CARD:addressbook-multiget xmlns="DAV:" xmlns:CARD="${CR}"><prop><getcontenttype /><getetag /><CARD:address-data content-type="text/vcard" version="4.0" /></prop><href>${book}c.vcf</href></CARD:addressbook-multiget>`,
    });
    expect(textIn(cards.responses[0], D, 'getcontenttype')).toBe('text/vcard; charset=utf-8; version=4.0');
  });

  it('creates a calendar by MKCALENDAR with everything ticked', async () => {
    const setup = filled();
    const answer = await setup.ask('MKCALENDAR', `${home}c5f2e3d6-0000/`, {
      headers: { 'Content-Type': 'application/xml; charset=utf-8' },
      body: `<?xml version='1.0' encoding='UTF-8' ?><CAL:mkcalendar xmlns="DAV:" xmlns:CAL="${C}"><set><prop><resourcetype><collection /><CAL:calendar /></resourcetype><displayname>Work</displayname><n2:calendar-color xmlns:n2="${A}">#8BC34AFF</n2:calendar-color><CAL:supported-calendar-component-set><CAL:comp name="VEVENT" /><CAL:comp name="VTODO" /><CAL:comp name="VJOURNAL" /></CAL:supported-calendar-component-set></prop></set></CAL:mkcalendar>`,
    });
    expect(answer.status).toBe(201);
    expect(setup.home.at('c5f2e3d6-0000').folder).toMatchObject({ kind: 'events', displayName: 'Work' });
  });
});
