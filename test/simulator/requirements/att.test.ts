// Statements of [MS-OXWSATT] about attachments; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { all, at, bareId, call, codeOf, folder, keyOf, ok, path, start } from '../soap-client.ts';
import { create, envelopeOf, forms, idsIn, names, plain, show } from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const message = (): Promise<XmlElement> => create(sim, 'Message', '<t:Subject>parent</t:Subject>');

const attachBody = (parent: string, ...attachments: string[]): string =>
  `<m:CreateAttachment><m:ParentItemId Id="${parent}"/><m:Attachments>${attachments.join('')}</m:Attachments></m:CreateAttachment>`;
const file = (inner = '', name = 'a.txt', content = 'aGVsbG8='): string =>
  `<t:FileAttachment><t:Name>${name}</t:Name>${inner}<t:Content>${content}</t:Content></t:FileAttachment>`;
const attached = (inner: string): string =>
  `<t:ItemAttachment><t:Name>item</t:Name>${inner}</t:ItemAttachment>`;
const getBody = (id: string, shape = ''): string =>
  `<m:GetAttachment>${shape}<m:AttachmentIds><t:AttachmentId Id="${id}"/></m:AttachmentIds></m:GetAttachment>`;
const deleteBody = (...ids: string[]): string =>
  `<m:DeleteAttachment><m:AttachmentIds>${ids.map((id) => `<t:AttachmentId Id="${id}"/>`).join('')}</m:AttachmentIds></m:DeleteAttachment>`;

/** The id element of a new attachment. */
async function attach(parent: XmlElement, attachment: string): Promise<XmlElement> {
  const answer = await ok(sim, attachBody(bareId(parent), attachment));
  const [made] = childrenOf(childOf(answer.element, 'Attachments')!);
  return childOf(made, 'AttachmentId')!;
}

/** The attachment as GetAttachment gives it. */
async function fetched(id: XmlElement, shape = ''): Promise<XmlElement> {
  const answer = await ok(sim, getBody(id.attrs['Id'] ?? '', shape));
  return childrenOf(childOf(answer.element, 'Attachments')!)[0]!;
}

/** The attachment as GetItem tells of it. */
async function told(parent: XmlElement, id: XmlElement): Promise<XmlElement> {
  const found = childrenOf(childOf(await show(sim, parent), 'Attachments')!);
  return found.find((one) => childOf(one, 'AttachmentId')?.attrs['Id'] === id.attrs['Id'])!;
}

const bytesOf = (text: string | undefined): number => Buffer.from(text ?? '', 'base64').length;

it('ATT_R3 ATT_R5001: SOAP 1.1 over HTTP', async () => {
  const root = await envelopeOf(sim, attachBody(bareId(await message()), file()));
  expect([root.name, root.ns]).toEqual(['Envelope', 'http://schemas.xmlsoap.org/soap/envelope/']);
});

// Messages of the three operations.
const operations = {
  CreateAttachment: {
    good: async () => attachBody(bareId(await message()), file()),
    bad: async () => attachBody('AAAA', file()),
  },
  GetAttachment: {
    good: async () => getBody((await attach(await message(), file())).attrs['Id'] ?? ''),
    bad: async () => getBody('AAAA'),
  },
  DeleteAttachment: {
    good: async () => deleteBody((await attach(await message(), file())).attrs['Id'] ?? ''),
    bad: async () => deleteBody('AAAA'),
  },
} as const;

it.each([
  [
    'ATT_R144 ATT_R145 ATT_R537 ATT_R372 ATT_R553 ATT_R542 ATT_R543 ATT_R545',
    'ATT_R145001 ATT_R145002',
    'CreateAttachment',
  ],
  [
    'ATT_R259 ATT_R260 ATT_R514 ATT_R395 ATT_R473 ATT_R396 ATT_R474 ATT_R517 ATT_R519',
    'ATT_R474001 ATT_R474002',
    'GetAttachment',
  ],
  [
    'ATT_R203 ATT_R204 ATT_R207 ATT_R382 ATT_R464 ATT_R383 ATT_R465 ATT_R507 ATT_R509 ATT_R510',
    'ATT_R465001 ATT_R465002',
    'DeleteAttachment',
  ],
] as const)('%s, %s: %s answers Success with NoError, else Error with a code', async (_, __, operation) => {
  const root = await envelopeOf(sim, await operations[operation].good());
  expect(names(childOf(root, 'Header'))).toEqual(['ServerVersionInfo']);
  const [response] = childrenOf(childOf(root, 'Body')!);
  expect(response?.name).toBe(`${operation}Response`);
  const [good] = childrenOf(childOf(response, 'ResponseMessages')!);
  expect([good?.name, good?.attrs['ResponseClass'], path(good, 'ResponseCode')]).toEqual([
    `${operation}ResponseMessage`,
    'Success',
    'NoError',
  ]);
  const [bad] = (await call(sim, await operations[operation].bad())).messages;
  expect([bad?.class, bad?.code]).toEqual(['Error', 'ErrorInvalidIdMalformed']);
});

it('ATT_R539 ATT_R462 ATT_R471: RequestServerVersion names the version of the request', async () => {
  for (const { good } of Object.values(operations)) {
    const body = await good();
    expect(await codeOf(sim, body, { version: 'Exchange1999' })).toBe('fault ErrorInvalidServerVersion');
    expect(await codeOf(sim, body, { version: 'Exchange2010_SP2' })).toBe('NoError');
  }
});

// Files.
it('ATT_R532 ATT_R53201 ATT_R441 ATT_R332 ATT_R38 ATT_R335 ATT_R52 ATT_R5577 ATT_R347 ATT_R534: a file is attached to an item and fetched', async () => {
  const parent = await message();
  const id = await attach(parent, file());
  const held = all(await show(sim, parent), 'Attachments/FileAttachment');
  expect(held.map((one) => childOf(one, 'AttachmentId')?.attrs['Id'])).toEqual([id.attrs['Id']]);
  const shown = await fetched(id);
  expect(shown.name).toBe('FileAttachment');
  expect(plain(shown, 'Content')).toBe('aGVsbG8=');
});

it('ATT_R457 ATT_R458: all attachments of a request go to the item that is named', async () => {
  const [parent, other] = [await message(), await message()];
  const reply = await call(sim, attachBody(bareId(parent), file('', 'one.txt'), file('', 'two.txt')));
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  const held = all(await show(sim, parent), 'Attachments/FileAttachment');
  expect(held.map((one) => path(one, 'Name'))).toEqual(['one.txt', 'two.txt']);
  expect(childOf(await show(sim, other), 'Attachments')).toBeUndefined();
});

it('ATT_R333 ATT_R43 ATT_R439 ATT_R334 ATT_R45 ATT_R440: AttachmentId names the root item and its new change key', async () => {
  const parent = await message();
  const id = await attach(parent, file());
  expect(id.attrs['RootItemId']).toBe(bareId(parent));
  expect(id.attrs['RootItemChangeKey']).not.toBe(keyOf(parent));
  expect(id.attrs['RootItemChangeKey']).toBe(keyOf(await show(sim, parent)));
  for (const name of ['RootItemId', 'RootItemChangeKey']) {
    expect(id.attrs[name]).toMatch(forms.base64);
    expect(bytesOf(id.attrs[name])).toBeLessThanOrEqual(512);
  }
});

it.each([
  ['ATT_R337 ATT_R59', 'Name', 'photo & co.png'],
  ['ATT_R338 ATT_R60', 'ContentType', 'image/png'],
  ['ATT_R339', 'ContentId', 'part1@example'],
  ['ATT_R340 ATT_R63 ATT_R64', 'ContentLocation', 'http://example.test/photo'],
])('%s: %s is a text that is kept', async (_, element, value) => {
  const given = [
    ['Name', 'photo &amp; co.png'],
    ['ContentType', 'image/png'],
    ['ContentId', 'part1@example'],
    ['ContentLocation', 'http://example.test/photo'],
  ].map(([name, text]) => `<t:${name}>${text}</t:${name}>`);
  const xml = `<t:FileAttachment>${given.join('')}<t:Content>AAAA</t:Content></t:FileAttachment>`;
  const parent = await message();
  const id = await attach(parent, xml);
  for (const shown of [await fetched(id), at(await show(sim, parent), 'Attachments/FileAttachment')])
    expect(plain(shown, element)).toBe(value);
});

it('ATT_R336 ATT_R416 ATT_R6201: every attachment has an id of its own', async () => {
  const parent = await message();
  const ids = [await attach(parent, file()), await attach(parent, file())];
  expect(ids[0]!.attrs['Id']).not.toBe(ids[1]!.attrs['Id']);
  for (const id of ids) expect(childOf(await fetched(id), 'AttachmentId')?.attrs['Id']).toBe(id.attrs['Id']);
});

it('ATT_R342: LastModifiedTime is a dateTime', async () => {
  const parent = await message();
  const shown = plain(await told(parent, await attach(parent, file())), 'LastModifiedTime');
  // Captured without a zone.
  expect(shown).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  expect(Math.abs(Date.parse(`${shown}Z`) - Date.now())).toBeLessThan(60_000);
});

it('ATT_R318003: IsInline is kept, and an inline file does not count as an attachment', async () => {
  const parent = await message();
  for (const isInline of ['true', 'false']) {
    const id = await attach(parent, file(`<t:IsInline>${isInline}</t:IsInline>`));
    expect(plain(await told(parent, id), 'IsInline')).toBe(isInline);
    expect(path(await show(sim, parent), 'HasAttachments')).toBe(String(isInline === 'false'));
  }
});

it('ATT_R318005: IsContactPhoto is kept', async () => {
  const contact = await create(sim, 'Contact', '<t:Surname>Doe</t:Surname>');
  const id = await attach(contact, file('<t:IsContactPhoto>true</t:IsContactPhoto>', 'ContactPicture.jpg'));
  expect(plain(await told(contact, id), 'IsContactPhoto')).toBe('true');
  const other = await attach(contact, file());
  expect(plain(await told(contact, other), 'IsContactPhoto')).toBe('false');
});

// Items.
it.each([
  ['ATT_R349 ATT_R83', 'Message', 'drafts'],
  ['ATT_R350 ATT_R85', 'CalendarItem', 'calendar'],
  ['ATT_R351 ATT_R554', 'Contact', 'contacts'],
  ['ATT_R356 ATT_R97', 'Task', 'tasks'],
])(
  '%s ATT_R331 ATT_R36 ATT_R141 ATT_R14201 ATT_R547 ATT_R20001 CDATA_R1633: a %s can be attached, and is in no folder',
  async (_, element, of) => {
    const parent = await message();
    const before = await idsIn(sim, folder(of));
    const id = await attach(parent, attached(`<t:${element}><t:Subject>inner</t:Subject></t:${element}>`));
    expect(await idsIn(sim, folder(of))).toEqual(before);
    expect(names(childOf(await show(sim, parent), 'Attachments'))).toEqual(['ItemAttachment']);
    const shown = await fetched(id);
    expect(shown.name).toBe('ItemAttachment');
    expect(path(shown, `${element}/Subject`)).toBe('inner');
  },
);

it('ATT_R81 ATT_R318014: a generic item comes back as a message', async () => {
  const id = await attach(await message(), attached('<t:Item><t:Subject>inner</t:Subject></t:Item>'));
  expect(path(await fetched(id), 'Message/Subject')).toBe('inner');
});

it('ATT_R78002: an item attachment without an item is refused', async () => {
  expect(await codeOf(sim, attachBody(bareId(await message()), attached('')))).toBe(
    'ErrorMissingItemForCreateItemAttachment',
  );
});

it.each(['MeetingMessage', 'MeetingRequest', 'MeetingResponse', 'MeetingCancellation'])(
  'ATT_R318001: a %s cannot be attached',
  async (element) => {
    const given = attached(`<t:${element}><t:Subject>x</t:Subject></t:${element}>`);
    expect(await codeOf(sim, attachBody(bareId(await message()), given))).toBe(
      'ErrorInvalidItemForOperationCreateItemAttachment',
    );
  },
);

// Links.
const link = `<t:ReferenceAttachment><t:Name>plan.docx</t:Name>${[
  ['AttachLongPathName', 'https://files.example.test/plan.docx?a=1&amp;b=2'],
  ['ProviderType', 'OneDrivePro'],
  ['ProviderEndpointUrl', 'https://files.example.test/'],
  ['AttachmentThumbnailUrl', 'https://files.example.test/plan.png'],
  ['AttachmentPreviewUrl', 'https://files.example.test/plan.html'],
  ['PermissionType', '2'],
  ['AttachmentIsFolder', 'false'],
]
  .map(([name, value]) => `<t:${name}>${value}</t:${name}>`)
  .join('')}</t:ReferenceAttachment>`;

it.each([
  ['ATT_R104005 ATT_R104006', 'AttachLongPathName', 'https://files.example.test/plan.docx?a=1&b=2'],
  ['ATT_R104007 ATT_R104008', 'ProviderType', 'OneDrivePro'],
  ['ATT_R104009', 'ProviderEndpointUrl', 'https://files.example.test/'],
  ['ATT_R104011 ATT_R104012', 'AttachmentThumbnailUrl', 'https://files.example.test/plan.png'],
  ['ATT_R104013 ATT_R104014', 'AttachmentPreviewUrl', 'https://files.example.test/plan.html'],
  ['ATT_R104015 ATT_R104016', 'PermissionType', '2'],
  ['ATT_R104017 ATT_R104018', 'AttachmentIsFolder', 'false'],
])('%s: %s of a link is kept', async (_, element, value) => {
  const parent = await message();
  const id = await attach(parent, link);
  for (const shown of [await told(parent, id), await fetched(id)]) expect(plain(shown, element)).toBe(value);
});

it('ATT_R38001 ATT_R38002 ATT_R318011: a link is attached as such, and deleted like a file', async () => {
  const parent = await message();
  const id = await attach(parent, link);
  expect(names(childOf(await show(sim, parent), 'Attachments'))).toEqual(['ReferenceAttachment']);
  expect(path(await told(parent, id), 'Name')).toBe('plan.docx');
  expect(await codeOf(sim, deleteBody(id.attrs['Id'] ?? ''))).toBe('NoError');
  expect(childOf(await show(sim, parent), 'Attachments')).toBeUndefined();
});

// Deleting.
it('ATT_R533 ATT_R467 ATT_R202 ATT_R510001 ATT_R387 ATT_R466 ATT_R442 ATT_R443 ATT_R482 ATT_R445 ATT_R446 ATT_R556: DeleteAttachment takes files and items away, and names the root item with its new key', async () => {
  const parent = await message();
  const ids = [
    await attach(parent, file()),
    await attach(parent, attached('<t:Task><t:Subject>x</t:Subject></t:Task>')),
  ].map((id) => id.attrs['Id'] ?? '');
  const before = keyOf(await show(sim, parent));
  const reply = await call(sim, deleteBody(...ids));
  expect(reply.messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  const after = await show(sim, parent);
  expect(childOf(after, 'Attachments')).toBeUndefined();
  const root = childOf(reply.messages[1]!.element, 'RootItemId')!;
  expect([root.attrs['RootItemId'], root.attrs['RootItemChangeKey']]).toEqual([bareId(parent), keyOf(after)]);
  expect(root.attrs['RootItemChangeKey']).not.toBe(before);
  for (const text of Object.values(root.attrs)) expect(bytesOf(text)).toBeLessThanOrEqual(512);
  for (const id of ids) expect(await codeOf(sim, getBody(id))).toBe('ErrorInvalidAttachmentId');
});

// The shape of what is fetched.
const shape = (inner: string): string => `<m:AttachmentShape>${inner}</m:AttachmentShape>`;
const html = attached(
  '<t:Message><t:Subject>inner</t:Subject><t:Body BodyType="HTML">&lt;b&gt;hi&lt;/b&gt;</t:Body></t:Message>',
);

it('ATT_R521 ATT_R475 ATT_R478: BodyType decides how the body of an attached item comes', async () => {
  const id = await attach(await message(), html);
  for (const [type, text] of [
    ['HTML', '<b>hi</b>'],
    ['Text', 'hi'],
  ]) {
    const body = at(await fetched(id, shape(`<t:BodyType>${type}</t:BodyType>`)), 'Message/Body')!;
    expect([body.attrs['BodyType'], textOf(body)]).toEqual([type, text]);
  }
});

it('ATT_R549: AdditionalProperties of an attached item come along', async () => {
  const id = await attach(await message(), html);
  const more = '<t:AdditionalProperties><t:FieldURI FieldURI="item:TextBody"/></t:AdditionalProperties>';
  expect(path(await fetched(id, shape(more)), 'Message/TextBody')).toBe('hi');
  expect(at(await fetched(id), 'Message/TextBody')).toBeUndefined();
});

it('ATT_R477 ATT_R3111: without IncludeMimeContent there is none', async () => {
  const id = await attach(await message(), html);
  const shown = await fetched(id, shape('<t:IncludeMimeContent>false</t:IncludeMimeContent>'));
  expect(at(shown, 'Message/Subject')).toBeDefined();
  expect(at(shown, 'Message/MimeContent')).toBeUndefined();
});

it('ATT_R477: with IncludeMimeContent an attached item comes as text', async () => {
  const id = await attach(await message(), html);
  const shown = await fetched(id, shape('<t:IncludeMimeContent>true</t:IncludeMimeContent>'));
  const mime = Buffer.from(path(shown, 'Message/MimeContent') ?? '', 'base64').toString();
  expect(mime).toMatch(/^Subject: inner$/m);
});

it('ATT_R476: GetAttachment answers each of its ids, in their order', async () => {
  const parent = await message();
  const ids = [await attach(parent, file('', 'one.txt')), await attach(parent, file('', 'two.txt'))];
  const list = ids
    .reverse()
    .map((id) => `<t:AttachmentId Id="${id.attrs['Id']}"/>`)
    .join('');
  const reply = await call(
    sim,
    `<m:GetAttachment><m:AttachmentIds>${list}</m:AttachmentIds></m:GetAttachment>`,
  );
  expect(reply.messages.map(({ element }) => path(element, 'Attachments/FileAttachment/Name'))).toEqual([
    'two.txt',
    'one.txt',
  ]);
});
