// What another program changes: every field that the gateway writes, with values of its own, and the names in the text that may
// differ afterwards.
import * as fc from 'fast-check';
import type { FolderKind } from '../../src/model/backend.ts';
import { type Markup, xml } from '../../src/xml/index.ts';
import { address, date, instant, line, name, text, time } from './texts.ts';
import { zones } from './zones.ts';

export interface OutlookEdit {
  /** Fields that the change sets: `item:Subject`, `contacts:EmailAddress`. */
  readonly fields: readonly string[];
  /** Content of SetItemField by its path; without content DeleteItemField. */
  readonly changes: fc.Arbitrary<readonly Change[]>;
  readonly shows: readonly string[];
  /** Exchange drops the exceptions of a series with it. */
  readonly resets?: boolean;
}

export interface Change {
  readonly field: string;
  /** Of what has no FieldURI. */
  readonly path?: Markup;
  readonly index?: string;
  readonly content?: Markup;
}

/** XML holds no control characters; Exchange keeps lines without blanks at their ends. */
const held = (value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  value.map((each) => each.replaceAll(/[\p{Cc}]/gu, ' ').trim()).filter((each) => each !== '');
/** Exchange takes 255 characters for most of these. */
const words = held(line).map((each) => Array.from(each).slice(0, 100).join('').trim());
const body = text
  .map((each) => each.replaceAll(/[^\P{Cc}\n\t]/gu, '').trimEnd())
  .filter((each) => each.trim() !== '');

function set(field: string, index?: string): (content: Markup) => readonly Change[] {
  return (content) => [{ field, content, ...(index !== undefined && { index }) }];
}

function plain(field: string, value: fc.Arbitrary<string>, ...shows: readonly string[]): OutlookEdit {
  const element = field.slice(field.indexOf(':') + 1);
  return {
    fields: [field],
    changes: fc.oneof(
      { arbitrary: value.map((each) => set(field)(xml(`t:${element}`, {}, each))), weight: 4 },
      fc.constant([{ field }]),
    ),
    shows,
  };
}

/** One that can be set, never taken away. */
function word(field: string, values: readonly string[], ...shows: readonly string[]): OutlookEdit {
  const element = field.slice(field.indexOf(':') + 1);
  return {
    fields: [field],
    changes: fc.constantFrom(...values).map((each) => set(field)(xml(`t:${element}`, {}, each))),
    shows,
  };
}

function strings(field: string, most: number, ...shows: readonly string[]): OutlookEdit {
  const element = field.slice(field.indexOf(':') + 1);
  return {
    fields: [field],
    changes: fc
      .uniqueArray(words, { maxLength: most, selector: (each) => each.toLowerCase() })
      .map((all) =>
        all.length === 0
          ? [{ field }]
          : set(field)(xml(`t:${element}`, {}, ...all.map((each) => xml('t:String', {}, each)))),
      ),
    shows,
  };
}

function entries(
  field: string,
  element: string,
  given: { keys: readonly string[]; values: fc.Arbitrary<string>; shows: readonly string[] },
): OutlookEdit {
  const { keys, values, shows } = given;
  return {
    fields: [field],
    changes: fc
      .tuple(fc.constantFrom(...keys), fc.option(values, { freq: 4 }))
      .map(([key, value]) =>
        value === null
          ? [{ field, index: key }]
          : set(field, key)(xml(`t:${element}`, {}, xml('t:Entry', { Key: key }, value))),
      ),
    shows,
  };
}

const reminder: OutlookEdit = {
  fields: ['item:ReminderIsSet', 'item:ReminderMinutesBeforeStart'],
  changes: fc
    .option(fc.constantFrom(0, 5, 15, 45, 1440, 20_160))
    .map((minutes): readonly Change[] => [
      ...set('item:ReminderIsSet')(xml('t:ReminderIsSet', {}, String(minutes !== null))),
      ...(minutes === null
        ? []
        : set('item:ReminderMinutesBeforeStart')(xml('t:ReminderMinutesBeforeStart', {}, minutes))),
    ]),
  shows: ['/VALARM', 'X-MOZ-LASTACK', 'X-MOZ-SNOOZE-TIME'],
};

const dueReminder: OutlookEdit = {
  fields: ['item:ReminderIsSet', 'item:ReminderDueBy'],
  changes: fc
    .option(instant)
    .map((at): readonly Change[] => [
      ...set('item:ReminderIsSet')(xml('t:ReminderIsSet', {}, String(at !== null))),
      ...(at === null
        ? []
        : set('item:ReminderDueBy')(
            xml('t:ReminderDueBy', {}, new Date(at).toISOString().replace('.000', '')),
          )),
    ]),
  shows: ['/VALARM', 'X-MOZ-LASTACK', 'X-MOZ-SNOOZE-TIME'],
};

/** Another time in another zone; the exceptions of a series are gone with it. */
const times: OutlookEdit = {
  fields: ['StartTimeZone', 'EndTimeZone', 'Start', 'End', 'IsAllDayEvent'].map((each) => `calendar:${each}`),
  changes: fc
    .record({ day: date, clock: time, zone: fc.constantFrom(...zones), isAllDay: fc.boolean() })
    .map(({ day, clock, zone, isAllDay }) => {
      const start = isAllDay ? `${day}T00:00:00` : `${day}T${clock}`;
      const end = new Date(Date.parse(`${start}Z`) + (isAllDay ? 86_400_000 : 1_800_000))
        .toISOString()
        .slice(0, 19);
      const values = {
        StartTimeZone: xml('t:StartTimeZone', { Id: zone.zone.id }),
        EndTimeZone: xml('t:EndTimeZone', { Id: zone.zone.id }),
        Start: xml('t:Start', {}, start),
        End: xml('t:End', {}, end),
        IsAllDayEvent: xml('t:IsAllDayEvent', {}, String(isAllDay)),
      };
      return Object.entries(values).flatMap(([name, content]) => set(`calendar:${name}`)(content));
    }),
  // An alarm may be bound to another time than Exchange's is.
  shows: ['DTSTART', 'DTEND', 'DURATION', 'EXDATE', '/VALARM'],
  resets: true,
};

function people(field: string): OutlookEdit {
  const element = field.slice(field.indexOf(':') + 1);
  return {
    fields: [field],
    changes: fc
      .uniqueArray(fc.tuple(address, fc.option(name)), {
        maxLength: 3,
        selector: ([each]) => each.toLowerCase(),
      })
      .map((all) =>
        all.length === 0
          ? [{ field }]
          : set(field)(
              xml(
                `t:${element}`,
                {},
                ...all.map(([each, called]) =>
                  xml(
                    't:Attendee',
                    {},
                    xml(
                      't:Mailbox',
                      {},
                      called === null ? undefined : xml('t:Name', {}, called),
                      xml('t:EmailAddress', {}, each),
                    ),
                  ),
                ),
              ),
            ),
      ),
    shows: ['ORGANIZER', 'ATTENDEE'],
  };
}

const shared: readonly OutlookEdit[] = [
  plain('item:Subject', words, 'SUMMARY'),
  word('item:Importance', ['Low', 'Normal', 'High'], 'PRIORITY', 'X-MICROSOFT-CDO-IMPORTANCE'),
  word('item:Sensitivity', ['Normal', 'Personal', 'Private', 'Confidential'], 'CLASS'),
  strings('item:Categories', 3, 'CATEGORIES'),
];

function bodyOf(...shows: readonly string[]): OutlookEdit {
  return {
    fields: ['item:Body'],
    changes: fc
      .option(body, { freq: 5 })
      .map((each) =>
        each === null
          ? [{ field: 'item:Body' }]
          : set('item:Body')(xml('t:Body', { BodyType: 'Text' }, each)),
      ),
    shows,
  };
}

const day = (field: string, ...shows: readonly string[]): OutlookEdit =>
  plain(
    field,
    date.map((each) => `${each}T00:00:00Z`),
    ...shows,
  );

const minutes = fc.constantFrom('1', '45', '480', '6000');

const phoneKeys =
  'AssistantPhone BusinessFax BusinessPhone BusinessPhone2 Callback CarPhone CompanyMainPhone HomeFax HomePhone HomePhone2 Isdn MobilePhone OtherFax OtherTelephone Pager PrimaryPhone RadioPhone Telex TtyTddPhone'.split(
    ' ',
  );
const addressParts = ['Street', 'City', 'State', 'CountryOrRegion', 'PostalCode'];

/** A text of one line under a MAPI name. */
function mapi(
  path: string,
  attributes: Readonly<Record<string, string>>,
  ...shows: readonly string[]
): OutlookEdit {
  const uri = xml('t:ExtendedFieldURI', attributes);
  return {
    fields: [path],
    changes: fc
      .option(words, { freq: 5 })
      .map((each) => [
        each === null
          ? { field: path, path: uri }
          : { field: path, path: uri, content: xml('t:ExtendedProperty', {}, uri, xml('t:Value', {}, each)) },
      ]),
    shows,
  };
}

const tag = (name: string, ...shows: readonly string[]): OutlookEdit =>
  mapi(name, { PropertyTag: name, PropertyType: 'String' }, ...shows);
const named = (id: string, ...shows: readonly string[]): OutlookEdit =>
  mapi(id, { DistinguishedPropertySetId: 'Address', PropertyId: id, PropertyType: 'String' }, ...shows);

/** Apple's labels stand for some facts, each in a group of its own. */
const labels = ['X-ABLABEL', 'X-ABRELATEDNAMES', 'X-ABDATE'];
const relations = [
  'RELATED',
  'X-SPOUSE',
  'X-CHILD',
  'X-EVOLUTION-SPOUSE',
  'X-KADDRESSBOOK-X-SPOUSESNAME',
  ...labels,
];
const impps = [
  'IMPP',
  ...'AIM GADUGADU GOOGLE-TALK GROUPWISE GTALK ICQ JABBER MATRIX MSN QQ SKYPE SKYPE-USERNAME YAHOO'
    .split(' ')
    .map((each) => `X-${each}`),
];

export const outlookTable: Readonly<Record<FolderKind | 'groups', readonly OutlookEdit[]>> = {
  events: [
    ...shared,
    bodyOf('DESCRIPTION', 'X-ALT-DESC', 'STYLED-DESCRIPTION'),
    plain('calendar:Location', words, 'LOCATION', 'GEO', 'X-APPLE-STRUCTURED-LOCATION'),
    word(
      'calendar:LegacyFreeBusyStatus',
      ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere'],
      'TRANSP',
      'STATUS',
      'X-MICROSOFT-CDO-BUSYSTATUS',
    ),
    reminder,
    times,
    {
      fields: ['calendar:Recurrence'],
      changes: fc.constant([{ field: 'calendar:Recurrence' }]),
      // What happens once has a zone of its end too.
      shows: ['RRULE', 'RDATE', 'EXDATE', 'DTSTART', 'DTEND', 'DURATION', '/VALARM'],
      resets: true,
    },
    people('calendar:RequiredAttendees'),
    people('calendar:OptionalAttendees'),
    people('calendar:Resources'),
  ],
  tasks: [
    ...shared,
    bodyOf('DESCRIPTION', 'X-ALT-DESC', 'STYLED-DESCRIPTION'),
    dueReminder,
    // Alarms that were bound to these times are shown at the moment that Exchange keeps.
    // A rule means other days then, and is told as Exchange has it.
    day('task:StartDate', 'DTSTART', 'DUE', 'DURATION', 'RRULE', 'X-EXDAV-REGENERATES', '/VALARM'),
    day('task:DueDate', 'DTSTART', 'DUE', 'DURATION', 'RRULE', 'X-EXDAV-REGENERATES', '/VALARM'),
    {
      fields: ['task:Recurrence'],
      changes: fc.constant([{ field: 'task:Recurrence' }]),
      // In UTC, days of a series are those of its clock, the day of a single task is the reader's.
      shows: ['RRULE', 'X-EXDAV-REGENERATES', 'DTSTART', 'DUE', 'DURATION', '/VALARM'],
    },
    plain('task:TotalWork', minutes, 'ESTIMATED-DURATION'),
    plain('task:ActualWork', minutes, 'X-EXDAV-ACTUAL-WORK'),
    word('task:PercentComplete', ['0', '10', '99', '100'], 'STATUS', 'PERCENT-COMPLETE', 'COMPLETED'),
    word(
      'task:Status',
      ['NotStarted', 'InProgress', 'Completed', 'WaitingOnOthers', 'Deferred'],
      'STATUS',
      'PERCENT-COMPLETE',
      'COMPLETED',
    ),
    word('task:CompleteDate', ['2020-02-29T00:00:00Z'], 'STATUS', 'PERCENT-COMPLETE', 'COMPLETED'),
  ],
  contacts: [
    word('item:Sensitivity', ['Normal', 'Personal', 'Private', 'Confidential'], 'CLASS', 'X-CLASS'),
    strings('item:Categories', 3, 'CATEGORIES'),
    bodyOf('NOTE'),
    {
      ...plain('contacts:DisplayName', words, 'FN'),
      changes: words.map((each) => set('contacts:DisplayName')(xml('t:DisplayName', {}, each))),
    },
    plain('contacts:FileAs', words, 'X-EVOLUTION-FILE-AS'),
    word('contacts:FileAsMapping', ['LastCommaFirst', 'Company'], 'X-EVOLUTION-FILE-AS'),
    ...['GivenName', 'MiddleName', 'Surname', 'Generation'].map((each) =>
      plain(`contacts:${each}`, words, 'N'),
    ),
    plain('contacts:Nickname', words, 'NICKNAME'),
    entries('contacts:EmailAddress', 'EmailAddresses', {
      keys: ['EmailAddress1', 'EmailAddress2', 'EmailAddress3'],
      values: address,
      shows: ['EMAIL'],
    }),
    entries('contacts:PhoneNumber', 'PhoneNumbers', {
      keys: phoneKeys,
      values: fc.constantFrom('+43 1 99', '0815', '+1 (555) 1'),
      shows: ['TEL'],
    }),
    entries('contacts:ImAddress', 'ImAddresses', {
      keys: ['ImAddress1', 'ImAddress2', 'ImAddress3'],
      values: fc.constantFrom('xmpp:outlook@example.org', 'outlook.im', 'sip:o@example.org'),
      shows: impps,
    }),
    ...addressParts.map((each): OutlookEdit => ({
      fields: [`contacts:PhysicalAddress:${each}`],
      changes: fc
        .tuple(fc.constantFrom('Business', 'Home', 'Other'), words)
        .map(([index, value]) =>
          set(
            `contacts:PhysicalAddress:${each}`,
            index,
          )(xml('t:PhysicalAddresses', {}, xml('t:Entry', { Key: index }, xml(`t:${each}`, {}, value)))),
        ),
      shows: ['ADR'],
    })),
    plain('contacts:CompanyName', words, 'ORG'),
    plain('contacts:Department', words, 'ORG'),
    plain('contacts:OfficeLocation', words, 'X-OFFICE', 'X-EVOLUTION-OFFICE', 'X-KADDRESSBOOK-X-OFFICE'),
    plain('contacts:JobTitle', words, 'TITLE'),
    plain('contacts:Profession', words, 'ROLE'),
    plain(
      'contacts:Manager',
      words,
      'X-MANAGER',
      'X-EVOLUTION-MANAGER',
      'X-KADDRESSBOOK-X-MANAGERSNAME',
      'X-MS-MANAGER',
      ...labels,
    ),
    plain(
      'contacts:AssistantName',
      words,
      'X-ASSISTANT',
      'X-EVOLUTION-ASSISTANT',
      'X-KADDRESSBOOK-X-ASSISTANTSNAME',
      'X-MS-ASSISTANT',
      ...labels,
    ),
    plain('contacts:SpouseName', words, ...relations),
    strings('contacts:Children', 3, ...relations),
    day('contacts:Birthday', 'BDAY'),
    day(
      'contacts:WeddingAnniversary',
      'ANNIVERSARY',
      'X-ANNIVERSARY',
      'X-EVOLUTION-ANNIVERSARY',
      'X-KADDRESSBOOK-X-ANNIVERSARY',
      ...labels,
    ),
    plain(
      'contacts:BusinessHomePage',
      fc.constantFrom('https://example.org/outlook', 'http://o.example/?a,b'),
      'URL',
    ),
    tag('0x3A45', 'N'),
    tag('0x3A43', 'HOBBY', 'X-HOBBY'),
    tag('0x3A50', 'URL'),
    tag('0x3A5E', 'ADR'),
    named('32842', 'ADR'),
    tag('0x3A64', 'ADR'),
    named('32812', 'X-PHONETIC-FIRST-NAME'),
    named('32813', 'X-PHONETIC-LAST-NAME'),
    named('32814', 'X-PHONETIC-ORG'),
    named('32984', 'FBURL', 'X-FBURL'),
    {
      fields: ['0x3A4D'],
      changes: fc.constantFrom('1', '2').map((each) => {
        const uri = xml('t:ExtendedFieldURI', { PropertyTag: '0x3A4D', PropertyType: 'Short' });
        return [
          {
            field: '0x3A4D',
            path: uri,
            content: xml('t:ExtendedProperty', {}, uri, xml('t:Value', {}, each)),
          },
        ];
      }),
      shows: ['GENDER', 'X-GENDER'],
    },
    word('contacts:PostalAddressIndex', ['Business', 'Home', 'Other', 'None'], 'ADR'),
  ],
  groups: [
    word('item:Sensitivity', ['Normal', 'Personal', 'Private', 'Confidential'], 'CLASS', 'X-CLASS'),
    strings('item:Categories', 3, 'CATEGORIES'),
    bodyOf('NOTE'),
    {
      fields: ['contacts:DisplayName'],
      changes: words.map((each) => set('contacts:DisplayName')(xml('t:DisplayName', {}, each))),
      shows: ['FN', 'N'],
    },
  ],
};

const elements = {
  events: 'CalendarItem',
  tasks: 'Task',
  contacts: 'Contact',
  groups: 'DistributionList',
} satisfies Record<keyof typeof outlookTable, string>;

/** SetItemField and DeleteItemField as UpdateItem has them. */
export function updatesOf(kind: keyof typeof outlookTable, changes: readonly Change[]): Markup[] {
  return changes.map(({ field, index, content, path: given }) => {
    const path =
      given ??
      (index === undefined
        ? xml('t:FieldURI', { FieldURI: field })
        : xml('t:IndexedFieldURI', { FieldURI: field, FieldIndex: index }));
    return content === undefined
      ? xml('t:DeleteItemField', {}, path)
      : xml('t:SetItemField', {}, path, xml(`t:${elements[kind]}`, {}, content));
  });
}
