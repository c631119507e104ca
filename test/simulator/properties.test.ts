// Attachments, extended properties, copies, bodies (BEHAVIOUR §4, §11, §18).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../src/xml/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import {
  all,
  at,
  bareId,
  codeOf,
  createEvent,
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

  it('of an occurrence make an exception of it and leave the others alone', async () => {
    const master = await createEvent(
      sim,
      '<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End><t:Recurrence><t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence><t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence></t:Recurrence>',
    );
    const occurrence = (index: number): string =>
      `<t:OccurrenceItemId RecurringMasterId="${bareId(master)}" InstanceIndex="${index}"/>`;
    const second = await get(sim, occurrence(2));
    await ok(
      sim,
      `<m:CreateAttachment><m:ParentItemId Id="${bareId(second)}"/><m:Attachments><t:FileAttachment><t:Name>a.txt</t:Name><t:Content>aGVsbG8=</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
    );
    const shown = await get(sim, occurrence(2));
    expect([path(shown, 'CalendarItemType'), path(shown, 'HasAttachments')]).toEqual(['Exception', 'true']);
    const [file] = all(shown, 'Attachments/FileAttachment/AttachmentId');
    const fetched = await ok(
      sim,
      `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${file!.attrs['Id']}"/></m:AttachmentIds></m:GetAttachment>`,
    );
    expect(path(fetched.element, 'Attachments/FileAttachment/Content')).toBe('aGVsbG8=');
    expect(path(await get(sim, occurrence(3)), 'HasAttachments')).toBe('false');
  });

  it('can be items', async () => {
    const event = await createEvent(sim, '');
    const added = await ok(
      sim,
      `<m:CreateAttachment><m:ParentItemId ${idOf(event)}/><m:Attachments><t:ItemAttachment><t:Name>card</t:Name><t:Contact><t:Subject>c</t:Subject><t:GivenName>Ann</t:GivenName></t:Contact></t:ItemAttachment></m:Attachments></m:CreateAttachment>`,
    );
    const id = at(added.element, 'Attachments/ItemAttachment/AttachmentId')?.attrs['Id'];
    const fetched = await ok(
      sim,
      `<m:GetAttachment><m:AttachmentIds><t:AttachmentId Id="${id}"/></m:AttachmentIds></m:GetAttachment>`,
    );
    expect(path(fetched.element, 'Attachments/ItemAttachment/Contact/GivenName')).toBe('Ann');
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
    expect(all(properties[2], 'Values/Value').map(textOf)).toEqual(['a', 'b']);
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

  it('refuses long subjects, read-only and undeletable properties', async () => {
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

it('converts ids and back', async () => {
  const event = await createEvent(sim, '');
  const convert = async (from: string, id: string, to: string): Promise<string> =>
    at(
      (
        await ok(
          sim,
          `<m:ConvertId DestinationFormat="${to}"><m:SourceIds><t:AlternateId Format="${from}" Id="${id}" Mailbox="alice@example.test"/></m:SourceIds></m:ConvertId>`,
        )
      ).element,
      'AlternateId',
    )!.attrs['Id']!;
  const hex = await convert('EwsId', bareId(event), 'HexEntryId');
  expect(hex).toMatch(/^[0-9A-F]{224}$/);
  expect(await convert('HexEntryId', hex, 'EwsId')).toBe(bareId(event));
});
