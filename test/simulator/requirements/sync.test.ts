// Statements of [MS-OXWSSYNC] about SyncFolderHierarchy and SyncFolderItems; each test is named with the ids it checks.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { childOf, childrenOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { addItem, folderOf } from '../../../simulator/state/index.ts';
import { bareId, call, codeOf, folder, idOf, named, ok, path, start, type Message } from '../soap-client.ts';
import { create, deleteBody, envelopeOf, forms, names, plain, setField, update } from './asking.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const stateXml = (state: string): string => (state === '' ? '' : `<m:SyncState>${state}</m:SyncState>`);

interface Asking {
  readonly of?: string;
  readonly shape?: string;
  readonly ignore?: string;
  readonly most?: number;
  readonly scope?: string;
  readonly mime?: string;
}

const itemsBody = (state = '', asking: Asking = {}): string => {
  const ignore = asking.ignore === undefined ? '' : `<m:Ignore>${asking.ignore}</m:Ignore>`;
  const scope = asking.scope === undefined ? '' : `<m:SyncScope>${asking.scope}</m:SyncScope>`;
  return `<m:SyncFolderItems><m:ItemShape>${asking.shape ?? '<t:BaseShape>IdOnly</t:BaseShape>'}${asking.mime ?? ''}</m:ItemShape><m:SyncFolderId>${folder(asking.of ?? 'drafts')}</m:SyncFolderId>${stateXml(state)}${ignore}<m:MaxChangesReturned>${asking.most ?? 512}</m:MaxChangesReturned>${scope}</m:SyncFolderItems>`;
};

const foldersBody = (
  state = '',
  shape = '<t:BaseShape>IdOnly</t:BaseShape>',
  root = folder('msgfolderroot'),
): string =>
  `<m:SyncFolderHierarchy><m:FolderShape>${shape}</m:FolderShape>${root === '' ? '' : `<m:SyncFolderId>${root}</m:SyncFolderId>`}${stateXml(state)}</m:SyncFolderHierarchy>`;

interface Answer {
  readonly message: Message;
  readonly state: string;
  readonly changes: readonly XmlElement[];
}

async function answerTo(body: string): Promise<Answer> {
  const message = await ok(sim, body);
  return {
    message,
    state: path(message.element, 'SyncState'),
    changes: childrenOf(childOf(message.element, 'Changes')!),
  };
}

/** `Create CalendarItem`, and the id. */
const told = (change: XmlElement): [string, string, string] => {
  const entity = childrenOf(change)[0]!;
  const isBare = entity.name.endsWith('Id');
  return [change.name, entity.name, bareId(isBare ? change : entity)];
};

const message = (subject = 'x'): Promise<XmlElement> =>
  create(sim, 'Message', `<t:Subject>${subject}</t:Subject>`);
const retitled = (element = 'Message'): string =>
  setField('item:Subject', element, '<t:Subject>changed</t:Subject>');

async function newFolder(element: string, name: string): Promise<XmlElement> {
  return (
    await ok(
      sim,
      `<m:CreateFolder><m:ParentFolderId>${folder('msgfolderroot')}</m:ParentFolderId><m:Folders><t:${element}><t:DisplayName>${name}</t:DisplayName></t:${element}></m:Folders></m:CreateFolder>`,
    )
  ).entity!;
}

const renameFolder = (entity: XmlElement, element: string, name: string): string =>
  `<m:UpdateFolder><m:FolderChanges><t:FolderChange><t:FolderId Id="${bareId(entity)}"/><t:Updates><t:SetFolderField><t:FieldURI FieldURI="folder:DisplayName"/><t:${element}><t:DisplayName>${name}</t:DisplayName></t:${element}></t:SetFolderField></t:Updates></t:FolderChange></m:FolderChanges></m:UpdateFolder>`;

it('SYNC_R3 SYNC_R20001: SOAP 1.1 over HTTP', async () => {
  const root = await envelopeOf(sim, itemsBody());
  expect([root.name, root.ns]).toEqual(['Envelope', 'http://schemas.xmlsoap.org/soap/envelope/']);
});

it.each([
  ['SYNC_R460 SYNC_R238 SYNC_R306 SYNC_R307 SYNC_R308 SYNC_R309 CDATA_R1623', 'SyncFolderHierarchy'],
  ['SYNC_R437 SYNC_R438 SYNC_R439 SYNC_R440 SYNC_R51 SYNC_R52 SYNC_R354', 'SyncFolderItems'],
])(
  '%s CDATA_R1091 CDATA_R1094 CDATA_R1284: %s answers with one message, under a header with the version',
  async (_, operation) => {
    const root = await envelopeOf(sim, operation === 'SyncFolderItems' ? itemsBody() : foldersBody());
    expect(names(childOf(root, 'Header'))).toEqual(['ServerVersionInfo']);
    const [response] = childrenOf(childOf(root, 'Body')!);
    expect(response?.name).toBe(`${operation}Response`);
    expect(names(response)).toEqual(['ResponseMessages']);
    const messages = childrenOf(childOf(response, 'ResponseMessages')!);
    expect(messages.map((one) => [one.name, one.attrs['ResponseClass']])).toEqual([
      [`${operation}ResponseMessage`, 'Success'],
    ]);
  },
);

// Folders.
it.each([
  ['SYNC_R99 SYNC_R10010 SYNC_R10020', 'Folder'],
  ['SYNC_R101 SYNC_R1021 SYNC_R1022', 'CalendarFolder'],
  ['SYNC_R103 SYNC_R1041 SYNC_R1042', 'ContactsFolder'],
  ['SYNC_R107 SYNC_R1081 SYNC_R1082', 'TasksFolder'],
])(
  '%s SYNC_R83 SYNC_R84 SYNC_R448 SYNC_R85 SYNC_R86 SYNC_R116 SYNC_R117 SYNC_R503 SYNC_R49: a %s is told as created, updated, deleted',
  async (_, element) => {
    const before = await answerTo(foldersBody());
    const made = await newFolder(element, 'one');
    const created = await answerTo(foldersBody(before.state));
    expect(created.changes.map(told)).toEqual([['Create', element, bareId(made)]]);
    await ok(sim, renameFolder(made, element, 'two'));
    const updated = await answerTo(foldersBody(created.state));
    expect(updated.changes.map(told)).toEqual([['Update', element, bareId(made)]]);
    await ok(
      sim,
      `<m:DeleteFolder DeleteType="HardDelete"><m:FolderIds><t:FolderId Id="${bareId(made)}"/></m:FolderIds></m:DeleteFolder>`,
    );
    const deleted = await answerTo(foldersBody(updated.state));
    expect(deleted.changes.map(told)).toEqual([['Delete', 'FolderId', bareId(made)]]);
  },
);

it('SYNC_R442 SYNC_R44 SYNC_R443 SYNC_R4601 SYNC_R48: the answer has a state in base64, and says that it is whole', async () => {
  const { message: answer, state } = await answerTo(foldersBody());
  expect(state).toMatch(forms.base64);
  expect(plain(answer.element, 'IncludesLastFolderInRange')).toBe('true');
  expect(names(answer.element)).toEqual([
    'ResponseCode',
    'SyncState',
    'IncludesLastFolderInRange',
    'Changes',
  ]);
});

it.each([
  ['SYNC_R2573', 'IdOnly', ['FolderId']],
  ['SYNC_R2572', 'Default', ['FolderId', 'DisplayName', 'TotalCount', 'ChildFolderCount', 'UnreadCount']],
  [
    'SYNC_R2571',
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
])('%s: folders come in the shape %s', async (_, shape, expected) => {
  const before = await answerTo(foldersBody('', `<t:BaseShape>${shape}</t:BaseShape>`));
  await newFolder('Folder', 'one');
  const { changes } = await answerTo(foldersBody(before.state, `<t:BaseShape>${shape}</t:BaseShape>`));
  expect(names(childrenOf(changes[0]!)[0])).toEqual(expected);
});

it('SYNC_R2574 SYNC_R2575: additional properties of folders come besides the shape', async () => {
  const shape =
    '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="folder:DisplayName"/></t:AdditionalProperties>';
  const { changes } = await answerTo(foldersBody('', shape));
  for (const change of changes) expect(names(childrenOf(change)[0])).toEqual(['FolderId', 'DisplayName']);
});

it('SYNC_R259 SYNC_R260 SYNC_R2601 SYNC_R2602: without a root folder the whole mailbox is told', async () => {
  const whole = await answerTo(foldersBody('', undefined, ''));
  const root = await answerTo(foldersBody());
  expect(whole.changes.length).toBeGreaterThanOrEqual(root.changes.length);
  const inbox = await answerTo(foldersBody('', undefined, folder('inbox')));
  expect(inbox.changes).toEqual([]);
});

it('SYNC_R261 SYNC_R262 SYNC_R263 SYNC_R2631 SYNC_R2632: without a state all folders are created, with one only what changed', async () => {
  const first = await answerTo(foldersBody());
  expect(first.changes.length).toBeGreaterThan(5);
  expect(new Set(first.changes.map(({ name }) => name))).toEqual(new Set(['Create']));
  const next = await answerTo(foldersBody(first.state));
  expect(next.changes).toEqual([]);
  expect(next.message.code).toBe('NoError');
  const again = await answerTo(foldersBody());
  expect(again.changes.map(told)).toEqual(first.changes.map(told));
});

it('CDATA_R5188: a bad state of folders is refused', async () => {
  expect(await codeOf(sim, foldersBody('AAAA'))).toBe('ErrorInvalidSyncStateData');
});

it('CDATA_R518 CDATA_R1436: a bad state of items is refused with the class Error', async () => {
  const [answer] = (await call(sim, itemsBody('AAAA'))).messages;
  expect([answer?.class, answer?.code]).toEqual(['Error', 'ErrorInvalidSyncStateData']);
});

// Items.
it.each([
  ['SYNC_R156 SYNC_R1571 SYNC_R1572', 'Message', 'drafts'],
  ['SYNC_R158 SYNC_R1591 SYNC_R1592', 'CalendarItem', 'calendar'],
  ['SYNC_R160 SYNC_R1611 SYNC_R1612', 'Contact', 'contacts'],
  ['SYNC_R1631 SYNC_R1632', 'DistributionList', 'contacts'],
  ['SYNC_R172 SYNC_R1731 SYNC_R1732', 'Task', 'tasks'],
])(
  '%s SYNC_R130 SYNC_R131 SYNC_R452 SYNC_R132 SYNC_R133 SYNC_R134 SYNC_R183 SYNC_R184 SYNC_R504 SYNC_R70 SYNC_R37811002: a %s is told as created, updated, deleted',
  async (_, element, of) => {
    const before = await answerTo(itemsBody('', { of }));
    const made = await create(sim, element, '');
    const created = await answerTo(itemsBody(before.state, { of }));
    expect(created.changes.map(told)).toEqual([['Create', element, bareId(made)]]);
    await update(sim, made, retitled(element));
    const updated = await answerTo(itemsBody(created.state, { of }));
    expect(updated.changes.map(told)).toEqual([['Update', element, bareId(made)]]);
    await ok(sim, deleteBody(made));
    const deleted = await answerTo(itemsBody(updated.state, { of }));
    expect(deleted.changes.map(told)).toEqual([['Delete', 'ItemId', bareId(made)]]);
  },
);

it('SYNC_R37811004: a generic item is told as a message', async () => {
  const before = await answerTo(itemsBody());
  await create(sim, 'Item', '');
  const { changes } = await answerTo(itemsBody(before.state));
  expect(changes.map((change) => told(change).slice(0, 2))).toEqual([['Create', 'Message']]);
});

it('SYNC_R135 SYNC_R136 SYNC_R193 SYNC_R194 SYNC_R456 SYNC_R195 SYNC_R1951 SYNC_R1952: a change of the read flag is told as such', async () => {
  const made = await message();
  let { state } = await answerTo(itemsBody());
  for (const isRead of ['false', 'true']) {
    await update(sim, made, setField('message:IsRead', 'Message', `<t:IsRead>${isRead}</t:IsRead>`));
    const { changes, state: next } = await answerTo(itemsBody(state));
    expect(changes.map(({ name }) => name)).toEqual(['ReadFlagChange']);
    expect(bareId(changes[0])).toBe(bareId(made));
    expect(plain(changes[0], 'IsRead')).toBe(isRead);
    state = next;
  }
});

it('SYNC_R445 SYNC_R65 SYNC_R446 SYNC_R69: the answer has a state in base64, and says whether it is whole', async () => {
  const { message: answer, state } = await answerTo(itemsBody());
  expect(state).toMatch(forms.base64);
  expect(plain(answer.element, 'IncludesLastItemInRange')).toMatch(forms.boolean);
  expect(names(answer.element)).toEqual(['ResponseCode', 'SyncState', 'IncludesLastItemInRange', 'Changes']);
});

it('SYNC_R67 SYNC_R6701 SYNC_R6702 SYNC_R388 SYNC_R3891: at most MaxChangesReturned changes come at once, until the last is there', async () => {
  for (const subject of ['a', 'b', 'c', 'd', 'e']) await message(subject);
  const sizes: [number, string][] = [];
  let state = '';
  for (let round = 0; round < 3; round += 1) {
    const answer = await answerTo(itemsBody(state, { most: 2 }));
    state = answer.state;
    sizes.push([answer.changes.length, plain(answer.message.element, 'IncludesLastItemInRange')]);
  }
  expect(sizes).toEqual([
    [2, 'false'],
    [2, 'false'],
    [1, 'true'],
  ]);
});

it('SYNC_R389 SYNC_R387 SYNC_R331: MaxChangesReturned is 1 to 512', async () => {
  for (const most of [1, 512]) expect(await codeOf(sim, itemsBody('', { most }))).toBe('NoError');
  for (const most of [0, 513])
    expect(await codeOf(sim, itemsBody('', { most }))).toBe('fault ErrorSchemaValidation');
});

it('SYNC_R3783: items come with their id only in the shape IdOnly', async () => {
  await message();
  const { changes } = await answerTo(itemsBody());
  expect(names(childrenOf(changes[0]!)[0])).toEqual(['ItemId']);
});

it('SYNC_R3782 SYNC_R3781: the shapes Default and AllProperties give more and more', async () => {
  await create(sim, 'CalendarItem', '<t:Subject>x</t:Subject>');
  const shown = async (base: string): Promise<string[]> => {
    const { changes } = await answerTo(
      itemsBody('', { of: 'calendar', shape: `<t:BaseShape>${base}</t:BaseShape>` }),
    );
    return names(childrenOf(changes[0]!)[0]);
  };
  const standard = await shown('Default');
  expect(standard).toEqual([
    'ItemId',
    'Subject',
    'HasAttachments',
    'Start',
    'End',
    'LegacyFreeBusyStatus',
    'CalendarItemType',
    'Organizer',
  ]);
  const all = await shown('AllProperties');
  for (const name of [...standard, 'UID', 'Sensitivity', 'DateTimeCreated']) expect(all).toContain(name);
});

it('SYNC_R37814 SYNC_R37815: additional properties of items come besides the shape', async () => {
  await create(
    sim,
    'Message',
    `<t:Subject>x</t:Subject><t:ExtendedProperty>${named('own')}<t:Value>y</t:Value></t:ExtendedProperty>`,
  );
  const shape = `<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/>${named('own')}</t:AdditionalProperties>`;
  const { changes } = await answerTo(itemsBody('', { shape }));
  const item = childrenOf(changes[0]!)[0];
  expect(names(item)).toEqual(['ItemId', 'Subject', 'ExtendedProperty']);
  expect(path(item, 'ExtendedProperty/Value')).toBe('y');
});

it('SYNC_R3787: MIME content cannot be asked for', async () => {
  const mime = '<t:IncludeMimeContent>true</t:IncludeMimeContent>';
  expect(await codeOf(sim, itemsBody('', { mime }))).toBe('ErrorInvalidPropertyForOperation');
});

it('SYNC_R380: only items of the folder that is named are told', async () => {
  const made = await message();
  await create(sim, 'Task', '');
  const { changes } = await answerTo(itemsBody());
  expect(changes.map((change) => told(change)[2])).toEqual([bareId(made)]);
  expect(await codeOf(sim, itemsBody().replace('"drafts"', '"nowhere"'))).toBe('fault ErrorSchemaValidation');
});

it('SYNC_R381 SYNC_R382 SYNC_R383 SYNC_R3831 SYNC_R3832: without a state all items are created, with one only what changed', async () => {
  const made = [await message('a'), await message('b')];
  const first = await answerTo(itemsBody());
  expect(first.changes.map(told)).toEqual(made.reverse().map((one) => ['Create', 'Message', bareId(one)]));
  const next = await answerTo(itemsBody(first.state));
  expect(next.changes).toEqual([]);
  const again = await answerTo(itemsBody());
  expect(again.changes.map(told)).toEqual(first.changes.map(told));
});

it('SYNC_R385 SYNC_R3851 SYNC_R3852 SYNC_R386 SYNC_R3861 SYNC_R3862 SYNC_R400 SYNC_R401: items to be ignored are skipped, the others are not', async () => {
  const [one, two] = [await message('a'), await message('b')];
  const without = await answerTo(itemsBody('', { ignore: `<t:ItemId ${idOf(one)}/>` }));
  expect(without.changes.map((change) => told(change)[2])).toEqual([bareId(two)]);
  const all = await answerTo(itemsBody());
  expect(all.changes).toHaveLength(2);
});

it('SYNC_R347 SYNC_R348 SYNC_R390 SYNC_R391 SYNC_R332 SYNC_R37811008: SyncScope says whether associated items come along', async () => {
  const made = await message();
  addItem(sim.world, folderOf(sim.world.mailboxes.get('alice@example.test')!, 'drafts'), {
    kind: 'message',
    values: { itemClass: 'IPM.Configuration.X' },
    isAssociated: true,
  });
  const normal = await answerTo(itemsBody('', { scope: 'NormalItems' }));
  expect(normal.changes.map((change) => told(change)[2])).toEqual([bareId(made)]);
  const both = await answerTo(itemsBody('', { scope: 'NormalAndAssociatedItems' }));
  expect(both.changes).toHaveLength(2);
});

it('SYNC_R290 SYNC_R291 SYNC_R421 SYNC_R422 SYNC_R297 SYNC_R428: a request of another form is refused whole', async () => {
  expect(await codeOf(sim, '<m:SyncFolderItems/>')).toBe('fault ErrorSchemaValidation');
  expect(await codeOf(sim, '<m:SyncFolderHierarchy/>')).toBe('fault ErrorSchemaValidation');
  for (const body of [itemsBody(), foldersBody()]) {
    expect(await codeOf(sim, body, { version: 'Exchange1999' })).toBe('fault ErrorInvalidServerVersion');
    expect(await codeOf(sim, body, { version: 'Exchange2013_SP1' })).toBe('NoError');
  }
});

it('SYNC_R292 SYNC_R293 SYNC_R423 SYNC_R424: impersonation is understood as a header, and needs the right', async () => {
  const header =
    '<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>bob@example.test</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>';
  for (const body of [itemsBody(), foldersBody()])
    expect(await codeOf(sim, body, { header })).toBe('fault ErrorImpersonateUserDenied');
});
