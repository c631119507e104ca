// Statements of [MS-OXWSCONT] about contacts and distribution lists; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { all, at, codeOf, createEvent, folder, idOf, ok, path, start } from '../soap-client.ts';
import { codeOfUpdate, create, createBody, forms, plain, setField, show, update } from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const contact = (inner: string): Promise<XmlElement> => create(sim, 'Contact', inner);

it.each([
  ['CONT_R20 CONT_R21', 'FileAs', 'Doe, Ann', 'Roe, Ben'],
  ['CONT_R24 CONT_R25', 'DisplayName', 'Ann Doe', 'Ben Roe'],
  ['CONT_R26 CONT_R27', 'GivenName', 'Ann', 'Ben'],
  ['CONT_R28 CONT_R29', 'Initials', 'A.D.', 'B.R.'],
  ['CONT_R30 CONT_R31', 'MiddleName', 'Mary', 'Max'],
  ['CONT_R32 CONT_R33', 'Nickname', 'Annie', 'Benny'],
  ['CONT_R36 CONT_R37', 'CompanyName', 'Acme', 'Bolt & Sons'],
  ['CONT_R44 CONT_R45', 'AssistantName', 'Cy', 'Di'],
  ['CONT_R48 CONT_R49', 'BusinessHomePage', 'http://a.example/', 'http://b.example/'],
  ['CONT_R56 CONT_R57', 'Department', 'Sales', 'Works'],
  ['CONT_R58 CONT_R59', 'Generation', 'Jr.', 'III'],
  ['CONT_R62 CONT_R63', 'JobTitle', 'Clerk', 'Chief'],
  ['CONT_R64 CONT_R65', 'Manager', 'Ed', 'Flo'],
  ['CONT_R66 CONT_R67', 'Mileage', '7 km', '8 km'],
  ['CONT_R68 CONT_R69', 'OfficeLocation', '12b', '13'],
  ['CONT_R72 CONT_R73', 'Profession', 'Baker', 'Smith'],
  ['CONT_R74 CONT_R75', 'SpouseName', 'Gil', 'Hal'],
  ['CONT_R76 CONT_R77', 'Surname', 'Doe', 'Roe'],
])('%s: %s is a text, kept as it was created and as it was changed', async (_, element, first, second) => {
  const escaped = second.replace('&', '&amp;');
  const made = await contact(`<t:${element}>${first}</t:${element}>`);
  expect(plain(await show(sim, made, `contacts:${element}`), element)).toBe(first);
  const change = setField(`contacts:${element}`, 'Contact', `<t:${element}>${escaped}</t:${element}>`);
  await update(sim, made, change);
  expect(plain(await show(sim, made, `contacts:${element}`), element)).toBe(second);
});

it.each([
  ['CONT_R46 CONT_R47', 'Birthday'],
  ['CONT_R78 CONT_R79', 'WeddingAnniversary'],
])('%s: %s is a dateTime', async (_, element) => {
  const made = await contact(`<t:${element}>1980-02-29T00:00:00Z</t:${element}>`);
  const shown = plain(await show(sim, made, `contacts:${element}`), element);
  expect(shown).toMatch(forms.dateTime);
  expect(shown).toBe('1980-02-29T00:00:00Z');
});

it.each([
  ['CONT_R50 CONT_R51', 'Children'],
  ['CONT_R52 CONT_R53', 'Companies'],
])('%s: %s is an array of strings', async (_, element) => {
  const made = await contact(`<t:${element}><t:String>one</t:String><t:String>two</t:String></t:${element}>`);
  const shown = at(await show(sim, made, `contacts:${element}`), element)!;
  expect(childrenOf(shown).map((child) => [child.name, textOf(child)])).toEqual([
    ['String', 'one'],
    ['String', 'two'],
  ]);
});

it('CONT_R34 CONT_R35 CONT_R35001 CONT_R195 CONT_R196 CONT_R355 CONT_R197 CONT_R198 CONT_R199 CONT_R200 CONT_R356 CONT_R201 CONT_R202 CONT_R357 CONT_R203 CONT_R204 CONT_R205 CONT_R206 CONT_R207 CONT_R208: CompleteName is made of the parts, and cannot be written', async () => {
  const parts = [
    ['DisplayName', 'Ann M. Doe Jr.', 'FullName'],
    ['GivenName', 'Ann', 'FirstName'],
    ['Initials', 'A.M.D.', 'Initials'],
    ['MiddleName', 'Mary', 'MiddleName'],
    ['Nickname', 'Annie', 'Nickname'],
    ['Generation', 'Jr.', 'Suffix'],
    ['Surname', 'Doe', 'LastName'],
  ] as const;
  const made = await contact(parts.map(([name, value]) => `<t:${name}>${value}</t:${name}>`).join(''));
  const complete = at(await show(sim, made), 'CompleteName');
  for (const [, value, name] of parts) expect(plain(complete, name)).toBe(value);
  const forbidden = '<t:CompleteName><t:FirstName>x</t:FirstName></t:CompleteName>';
  expect(await codeOf(sim, createBody('Contact', forbidden))).toBe('ErrorInvalidPropertySet');
  expect(await codeOfUpdate(sim, made, setField('contacts:CompleteName', 'Contact', forbidden))).toBe(
    'ErrorInvalidPropertySet',
  );
});

it('CONT_R193 CONT_R194: the title of CompleteName is the property 0x3A45', async () => {
  const title = '<t:ExtendedFieldURI PropertyTag="0x3a45" PropertyType="String"/>';
  const made = await contact(
    `<t:ExtendedProperty>${title}<t:Value>Dr.</t:Value></t:ExtendedProperty><t:Surname>Doe</t:Surname>`,
  );
  expect(plain(at(await show(sim, made), 'CompleteName'), 'Title')).toBe('Dr.');
});

it('CONT_R209 CONT_R210 CONT_R211 CONT_R212: the Yomi names of CompleteName are PidLidYomiFirstName and PidLidYomiLastName', async () => {
  const yomi = (id: number, value: string): string =>
    `<t:ExtendedProperty><t:ExtendedFieldURI DistinguishedPropertySetId="Address" PropertyId="${id}" PropertyType="String"/><t:Value>${value}</t:Value></t:ExtendedProperty>`;
  const made = await contact(`${yomi(0x802c, 'はなこ')}${yomi(0x802d, 'やまだ')}<t:Surname>山田</t:Surname>`);
  const complete = at(await show(sim, made), 'CompleteName');
  expect([plain(complete, 'YomiFirstName'), plain(complete, 'YomiLastName')]).toEqual(['はなこ', 'やまだ']);
});

const entry = (key: string, value: string): string => `<t:Entry Key="${key}">${value}</t:Entry>`;

/** Key and text of each entry of a dictionary. */
async function entriesOf(made: XmlElement, dictionary: string): Promise<(string | undefined)[][]> {
  return all(await show(sim, made), `${dictionary}/Entry`).map((found) => [
    found.attrs['Key'],
    textOf(found),
  ]);
}

const dictionaries = [
  ['EmailAddresses', 'EmailAddress', 'a@example.test'],
  ['ImAddresses', 'ImAddress', 'im:a'],
  ['PhoneNumbers', 'PhoneNumber', '+49 1'],
] as const;

it.each([
  ['CONT_R124', 'EmailAddress1', 0],
  ['CONT_R125', 'EmailAddress2', 0],
  ['CONT_R126', 'EmailAddress3', 0],
  ['CONT_R151', 'ImAddress1', 1],
  ['CONT_R152', 'ImAddress2', 1],
  ['CONT_R153', 'ImAddress3', 1],
  ['CONT_R157', 'AssistantPhone', 2],
  ['CONT_R158', 'BusinessFax', 2],
  ['CONT_R159', 'BusinessPhone', 2],
  ['CONT_R160', 'BusinessPhone2', 2],
  ['CONT_R161', 'Callback', 2],
  ['CONT_R162', 'CarPhone', 2],
  ['CONT_R163', 'CompanyMainPhone', 2],
  ['CONT_R164', 'HomeFax', 2],
  ['CONT_R165', 'HomePhone', 2],
  ['CONT_R166', 'HomePhone2', 2],
  ['CONT_R167', 'Isdn', 2],
  ['CONT_R168', 'MobilePhone', 2],
  ['CONT_R169', 'OtherFax', 2],
  ['CONT_R170', 'OtherTelephone', 2],
  ['CONT_R171', 'Pager', 2],
  ['CONT_R172', 'PrimaryPhone', 2],
  ['CONT_R173', 'RadioPhone', 2],
  ['CONT_R174', 'Telex', 2],
  ['CONT_R175', 'TtyTddPhone', 2],
  ['CONT_R1275106', 'BusinessMobile', 2],
  ['CONT_R1275108', 'IPPhone', 2],
] as const)('%s: the key %s names one entry, at creation and later', async (_, key, of) => {
  const [dictionary, uri, value] = dictionaries[of];
  const made = await contact(`<t:${dictionary}>${entry(key, value)}</t:${dictionary}>`);
  expect(await entriesOf(made, dictionary)).toEqual([[key, value]]);
  const field = `<t:IndexedFieldURI FieldURI="contacts:${uri}" FieldIndex="${key}"/>`;
  const holder = `<t:Contact><t:${dictionary}>${entry(key, 'new')}</t:${dictionary}></t:Contact>`;
  await update(sim, made, `<t:SetItemField>${field}${holder}</t:SetItemField>`);
  expect(await entriesOf(made, dictionary)).toEqual([[key, 'new']]);
  await update(sim, made, `<t:DeleteItemField>${field}</t:DeleteItemField>`);
  expect(await entriesOf(made, dictionary)).toEqual([]);
});

it.each([
  [
    'CONT_R38 CONT_R39 CONT_R225 CONT_R227 CONT_R228 CONT_R235 CONT_R237 CONT_R238',
    'EmailAddresses',
    ['EmailAddress1', 'EmailAddress2'],
  ],
  [
    'CONT_R60 CONT_R61 CONT_R239 CONT_R241 CONT_R242 CONT_R243 CONT_R245 CONT_R246',
    'ImAddresses',
    ['ImAddress1', 'ImAddress3'],
  ],
  [
    'CONT_R42 CONT_R43 CONT_R247 CONT_R249 CONT_R250 CONT_R251 CONT_R253 CONT_R254',
    'PhoneNumbers',
    ['HomePhone', 'MobilePhone'],
  ],
])('%s: %s holds entries by key, and no others', async (_, dictionary, keys) => {
  const values = keys.map((key) => [key, `value of ${key}`] as const);
  const inner = values.map(([key, value]) => entry(key, value)).join('');
  const made = await contact(`<t:${dictionary}>${inner}</t:${dictionary}>`);
  expect(await entriesOf(made, dictionary)).toEqual(values.map((pair) => [...pair]));
  const foreign = `<t:${dictionary}>${entry('Nonsense', 'x')}</t:${dictionary}>`;
  expect(await codeOf(sim, createBody('Contact', foreign))).toBe('fault ErrorSchemaValidation');
});

it('CONT_R1275086 CONT_R1275088: an e-mail entry keeps Name and RoutingType', async () => {
  const made = await contact(
    '<t:EmailAddresses><t:Entry Key="EmailAddress1" Name="Ann &quot;A&quot; Doe" RoutingType="SMTP">a@example.test</t:Entry></t:EmailAddresses>',
  );
  const [found] = all(await show(sim, made), 'EmailAddresses/Entry');
  expect([found?.attrs['Name'], found?.attrs['RoutingType']]).toEqual(['Ann "A" Doe', 'SMTP']);
});

const address = {
  Street: '1 Lane',
  City: 'Bonn',
  State: 'NRW',
  CountryOrRegion: 'Germany',
  PostalCode: '53111',
} as const;
const addressXml = (key: string): string =>
  `<t:PhysicalAddresses><t:Entry Key="${key}">${Object.entries(address)
    .map(([name, value]) => `<t:${name}>${value}</t:${name}>`)
    .join('')}</t:Entry></t:PhysicalAddresses>`;

it.each([
  ['CONT_R187', 'Business'],
  ['CONT_R188', 'Home'],
  ['CONT_R189', 'Other'],
])(
  '%s CONT_R40 CONT_R41 CONT_R184 CONT_R255 CONT_R267 CONT_R268 CONT_R269 CONT_R271 CONT_R272: there is one address of the kind %s',
  async (_, key) => {
    const made = await contact(addressXml(key));
    const entries = all(await show(sim, made), 'PhysicalAddresses/Entry');
    expect(entries.map((found) => found.attrs['Key'])).toEqual([key]);
    expect(childrenOf(entries[0]!).map((part) => [part.name, textOf(part)])).toEqual(Object.entries(address));
  },
);

it.each([
  ['CONT_R257 CONT_R258', 'Street'],
  ['CONT_R259 CONT_R260', 'City'],
  ['CONT_R261 CONT_R262', 'State'],
  ['CONT_R263 CONT_R264', 'CountryOrRegion'],
  ['CONT_R265 CONT_R266', 'PostalCode'],
])('%s: %s of an address is written by itself', async (_, part) => {
  const made = await contact(addressXml('Home'));
  const field = `<t:IndexedFieldURI FieldURI="contacts:PhysicalAddress:${part}" FieldIndex="Home"/>`;
  const value = `<t:PhysicalAddresses><t:Entry Key="Home"><t:${part}>other</t:${part}></t:Entry></t:PhysicalAddresses>`;
  await update(sim, made, `<t:SetItemField>${field}<t:Contact>${value}</t:Contact></t:SetItemField>`);
  const shown = at(await show(sim, made), 'PhysicalAddresses/Entry')!;
  expect(plain(shown, part)).toBe('other');
  expect(childrenOf(shown).filter((child) => textOf(child) === 'other')).toHaveLength(1);
  await update(sim, made, `<t:DeleteItemField>${field}</t:DeleteItemField>`);
  const left = at(await show(sim, made), 'PhysicalAddresses/Entry')!;
  expect(childrenOf(left).map(({ name }) => name)).toEqual(
    Object.keys(address).filter((name) => name !== part),
  );
});

it.each([
  ['CONT_R180', 'None'],
  ['CONT_R181', 'Business'],
  ['CONT_R182', 'Home'],
  ['CONT_R183', 'Other'],
])('%s CONT_R70 CONT_R71 CONT_R177: the mailing address can be %s', async (_, index) => {
  const made = await contact(`<t:PostalAddressIndex>${index}</t:PostalAddressIndex>`);
  expect(plain(await show(sim, made), 'PostalAddressIndex')).toBe(index);
});

const named =
  '<t:DisplayName>Display</t:DisplayName><t:GivenName>First</t:GivenName><t:MiddleName>Middle</t:MiddleName><t:CompanyName>Company</t:CompanyName><t:Generation>Jr.</t:Generation><t:Surname>Last</t:Surname>';

it.each([
  ['CONT_R130', 'None', 'as is'],
  ['CONT_R131', 'LastCommaFirst', 'Last, First Middle'],
  ['CONT_R132', 'FirstSpaceLast', 'First Middle Last Jr.'],
  ['CONT_R133', 'Company', 'Company'],
  ['CONT_R134', 'LastCommaFirstCompany', 'Last, First Middle (Company)'],
  ['CONT_R135', 'CompanyLastFirst', 'Company (LastFirst Middle)'],
  ['CONT_R136', 'LastFirst', 'LastFirst Middle'],
  ['CONT_R137', 'LastFirstCompany', 'LastFirst Middle (Company)'],
  ['CONT_R138', 'CompanyLastCommaFirst', 'Company (Last, First Middle)'],
  ['CONT_R139', 'LastFirstSuffix', 'LastFirst Jr.'],
  ['CONT_R140', 'LastSpaceFirstCompany', 'Last First Middle (Company)'],
  ['CONT_R141', 'CompanyLastSpaceFirst', 'Company (Last First Middle)'],
  ['CONT_R142', 'LastSpaceFirst', 'Last First Middle'],
  ['CONT_R143 CONT_R1275096', 'DisplayName', 'Display'],
  ['CONT_R144 CONT_R1275098', 'FirstName', 'First'],
  ['CONT_R145 CONT_R1275100', 'LastFirstMiddleSuffix', 'Last First Middle Jr.'],
  ['CONT_R146 CONT_R1275102', 'LastName', 'Last'],
  ['CONT_R147 CONT_R1275104', 'Empty', ''],
])('%s CONT_R22 CONT_R23: FileAsMapping %s files a contact as "%s"', async (_, mapping, filed) => {
  const made = await contact(
    `<t:FileAs>as is</t:FileAs><t:FileAsMapping>${mapping}</t:FileAsMapping>${named}`,
  );
  const shown = await show(sim, made);
  expect([path(shown, 'FileAs'), path(shown, 'FileAsMapping')]).toEqual([filed, mapping]);
});

it('CONT_R80 CONT_R81001 CONT_R1275002: HasPicture tells whether a photo is attached, and cannot be written', async () => {
  const made = await contact('<t:Surname>Doe</t:Surname>');
  expect(plain(await show(sim, made), 'HasPicture')).toBe('false');
  await ok(
    sim,
    `<m:CreateAttachment><m:ParentItemId ${idOf(made)}/><m:Attachments><t:FileAttachment><t:Name>ContactPicture.jpg</t:Name><t:IsContactPhoto>true</t:IsContactPhoto><t:Content>/9j/</t:Content></t:FileAttachment></m:Attachments></m:CreateAttachment>`,
  );
  expect(plain(await show(sim, made), 'HasPicture')).toBe('true');
  const forbidden = '<t:HasPicture>true</t:HasPicture>';
  expect(await codeOf(sim, createBody('Contact', forbidden))).toBe('ErrorInvalidPropertySet');
  expect(await codeOfUpdate(sim, made, setField('contacts:HasPicture', 'Contact', forbidden))).toBe(
    'ErrorInvalidPropertySet',
  );
});

it('CONT_R301001 CDATA_R262: a contact is refused in a folder that is not for contacts', async () => {
  const saved = (id: string): string => `<m:SavedItemFolderId>${folder(id)}</m:SavedItemFolderId>`;
  const given = '<t:Surname>Doe</t:Surname>';
  for (const id of ['calendar', 'inbox', 'tasks'])
    expect(await codeOf(sim, createBody('Contact', given, saved(id)))).toBe(
      'ErrorCannotCreateContactInNonContactFolder',
    );
  expect(await codeOf(sim, createBody('Contact', given, saved('contacts')))).toBe('NoError');
});

it('CONT_R89 CONT_R891: ContactSource of what is in a mailbox is Store', async () => {
  const made = [
    await contact('<t:Surname>Doe</t:Surname>'),
    await create(sim, 'DistributionList', '<t:DisplayName>List</t:DisplayName>'),
  ];
  for (const one of made)
    expect(plain(await show(sim, one, 'contacts:ContactSource'), 'ContactSource')).toBe('Store');
});

it('CONT_R1275090: a mailbox tells its MailboxType', async () => {
  const meeting = await createEvent(
    sim,
    '<t:RequiredAttendees><t:Attendee><t:Mailbox><t:EmailAddress>bob@example.test</t:EmailAddress></t:Mailbox></t:Attendee></t:RequiredAttendees>',
  );
  const shown = at(await show(sim, meeting), 'RequiredAttendees/Attendee/Mailbox');
  expect(plain(shown, 'MailboxType')).toBe('Mailbox');
});
