// Contacts, tasks, attachments, extended properties, copies (BEHAVIOUR §4, §10, §11, §18).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { childrenOf } from '../../src/xml/index.ts';
import {
  all,
  at,
  bareId,
  call,
  codeOf,
  createEvent,
  createOther,
  folder,
  get,
  getItemBody,
  idOf,
  keyOf,
  named,
  ok,
  path,
  remove,
  set,
  start,
  updateBody,
} from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const entries = (entity: Parameters<typeof path>[0], names: string): Record<string, string> =>
  Object.fromEntries(
    all(entity, `${names}/Entry`).map((entry) => [
      entry.attrs['Key'],
      childrenOf(entry).length === 0
        ? entry.children.join('')
        : childrenOf(entry)
            .map(({ name, children }) => `${name}=${children.join('')}`)
            .join(),
    ]),
  );
const indexed = (uri: string, key: string, inner: string): string =>
  `<t:SetItemField><t:IndexedFieldURI FieldURI="contacts:${uri}" FieldIndex="${key}"/><t:Contact>${inner}</t:Contact></t:SetItemField>`;

describe('contacts', () => {
  const contact =
    '<t:Contact><t:FileAsMapping>LastCommaFirst</t:FileAsMapping><t:DisplayName>Ann Lee</t:DisplayName><t:GivenName>Ann</t:GivenName><t:CompanyName>Acme</t:CompanyName><t:EmailAddresses><t:Entry Key="EmailAddress1">ann@x.test</t:Entry></t:EmailAddresses><t:PhysicalAddresses><t:Entry Key="Home"><t:Street>Way 1</t:Street><t:City>Town</t:City></t:Entry></t:PhysicalAddresses><t:PhoneNumbers><t:Entry Key="MobilePhone">1</t:Entry><t:Entry Key="HomePhone">2</t:Entry></t:PhoneNumbers><t:Birthday>1990-02-03T00:00:00Z</t:Birthday><t:Surname>Lee</t:Surname></t:Contact>';

  it('keep their dictionaries, entry by entry', async () => {
    const created = await createOther(sim, contact);
    await ok(
      sim,
      updateBody(
        idOf(created),
        [
          indexed(
            'EmailAddress',
            'EmailAddress2',
            '<t:EmailAddresses><t:Entry Key="EmailAddress2">b@x.test</t:Entry></t:EmailAddresses>',
          ),
          indexed(
            'PhysicalAddress:City',
            'Home',
            '<t:PhysicalAddresses><t:Entry Key="Home"><t:City>Berg</t:City></t:Entry></t:PhysicalAddresses>',
          ),
          '<t:DeleteItemField><t:IndexedFieldURI FieldURI="contacts:PhoneNumber" FieldIndex="HomePhone"/></t:DeleteItemField>',
          '<t:DeleteItemField><t:IndexedFieldURI FieldURI="contacts:PhysicalAddress:Street" FieldIndex="Home"/></t:DeleteItemField>',
        ].join(''),
      ),
    );
    const held = await get(sim, idOf(created).replace(/ ChangeKey.*/, ''));
    expect(entries(held, 'EmailAddresses')).toEqual({
      EmailAddress1: 'ann@x.test',
      EmailAddress2: 'b@x.test',
    });
    expect(entries(held, 'PhysicalAddresses')).toEqual({ Home: 'City=Berg' });
    expect(entries(held, 'PhoneNumbers')).toEqual({ MobilePhone: '1' });
    expect(path(held, 'FileAs')).toBe('Lee, Ann');
    expect(path(held, 'CompleteName/FullName')).toBe('Ann Lee');
  });

  it('can be asked for single entries, in the order of the schema', async () => {
    const created = await createOther(sim, contact);
    const ask = (uri: string, key: string): string =>
      `<t:IndexedFieldURI FieldURI="contacts:${uri}" FieldIndex="${key}"/>`;
    const held = await get(
      sim,
      idOf(created),
      `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${ask('PhoneNumber', 'HomePhone')}${ask('PhysicalAddress:City', 'Home')}${ask('PhysicalAddress:Street', 'Home')}<t:FieldURI FieldURI="contacts:GivenName"/></t:AdditionalProperties>`,
    );
    expect(childrenOf(held).map(({ name }) => name)).toEqual([
      'ItemId',
      'GivenName',
      'PhysicalAddresses',
      'PhoneNumbers',
    ]);
    expect(entries(held, 'PhysicalAddresses')).toEqual({ Home: 'Street=Way 1,City=Town' });
  });

  it('refuse a key that is none with the fault of the schema', async () => {
    const reply = await call(
      sim,
      `<m:CreateItem><m:Items><t:Contact><t:EmailAddresses><t:Entry Key="EmailAddress4">x</t:Entry></t:EmailAddresses></t:Contact></m:Items></m:CreateItem>`,
    );
    expect([reply.status, path(reply.body, 'detail/ResponseCode')]).toEqual([500, 'ErrorSchemaValidation']);
    expect(path(reply.body, 'detail/MessageXml/Violation')).toContain('EmailAddress4');
    expect(reply.text).not.toContain('ServerVersionInfo');
  });

  it('have a picture when a photo is attached', async () => {
    const created = await createOther(sim, contact);
    const photo = (name: string): string =>
      `<m:CreateAttachment><m:ParentItemId Id="${bareId(created)}"/><m:Attachments><t:FileAttachment><t:Name>${name}</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>AAEC</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`;
    await ok(sim, photo('ContactPicture.jpg'));
    await ok(sim, photo('ContactPicture.jpg'));
    const held = await get(sim, `Id="${bareId(created)}"`);
    expect(path(held, 'HasPicture')).toBe('true');
    expect(all(held, 'Attachments/FileAttachment').map((one) => path(one, 'IsContactPhoto'))).toEqual([
      'true',
    ]);
  });
});

describe('tasks', () => {
  const status = (value: string): string => set('task:Status', 'Task', `<t:Status>${value}</t:Status>`);
  const percent = (value: number): string =>
    set('task:PercentComplete', 'Task', `<t:PercentComplete>${value}</t:PercentComplete>`);
  const state = async (id: string): Promise<string[]> => {
    const task = await get(sim, id);
    return [
      path(task, 'Status'),
      path(task, 'PercentComplete'),
      path(task, 'IsComplete'),
      at(task, 'CompleteDate') === undefined ? '' : 'dated',
    ];
  };

  it.each([
    ['Status', status('Completed'), ['Completed', '100', 'true', 'dated']],
    ['PercentComplete', percent(100), ['Completed', '100', 'true', 'dated']],
    [
      'CompleteDate',
      set('task:CompleteDate', 'Task', '<t:CompleteDate>2025-01-02T00:00:00Z</t:CompleteDate>'),
      ['Completed', '100', 'true', 'dated'],
    ],
    ['the last in document order', percent(100) + status('NotStarted'), ['NotStarted', '0', 'false', '']],
    ['half', percent(50), ['InProgress', '50', 'false', '']],
  ])('are completed by %s', async (_, updates, expected) => {
    const created = await createOther(sim, '<t:Task><t:Subject>t</t:Subject></t:Task>');
    await ok(sim, updateBody(idOf(created), updates));
    expect(await state(`Id="${bareId(created)}"`)).toEqual(expected);
  });

  it('have days, not times', async () => {
    const task = await get(
      sim,
      idOf(
        await createOther(
          sim,
          '<t:Task><t:DueDate>2025-05-03T15:30:00Z</t:DueDate><t:StartDate>2025-05-02T00:00:00+02:00</t:StartDate></t:Task>',
        ),
      ),
    );
    expect([path(task, 'DueDate'), path(task, 'StartDate')]).toEqual([
      '2025-05-03T00:00:00Z',
      '2025-05-01T00:00:00Z',
    ]);
  });

  it('leave a completed copy and go on when they recur', async () => {
    const created = await createOther(
      sim,
      '<t:Task><t:Subject>weekly</t:Subject><t:DueDate>2025-05-05T00:00:00Z</t:DueDate><t:Recurrence><t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek></t:WeeklyRecurrence><t:NoEndRecurrence><t:StartDate>2025-05-05</t:StartDate></t:NoEndRecurrence></t:Recurrence></t:Task>',
    );
    await ok(sim, updateBody(idOf(created), status('Completed')));
    const found = await ok(
      sim,
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>AllProperties</t:BaseShape></m:ItemShape><m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="item:Subject"/><t:FieldURIOrConstant><t:Constant Value="WEEKLY"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="task:DueDate"/></t:FieldOrder></m:SortOrder><m:ParentFolderIds>${folder('tasks')}</m:ParentFolderIds></m:FindItem>`,
    );
    const tasks = all(found.element, 'RootFolder/Items/Task');
    expect(tasks.map((task) => [path(task, 'DueDate'), path(task, 'Status')])).toEqual([
      ['2025-05-12T00:00:00Z', 'NotStarted'],
      ['2025-05-05T00:00:00Z', 'Completed'],
    ]);
    expect(bareId(tasks[0])).toBe(bareId(created));
  });

  it('demand AffectedTaskOccurrences when deleted', async () => {
    const created = await createOther(sim, '<t:Task/>');
    const del = (extra: string): string =>
      `<m:DeleteItem DeleteType="HardDelete" ${extra}><m:ItemIds><t:ItemId ${idOf(created)}/></m:ItemIds></m:DeleteItem>`;
    expect(await codeOf(sim, del(''))).toBe('ErrorAffectedTaskOccurrencesRequired');
    expect(await codeOf(sim, del('AffectedTaskOccurrences="AllOccurrences"'))).toBe('NoError');
  });
});

describe('attachments', () => {
  it('give the item a new change key, come back as bytes, and are gone after deletion', async () => {
    const event = await createEvent(sim, '');
    const added = await ok(
      sim,
      `<m:CreateAttachment><m:ParentItemId ${idOf(event)}/><m:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    );
    const id = at(added.element, 'Attachments/FileAttachment/AttachmentId')!;
    const held = await get(sim, `Id="${bareId(event)}"`);
    expect(id.attrs['RootItemChangeKey']).toBe(keyOf(held));
    expect(keyOf(held)).not.toBe(keyOf(event));
    expect(path(held, 'Attachments/FileAttachment/LastModifiedTime')).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
    );
    const fetch = `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${id.attrs['Id']}"/></m:AttachmentIds></m:GetAttachment>`;
    expect(path((await ok(sim, fetch)).element, 'Attachments/FileAttachment/Content')).toBe('aGVsbG8=');
    const gone = await ok(
      sim,
      `<m:DeleteAttachment><m:AttachmentIds><t:AttachmentId Id="${id.attrs['Id']}"/></m:AttachmentIds></m:DeleteAttachment>`,
    );
    expect(at(gone.element, 'RootItemId')?.attrs['RootItemChangeKey']).toBe(
      keyOf(await get(sim, `Id="${bareId(event)}"`)),
    );
    expect(await codeOf(sim, fetch)).toBe('ErrorInvalidAttachmentId');
  });

  it('demand a name', async () => {
    const event = await createEvent(sim, '');
    expect(
      await codeOf(
        sim,
        `<m:CreateAttachment><m:ParentItemId ${idOf(event)}/><m:Attachments><t:FileAttachment><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
      ),
    ).toBe('ErrorRequiredPropertyMissing');
  });
});

describe('extended properties', () => {
  const shape = (...fields: string[]): string =>
    `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties>${fields.join('')}</t:AdditionalProperties>`;

  it('keep values and arrays; what is not there is no error', async () => {
    const list = named('list', 'StringArray');
    const event = await createEvent(
      sim,
      `<t:ExtendedProperty>${named('one')}<t:Value>1 &amp; 2</t:Value></t:ExtendedProperty><t:ExtendedProperty>${list}<t:Values><t:Value>a</t:Value><t:Value>b</t:Value></t:Values></t:ExtendedProperty>`,
    );
    const bySet =
      '<t:ExtendedFieldURI PropertySetId="00020329-0000-0000-C000-000000000046" PropertyName="one" PropertyType="String"/>';
    const held = await get(sim, idOf(event), shape(named('one'), bySet, list, named('none')));
    const properties = all(held, 'ExtendedProperty');
    expect(properties.map((one) => path(one, 'Value'))).toEqual(['1 & 2', '1 & 2', '']);
    expect(all(properties[2], 'Values/Value').map((value) => value.children.join(''))).toEqual(['a', 'b']);
  });

  it('are changed, deleted and searched', async () => {
    const event = await createEvent(
      sim,
      `<t:ExtendedProperty>${named('key')}<t:Value>v1</t:Value></t:ExtendedProperty>`,
    );
    await ok(
      sim,
      updateBody(
        idOf(event),
        `<t:SetItemField>${named('key')}<t:CalendarItem><t:ExtendedProperty>${named('key')}<t:Value>v2</t:Value></t:ExtendedProperty></t:CalendarItem></t:SetItemField>`,
      ),
    );
    const find = (value: string): string =>
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:Restriction><t:IsEqualTo>${named('key')}<t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction><m:ParentFolderIds>${folder('calendar')}</m:ParentFolderIds></m:FindItem>`;
    expect(bareId((await ok(sim, find('v2'))).entity)).toBe(bareId(event));
    expect((await ok(sim, find('v1'))).entity).toBeUndefined();
    await ok(
      sim,
      updateBody(`Id="${bareId(event)}"`, `<t:DeleteItemField>${named('key')}</t:DeleteItemField>`),
    );
    expect((await ok(sim, find('v2'))).entity).toBeUndefined();
  });

  it.each([
    '<t:ExtendedFieldURI PropertyTag="0x9001" PropertyType="String"/>',
    '<t:ExtendedFieldURI PropertyTag="0x37" PropertyName="x" PropertyType="String"/>',
    '<t:ExtendedFieldURI DistinguishedPropertySetId="Common" PropertyType="String"/>',
    '<t:ExtendedFieldURI PropertyName="x" PropertyType="String"/>',
  ])('refuse the mix %s', async (field) => {
    expect(
      await codeOf(sim, getItemBody(`<t:ItemId ${idOf(await createEvent(sim, ''))}/>`, shape(field))),
    ).toBe('fault ErrorInvalidExtendedProperty');
  });

  it('are copied with the search key and the time of creation; the source key is new; a move keeps the search key', async () => {
    const keys =
      '<t:ExtendedFieldURI PropertyTag="0x300B" PropertyType="Binary"/><t:ExtendedFieldURI PropertyTag="0x65E0" PropertyType="Binary"/>';
    const show = async (id: string): Promise<string[]> => {
      const held = await get(
        sim,
        id,
        shape(
          keys,
          named('tag'),
          '<t:FieldURI FieldURI="item:DateTimeCreated"/>',
          '<t:FieldURI FieldURI="calendar:UID"/>',
        ),
      );
      return [
        ...all(held, 'ExtendedProperty').map((one) => path(one, 'Value')),
        path(held, 'DateTimeCreated'),
        path(held, 'UID'),
      ];
    };
    const event = await createEvent(
      sim,
      `<t:ExtendedProperty>${named('tag')}<t:Value>t</t:Value></t:ExtendedProperty>`,
    );
    const original = await show(idOf(event));
    const transfer = (operation: string, to: string): string =>
      `<m:${operation}><m:ToFolderId>${folder(to)}</m:ToFolderId><m:ItemIds><t:ItemId Id="${bareId(event)}"/></m:ItemIds></m:${operation}>`;
    const copy = (await ok(sim, transfer('CopyItem', 'calendar'))).entity;
    const copied = await show(idOf(copy));
    expect(copied.toSpliced(1, 1)).toEqual(original.toSpliced(1, 1));
    expect(copied[1]).not.toBe(original[1]);
    const moved = (await ok(sim, transfer('MoveItem', 'deleteditems'))).entity;
    expect(bareId(moved)).not.toBe(bareId(event));
    expect((await show(idOf(moved)))[0]).toBe(original[0]);
    expect((await show(idOf(moved)))[1]).not.toBe(original[1]);
  });
});

describe('bodies', () => {
  it('come as HTML unless text is asked for', async () => {
    const event = await createEvent(sim, '<t:Body BodyType="HTML">&lt;p&gt;a &amp;amp; b&lt;/p&gt;</t:Body>');
    expect(path(await get(sim, idOf(event)), 'Body')).toBe('<p>a &amp; b</p>');
    expect(
      path(
        await get(sim, idOf(event), '<t:BaseShape>AllProperties</t:BaseShape><t:BodyType>Text</t:BodyType>'),
        'Body',
      ),
    ).toBe('a & b');
    const plain = await createEvent(sim, '<t:Body BodyType="Text">1 &lt; 2</t:Body>');
    expect(at(await get(sim, idOf(plain)), 'Body')?.attrs['BodyType']).toBe('HTML');
    expect(path(await get(sim, idOf(plain)), 'Body')).toContain('1 &lt; 2');
  });

  it('are refused by FindItem', async () => {
    expect(
      await codeOf(
        sim,
        `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Body"/></t:AdditionalProperties></m:ItemShape><m:ParentFolderIds>${folder('calendar')}</m:ParentFolderIds></m:FindItem>`,
      ),
    ).toBe('ErrorInvalidPropertyForOperation');
  });

  it('of long subjects are refused; read-only and undeletable properties too', async () => {
    expect(
      await codeOf(
        sim,
        `<m:CreateItem SendMeetingInvitations="SendToNone"><m:Items><t:CalendarItem><t:Subject>${'x'.repeat(256)}</t:Subject></t:CalendarItem></m:Items></m:CreateItem>`,
      ),
    ).toBe('ErrorPropertyValidationFailure');
    const event = await createEvent(sim, '');
    expect(await codeOf(sim, updateBody(idOf(event), remove('calendar:Start')))).toBe(
      'ErrorInvalidPropertyDelete',
    );
    expect(
      await codeOf(
        sim,
        updateBody(
          idOf(event),
          set('item:LastModifiedName', 'CalendarItem', '<t:LastModifiedName>x</t:LastModifiedName>'),
        ),
      ),
    ).toBe('ErrorInvalidPropertySet');
    expect(
      await codeOf(
        sim,
        updateBody(idOf(event), set('item:Subject', 'CalendarItem', '<t:Location>x</t:Location>')),
      ),
    ).toBe('ErrorUpdatePropertyMismatch');
  });
});
