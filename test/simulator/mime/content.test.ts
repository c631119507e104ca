// item:MimeContent both ways (BEHAVIOUR §4, §8; examples/MimeContent; [MS-OXWSCORE] 2.2.4.24): iCalendar text of calendar
// items as Exchange writes it, and calendar items made of it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { importEvent } from '../../../simulator/mime/event-import.ts';
import { utcZone } from '../../../simulator/calendar/index.ts';
import { specFolder } from '../envelopes.ts';
import {
  all,
  at,
  bareId,
  codeOf,
  createEvent,
  createOther,
  get,
  idOf,
  ok,
  path,
  remove,
  set,
  start,
  updateBody,
  zones,
} from '../soap-client.ts';
import { getAs, invite, itemsIn, only } from '../scheduling/people.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const mimeShape = '<t:BaseShape>IdOnly</t:BaseShape><t:IncludeMimeContent>true</t:IncludeMimeContent>';
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const decoded = (item: Parameters<typeof path>[0]): string =>
  Buffer.from(path(item, 'MimeContent'), 'base64').toString();
const mimeOf = async (id: string): Promise<string> => decoded(await get(sim, id, mimeShape));
const linesOf = (text: string): string[] => text.replaceAll('\r\n ', '').split('\r\n');

const berlin = `BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE`;

const calendar = (event: string, zone = berlin): string =>
  `BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test\n${zone}\n${event}\nEND:VCALENDAR\n`.replaceAll('\n', '\r\n');
const vevent = (...lines: string[]): string => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'].join('\n');
const mime = (text: string): string => `<t:MimeContent CharacterSet="UTF-8">${base64(text)}</t:MimeContent>`;

const weekly =
  '<t:Recurrence><t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Thursday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence><t:EndDateRecurrence><t:StartDate>2025-03-03</t:StartDate><t:EndDate>2025-04-30</t:EndDate></t:EndDateRecurrence></t:Recurrence>';

describe('a calendar item as text', () => {
  it('has the parts, zone and X-MICROSOFT lines of captured ones (MS-OXWSCDATA_R21188; MimeContent 09, corpus)', async () => {
    const id = idOf(
      await createEvent(
        sim,
        `<t:Subject>Lunch, with “ü”</t:Subject><t:Body BodyType="Text">One\nTwo</t:Body><t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart><t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End><t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus><t:Location>Hall</t:Location>${zones('W. Europe Standard Time')}`,
      ),
    );
    const item = await get(sim, id, mimeShape);
    expect(at(item, 'MimeContent')?.attrs['CharacterSet']).toBe('UTF-8');
    const lines = linesOf(decoded(item));
    expect(lines.slice(0, 4)).toEqual([
      'BEGIN:VCALENDAR',
      'METHOD:PUBLISH',
      'PRODID:Microsoft Exchange Server 2010',
      'VERSION:2.0',
    ]);
    expect(lines.slice(4, 19)).toEqual(berlin.split('\n'));
    const event = lines.slice(19).filter((line) => !/^(UID|DTSTAMP)/.test(line));
    expect(event).toEqual([
      'BEGIN:VEVENT',
      String.raw`DESCRIPTION;LANGUAGE=en-US:One\nTwo`,
      String.raw`SUMMARY;LANGUAGE=en-US:Lunch\, with “ü”`,
      'DTSTART;TZID=W. Europe Standard Time:20250602T120000',
      'DTEND;TZID=W. Europe Standard Time:20250602T130000',
      'CLASS:PUBLIC',
      'PRIORITY:5',
      'TRANSP:OPAQUE',
      'STATUS:CONFIRMED',
      'SEQUENCE:0',
      'LOCATION;LANGUAGE=en-US:Hall',
      'X-MICROSOFT-CDO-APPT-SEQUENCE:0',
      'X-MICROSOFT-CDO-BUSYSTATUS:OOF',
      'X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY',
      'X-MICROSOFT-CDO-ALLDAYEVENT:FALSE',
      'X-MICROSOFT-CDO-IMPORTANCE:1',
      'X-MICROSOFT-CDO-INSTTYPE:0',
      'X-MICROSOFT-DONOTFORWARDMEETING:FALSE',
      'X-MICROSOFT-DISALLOW-COUNTER:FALSE',
      'X-MICROSOFT-REQUESTEDATTENDANCEMODE:DEFAULT',
      'X-MICROSOFT-ISRESPONSEREQUESTED:FALSE',
      'BEGIN:VALARM',
      'DESCRIPTION:REMINDER',
      'TRIGGER;RELATED=START:-PT30M',
      'ACTION:DISPLAY',
      'END:VALARM',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ]);
  });

  it('is there only when asked for, by IncludeMimeContent or by name (MS-OXWSCDATA_R21189)', async () => {
    const id = idOf(await createEvent(sim, '<t:Subject>x</t:Subject>'));
    expect(at(await get(sim, id), 'MimeContent')).toBeUndefined();
    const named =
      '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:MimeContent"/></t:AdditionalProperties>';
    expect(decoded(await get(sim, id, named))).toContain('BEGIN:VEVENT');
  });

  it('of whole days has dates in the zone they were made in (MimeContent 05)', async () => {
    const id = idOf(
      await createEvent(
        sim,
        `<t:Subject>Day</t:Subject><t:ReminderIsSet>false</t:ReminderIsSet><t:Start>2025-06-02T00:00:00</t:Start><t:End>2025-06-04T00:00:00</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Free</t:LegacyFreeBusyStatus>${zones('W. Europe Standard Time')}`,
      ),
    );
    const lines = linesOf(await mimeOf(id));
    expect(lines).toEqual(
      expect.arrayContaining([
        'DTSTART;VALUE=DATE:20250602',
        'DTEND;VALUE=DATE:20250604',
        'X-MICROSOFT-CDO-ALLDAYEVENT:TRUE',
        'TRANSP:TRANSPARENT',
        'X-MICROSOFT-CDO-BUSYSTATUS:FREE',
      ]),
    );
    expect(lines).not.toContain('BEGIN:VALARM');
  });

  it('of a series has rule, deletions, and each exception with its UID and RECURRENCE-ID (§8; MimeContent 05, 08)', async () => {
    const master = await createEvent(
      sim,
      `<t:Subject>Series</t:Subject><t:Start>2025-03-03T09:00:00</t:Start><t:End>2025-03-03T10:00:00</t:End>${weekly}${zones('W. Europe Standard Time')}`,
    );
    const occurrence = (index: number): string =>
      `<t:OccurrenceItemId RecurringMasterId="${bareId(master)}" InstanceIndex="${index}"/>`;
    await ok(
      sim,
      updateBody(occurrence(3), set('item:Subject', 'CalendarItem', '<t:Subject>Other</t:Subject>')),
    );
    await ok(
      sim,
      `<m:DeleteItem DeleteType="HardDelete" SendMeetingCancellations="SendToNone"><m:ItemIds>${occurrence(2)}</m:ItemIds></m:DeleteItem>`,
    );
    const text = await mimeOf(idOf(await get(sim, `Id="${bareId(master)}"`)));
    const [head, first, second, ...more] = text.split('BEGIN:VEVENT');
    expect([head?.includes('VTIMEZONE'), more.length]).toEqual([true, 0]);
    const lines = linesOf(first!);
    // 28 April 09:00 in Berlin is 07:00 UTC.
    expect(lines).toContain('RRULE:FREQ=WEEKLY;UNTIL=20250428T070000Z;INTERVAL=2;BYDAY=MO,TH;WKST=MO');
    expect(lines).toContain('EXDATE;TZID=W. Europe Standard Time:20250306T090000');
    expect(lines).toContain('X-MICROSOFT-CDO-INSTTYPE:1');
    const other = linesOf(second!);
    expect(other).toContain('RECURRENCE-ID;TZID=W. Europe Standard Time:20250317T090000');
    expect(other).toContain('SUMMARY;LANGUAGE=en-US:Other');
    expect(other).toContain('X-MICROSOFT-CDO-INSTTYPE:3');
    expect(other.find((line) => line.startsWith('UID'))).toBe(lines.find((line) => line.startsWith('UID')));
    const single = linesOf(decoded(await get(sim, occurrence(4), mimeShape)));
    expect(single).toContain('X-MICROSOFT-CDO-INSTTYPE:2');
    expect(single).toContain('RECURRENCE-ID;TZID=W. Europe Standard Time:20250320T090000');
  });

  it('of a meeting has people, but not who has answered (§8; MimeContent 01)', async () => {
    const id = await invite(sim);
    const lines = linesOf(await mimeOf(`Id="${id}"`));
    expect(lines).toContain('METHOD:REQUEST');
    expect(lines).toContain('ORGANIZER;CN=Alice Example:MAILTO:alice@example.test');
    expect(lines).toContain(
      'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=bob@example.test:MAILTO:bob@example.test',
    );
    const theirs = linesOf(decoded(await asBob(bareId(await only(sim, 'bob', 'calendar')))));
    expect(theirs).toContain('X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE');
    expect(theirs).toContain('X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY');
  });

  const asBob = async (id: string) =>
    (
      await ok(
        sim,
        `<m:GetItem><m:ItemShape>${mimeShape}</m:ItemShape><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:GetItem>`,
        { user: 'bob' },
      )
    ).entity!;

  it('of a zone of its own says Customized Time Zone, and of UTC has both parts (MimeContent 07, 11)', async () => {
    const id = idOf(
      await createEvent(
        sim,
        '<t:Subject>u</t:Subject><t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>',
      ),
    );
    const lines = linesOf(await mimeOf(id));
    expect(lines.slice(4, 15)).toEqual([
      'BEGIN:VTIMEZONE',
      'TZID:UTC',
      'BEGIN:STANDARD',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0000',
      'TZOFFSETTO:+0000',
      'END:STANDARD',
      'BEGIN:DAYLIGHT',
      'DTSTART:16010101T000000',
      'TZOFFSETFROM:+0000',
      'TZOFFSETTO:+0000',
    ]);
    expect(lines).toContain('DTSTART;TZID=UTC:20250602T100000');
    const custom =
      '<t:StartTimeZone Id="tzone://Microsoft/Custom" Name="Mine"><t:Periods><t:Period Bias="-PT5H30M" Name="Standard" Id="p"/></t:Periods></t:StartTimeZone>';
    const own = idOf(
      await createEvent(
        sim,
        `<t:Subject>c</t:Subject><t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>${custom}`,
      ),
    );
    expect(linesOf(await mimeOf(own))).toContain('DTSTART;TZID=Customized Time Zone:20250602T153000');
  });
});

describe('other kinds as text (MS-OXWSCORE_R2309, R23091)', () => {
  it('a contact is a vCard', async () => {
    const contact = await createOther(
      sim,
      '<t:Contact><t:Body BodyType="Text">Line\nnext</t:Body><t:DisplayName>Ann, Lee</t:DisplayName><t:GivenName>Ann</t:GivenName><t:CompanyName>Acme</t:CompanyName><t:EmailAddresses><t:Entry Key="EmailAddress1">ann@example.test</t:Entry></t:EmailAddresses><t:PhoneNumbers><t:Entry Key="MobilePhone">+1</t:Entry></t:PhoneNumbers><t:Surname>Lee</t:Surname></t:Contact>',
    );
    const lines = linesOf(await mimeOf(idOf(contact)));
    expect(lines.slice(0, 7)).toEqual([
      'BEGIN:VCARD',
      'PROFILE:VCARD',
      'VERSION:3.0',
      'MAILER:Microsoft Exchange',
      'PRODID:Microsoft Exchange',
      String.raw`FN:Ann\, Lee`,
      'N:Lee;Ann;;;',
    ]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'EMAIL;TYPE=INTERNET:ann@example.test',
        'TEL;TYPE=CELL:+1',
        'ORG:Acme',
        String.raw`NOTE:Line\nnext`,
      ]),
    );
  });

  it('a message is one of RFC 5322, a request carries its calendar, a task reads as a message', async () => {
    await invite(sim);
    const [request] = await itemsIn(sim, 'alice', 'sentitems');
    const text = await mimeOf(idOf(request));
    expect(text).toMatch(/^From: Alice Example <alice@example\.test>\r\nTo: /);
    expect(text).toContain('Subject: Plan\r\n');
    expect(text).toContain('Content-Type: text/calendar; charset="utf-8"; method=REQUEST');
    const encoded = text.split('method=REQUEST')[1]!.split('\r\n\r\n')[1]!;
    expect(Buffer.from(encoded, 'base64').toString()).toContain('METHOD:REQUEST');
    const task = await createOther(sim, '<t:Task><t:Subject>Täglich</t:Subject></t:Task>');
    expect(await mimeOf(idOf(task))).toContain('Subject: =?utf-8?B?');
  });
});

describe('a calendar item made of text', () => {
  const createFrom = async (text: string, more = '', zone = 'W. Europe Standard Time'): Promise<string> => {
    const message = await ok(
      sim,
      `<m:CreateItem MessageDisposition="SaveOnly" SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem>${mime(text)}${more}</t:CalendarItem></m:Items></m:CreateItem>`,
      { header: `<t:TimeZoneContext><t:TimeZoneDefinition Id="${zone}"/></t:TimeZoneContext>` },
    );
    return idOf(message.entity);
  };

  it('takes what the text says, and what the request says after it (DavMail: MimeContent with LegacyFreeBusyStatus; §8)', async () => {
    const event = vevent(
      'UID:own-1',
      'SUMMARY:From text',
      String.raw`DESCRIPTION:One\nTwo`,
      'LOCATION:Hall',
      'CLASS:PRIVATE',
      'PRIORITY:1',
      'CATEGORIES:Red,Blue',
      'DTSTART;TZID=W. Europe Standard Time:20250602T120000',
      'DTEND;TZID=W. Europe Standard Time:20250602T130000',
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'TRIGGER:-PT1H',
      'END:VALARM',
    );
    const item = await get(
      sim,
      await createFrom(calendar(event), '<t:LegacyFreeBusyStatus>Tentative</t:LegacyFreeBusyStatus>'),
    );
    const shown = (name: string): string => path(item, name);
    expect(
      ['UID', 'Subject', 'Location', 'Sensitivity', 'Importance', 'Start', 'End', 'LegacyFreeBusyStatus'].map(
        shown,
      ),
    ).toEqual([
      'own-1',
      'From text',
      'Hall',
      'Private',
      'High',
      '2025-06-02T10:00:00Z',
      '2025-06-02T11:00:00Z',
      'Tentative',
    ]);
    expect(all(item, 'Categories/String').length).toBe(2);
    expect([shown('ReminderIsSet'), shown('ReminderMinutesBeforeStart'), shown('StartTimeZoneId')]).toEqual([
      'true',
      '60',
      'W. Europe Standard Time',
    ]);
    expect(shown('Body')).toContain('One<br>');
  });

  it('without an alarm has none; whole days and floating times count in the zone of the request (§8)', async () => {
    const days = await get(
      sim,
      await createFrom(
        calendar(vevent('UID:d', 'SUMMARY:Day', 'DTSTART;VALUE=DATE:20250602', 'TRANSP:TRANSPARENT'), ''),
      ),
    );
    expect(
      ['ReminderIsSet', 'IsAllDayEvent', 'Start', 'End', 'LegacyFreeBusyStatus'].map((name) =>
        path(days, name),
      ),
    ).toEqual(['false', 'true', '2025-06-01T22:00:00Z', '2025-06-02T22:00:00Z', 'Free']);
    const floating = await get(
      sim,
      await createFrom(calendar(vevent('UID:f', 'DTSTART:20250602T090000', 'DURATION:PT90M'), '')),
    );
    expect([path(floating, 'Start'), path(floating, 'End')]).toEqual([
      '2025-06-02T07:00:00Z',
      '2025-06-02T08:30:00Z',
    ]);
  });

  it('can be a series with exceptions and deletions, and reads back the same (DavMail creates series so)', async () => {
    const text = calendar(
      [
        vevent(
          'UID:s',
          'SUMMARY:Series',
          'DTSTART;TZID=W. Europe Standard Time:20250303T090000',
          'DTEND;TZID=W. Europe Standard Time:20250303T100000',
          'RRULE:FREQ=WEEKLY;COUNT=6;BYDAY=MO,TH;WKST=MO',
          'EXDATE;TZID=W. Europe Standard Time:20250306T090000',
        ),
        vevent(
          'UID:s',
          'SUMMARY:Moved',
          'RECURRENCE-ID;TZID=W. Europe Standard Time:20250310T090000',
          'DTSTART;TZID=W. Europe Standard Time:20250310T140000',
          'DTEND;TZID=W. Europe Standard Time:20250310T150000',
        ),
      ].join('\n'),
    );
    const id = await createFrom(text);
    const item = await get(sim, id);
    expect(path(item, 'Recurrence/WeeklyRecurrence/DaysOfWeek')).toBe('Monday Thursday');
    expect(path(item, 'Recurrence/NumberedRecurrence/NumberOfOccurrences')).toBe('6');
    expect(path(item, 'DeletedOccurrences/DeletedOccurrence/Start')).toBe('2025-03-06T08:00:00Z');
    expect(
      all(item, 'ModifiedOccurrences/Occurrence').map((one) => [
        path(one, 'OriginalStart'),
        path(one, 'Start'),
      ]),
    ).toEqual([['2025-03-10T08:00:00Z', '2025-03-10T13:00:00Z']]);
    const moved = await get(
      sim,
      `<t:OccurrenceItemId RecurringMasterId="${bareId(item)}" InstanceIndex="3"/>`,
    );
    expect([path(moved, 'Subject'), path(moved, 'CalendarItemType')]).toEqual(['Moved', 'Exception']);
    const again = await get(sim, await createFrom(await mimeOf(id)));
    for (const name of ['Recurrence', 'DeletedOccurrences', 'Start', 'End'])
      expect(JSON.stringify(at(again, name)?.children)).toBe(JSON.stringify(at(item, name)?.children));
    expect(path(again, 'ModifiedOccurrences/Occurrence/Start')).toBe('2025-03-10T13:00:00Z');
  });

  it.each([
    ['FREQ=DAILY;INTERVAL=3', 'DailyRecurrence', 'Interval', '3'],
    ['FREQ=DAILY;BYDAY=MO,TU', 'WeeklyRecurrence', 'DaysOfWeek', 'Monday Tuesday'],
    ['FREQ=WEEKLY', 'WeeklyRecurrence', 'DaysOfWeek', 'Monday'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'AbsoluteMonthlyRecurrence', 'DayOfMonth', '31'],
    ['FREQ=MONTHLY;BYDAY=2TU', 'RelativeMonthlyRecurrence', 'DayOfWeekIndex', 'Second'],
    ['FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', 'RelativeMonthlyRecurrence', 'DaysOfWeek', 'Weekday'],
    ['FREQ=YEARLY', 'AbsoluteYearlyRecurrence', 'Month', 'March'],
    ['FREQ=YEARLY;BYDAY=-1SU;BYMONTH=5', 'RelativeYearlyRecurrence', 'Month', 'May'],
    ['FREQ=YEARLY;INTERVAL=2', 'AbsoluteMonthlyRecurrence', 'Interval', '24'],
  ])('maps %s to %s (§7: patterns)', async (rule, element, part, value) => {
    const id = await createFrom(
      calendar(
        vevent(
          'UID:r',
          'DTSTART;TZID=W. Europe Standard Time:20250303T090000',
          'DURATION:PT1H',
          `RRULE:${rule}`,
        ),
      ),
    );
    expect(path(await get(sim, id), `Recurrence/${element}/${part}`)).toBe(value);
    const back = linesOf(await mimeOf(id)).find(
      (line) =>
        line.startsWith('RRULE:FREQ') && !line.includes('SU;BYMONTH=10') && !line.includes('SU;BYMONTH=3'),
    )!;
    const again = await createFrom(
      calendar(
        vevent('UID:q', 'DTSTART;TZID=W. Europe Standard Time:20250303T090000', 'DURATION:PT1H', back),
      ),
    );
    expect(path(await get(sim, again), `Recurrence/${element}/${part}`)).toBe(value);
  });

  it('finds the changed days of an all-day series, named by midnight of some zone (MimeContent 05)', () => {
    const day = (...lines: string[]) => vevent('UID:w', ...lines);
    const text = calendar(
      [
        day('DTSTART;VALUE=DATE:20250402', 'RRULE:FREQ=WEEKLY;COUNT=5'),
        day('RECURRENCE-ID;TZID=W. Europe Standard Time:20250416T000000', 'DTSTART;VALUE=DATE:20250417'),
      ].join('\n'),
    );
    const { exceptions } = importEvent(text, { startZone: utcZone, endZone: utcZone, now: 0 });
    expect(exceptions.map(({ index }) => index)).toEqual([3]);
  });

  it('knows the display names that Exchange writes without a VTIMEZONE (MimeContent 06)', () => {
    const text = calendar(
      vevent('UID:n', 'DTSTART;TZID="(GMT-05:00) Eastern Time (US & Canada)":20250702T090000'),
      '',
    );
    const { values } = importEvent(text, { startZone: utcZone, endZone: utcZone, now: 0 });
    expect(new Date(values.start ?? 0).toISOString()).toBe('2025-07-02T13:00:00.000Z');
  });

  it('knows zones by IANA name, and makes its own of foreign rules (§8: custom zones)', async () => {
    const iana = await get(
      sim,
      await createFrom(
        calendar(vevent('UID:i', 'DTSTART;TZID=America/New_York:20250602T090000', 'DURATION:PT1H'), ''),
      ),
    );
    expect([path(iana, 'Start'), path(iana, 'StartTimeZoneId')]).toEqual([
      '2025-06-02T13:00:00Z',
      'Eastern Standard Time',
    ]);
    const foreign = berlin
      .replace('W. Europe Standard Time', 'Mars')
      .replaceAll('+0200', '+0245')
      .replaceAll('+0100', '+0145');
    const own = await get(
      sim,
      await createFrom(
        calendar(vevent('UID:m', 'DTSTART;TZID=Mars:20250602T090000', 'DURATION:PT1H'), foreign),
      ),
    );
    expect([path(own, 'Start'), path(own, 'StartTimeZoneId')]).toEqual([
      '2025-06-02T06:15:00Z',
      'tzone://Microsoft/Custom',
    ]);
  });

  it('takes attendees by role and the organizer, and sends what SendMeetingInvitations says', async () => {
    const event = vevent(
      'UID:p',
      'SUMMARY:People',
      'DTSTART:20250602T090000Z',
      'DTEND:20250602T100000Z',
      'ORGANIZER;CN=Alice:mailto:alice@example.test',
      'ATTENDEE;ROLE=REQ-PARTICIPANT;CN=Bob:mailto:bob@example.test',
      'ATTENDEE;ROLE=OPT-PARTICIPANT:mailto:carol@example.test',
      'ATTENDEE;CUTYPE=ROOM:mailto:room@example.test',
    );
    const message = await ok(
      sim,
      `<m:CreateItem SendMeetingInvitations="SendOnlyToAll"><m:Items><t:CalendarItem>${mime(calendar(event, ''))}</t:CalendarItem></m:Items></m:CreateItem>`,
    );
    const item = await get(sim, idOf(message.entity));
    expect(
      ['RequiredAttendees', 'OptionalAttendees', 'Resources'].map((list) =>
        path(item, `${list}/Attendee/Mailbox/EmailAddress`),
      ),
    ).toEqual(['bob@example.test', 'carol@example.test', 'room@example.test']);
    expect([path(item, 'IsOrganizer'), path(item, 'MyResponseType')]).toEqual(['true', 'Organizer']);
    const theirs = await getAs(sim, 'bob', idOf(await only(sim, 'bob', 'calendar')));
    expect([path(theirs, 'Subject'), path(theirs, 'UID')]).toEqual(['People', 'p']);
  });

  it('may also be changed so: the series is evaluated anew (§7)', async () => {
    const id = await createFrom(
      calendar(
        vevent(
          'UID:u',
          'SUMMARY:A',
          'DTSTART:20250602T090000Z',
          'DTEND:20250602T100000Z',
          'RRULE:FREQ=DAILY;COUNT=3',
          'EXDATE:20250603T090000Z',
        ),
        '',
      ),
    );
    const text = calendar(
      vevent(
        'UID:u',
        'SUMMARY:B',
        'DTSTART:20250602T110000Z',
        'DTEND:20250602T120000Z',
        'RRULE:FREQ=DAILY;COUNT=4',
      ),
      '',
    );
    const bare = id.replace(/ .*/, '');
    await ok(sim, updateBody(bare, set('item:MimeContent', 'CalendarItem', mime(text))));
    const item = await get(sim, bare);
    expect([
      path(item, 'Subject'),
      path(item, 'Start'),
      path(item, 'Recurrence/NumberedRecurrence/NumberOfOccurrences'),
    ]).toEqual(['B', '2025-06-02T11:00:00Z', '4']);
    expect(at(item, 'DeletedOccurrences')).toBeUndefined();
    expect(await codeOf(sim, updateBody(bare, remove('item:MimeContent')))).toBe(
      'ErrorInvalidPropertyDelete',
    );
  });
});

describe('is refused', () => {
  const create = (content: string): string =>
    `<m:CreateItem MessageDisposition="SaveOnly" SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:MimeContent>${content}</t:MimeContent></t:CalendarItem></m:Items></m:CreateItem>`;

  it('text that is none, or has no event', async () => {
    expect(await codeOf(sim, create(base64('nothing')))).toBe('ErrorMimeContentInvalid');
    expect(await codeOf(sim, create(base64(calendar(''))))).toBe('ErrorMimeContentInvalid');
  });

  it.each([
    'FREQ=YEARLY;BYYEARDAY=100',
    'FREQ=HOURLY',
    'FREQ=MONTHLY;BYMONTHDAY=1,15',
    'FREQ=MONTHLY;BYDAY=-2MO',
  ])('the rule %s (§7: not expressible)', async (rule) => {
    const text = calendar(vevent('UID:x', 'DTSTART:20250602T090000Z', `RRULE:${rule}`), '');
    expect(await codeOf(sim, create(base64(text)))).toBe('ErrorMimeContentConversionFailed');
  });

  it.each([
    ['Contact', ''],
    ['Task', ''],
    ['DistributionList', ''],
  ])('any text of a %s (MS-OXWSCORE_R2012, R2013)', async (element) => {
    const body = `<m:CreateItem MessageDisposition="SaveOnly"><m:Items><t:${element}><t:MimeContent>${base64('BEGIN:VCARD')}</t:MimeContent></t:${element}></m:Items></m:CreateItem>`;
    expect(await codeOf(sim, body)).toBe('ErrorUnsupportedMimeConversion');
  });
});

const samples = specFolder === undefined ? '' : join(specFolder, 'examples/MimeContent');

it.skipIf(!existsSync(samples))('reads every text a real Exchange made (examples/MimeContent)', () => {
  const read = readdirSync(samples)
    // One text was damaged after Exchange wrote it: a quote that nothing closes.
    .filter((name) => name.endsWith('.ics') && !name.startsWith('08-'))
    .map((name) => {
      const text = readFileSync(join(samples, name), 'utf8');
      const found = importEvent(text, { startZone: utcZone, endZone: utcZone, now: 0 });
      return Number.isFinite(found.values.start) && (found.values.end ?? 0) >= (found.values.start ?? 0);
    });
  expect(read.length).toBeGreaterThanOrEqual(10);
  expect(read).not.toContain(false);
});
