// What macOS and iOS send, body by body.
import { describe, expect, it } from 'vitest';
import { childrenOf } from '../../../src/xml/index.ts';
import { A, C, calendar, CS, D, event, home, hrefsIn, names, propOf, textIn } from '../harness.ts';
import { filled, principal } from './mailbox.ts';

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

  it('asks for proxies with expand-property; without shared mailboxes there are none', async () => {
    const { ask } = filled();
    const answer = await ask('REPORT', principal, {
      headers: { Depth: '0' },
      body: `<?xml version="1.0" encoding="UTF-8"?>
<A:expand-property xmlns:A="DAV:"><A:property name="calendar-proxy-read-for" namespace="${CS}"><A:property name="displayname" namespace="DAV:"/><A:property name="calendar-user-address-set" namespace="${C}"/></A:property><A:property name="calendar-proxy-write-for" namespace="${CS}"/></A:expand-property>`,
    });
    expect(answer.status).toBe(207);
    expect(names(answer.responses[0]!)).toHaveLength(2);
    expect(answer.responses[0]!.props.size).toBe(2);
  });
});
