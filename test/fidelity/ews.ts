// The other program: finds what the gateway has stored and changes one field of it, with requests written by hand.
import { parseXml, type XmlElement } from '../../src/xml/index.ts';
import { alice, basic } from '../gateway/stage.ts';
import type { Sort } from './corpus.ts';

const types = 'http://schemas.microsoft.com/exchange/services/2006/types';
const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const hrefTag =
  '<t:ExtendedFieldURI PropertySetId="18304321-fd8b-4638-a56f-ecd647c072bb" PropertyName="exdav-href" PropertyType="String"/>';
const elementOf = {
  events: 'CalendarItem',
  tasks: 'Task',
  contacts: 'Contact',
  groups: 'DistributionList',
} satisfies Record<Sort, string>;

export interface EwsEdit {
  readonly field: string;
  /** Content of the item element; empty: the field is taken away. */
  readonly value: string;
  /** What may differ in the text afterwards. */
  readonly shows: readonly string[];
}

/** Other forms of the same words go when the words are others (docs/decisions/0010-formatted-descriptions.md). */
const bodies = ['DESCRIPTION', 'X-ALT-DESC', 'STYLED-DESCRIPTION'];
/** What speaks of a place goes with it, and Microsoft's word with the importance that it repeats. */
const places = ['LOCATION', 'GEO', 'X-APPLE-STRUCTURED-LOCATION'];
const importances = ['PRIORITY', 'X-MICROSOFT-CDO-IMPORTANCE'];

export const ewsEdits: Readonly<Record<Sort, readonly EwsEdit[]>> = {
  events: [
    { field: 'item:Subject', value: '<t:Subject>Said by Outlook</t:Subject>', shows: ['SUMMARY'] },
    { field: 'item:Body', value: '<t:Body BodyType="Text">Told by Outlook</t:Body>', shows: bodies },
    { field: 'calendar:Location', value: '<t:Location>Outlook’s room</t:Location>', shows: places },
    { field: 'item:Importance', value: '<t:Importance>High</t:Importance>', shows: importances },
    { field: 'item:Sensitivity', value: '<t:Sensitivity>Confidential</t:Sensitivity>', shows: ['CLASS'] },
    {
      field: 'item:Categories',
      value: '<t:Categories><t:String>Outlook</t:String></t:Categories>',
      shows: ['CATEGORIES'],
    },
    {
      field: 'calendar:LegacyFreeBusyStatus',
      value: '<t:LegacyFreeBusyStatus>OOF</t:LegacyFreeBusyStatus>',
      shows: ['TRANSP', 'STATUS', 'X-MICROSOFT-CDO-BUSYSTATUS'],
    },
    {
      field: 'item:ReminderMinutesBeforeStart',
      value: '<t:ReminderMinutesBeforeStart>77</t:ReminderMinutesBeforeStart>',
      shows: ['TRIGGER', 'ACKNOWLEDGED'],
    },
    {
      field: 'calendar:MeetingWorkspaceUrl',
      value: '<t:MeetingWorkspaceUrl>https://work.example.test/</t:MeetingWorkspaceUrl>',
      shows: ['CONFERENCE'],
    },
  ],
  tasks: [
    { field: 'item:Subject', value: '<t:Subject>Said by Outlook</t:Subject>', shows: ['SUMMARY'] },
    { field: 'item:Body', value: '<t:Body BodyType="Text">Told by Outlook</t:Body>', shows: bodies },
    { field: 'item:Importance', value: '<t:Importance>High</t:Importance>', shows: importances },
    { field: 'item:Sensitivity', value: '<t:Sensitivity>Confidential</t:Sensitivity>', shows: ['CLASS'] },
    {
      field: 'task:PercentComplete',
      value: '<t:PercentComplete>40</t:PercentComplete>',
      shows: ['PERCENT-COMPLETE', 'STATUS', 'COMPLETED'],
    },
    {
      field: 'item:Categories',
      value: '<t:Categories><t:String>Outlook</t:String></t:Categories>',
      shows: ['CATEGORIES'],
    },
    {
      field: 'task:DueDate',
      value: '<t:DueDate>2031-05-06T00:00:00Z</t:DueDate>',
      // A reminder stays when it was, and so does the day of a series: from another due date they are said in other words.
      shows: ['DUE', 'DURATION', 'TRIGGER', 'RRULE'],
    },
    { field: 'task:TotalWork', value: '<t:TotalWork>75</t:TotalWork>', shows: ['ESTIMATED-DURATION'] },
    { field: 'task:Mileage', value: '<t:Mileage>3 km</t:Mileage>', shows: [] },
  ],
  contacts: [
    { field: 'item:Body', value: '<t:Body BodyType="Text">Told by Outlook</t:Body>', shows: ['NOTE'] },
    { field: 'contacts:JobTitle', value: '<t:JobTitle>Outlook’s title</t:JobTitle>', shows: ['TITLE'] },
    {
      field: 'contacts:CompanyName',
      value: '<t:CompanyName>Outlook’s company</t:CompanyName>',
      shows: ['ORG'],
    },
    { field: 'contacts:Nickname', value: '<t:Nickname>Olli</t:Nickname>', shows: ['NICKNAME'] },
    { field: 'contacts:Profession', value: '<t:Profession>Outlook’s role</t:Profession>', shows: ['ROLE'] },
    {
      field: 'item:Categories',
      value: '<t:Categories><t:String>Outlook</t:String></t:Categories>',
      shows: ['CATEGORIES'],
    },
  ],
  groups: [
    { field: 'item:Body', value: '<t:Body BodyType="Text">Told by Outlook</t:Body>', shows: ['NOTE'] },
    {
      field: 'contacts:DisplayName',
      value: '<t:DisplayName>Outlook’s list</t:DisplayName>',
      shows: ['FN', 'N'],
    },
    {
      field: 'item:Categories',
      value: '<t:Categories><t:String>Outlook</t:String></t:Categories>',
      shows: ['CATEGORIES'],
    },
  ],
};

/** What must have reached Exchange itself, not only our tag: property → element of the item. */
export const facts: Readonly<Record<Sort, Readonly<Record<string, string>>>> = {
  groups: { FN: 'DisplayName', NOTE: 'Body', CATEGORIES: 'Categories' },
  events: { SUMMARY: 'Subject', LOCATION: 'Location', DESCRIPTION: 'Body', CATEGORIES: 'Categories' },
  tasks: {
    SUMMARY: 'Subject',
    DESCRIPTION: 'Body',
    'PERCENT-COMPLETE': 'PercentComplete',
    CATEGORIES: 'Categories',
  },
  contacts: {
    FN: 'DisplayName',
    TITLE: 'JobTitle',
    ROLE: 'Profession',
    NOTE: 'Body',
    ORG: 'CompanyName',
    EMAIL: 'EmailAddresses',
    CATEGORIES: 'Categories',
  },
};

export interface EwsItem {
  readonly id: string;
  readonly isSeries: boolean;
}

export interface Ews {
  /** The item as XML, with its body as text. */
  item(id: string): Promise<XmlElement>;
  /** Last part of the href → items, of all folders with these names. */
  items(folders: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly EwsItem[]>>;
  change(id: string, sort: Sort, edit: EwsEdit): Promise<void>;
}

export function openEws(url: string): Ews {
  async function call(body: string): Promise<string> {
    const envelope = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="${types}" xmlns:m="${messages}"><s:Header><t:RequestServerVersion Version="Exchange2013_SP1"/></s:Header><s:Body>${body}</s:Body></s:Envelope>`;
    const answer = await fetch(url, {
      method: 'POST',
      body: envelope,
      headers: { authorization: basic(alice), 'content-type': 'text/xml; charset=utf-8' },
    });
    const text = await answer.text();
    if (answer.status !== 200 || text.includes('ResponseClass="Error"')) throw new Error(text.slice(0, 2000));
    return text;
  }

  return {
    async items(folders) {
      const found = await call(
        '<m:FindFolder Traversal="Deep"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds><t:DistinguishedFolderId Id="msgfolderroot"/></m:ParentFolderIds></m:FindFolder>',
      );
      const items = new Map<string, EwsItem[]>();
      for (const [, id = '', name = ''] of found.matchAll(
        /<t:FolderId Id="([^"]*)"[^>]*>.*?<t:DisplayName>([^<]*)</g,
      )) {
        if (!folders.has(name)) continue;
        const listed = await call(
          `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${hrefTag}${name.startsWith('events') ? '<t:FieldURI FieldURI="calendar:CalendarItemType"/>' : ''}</t:AdditionalProperties></m:ItemShape><m:ParentFolderIds><t:FolderId Id="${id}"/></m:ParentFolderIds></m:FindItem>`,
        );
        for (const part of listed.split(/(?=<t:ItemId )/)) {
          const item = /<t:ItemId Id="([^"]*)"/.exec(part)?.[1];
          const href = /<t:Value>([^<]*)</.exec(part)?.[1];
          if (item === undefined || href === undefined) continue;
          const key = href.slice(href.lastIndexOf(' ') + 1);
          const found = { id: item, isSeries: part.includes('>RecurringMaster<') };
          items.set(key, [...(items.get(key) ?? []), found]);
        }
      }
      return items;
    },
    async item(id) {
      const text = await call(
        `<m:GetItem><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape><t:BodyType>Text</t:BodyType></m:ItemShape><m:ItemIds><t:ItemId Id="${id}"/></m:ItemIds></m:GetItem>`,
      );
      return parseXml(text, { maxDepth: 50, maxElements: 1e6, maxLength: 1e8, mendCharacters: true });
    },
    async change(id, sort, { field, value }) {
      const path = `<t:FieldURI FieldURI="${field}"/>`;
      const element = elementOf[sort];
      const set = `<t:SetItemField>${path}<t:${element}>${value}</t:${element}></t:SetItemField>`;
      await call(
        `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange><t:ItemId Id="${id}"/><t:Updates>${set}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
      );
    },
  };
}
