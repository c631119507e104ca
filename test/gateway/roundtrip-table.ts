// Texts as clients send them, each with a change that a client makes next and the fields of Exchange which that change may touch.
import { cardText, eventText, calendarText } from './stage.ts';

export interface Sample {
  readonly name: string;
  readonly kind: 'event' | 'task' | 'contact';
  readonly text: string;
  /** What the client changes in the text it was given. */
  readonly change: readonly [from: RegExp, to: string];
  /** FieldURIs that the UpdateItem of that change may have, beside our tags. */
  readonly fields: readonly string[];
}

const zone = (tzid: string): string[] => [
  'BEGIN:VTIMEZONE',
  `TZID:${tzid}`,
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  `TZOFFSETFROM:${tzid === 'Europe/Kyiv' ? '+0300' : tzid.startsWith('America') ? '-0400' : '+0200'}`,
  `TZOFFSETTO:${tzid === 'Europe/Kyiv' ? '+0200' : tzid.startsWith('America') ? '-0500' : '+0100'}`,
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:19700329T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  `TZOFFSETFROM:${tzid === 'Europe/Kyiv' ? '+0200' : tzid.startsWith('America') ? '-0500' : '+0100'}`,
  `TZOFFSETTO:${tzid === 'Europe/Kyiv' ? '+0300' : tzid.startsWith('America') ? '-0400' : '+0200'}`,
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

/** RFC 5545 §3.1: lines of 75 octets. */
function folded(text: string): string {
  return text.replaceAll(/[^\r\n]{71,}/g, (line) => line.replaceAll(/(.{70})(?=.)/gu, '$1\r\n '));
}

const summary: Pick<Sample, 'change' | 'fields'> = {
  change: [/SUMMARY:.*/, 'SUMMARY:Changed by the client'],
  fields: ['item:Subject'],
};

function event(name: string, lines: readonly string[], more: Partial<Sample> = {}): Sample {
  return { name, kind: 'event', text: folded(eventText(`e-${name}`, ...lines)), ...summary, ...more };
}

const between = (tzid: string): string[] => [
  `DTSTART;TZID=${tzid}:20261203T100000`,
  `DTEND;TZID=${tzid}:20261203T113000`,
];

function zoned(name: string, tzid: string, ...lines: readonly string[]): Sample {
  const sample = event(name, [...between(tzid), ...lines]);
  return {
    ...sample,
    text: sample.text.replace('BEGIN:VEVENT', [...zone(tzid), 'BEGIN:VEVENT'].join('\r\n')),
  };
}

function series(name: string, rule: string, start: string, ...lines: readonly string[]): Sample {
  return event(name, [
    `DTSTART;TZID=Europe/Vienna:${start}T090000`,
    `DTEND;TZID=Europe/Vienna:${start}T100000`,
    `RRULE:${rule}`,
    ...lines,
  ]);
}

const weekly = series(
  'weekly',
  'FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20',
  '20261201',
  'EXDATE;TZID=Europe/Vienna:20261208T090000,20261210T090000',
  'X-SERIES:yes',
);

const override = (day: string, ...lines: readonly string[]): string =>
  [
    'BEGIN:VEVENT',
    'UID:e-weekly',
    'DTSTAMP:20260101T000000Z',
    `RECURRENCE-ID;TZID=Europe/Vienna:202612${day}T090000`,
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');

const busy = (status: string, transparency: string): Sample =>
  event(`busy-${status.toLowerCase()}`, [`X-MICROSOFT-CDO-BUSYSTATUS:${status}`, `TRANSP:${transparency}`]);

export const events: readonly Sample[] = [
  event('plain', [
    'DTSTART:20261203T100000Z',
    'DURATION:PT1H30M',
    'SUMMARY:Lunch\\, then talk\\; maybe – 😀',
    'DESCRIPTION:First line\\nsecond line\\n\\n  indented\\, and <b>no markup</b> & more',
    'LOCATION:Café "Zentral"\\, Wien',
    'CATEGORIES:Work,Grüße',
    'URL:https://example.org/a?b=c&d=e',
    'CLASS:PRIVATE',
    'STATUS:CONFIRMED',
  ]),
  event('location-changed', ['LOCATION:Here', 'DESCRIPTION:Stays'], {
    change: [/LOCATION:.*/, 'LOCATION:There'],
    fields: ['calendar:Location'],
  }),
  event(
    'time-changed',
    ['DTSTART:20261203T100000Z', 'DTEND:20261203T110000Z', 'DESCRIPTION:Stays', 'X-A:1'],
    {
      change: [/DTEND:20261203T110000Z/, 'DTEND:20261203T120000Z'],
      fields: [
        'calendar:Start',
        'calendar:End',
        'calendar:StartTimeZone',
        'calendar:EndTimeZone',
        'calendar:IsAllDayEvent',
      ],
    },
  ),
  event('all-day', ['DTSTART;VALUE=DATE:20261203', 'DTEND;VALUE=DATE:20261205', 'TRANSP:TRANSPARENT']),
  event('floating', ['DTSTART:20261203T100000', 'DTEND:20261203T110000']),
  zoned('vienna', 'Europe/Vienna', 'DESCRIPTION:Zone'),
  zoned('kyiv', 'Europe/Kyiv'),
  zoned('new-york', 'America/New_York'),
  event('two-zones', [
    'DTSTART;TZID=Europe/Vienna:20261203T100000',
    'DTEND;TZID=America/New_York:20261203T100000',
  ]),
  {
    ...weekly,
    text: weekly.text
      .replace(
        'END:VCALENDAR',
        override(
          '15',
          'DTSTART;TZID=Europe/Vienna:20261216T140000',
          'DTEND;TZID=Europe/Vienna:20261216T153000',
          'SUMMARY:Moved',
          'LOCATION:Elsewhere',
          'X-OWN:of the instance',
        ),
      )
      .replace(
        'END:VCALENDAR',
        override(
          '17',
          'DTSTART;TZID=Europe/Vienna:20261217T090000',
          'DTEND;TZID=Europe/Vienna:20261217T100000',
          'SUMMARY:Another name',
          'DESCRIPTION:Other words',
        ),
      ),
  },
  series('monthly-second-tuesday', 'FREQ=MONTHLY;BYDAY=2TU', '20261208'),
  series('last-weekday', 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6', '20261231'),
  series('monthly-day', 'FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15;UNTIL=20271215T080000Z', '20261215'),
  series('yearly', 'FREQ=YEARLY', '20261224', 'CATEGORIES:Family'),
  series('yearly-last-monday', 'FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO', '20270531'),
  series('daily-until', 'FREQ=DAILY;INTERVAL=3;UNTIL=20270101T080000Z', '20261201'),
  event('birthday', ['DTSTART;VALUE=DATE:19800228', 'DTEND;VALUE=DATE:19800301', 'RRULE:FREQ=YEARLY']),
  busy('FREE', 'TRANSPARENT'),
  busy('TENTATIVE', 'OPAQUE'),
  busy('BUSY', 'OPAQUE'),
  busy('OOF', 'OPAQUE'),
  busy('WORKINGELSEWHERE', 'OPAQUE'),
  event('tentative', ['STATUS:TENTATIVE']),
  event('cancelled', ['STATUS:CANCELLED']),
  event('priority-6', ['PRIORITY:6']),
  event('priority-1', ['PRIORITY:1']),
  event('two-alarms', [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT15M',
    'DESCRIPTION:Soon',
    'END:VALARM',
    'BEGIN:VALARM',
    'ACTION:AUDIO',
    'TRIGGER;RELATED=END:PT5M',
    'X-APPLE-SOUND:Basso',
    'END:VALARM',
  ]),
  event('alarm-at-a-time', [
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER;VALUE=DATE-TIME:20261203T080000Z',
    'DESCRIPTION:x',
    'END:VALARM',
  ]),
  event('x-properties', [
    'X-LONG;X-PARAM="a;b:c";LANGUAGE=de:Wert\\, mit Komma',
    'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="Wien":geo:48.2,16.37',
    'GEO:48.2;16.37',
    'COMMENT:First',
    'COMMENT:Second',
    'CONTACT:Somebody',
    'RESOURCES:Beamer,Room',
    'RELATED-TO:other-uid',
    'ATTACH:https://example.org/file.pdf',
    'CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.org/1',
    'COLOR:tomato',
  ]),
  event('foreign-organizer', [
    'ORGANIZER;CN="Olga Outside":mailto:olga@outside.test',
    'ATTENDEE;CN=Alice;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT:mailto:alice@example.test',
    'ATTENDEE;CN=Peter;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT;RSVP=TRUE:mailto:peter@outside.test',
  ]),
  event('own-meeting', [
    'ORGANIZER;CN=Alice:mailto:alice@example.test',
    'ATTENDEE;CN=Bob;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:bob@example.test',
    'ATTENDEE;CN=Room 1;CUTYPE=ROOM;PARTSTAT=NEEDS-ACTION;ROLE=NON-PARTICIPANT;RSVP=TRUE:mailto:room1@example.test',
    'ATTENDEE;CN=Olga;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT;RSVP=TRUE:mailto:olga@outside.test',
  ]),
  event('no-summary', ['LOCATION:Somewhere'], {
    change: [/LOCATION:.*/, 'LOCATION:There'],
    fields: ['calendar:Location'],
  }),
  event('spaces', [
    'SUMMARY:  two before\\, two after  ',
    'DESCRIPTION:\\n starts with a break\\tand ends so\\n\\n',
    'LOCATION: ',
  ]),
  event('html', [
    'DESCRIPTION:Plain words',
    'X-ALT-DESC;FMTTYPE=text/html:<html><body><b>Plain</b> words</body></html>',
  ]),
  event('long-description', [`DESCRIPTION:${'Ein langer Satz\\, mit Umlauten äöü. '.repeat(1500)}`]),
  event('windows-zone', [
    'DTSTART;TZID=W. Europe Standard Time:20261203T100000',
    'DTEND;TZID=W. Europe Standard Time:20261203T110000',
  ]),
  event('prefixed-zone', [
    'DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261203T100000',
    'DTEND;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261203T110000',
  ]),
  zoned('kolkata', 'Asia/Kolkata'),
  event('kathmandu', [
    'DTSTART;TZID=Asia/Kathmandu:20261203T100000',
    'DTEND;TZID=Asia/Kathmandu:20261203T110000',
  ]),
  event('lord-howe', [
    'DTSTART;TZID=Australia/Lord_Howe:20261203T100000',
    'DTEND;TZID=Australia/Lord_Howe:20261203T110000',
    'RRULE:FREQ=WEEKLY;COUNT=30',
  ]),
  event('in-the-gap', [
    'DTSTART;TZID=Europe/Vienna:20270328T023000',
    'DTEND;TZID=Europe/Vienna:20270328T033000',
  ]),
  event('in-the-overlap', [
    'DTSTART;TZID=Europe/Vienna:20261025T023000',
    'DTEND;TZID=Europe/Vienna:20261025T033000',
  ]),
  event('long-ago', ['DTSTART:19650203T100000Z', 'DTEND:19650203T110000Z']),
  event('no-length', ['DTSTART:20261203T100000Z']),
  event('a-day', ['DTSTART;VALUE=DATE:20261203']),
  event('whole-day-series', [
    'DTSTART;VALUE=DATE:20261203',
    'DTEND;VALUE=DATE:20261204',
    'RRULE:FREQ=WEEKLY;UNTIL=20270301',
    'EXDATE;VALUE=DATE:20261210,20261217',
  ]),
  event('no-reminder-default', [
    'BEGIN:VALARM',
    'ACTION:NONE',
    'TRIGGER;VALUE=DATE-TIME:19760401T005545Z',
    'END:VALARM',
  ]),
  event('alarm-after', ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:PT10M', 'DESCRIPTION:late', 'END:VALARM']),
  event('alarm-email', [
    'SUMMARY:With mail',
    'BEGIN:VALARM',
    'ACTION:EMAIL',
    'TRIGGER:-P1D',
    'SUMMARY:Mail',
    'DESCRIPTION:Text',
    'ATTENDEE:mailto:alice@example.test',
    'END:VALARM',
  ]),
  event('alarm-snoozed', [
    'BEGIN:VALARM',
    'UID:alarm-1',
    'ACTION:DISPLAY',
    'TRIGGER:-PT10M',
    'ACKNOWLEDGED:20261203T095000Z',
    'DESCRIPTION:x',
    'X-MOZ-LASTACK:20261203T095000Z',
    'END:VALARM',
  ]),
  series('weekly-wkst', 'FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU', '20261201'),
  series('weekly-plain', 'FREQ=WEEKLY;COUNT=1', '20261201'),
  series('monthly-plain', 'FREQ=MONTHLY', '20261215'),
  series('first-monday', 'FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1', '20261207'),
  series('last-day', 'FREQ=MONTHLY;BYMONTHDAY=-1', '20261231'),
  series('daily-99', 'FREQ=DAILY;INTERVAL=99', '20261201'),
  series('exdate-of-nothing', 'FREQ=DAILY;COUNT=5', '20261201', 'EXDATE;TZID=Europe/Vienna:20270601T090000'),
  event('category-comma', ['CATEGORIES:One\\, two,three']),
  event('unknown-component', ['BEGIN:X-INNER', 'X-A:1', 'END:X-INNER']),
  event('own-meeting-alone', ['ORGANIZER:mailto:alice@example.test']),
  event('attendees-without-organizer', ['ATTENDEE;CN=Bob:mailto:bob@example.test']),
  event('attendee-params', [
    'ORGANIZER;CN=Alice;SENT-BY="mailto:carol@example.test":mailto:alice@example.test',
    'ATTENDEE;CN="Doe, Bob";X-NUM-GUESTS=2;DELEGATED-FROM="mailto:x@example.test";PARTSTAT=NEEDS-ACTION:mailto:bob@example.test',
    'ATTENDEE;CUTYPE=GROUP;MEMBER="mailto:all@example.test":mailto:team@example.test',
  ]),
  event('long-summary', [`SUMMARY:${'Long and longer – '.repeat(25)}end`], {
    change: [/LOCATION:.*|DESCRIPTION:.*/, 'DESCRIPTION:new'],
    fields: [],
  }),
];

function task(name: string, lines: readonly string[], more: Partial<Sample> = {}): Sample {
  const text = calendarText(
    'BEGIN:VTODO',
    `UID:t-${name}`,
    'DTSTAMP:20260101T000000Z',
    `SUMMARY:Task ${name}`,
    ...lines,
    'END:VTODO',
  );
  return { name, kind: 'task', text: folded(text), ...summary, ...more };
}

export const tasks: readonly Sample[] = [
  task('plain', ['DESCRIPTION:To do\\nand more', 'CATEGORIES:Home', 'CLASS:CONFIDENTIAL', 'X-OWN:1']),
  task('due-day', ['DTSTART;VALUE=DATE:20261201', 'DUE;VALUE=DATE:20261210', 'PRIORITY:1']),
  task('due-time', ['DTSTART;TZID=Europe/Vienna:20261201T080000', 'DUE;TZID=Europe/Vienna:20261210T173000']),
  task('percent', ['STATUS:IN-PROCESS', 'PERCENT-COMPLETE:35', 'DUE:20261210T120000Z'], {
    change: [/PERCENT-COMPLETE:35/, 'PERCENT-COMPLETE:60'],
    fields: ['task:PercentComplete', 'task:Status'],
  }),
  task('done', ['STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20261105T101112Z']),
  task('recurring', [
    'DTSTART;VALUE=DATE:20261201',
    'DUE;VALUE=DATE:20261201',
    'RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5',
  ]),
  task('priority-6', ['PRIORITY:6', 'STATUS:NEEDS-ACTION']),
  task('cancelled', ['STATUS:CANCELLED']),
  task('alarm', [
    'DUE:20261210T120000Z',
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER;RELATED=END:-PT30M',
    'DESCRIPTION:now',
    'END:VALARM',
  ]),
  task('start-only', ['DTSTART:20261201T080000Z']),
  task('due-before-start', ['DTSTART;VALUE=DATE:20261210', 'DUE;VALUE=DATE:20261210']),
  task('duration', ['DTSTART:20261201T080000Z', 'DURATION:PT2H']),
  task('monthly', [
    'DTSTART;VALUE=DATE:20261201',
    'DUE;VALUE=DATE:20261203',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=1',
  ]),
  task('attendees', ['ORGANIZER:mailto:olga@outside.test', 'ATTENDEE:mailto:alice@example.test']),
  task('x-only', ['X-MOZ-GENERATION:3', 'GEO:1.5;2.5', 'COMMENT:c', 'RESOURCES:r']),
  task('child', [
    'RELATED-TO;RELTYPE=PARENT:t-plain',
    'X-APPLE-SORT-ORDER:42',
    'LOCATION:Garden',
    'URL:https://example.org/',
  ]),
];

const photo =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

function card(name: string, lines: readonly string[], more: Partial<Sample> = {}): Sample {
  return {
    name,
    kind: 'contact',
    text: folded(cardText(`c-${name}`, ...lines)),
    change: [/TITLE:.*/, 'TITLE:Director'],
    fields: ['contacts:JobTitle'],
    ...more,
  };
}

const four = (sample: Sample): Sample => ({
  ...sample,
  text: sample.text.replace('VERSION:3.0', 'VERSION:4.0'),
});

export const contacts: readonly Sample[] = [
  card('plain', [
    'FN:Dr. Anna Maria Österreicher jun.',
    'N:Österreicher;Anna;Maria;Dr.;jun.',
    'NICKNAME:Anni',
    'ORG:ACME\\, Inc.;Research',
    'TITLE:Engineer',
    'ROLE:Lead',
    'NOTE:Two\\nlines',
    'BDAY:1980-02-29',
    'CATEGORIES:Friends,Work',
    'URL:https://example.org/anna',
    'X-ODD;X-P=1:kept',
  ]),
  card('many', [
    'TITLE:Engineer',
    'TEL;TYPE=CELL:+43 1 1',
    'TEL;TYPE=WORK,VOICE:+43 1 2',
    'TEL;TYPE=WORK,VOICE:+43 1 3',
    'TEL;TYPE=HOME,VOICE:+43 1 4',
    'TEL;TYPE=WORK,FAX:+43 1 5',
    'EMAIL;TYPE=WORK:a@example.org',
    'EMAIL;TYPE=HOME:b@example.org',
    'EMAIL;TYPE=INTERNET:c@example.org',
    'EMAIL;TYPE=OTHER:d@example.org',
    'ADR;TYPE=WORK:;;Ring 1;Wien;W;1010;Austria',
    'ADR;TYPE=HOME:;;Weg 2;Graz;St;8010;Austria',
    'IMPP:xmpp:a@example.org',
  ]),
  card('photo', ['TITLE:Engineer', `PHOTO;ENCODING=b;TYPE=PNG:${photo}`]),
  card('grouped', [
    'TITLE:Engineer',
    'item1.TEL:+43 1 9',
    'item1.X-ABLABEL:Boat',
    'item2.URL:https://example.org/x',
    'item2.X-ABLABEL:_$!<HomePage>!$_',
    'item3.X-ABDATE:2001-09-09',
    'item3.X-ABLABEL:_$!<Anniversary>!$_',
    'X-ABSHOWAS:COMPANY',
  ]),
  four(
    card('four', [
      'FN:Fora Four',
      'N:Four;Fora;;;',
      'TITLE:Engineer',
      'TEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+43-1-1',
      'EMAIL;PREF=1:a@example.org',
      'BDAY:19800229',
      'ANNIVERSARY:20010909',
      'GENDER:F',
      'LANG:de',
      'KIND:individual',
      `PHOTO:data:image/png;base64\\,${photo}`.replace('\\,', ','),
    ]),
  ),
  card('bday-no-year', ['TITLE:Engineer', 'BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29']),
  four(card('label-of-two-lines', ['TITLE:Engineer', 'ADR;LABEL="One\\nTwo":;;Weg 2;Graz;;8010;Austria'])),
  four(card('four-bday', ['TITLE:Engineer', 'N:Four;;;;', 'BDAY:--0229'])),
  card('many-more', [
    'TITLE:Engineer',
    'URL:https://example.org/1',
    'URL:https://example.org/2',
    'IMPP;X-SERVICE-TYPE=Skype:skype:a',
    'IMPP;X-SERVICE-TYPE=Jabber:xmpp:b',
    'ADR;TYPE=WORK:PO Box 1;Suite 2;Ring 1,House 3;Wien;W;1010;Austria',
    'ADR;TYPE=WORK:;;Second 1;Wien;W;1010;Austria',
    'ADR;TYPE=HOME;LABEL="One\\nTwo":;;Weg 2;Graz;St;8010;Austria',
    'ADR:;;Other 4;Linz;;4020;Austria',
    'EMAIL;TYPE=WORK:same@example.org',
    'EMAIL;TYPE=HOME:same@example.org',
    'TEL;TYPE=PAGER:1',
    'TEL;TYPE=CAR:2',
    'TEL;TYPE=MAIN:3',
    'TEL;TYPE=CELL,PREF:4',
    'TEL;TYPE=CELL:5',
    'TEL;TYPE=IPHONE,CELL,VOICE:6',
    'TEL;TYPE=HOME,FAX:7',
    'TEL:8',
    'GEO:48.2;16.3',
    'TZ:+01:00',
    'X-SPOUSE:Karl',
    'X-ASSISTANT:Eva',
    'X-MANAGER:Max',
    'X-EVOLUTION-FILE-AS:Anna\\, Österreicher',
    'CLASS:PRIVATE',
    `KEY;ENCODING=b:${'QUJD'.repeat(400)}`,
    `LOGO;ENCODING=b;TYPE=PNG:${photo}`,
  ]),
  card('name-parts', ['FN:Prof. Dr. A. B. C', 'N:C,D;A,B;M1,M2;Prof.,Dr.;PhD,MBA', 'TITLE:Engineer']),
  card('no-name', ['FN:Just A Name', 'N:;;;;', 'TITLE:Engineer', 'EMAIL:x@example.org']),
  card('long-note', ['TITLE:Engineer', `NOTE:${'Viele Worte\\, lange Notiz. '.repeat(2000)}`]),
  four(
    card('four-members', [
      'FN:A Group',
      'N:;;;;',
      'KIND:org',
      'TITLE:Engineer',
      'RELATED;TYPE=spouse:urn:uuid:1',
      'MEMBER:mailto:a@example.org',
      'XML:<a xmlns="urn:x"/>',
    ]),
  ),
  four(
    card('four-altids', [
      'FN;LANGUAGE=de:Anna',
      'N;SORT-AS="Z,A":Zuerst;Anna;;;',
      'TITLE:Engineer',
      'ROLE;ALTID=1;LANGUAGE=de:Chefin',
      'ROLE;ALTID=1;LANGUAGE=en:Boss',
      'NICKNAME;PREF=1:A,B',
      'ORG;SORT-AS="x":Firma;Abteilung;Gruppe',
    ]),
  ),
  card('company', ['FN:Only Company', 'N:;;;;', 'ORG:Only Company', 'TITLE:Engineer']),
];
