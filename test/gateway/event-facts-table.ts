// Facts of events, one a row: RFC 5545, 7986, 9073 and 9074, and what programs in use write beside them.
import { named, remove, set } from '../simulator/soap-client.ts';

export interface Fact {
  readonly name: string;
  readonly kind: 'event' | 'task';
  /** What a client writes in its component. */
  readonly lines: readonly string[];
  /** What the item in Exchange then says: `Element`, `Element/Inner` or `Element@Attribute`; '' where there is none. */
  readonly held?: Readonly<Record<string, string>>;
  /** What another program changes, and the lines that a client sees instead of which others. */
  readonly outlook?: {
    readonly changes: string;
    readonly hides: readonly string[];
    readonly shows: readonly string[];
  };
}

const of = (uri: string, value: string): string => set(uri, 'CalendarItem', value);

function event(name: string, lines: readonly string[], more: Partial<Fact> = {}): Fact {
  return { name, kind: 'event', lines, ...more };
}

const alarm = (...lines: readonly string[]): string[] => ['BEGIN:VALARM', ...lines, 'END:VALARM'];

const reminder = (minutes: number): string =>
  of('item:ReminderIsSet', '<t:ReminderIsSet>true</t:ReminderIsSet>') +
  of(
    'item:ReminderMinutesBeforeStart',
    `<t:ReminderMinutesBeforeStart>${minutes}</t:ReminderMinutesBeforeStart>`,
  );
const noReminder = of('item:ReminderIsSet', '<t:ReminderIsSet>false</t:ReminderIsSet>');

const long = `${'Long and longer '.repeat(20)}end`;

const texts: readonly Fact[] = [
  event('summary', ['SUMMARY:Lunch\\, then talk\\; maybe'], {
    held: { Subject: 'Lunch, then talk; maybe' },
    outlook: {
      changes: of('item:Subject', '<t:Subject>Dinner, at once</t:Subject>'),
      hides: ['SUMMARY:Lunch\\, then talk\\; maybe'],
      shows: ['SUMMARY:Dinner\\, at once'],
    },
  }),
  event('summary-of-more-than-255-characters', [`SUMMARY:${long}`], {
    held: { Subject: long.slice(0, 255) },
    outlook: {
      changes: of('item:Subject', '<t:Subject>Short</t:Subject>'),
      hides: [`SUMMARY:${long}`],
      shows: ['SUMMARY:Short'],
    },
  }),
  event('summary-in-a-language', ['SUMMARY;LANGUAGE=de;ALTREP="https://example.org/s":Mittagessen'], {
    held: { Subject: 'Mittagessen' },
    outlook: {
      changes: of('item:Subject', '<t:Subject>Lunch</t:Subject>'),
      hides: ['SUMMARY;LANGUAGE=de;ALTREP="https://example.org/s":Mittagessen'],
      shows: ['SUMMARY:Lunch'],
    },
  }),
  event('location', ['LOCATION:Café\\, first floor'], {
    held: { Location: 'Café, first floor' },
    outlook: {
      changes: of('calendar:Location', '<t:Location>Office</t:Location>'),
      hides: ['LOCATION:Café\\, first floor'],
      shows: ['LOCATION:Office'],
    },
  }),
  event('location-of-more-than-255-characters', [`LOCATION:${long}`], {
    held: { Location: long.slice(0, 255) },
    outlook: {
      changes: remove('calendar:Location'),
      hides: [`LOCATION:${long}`],
      shows: [],
    },
  }),
  // Apple's programs show the structured place before the text: it must not outlive it.
  event(
    'location-with-coordinates',
    ['LOCATION:Café', 'GEO:48.2;16.37', 'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Café:geo:48.2,16.37'],
    {
      held: { Location: 'Café' },
      outlook: {
        changes: of('calendar:Location', '<t:Location>Office</t:Location>'),
        hides: [
          'LOCATION:Café',
          'GEO:48.2;16.37',
          'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Café:geo:48.2,16.37',
        ],
        shows: ['LOCATION:Office'],
      },
    },
  ),
  event('coordinates-alone', ['GEO:48.2;16.37'], { held: { Location: '' } }),
  event('categories', ['CATEGORIES:One\\, two,three,Three,a\\;b'], {
    held: { Categories: '' },
    outlook: {
      changes: of('item:Categories', '<t:Categories><t:String>x, y</t:String></t:Categories>'),
      hides: ['CATEGORIES:One\\, two,three,Three,a\\;b'],
      shows: ['CATEGORIES:x\\, y'],
    },
  }),
];

const bodies: readonly Fact[] = [
  event('description', ['DESCRIPTION:One\\ntwo\\, <b>three</b> & four'], {
    outlook: {
      changes: of(
        'item:Body',
        '<t:Body BodyType="HTML">&lt;p&gt;Other &lt;i&gt;words&lt;/i&gt;&lt;/p&gt;</t:Body>',
      ),
      hides: ['DESCRIPTION:One\\ntwo\\, <b>three</b> & four'],
      shows: ['DESCRIPTION:Other words'],
    },
  }),
  event(
    'description-as-x-alt-desc',
    [
      'DESCRIPTION:Bold\\nwords',
      'X-ALT-DESC;FMTTYPE=text/html:<html><body><b>Bold</b><br>words\\n</body></html>',
    ],
    {
      held: { Body: '<html><body><b>Bold</b><br>words\n</body></html>' },
      outlook: {
        changes: of('item:Body', '<t:Body BodyType="Text">Plain</t:Body>'),
        hides: [
          'DESCRIPTION:Bold\\nwords',
          'X-ALT-DESC;FMTTYPE=text/html:<html><body><b>Bold</b><br>words\\n</body></html>',
        ],
        shows: ['DESCRIPTION:Plain'],
      },
    },
  ),
  event(
    'description-as-altrep',
    ['DESCRIPTION;ALTREP="data:text/html,%3Cb%3EBold%3C%2Fb%3E%20words":Bold words'],
    {
      held: { Body: '<b>Bold</b> words' },
      outlook: {
        changes: of('item:Body', '<t:Body BodyType="Text">Plain</t:Body>'),
        hides: ['DESCRIPTION;ALTREP="data:text/html,%3Cb%3EBold%3C%2Fb%3E%20words":Bold words'],
        shows: ['DESCRIPTION:Plain'],
      },
    },
  ),
  event(
    'description-as-styled-description',
    ['STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<p>Only\\, this</p>'],
    {
      held: { Body: '<p>Only, this</p>' },
      outlook: {
        changes: of('item:Body', '<t:Body BodyType="Text">Plain</t:Body>'),
        hides: ['STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<p>Only\\, this</p>'],
        shows: ['DESCRIPTION:Plain'],
      },
    },
  ),
  event(
    'description-as-a-list-with-links',
    [
      'DESCRIPTION:Two:\\none\\ntwo here',
      'X-ALT-DESC;FMTTYPE=text/html:<p>Two:</p><ul><li>one</li><li>two <a href="https://example.org/">here</a></li></ul>',
    ],
    {
      held: {
        Body: '<p>Two:</p><ul><li>one</li><li>two <a href="https://example.org/">here</a></li></ul>',
      },
    },
  ),
  // Left behind by a client that knows only DESCRIPTION: the plain words are the newer ones.
  event(
    'description-that-its-html-does-not-say',
    ['DESCRIPTION:New words', 'X-ALT-DESC;FMTTYPE=text/html:<b>Old</b>'],
    {
      outlook: {
        changes: of('item:Body', '<t:Body BodyType="Text">Plain</t:Body>'),
        hides: ['DESCRIPTION:New words', 'X-ALT-DESC;FMTTYPE=text/html:<b>Old</b>'],
        shows: ['DESCRIPTION:Plain'],
      },
    },
  ),
  event('description-as-a-part-of-a-mail', ['DESCRIPTION;ALTREP="cid:part1@example.org":Words']),
];

const classes: readonly Fact[] = (
  [
    ['PUBLIC', 'Normal'],
    ['X-PERSONAL', 'Personal'],
    ['PRIVATE', 'Private'],
    ['CONFIDENTIAL', 'Confidential'],
    ['X-SECRET', 'Private'],
  ] as const
).map(([name, sensitivity]) =>
  event(`class-${name.toLowerCase()}`, [`CLASS:${name}`], {
    held: { Sensitivity: sensitivity },
    outlook: {
      changes: of(
        'item:Sensitivity',
        `<t:Sensitivity>${sensitivity === 'Personal' ? 'Private' : 'Personal'}</t:Sensitivity>`,
      ),
      hides: [`CLASS:${name}`],
      shows: [sensitivity === 'Personal' ? 'CLASS:PRIVATE' : 'CLASS:X-PERSONAL'],
    },
  }),
);

const importances = ['Normal', 'High', 'High', 'High', 'High', 'Normal', 'Low', 'Low', 'Low', 'Low'];
const priorities: readonly Fact[] = importances.map((importance, priority) =>
  event(`priority-${priority}`, [`PRIORITY:${priority}`], {
    held: { Importance: importance },
    outlook: {
      changes: of(
        'item:Importance',
        `<t:Importance>${importance === 'High' ? 'Low' : 'High'}</t:Importance>`,
      ),
      hides: [`PRIORITY:${priority}`],
      shows: [importance === 'High' ? 'PRIORITY:9' : 'PRIORITY:1'],
    },
  }),
);

const busyLines: Readonly<Record<string, readonly string[]>> = {
  Free: ['TRANSP:TRANSPARENT'],
  Tentative: ['TRANSP:OPAQUE', 'STATUS:TENTATIVE'],
  Busy: ['TRANSP:OPAQUE'],
  OOF: ['TRANSP:OPAQUE', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'],
  WorkingElsewhere: ['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE'],
};
const kinds = Object.keys(busyLines);
const busy: readonly Fact[] = kinds.map((kind, index) => {
  const other = kinds[(index + 2) % kinds.length] ?? '';
  const [from = [], to = []] = [busyLines[kind], busyLines[other]];
  return event(`busy-${kind.toLowerCase()}`, from, {
    held: { LegacyFreeBusyStatus: kind },
    outlook: {
      changes: of(
        'calendar:LegacyFreeBusyStatus',
        `<t:LegacyFreeBusyStatus>${other}</t:LegacyFreeBusyStatus>`,
      ),
      hides: from.filter((line) => !to.includes(line)),
      shows: to.filter((line) => !from.includes(line)),
    },
  });
});

const states: readonly Fact[] = [
  event('nothing-said-of-time', [], { held: { LegacyFreeBusyStatus: 'Busy', ReminderIsSet: 'false' } }),
  event('confirmed', ['STATUS:CONFIRMED', 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE'], {
    held: { LegacyFreeBusyStatus: 'Busy' },
  }),
  event('tentative-without-transp', ['STATUS:TENTATIVE'], { held: { LegacyFreeBusyStatus: 'Tentative' } }),
  event('cancelled-by-a-client', ['STATUS:CANCELLED'], {
    held: { LegacyFreeBusyStatus: 'Free' },
    outlook: {
      changes: of('calendar:LegacyFreeBusyStatus', '<t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus>'),
      hides: ['STATUS:CANCELLED'],
      shows: ['TRANSP:OPAQUE'],
    },
  }),
  event('what-exchange-writes-beside', [
    'X-MICROSOFT-CDO-BUSYSTATUS:BUSY',
    'X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY',
    'X-MICROSOFT-CDO-ALLDAYEVENT:FALSE',
    'X-MICROSOFT-CDO-APPT-SEQUENCE:3',
    'X-MICROSOFT-CDO-OWNERAPPTID:12',
    'X-MICROSOFT-DISALLOW-COUNTER:FALSE',
  ]),
  event('importance-in-microsofts-word', ['X-MICROSOFT-CDO-IMPORTANCE:2'], {
    held: { Importance: 'High' },
    outlook: {
      changes: of('item:Importance', '<t:Importance>Low</t:Importance>'),
      hides: ['X-MICROSOFT-CDO-IMPORTANCE:2'],
      shows: ['PRIORITY:9'],
    },
  }),
];

const places: readonly Fact[] = [
  event('online-meeting-of-exchange', ['CONFERENCE;VALUE=URI;FEATURE=AUDIO;LABEL=Dial in:tel:+43-1-1'], {
    outlook: {
      changes: `<t:SetItemField>${named('SkypeTeamsMeetingUrl')}<t:CalendarItem><t:ExtendedProperty>${named('SkypeTeamsMeetingUrl')}<t:Value>https://teams.example.com/l/1</t:Value></t:ExtendedProperty></t:CalendarItem></t:SetItemField>`,
      hides: [],
      shows: ['CONFERENCE;VALUE=URI:https://teams.example.com/l/1'],
    },
  }),
  event('meeting-workspace-of-exchange', [], {
    outlook: {
      changes: of(
        'calendar:MeetingWorkspaceUrl',
        '<t:MeetingWorkspaceUrl>https://work.example.com/?a=1&amp;b=2</t:MeetingWorkspaceUrl>',
      ),
      hides: [],
      shows: ['CONFERENCE;VALUE=URI:https://work.example.com/?a=1&b=2'],
    },
  }),
  event('conferences-of-a-client', [
    'CONFERENCE;VALUE=URI;FEATURE=PHONE,MODERATOR;LABEL="Moderator: 1":tel:+1-412-555-0123\\,\\,\\,654321',
    'CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.org/1',
    'X-GOOGLE-CONFERENCE:https://meet.example.org/1',
    'X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.example.org/2',
  ]),
];

const alarms: readonly Fact[] = [
  event('alarm-before', alarm('ACTION:DISPLAY', 'TRIGGER:-PT15M', 'DESCRIPTION:Soon', 'UID:a1', 'X-OWN:1'), {
    held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '15' },
    outlook: { changes: reminder(45), hides: ['TRIGGER:-PT15M'], shows: ['TRIGGER:-PT45M'] },
  }),
  event('alarm-that-sounds', alarm('ACTION:AUDIO', 'TRIGGER:-P1D', 'ATTACH:Chord'), {
    held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '1440' },
    outlook: {
      changes: noReminder,
      hides: ['BEGIN:VALARM', 'ACTION:AUDIO', 'TRIGGER:-P1D', 'ATTACH:Chord', 'END:VALARM'],
      shows: [],
    },
  }),
  event(
    'alarms-of-every-kind',
    [
      ...alarm('ACTION:EMAIL', 'TRIGGER:-P2D', 'SUMMARY:s', 'DESCRIPTION:d', 'ATTENDEE:mailto:x@example.org'),
      ...alarm('ACTION:DISPLAY', 'TRIGGER:PT5M', 'DESCRIPTION:late'),
      ...alarm('ACTION:DISPLAY', 'TRIGGER:-PT10M', 'DESCRIPTION:first', 'REPEAT:2', 'DURATION:PT2M'),
      ...alarm('ACTION:AUDIO', 'TRIGGER;RELATED=END:-PT5M'),
      ...alarm('ACTION:X-LAMP', 'TRIGGER:-PT1M'),
    ],
    {
      held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '10' },
      outlook: { changes: reminder(20), hides: ['TRIGGER:-PT10M'], shows: ['TRIGGER:-PT20M'] },
    },
  ),
  event(
    'alarm-at-a-time',
    alarm('ACTION:DISPLAY', 'TRIGGER;VALUE=DATE-TIME:20261203T080000Z', 'DESCRIPTION:x'),
    {
      held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '120' },
      outlook: {
        changes: reminder(60),
        hides: ['TRIGGER;VALUE=DATE-TIME:20261203T080000Z'],
        shows: ['TRIGGER:-PT1H'],
      },
    },
  ),
  event('alarm-before-the-end', alarm('ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT90M', 'DESCRIPTION:x'), {
    held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '30' },
  }),
  event('alarm-with-seconds', alarm('ACTION:DISPLAY', 'TRIGGER:-PT90S', 'DESCRIPTION:x'), {
    held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '2' },
  }),
  event(
    'alarm-acknowledged',
    alarm('UID:a1', 'ACTION:DISPLAY', 'TRIGGER:-PT10M', 'ACKNOWLEDGED:20261203T095011Z', 'DESCRIPTION:x'),
    {
      // Seen on the telephone, it does not come up in Outlook.
      held: { ReminderIsSet: 'false' },
      outlook: {
        changes: reminder(5),
        hides: ['TRIGGER:-PT10M', 'ACKNOWLEDGED:20261203T095011Z'],
        shows: ['TRIGGER:-PT5M'],
      },
    },
  ),
  event(
    'alarm-snoozed',
    [
      ...alarm(
        'UID:a1',
        'ACTION:DISPLAY',
        'TRIGGER:-PT30M',
        'ACKNOWLEDGED:20261203T093001Z',
        'DESCRIPTION:x',
      ),
      ...alarm(
        'UID:a2',
        'ACTION:DISPLAY',
        'TRIGGER;VALUE=DATE-TIME:20261203T094500Z',
        'RELATED-TO;RELTYPE=SNOOZE:a1',
        'DESCRIPTION:x',
      ),
    ],
    { held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '15' } },
  ),
  event(
    'alarm-seen-in-thunderbird',
    [...alarm('ACTION:DISPLAY', 'TRIGGER:-PT15M', 'DESCRIPTION:x'), 'X-MOZ-LASTACK:20261203T094501Z'],
    { held: { ReminderIsSet: 'false' } },
  ),
  event(
    'alarm-snoozed-in-thunderbird',
    [
      ...alarm('ACTION:DISPLAY', 'TRIGGER:-PT15M', 'DESCRIPTION:x'),
      'X-MOZ-LASTACK:20261203T094501Z',
      'X-MOZ-SNOOZE-TIME:20261203T095501Z',
    ],
    { held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '15' } },
  ),
  event(
    'alarm-of-a-series-acknowledged-once',
    [
      'DTSTART:20261203T100000Z',
      'DTEND:20261203T110000Z',
      'RRULE:FREQ=DAILY;COUNT=5',
      ...alarm('ACTION:DISPLAY', 'TRIGGER:-PT15M', 'ACKNOWLEDGED:20261203T094501Z', 'DESCRIPTION:x'),
      'X-MOZ-LASTACK:20261203T094501Z',
    ],
    { held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '15' } },
  ),
  event(
    'alarm-by-place',
    [
      ...alarm(
        'ACTION:DISPLAY',
        'TRIGGER;VALUE=DATE-TIME:20261203T080000Z',
        'PROXIMITY:ARRIVE',
        'DESCRIPTION:x',
        'BEGIN:VLOCATION',
        'UID:l1',
        'NAME:Office',
        'URL:geo:40.4,-82.9',
        'END:VLOCATION',
      ),
    ],
    { held: { ReminderIsSet: 'false' } },
  ),
  event(
    'alarm-of-apples-defaults',
    [
      ...alarm(
        'X-WR-ALARMUID:1',
        'UID:1',
        'TRIGGER:-PT15H',
        'X-APPLE-DEFAULT-ALARM:TRUE',
        'ATTACH:Basso',
        'ACTION:AUDIO',
      ),
      ...alarm('ACTION:NONE', 'TRIGGER;VALUE=DATE-TIME:19760401T005545Z'),
    ],
    { held: { ReminderIsSet: 'true', ReminderMinutesBeforeStart: '900' } },
  ),
];

const invited = (list: string, ...people: readonly string[]): string =>
  `<t:${list}Attendees>${people
    .map((person) => person.split(' '))
    .map(
      ([name, address]) =>
        `<t:Attendee><t:Mailbox><t:Name>${name}</t:Name><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:Attendee>`,
    )
    .join('')}</t:${list}Attendees>`;

const people: readonly Fact[] = [
  event(
    'attendees-with-every-parameter',
    [
      'ORGANIZER;CN=Me;DIR="ldap://example.org/me";EMAIL=me@example.org;LANGUAGE=de;SENT-BY="mailto:carol@example.test":mailto:alice@example.test',
      'ATTENDEE;CN=Me;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test',
      'ATTENDEE;CN="Doe, Bob";CUTYPE=INDIVIDUAL;DELEGATED-FROM="mailto:x@example.test","mailto:y@example.test";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE;X-NUM-GUESTS=2:mailto:bob@example.test',
      'ATTENDEE;CUTYPE=GROUP;DIR="ldap://example.org/team";LANGUAGE=de;MEMBER="mailto:all@example.test";PARTSTAT=NEEDS-ACTION:mailto:team@example.test',
      'ATTENDEE;CN=Room;CUTYPE=ROOM;PARTSTAT=NEEDS-ACTION;ROLE=NON-PARTICIPANT:mailto:room@example.test',
      'ATTENDEE;DELEGATED-TO="mailto:z@outside.test";EMAIL=o@outside.test;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT;SENT-BY="mailto:s@outside.test":mailto:olga@outside.test',
    ],
    {
      held: {
        'RequiredAttendees/Attendee/Mailbox/EmailAddress': 'bob@example.test',
        'OptionalAttendees/Attendee/Mailbox/EmailAddress': 'olga@outside.test',
        'Resources/Attendee/Mailbox/EmailAddress': 'room@example.test',
      },
      outlook: {
        changes:
          of('calendar:RequiredAttendees', invited('Required', 'Bob bob@example.test')) +
          of(
            'calendar:OptionalAttendees',
            invited('Optional', 'Carol carol@example.test', 'T team@example.test'),
          ),
        hides: [
          'ATTENDEE;CUTYPE=GROUP;DIR="ldap://example.org/team";LANGUAGE=de;MEMBER="mailto:all@example.test";PARTSTAT=NEEDS-ACTION:mailto:team@example.test',
          'ATTENDEE;DELEGATED-TO="mailto:z@outside.test";EMAIL=o@outside.test;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT;SENT-BY="mailto:s@outside.test":mailto:olga@outside.test',
        ],
        shows: [
          'ATTENDEE;CN=Carol;PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT:mailto:carol@example.test',
          'ATTENDEE;CUTYPE=GROUP;DIR="ldap://example.org/team";LANGUAGE=de;MEMBER="mailto:all@example.test";PARTSTAT=NEEDS-ACTION;ROLE=OPT-PARTICIPANT:mailto:team@example.test',
        ],
      },
    },
  ),
];

const kept: readonly Fact[] = [
  event('properties-without-a-place', [
    'URL:https://example.org/a?b=c&d=e',
    'COLOR:tomato',
    'COMMENT;LANGUAGE=en:First\\, of two',
    'COMMENT:Second',
    'CONTACT;ALTREP="https://example.org/v":Jim\\, at work',
    'RESOURCES:Beamer,Room',
    'RELATED-TO;RELTYPE=SIBLING:other@example.org',
    'RELATED-TO;VALUE=URI;RELTYPE=STARTTOFINISH;GAP=PT5M:https://example.org/x',
    'REQUEST-STATUS:2.8;Success\\, repeating event ignored',
    'IMAGE;VALUE=URI;DISPLAY=BADGE,THUMBNAIL;FMTTYPE=image/png:https://example.org/i.png',
    'LINK;LINKREL=SOURCE;VALUE=URI:https://example.org/e',
    'CONCEPT:https://example.org/event-types/arts',
    'REFID:itinerary-2014-11-17',
    'STRUCTURED-DATA;FMTTYPE=application/ld+json;SCHEMA="https://schema.org/Event";VALUE=TEXT:{"a":1\\,"b":"x"}',
    'X-UNKNOWN;X-PARAM="a;b,c":d\\,e',
    'IANA-NEW;VALUE=INTEGER:7',
  ]),
  event('components-of-rfc-9073', [
    'BEGIN:PARTICIPANT',
    'UID:p1',
    'PARTICIPANT-TYPE:PERFORMER',
    'CALENDAR-ADDRESS:mailto:bach@example.org',
    'STRUCTURED-DATA;VALUE=URI:https://example.org/bach.vcf',
    'BEGIN:VLOCATION',
    'UID:l1',
    'NAME:Stage',
    'LOCATION-TYPE:CONCERT-HALL',
    'END:VLOCATION',
    'END:PARTICIPANT',
    'BEGIN:VLOCATION',
    'UID:l2',
    'NAME:Hall',
    'END:VLOCATION',
    'BEGIN:VRESOURCE',
    'UID:r1',
    'RESOURCE-TYPE:PROJECTOR',
    'END:VRESOURCE',
    'BEGIN:X-INNER',
    'X-A:1',
    'END:X-INNER',
  ]),
  event('properties-of-programs', [
    'X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M',
    'X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC',
    'X-MOZ-GENERATION:4',
    'X-EVOLUTION-CALDAV-HREF:/x',
    'X-CALENDARSERVER-ACCESS:RESTRICTED',
    'X-ALLDAY:0',
  ]),
];

export const eventFacts: readonly Fact[] = [
  ...texts,
  ...bodies,
  ...classes,
  ...priorities,
  ...busy,
  ...states,
  ...places,
  ...alarms,
  ...people,
  ...kept,
];
