// What is mutated: the texts and answers of this repository, and those beside it when they are there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from '../fidelity/corpus.ts';
import { spec } from '../ews-backend/spec.ts';

const own = ['../golden', '../translate/golden', '../fidelity/objects'].map(
  (path) => new URL(path, import.meta.url).pathname,
);
/** Larger ones would only slow everything down. */
const maxLength = 12_000;

export interface Seeds {
  readonly calendars: readonly string[];
  readonly cards: readonly string[];
  /** SOAP answers. */
  readonly answers: readonly string[];
}

export function readSeeds(): Seeds {
  const texts = [...own, join(corpusFolder, 'ics'), join(corpusFolder, 'vcf')].flatMap((folder) =>
    filesIn(folder, /\.(?:ics|vcf)$/),
  );
  return {
    calendars: texts.filter((text) => /^BEGIN:VCALENDAR/im.test(text)),
    cards: texts.filter((text) => /^BEGIN:VCARD/im.test(text)),
    answers: [bareAnswer, ...recordedAnswers()],
  };
}

function filesIn(folder: string, name: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .filter((text) => text.length <= maxLength);
}

function recordedAnswers(): string[] {
  if (spec === undefined) return [];
  const examples = join(spec, 'examples');
  return readdirSync(examples)
    .filter((folder) => !folder.includes('.'))
    .sort()
    .flatMap((folder) => filesIn(join(examples, folder), /response\.xml$/));
}

/** Without the recorded ones. */
const bareAnswer = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"><s:Body><m:GetItemResponse><m:ResponseMessages><m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items><t:CalendarItem><t:ItemId Id="a" ChangeKey="b"/><t:Subject>Series</t:Subject><t:Body BodyType="Text">Text</t:Body><t:Categories><t:String>One</t:String></t:Categories><t:UID>u</t:UID><t:Start>2026-01-05T10:00:00Z</t:Start><t:End>2026-01-05T11:00:00Z</t:End><t:IsAllDayEvent>false</t:IsAllDayEvent><t:LegacyFreeBusyStatus>Busy</t:LegacyFreeBusyStatus><t:CalendarItemType>RecurringMaster</t:CalendarItemType><t:MyResponseType>Accept</t:MyResponseType><t:Organizer><t:Mailbox><t:Name>B</t:Name><t:EmailAddress>b@example.test</t:EmailAddress></t:Mailbox></t:Organizer><t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>c@example.test</t:EmailAddress></t:Mailbox><t:ResponseType>Unknown</t:ResponseType></t:Attendee></t:RequiredAttendees><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday Tuesday</t:DaysOfWeek></t:WeeklyRecurrence><t:NumberedRecurrence><t:StartDate>2026-01-05</t:StartDate><t:NumberOfOccurrences>10</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence><t:DeletedOccurrences><t:DeletedOccurrence><t:Start>2026-01-06T10:00:00Z</t:Start></t:DeletedOccurrence></t:DeletedOccurrences><t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/></t:CalendarItem></m:Items></m:GetItemResponseMessage><m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items><t:Task><t:ItemId Id="c" ChangeKey="d"/><t:Subject>Task</t:Subject><t:DueDate>2026-02-01T00:00:00Z</t:DueDate><t:PercentComplete>50</t:PercentComplete><t:Recurrence><t:DailyRegeneration><t:Interval>2</t:Interval></t:DailyRegeneration><t:NoEndRecurrence><t:StartDate>2026-02-01</t:StartDate></t:NoEndRecurrence></t:Recurrence><t:Status>InProgress</t:Status></t:Task></m:Items></m:GetItemResponseMessage><m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items><t:Contact><t:ItemId Id="e" ChangeKey="f"/><t:DisplayName>Jane Doe</t:DisplayName><t:GivenName>Jane</t:GivenName><t:EmailAddresses><t:Entry Key="EmailAddress1">jane@example.test</t:Entry></t:EmailAddresses><t:PhysicalAddresses><t:Entry Key="Home"><t:Street>Street 1</t:Street><t:City>Town</t:City></t:Entry></t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key="MobilePhone">1</t:Entry></t:PhoneNumbers><t:Birthday>1980-02-29T00:00:00Z</t:Birthday></t:Contact></m:Items></m:GetItemResponseMessage><m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode><m:Items><t:DistributionList><t:ItemId Id="g" ChangeKey="h"/><t:DisplayName>All</t:DisplayName><t:Members><t:Member Key="k"><t:Mailbox><t:Name>M</t:Name><t:EmailAddress>m@example.test</t:EmailAddress></t:Mailbox></t:Member></t:Members></t:DistributionList></m:Items></m:GetItemResponseMessage></m:ResponseMessages></m:GetItemResponse></s:Body></s:Envelope>`;
