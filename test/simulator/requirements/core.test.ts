// Statements of [MS-OXWSCORE] about items of every kind; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { addItem, folderOf } from '../../../simulator/state/index.ts';
import {
  all,
  at,
  bareId,
  call,
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
} from '../soap-client.ts';
import {
  codeOfUpdate,
  create,
  createBody,
  deleteBody,
  envelopeOf,
  forms,
  idsIn,
  names,
  plain,
  setField,
  show,
  update,
} from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const message = (inner: string): Promise<XmlElement> => create(sim, 'Message', inner);
const id = (entity: XmlElement): string => `<t:ItemId Id="${bareId(entity)}"/>`;

it('CORE_R3 CORE_R2001: SOAP 1.1 over HTTP', async () => {
  const response = await fetch(sim.url, { method: 'POST', body: '<x/>' });
  expect(response.status).toBe(401);
  const reply = await call(sim, getItemBody(id(await message(''))));
  expect(reply.status).toBe(200);
  const root = await envelopeOf(sim, getItemBody(id(await message(''))));
  expect([root.name, root.ns]).toEqual(['Envelope', 'http://schemas.xmlsoap.org/soap/envelope/']);
});

const empty = '<t:String>x</t:String>';

// Read-only properties: refused at creation and later.
it.each([
  ['CORE_R2014 CORE_R2347', 'ItemId', '<t:ItemId Id="AAAA"/>'],
  ['CORE_R2016 CORE_R2348', 'ParentFolderId', '<t:ParentFolderId Id="AAAA"/>'],
  ['CORE_R2025 CORE_R2349', 'DateTimeReceived', '2025-01-01T00:00:00Z'],
  ['CORE_R2027 CORE_R2272', 'Size', '7'],
  ['CORE_R2031 CORE_R2273', 'DateTimeSent', '2025-01-01T00:00:00Z'],
  ['CORE_R2033 CORE_R2274', 'DateTimeCreated', '2025-01-01T00:00:00Z'],
  ['CORE_R2035 CORE_R2275', 'DisplayTo', 'x'],
  ['CORE_R2037 CORE_R2276', 'EffectiveRights', rights()],
  ['CORE_R2039 CORE_R2277', 'LastModifiedName', 'x'],
  ['CORE_R2043', 'WebClientReadFormQueryString', 'x'],
  ['CORE_R2046 CORE_R2350', 'InstanceKey', 'AAAA'],
  ['CORE_R2048 CORE_R2351', 'NormalizedBody', '<t:NormalizedBody BodyType="Text">x</t:NormalizedBody>'],
  ['CORE_R2050 CORE_R2352', 'Preview', 'x'],
  ['CORE_R2355', 'BlockStatus', 'true'],
  ['CORE_R2060 CORE_R2356', 'TextBody', '<t:TextBody BodyType="Text">x</t:TextBody>'],
  ['CORE_R2062 CORE_R2358', 'IconIndex', 'MailRead'],
])('%s: %s cannot be written', async (_, element, value) => {
  const xml = value.startsWith('<') ? value : `<t:${element}>${value}</t:${element}>`;
  expect(await codeOf(sim, createBody('Message', xml))).toBe('ErrorInvalidPropertySet');
  const made = await message('');
  expect(await codeOfUpdate(sim, made, setField(`item:${element}`, 'Message', xml))).toBe(
    'ErrorInvalidPropertySet',
  );
});

it('CORE_R20452: a StoreEntryId is ignored when it is written', async () => {
  const made = await message('<t:StoreEntryId>AAAA</t:StoreEntryId>');
  const shown = plain(await show(sim, made, 'item:StoreEntryId'), 'StoreEntryId');
  expect(shown).not.toBe('AAAA');
});

// What the server says of itself, and in which form.
it.each([
  ['CORE_R1315 CORE_R78 CORE_R2026', 'DateTimeReceived', forms.dateTime],
  ['CORE_R1316 CORE_R79 CORE_R2028', 'Size', forms.int],
  ['CORE_R1326 CORE_R89 CORE_R2032', 'DateTimeSent', forms.dateTime],
  ['CORE_R1327 CORE_R90 CORE_R2034', 'DateTimeCreated', forms.dateTime],
  ['CORE_R1340 CORE_R105', 'LastModifiedTime', forms.dateTime],
  ['CORE_R1320', 'IsSubmitted', forms.boolean],
  ['CORE_R1321', 'IsDraft', forms.boolean],
  ['CORE_R1322', 'IsFromMe', forms.boolean],
  ['CORE_R1323', 'IsResend', forms.boolean],
  ['CORE_R1324', 'IsUnmodified', forms.boolean],
  ['CORE_R1335', 'HasAttachments', forms.boolean],
  ['CORE_R13411 CORE_R106 CORE_R2285', 'IsAssociated', forms.boolean],
  ['CORE_R1337 CORE_R102', 'Culture', forms.language],
  ['CORE_R1339 CORE_R104 CORE_R2040', 'LastModifiedName', /^alice/i],
  ['CORE_R1342 CORE_R2338', 'WebClientReadFormQueryString', /^\?ItemID=/],
  ['CORE_R1881', 'StoreEntryId', forms.base64],
  ['CORE_R1348 CORE_R2047', 'InstanceKey', forms.base64],
])('%s: %s is there, in its form', async (_, element, form) => {
  const shown = plain(await show(sim, await message(''), `item:${element}`), element);
  expect(shown).toMatch(form);
});

it('CORE_R78 CORE_R90 CORE_R105: the times of an item are those of its writing', async () => {
  const before = Date.now() - 1000;
  const made = await message('');
  const created = Date.parse(path(await show(sim, made), 'DateTimeCreated'));
  expect(created).toBeGreaterThanOrEqual(before);
  expect(created).toBeLessThanOrEqual(Date.now());
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await update(sim, made, setField('item:Subject', 'Message', '<t:Subject>x</t:Subject>'));
  const shown = await show(sim, made);
  expect(Date.parse(path(shown, 'DateTimeCreated'))).toBe(created);
  expect(Date.parse(path(shown, 'LastModifiedTime'))).toBeGreaterThan(created);
});

it('CORE_R79: Size grows with the body', async () => {
  const sizes = [];
  for (const length of [1, 1000])
    sizes.push(
      Number(
        path(
          await show(sim, await message(`<t:Body BodyType="Text">${'x'.repeat(length)}</t:Body>`)),
          'Size',
        ),
      ),
    );
  expect(sizes[1]! - sizes[0]!).toBeGreaterThanOrEqual(999);
});

it('CORE_R1308 CORE_R70 CORE_R2015 CORE_R153 CORE_R1385 CORE_R156 CORE_R1386 CORE_R158: ItemId has an id and a change key', async () => {
  const made = await message('');
  const found = childOf(await show(sim, made), 'ItemId')!;
  expect(found.attrs['Id']).toMatch(forms.base64);
  expect(found.attrs['ChangeKey']).toMatch(forms.base64);
  expect([found.attrs['Id'], found.attrs['ChangeKey']]).toEqual([bareId(made), keyOf(made)]);
  await update(sim, made, setField('item:Subject', 'Message', '<t:Subject>x</t:Subject>'));
  const later = childOf(await show(sim, made), 'ItemId')!;
  expect(later.attrs['Id']).toBe(found.attrs['Id']);
  expect(later.attrs['ChangeKey']).not.toBe(found.attrs['ChangeKey']);
});

it('CORE_R1309 CORE_R71 CORE_R2017: ParentFolderId names the folder the item is in', async () => {
  const drafts = (
    await ok(
      sim,
      `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folder('drafts')}</m:FolderIds></m:GetFolder>`,
    )
  ).entity;
  expect(childOf(await show(sim, await message('')), 'ParentFolderId')?.attrs['Id']).toBe(bareId(drafts));
});

// What clients write.
it.each([
  ['CORE_R1311 CORE_R73 CORE_R556', 'Subject', 'one', 'two'],
  ['CORE_R1319 CORE_R82', 'InReplyTo', '<a@x>', '<b@x>'],
])('%s: %s is a text that is kept', async (_, element, first, second) => {
  const escape = (text: string): string => text.replace(/</g, '&lt;');
  const made = await message(`<t:${element}>${escape(first)}</t:${element}>`);
  expect(plain(await show(sim, made), element)).toBe(first);
  await update(
    sim,
    made,
    setField(`item:${element}`, 'Message', `<t:${element}>${escape(second)}</t:${element}>`),
  );
  expect(plain(await show(sim, made), element)).toBe(second);
  await update(sim, made, remove(`item:${element}`));
  expect(childOf(await show(sim, made), element)).toBeUndefined();
});

it('CORE_R74: a subject has at most 255 characters', async () => {
  const subject = (length: number): string => `<t:Subject>${'ä'.repeat(length)}</t:Subject>`;
  expect(await codeOf(sim, createBody('Message', subject(255)))).toBe('NoError');
  expect(await codeOf(sim, createBody('Message', subject(256)))).toBe('ErrorPropertyValidationFailure');
  expect(await codeOfUpdate(sim, await message(''), setField('item:Subject', 'Message', subject(256)))).toBe(
    'ErrorPropertyValidationFailure',
  );
});

it.each([
  ['CORE_R75 CORE_R1650', 'Sensitivity', 'Confidential'],
  ['CORE_R75 CORE_R1651', 'Sensitivity', 'Normal'],
  ['CORE_R75 CORE_R1652', 'Sensitivity', 'Personal'],
  ['CORE_R75 CORE_R1653', 'Sensitivity', 'Private'],
  ['CORE_R81 CORE_R198 CORE_R1318', 'Importance', 'High'],
  ['CORE_R81 CORE_R199 CORE_R1318', 'Importance', 'Low'],
  ['CORE_R81 CORE_R200 CORE_R1318', 'Importance', 'Normal'],
])('%s: %s can be %s, and nothing foreign', async (_, element, value) => {
  const made = await message(`<t:${element}>${value}</t:${element}>`);
  expect(plain(await show(sim, made), element)).toBe(value);
  const other = value === 'Normal' ? (element === 'Importance' ? 'Low' : 'Private') : 'Normal';
  await update(sim, made, setField(`item:${element}`, 'Message', `<t:${element}>${other}</t:${element}>`));
  expect(plain(await show(sim, made), element)).toBe(other);
  expect(await codeOf(sim, createBody('Message', `<t:${element}>Foreign</t:${element}>`))).toBe(
    'fault ErrorSchemaValidation',
  );
});

it('CORE_R1317 CORE_R80 CDATA_R1541: Categories are an array of strings', async () => {
  const made = await message(
    `<t:Categories><t:String>red</t:String><t:String>blue &amp; green</t:String></t:Categories>`,
  );
  const shown = childOf(await show(sim, made), 'Categories')!;
  expect(childrenOf(shown).map((child) => [child.name, textOf(child)])).toEqual([
    ['String', 'red'],
    ['String', 'blue & green'],
  ]);
});

const asked = (entity: XmlElement, bodyType: string, uri = 'item:Body'): Promise<XmlElement> =>
  get(
    sim,
    idOf(entity),
    `<t:BaseShape>IdOnly</t:BaseShape><t:BodyType>${bodyType}</t:BodyType><t:AdditionalProperties><t:FieldURI FieldURI="${uri}"/></t:AdditionalProperties>`,
  );

it.each([
  ['CORE_R1679 CORE_R76 CDATA_R17 CDATA_R1190 CDATA_R1097 CDATA_R1665', 'Body', 'HTML'],
  ['CORE_R1680 CORE_R76 CDATA_R18 CDATA_R1190', 'Body', 'Text'],
  ['CORE_R1681 CORE_R1345 CORE_R2290', 'UniqueBody', 'HTML'],
  ['CORE_R1682 CORE_R1345 CORE_R2290', 'UniqueBody', 'Text'],
  ['CORE_R1349', 'NormalizedBody', 'HTML'],
  ['CORE_R1683', 'NormalizedBody', 'Text'],
] as const)('%s: %s comes as %s when that is asked for', async (_, element, type) => {
  for (const [given, text] of [
    ['HTML', '&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;'],
    ['Text', 'Hello you'],
  ]) {
    const made = await message(`<t:Body BodyType="${given}">${text}</t:Body>`);
    const body = childOf(await asked(made, type, `item:${element}`), element)!;
    expect(body.attrs['BodyType']).toBe(type);
    const shown = textOf(body);
    expect(shown.replace(/<[^>]*>/g, '')).toContain('Hello you');
    expect(shown.includes('<')).toBe(type === 'HTML');
  }
});

it('CDATA_R15: Best gives the richest body there is', async () => {
  const made = await message('<t:Body BodyType="HTML">&lt;b&gt;x&lt;/b&gt;</t:Body>');
  const body = childOf(await asked(made, 'Best'), 'Body')!;
  expect([body.attrs['BodyType'], textOf(body)]).toEqual(['HTML', '<b>x</b>']);
});

it('CDATA_R4003: a body tells whether it is truncated', async () => {
  const body = childOf(await asked(await message('<t:Body BodyType="Text">x</t:Body>'), 'Text'), 'Body');
  expect(body?.attrs['IsTruncated']).toMatch(forms.boolean);
});

it('CORE_R1731 CORE_R2061: TextBody is the body as plain text, whatever is asked for', async () => {
  const made = await message('<t:Body BodyType="HTML">&lt;b&gt;x&lt;/b&gt; y</t:Body>');
  const body = childOf(await asked(made, 'HTML', 'item:TextBody'), 'TextBody')!;
  expect([body.attrs['BodyType'], textOf(body)]).toEqual(['Text', 'x y']);
});

it('CORE_R1354 CORE_R2051: Preview is the first 256 characters of the body', async () => {
  const made = await message(`<t:Body BodyType="Text">${'abcd'.repeat(100)}</t:Body>`);
  expect(plain(await show(sim, made, 'item:Preview'), 'Preview')).toBe('abcd'.repeat(64));
});

it('CORE_R83 CORE_R1607 CORE_R84 CORE_R1608: a saved message is a draft and not submitted', async () => {
  const shown = await show(sim, await message(''));
  expect([plain(shown, 'IsSubmitted'), plain(shown, 'IsDraft')]).toEqual(['false', 'true']);
});

it('CORE_R1611 CORE_R1613 CORE_R1615: a message that was only written came from nobody, was not sent again, and is no original', async () => {
  const made = await message('');
  await update(sim, made, setField('item:Subject', 'Message', '<t:Subject>x</t:Subject>'));
  const shown = await show(sim, made);
  expect(['IsFromMe', 'IsResend', 'IsUnmodified'].map((name) => plain(shown, name))).toEqual([
    'false',
    'false',
    'false',
  ]);
});

it('CORE_R1328 CORE_R91 CORE_R1372 CORE_R132: ResponseObjects lists what the reader may answer with', async () => {
  const shown = childOf(await show(sim, await message('')), 'ResponseObjects');
  expect(names(shown)).toContain('ForwardItem');
});

/** An event with properties of t:ItemType before its times, and of t:CalendarItemType after them. */
const event = (inner: string, own = ''): Promise<XmlElement> =>
  createEvent(
    sim,
    `${inner}<t:Start>2025-06-02T10:00:00Z</t:Start><t:End>2025-06-02T11:00:00Z</t:End>${own}`,
  );

it('CORE_R1329 CORE_R92: ReminderDueBy is when the event happens', async () => {
  const shown = plain(await show(sim, await event('')), 'ReminderDueBy');
  expect(shown).toMatch(forms.dateTime);
  expect(shown).toBe('2025-06-02T10:00:00Z');
});

it('CORE_R1330 CORE_R94 CORE_R1616 CORE_R1617: ReminderIsSet tells whether there is a reminder', async () => {
  for (const isSet of ['true', 'false']) {
    const made = await event(`<t:ReminderIsSet>${isSet}</t:ReminderIsSet>`);
    expect(plain(await show(sim, made), 'ReminderIsSet')).toBe(isSet);
  }
});

it('CORE_R1331 CORE_R95: ReminderMinutesBeforeStart is an int from 0 to 2629800', async () => {
  const minutes = (text: string): string =>
    `<t:ReminderMinutesBeforeStart>${text}</t:ReminderMinutesBeforeStart>`;
  for (const given of ['0', '2629800']) {
    const shown = plain(await show(sim, await event(minutes(given))), 'ReminderMinutesBeforeStart');
    expect(shown).toMatch(forms.int);
    expect(shown).toBe(given);
  }
  for (const given of ['-1', '2629801', '1.5'])
    expect(await codeOf(sim, createBody('CalendarItem', minutes(given)))).not.toBe('NoError');
});

it('CORE_R1727 CORE_R2283: ReminderNextTime is so many minutes before the event', async () => {
  const made = await event('<t:ReminderMinutesBeforeStart>30</t:ReminderMinutesBeforeStart>');
  const shown = plain(await show(sim, made, 'item:ReminderNextTime'), 'ReminderNextTime');
  expect(shown).toMatch(forms.dateTime);
  expect(shown).toBe('2025-06-02T09:30:00Z');
});

it('CORE_R1333 CORE_R96 CORE_R97 CORE_R1334 CORE_R98 CORE_R99 CORE_R2036: DisplayTo and DisplayCc join the names of the recipients', async () => {
  const mail = (name: string): string =>
    `<t:Mailbox><t:Name>${name}</t:Name><t:EmailAddress>${name}@example.test</t:EmailAddress></t:Mailbox>`;
  const made = await message(
    `<t:ToRecipients>${mail('bob')}${mail('carol')}</t:ToRecipients><t:CcRecipients>${mail('dave')}${mail('erin')}</t:CcRecipients>`,
  );
  const shown = await show(sim, made);
  expect([plain(shown, 'DisplayTo'), plain(shown, 'DisplayCc')]).toEqual(['bob; carol', 'dave; erin']);
});

const attach = (entity: XmlElement, inner = ''): Promise<unknown> =>
  ok(
    sim,
    `<m:CreateAttachment><m:ParentItemId Id="${bareId(entity)}"/><m:Attachments><t:FileAttachment><t:Name>a.txt</t:Name>${inner}<t:Content>YQ==</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
  );

it('CORE_R100 CORE_R1620 CORE_R1621 CORE_R1314 CORE_R2281 CDATA_R1634: HasAttachments and Attachments tell what is attached', async () => {
  const made = await message('');
  const before = await show(sim, made);
  expect(plain(before, 'HasAttachments')).toBe('false');
  expect(childOf(before, 'Attachments')).toBeUndefined();
  await attach(made);
  const after = await show(sim, made);
  expect(plain(after, 'HasAttachments')).toBe('true');
  expect(all(after, 'Attachments/FileAttachment').map((file) => path(file, 'Name'))).toEqual(['a.txt']);
});

it('CORE_R1336 CORE_R101: ExtendedProperty carries MAPI properties', async () => {
  const made = await message(
    `<t:ExtendedProperty>${named('colour')}<t:Value>red</t:Value></t:ExtendedProperty>`,
  );
  const [found] = all(await show(sim, made, named('colour'), named('absent')), 'ExtendedProperty');
  expect(plain(found, 'Value')).toBe('red');
  expect(childOf(found, 'ExtendedFieldURI')?.attrs['PropertyName']).toBe('colour');
});

it('CORE_R1338 CORE_R103 CORE_R2038 CDATA_R21136 CDATA_R21138 CDATA_R21140 CDATA_R21142 CDATA_R21131 CDATA_R21133 CDATA_R21135 CDATA_R1134 CDATA_R1135 CDATA_R1136: EffectiveRights are those of the caller on the item', async () => {
  const shown = childOf(await show(sim, await message('')), 'EffectiveRights')!;
  expect(childrenOf(shown).map((right) => [right.name, textOf(right)])).toEqual([
    ['CreateAssociated', 'false'],
    ['CreateContents', 'false'],
    ['CreateHierarchy', 'false'],
    ['Delete', 'true'],
    ['Modify', 'true'],
    ['Read', 'true'],
    ['ViewPrivateItems', 'true'],
  ]);
});

it('CORE_R1618 CORE_R1619: IsAssociated is true for what is stored beside the items of a folder', async () => {
  const drafts = folderOf(sim.world.mailboxes.get('alice@example.test')!, 'drafts');
  addItem(sim.world, drafts, {
    kind: 'message',
    values: { itemClass: 'IPM.Configuration.X' },
    isAssociated: true,
  });
  const body = (traversal: string): string =>
    `<m:FindItem Traversal="${traversal}"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:IsAssociated"/></t:AdditionalProperties></m:ItemShape><m:ParentFolderIds>${folder('drafts')}</m:ParentFolderIds></m:FindItem>`;
  for (const [traversal, expected] of [
    ['Associated', 'true'],
    ['Shallow', 'false'],
  ] as const) {
    const found = all((await ok(sim, body(traversal))).element, 'RootFolder/Items/Message');
    expect(new Set(found.map((one) => path(one, 'IsAssociated')))).toEqual(new Set([expected]));
  }
});

it('CORE_R1344 CORE_R2288: ConversationId is an id', async () => {
  const shown = childOf(await show(sim, await message('')), 'ConversationId');
  expect(shown?.attrs['Id']).toMatch(forms.base64);
});

const flag = (inner: string): string => `<t:Flag>${inner}</t:Flag>`;
const status = (text: string): string => `<t:FlagStatus>${text}</t:FlagStatus>`;
const dated = (name: string): string => `<t:${name}>2025-06-02T00:00:00Z</t:${name}>`;

it.each([
  ['NotFlagged', ''],
  ['Flagged', ''],
  ['Flagged', dated('StartDate') + dated('DueDate')],
  ['Complete', dated('CompleteDate')],
])(
  'CORE_R1346 CORE_R1502 CORE_R1042 CORE_R1043 CORE_R1044 CORE_R1045: a flag %s keeps its dates %s',
  async (state, dates) => {
    const shown = childOf(await show(sim, await message(flag(status(state) + dates))), 'Flag')!;
    const expected = [...dates.matchAll(/<t:(\w+)>([^<]*)/g)].map((match) => [match[1], match[2]]);
    expect(childrenOf(shown).map((child) => [child.name, textOf(child)])).toEqual([
      ['FlagStatus', state],
      ...expected,
    ]);
  },
);

it.each([
  ['CORE_R2002', 'Flagged', dated('CompleteDate')],
  ['CORE_R2002', 'Flagged', dated('StartDate')],
  ['CORE_R2002', 'Flagged', dated('DueDate')],
  ['CORE_R2005', 'NotFlagged', dated('CompleteDate')],
  ['CORE_R2005', 'NotFlagged', dated('StartDate') + dated('DueDate')],
  ['CORE_R2008', 'Complete', dated('StartDate') + dated('DueDate')],
])('%s CORE_R2010: a flag %s may not have %s', async (_, state, dates) => {
  const given = flag(status(state) + dates);
  expect(await codeOf(sim, createBody('Message', given))).toBe('ErrorInvalidArgument');
  expect(await codeOfUpdate(sim, await message(''), setField('item:Flag', 'Message', given))).toBe(
    'ErrorInvalidArgument',
  );
});

it.each([
  ['CORE_R2018', 'Contact', 'IPM.Contact'],
  ['CORE_R2019', 'CalendarItem', 'IPM.Appointment'],
  ['CORE_R2021', 'Task', 'IPM.Task'],
  ['CORE_R2022', 'DistributionList', 'IPM.DistList'],
])('%s CORE_R1310 CORE_R72: the class of a %s is %s', async (_, element, itemClass) => {
  expect(plain(await show(sim, await create(sim, element, '')), 'ItemClass')).toBe(itemClass);
  const special = await create(sim, element, `<t:ItemClass>${itemClass}.Special</t:ItemClass>`);
  expect(plain(await show(sim, special), 'ItemClass')).toBe(`${itemClass}.Special`);
});

it.each(['Contact', 'CalendarItem', 'Task', 'DistributionList'])(
  'CORE_R2023 CDATA_R619: a %s of a foreign class is refused',
  async (element) => {
    expect(await codeOf(sim, createBody(element, '<t:ItemClass>IPM.Foreign</t:ItemClass>'))).toBe(
      'ErrorObjectTypeChanged',
    );
  },
);

it('CDATA_R102000000: a generic item is created and returned as a message', async () => {
  const made = await create(sim, 'Item', '<t:Subject>x</t:Subject>');
  expect(made.name).toBe('Message');
  expect((await show(sim, made)).name).toBe('Message');
});

it.each(['Contact', 'Task', 'DistributionList'])(
  'CORE_R2012: MIME content cannot be set on a %s',
  async (element) => {
    expect(await codeOf(sim, createBody(element, '<t:MimeContent>AAAA</t:MimeContent>'))).toBe(
      'ErrorUnsupportedMimeConversion',
    );
  },
);

// Moving and copying.
const transfer = (operation: string, entity: XmlElement, to: string, ids = 'true'): string =>
  `<m:${operation}><m:ToFolderId>${folder(to)}</m:ToFolderId><m:ItemIds>${id(entity)}</m:ItemIds><m:ReturnNewItemIds>${ids}</m:ReturnNewItemIds></m:${operation}>`;

it('CORE_R45 CORE_R46 CORE_R219 CORE_R388: MoveItem takes the item out of its folder and puts it into another', async () => {
  const made = await message('<t:Subject>moved</t:Subject>');
  const moved = (await ok(sim, transfer('MoveItem', made, 'inbox'))).entity!;
  expect(bareId(moved)).not.toBe(bareId(made));
  expect(await idsIn(sim, folder('inbox'))).toContain(bareId(moved));
  expect(await idsIn(sim, folder('drafts'))).not.toContain(bareId(made));
  expect(path(await show(sim, moved), 'Subject')).toBe('moved');
  expect(await codeOf(sim, getItemBody(id(made)))).toBe('ErrorItemNotFound');
});

it('CORE_R1600 CORE_R1601 CORE_R220 CORE_R221: CopyItem leaves the item and puts another into the other folder', async () => {
  const made = await message('<t:Subject>copied</t:Subject>');
  const copied = (await ok(sim, transfer('CopyItem', made, 'inbox'))).entity!;
  expect(bareId(copied)).not.toBe(bareId(made));
  expect(await idsIn(sim, folder('inbox'))).toContain(bareId(copied));
  expect(await idsIn(sim, folder('drafts'))).toContain(bareId(made));
  expect(path(await show(sim, copied), 'Subject')).toBe('copied');
});

it('CORE_R47 CORE_R1230: ReturnNewItemIds says whether the new id comes back', async () => {
  for (const operation of ['MoveItem', 'CopyItem']) {
    const returned = await ok(sim, transfer(operation, await message(''), 'inbox', 'true'));
    expect(returned.entity).toBeDefined();
    const silent = await ok(sim, transfer(operation, await message(''), 'inbox', 'false'));
    expect(silent.entity).toBeUndefined();
  }
});

// Deleting.
it('CORE_R1667 CORE_R217 CORE_R303 CORE_R341 CORE_R343: HardDelete removes the items for good', async () => {
  const [one, two] = [await message('<t:Subject>gone</t:Subject>'), await message('')];
  const reply = await call(
    sim,
    `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds>${id(one)}${id(two)}</m:ItemIds></m:DeleteItem>`,
  );
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  for (const gone of [one, two]) expect(await codeOf(sim, getItemBody(id(gone)))).toBe('ErrorItemNotFound');
  const subjects = await subjectsIn('deleteditems', 'recoverableitemsdeletions');
  expect(subjects).not.toContain('gone');
});

it('CORE_R1668: MoveToDeletedItems moves the item into that folder', async () => {
  const made = await message('<t:Subject>binned</t:Subject>');
  await ok(sim, deleteBody(made, 'MoveToDeletedItems'));
  expect(await codeOf(sim, getItemBody(id(made)))).toBe('ErrorItemNotFound');
  expect(await subjectsIn('deleteditems')).toContain('binned');
});

it('CORE_R1669: SoftDelete moves the item into the dumpster', async () => {
  const made = await message('<t:Subject>dumped</t:Subject>');
  await ok(sim, deleteBody(made, 'SoftDelete'));
  expect(await codeOf(sim, getItemBody(id(made)))).toBe('ErrorItemNotFound');
  expect(await subjectsIn('recoverableitemsdeletions')).toContain('dumped');
  expect(await subjectsIn('deleteditems')).not.toContain('dumped');
});

// Asking.
it('CORE_R215 CORE_R346 CORE_R387 CORE_R380: GetItem answers each of its ids, in their order', async () => {
  const made = [await message('<t:Subject>1</t:Subject>'), await message('<t:Subject>2</t:Subject>')];
  const reply = await call(sim, getItemBody(`${id(made[1]!)}<t:ItemId Id="AAAA"/>${id(made[0]!)}`));
  expect(reply.messages.map(({ code, entity }) => [code, path(entity, 'Subject')])).toEqual([
    ['NoError', '2'],
    ['ErrorInvalidIdMalformed', ''],
    ['NoError', '1'],
  ]);
});

it('CORE_R386 CDATA_R62 CDATA_R61 CDATA_R59 CDATA_R1185: the base shape decides what comes back', async () => {
  const made = await event('<t:Subject>x</t:Subject>', '<t:Location>y</t:Location>');
  const asked = async (shape: string): Promise<string[]> =>
    names(await get(sim, idOf(made), `<t:BaseShape>${shape}</t:BaseShape>`));
  expect(await asked('IdOnly')).toEqual(['ItemId']);
  const standard = await asked('Default');
  expect([...standard].sort()).toEqual(
    [
      'ItemId',
      'Subject',
      'ResponseObjects',
      'HasAttachments',
      'Start',
      'End',
      'LegacyFreeBusyStatus',
      'Location',
      'CalendarItemType',
      'Organizer',
    ].sort(),
  );
  const whole = await asked('AllProperties');
  for (const name of standard) expect(whole).toContain(name);
  for (const name of ['UID', 'DateTimeCreated', 'IsAllDayEvent', 'StartTimeZone', 'EffectiveRights'])
    expect(whole).toContain(name);
});

it('CDATA_R1197 CDATA_R1234: AdditionalProperties are returned besides the base shape', async () => {
  const made = await event('', '<t:Location>y</t:Location>');
  const shown = await get(
    sim,
    idOf(made),
    '<t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="calendar:Location"/></t:AdditionalProperties>',
  );
  expect(names(shown)).toEqual(['ItemId', 'Location']);
});

it('CDATA_R1188 CDATA_R21189: without IncludeMimeContent there is none', async () => {
  const made = await event('');
  const shape = '<t:BaseShape>AllProperties</t:BaseShape><t:IncludeMimeContent>false</t:IncludeMimeContent>';
  expect(names(await get(sim, idOf(made), shape))).not.toContain('MimeContent');
});

it.each([
  ['CORE_R1670', 'Seconds', /T\d\d:\d\d:\d\dZ$/],
  ['CORE_R1671', 'Milliseconds', /T\d\d:\d\d:\d\d\.\d{3}Z$/],
])('%s CORE_R1162 CORE_R1256 CDATA_R1816: DateTimePrecision %s', async (_, precision, form) => {
  const reply = await call(sim, getItemBody(id(await event(''))), {
    header: `<t:DateTimePrecision>${precision}</t:DateTimePrecision>`,
  });
  expect(path(reply.messages[0]!.entity, 'Start')).toMatch(form);
});

it('CORE_R361 CORE_R2313: times are those of the TimeZoneContext', async () => {
  const reply = await call(sim, getItemBody(id(await event(''))), {
    header: '<t:TimeZoneContext><t:TimeZoneDefinition Id="W. Europe Standard Time"/></t:TimeZoneContext>',
  });
  expect(path(reply.messages[0]!.entity, 'Start')).toBe('2025-06-02T12:00:00+02:00');
});

// Creating.
it('CORE_R216 CORE_R258 CORE_R298 CORE_R299: CreateItem makes all items, in the folder that is named', async () => {
  const reply = await call(
    sim,
    `<m:CreateItem MessageDisposition="SaveOnly"><m:SavedItemFolderId>${folder('inbox')}</m:SavedItemFolderId><m:Items><t:Message><t:Subject>a</t:Subject></t:Message><t:Message><t:Subject>b</t:Subject></t:Message></m:Items></m:CreateItem>`,
  );
  const ids = reply.messages.map(({ entity }) => bareId(entity));
  expect(ids).toHaveLength(2);
  const inbox = await idsIn(sim, folder('inbox'));
  for (const one of ids) expect(inbox).toContain(one);
});

// Updating.
it('CORE_R218 CORE_R466 CORE_R561 CORE_R550: UpdateItem changes each item as its ItemChange says', async () => {
  const made = [await message('<t:Subject>1</t:Subject>'), await message('<t:Subject>2</t:Subject>')];
  const change = (entity: XmlElement, subject: string): string =>
    `<t:ItemChange>${id(entity)}<t:Updates>${setField('item:Subject', 'Message', `<t:Subject>${subject}</t:Subject>`)}${setField('item:Importance', 'Message', '<t:Importance>High</t:Importance>')}</t:Updates></t:ItemChange>`;
  const reply = await call(
    sim,
    `<m:UpdateItem ConflictResolution="AlwaysOverwrite" MessageDisposition="SaveOnly"><m:ItemChanges>${change(made[0]!, 'one')}${change(made[1]!, 'two')}</m:ItemChanges></m:UpdateItem>`,
  );
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  const shown = [await show(sim, made[0]!), await show(sim, made[1]!)];
  expect(shown.map((one) => [path(one, 'Subject'), path(one, 'Importance')])).toEqual([
    ['one', 'High'],
    ['two', 'High'],
  ]);
});

it('CORE_R555: AppendToItemField adds to what is there', async () => {
  const made = await message('<t:Body BodyType="Text">one </t:Body>');
  await update(
    sim,
    made,
    '<t:AppendToItemField><t:FieldURI FieldURI="item:Body"/><t:Message><t:Body BodyType="Text">two</t:Body></t:Message></t:AppendToItemField>',
  );
  expect(path(await asked(made, 'Text'), 'Body')).toBe('one two');
});

it('CORE_R557: DeleteItemField takes a property away', async () => {
  const made = await event('', '<t:Location>y</t:Location>');
  await update(sim, made, remove('calendar:Location'));
  expect(childOf(await show(sim, made), 'Location')).toBeUndefined();
});

it('CDATA_R335: a change of several properties at once is refused', async () => {
  const made = await message('');
  const two = setField(
    'item:Subject',
    'Message',
    '<t:Subject>a</t:Subject><t:Importance>High</t:Importance>',
  );
  expect(await codeOfUpdate(sim, made, two)).toBe('ErrorIncorrectUpdatePropertyCount');
});

it.each([
  ['CORE_R567', 'Message'],
  ['CORE_R568', 'CalendarItem'],
  ['CORE_R569', 'Contact'],
  ['CORE_R570', 'DistributionList'],
  ['CORE_R575', 'Task'],
])('%s CORE_R563: SetItemField holds the value in a %s', async (_, element) => {
  const made = await create(sim, element, '');
  await update(sim, made, setField('item:Categories', element, `<t:Categories>${empty}</t:Categories>`));
  expect(all(await show(sim, made), 'Categories/String').map(textOf)).toEqual(['x']);
});

const renamed = (subject: string): string =>
  set('item:Subject', 'Message', `<t:Subject>${subject}</t:Subject>`);

/** An item whose known change key is stale. */
async function stale(inner = ''): Promise<XmlElement> {
  const made = await message(`<t:Subject>first</t:Subject>${inner}`);
  await update(sim, made, renamed('theirs'));
  return made;
}

it('CORE_R582: AlwaysOverwrite writes over a conflicting change', async () => {
  const made = await stale();
  await ok(sim, updateBody(idOf(made), renamed('mine'), { resolution: 'AlwaysOverwrite' }));
  expect(path(await show(sim, made), 'Subject')).toBe('mine');
});

it('CORE_R583 CORE_R584: AutoResolve settles a conflict, mostly by overwriting', async () => {
  const made = await stale();
  await ok(sim, updateBody(idOf(made), renamed('mine'), { resolution: 'AutoResolve' }));
  expect(path(await show(sim, made), 'Subject')).toBe('mine');
});

const secret = set('item:Sensitivity', 'Message', '<t:Sensitivity>Private</t:Sensitivity>');

it('CORE_R585 CORE_R61 CORE_R65 CORE_R1305 CORE_R1306: AutoResolve keeps some values of the server, and counts them', async () => {
  const made = await stale('<t:Sensitivity>Personal</t:Sensitivity>');
  const answer = await ok(
    sim,
    updateBody(idOf(made), secret + renamed('mine'), { resolution: 'AutoResolve' }),
  );
  const count = plain(at(answer.element, 'ConflictResults'), 'Count');
  expect(count).toMatch(forms.int);
  expect(count).toBe('1');
  const shown = await show(sim, made);
  expect([path(shown, 'Sensitivity'), path(shown, 'Subject')]).toEqual(['Personal', 'mine']);
});

it('CORE_R588: NeverOverwrite fails on a conflict', async () => {
  const made = await stale();
  expect(await codeOf(sim, updateBody(idOf(made), renamed('mine'), { resolution: 'NeverOverwrite' }))).toBe(
    'ErrorIrresolvableConflict',
  );
  expect(path(await show(sim, made), 'Subject')).toBe('theirs');
  const fresh = await show(sim, made);
  await ok(sim, updateBody(idOf(fresh), renamed('mine'), { resolution: 'NeverOverwrite' }));
});

it('CORE_R2315 CORE_R2311: SuppressReadReceipts is understood', async () => {
  const made = await message('');
  const changed = updateBody(idOf(made), renamed('x')).replace(
    '<m:UpdateItem ',
    '<m:UpdateItem SuppressReadReceipts="true" ',
  );
  expect(await codeOf(sim, changed)).toBe('NoError');
  const removed = `<m:DeleteItem DeleteType="HardDelete" SuppressReadReceipts="true"><m:ItemIds>${id(made)}</m:ItemIds></m:DeleteItem>`;
  expect(await codeOf(sim, removed)).toBe('NoError');
});

async function subjectsIn(...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of folders) {
    const answer = await ok(
      sim,
      `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="item:Subject"/></t:AdditionalProperties></m:ItemShape><m:ParentFolderIds>${folder(name)}</m:ParentFolderIds></m:FindItem>`,
    );
    found.push(...childrenOf(at(answer.element, 'RootFolder/Items')!).map((item) => path(item, 'Subject')));
  }
  return found;
}

function rights(): string {
  const granted = ['CreateAssociated', 'CreateContents', 'CreateHierarchy', 'Delete', 'Modify', 'Read']
    .map((name) => `<t:${name}>true</t:${name}>`)
    .join('');
  return `<t:EffectiveRights>${granted}</t:EffectiveRights>`;
}
