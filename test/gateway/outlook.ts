// Another program on the same mailbox: a handful of EWS requests by hand, sharing nothing with the product's codec.
import {
  childOf,
  childrenOf,
  parseXml,
  renderXml,
  textOf,
  xml,
  type Markup,
  type XmlElement,
} from '../../src/xml/index.ts';

export interface OutlookItem {
  readonly id: string;
  readonly changeKey: string;
  readonly subject: string;
}

/** One entry of a calendar as Outlook shows it. */
export interface Shown {
  readonly subject: string;
  readonly start: string;
  readonly end: string;
  readonly isAllDay: boolean;
}

export interface OutlookField {
  readonly element: 'CalendarItem' | 'Task' | 'Contact';
  readonly uri: string;
  readonly name: string;
  readonly value: string | readonly Markup[];
}

export interface Outlook {
  createEvent(subject: string, start: string, folder?: string): Promise<OutlookItem>;
  createSeries(subject: string, start: string): Promise<OutlookItem>;
  /** Wall times of a zone of Windows; whole days from midnight to midnight; `isDaily`: ten of them. */
  createIn(
    zone: string,
    event: { subject: string; start: string; end: string; isAllDay?: boolean; isDaily?: boolean },
  ): Promise<OutlookItem>;
  /** A sent meeting of ten o'clock UTC, of `count` days. */
  invite(meeting: {
    readonly uid: string;
    readonly date: string;
    readonly to: readonly string[];
    readonly count?: number;
  }): Promise<OutlookItem>;
  /** As `set`, told to the attendees. */
  tell(item: OutlookItem, field: OutlookField): Promise<void>;
  /** Changes the place of one occurrence, told to the attendees. */
  tellOccurrence(master: OutlookItem, index: number, location: string): Promise<void>;
  /** Deletes a meeting and calls it off. */
  cancel(item: OutlookItem): Promise<void>;
  cancelOccurrence(master: OutlookItem, index: number): Promise<void>;
  /** Writes the list of required attendees and tells nobody. */
  setAttendees(item: OutlookItem, to: readonly string[]): Promise<void>;
  /** Accepts, as an attendee in Outlook does. */
  accept(item: OutlookItem): Promise<void>;
  rename(item: OutlookItem, subject: string): Promise<void>;
  /** Sets one field, as `item:Subject` with element `Subject`. */
  set(item: OutlookItem, field: OutlookField): Promise<void>;
  /** `t:FileAttachment` and its kin. */
  attach(item: OutlookItem, ...attachments: readonly Markup[]): Promise<void>;
  renameOccurrence(master: OutlookItem, index: number, subject: string): Promise<void>;
  removeOccurrence(master: OutlookItem, index: number): Promise<void>;
  /** Makes it a daily series of ten from its start. */
  repeatDaily(item: OutlookItem, from: string): Promise<void>;
  remove(item: OutlookItem): Promise<void>;
  copy(item: OutlookItem, folder: string): Promise<void>;
  move(item: OutlookItem, folder: string): Promise<void>;
  /** What a calendar shows between two times (at most two years): series are expanded by the server. */
  view(from: string, to: string, folder?: string): Promise<readonly Shown[]>;
  /** Items of a folder of any kind: singles and masters of series. */
  items(folder: string): Promise<readonly OutlookItem[]>;
  /** A contact or distribution list, from the markup of its properties in the order of the schema. */
  createPerson(
    element: 'Contact' | 'DistributionList',
    ...properties: readonly Markup[]
  ): Promise<OutlookItem>;
  /** `t:SetItemField`, `t:DeleteItemField`, `t:AppendToItemField`. */
  change(item: Pick<OutlookItem, 'id'>, ...changes: readonly Markup[]): Promise<void>;
  /** The item with the properties of these paths. */
  show(item: Pick<OutlookItem, 'id'>, ...paths: readonly Markup[]): Promise<XmlElement>;
  /** Ids of folders by display name. */
  folders(): Promise<ReadonlyMap<string, string>>;
}

const header = {
  'xmlns:s': 'http://schemas.xmlsoap.org/soap/envelope/',
  'xmlns:m': 'http://schemas.microsoft.com/exchange/services/2006/messages',
  'xmlns:t': 'http://schemas.microsoft.com/exchange/services/2006/types',
};

export function openOutlook(url: string, user: { address: string; password: string }): Outlook {
  const authorization = `Basic ${Buffer.from(`${user.address}:${user.password}`).toString('base64')}`;

  async function call(body: Markup): Promise<XmlElement> {
    const version = xml('s:Header', {}, xml('t:RequestServerVersion', { Version: 'Exchange2013_SP1' }));
    const envelope = renderXml(xml('s:Envelope', header, version, xml('s:Body', {}, body)));
    const answer = await fetch(url, {
      method: 'POST',
      body: envelope,
      headers: { authorization, 'content-type': 'text/xml; charset=utf-8' },
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`EWS answered ${answer.status}: ${text.slice(0, 500)}`);
    const root = parseXml(text, { maxDepth: 50, maxElements: 1e6, maxLength: 1e8, mendCharacters: true });
    const response = childrenOf(childOf(root, 'Body') ?? root)[0];
    const messages = childOf(response, 'ResponseMessages');
    for (const message of messages === undefined ? [] : childrenOf(messages)) {
      if (message.attrs['ResponseClass'] === 'Error')
        throw new Error(`EWS refused: ${textOf(childOf(message, 'ResponseCode'))}`);
    }
    return messages ?? root;
  }

  const inFolder = (name: string, folder: string): Markup =>
    xml(
      name,
      {},
      folder.length < 20 ? xml('t:DistinguishedFolderId', { Id: folder }) : xml('t:FolderId', { Id: folder }),
    );
  const itemId = (item: OutlookItem): Markup => xml('t:ItemId', { Id: item.id, ChangeKey: item.changeKey });
  const zone = xml('t:StartTimeZone', { Id: 'W. Europe Standard Time' });

  async function createIn(
    zoneId: string,
    { subject, start, end, isAllDay = false, isDaily = false }: Parameters<Outlook['createIn']>[1],
  ): Promise<OutlookItem> {
    return create(
      'calendar',
      subject,
      xml('t:Start', {}, start),
      xml('t:End', {}, end),
      xml('t:IsAllDayEvent', {}, isAllDay),
      ...(isDaily ? [dailyFrom(start.slice(0, 10))] : []),
      xml('t:StartTimeZone', { Id: zoneId }),
      xml('t:EndTimeZone', { Id: zoneId }),
    );
  }

  async function create(folder: string, subject: string, ...rest: readonly Markup[]): Promise<OutlookItem> {
    const item = xml('t:CalendarItem', {}, xml('t:Subject', {}, subject), ...rest);
    const answer = await call(
      xml(
        'm:CreateItem',
        { SendMeetingInvitations: 'SendToNone' },
        inFolder('m:SavedItemFolderId', folder),
        xml('m:Items', {}, item),
      ),
    );
    const [made] = itemsIn(answer);
    if (made === undefined) throw new Error('no item was made');
    return { ...made, subject };
  }

  const setSubject = (id: Markup, subject: string): Promise<XmlElement> =>
    setField(id, { element: 'CalendarItem', uri: 'item:Subject', name: 'Subject', value: subject });

  const setField = (id: Markup, field: OutlookField, sends = 'SendToNone'): Promise<XmlElement> =>
    call(
      xml(
        'm:UpdateItem',
        { ConflictResolution: 'AlwaysOverwrite', SendMeetingInvitationsOrCancellations: sends },
        xml(
          'm:ItemChanges',
          {},
          xml(
            't:ItemChange',
            {},
            id,
            xml(
              't:Updates',
              {},
              xml(
                't:SetItemField',
                {},
                xml('t:FieldURI', { FieldURI: field.uri }),
                xml(`t:${field.element}`, {}, xml(`t:${field.name}`, {}, field.value)),
              ),
            ),
          ),
        ),
      ),
    );

  const deleteWith = (id: Markup, sends: string): Promise<XmlElement> =>
    call(
      xml(
        'm:DeleteItem',
        { DeleteType: 'MoveToDeletedItems', SendMeetingCancellations: sends },
        xml('m:ItemIds', {}, id),
      ),
    );

  return {
    createIn,
    createEvent: (subject, start, folder = 'calendar') =>
      create(folder, subject, xml('t:Start', {}, start), xml('t:End', {}, start.replace('T10', 'T11')), zone),
    createSeries(subject, start) {
      const recurrence = dailyFrom(start.slice(0, 10));
      return create(
        'calendar',
        subject,
        xml('t:Start', {}, start),
        xml('t:End', {}, start.replace('T10', 'T11')),
        recurrence,
        zone,
      );
    },
    async invite({ uid, date, to, count }) {
      const attendees = to.map((address) =>
        xml('t:Attendee', {}, xml('t:Mailbox', {}, xml('t:EmailAddress', {}, address))),
      );
      const recurrence = xml(
        't:Recurrence',
        {},
        xml('t:DailyRecurrence', {}, xml('t:Interval', {}, 1)),
        xml(
          't:NumberedRecurrence',
          {},
          xml('t:StartDate', {}, date),
          xml('t:NumberOfOccurrences', {}, count ?? 1),
        ),
      );
      const item = xml(
        't:CalendarItem',
        {},
        xml('t:Subject', {}, `Plan ${uid}`),
        xml('t:UID', {}, uid),
        xml('t:Start', {}, `${date}T10:00:00Z`),
        xml('t:End', {}, `${date}T11:00:00Z`),
        xml('t:LegacyFreeBusyStatus', {}, 'Busy'),
        xml('t:RequiredAttendees', {}, ...attendees),
        count === undefined ? undefined : recurrence,
        xml('t:StartTimeZone', { Id: 'UTC' }),
        xml('t:EndTimeZone', { Id: 'UTC' }),
      );
      const answer = await call(
        xml('m:CreateItem', { SendMeetingInvitations: 'SendToAllAndSaveCopy' }, xml('m:Items', {}, item)),
      );
      return { ...itemsIn(answer)[0]!, subject: `Plan ${uid}` };
    },
    async tell(item, field) {
      await setField(xml('t:ItemId', { Id: item.id }), field, 'SendToAllAndSaveCopy');
    },
    async tellOccurrence(master, index, location) {
      const id = xml('t:OccurrenceItemId', { RecurringMasterId: master.id, InstanceIndex: index });
      const field = {
        element: 'CalendarItem',
        uri: 'calendar:Location',
        name: 'Location',
        value: location,
      } as const;
      await setField(id, field, 'SendToAllAndSaveCopy');
    },
    async cancel(item) {
      await deleteWith(xml('t:ItemId', { Id: item.id }), 'SendToAllAndSaveCopy');
    },
    async cancelOccurrence(master, index) {
      const id = xml('t:OccurrenceItemId', { RecurringMasterId: master.id, InstanceIndex: index });
      await deleteWith(id, 'SendToAllAndSaveCopy');
    },
    async setAttendees(item, to) {
      const attendees = to.map((address) =>
        xml('t:Attendee', {}, xml('t:Mailbox', {}, xml('t:EmailAddress', {}, address))),
      );
      const field = {
        element: 'CalendarItem',
        uri: 'calendar:RequiredAttendees',
        name: 'RequiredAttendees',
      } as const;
      await setField(xml('t:ItemId', { Id: item.id }), { ...field, value: attendees });
    },
    async accept(item) {
      const reference = xml('t:ReferenceItemId', { Id: item.id, ChangeKey: item.changeKey });
      const answer = xml('t:AcceptItem', {}, reference);
      await call(xml('m:CreateItem', { MessageDisposition: 'SendAndSaveCopy' }, xml('m:Items', {}, answer)));
    },
    async rename(item, subject) {
      await setSubject(xml('t:ItemId', { Id: item.id }), subject);
    },
    async set(item, field) {
      await setField(xml('t:ItemId', { Id: item.id }), field);
    },
    async attach(item, ...attachments) {
      const parent = xml('m:ParentItemId', { Id: item.id });
      await call(xml('m:CreateAttachment', {}, parent, xml('m:Attachments', {}, ...attachments)));
    },
    async renameOccurrence(master, index, subject) {
      await setSubject(
        xml('t:OccurrenceItemId', { RecurringMasterId: master.id, InstanceIndex: index }),
        subject,
      );
    },
    async removeOccurrence(master, index) {
      const id = xml('t:OccurrenceItemId', { RecurringMasterId: master.id, InstanceIndex: index });
      const sending = { DeleteType: 'MoveToDeletedItems', SendMeetingCancellations: 'SendToNone' };
      await call(xml('m:DeleteItem', sending, xml('m:ItemIds', {}, id)));
    },
    async repeatDaily(item, from) {
      const recurrence = dailyFrom(from);
      const update = xml(
        't:SetItemField',
        {},
        xml('t:FieldURI', { FieldURI: 'calendar:Recurrence' }),
        xml('t:CalendarItem', {}, recurrence),
      );
      await call(
        xml(
          'm:UpdateItem',
          { ConflictResolution: 'AlwaysOverwrite', SendMeetingInvitationsOrCancellations: 'SendToNone' },
          xml(
            'm:ItemChanges',
            {},
            xml('t:ItemChange', {}, xml('t:ItemId', { Id: item.id }), xml('t:Updates', {}, update)),
          ),
        ),
      );
    },
    async remove(item) {
      await deleteWith(itemId(item), 'SendToNone');
    },
    async copy(item, folder) {
      await call(xml('m:CopyItem', {}, inFolder('m:ToFolderId', folder), xml('m:ItemIds', {}, itemId(item))));
    },
    async move(item, folder) {
      await call(xml('m:MoveItem', {}, inFolder('m:ToFolderId', folder), xml('m:ItemIds', {}, itemId(item))));
    },
    async view(from, to, folder = 'calendar') {
      const fields = ['item:Subject', 'calendar:Start', 'calendar:End', 'calendar:IsAllDayEvent'];
      const shape = xml(
        'm:ItemShape',
        {},
        xml('t:BaseShape', {}, 'IdOnly'),
        xml('t:AdditionalProperties', {}, ...fields.map((uri) => xml('t:FieldURI', { FieldURI: uri }))),
      );
      const view = xml('m:CalendarView', { StartDate: from, EndDate: to });
      const parents = inFolder('m:ParentFolderIds', folder);
      const answer = await call(xml('m:FindItem', { Traversal: 'Shallow' }, shape, view, parents));
      return all(answer, 'CalendarItem').map((item) => ({
        subject: textOf(childOf(item, 'Subject')),
        start: textOf(childOf(item, 'Start')),
        end: textOf(childOf(item, 'End')),
        isAllDay: textOf(childOf(item, 'IsAllDayEvent')) === 'true',
      }));
    },
    async items(folder) {
      const shape = xml(
        'm:ItemShape',
        {},
        xml('t:BaseShape', {}, 'IdOnly'),
        xml('t:AdditionalProperties', {}, xml('t:FieldURI', { FieldURI: 'item:Subject' })),
      );
      const parents = inFolder('m:ParentFolderIds', folder);
      return itemsIn(await call(xml('m:FindItem', { Traversal: 'Shallow' }, shape, parents)));
    },
    async createPerson(element, ...properties) {
      const item = xml(`t:${element}`, {}, ...properties);
      const [made] = itemsIn(await call(xml('m:CreateItem', {}, xml('m:Items', {}, item))));
      if (made === undefined) throw new Error('no item was made');
      return made;
    },
    async change({ id }, ...changes) {
      const change = xml('t:ItemChange', {}, xml('t:ItemId', { Id: id }), xml('t:Updates', {}, ...changes));
      const body = xml('m:ItemChanges', {}, change);
      await call(xml('m:UpdateItem', { ConflictResolution: 'AlwaysOverwrite' }, body));
    },
    async show({ id }, ...paths) {
      const shape = xml(
        'm:ItemShape',
        {},
        xml('t:BaseShape', {}, 'IdOnly'),
        xml('t:BodyType', {}, 'Text'),
        xml('t:AdditionalProperties', {}, ...paths),
      );
      const ids = xml('m:ItemIds', {}, xml('t:ItemId', { Id: id }));
      const [item] = all(await call(xml('m:GetItem', {}, shape, ids)), 'Items').flatMap(childrenOf);
      if (item === undefined) throw new Error('no such item');
      return item;
    },
    async folders() {
      const shape = xml('m:FolderShape', {}, xml('t:BaseShape', {}, 'Default'));
      const answer = await call(
        xml('m:FindFolder', { Traversal: 'Deep' }, shape, inFolder('m:ParentFolderIds', 'msgfolderroot')),
      );
      return new Map(
        all(answer, 'CalendarFolder').map((folder) => [
          textOf(childOf(folder, 'DisplayName')),
          childOf(folder, 'FolderId')?.attrs['Id'] ?? '',
        ]),
      );
    },
  };
}

function dailyFrom(date: string): Markup {
  return xml(
    't:Recurrence',
    {},
    xml('t:DailyRecurrence', {}, xml('t:Interval', {}, 1)),
    xml('t:NumberedRecurrence', {}, xml('t:StartDate', {}, date), xml('t:NumberOfOccurrences', {}, 10)),
  );
}

function itemsIn(answer: XmlElement): OutlookItem[] {
  return ['CalendarItem', 'Task', 'Contact', 'DistributionList']
    .flatMap((name) => all(answer, name))
    .map((item) => {
      const id = childOf(item, 'ItemId');
      return {
        id: id?.attrs['Id'] ?? '',
        changeKey: id?.attrs['ChangeKey'] ?? '',
        subject: textOf(childOf(item, 'Subject')),
      };
    });
}

function all(element: XmlElement, name: string): XmlElement[] {
  return childrenOf(element).flatMap((child) => (child.name === name ? [child] : all(child, name)));
}
