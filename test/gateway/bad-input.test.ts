// What clients send wrong: each gets the status and precondition of its RFC, a line in the log under the request id that the
// answer carries, and leaves the mailbox as it was. Nothing of what was sent or of who sent it is in the log.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderOf, grant, levels } from '../../simulator/state/index.ts';
import {
  alice,
  type Answer,
  asCalendar,
  asCard,
  asXml,
  bob,
  calendarOf,
  calendarText,
  cardsOf,
  cardText,
  conditionOf,
  eventText,
  openStage,
  type Stage,
  type User,
} from './stage.ts';

let stage: Stage;
const calendar = calendarOf(alice);
const tasks = calendarOf(alice, 'tasks');
const cards = cardsOf(alice);
const secret = 'Geheimnis';

interface Case {
  readonly what: string;
  readonly method: string;
  readonly target: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number | readonly number[];
  /** Local name of the precondition element; '': a status alone. */
  readonly condition?: string;
  /** Words that the answer must have. */
  readonly says?: RegExp;
  readonly user?: User;
  /** What to switch on before. */
  readonly before?: () => void;
}

const put = (what: string, body: string | Uint8Array, rest: Partial<Case> & Pick<Case, 'status'>): Case => ({
  what,
  method: 'PUT',
  target: `${calendar}new.ics`,
  headers: asCalendar,
  body,
  ...rest,
});

const report = (
  what: string,
  body: string | Uint8Array,
  rest: Partial<Case> & Pick<Case, 'status'>,
): Case => ({
  what,
  method: 'REPORT',
  target: calendar,
  headers: { ...asXml, depth: '1' },
  body,
  ...rest,
});

const propfind = (what: string, target: string, rest: Partial<Case> & Pick<Case, 'status'>): Case => ({
  what,
  method: 'PROPFIND',
  target,
  headers: { ...asXml, depth: '0' },
  ...rest,
});

const todo = (uid: string, ...lines: readonly string[]): string =>
  calendarText(
    'BEGIN:VTODO',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:${secret}`,
    ...lines,
    'END:VTODO',
  );
const secretEvent = (uid: string, ...lines: readonly string[]): string =>
  eventText(uid, `SUMMARY:${secret}`, ...lines);
const two = (first: string, second: string): string =>
  first.replace('END:VCALENDAR\r\n', '') + second.slice(second.indexOf('BEGIN:VEVENT'));

const xmlCases: readonly Case[] = [
  report('XML that does not close', '<propfind xmlns="DAV:"><prop>', { status: 400 }),
  report('XML with a stray ampersand', `<a xmlns="DAV:">${secret} & more</a>`, { status: 400 }),
  report('XML with a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><sync-collection xmlns="DAV:"/>', {
    status: 400,
  }),
  report('XML far too deep', '<a xmlns="DAV:">'.repeat(5000) + '</a>'.repeat(5000), { status: 400 }),
  report('XML with an unbound prefix', '<D:sync-collection/>', { status: 400 }),
  report('bytes that are not UTF-8', Buffer.from('<a>\xe9</a>', 'latin1'), { status: 400 }),
  report('JSON', JSON.stringify({ report: secret }), { status: [400, 415] }),
  report('no body', '', { status: 400 }),
  report('a report that nobody knows', '<x:unheard xmlns:x="urn:x"/>', {
    status: 403,
    condition: 'supported-report',
  }),
  report(
    'a report of the other family',
    '<C:addressbook-query xmlns:C="urn:ietf:params:xml:ns:carddav"><C:filter/></C:addressbook-query>',
    { status: 403, condition: 'supported-report' },
  ),
  report(
    'a sync token of nobody',
    '<sync-collection xmlns="DAV:"><sync-token>urn:x:1</sync-token><sync-level>1</sync-level><prop/></sync-collection>',
    { status: 403, condition: 'valid-sync-token' },
  ),
  report(
    'a filter that contradicts itself',
    '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:filter><C:comp-filter/></C:filter></C:calendar-query>',
    { status: [400, 403] },
  ),
  report(
    'a collation that nobody knows',
    '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="SUMMARY"><C:text-match collation="i;odd">a</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>',
    { status: 403, condition: 'supported-collation' },
  ),
  propfind('PROPFIND without end', calendar, {
    headers: { ...asXml, depth: 'infinity' },
    status: 403,
    condition: 'propfind-finite-depth',
  }),
  propfind('PROPFIND of a depth that is none', calendar, {
    headers: { ...asXml, depth: 'two' },
    status: 400,
  }),
  propfind('PROPFIND with the body of another method', calendar, {
    body: '<sync-collection xmlns="DAV:"/>',
    status: 400,
  }),
];

const bodyCases: readonly Case[] = [
  put('nothing', '', { status: 403, condition: 'valid-calendar-data' }),
  put('something else than iCalendar', `${secret} says hello`, {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put('iCalendar cut off', secretEvent('cut').slice(0, 150), {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put('iCalendar with a line that is none', secretEvent('line', `this is ${secret}`), {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put('iCalendar with a time that is none', secretEvent('time', `DTSTART:${secret}`), {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put(
    'iCalendar in bytes that are not UTF-8',
    Buffer.from(secretEvent('bytes').replace('G', '\xe9'), 'latin1'),
    {
      status: 403,
      condition: 'valid-calendar-data',
    },
  ),
  put('iCalendar called something else', secretEvent('type'), {
    headers: { 'content-type': 'application/json' },
    status: 403,
    condition: 'supported-calendar-data',
  }),
  put('an end before the start', secretEvent('back', 'DTSTART:20261203T100000Z', 'DTEND:20261203T090000Z'), {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put('an event without start', secretEvent('no').replace(/DTSTART.*\r\n/, ''), {
    status: 403,
    condition: 'valid-calendar-data',
  }),
  put('an event without UID', secretEvent('no').replace(/UID:.*\r\n/, ''), {
    status: 403,
    condition: 'valid-calendar-object-resource',
  }),
  put('two UIDs', two(secretEvent('one'), secretEvent('two')), {
    status: 403,
    condition: 'valid-calendar-object-resource',
  }),
  put('an event and a task', two(secretEvent('one'), todo('one').replaceAll('\r\nBEGIN:VEVENT', '')), {
    status: 403,
  }),
  put('a METHOD', secretEvent('method').replace('VERSION', 'METHOD:REQUEST\r\nVERSION'), {
    status: 403,
    condition: 'valid-calendar-object-resource',
  }),
  put('a task among events', todo('task'), { status: 403, condition: 'supported-calendar-component' }),
  put('an event among tasks', secretEvent('event'), {
    target: `${tasks}new.ics`,
    status: 403,
    condition: 'supported-calendar-component',
  }),
  put('a journal', secretEvent('journal').replaceAll('VEVENT', 'VJOURNAL'), {
    status: 403,
    condition: 'supported-calendar-component',
  }),
  put('a card among events', cardText('card', `FN:${secret}`), {
    status: 403,
    condition: 'supported-calendar-component',
  }),
  put('an event among cards', secretEvent('event'), {
    target: `${cards}new.vcf`,
    headers: asCard,
    status: 403,
    condition: 'valid-address-data',
  }),
  put('a card cut off', cardText('cut', `FN:${secret}`).slice(0, 50), {
    target: `${cards}new.vcf`,
    headers: asCard,
    status: 403,
    condition: 'valid-address-data',
  }),
  put('a card without UID', cardText('none', `FN:${secret}`).replace(/UID:.*\r\n/, ''), {
    target: `${cards}new.vcf`,
    headers: asCard,
    status: 403,
    condition: 'valid-address-data',
  }),
  put('two cards', cardText('one') + cardText('two'), {
    target: `${cards}new.vcf`,
    headers: asCard,
    status: 403,
    condition: 'valid-address-data',
  }),
  put('a card called something else', cardText('type'), {
    target: `${cards}new.vcf`,
    headers: asCalendar,
    status: 403,
    condition: 'supported-address-data',
  }),
  put('a body over the limit', secretEvent('large', `DESCRIPTION:${'x'.repeat(1_100_000)}`), {
    status: 403,
    condition: 'max-resource-size',
  }),
  put('a photo over the limit', cardText('large', `PHOTO;ENCODING=b;TYPE=JPEG:${'A'.repeat(1_100_000)}`), {
    target: `${cards}new.vcf`,
    headers: asCard,
    status: 403,
    condition: 'max-resource-size',
  }),
  put('a summary of nothing but the limit', Buffer.alloc(1024 * 1024 + 1, 'x'), {
    status: 403,
    condition: 'max-resource-size',
  }),
];

const inexpressible: readonly (readonly [string, string[], RegExp])[] = [
  [
    'RDATE of a meeting',
    [
      'RRULE:FREQ=DAILY;COUNT=3',
      'RDATE:20270101T100000Z',
      'ORGANIZER:mailto:alice@example.test',
      'ATTENDEE:mailto:bob@example.test',
    ],
    /^RDATE: .*invitation/,
  ],
  ['MINUTELY', ['RRULE:FREQ=MINUTELY;COUNT=3'], /^FREQ: .*MINUTELY/],
  ['SECONDLY', ['RRULE:FREQ=SECONDLY;COUNT=3'], /^FREQ: .*SECONDLY/],
  ['two rules', ['RRULE:FREQ=DAILY;COUNT=3', 'RRULE:FREQ=WEEKLY;COUNT=3'], /RRULE/],
  ['BYWEEKNO', ['RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO'], /^BYWEEKNO: /],
  [
    'more times a day than items',
    [`RRULE:FREQ=DAILY;BYHOUR=${[...Array(24).keys()].join()};BYMINUTE=0,20,40`],
    /^BY(?:HOUR|MINUTE): /,
  ],
  ['EXRULE', ['RRULE:FREQ=DAILY', 'EXRULE:FREQ=WEEKLY'], /EXRULE/],
  ['THISANDFUTURE', [], /RECURRENCE-ID/],
  ['an interval of a thousand', ['RRULE:FREQ=DAILY;INTERVAL=1000'], /RRULE|interval/i],
];

function inexpressibleBody(name: string, lines: readonly string[]): string {
  if (name !== 'THISANDFUTURE') return secretEvent(`odd-${name}`, ...lines);
  const master = secretEvent('odd-future', 'RRULE:FREQ=DAILY;COUNT=9');
  return two(master, secretEvent('odd-future', 'RECURRENCE-ID;RANGE=THISANDFUTURE:20261205T100000Z'));
}

const inexpressibleCases = inexpressible.map(([name, lines, says]) =>
  put(`what Exchange cannot hold: ${name}`, inexpressibleBody(name, lines), {
    status: 403,
    condition: '',
    says,
  }),
);

const stateCases: readonly Case[] = [
  put('a UID that another member has', secretEvent('known'), {
    status: 409,
    condition: 'no-uid-conflict',
    says: new RegExp(`${calendar.replaceAll('.', '\\.')}known\\.ics`),
  }),
  put('a UID of a card that another member has', cardText('known-card', `FN:${secret}`), {
    target: `${cards}other.vcf`,
    headers: asCard,
    status: 409,
    condition: 'no-uid-conflict',
    says: /known-card\.vcf/,
  }),
  put('another UID under a name that is taken', secretEvent('changed'), {
    target: `${calendar}known.ics`,
    status: 409,
    condition: 'no-uid-conflict',
  }),
  put('an old If-Match', secretEvent('known'), {
    target: `${calendar}known.ics`,
    headers: { ...asCalendar, 'if-match': '"old"' },
    status: 412,
  }),
  put('If-Match where nothing is', secretEvent('absent'), {
    headers: { ...asCalendar, 'if-match': '"old"' },
    status: 412,
  }),
  put('If-Match: * where nothing is', secretEvent('absent'), {
    headers: { ...asCalendar, 'if-match': '*' },
    status: 412,
  }),
  put('If-None-Match: * where something is', secretEvent('known'), {
    target: `${calendar}known.ics`,
    headers: { ...asCalendar, 'if-none-match': '*' },
    status: 412,
  }),
  put('an If header that names a lock', secretEvent('known'), {
    target: `${calendar}known.ics`,
    headers: { ...asCalendar, if: '(<opaquelocktoken:1>)' },
    status: 412,
  }),
  put('a part of a body', secretEvent('part'), {
    headers: { ...asCalendar, 'content-range': 'bytes 0-9/100' },
    status: 400,
  }),
  put('what Exchange refuses', secretEvent('refused'), {
    status: 403,
    before: () => stage.simulator.faults.on('refused', { operation: 'CreateItem', count: 1 }),
  }),
  put('something into a collection that is not there', secretEvent('lost'), {
    target: `${calendarOf(alice, 'nowhere')}a.ics`,
    status: 409,
  }),
  put('something over a collection', secretEvent('over'), { target: calendar, status: 405 }),
  put('a name that is too long', secretEvent('long'), {
    target: `${calendar}${'n'.repeat(300)}.ics`,
    status: 403,
  }),
  put("something into somebody's calendar that may only be read", secretEvent('foreign'), {
    target: `${calendarOf(bob)}new.ics`,
    status: 403,
    condition: 'need-privileges',
  }),
  {
    what: "DELETE in somebody's calendar that may only be read",
    method: 'DELETE',
    target: `${calendarOf(bob)}held.ics`,
    status: 403,
    condition: 'need-privileges',
  },
  { what: 'DELETE of a default folder', method: 'DELETE', target: calendar, status: 403 },
  { what: 'DELETE of a home', method: 'DELETE', target: `/calendars/${alice.address}/`, status: 403 },
  { what: 'DELETE of nothing', method: 'DELETE', target: `${calendar}nothing.ics`, status: 404 },
  {
    what: 'DELETE with an old If-Match',
    method: 'DELETE',
    target: `${calendar}known.ics`,
    headers: { 'if-match': '"old"' },
    status: 412,
  },
  {
    what: 'MKCALENDAR over a collection',
    method: 'MKCALENDAR',
    target: calendar,
    status: [403, 405],
  },
  {
    what: 'MKCALENDAR over a collection, with its precondition',
    method: 'MKCALENDAR',
    target: calendarOf(alice, 'tasks'),
    status: [403, 405],
  },
  {
    what: 'MKCALENDAR outside of a home',
    method: 'MKCALENDAR',
    target: '/elsewhere/new/',
    status: [403, 404, 405, 409],
  },
  {
    what: 'MKCOL of a plain collection',
    method: 'MKCOL',
    target: `/calendars/${alice.address}/plain/`,
    status: 403,
    condition: 'valid-resourcetype',
  },
  {
    what: 'MOVE to another server',
    method: 'MOVE',
    target: `${calendar}known.ics`,
    headers: { destination: 'http://elsewhere.test/calendars/x/y/z.ics' },
    status: 502,
  },
  {
    what: 'MOVE into a task list',
    method: 'MOVE',
    target: `${calendar}known.ics`,
    headers: { destination: `${tasks}known.ics` },
    status: 403,
  },
  {
    what: 'COPY over what is there with Overwrite: F',
    method: 'COPY',
    target: `${calendar}known.ics`,
    headers: { destination: `${calendar}second.ics`, overwrite: 'F' },
    status: 412,
  },
  { what: 'GET of nothing', method: 'GET', target: `${calendar}nothing.ics`, status: 404 },
  { what: 'a method that nobody knows', method: 'SUBSCRIBE', target: calendar, status: 501 },
  { what: 'a method that is not for this', method: 'POST', target: calendar, body: '{}', status: 405 },
  { what: 'LOCK', method: 'LOCK', target: `${calendar}known.ics`, status: 405 },
  {
    what: 'PROPPATCH of what is protected',
    method: 'PROPPATCH',
    target: calendar,
    headers: asXml,
    body: `<propertyupdate xmlns="DAV:"><set><prop><getetag>${secret}</getetag></prop></set></propertyupdate>`,
    status: 207,
  },
];

const pathCases: readonly Case[] = [
  propfind('dots', '/calendars/../../etc/passwd', { status: 400 }),
  propfind('encoded dots', '/calendars/%2e%2e/%2e%2e/etc/passwd', { status: 400 }),
  propfind('half encoded dots', '/calendars/.%2e/x', { status: 400 }),
  propfind('an encoded slash', `${calendar}..%2F..%2Ftasks%2Fa.ics`, { status: [400, 404] }),
  propfind('a zero byte', `${calendar}a%00.ics`, { status: 400 }),
  propfind('a line break', `${calendar}a%0d%0aX-Forged:1.ics`, { status: 400 }),
  propfind('bad UTF-8', `${calendar}%ff%fe.ics`, { status: 400 }),
  propfind('overlong UTF-8', `${calendar}%c0%ae%c0%ae.ics`, { status: 400 }),
  propfind('a mailbox whose name no header can carry', '/calendars/%E2%80%AEa@example.test/calendar/', {
    status: 404,
  }),
  propfind('half a percent sign', `${calendar}100%.ics`, { status: 400 }),
  propfind('double slashes', `/calendars//${alice.address}/calendar/`, { status: 400 }),
  propfind('double slashes at the start', `//calendars/${alice.address}/`, { status: 400 }),
  propfind('a double encoded slash', `${calendar}a%252Fb.ics`, { status: 404 }),
  propfind('a home of nobody', '/calendars/nobody@example.test/', { status: 404 }),
  propfind('a home without rights', '/calendars/carol@example.test/', { status: 404 }),
  propfind('something deeper than members', `${calendar}known.ics/deeper`, { status: 404 }),
  propfind('a branch that is none', '/wp-login.php', { status: 404 }),
  propfind('a name of the prototype', '/__proto__/constructor', { status: 404 }),
  propfind('another name of the prototype', '/constructor', { status: 404 }),
  propfind('a collection of the prototype', calendarOf(alice, '__proto__'), { status: 404 }),
  put('a slash in a name', secretEvent('slash'), { target: `${calendar}a%2Fb.ics`, status: [400, 403] }),
];

const cases = [...xmlCases, ...bodyCases, ...inexpressibleCases, ...stateCases, ...pathCases];

async function given(
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  user = alice,
): Promise<void> {
  const answer = await stage.ask('PUT', path, { body, headers, user });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.text}`);
}

beforeAll(async () => {
  stage = await openStage({
    settings: { EXDAV_MAX_RESOURCE_MB: '1', EXDAV_PUBLIC_URL: 'https://dav.example.test' },
  });
  await given(`${calendar}known.ics`, eventText('known'), asCalendar);
  await given(`${calendar}second.ics`, eventText('second'), asCalendar);
  await given(`${cards}known-card.vcf`, cardText('known-card'), asCard);
  await given(`${calendarOf(bob)}held.ics`, eventText('held'), asCalendar, bob);
  const mailbox = stage.simulator.world.mailboxes.get(bob.address);
  if (mailbox !== undefined) grant(folderOf(mailbox, 'calendar'), alice.address, levels.reviewer);
  expect((await stage.ask('PROPFIND', calendarOf(bob), { headers: { depth: '0' } })).status).toBe(207);
});

afterAll(() => stage.stop());

describe('bad input', () => {
  it.each(cases)('$what is refused and changes nothing', async (wrong) => {
    const before = [alice, bob].map(({ address }) => stage.simulator.snapshot(address));
    wrong.before?.();
    const answer = await stage.ask(wrong.method, wrong.target, wrong);
    stage.simulator.faults.clear();
    const seen = `${answer.status} ${conditionOf(answer)} ${answer.text.slice(0, 300)}`;
    expect(typeof wrong.status === 'number' ? [wrong.status] : wrong.status, seen).toContain(answer.status);
    if (wrong.condition !== undefined) expect(conditionOf(answer), seen).toBe(wrong.condition);
    if (wrong.says !== undefined) expect(answer.text).toMatch(wrong.says);
    expectLogged(answer);
    expect([alice, bob].map(({ address }) => stage.simulator.snapshot(address))).toEqual(before);
  });

  it('is answered so that the next request finds everything in order', async () => {
    expect((await stage.ask('GET', `${calendar}known.ics`)).status).toBe(200);
  });

  it('leaves nothing of its senders and contents in the log, at the most talkative level', () => {
    const log = stage.log();
    for (const word of [secret, 'alice', 'bob', 'example.test', 'About known', 'etc/passwd']) {
      const line = log.split('\n').find((candidate) => candidate.includes(word));
      expect(line, word).toBeUndefined();
    }
  });

  it('sent nothing to Exchange that its schema refuses', () => {
    expect(stage.envelopes.failures.filter(({ direction }) => direction === 'request')).toEqual([]);
    expect(stage.simulator.sentMessages()).toEqual([]);
  });
});

function expectLogged(answer: Answer): void {
  const requestId = answer.headers['x-request-id'];
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const lines = stage.lines().filter((line) => line['requestId'] === requestId);
  expect(lines.find((line) => line['msg'] === 'request')).toMatchObject({ status: answer.status });
  if (answer.status >= 400) {
    // Why, for whoever runs the gateway.
    expect(lines.length, 'a line that says why').toBeGreaterThan(1);
  }
}
