// What EDS, vdirsyncer, python-caldav, tsdav and cadaver send, body by body.
import { describe, expect, it } from 'vitest';
import { A, book, C, calendar, CR, CS, D, event, home, hrefsIn, names, propOf, textIn } from '../harness.ts';
import { filled, principal } from './mailbox.ts';

describe('EDS, KDE, CalDav Synchronizer, vdirsyncer, python-caldav, tsdav, cadaver', () => {
  it('EDS sends a multiget without Depth', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      body: `<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget xmlns:D="DAV:" xmlns:C="${C}"><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>${calendar}a.ics</D:href><D:href>${calendar}b.ics</D:href></C:calendar-multiget>`,
    });
    expect(answer.responses).toHaveLength(2);
  });

  it('vdirsyncer lists by PROPFIND, asks by calendar-query and fetches with Depth 1', async () => {
    const { ask } = filled();
    const list = await ask('PROPFIND', calendar, {
      headers: { Depth: '1', 'Content-Type': 'application/xml; charset=UTF-8' },
      body: `<?xml version="1.0" encoding="utf-8" ?>
        <propfind xmlns="DAV:"><prop><resourcetype/><getcontenttype/><getetag/></prop></propfind>`,
    });
    expect(
      list.responses.slice(1).every((each) => textIn(each, D, 'getcontenttype')?.startsWith('text/calendar')),
    ).toBe(true);
    const query = await ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: `<?xml version="1.0" encoding="utf-8" ?><C:calendar-query xmlns="DAV:" xmlns:C="${C}"><prop><getcontenttype/><getetag/></prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
    });
    expect(query.responses).toHaveLength(2);
    const cards = await ask('REPORT', book, {
      headers: { Depth: '1' },
      body: `<?xml version="1.0" encoding="utf-8" ?><C:addressbook-multiget xmlns="DAV:" xmlns:C="${CR}"><prop><getetag/><C:address-data/></prop><href>${book}c.vcf</href></C:addressbook-multiget>`,
    });
    expect(textIn(cards.responses[0], CR, 'address-data')).toContain('FN:Carol');
  });

  it('vdirsyncer sets name and colour with metasync', async () => {
    const { ask } = filled();
    const answer = await ask('PROPPATCH', calendar, {
      body: `<?xml version="1.0" encoding="utf-8" ?><propertyupdate xmlns="DAV:"><set><prop><calendar-color xmlns="${A}">#FF8800</calendar-color></prop></set></propertyupdate>`,
    });
    expect(names(answer.responses[0]!)).toEqual([`{${A}}calendar-color`]);
  });

  it('python-caldav expands a search and asks the whole principal chain from any URL', async () => {
    const setup = filled();
    const chain = await setup.ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version='1.0' encoding='utf-8'?>\n<D:propfind xmlns:D="DAV:"><D:prop><D:current-user-principal/></D:prop></D:propfind>`,
    });
    expect(hrefsIn(propOf(chain.responses[0], D, 'current-user-principal'))).toEqual([principal]);
    const search = await setup.ask('REPORT', calendar, {
      headers: { Depth: '1' },
      body: `<?xml version='1.0' encoding='utf-8'?>\n<C:calendar-query xmlns:D="DAV:" xmlns:C="${C}"><D:prop><C:calendar-data><C:expand start="20260101T000000Z" end="20260201T000000Z"/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="20260101T000000Z" end="20260201T000000Z"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`,
    });
    expect(search.responses).toHaveLength(2);
    expect(setup.home.at('calendar').asked.shape).toMatchObject({ kind: 'calendar' });
  });

  it('tsdav reads a home with many properties and finds cards by name', async () => {
    const { ask } = filled();
    const listing = await ask('PROPFIND', home, {
      headers: { depth: '1', 'content-type': 'text/xml;charset=UTF-8' },
      body: `<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:c="${C}" xmlns:cs="${CS}" xmlns:ca="${A}" xmlns:d="DAV:"><d:prop><c:calendar-description/><c:calendar-timezone/><d:displayname/><ca:calendar-color/><cs:getctag/><d:resourcetype/><c:supported-calendar-component-set/><d:sync-token/></d:prop></d:propfind>`,
    });
    expect(listing.responses).toHaveLength(6);
    const cards = await ask('REPORT', book, {
      headers: { depth: '1' },
      body: `<?xml version="1.0" encoding="utf-8"?><card:addressbook-query xmlns:d="DAV:" xmlns:card="${CR}"><d:prop><d:getetag/></d:prop><card:filter><card:prop-filter name="FN"/></card:filter></card:addressbook-query>`,
    });
    expect(cards.responses.map(({ href }) => href)).toEqual([`${book}c.vcf`]);
  });

  it('cadaver lists with its own properties and puts without a type', async () => {
    const { ask } = filled();
    const listing = await ask('PROPFIND', calendar, {
      headers: { Depth: '1' },
      body: `<?xml version="1.0" encoding="utf-8"?>\n<propfind xmlns="DAV:"><prop>\n<getcontentlength xmlns="DAV:"/>\n<getlastmodified xmlns="DAV:"/>\n<executable xmlns="http://apache.org/dav/props/"/>\n<resourcetype xmlns="DAV:"/>\n<checked-in xmlns="DAV:"/>\n<checked-out xmlns="DAV:"/>\n</prop></propfind>`,
    });
    expect(listing.responses).toHaveLength(3);
    expect((await ask('PUT', `${calendar}n.ics`, { body: event('n') })).status).toBe(201);
  });
});
