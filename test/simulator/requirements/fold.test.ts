// Statements of [MS-OXWSFOLD] about folders and permissions; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { all, at, bareId, call, codeOf, folder, keyOf, named, ok, path, start } from '../soap-client.ts';
import { create, envelopeOf, forms, idsIn, names, plain, setField, update } from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const idXml = (entity: XmlElement): string => `<t:FolderId Id="${bareId(entity)}"/>`;
let count = 0;
const freshName = (): string => `folder ${(count += 1)}`;

const createBody = (inner: string, element = 'Folder', parent = folder('msgfolderroot')): string =>
  `<m:CreateFolder><m:ParentFolderId>${parent}</m:ParentFolderId><m:Folders><t:${element}>${inner}</t:${element}></m:Folders></m:CreateFolder>`;
const nameXml = (name = freshName()): string => `<t:DisplayName>${name}</t:DisplayName>`;

async function made(inner = nameXml(), element = 'Folder', parent?: string): Promise<XmlElement> {
  return (await ok(sim, createBody(inner, element, parent))).entity!;
}

const getBody = (ids: string, shape = '<t:BaseShape>AllProperties</t:BaseShape>'): string =>
  `<m:GetFolder><m:FolderShape>${shape}</m:FolderShape><m:FolderIds>${ids}</m:FolderIds></m:GetFolder>`;

async function shown(ids: string, ...uris: string[]): Promise<XmlElement> {
  const more = uris.map((uri) => (uri.startsWith('<') ? uri : `<t:FieldURI FieldURI="${uri}"/>`)).join('');
  const additional = more === '' ? '' : `<t:AdditionalProperties>${more}</t:AdditionalProperties>`;
  return (await ok(sim, getBody(ids, `<t:BaseShape>AllProperties</t:BaseShape>${additional}`))).entity!;
}

const updateBody = (id: string, updates: string): string =>
  `<m:UpdateFolder><m:FolderChanges><t:FolderChange>${id}<t:Updates>${updates}</t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`;
const setFolder = (uri: string, element: string, value: string): string =>
  `<t:SetFolderField><t:FieldURI FieldURI="${uri}"/><t:${element}>${value}</t:${element}></t:SetFolderField>`;
const deleteBody = (id: string, type = 'HardDelete'): string =>
  `<m:DeleteFolder DeleteType="${type}"><m:FolderIds>${id}</m:FolderIds></m:DeleteFolder>`;
const transferBody = (operation: string, id: string, to: string): string =>
  `<m:${operation}><m:ToFolderId>${to}</m:ToFolderId><m:FolderIds>${id}</m:FolderIds></m:${operation}>`;

const bytesOf = (text: string | undefined): number => Buffer.from(text ?? '', 'base64').length;

/** Folders directly in one: names by id. */
async function childrenIn(parent: string): Promise<Map<string, string>> {
  const found = await ok(
    sim,
    `<m:FindFolder Traversal="Shallow"><m:FolderShape><t:BaseShape>Default</t:BaseShape></m:FolderShape><m:ParentFolderIds>${parent}</m:ParentFolderIds></m:FindFolder>`,
  );
  return new Map(
    childrenOf(at(found.element, 'RootFolder/Folders')!).map((one) => [
      bareId(one),
      path(one, 'DisplayName'),
    ]),
  );
}

it('FOLD_R3: SOAP 1.1', async () => {
  const root = await envelopeOf(sim, getBody(folder('inbox')));
  expect([root.name, root.ns]).toEqual(['Envelope', 'http://schemas.xmlsoap.org/soap/envelope/']);
});

// Messages of the operations.
const operations = {
  CopyFolder: async () => transferBody('CopyFolder', idXml(await made()), folder('inbox')),
  CreateFolder: async () => createBody(nameXml()),
  DeleteFolder: async () => deleteBody(idXml(await made())),
  GetFolder: async () => getBody(folder('inbox')),
  MoveFolder: async () => transferBody('MoveFolder', idXml(await made()), folder('inbox')),
  UpdateFolder: async () =>
    updateBody(idXml(await made()), setFolder('folder:DisplayName', 'Folder', nameXml())),
} as const;

it.each([
  ['CopyFolder', 'FOLD_R1852 FOLD_R185222 FOLD_R197 FOLD_R1971 FOLD_R198 FOLD_R199', 'FOLD_R185223'],
  [
    'CreateFolder',
    'FOLD_R2202 FOLD_R22202 FOLD_R235 FOLD_R2351 FOLD_R236 FOLD_R237 FOLD_R560',
    'FOLD_R22203',
  ],
  [
    'DeleteFolder',
    'FOLD_R3104 FOLD_R31044 FOLD_R325 FOLD_R3251 FOLD_R326 FOLD_R327 FOLD_R568',
    'FOLD_R31045',
  ],
  ['GetFolder', 'FOLD_R3864 FOLD_R38644 FOLD_R404 FOLD_R4041 FOLD_R405 FOLD_R406 FOLD_R575', 'FOLD_R38645'],
  ['MoveFolder', 'FOLD_R43144 FOLD_R4314 FOLD_R447 FOLD_R4471 FOLD_R448 FOLD_R449 FOLD_R461', 'FOLD_R4315'],
  ['UpdateFolder', 'FOLD_R46444 FOLD_R4644 FOLD_R482 FOLD_R4821 FOLD_R483 FOLD_R484 FOLD_R582', 'FOLD_R4645'],
] as const)('%s answers Success with NoError (%s), else Error with a code (%s)', async (...[operation]) => {
  const body = await operations[operation]();
  const root = await envelopeOf(sim, body);
  expect(names(childOf(root, 'Header'))).toEqual(['ServerVersionInfo']);
  const [response] = childrenOf(childOf(root, 'Body')!);
  expect(response?.name).toBe(`${operation}Response`);
  const [good] = childrenOf(childOf(response, 'ResponseMessages')!);
  expect([good?.name, good?.attrs['ResponseClass'], path(good, 'ResponseCode')]).toEqual([
    `${operation}ResponseMessage`,
    'Success',
    'NoError',
  ]);
  const broken = body.replace(/<t:(Distinguished)?FolderId Id="[^"]*"\/>/, '<t:FolderId Id="AAAA"/>');
  const [bad] = (await call(sim, broken)).messages;
  expect([bad?.class, bad?.code]).toEqual(['Error', 'ErrorInvalidIdMalformed']);
});

// Kinds of folders.
it.each([
  ['FOLD_R28 FOLD_R2802 FOLD_R534 FOLD_R587', 'Folder', 'IPF.Note'],
  ['FOLD_R29 FOLD_R2901 FOLD_R536 FOLD_R70', 'CalendarFolder', 'IPF.Appointment'],
  ['FOLD_R31 FOLD_R3301 FOLD_R538 FOLD_R585', 'ContactsFolder', 'IPF.Contact'],
  ['FOLD_R35 FOLD_R3501 FOLD_R542 FOLD_R589', 'TasksFolder', 'IPF.Task'],
])(
  '%s FOLD_R96 FOLD_R9602 FOLD_R69 FOLD_R589202: a %s has the class %s, and is changed as such',
  async (_, element, folderClass) => {
    const one = await made(nameXml(), element);
    expect(one.name).toBe(element);
    const found = await shown(idXml(one));
    expect([found.name, plain(found, 'FolderClass')]).toEqual([element, folderClass]);
    const name = freshName();
    await ok(sim, updateBody(idXml(one), setFolder('folder:DisplayName', element, nameXml(name))));
    expect(path(await shown(idXml(one)), 'DisplayName')).toBe(name);
  },
);

it.each([
  ['FOLD_R586', 'IPF.Journal'],
  ['FOLD_R588', 'IPF.StickyNote'],
  ['FOLD_R5890', 'IPF.Note.Custom'],
])('%s FOLD_R5892 FOLD_R589201: the class %s is kept', async (_, folderClass) => {
  const one = await made(`<t:FolderClass>${folderClass}</t:FolderClass>${nameXml()}`);
  expect(path(await shown(idXml(one)), 'FolderClass')).toBe(folderClass);
});

it.each([
  ['calendar', 'CalendarFolder', 'IPF.Appointment'],
  ['contacts', 'ContactsFolder', 'IPF.Contact'],
  ['tasks', 'TasksFolder', 'IPF.Task'],
  ['inbox', 'Folder', 'IPF.Note'],
])(
  'FOLD_R428 FOLD_R8401 FOLD_R8402 FOLD_R9101 CDATA_R4000: %s is named by its distinguished id',
  async (id, element, folderClass) => {
    const found = await shown(folder(id), 'folder:DistinguishedFolderId');
    expect([found.name, path(found, 'FolderClass'), plain(found, 'DistinguishedFolderId')]).toEqual([
      element,
      folderClass,
      id,
    ]);
    const extended = `<t:ExtendedProperty>${named('own')}<t:Value>${id}</t:Value></t:ExtendedProperty>`;
    await ok(
      sim,
      updateBody(
        folder(id),
        `<t:SetFolderField>${named('own')}<t:${element}>${extended}</t:${element}></t:SetFolderField>`,
      ),
    );
    expect(path(await shown(folder(id), named('own')), 'ExtendedProperty/Value')).toBe(id);
  },
);

// Properties.
it('FOLD_R66 FOLD_R6602 FOLD_R6603 FOLD_R6604 FOLD_R426 FOLD_R8902 CDATA_R1628 CDATA_R1629: FolderId is an id and a change key of at most 512 bytes', async () => {
  const one = await made();
  const id = childOf(await shown(idXml(one)), 'FolderId')!;
  expect(id.attrs['Id']).toBe(bareId(one));
  for (const text of [id.attrs['Id'], id.attrs['ChangeKey']]) {
    expect(text).toMatch(forms.base64);
    expect(bytesOf(text)).toBeLessThanOrEqual(512);
  }
  await ok(sim, updateBody(idXml(one), setFolder('folder:DisplayName', 'Folder', nameXml())));
  expect(keyOf(await shown(idXml(one)))).not.toBe(id.attrs['ChangeKey']);
});

it('FOLD_R68 FOLD_R6801 FOLD_R6803 FOLD_R6804: ParentFolderId names the folder above', async () => {
  const parent = await made();
  const child = await made(nameXml(), 'Folder', idXml(parent));
  const id = childOf(await shown(idXml(child)), 'ParentFolderId')!;
  expect(id.attrs['Id']).toBe(bareId(parent));
  for (const text of Object.values(id.attrs)) expect(bytesOf(text)).toBeLessThanOrEqual(512);
});

it('FOLD_R71 FOLD_R7101 FOLD_R7102: DisplayName is a text that is kept', async () => {
  expect(plain(await shown(idXml(await made(nameXml('Zoë &amp; co')))), 'DisplayName')).toBe('Zoë & co');
});

it('FOLD_R71021: a folder without a name is not created', async () => {
  expect(await codeOf(sim, createBody(''))).not.toBe('NoError');
});

it('FOLD_R72 FOLD_R7201 FOLD_R5900: TotalCount counts the items', async () => {
  const before = plain(await shown(folder('tasks')), 'TotalCount');
  expect(before).toMatch(forms.int);
  await create(sim, 'Task', '');
  await create(sim, 'Task', '');
  expect(Number(plain(await shown(folder('tasks')), 'TotalCount'))).toBe(Number(before) + 2);
});

it('FOLD_R75 FOLD_R7501 FOLD_R5912: ChildFolderCount counts the folders directly below', async () => {
  const parent = await made();
  expect(plain(await shown(idXml(parent)), 'ChildFolderCount')).toBe('0');
  const child = await made(nameXml(), 'Folder', idXml(parent));
  await made(nameXml(), 'Folder', idXml(parent));
  await made(nameXml(), 'Folder', idXml(child));
  expect(plain(await shown(idXml(parent)), 'ChildFolderCount')).toBe('2');
});

it('FOLD_R99 FOLD_R9901 FOLD_R10010 FOLD_R10011: UnreadCount counts the messages that were not read', async () => {
  const unread = async (): Promise<number> => {
    const text = plain(await shown(folder('drafts')), 'UnreadCount');
    expect(text).toMatch(forms.int);
    return Number(text);
  };
  const before = await unread();
  const message = await create(sim, 'Message', '<t:IsRead>false</t:IsRead>');
  await create(sim, 'Message', '<t:IsRead>true</t:IsRead>');
  expect(await unread()).toBe(before + 1);
  await update(sim, message, setField('message:IsRead', 'Message', '<t:IsRead>true</t:IsRead>'));
  expect(await unread()).toBe(before);
});

it('FOLD_R77 FOLD_R7701 FOLD_R78 FOLD_R7801 FOLD_R7802: extended properties of a folder are kept', async () => {
  const extended = `<t:ExtendedProperty>${named('colour')}<t:Value>red</t:Value></t:ExtendedProperty>`;
  const one = await made(nameXml() + extended);
  expect(path(await shown(idXml(one), named('colour')), 'ExtendedProperty/Value')).toBe('red');
  const other = await made();
  expect(childOf(await shown(idXml(other), named('colour')), 'ExtendedProperty')).toBeUndefined();
});

it('FOLD_R81 FOLD_R5934 FOLD_R810107 FOLD_R810109 FOLD_R8101011: the owner of a folder has all rights in it', async () => {
  const rights = childOf(await shown(idXml(await made())), 'EffectiveRights');
  expect(['Delete', 'Modify', 'Read'].map((right) => plain(rights, right))).toEqual(['true', 'true', 'true']);
});

it.each([
  ['FOLD_R67', '<t:FolderId Id="AAAA"/>'],
  ['FOLD_R6802', '<t:ParentFolderId Id="AAAA"/>'],
  ['FOLD_R73', '<t:TotalCount>7</t:TotalCount>'],
  ['FOLD_R76', '<t:ChildFolderCount>7</t:ChildFolderCount>'],
  [
    'FOLD_R83',
    '<t:EffectiveRights><t:CreateAssociated>true</t:CreateAssociated><t:CreateContents>true</t:CreateContents><t:CreateHierarchy>true</t:CreateHierarchy><t:Delete>true</t:Delete><t:Modify>true</t:Modify><t:Read>true</t:Read></t:EffectiveRights>',
  ],
])('%s: what the server says of a folder cannot be written', async (_, xml) => {
  const element = /<t:(\w+)/.exec(xml)?.[1] ?? '';
  const inner = ['FolderId', 'ParentFolderId'].includes(element) ? xml + nameXml() : nameXml() + xml;
  expect(await codeOf(sim, createBody(inner))).toBe('ErrorInvalidPropertySet');
  const change = setFolder(`folder:${element}`, 'Folder', xml);
  expect(await codeOf(sim, updateBody(idXml(await made()), change))).toBe('ErrorInvalidPropertySet');
});

it.each([
  ['FOLD_R42103', 'IdOnly', ['FolderId']],
  ['FOLD_R42102', 'Default', ['FolderId', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'UnreadCount']],
  [
    'FOLD_R42101',
    'AllProperties',
    [
      'FolderId',
      'ParentFolderId',
      'FolderClass',
      'DisplayName',
      'TotalCount',
      'ChildFolderCount',
      'EffectiveRights',
      'UnreadCount',
    ],
  ],
])('%s: the shape %s', async (_, shape, expected) => {
  const found = await ok(sim, getBody(folder('inbox'), `<t:BaseShape>${shape}</t:BaseShape>`));
  // A GetFolder of a later build may show the permissions too.
  expect(names(found.entity).filter((name) => name !== 'PermissionSet')).toEqual(expected);
});

it('FOLD_R42104 FOLD_R42105: additional properties come besides the shape', async () => {
  const shape =
    '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties>';
  expect(names((await ok(sim, getBody(folder('inbox'), shape))).entity)).toEqual(['FolderId', 'DisplayName']);
});

// Operations.
it('FOLD_R423: GetFolder answers each of its ids, in their order', async () => {
  const reply = await call(sim, getBody(folder('tasks') + '<t:FolderId Id="AAAA"/>' + folder('inbox')));
  expect(reply.messages.map(({ code, entity }) => [code, entity?.name])).toEqual([
    ['NoError', 'TasksFolder'],
    ['ErrorInvalidIdMalformed', undefined],
    ['NoError', 'Folder'],
  ]);
});

it('FOLD_R216 FOLD_R252: a folder is created in its parent, which must be there', async () => {
  const parent = await made();
  const child = await made(nameXml(), 'Folder', idXml(parent));
  expect([...(await childrenIn(idXml(parent))).keys()]).toEqual([bareId(child)]);
  await ok(sim, deleteBody(idXml(parent)));
  expect(await codeOf(sim, createBody(nameXml(), 'Folder', idXml(parent)))).toBe('ErrorParentFolderNotFound');
});

it('FOLD_R217: a folder that exists is not created again', async () => {
  const name = freshName();
  await made(nameXml(name));
  expect(await codeOf(sim, createBody(nameXml(name)))).toBe('ErrorFolderExists');
});

it('FOLD_R2531: all folders of a request are created', async () => {
  const parent = await made();
  const body = createBody(nameXml('a'), 'Folder', idXml(parent)).replace(
    '</m:Folders>',
    `<t:TasksFolder>${nameXml('b')}</t:TasksFolder></m:Folders>`,
  );
  expect((await call(sim, body)).messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  expect([...(await childrenIn(idXml(parent))).values()].sort()).toEqual(['a', 'b']);
});

it('FOLD_R306 FOLD_R341 FOLD_R34301: HardDelete takes the folders away for good', async () => {
  const names = [freshName(), freshName()];
  const both = [await made(nameXml(names[0])), await made(nameXml(names[1]))];
  const reply = await call(sim, deleteBody(both.map(idXml).join('')));
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  for (const gone of both) expect(await codeOf(sim, getBody(idXml(gone)))).toBe('ErrorFolderNotFound');
  const binned = [...(await childrenIn(folder('deleteditems'))).values()];
  expect(binned).not.toContain(names[0]);
});

it.each([
  ['FOLD_R34302', 'MoveToDeletedItems', 'deleteditems'],
  ['FOLD_R34303', 'SoftDelete', 'recoverableitemsdeletions'],
])('%s: %s moves the folder into %s', async (_, type, target) => {
  const name = freshName();
  const one = await made(nameXml(name));
  await ok(sim, deleteBody(idXml(one), type));
  expect([...(await childrenIn(folder(target))).values()]).toContain(name);
  expect([...(await childrenIn(folder('msgfolderroot'))).values()]).not.toContain(name);
});

it.each(['inbox', 'deleteditems', 'calendar'])('FOLD_R308: %s cannot be deleted', async (id) => {
  expect(await codeOf(sim, deleteBody(folder(id)))).toBe('ErrorDeleteDistinguishedFolder');
  expect(await codeOf(sim, getBody(folder(id)))).toBe('NoError');
});

it('FOLD_R429 FOLD_R594 FOLD_R595 FOLD_R596: MoveFolder takes name, class, contents and subfolders along', async () => {
  const name = freshName();
  const one = await made(`<t:FolderClass>IPF.Note.Custom</t:FolderClass>${nameXml(name)}`);
  const child = await made(nameXml('below'), 'Folder', idXml(one));
  const item = (
    await ok(
      sim,
      `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>${idXml(one)}</m:SavedItemFolderId><m:Items><t:Message><t:Subject>x</t:Subject></t:Message></m:Items></m:CreateItem>`,
    )
  ).entity!;
  const target = await made();
  const moved = (await ok(sim, transferBody('MoveFolder', idXml(one), idXml(target)))).entity!;
  expect([...(await childrenIn(idXml(target))).values()]).toEqual([name]);
  expect([...(await childrenIn(folder('msgfolderroot'))).keys()]).not.toContain(bareId(one));
  expect(path(await shown(idXml(moved)), 'FolderClass')).toBe('IPF.Note.Custom');
  expect(await idsIn(sim, idXml(moved))).toEqual([bareId(item)]);
  expect([...(await childrenIn(idXml(moved))).keys()]).toEqual([bareId(child)]);
});

it('FOLD_R211: CopyFolder leaves the folder and makes another with the same contents', async () => {
  const one = await made();
  await made(nameXml('below'), 'Folder', idXml(one));
  const target = await made();
  const copied = (await ok(sim, transferBody('CopyFolder', idXml(one), idXml(target)))).entity!;
  expect(bareId(copied)).not.toBe(bareId(one));
  expect([...(await childrenIn(folder('msgfolderroot'))).keys()]).toContain(bareId(one));
  expect([...(await childrenIn(idXml(copied))).values()]).toEqual(['below']);
});

it('FOLD_R546 FOLD_R9301 FOLD_R5051 FOLD_R531 FOLD_R5251: UpdateFolder makes all changes of all folders', async () => {
  const both = [await made(), await made()];
  const changes = both.map((one, index) => {
    const own = `<t:ExtendedProperty>${named('own')}<t:Value>v${index}</t:Value></t:ExtendedProperty>`;
    const extended = `<t:SetFolderField>${named('own')}<t:Folder>${own}</t:Folder></t:SetFolderField>`;
    const renamed = setFolder('folder:DisplayName', 'Folder', nameXml(`renamed ${index}`));
    return `<t:FolderChange>${idXml(one)}<t:Updates>${renamed}${extended}</t:Updates></t:FolderChange>`;
  });
  const reply = await call(
    sim,
    `<m:UpdateFolder><m:FolderChanges>${changes.join('')}</m:FolderChanges></m:UpdateFolder>`,
  );
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  for (const [index, one] of both.entries()) {
    const found = await shown(idXml(one), named('own'));
    expect([path(found, 'DisplayName'), path(found, 'ExtendedProperty/Value')]).toEqual([
      `renamed ${index}`,
      `v${index}`,
    ]);
  }
});

it('FOLD_R583 FOLD_R5261: DeleteFolderField takes a property away', async () => {
  const extended = `<t:ExtendedProperty>${named('own')}<t:Value>x</t:Value></t:ExtendedProperty>`;
  const one = await made(nameXml() + extended);
  await ok(sim, updateBody(idXml(one), `<t:DeleteFolderField>${named('own')}</t:DeleteFolderField>`));
  expect(childOf(await shown(idXml(one), named('own')), 'ExtendedProperty')).toBeUndefined();
});

it('FOLD_R507: AppendToFolderField is always refused', async () => {
  const change = `<t:AppendToFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:Folder>${nameXml()}</t:Folder></t:AppendToFolderField>`;
  expect(await codeOf(sim, updateBody(idXml(await made()), change))).toBe('ErrorInvalidPropertyAppend');
});

// Permissions.
const user = '<t:UserId><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:UserId>';
const permissionSet = (inner: string, who = user): string =>
  `<t:PermissionSet><t:Permissions><t:Permission>${who}${inner}</t:Permission></t:Permissions></t:PermissionSet>`;
const levelXml = (level: string): string => `<t:PermissionLevel>${level}</t:PermissionLevel>`;

/** The parts of a custom permission, in the order of the schema. */
const parts = [
  'CanCreateItems',
  'CanCreateSubFolders',
  'IsFolderOwner',
  'IsFolderVisible',
  'IsFolderContact',
  'EditItems',
  'DeleteItems',
  'ReadItems',
] as const;
type Parts = Partial<Record<(typeof parts)[number], string>>;
const custom = (given: Parts): string =>
  parts.map((name) => (given[name] === undefined ? '' : `<t:${name}>${given[name]}</t:${name}>`)).join('') +
  levelXml('Custom');

async function granted(inner: string): Promise<XmlElement> {
  return made(nameXml() + permissionSet(inner));
}

/** The permission of a user, among those of Default and Anonymous. */
async function permissionOf(one: XmlElement, name = 'bob@example.test'): Promise<XmlElement> {
  const found = all(await shown(idXml(one), 'folder:PermissionSet'), 'PermissionSet/Permissions/Permission');
  return found.find((permission) =>
    ['PrimarySmtpAddress', 'DistinguishedUser'].some((part) => path(permission, `UserId/${part}`) === name),
  )!;
}

const bob = { user: 'bob' };

/** What bob can do there: read, create, edit, delete, make folders. */
async function abilitiesIn(one: XmlElement): Promise<Record<string, boolean>> {
  const saved = `<m:SavedItemFolderId>${idXml(one)}</m:SavedItemFolderId>`;
  const message = `<m:CreateItem MessageDisposition="SaveOnly">${saved}<m:Items><t:Message><t:Subject>x</t:Subject></t:Message></m:Items></m:CreateItem>`;
  const hers = (await ok(sim, message)).entity!;
  const item = `<t:ItemId Id="${bareId(hers)}"/>`;
  const can = async (body: string): Promise<boolean> => (await codeOf(sim, body, bob)) === 'NoError';
  return {
    read: await can(
      `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape><m:ItemIds>${item}</m:ItemIds></m:GetItem>`,
    ),
    create: await can(message),
    edit: await can(
      `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges><t:ItemChange>${item}<t:Updates>${setField('item:Subject', 'Message', '<t:Subject>y</t:Subject>')}</t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
    ),
    delete: await can(`<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${item}</m:ItemIds></m:DeleteItem>`),
    folders: await can(createBody(nameXml(), 'Folder', idXml(one))),
  };
}

const nothing = { read: false, create: false, edit: false, delete: false, folders: false };
const everything = { read: true, create: true, edit: true, delete: true, folders: true };

it.each([
  ['FOLD_R145', 'None', nothing],
  ['FOLD_R146', 'Owner', everything],
  ['FOLD_R147', 'PublishingEditor', everything],
  ['FOLD_R148', 'Editor', { ...everything, folders: false }],
  ['FOLD_R152', 'Reviewer', { ...nothing, read: true }],
  ['FOLD_R1532', 'Contributor', { ...nothing, create: true }],
] as const)(
  '%s FOLD_R123 FOLD_R1231 FOLD_R1232 FOLD_R123201 FOLD_R460102 FOLD_R470302 FOLD_R480302 FOLD_R490302 FOLD_R500302 FOLD_R510202 FOLD_R520202 FOLD_R122302: the level %s',
  async (_, level, expected) => {
    const one = await granted(levelXml(level));
    expect(plain(await permissionOf(one), 'PermissionLevel')).toBe(level);
    expect(await abilitiesIn(one)).toEqual(expected);
  },
);

it('FOLD_R146: an owner is folder owner and folder contact', async () => {
  const permission = await permissionOf(await granted(levelXml('Owner')));
  expect(['IsFolderOwner', 'IsFolderContact'].map((name) => plain(permission, name))).toEqual([
    'true',
    'true',
  ]);
});

it('FOLD_R154 FOLD_R460101 FOLD_R470301 FOLD_R480301 FOLD_R490301 FOLD_R500301 FOLD_R510201 FOLD_R520201 FOLD_R122301 FOLD_R4601 FOLD_R4703 FOLD_R4803 FOLD_R4903 FOLD_R5003 FOLD_R5102 FOLD_R5202 FOLD_R1223 FOLD_R48 FOLD_R49 FOLD_R50: a custom permission is kept in single', async () => {
  const given = {
    CanCreateItems: 'true',
    CanCreateSubFolders: 'false',
    IsFolderOwner: 'false',
    IsFolderVisible: 'true',
    IsFolderContact: 'false',
    EditItems: 'All',
    DeleteItems: 'None',
    ReadItems: 'FullDetails',
  };
  const permission = await permissionOf(await granted(custom(given)));
  for (const [name, value] of Object.entries(given)) expect(plain(permission, name)).toBe(value);
  expect(plain(permission, 'PermissionLevel')).toBe('Custom');
});

it.each([
  ['FOLD_R45 FOLD_R4501 FOLD_R46 FOLD_R4502', 'create', 'CanCreateItems', 'true', 'false'],
  ['FOLD_R47 FOLD_R4701 FOLD_R4702 FOLD_R47001', 'folders', 'CanCreateSubFolders', 'true', 'false'],
  ['FOLD_R51001 FOLD_R51003', 'edit', 'EditItems', 'All', 'None'],
  ['FOLD_R52001 FOLD_R52003', 'delete', 'DeleteItems', 'All', 'None'],
  ['FOLD_R122 FOLD_R157 FOLD_R158', 'read', 'ReadItems', 'FullDetails', 'None'],
])('%s: a custom permission to %s (%s %s or %s)', async (_, ability, part, yes, no) => {
  // Whoever may not even read cannot find what to change.
  const base: Parts = ability === 'read' ? { CanCreateItems: 'true' } : { ReadItems: 'FullDetails' };
  const able = await granted(custom({ ...base, [part]: yes }));
  expect((await abilitiesIn(able))[ability]).toBe(true);
  const unable = await granted(custom({ ...base, [part]: no }));
  expect((await abilitiesIn(unable))[ability]).toBe(false);
});

it('FOLD_R810108 FOLD_R8101010 FOLD_R8101012: EffectiveRights tell others what they may not do', async () => {
  const seen = async (level: string): Promise<string[]> => {
    const one = await granted(levelXml(level));
    const found = (await ok(sim, getBody(idXml(one)), bob)).entity;
    return ['Delete', 'Modify', 'Read'].map((right) => path(found, `EffectiveRights/${right}`));
  };
  expect(await seen('Reviewer')).toEqual(['false', 'false', 'true']);
  expect(await seen('Contributor')).toEqual(['false', 'false', 'false']);
  expect(await seen('Editor')).toEqual(['true', 'true', 'true']);
});

it('FOLD_R43 FOLD_R4302 FOLD_R44 FOLD_R98 FOLD_R9802 FOLD_R9803 FOLD_R980301 FOLD_R118 FOLD_R1182 CDATA_R1299 CDATA_R1300: the permissions of a folder name their users', async () => {
  const one = await granted(levelXml('Reviewer'));
  const permission = await permissionOf(one);
  expect(plain(childOf(permission, 'UserId'), 'PrimarySmtpAddress')).toBe('bob@example.test');
  expect(plain(childOf(permission, 'UserId'), 'DisplayName')).not.toBe('');
  const nobody = '<t:UserId><t:DisplayName>nobody</t:DisplayName></t:UserId>';
  expect(await codeOf(sim, createBody(nameXml() + permissionSet(levelXml('Reviewer'), nobody)))).toBe(
    'ErrorInvalidUserInfo',
  );
});

it('FOLD_R980302: without a PermissionSet nobody else has a permission', async () => {
  const set = childOf(await shown(idXml(await made()), 'folder:PermissionSet'), 'PermissionSet');
  expect(
    all(set, 'Permissions/Permission').filter((one) => path(one, 'UserId/PrimarySmtpAddress') !== ''),
  ).toEqual([]);
});

it('CDATA_R1301: Default is everybody else', async () => {
  const everybody = '<t:UserId><t:DistinguishedUser>Default</t:DistinguishedUser></t:UserId>';
  const one = await made(nameXml() + permissionSet(levelXml('Reviewer'), everybody));
  const permission = await permissionOf(one, 'Default');
  expect(plain(permission, 'PermissionLevel')).toBe('Reviewer');
  expect(await abilitiesIn(one)).toEqual({ ...nothing, read: true });
});
