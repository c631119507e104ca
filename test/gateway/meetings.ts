// Meetings on the stage: alice uses the gateway, bob and carol too or Outlook, and what left Exchange is one line a message.
import { expect } from 'vitest';
import {
  alice,
  asCalendar,
  calendarOf,
  calendarText,
  openStage,
  type Answer,
  type Stage,
  type StageOptions,
  type User,
} from './stage.ts';

export interface Meetings {
  readonly stage: Stage;
  put(name: string, text: string, more?: Request): Promise<Answer>;
  get(name: string, user?: User): Promise<Answer>;
  remove(name: string, more?: Request): Promise<Answer>;
  /** Lines such as `update alice → bob, carol: Plan`, `… @2035-06-12T08:00`; since the last look. */
  sent(): string[];
  /** The href of the one member of a user's calendar whose text holds these words. */
  find(user: User, words: string): Promise<string>;
  /** Requests to Exchange that a piece of work takes. */
  calls<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly count: number }>;
  close(): Promise<void>;
}

interface Request {
  readonly user?: User;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function openMeetings(options: StageOptions = {}): Promise<Meetings> {
  const stage = await openStage(options);
  const path = (name: string, user: User): string =>
    name.startsWith('/') ? name : `${calendarOf(user)}${name}.ics`;
  const meetings: Meetings = {
    stage,
    put(name, text, { user = alice, headers = {} } = {}) {
      stage.advance();
      return stage.ask('PUT', path(name, user), { body: text, headers: { ...asCalendar, ...headers }, user });
    },
    get(name, user = alice) {
      stage.advance();
      return stage.ask('GET', path(name, user), { user });
    },
    remove(name, { user = alice, headers = {} } = {}) {
      stage.advance();
      return stage.ask('DELETE', path(name, user), { headers, user });
    },
    sent() {
      const lines = stage.simulator.sentMessages().map(lineOf);
      stage.simulator.forgetSentMessages();
      return lines;
    },
    async find(user, words) {
      stage.advance();
      const headers = { depth: '1' };
      const listing = await stage.ask('PROPFIND', calendarOf(user), { user, headers });
      const hrefs = [...listing.text.matchAll(/<D:href>([^<]+\.ics)<\/D:href>/g)].map(([, href]) => href!);
      for (const href of hrefs)
        if ((await stage.ask('GET', href, { user })).text.includes(words)) return href;
      throw new Error(`no ${words} in the calendar of ${user.address}`);
    },
    async calls(work) {
      const before = stage.sent.length;
      const value = await work();
      return { value, count: stage.sent.length - before };
    },
    async close() {
      await stage.stop();
    },
  };
  return meetings;
}

const short = (address: string): string => address.replace('@example.test', '');

function lineOf(message: ReturnType<Stage['simulator']['sentMessages']>[number]): string {
  const { kind, from, to, subject, occurrence } = message;
  const about = occurrence === undefined ? '' : ` @${occurrence.slice(0, 16)}`;
  const people = to.map(short).toSorted((a, b) => (a < b ? -1 : 1));
  return `${kind} ${short(from)} → ${people.join(', ')}: ${subject}${about}`;
}

/** A meeting of alice's on 5 June 2035, ten o'clock in Vienna, and its changed occurrences. */
export function meeting(
  uid: string,
  lines: readonly string[] = [],
  ...overrides: readonly (readonly string[])[]
): string {
  return calendarText(
    ...component(uid, lines, [
      'DTSTART;TZID=Europe/Vienna:20350605T100000',
      'DTEND;TZID=Europe/Vienna:20350605T110000',
    ]),
    ...overrides.flatMap((each) => component(uid, each, [])),
  );
}

function component(uid: string, lines: readonly string[], times: readonly string[]): string[] {
  const has = (name: string): boolean => lines.some((line) => new RegExp(`^${name}[;:]`).test(line));
  return [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    ...(has('DTSTART') ? [] : times),
    ...(has('SUMMARY') ? [] : [`SUMMARY:Plan ${uid}`]),
    ...(has('ORGANIZER') ? [] : ['ORGANIZER:mailto:alice@example.test']),
    ...lines,
    'END:VEVENT',
  ];
}

export const attendee = (name: string, more = ''): string =>
  `ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE${more}:mailto:${name}@example.test`;

/** A file inside the text. */
export const attached = (name: string, text: string): string =>
  `ATTACH;FMTTYPE=text/plain;FILENAME=${name};ENCODING=BASE64;VALUE=BINARY:${Buffer.from(text).toString('base64')}`;

export const bobAttends = attendee('bob');
export const carolAttends = attendee('carol');
export const daily = 'RRULE:FREQ=DAILY;COUNT=10';

/** What identifies and times an occurrence of a daily meeting, `day` of June 2035. */
export function occurrence(day: number, from = '100000', to = '110000'): string[] {
  const date = `203506${String(day).padStart(2, '0')}`;
  return [
    `RECURRENCE-ID;TZID=Europe/Vienna:${date}T100000`,
    `DTSTART;TZID=Europe/Vienna:${date}T${from}`,
    `DTEND;TZID=Europe/Vienna:${date}T${to}`,
  ];
}

export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  expect(statuses, `${answer.status}: ${answer.text}`).toContain(answer.status);
}
