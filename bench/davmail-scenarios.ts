// The DAV requests of the comparison with DavMail: the same bytes to both, but for the paths. Each answer is looked into:
// a request that is answered with less than was asked for ends the run.
import { calendarQuery, hrefsOf, multiget, propfind, syncCollection, type Answer } from './dav-client.ts';
import type { Peer } from './davmail-peers.ts';
import { event, icalendar } from './world.ts';

/** A peer with what its listings gave. */
export interface Subject extends Peer {
  /** Hands out members of the calendar, always others, until all had their turn. */
  events(count: number): readonly string[];
  cards(count: number): readonly string[];
}

export interface Scenario {
  readonly name: string;
  /** What one of the peers does otherwise. */
  readonly note?: string;
  readonly prepare?: (subject: Subject, run: number) => Promise<void>;
  readonly run: (subject: Subject, run: number) => Promise<void>;
}

/** A connection for each request: DavMail takes 40 ms longer on a kept one, which would hide everything else. */
const alone = { connection: 'close' } as const;

export const scenarios: readonly Scenario[] = [
  {
    name: 'PROPFIND depth 0 of the calendar (poll of the ctag)',
    run: (subject) => poll(subject, alone),
  },
  {
    name: 'the same on a kept connection',
    run: (subject) => poll(subject, {}),
  },
  {
    name: 'PROPFIND depth 1 of the calendar',
    run: async (subject) => {
      demand(hrefsOf(await list(subject, subject.calendar)).length, 1000);
    },
  },
  {
    name: 'sync-collection, nothing changed',
    note: 'DavMail has none: it lists everything, without a token',
    async run(subject) {
      await report(subject, subject.calendar, syncCollection(tokens.get(subject) ?? ''));
    },
    async prepare(subject) {
      const body = propfind('D:sync-token');
      const answer = await subject.client.send('PROPFIND', subject.calendar, {
        body,
        headers: { Depth: '0' },
      });
      tokens.set(subject, /<(?:\w+:)?sync-token>([^<]+)</.exec(answer.text)?.[1] ?? '');
    },
  },
  {
    name: 'calendar-query of a month, etags',
    run: async (subject, run) => {
      const body = month(run).replace('<C:calendar-data/>', '');
      demand(hrefsOf(await report(subject, subject.calendar, body)).length, 1);
    },
  },
  {
    name: 'calendar-query of a month, with texts',
    run: async (subject, run) => demandEvents(await report(subject, subject.calendar, month(run)), 1),
  },
  multigetOf(1),
  multigetOf(10),
  multigetOf(100),
  {
    name: 'GET of one event',
    run: async (subject) =>
      demandEvents(await subject.client.send('GET', subject.events(1)[0] ?? '', { headers: alone }), 1),
  },
  {
    name: 'PUT of a new event',
    run: (subject, run) => put(subject, run, 'new'),
  },
  {
    name: 'PUT of a changed event',
    run: (subject, run) => put(subject, run, 'changed'),
  },
  {
    name: 'DELETE of an event',
    async run(subject, run) {
      await subject.client.send('DELETE', `${subject.calendar}compared-${run}.ics`, { headers: alone });
    },
  },
  {
    name: 'PROPFIND depth 1 of the address book',
    run: async (subject) => {
      demand(hrefsOf(await list(subject, subject.book)).length, 300);
    },
  },
  {
    name: 'addressbook-multiget of 100',
    async run(subject) {
      const answer = await report(subject, subject.book, addressbookMultiget(subject.cards(100)));
      demand(answer.text.split('BEGIN:VCARD').length - 1, 100);
    },
  },
];

const tokens = new WeakMap<Subject, string>();

/** What a new client does first. */
export async function firstPoll(peer: Peer): Promise<void> {
  await poll(peer, alone);
}

export function list(peer: Peer, path: string): Promise<Answer> {
  const body = propfind('D:getetag', 'D:resourcetype');
  return peer.client.send('PROPFIND', path, { body, headers: { Depth: '1', ...alone } });
}

async function poll(peer: Peer, headers: Readonly<Record<string, string>>): Promise<void> {
  const body = propfind('CS:getctag', 'D:displayname');
  const answer = await peer.client.send('PROPFIND', peer.calendar, {
    body,
    headers: { Depth: '0', ...headers },
  });
  demand(answer.text.split('getctag').length - 1, 1);
}

function multigetOf(count: number): Scenario {
  return {
    name: `calendar-multiget of ${count}`,
    run: async (subject) =>
      demandEvents(await report(subject, subject.calendar, multiget(subject.events(count))), count),
  };
}

function report(peer: Peer, path: string, body: string): Promise<Answer> {
  return peer.client.send('REPORT', path, { body, headers: { Depth: '1', ...alone } });
}

async function put(subject: Subject, run: number, summary: string): Promise<void> {
  await subject.client.send('PUT', `${subject.calendar}compared-${run}.ics`, {
    body: withZone(event(`compared-${run}`, summary)),
    headers: { ...icalendar, ...alone },
  });
}

/** DavMail needs the VTIMEZONE, as RFC 5545 does. */
function withZone(text: string): string {
  const zone = [
    'BEGIN:VTIMEZONE',
    'TZID:Europe/Vienna',
    'BEGIN:STANDARD',
    'DTSTART:19701025T030000',
    'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
    'TZOFFSETFROM:+0200',
    'TZOFFSETTO:+0100',
    'END:STANDARD',
    'BEGIN:DAYLIGHT',
    'DTSTART:19700329T020000',
    'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
    'TZOFFSETFROM:+0100',
    'TZOFFSETTO:+0200',
    'END:DAYLIGHT',
    'END:VTIMEZONE',
    'BEGIN:VEVENT',
  ];
  return text.replace('BEGIN:VEVENT', zone.join('\r\n'));
}

/** One of twelve months about today, around which the seed is built: always another one. */
function month(run: number): string {
  const now = new Date();
  const [year, index] = [now.getUTCFullYear(), now.getUTCMonth() - 6 + (run % 12)];
  const stamp = (at: number): string =>
    `${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}T000000Z`;
  return calendarQuery(stamp(Date.UTC(year, index)), stamp(Date.UTC(year, index + 1)));
}

function addressbookMultiget(hrefs: readonly string[]): string {
  const all = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
  return `<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/><C:address-data/></D:prop>${all}</C:addressbook-multiget>`;
}

function demandEvents(answer: Answer, least: number): void {
  demand(answer.text.split('BEGIN:VEVENT').length - 1, least);
}

function demand(found: number, least: number): void {
  if (found < least) throw new Error(`${found} in the answer, at least ${least} were asked for`);
}
