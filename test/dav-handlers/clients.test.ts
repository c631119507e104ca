// The requests of real clients, body by body, in the order they send them.
import { describe, expect, it } from 'vitest';
import { childOf, childrenOf, textOf } from '../../src/xml/index.ts';
import {
  A,
  book,
  C,
  calendar,
  card,
  childNames,
  CR,
  CS,
  D,
  event,
  home,
  hrefsIn,
  names,
  propOf,
  setUp,
  textIn,
  type Setup,
} from './harness.ts';

const principal = '/principals/alice@example.test/';

function filled(): Setup {
  const setup = setUp();
  for (const name of ['a', 'b']) setup.home.at('calendar').keep(`${name}.ics`, event(name));
  setup.home.at('contacts').keep('c.vcf', card('c', 'Carol'));
  return setup;
}

describe('Apple', () => {
  it('finds the principal, the homes and the calendars', async () => {
    const { ask } = filled();
    const first = await ask('PROPFIND', '/', {
      headers: { Depth: '0', Prefer: 'return=minimal', Brief: 't' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:propfind xmlns:A="DAV:"><A:prop><A:current-user-principal/><A:principal-URL/><A:resourcetype/></A:prop></A:propfind>`,
    });
    expect(hrefsIn(propOf(first.responses[0], D, 'current-user-principal'))).toEqual([principal]);
    const options = await ask('OPTIONS', principal);
    expect(options.headers.get('DAV')).toContain('calendar-access');
    const set = await ask('REPORT', '/principals/', {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<A:principal-search-property-set xmlns:A="DAV:"/>`,
    });
    expect(set.status).toBe(200);
    const listing = await ask('PROPFIND', home, {
      headers: { Depth: '1', Prefer: 'return=minimal', Brief: 't' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:propfind xmlns:A="DAV:"><A:prop><A:add-member/><C:allowed-sharing-modes xmlns:C="${CS}"/><D:autoprovisioned xmlns:D="${A}"/><E:bulk-requests xmlns:E="http://me.com/_namespace/"/><D:calendar-color xmlns:D="${A}"/><B:calendar-description xmlns:B="${C}"/><B:calendar-free-busy-set xmlns:B="${C}"/><D:calendar-order xmlns:D="${A}"/><B:calendar-timezone xmlns:B="${C}"/><A:current-user-privilege-set/><B:default-alarm-vevent-date xmlns:B="${C}"/><A:displayname/><C:getctag xmlns:C="${CS}"/><C:invite xmlns:C="${CS}"/><D:language-code xmlns:D="${A}"/><A:owner/><C:pre-publish-url xmlns:C="${CS}"/><C:publish-url xmlns:C="${CS}"/><C:push-transports xmlns:C="${CS}"/><C:pushkey xmlns:C="${CS}"/><A:quota-available-bytes/><A:quota-used-bytes/><D:refreshrate xmlns:D="${A}"/><A:resource-id/><A:resourcetype/><B:schedule-calendar-transp xmlns:B="${C}"/><B:schedule-default-calendar-URL xmlns:B="${C}"/><C:source xmlns:C="${CS}"/><C:subscribed-strip-alarms xmlns:C="${CS}"/><B:supported-calendar-component-set xmlns:B="${C}"/><B:supported-calendar-component-sets xmlns:B="${C}"/><A:supported-report-set/><A:sync-token/></A:prop></A:propfind>`,
    });
    expect(listing.status).toBe(207);
    for (const response of listing.responses) expect(names(response, 404)).toEqual([]);
    const own = listing.responses.find(({ href }) => href === calendar);
    expect(childrenOf(propOf(own, C, 'supported-calendar-component-set')!)[0]?.attrs['name']).toBe('VEVENT');
    expect(textIn(own, D, 'sync-token')).toMatch(/^http/);
  });

  it('writes order and colour and gets a 207', async () => {
    const { ask } = filled();
    const answer = await ask('PROPPATCH', calendar, {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><D:calendar-order xmlns:D="${A}">3</D:calendar-order></A:prop></A:set><A:set><A:prop><D:calendar-color xmlns:D="${A}" symbolic-color="custom">#1BADF8FF</D:calendar-color></A:prop></A:set></A:propertyupdate>`,
    });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!)).toHaveLength(2);
  });

  it('writes default alarms, which are kept as they came', async () => {
    const { ask } = filled();
    const answer = await ask('PROPPATCH', calendar, {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><B:default-alarm-vevent-date xmlns:B="${C}">BEGIN:VALARM&#13;
END:VALARM&#13;
</B:default-alarm-vevent-date></A:prop></A:set></A:propertyupdate>`,
    });
    expect(names(answer.responses[0]!)).toEqual([`{${C}}default-alarm-vevent-date`]);
    const read = await ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: `<A:propfind xmlns:A="DAV:"><A:prop><B:default-alarm-vevent-date xmlns:B="${C}"/></A:prop></A:propfind>`,
    });
    expect(textIn(read.responses[0], C, 'default-alarm-vevent-date')).toBe('BEGIN:VALARM\r\nEND:VALARM\r\n');
  });

  it('lists etags and fetches in a multiget with schedule-tag, which is 404', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<B:calendar-multiget xmlns:B="${C}"><A:prop xmlns:A="DAV:"><A:getetag/><B:calendar-data/><C:updated-by xmlns:C="${CS}"/><B:schedule-tag/><C:created-by xmlns:C="${CS}"/></A:prop><A:href xmlns:A="DAV:">${calendar}a.ics</A:href></B:calendar-multiget>`,
    });
    expect(textIn(answer.responses[0], C, 'calendar-data')).toBe(event('a'));
    expect(names(answer.responses[0]!, 404)).toContain(`{${C}}schedule-tag`);
  });

  it('asks for proxies with expand-property and gets 404 propstats', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', principal, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:expand-property xmlns:A="DAV:"><A:property name="calendar-proxy-read-for" namespace="${CS}"><A:property name="displayname" namespace="DAV:"/><A:property name="calendar-user-address-set" namespace="${C}"/></A:property><A:property name="calendar-proxy-write-for" namespace="${CS}"/></A:expand-property>`,
    });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!, 404)).toHaveLength(2);
  });
});

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

describe('Thunderbird', () => {
  it('reads a calendar and its parent', async () => {
    const { ask } = filled();
    const own = await ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<D:propfind xmlns:D="DAV:" xmlns:CS="${CS}" xmlns:C="${C}"><D:prop><D:resourcetype/><D:owner/><D:current-user-principal/><D:current-user-privilege-set/><D:supported-report-set/><C:supported-calendar-component-set/><CS:getctag/></D:prop></D:propfind>`,
    });
    expect(childNames(propOf(own.responses[0], D, 'resourcetype'))).toContain(`{${C}}calendar`);
    const options = await ask('OPTIONS', home);
    // It drops the first token and looks for the others.
    expect(
      options.headers
        .get('DAV')
        ?.split(',')
        .map((token) => token.trim())[0],
    ).toBe('1');
    const inboxes = await ask('PROPFIND', principal, {
      headers: { Depth: '0' },
      body: `<D:propfind xmlns:D="DAV:" xmlns:C="${C}"><D:prop><C:calendar-home-set/><C:calendar-user-address-set/><C:schedule-inbox-URL/><C:schedule-outbox-URL/></D:prop></D:propfind>`,
    });
    expect(names(inboxes.responses[0]!, 404)).toHaveLength(2);
  });

  it('sends Depth: 1 with sync-collection and reads the status letter by letter', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', book, {
      headers: { Depth: '1' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><getcontenttype/><getetag/></prop></sync-collection>`,
    });
    expect(answer.responses).toHaveLength(1);
    expect(answer.text).toContain('>HTTP/1.1 200 OK<');
  });
});

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
    expect(listing.responses).toHaveLength(4);
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

describe('Nextcloud', () => {
  it('federates: sync-collection without Depth and sync-level, then GET and PUT without conditions', async () => {
    const { ask } = filled();
    const body = (token: string): string =>
      `<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:" xmlns:cal="${C}"><d:sync-token>${token}</d:sync-token><d:prop><d:getetag/></d:prop></d:sync-collection>`;
    const first = await ask('REPORT', calendar, { body: body('') });
    expect(textOf(childOf(first.xml, 'sync-token', D))).toMatch(/^http:\/\/sabre\.io\/ns\/sync\/\d+$/);
    const stale = await ask('REPORT', calendar, { body: body('http://sabre.io/ns/sync/0') });
    expect([stale.status, ...stale.conditions]).toEqual([403, '{DAV:}valid-sync-token']);
    for (const { href } of first.responses) expect((await ask('GET', href)).status).toBe(200);
    const put = await ask('PUT', `${calendar}n.ics`, {
      headers: { 'Content-Type': 'text/calendar' },
      body: event('n'),
    });
    expect(put.headers.has('ETag')).toBe(true);
  });

  it('DAV Connector: REPORT in Allow of the home, owner equal to the principal, no DAV:acl, no 404 for members', async () => {
    const { ask } = filled();
    expect((await ask('OPTIONS', home)).headers.get('Allow')).toContain('REPORT');
    const delta = await ask('REPORT', calendar, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0"?><d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:sync-level>1</d:sync-level><d:prop><d:resourcetype/><d:getetag/></d:prop></d:sync-collection>`,
    });
    for (const response of delta.responses) expect(names(response, 404)).toEqual([]);
    expect(delta.text).not.toContain('<D:resourcetype></D:resourcetype>');
    const rights = await ask('PROPFIND', calendar, {
      headers: { Depth: '0' },
      body: '<d:propfind xmlns:d="DAV:"><d:prop><d:owner/><d:acl/><d:current-user-principal/></d:prop></d:propfind>',
    });
    const [own] = rights.responses;
    expect(hrefsIn(propOf(own, D, 'owner'))).toEqual(hrefsIn(propOf(own, D, 'current-user-principal')));
    expect(names(own!, 404)).toEqual(['{DAV:}acl']);
  });
});
