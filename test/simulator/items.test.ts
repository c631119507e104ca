// Contacts and tasks (BEHAVIOUR §10).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { childrenOf, textOf } from '../../src/xml/index.ts';
import {
  all,
  at,
  bareId,
  call,
  codeOf,
  createOther,
  folder,
  get,
  idOf,
  ok,
  path,
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
        ? textOf(entry)
        : childrenOf(entry)
            .map((part) => `${part.name}=${textOf(part)}`)
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
