// A small CalDAV and CardDAV client of whole requests, and the texts it sends to DavMail.
export interface Client {
  send(method: string, path: string, options?: Sent): Promise<Received>;
  /** Hrefs at depth 1. @throws Error with the status */
  list(path: string): Promise<string[]>;
  /** @throws Error with the status */
  get(path: string): Promise<Received>;
  put(path: string, text: string): Promise<Received>;
  /** The texts by href (DavMail answers in an order of its own), by calendar-multiget or addressbook-multiget. */
  multiget(path: string, hrefs: readonly string[]): Promise<ReadonlyMap<string, string>>;
  freeBusy(outbox: string, attendee: string): Promise<string>;
}

interface Sent {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Received {
  readonly status: number;
  readonly text: string;
  /** Where DavMail says it put something. */
  readonly location: string | undefined;
}

export function openClient(
  base: string,
  user: { readonly address: string; readonly password: string },
): Client {
  const authorization = `Basic ${Buffer.from(`${user.address}:${user.password}`).toString('base64')}`;
  async function send(method: string, path: string, { body, headers }: Sent = {}): Promise<Received> {
    const answer = await fetch(`${base}${path}`, { method, body, headers: { authorization, ...headers } });
    const location = answer.headers.get('location') ?? undefined;
    return { status: answer.status, text: await answer.text(), location };
  }
  async function well(method: string, path: string, sent?: Sent): Promise<Received> {
    const received = await send(method, path, sent);
    if (received.status > 299)
      throw new Error(`${method} ${path} answered ${received.status}: ${received.text}`);
    return received;
  }
  return {
    send,
    async list(path) {
      const body = '<D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>';
      const { text } = await well('PROPFIND', path, { body, headers: { Depth: '1' } });
      return [...text.matchAll(/<D:href>([^<]+)</g)].map(([, href]) => plain(href ?? ''));
    },
    get: (path) => well('GET', path),
    put(path, text) {
      const type = text.startsWith('BEGIN:VCARD') ? 'text/vcard' : 'text/calendar';
      return well('PUT', path, { body: text, headers: { 'content-type': `${type}; charset=utf-8` } });
    },
    async multiget(path, hrefs) {
      const [set, kind, data] = path.includes('/contacts/')
        ? ['carddav', 'addressbook-multiget', 'address-data']
        : ['caldav', 'calendar-multiget', 'calendar-data'];
      const list = hrefs.map((href) => `<D:href>${href.replaceAll('&', '&amp;')}</D:href>`).join('');
      const body = `<C:${kind} xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:${set}"><D:prop><D:getetag/><C:${data}/></D:prop>${list}</C:${kind}>`;
      const { text } = await well('REPORT', path, { body, headers: { Depth: '1' } });
      const one = new RegExp(`<\\w+:${data}[^>]*>([\\s\\S]*?)</\\w+:${data}>`);
      const found = text.split('<D:response>').flatMap((response) => {
        const href = /<D:href>([^<]+)</.exec(response)?.[1];
        const body = one.exec(response)?.[1];
        return href === undefined || body === undefined ? [] : [[plain(href), plain(body)] as const];
      });
      return new Map(found);
    },
    async freeBusy(outbox, attendee) {
      const body = calendarOf(
        'METHOD:REQUEST',
        'BEGIN:VFREEBUSY',
        'UID:davmail-busy',
        'DTSTAMP:20260101T000000Z',
        'DTSTART:20261130T000000Z',
        'DTEND:20261205T000000Z',
        `ORGANIZER:mailto:${user.address}`,
        `ATTENDEE:mailto:${attendee}`,
        'END:VFREEBUSY',
      );
      const headers = {
        'content-type': 'text/calendar; charset=utf-8',
        originator: `mailto:${user.address}`,
        recipient: `mailto:${attendee}`,
      };
      return (await well('POST', outbox, { body, headers })).text;
    },
  };
}

function plain(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#13;', '')
    .replaceAll('&amp;', '&');
}

interface Event {
  readonly uid: string;
  readonly summary: string;
  /** Of the start, in Vienna. */
  readonly hour?: string;
  readonly rule?: string;
  /** Date of an occurrence that is not held, written in UTC: DavMail overlooks an EXDATE with TZID. */
  readonly gone?: string;
  /** Date of an occurrence that has another summary, and that. */
  readonly changed?: readonly [string, string];
  /** Invited by Alice. */
  readonly attendee?: string;
}

const vienna = 'TZID=Europe/Vienna';

/** On 2 December 2026 in Vienna, one hour; DavMail wants the VTIMEZONE. */
export function eventOf({ uid, summary, hour = '10', rule, gone, changed, attendee }: Event): string {
  const part = (date: string, ...lines: readonly string[]): string[] => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    `DTSTART;${vienna}:${date}T${hour}0000`,
    `DTEND;${vienna}:${date}T${Number(hour) + 1}0000`,
    'LOCATION:Room 5',
    'TRANSP:OPAQUE',
    ...lines,
    'END:VEVENT',
  ];
  const [date, other] = changed ?? [];
  return calendarOf(
    ...zone,
    ...part(
      '20261202',
      `SUMMARY:${summary}`,
      ...(attendee === undefined
        ? []
        : [
            'ORGANIZER:mailto:alice@example.test',
            `ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:${attendee}`,
          ]),
      ...(rule === undefined ? [] : [`RRULE:${rule}`]),
      ...(gone === undefined ? [] : [`EXDATE:${gone}T${String(Number(hour) - 1).padStart(2, '0')}0000Z`]),
    ),
    ...(date === undefined
      ? []
      : part(date, `RECURRENCE-ID;${vienna}:${date}T${hour}0000`, `SUMMARY:${other}`)),
  );
}

export function taskOf(uid: string, status: 'NEEDS-ACTION' | 'COMPLETED'): string {
  const done = status === 'COMPLETED' ? ['PERCENT-COMPLETE:100', 'COMPLETED:20261201T120000Z'] : [];
  return calendarOf(
    'BEGIN:VTODO',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    'DUE;VALUE=DATE:20261224',
    `STATUS:${status}`,
    ...done,
    'SUMMARY:to be done',
    'END:VTODO',
  );
}

export function cardOf(surname: string, phone: string, more: readonly string[] = []): string {
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'UID:davmail-4',
    `N:${surname};Jane;;;`,
    `FN:Jane ${surname}`,
    'EMAIL;TYPE=WORK:jane@x.test',
    `TEL;TYPE=CELL:${phone}`,
    'ADR;TYPE=HOME:;;Main Street 1;Vienna;;1010;Austria',
    ...more,
    'END:VCARD',
    '',
  ].join('\r\n');
}

export function groupOf(name: string, members: readonly string[]): string {
  return [
    'BEGIN:VCARD',
    'VERSION:4.0',
    `UID:${name}`,
    `FN:${name}`,
    `N:${name};;;;`,
    'KIND:group',
    ...members.map((address) => `MEMBER:mailto:${address}`),
    'END:VCARD',
    '',
  ].join('\r\n');
}

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
];

function calendarOf(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}
