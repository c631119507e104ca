// Events of a seeded calendar: singles, whole days, journeys, meetings of one's own and of others.
import { toInstant, zoneOf, type SimZone } from '../calendar/index.ts';
import {
  addItem,
  newAttachment,
  type Folder,
  type Instant,
  type Item,
  type NewItem,
  type Values,
  type World,
} from '../state/index.ts';
import { attendeesOf, figureOf, mailOf } from './people.ts';
import type { Random } from './random.ts';
import {
  allDaySubjects,
  categories,
  longSubjects,
  meetingSubjects,
  rooms,
  sentences,
  subjects,
} from './words-table.ts';

export interface Sowing {
  readonly world: World;
  readonly random: Random;
  /** Midnight UTC of the day the seed is built around. */
  readonly today: Instant;
  readonly owner: { readonly name: string; readonly address: string };
}

export const dayMs = 86_400_000;

export function zoneNamed(id: string): SimZone {
  const zone = zoneOf(id);
  if (zone === undefined) throw new Error(`no zone ${id}`);
  return zone;
}

export const homeZone = zoneNamed('W. Europe Standard Time');
const zones = [homeZone, homeZone, homeZone, homeZone, homeZone, homeZone].concat(
  [
    'Eastern Standard Time',
    'Tokyo Standard Time',
    'India Standard Time',
    'UTC',
    'GMT Standard Time',
    'AUS Eastern Standard Time',
  ].map(zoneNamed),
);

export function addEvent(sowing: Sowing, folder: Folder, given: Omit<NewItem, 'kind'>): Item {
  const values: Values = { itemClass: 'IPM.Appointment', ...given.values };
  const created = sowing.today - (20 + sowing.random.below(600)) * dayMs + sowing.random.below(86_400) * 1000;
  return addItem(sowing.world, folder, { ...given, kind: 'event', values, created });
}

/** A day within a year and a half around today, seldom a weekend. */
export function anyDay({ random, today }: Sowing): string {
  const day = today + (random.below(1096) - 548) * dayMs;
  const weekday = new Date(day).getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  return dateOf(isWeekend && random.chance(85) ? day + 2 * dayMs : day);
}

export function dateOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}

/** Start and length on the wall clock of a zone. */
export function timesOf(
  { random }: Sowing,
  date: string,
): Pick<Values, 'start' | 'end' | 'startZone' | 'endZone'> {
  const zone = random.pick(zones);
  const hour = String(7 + random.below(12)).padStart(2, '0');
  const start = toInstant(`${date}T${hour}:${random.pick(['00', '00', '15', '30', '45'])}:00`, zone);
  const minutes = random.pick([15, 30, 30, 45, 60, 60, 60, 90, 120, 240]);
  return { start, end: start + minutes * 60_000, startZone: zone, endZone: zone };
}

/** What most events have: some text, a place, a colour, an alarm. */
export function trimmings({ random }: Sowing): Values {
  return {
    busy: random.pick(['Busy', 'Busy', 'Busy', 'Free', 'Tentative', 'OOF', 'WorkingElsewhere']),
    importance: random.pick(['Normal', 'Normal', 'Normal', 'High', 'Low']),
    sensitivity: random.pick(['Normal', 'Normal', 'Normal', 'Normal', 'Private', 'Personal', 'Confidential']),
    reminderIsSet: random.chance(60),
    reminderMinutes: random.pick([0, 5, 15, 15, 15, 30, 60, 1440]),
    ...(random.chance(60) && { location: random.pick(rooms) }),
    ...(random.chance(25) && { categories: [random.pick(categories)] }),
    ...(random.chance(45) && { body: bodyOf(random) }),
  };
}

export function bodyOf(random: Random): NonNullable<Values['body']> {
  const text = Array.from({ length: 1 + random.below(3) }, () => random.pick(sentences));
  if (random.chance(60)) return { type: 'Text', text: text.join('\r\n') };
  const html = text.map((line) => `<p>${line.replaceAll('&', '&amp;')}</p>`).join('\r\n');
  return { type: 'HTML', text: `<html><head></head><body>\r\n${html}\r\n</body></html>` };
}

export function addSingle(sowing: Sowing, folder: Folder): Item {
  const { random, world } = sowing;
  const values = { subject: random.pick(subjects), ...trimmings(sowing), ...timesOf(sowing, anyDay(sowing)) };
  const attachment = {
    name: 'agenda.txt',
    contentType: 'text/plain',
    isInline: false,
    isContactPhoto: false,
    content: Buffer.from(`${random.pick(sentences)}\r\n`).toString('base64'),
  };
  return addEvent(sowing, folder, {
    values,
    ...(random.chance(4) && { attachments: [newAttachment(world, attachment)] }),
  });
}

/** Whole days: Start and End are midnights of the zone it was made in. */
export function addWholeDays(sowing: Sowing, folder: Folder, days: number): Item {
  const { random } = sowing;
  const zone = random.chance(90) ? homeZone : zoneNamed('Eastern Standard Time');
  const date = anyDay(sowing);
  const end = dateOf(Date.parse(`${date}T00:00:00Z`) + days * dayMs);
  return addEvent(sowing, folder, {
    values: {
      ...trimmings(sowing),
      subject: random.pick(days === 1 ? allDaySubjects : longSubjects),
      start: toInstant(`${date}T00:00:00`, zone),
      end: toInstant(`${end}T00:00:00`, zone),
      startZone: zone,
      endZone: zone,
      isAllDay: true,
      busy: days === 1 ? 'Free' : 'OOF',
    },
  });
}

/** A journey: begins in one zone, ends in another. */
export function addJourney(sowing: Sowing, folder: Folder): Item {
  const { random } = sowing;
  const to = zoneNamed(random.pick(['Eastern Standard Time', 'Tokyo Standard Time', 'GMT Standard Time']));
  const start = toInstant(`${anyDay(sowing)}T10:05:00`, homeZone);
  const end = start + (4 + random.below(9)) * 3_600_000;
  return addEvent(sowing, folder, {
    values: {
      ...trimmings(sowing),
      subject: 'Flight',
      start,
      end,
      startZone: homeZone,
      endZone: to,
      busy: 'OOF',
    },
  });
}

/** A meeting the owner called, invitations sent, answers in. */
export function addOwnMeeting(sowing: Sowing, folder: Folder): Item {
  const { random } = sowing;
  return addEvent(sowing, folder, {
    values: { ...trimmings(sowing), ...timesOf(sowing, anyDay(sowing)), ...ownMeeting(random) },
  });
}

export function ownMeeting(random: Random): Values {
  return {
    subject: random.pick(meetingSubjects),
    requestWasSent: true,
    isResponseRequested: true,
    sequence: random.below(3),
    requiredAttendees: attendeesOf(random, 1 + random.below(4), [
      'Accept',
      'Accept',
      'Tentative',
      'Decline',
      'Unknown',
    ]),
    ...(random.chance(40) && {
      optionalAttendees: attendeesOf(random, 1 + random.below(2), ['Unknown', 'Accept']),
    }),
    ...(random.chance(30) && {
      resources: [
        {
          mailbox: { name: 'Room Elbe', address: 'room-elbe@example.test', routingType: 'SMTP' },
          response: 'Accept' as const,
        },
      ],
    }),
  };
}

/** A meeting somebody else called. */
export function addOthersMeeting(sowing: Sowing, folder: Folder): Item {
  return addEvent(sowing, folder, {
    values: {
      ...trimmings(sowing),
      ...timesOf(sowing, anyDay(sowing)),
      ...othersMeeting(sowing),
      sensitivity: 'Normal',
    },
  });
}

export function othersMeeting({ random, owner, today }: Sowing): Values {
  const myResponse = random.pick(['Accept', 'Accept', 'Tentative', 'NoResponseReceived'] as const);
  return {
    subject: random.pick(meetingSubjects),
    organizer: mailOf(figureOf(random.below(500))),
    requestWasSent: true,
    myResponse,
    busy: myResponse === 'Accept' ? 'Busy' : 'Tentative',
    intendedBusy: 'Busy',
    ...(myResponse !== 'NoResponseReceived' && { replyTime: today - random.below(90) * dayMs }),
    requiredAttendees: [
      { mailbox: mailOf(owner), response: myResponse },
      ...attendeesOf(random, 1 + random.below(4), ['Accept', 'Tentative', 'Unknown']),
    ],
    // As calendar programs of other makers name them.
    ...(random.chance(50) && {
      uid: `${random.below(2 ** 30).toString(36)}${random.below(2 ** 30).toString(36)}@calendar.example`,
    }),
  };
}
