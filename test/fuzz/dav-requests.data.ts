// Requests as clients send them, one of every sort: what the mutations start from.
const ns =
  'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CR="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"';
const calendar = '/calendars/alice@example.test/calendar/';
const tasks = '/calendars/alice@example.test/tasks/';
const cards = '/addressbooks/alice@example.test/contacts/';
const principal = '/principals/alice@example.test/';
const range = 'start="20260101T000000Z" end="20270101T000000Z"';
const xml = { 'content-type': 'application/xml; charset=utf-8' };
const ics = { 'content-type': 'text/calendar; charset=utf-8' };
const vcf = { 'content-type': 'text/vcard; charset=utf-8' };
const deep = (depth: string) => ({ ...xml, depth });

export interface DavRequest {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const xmlRequests: readonly DavRequest[] = [
  {
    method: 'PROPFIND',
    target: calendar,
    headers: deep('1'),
    body: `<D:propfind ${ns}><D:allprop/></D:propfind>`,
  },
  {
    method: 'PROPFIND',
    target: calendar,
    headers: deep('0'),
    body: `<D:propfind ${ns}><D:propname/></D:propfind>`,
  },
  {
    method: 'PROPFIND',
    target: '/calendars/alice@example.test/',
    headers: deep('1'),
    body: `<D:propfind ${ns}><D:prop><D:resourcetype/><D:displayname/><D:current-user-privilege-set/><D:owner/><D:acl/><D:sync-token/><D:supported-report-set/><D:quota-used-bytes/><C:calendar-description/><C:supported-calendar-component-set/><C:calendar-timezone/><C:schedule-calendar-transp/><CS:getctag/><CS:source/><A:calendar-color/><A:calendar-order/><X:other xmlns:X="urn:x"/></D:prop></D:propfind>`,
  },
  {
    method: 'PROPFIND',
    target: principal,
    headers: deep('0'),
    body: `<D:propfind ${ns}><D:prop><D:principal-URL/><C:calendar-home-set/><CR:addressbook-home-set/><C:calendar-user-address-set/><C:schedule-inbox-URL/><C:schedule-outbox-URL/><CS:calendar-proxy-write-for/><D:group-membership/></D:prop></D:propfind>`,
  },
  {
    method: 'PROPPATCH',
    target: calendar,
    headers: xml,
    body: `<D:propertyupdate ${ns}><D:set><D:prop><D:displayname>Own</D:displayname><A:calendar-color>#FF0000FF</A:calendar-color><C:calendar-timezone>BEGIN:VCALENDAR\nEND:VCALENDAR</C:calendar-timezone><X:a xmlns:X="urn:x"><X:b c="d">e</X:b></X:a></D:prop></D:set><D:remove><D:prop><C:calendar-description/></D:prop></D:remove></D:propertyupdate>`,
  },
  {
    method: 'REPORT',
    target: calendar,
    headers: deep('1'),
    body: `<C:calendar-query ${ns}><D:prop><D:getetag/><C:calendar-data><C:comp name="VCALENDAR"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="SUMMARY"/><C:prop name="DTSTART" novalue="yes"/></C:comp></C:comp><C:expand ${range}/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range ${range}/><C:prop-filter name="SUMMARY"><C:text-match collation="i;ascii-casemap" negate-condition="no">a</C:text-match></C:prop-filter><C:prop-filter name="ATTENDEE"><C:param-filter name="PARTSTAT"><C:text-match>NEEDS-ACTION</C:text-match></C:param-filter></C:prop-filter><C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter></C:comp-filter></C:comp-filter></C:filter><C:timezone>BEGIN:VCALENDAR</C:timezone></C:calendar-query>`,
  },
  {
    method: 'REPORT',
    target: tasks,
    headers: deep('1'),
    body: `<C:calendar-query ${ns}><D:prop><C:calendar-data><C:limit-recurrence-set ${range}/><C:limit-freebusy-set ${range}/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter></C:comp-filter></C:comp-filter></C:filter><D:limit><D:nresults>3</D:nresults></D:limit></C:calendar-query>`,
  },
  {
    method: 'REPORT',
    target: calendar,
    headers: deep('1'),
    body: `<C:calendar-multiget ${ns}><D:prop><D:getetag/><C:calendar-data/></D:prop><D:href>${calendar}s0.ics</D:href><D:href>${calendar}s1.ics</D:href><D:href>${calendar}missing.ics</D:href></C:calendar-multiget>`,
  },
  {
    method: 'REPORT',
    target: cards,
    headers: deep('1'),
    body: `<CR:addressbook-multiget ${ns}><D:prop><D:getetag/><CR:address-data content-type="text/vcard" version="4.0"/></D:prop><D:href>${cards}s4.vcf</D:href></CR:addressbook-multiget>`,
  },
  {
    method: 'REPORT',
    target: cards,
    headers: deep('1'),
    body: `<CR:addressbook-query ${ns}><D:prop><CR:address-data><CR:prop name="FN"/></CR:address-data></D:prop><CR:filter test="anyof"><CR:prop-filter name="FN" test="allof"><CR:text-match collation="i;unicode-casemap" match-type="contains">a</CR:text-match><CR:param-filter name="TYPE"><CR:is-not-defined/></CR:param-filter></CR:prop-filter></CR:filter><CR:limit><CR:nresults>5</CR:nresults></CR:limit></CR:addressbook-query>`,
  },
  {
    method: 'REPORT',
    target: '/addressbooks/alice@example.test/directory/',
    headers: deep('1'),
    body: `<CR:addressbook-query ${ns}><D:prop><CR:address-data/></D:prop><CR:filter><CR:prop-filter name="FN"><CR:text-match match-type="starts-with">bob</CR:text-match></CR:prop-filter></CR:filter></CR:addressbook-query>`,
  },
  {
    method: 'REPORT',
    target: calendar,
    headers: xml,
    body: `<D:sync-collection ${ns}><D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>2</D:nresults></D:limit><D:prop><D:getetag/></D:prop></D:sync-collection>`,
  },
  {
    method: 'REPORT',
    target: calendar,
    headers: deep('1'),
    body: `<C:free-busy-query ${ns}><C:time-range ${range}/></C:free-busy-query>`,
  },
  {
    method: 'REPORT',
    target: principal,
    headers: deep('0'),
    body: `<D:expand-property ${ns}><D:property name="calendar-home-set" namespace="urn:ietf:params:xml:ns:caldav"><D:property name="resourcetype"/></D:property></D:expand-property>`,
  },
  {
    method: 'REPORT',
    target: '/principals/',
    headers: deep('0'),
    body: `<D:principal-property-search ${ns} test="anyof"><D:property-search><D:prop><D:displayname/></D:prop><D:match>bob</D:match></D:property-search><D:prop><D:displayname/><C:calendar-user-address-set/></D:prop><D:apply-to-principal-collection-set/></D:principal-property-search>`,
  },
  {
    method: 'REPORT',
    target: '/principals/',
    headers: deep('0'),
    body: `<D:principal-match ${ns}><D:self/><D:prop><D:displayname/></D:prop></D:principal-match>`,
  },
  {
    method: 'REPORT',
    target: '/principals/',
    headers: deep('0'),
    body: `<D:principal-search-property-set ${ns}/>`,
  },
  {
    method: 'REPORT',
    target: '/principals/',
    headers: deep('0'),
    body: `<CS:calendarserver-principal-search ${ns} context="attendee"><CS:search-token>car</CS:search-token><CS:limit><CS:nresults>2</CS:nresults></CS:limit><D:prop><D:displayname/></D:prop></CS:calendarserver-principal-search>`,
  },
  {
    method: 'MKCALENDAR',
    target: '/calendars/alice@example.test/made/',
    headers: xml,
    body: `<C:mkcalendar ${ns}><D:set><D:prop><D:displayname>Made</D:displayname><C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set><A:calendar-color>#00FF00</A:calendar-color></D:prop></D:set></C:mkcalendar>`,
  },
  {
    method: 'MKCOL',
    target: '/addressbooks/alice@example.test/made/',
    headers: xml,
    body: `<D:mkcol ${ns}><D:set><D:prop><D:resourcetype><D:collection/><CR:addressbook/></D:resourcetype><D:displayname>Book</D:displayname></D:prop></D:set></D:mkcol>`,
  },
  {
    method: 'ACL',
    target: calendar,
    headers: xml,
    body: `<D:acl ${ns}><D:ace><D:principal><D:href>/principals/bob@example.test/</D:href></D:principal><D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace></D:acl>`,
  },
  {
    method: 'LOCK',
    target: calendar,
    headers: xml,
    body: `<D:lockinfo ${ns}><D:lockscope><D:exclusive/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockinfo>`,
  },
  {
    method: 'POST',
    target: calendar,
    headers: xml,
    body: `<CS:share ${ns}><CS:set><D:href>mailto:bob@example.test</D:href><CS:read-write/></CS:set></CS:share>`,
  },
];

export const davBodies: readonly string[] = xmlRequests.flatMap(({ body }) => body ?? []);

const meeting = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//x//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');

const textRequests: readonly DavRequest[] = [
  {
    method: 'POST',
    target: '/calendars/alice@example.test/outbox/',
    headers: ics,
    body: meeting(
      'METHOD:REQUEST',
      'BEGIN:VFREEBUSY',
      'UID:fb',
      'DTSTAMP:20260101T000000Z',
      'DTSTART:20260101T000000Z',
      'DTEND:20260108T000000Z',
      'ORGANIZER:mailto:alice@example.test',
      'ATTENDEE:mailto:bob@example.test',
      'ATTENDEE:mailto:nobody@elsewhere.test',
      'END:VFREEBUSY',
    ),
  },
  {
    method: 'PUT',
    target: `${calendar}meeting.ics`,
    headers: ics,
    body: meeting(
      'BEGIN:VEVENT',
      'UID:meeting',
      'DTSTAMP:20260101T000000Z',
      'DTSTART:20260501T100000Z',
      'DTEND:20260501T110000Z',
      'SUMMARY:Meeting',
      'ORGANIZER:mailto:alice@example.test',
      'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.test',
      'END:VEVENT',
    ),
  },
  {
    method: 'POST',
    target: `${calendar}s0.ics?action=attachment-add`,
    headers: { 'content-type': 'text/plain', 'content-disposition': 'attachment;filename=a.txt' },
    body: 'bytes of a file',
  },
  { method: 'POST', target: `${calendar}s0.ics?action=attachment-remove&managed-id=1`, body: '' },
];

const bareRequests: readonly DavRequest[] = [
  { method: 'OPTIONS', target: calendar },
  { method: 'GET', target: `${calendar}s0.ics` },
  { method: 'GET', target: calendar },
  { method: 'HEAD', target: `${cards}s4.vcf` },
  { method: 'GET', target: `${cards}s4.vcf`, headers: { accept: 'text/vcard; version=4.0' } },
  { method: 'GET', target: '/feeds/unheard.ics' },
  { method: 'GET', target: '/.well-known/caldav' },
  { method: 'GET', target: '/metrics' },
  { method: 'PROPFIND', target: '/', headers: { depth: '0' } },
  { method: 'PROPFIND', target: '/calendars/alice@example.test/inbox/', headers: { depth: '1' } },
  { method: 'PROPFIND', target: '/calendars/bob@example.test/', headers: { depth: '1' } },
  { method: 'DELETE', target: `${calendar}s1.ics`, headers: { 'if-match': '"x"' } },
  { method: 'DELETE', target: `${calendar}s2.ics` },
  { method: 'DELETE', target: '/calendars/alice@example.test/made/' },
  {
    method: 'COPY',
    target: `${calendar}s0.ics`,
    headers: { destination: `${calendar}copy.ics`, overwrite: 'T' },
  },
  { method: 'MOVE', target: `${calendar}s1.ics`, headers: { destination: `${tasks}moved.ics` } },
];

/** Bodies of these are made of the seeds. */
const puts: readonly DavRequest[] = [
  ...Array.from({ length: 6 }, (_, index) => ({
    method: 'PUT',
    target: `${calendar}s${index}.ics`,
    headers: ics,
  })),
  ...Array.from({ length: 3 }, (_, index) => ({
    method: 'PUT',
    target: `${tasks}t${index}.ics`,
    headers: ics,
  })),
  ...Array.from({ length: 4 }, (_, index) => ({
    method: 'PUT',
    target: `${cards}s${index + 3}.vcf`,
    headers: vcf,
  })),
];

export const davRequests = { xml: xmlRequests, text: textRequests, bare: bareRequests, puts } as const;

export const methods: readonly string[] = [
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'POST',
  'PATCH',
  'OPTIONS',
  'PROPFIND',
  'PROPPATCH',
  'REPORT',
  'MKCOL',
  'MKCALENDAR',
  'MOVE',
  'COPY',
  'ACL',
  'LOCK',
  'UNLOCK',
  'SEARCH',
  'BIND',
];

export const headers: readonly (readonly [string, string])[] = [
  ['depth', '0'],
  ['depth', '1'],
  ['depth', 'infinity'],
  ['depth', '-1'],
  ['depth', '1,noroot'],
  ['if', '(["x"])'],
  ['if', '<http://127.0.0.1/x> (Not <urn:uuid:1> ["y"]) (["z"])'],
  ['if', '('.repeat(5000)],
  ['if', '<'.repeat(2000) + '>'],
  ['if-match', '*'],
  ['if-match', '"a", "b", W/"c"'],
  ['if-match', '"unclosed'],
  ['if-none-match', '*'],
  ['if-none-match', '"x",'.repeat(500)],
  ['if-schedule-tag-match', '"x"'],
  ['schedule-reply', 'F'],
  ['destination', ''],
  ['destination', 'http://elsewhere.test/calendars/alice@example.test/calendar/x.ics'],
  ['destination', '/calendars/bob@example.test/calendar/x.ics'],
  ['destination', `${calendar}%ff%00.ics`],
  ['destination', '//[::1'],
  ['overwrite', 'X'],
  ['content-type', 'text/plain'],
  ['content-type', 'text/calendar; charset=utf-16'],
  ['content-type', 'text/calendar; charset=unheard-of'],
  ['content-type', 'application/calendar+json'],
  ['content-type', ';;;='],
  ['content-encoding', 'gzip'],
  ['content-encoding', 'br, gzip'],
  ['accept', 'text/vcard; version=5.0; q=x'],
  ['accept', 'application/calendar+xml, */*;q=0'],
  ['prefer', 'return=minimal, depth-noroot'],
  ['prefer', 'return=representation'],
  ['prefer', '"'],
  ['brief', 't'],
  ['range', 'bytes=0-1,2-3'],
  ['range', 'bytes=-99999999999999999999'],
  ['x-forwarded-host', 'elsewhere.test, x'],
  ['x-forwarded-proto', 'javascript'],
  ['forwarded', 'for="[::1]";host="a;b";proto'],
  ['host', 'a b'],
  ['host', ''],
  ['authorization', 'Basic'],
  ['authorization', 'Basic ////'],
  ['authorization', 'Basic YWxpY2VAZXhhbXBsZS50ZXN0'],
  ['authorization', 'Bearer x'],
  ['cookie', 'a=b; '.repeat(500)],
  ['user-agent', 'x'.repeat(4000)],
  ['x-http-method-override', 'DELETE'],
  ['te', 'trailers'],
];

export const pathParts: readonly string[] = [
  '..',
  '.',
  '%2e%2e',
  '%2F',
  '%00',
  '%FF',
  '%',
  '%zz',
  '%C3%28',
  '%E2%80%AE',
  '%0d%0aX:%20y',
  '',
  'x'.repeat(300),
  'x'.repeat(8000),
  'calendars',
  'addressbooks',
  'principals',
  'alice@example.test',
  'ALICE@EXAMPLE.TEST',
  'bob@example.test',
  'calendar',
  'inbox',
  'outbox',
  'directory',
  'contacts',
  'tasks',
  's0.ics',
  's4.vcf',
  '__proto__',
  'constructor',
  'toString',
  'a;b=c',
  '?action=attachment-add',
  '?action=attachment-update&managed-id=%00',
  '?photo',
  '?x=%',
  '#fragment',
  '*',
];
