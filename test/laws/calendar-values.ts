// Properties that events and tasks share, as clients write them (RFC 5545, 7986, 9073, 9074, 9253).
import * as fc from 'fast-check';
import type { Generated, Lines } from './table.ts';
import {
  address,
  escaped,
  instant,
  language,
  line,
  name,
  ownParam,
  param,
  some,
  stamp,
  text,
  textParams,
  uri,
} from './texts.ts';

type Make = (frame: unknown) => fc.Arbitrary<Lines>;

const one = (given: fc.Arbitrary<string>): fc.Arbitrary<Lines> => given.map((each) => [each]);

/** `NAME;LANGUAGE=en:a text` */
export function texts(name: string, value: fc.Arbitrary<string> = text): Make {
  return () => one(fc.tuple(textParams, value).map(([params, each]) => `${name}${params}:${escaped(each)}`));
}

export function choice(name: string, ...values: readonly string[]): Make {
  return () =>
    one(
      fc
        .tuple(some(ownParam), fc.constantFrom(...values))
        .map(([params, each]) => `${name}${params}:${each}`),
    );
}

export function several(make: Make, most: number): Make {
  return (frame) => fc.array(make(frame), { minLength: 1, maxLength: most }).map((all) => all.flat());
}

export const categories: Make = () =>
  fc
    .array(
      fc.uniqueArray(
        line.filter((each) => each.trim() !== ''),
        { minLength: 1, maxLength: 4 },
      ),
      {
        minLength: 1,
        maxLength: 2,
      },
    )
    .chain((lists) =>
      fc
        .tuple(...lists.map(() => some(language.map((given) => param('LANGUAGE', given)))))
        .map((params) =>
          lists.map((list, at) => `CATEGORIES${params[at] ?? ''}:${list.map(escaped).join(',')}`),
        ),
    );

const mailto = (given: fc.Arbitrary<string>): fc.Arbitrary<string> => given.map((each) => `mailto:${each}`);

export const attendeeParams: fc.Arbitrary<string> = some(
  name.map((given) => param('CN', given)),
  fc
    .constantFrom('REQ-PARTICIPANT', 'OPT-PARTICIPANT', 'NON-PARTICIPANT', 'CHAIR')
    .map((each) => param('ROLE', each)),
  fc.constantFrom('INDIVIDUAL', 'GROUP', 'RESOURCE', 'ROOM', 'UNKNOWN').map((each) => param('CUTYPE', each)),
  fc
    .constantFrom('NEEDS-ACTION', 'ACCEPTED', 'DECLINED', 'TENTATIVE', 'DELEGATED')
    .map((each) => param('PARTSTAT', each)),
  fc.constantFrom('TRUE', 'FALSE').map((each) => param('RSVP', each)),
  mailto(address).map((each) => `;DELEGATED-FROM="${each}"`),
  mailto(address).map((each) => `;DELEGATED-TO="${each}"`),
  fc
    .uniqueArray(mailto(address), { minLength: 1, maxLength: 2 })
    .map((all) => `;MEMBER=${all.map((each) => `"${each}"`).join(',')}`),
  mailto(address).map((each) => `;SENT-BY="${each}"`),
  uri.map((each) => `;DIR="${each}"`),
  language.map((each) => param('LANGUAGE', each)),
  address.map((each) => param('EMAIL', each)),
  fc.constantFrom('SERVER', 'CLIENT', 'NONE').map((each) => param('SCHEDULE-AGENT', each)),
  fc.constantFrom('1.1', '"2.0,2.4"').map((each) => `;SCHEDULE-STATUS=${each}`),
  ownParam,
);

/** Alarms of every kind; which of them Exchange shows is the translator's affair. */
export const alarm: fc.Arbitrary<Lines> = fc
  .record({
    action: fc.constantFrom('DISPLAY', 'DISPLAY', 'AUDIO', 'EMAIL', 'X-OWN'),
    trigger: fc.oneof(
      fc
        .constantFrom(0, 5, 15, 30, 60, 90, 1440, 2880, 10_080, 40_000)
        .map((minutes) => `TRIGGER:${before(minutes)}`),
      fc
        .constantFrom('-PT30S', 'PT5M', '-P1W', '-P1DT12H30M', 'PT0S', '-PT0M', 'P0D', '+PT15M', '-PT90061S')
        .map((each) => `TRIGGER:${each}`),
      fc.constantFrom('-PT5M', 'PT0S', '-P1D').map((each) => `TRIGGER;RELATED=END:${each}`),
      fc.constantFrom('-PT5M', '-PT2H').map((each) => `TRIGGER;VALUE=DURATION;RELATED=START:${each}`),
      instant.map((each) => `TRIGGER;VALUE=DATE-TIME:${stamp(each)}`),
    ),
    description: escapedLine('DESCRIPTION', text),
    summary: escapedLine('SUMMARY', line),
    repeat: fc.boolean(),
    more: fc.subarray([
      'UID:alarm-uid-1',
      'ACKNOWLEDGED:20260101T000000Z',
      'X-MOZ-LASTACK:20260101T000000Z',
      'RELATED-TO;RELTYPE=SNOOZE:alarm-uid-0',
      'ATTACH;VALUE=URI:Basso',
      'X-WR-ALARMUID:alarm-uid-1',
      'X-APPLE-DEFAULT-ALARM:TRUE',
      'PROXIMITY:ARRIVE',
    ]),
  })
  .map(({ action, trigger, description, summary, repeat, more }) => [
    'BEGIN:VALARM',
    `ACTION:${action}`,
    trigger,
    ...(action === 'DISPLAY' || action === 'EMAIL' ? [description] : []),
    ...(action === 'EMAIL' ? [summary, 'ATTENDEE:mailto:alice@example.test'] : []),
    ...(repeat ? ['REPEAT:2', 'DURATION:PT1M'] : []),
    ...more,
    'END:VALARM',
  ]);

function escapedLine(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return value.map((each) => `${name}:${escaped(each)}`);
}

function before(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
  if (minutes === 0) return 'PT0S';
  return `-P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}

/** Links to elsewhere, and bytes, which become files. */
export const attach: Make = several(
  () =>
    one(
      fc.oneof(
        fc
          .tuple(
            some(
              fc.constant(';FMTTYPE=application/pdf'),
              fc.constant(';FILENAME=agenda.pdf'),
              fc.constant(';SIZE=1024'),
            ),
            uri,
          )
          .map(([params, each]) => `ATTACH${params}:${each}`),
        fc
          .tuple(
            some(fc.constant(';FMTTYPE=text/plain'), fc.constantFrom(';FILENAME=a.txt', ';X-LABEL=b.txt')),
            fc.constantFrom('VGV4dA==', 'QQ=='),
          )
          .map(([params, each]) => `ATTACH;ENCODING=BASE64;VALUE=BINARY${params}:${each}`),
      ),
    ),
  3,
);

const location = [
  'BEGIN:VLOCATION',
  'UID:location-1',
  'NAME:The venue',
  'LOCATION-TYPE:auditorium',
  'GEO:48.2;16.3',
  'URL:geo:40.443,-79.945;u=10',
  'END:VLOCATION',
];

/** What Exchange has no place for, and what only some programs say. */
export const calendarExtras: Readonly<Record<string, Make>> = {
  comment: several(texts('COMMENT'), 3),
  contact: several(texts('CONTACT'), 2),
  resources: () =>
    one(
      fc
        .array(
          line.filter((each) => each.trim() !== ''),
          { minLength: 1, maxLength: 3 },
        )
        .map((all) => `RESOURCES:${all.map(escaped).join(',')}`),
    ),
  'related-to': several(
    () =>
      one(
        fc
          .tuple(
            some(
              fc
                .constantFrom('PARENT', 'CHILD', 'SIBLING', 'DEPENDS-ON', 'FINISHTOSTART')
                .map((each) => param('RELTYPE', each)),
              fc.constant(';GAP=PT1H'),
            ),
            fc.constantFrom('other@example.org', 'a,b;c'),
          )
          .map(([params, uid]) => `RELATED-TO${params}:${escaped(uid)}`),
      ),
    3,
  ),
  'request-status': choice('REQUEST-STATUS', '2.0;Success', '3.1;Invalid property value;DTSTART:96-Apr-01'),
  geo: () =>
    one(
      fc
        .tuple(fc.integer({ min: -90_000, max: 90_000 }), fc.integer({ min: -180_000, max: 180_000 }))
        .map(([lat, lon]) => `GEO:${lat / 1000};${lon / 1000}`),
    ),
  url: () => one(fc.tuple(some(ownParam), uri).map(([params, each]) => `URL${params}:${each}`)),
  color: choice('COLOR', 'turquoise', 'red', 'darkslategray'),
  conference: several(
    () =>
      one(
        fc
          .tuple(
            some(
              fc.constantFrom(';FEATURE=PHONE,MODERATOR', ';FEATURE=AUDIO,VIDEO', ';FEATURE=CHAT'),
              name.map((each) => param('LABEL', each)),
            ),
            fc.constantFrom(
              'tel:+1-412-555-0123,,,654321',
              'https://video.example.org/42',
              'xmpp:chat@example.org',
            ),
          )
          .map(([params, each]) => `CONFERENCE;VALUE=URI${params}:${each}`),
      ),
    2,
  ),
  image: choice('IMAGE;VALUE=URI;DISPLAY=BADGE,THUMBNAIL;FMTTYPE=image/png', 'https://example.org/badge.png'),
  'structured-data': choice(
    'STRUCTURED-DATA;FMTTYPE=application/ld+json;SCHEMA="https://schema.org/Event";VALUE=TEXT',
    '{"@type": "Event"}',
  ),
  'calendar-address': choice('CALENDAR-ADDRESS', 'mailto:room@example.org'),
  link: choice('LINK;LINKREL=SOURCE;LABEL=Venue;VALUE=URI', 'https://example.com/events'),
  concept: choice('CONCEPT', 'https://example.com/event-types/arts/music'),
  refid: choice('REFID', 'itinerary-2014-11-17'),
  participant: () =>
    fc.constant([
      'BEGIN:PARTICIPANT',
      'UID:participant-1',
      'PARTICIPANT-TYPE:SPEAKER',
      'CALENDAR-ADDRESS:mailto:speaker@example.org',
      ...location,
      'END:PARTICIPANT',
    ]),
  vlocation: () => fc.constant(location),
  vresource: () =>
    fc.constant([
      'BEGIN:VRESOURCE',
      'UID:resource-1',
      'NAME:Projector',
      'RESOURCE-TYPE:projector',
      'END:VRESOURCE',
    ]),
  'x-apple-travel-duration': choice('X-APPLE-TRAVEL-DURATION;VALUE=DURATION', 'PT30M'),
  'x-apple-structured-location': choice(
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="Main Road 1, Linz";X-APPLE-RADIUS=70;X-TITLE=Office',
    'geo:48.2,16.3',
  ),
  'x-microsoft': several(
    () =>
      one(
        fc.constantFrom(
          'X-MICROSOFT-CDO-ALLDAYEVENT:FALSE',
          'X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY',
          'X-MICROSOFT-DISALLOW-COUNTER:FALSE',
        ),
      ),
    2,
  ),
  'x-own': several(
    () => one(fc.tuple(some(ownParam), line).map(([params, each]) => `X-OWN-TEXT${params}:${escaped(each)}`)),
    3,
  ),
};

/** Formatted texts: the same words as DESCRIPTION, others, and forms that Exchange makes its own text of. */
const html = fc.constantFrom(
  '<html><body><h1>Agenda</h1></body></html>',
  '<p>a, b<br>c</p>',
  '<b>Agenda</b>, with <a href="https://example.org/?a=1;b">links</a>\n',
  '<ul><li>one</li><li>two &amp; three</li></ul>',
);

/** In one form or in two, which say the same. */
const formatted: Make = () =>
  fc
    .tuple(html, fc.subarray(['X-ALT-DESC', 'STYLED-DESCRIPTION;VALUE=TEXT'], { minLength: 1 }))
    .map(([each, names]) => names.map((name) => `${name};FMTTYPE=text/html:${escaped(each)}`));

/** Names that events and tasks have in common, with the fields that each may touch. */
export function sharedRows<Frame>(): Generated<Frame>[] {
  const row = (names: readonly string[], sends: readonly string[], lines: Make): Generated<Frame> => ({
    names,
    lines,
    sends,
    oneIn: 12,
    isOccurrence: true,
  });
  const extra = Object.entries(calendarExtras).map(([name, make]) => row([name], [], make));
  return [
    ...extra,
    row(['x-alt-desc', 'styled-description'], ['item:Body'], formatted),
    row(
      ['x-microsoft-cdo-importance'],
      ['item:Importance'],
      choice('X-MICROSOFT-CDO-IMPORTANCE', '0', '1', '2'),
    ),
    row(['x-moz-lastack'], reminders, choice('X-MOZ-LASTACK', '20260101T000000Z', '20261231T235959Z')),
    row(
      ['x-moz-snooze-time'],
      reminders,
      choice('X-MOZ-SNOOZE-TIME', '20260101T000000Z', '20261231T235959Z'),
    ),
    row(['attach'], [], attach),
  ];
}

const reminders = ['item:ReminderIsSet', 'item:ReminderMinutesBeforeStart', 'item:ReminderDueBy'];
