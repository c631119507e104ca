// Distribution lists and their members (BEHAVIOUR §10; [MS-OXWSCONT] t:DistributionListType).
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { XmlElement } from '../../src/xml/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import {
  all,
  at,
  bareId,
  codeOf,
  createOther,
  get,
  idOf,
  ok,
  path,
  set,
  start,
  updateBody,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const member = (address: string): string =>
  `<t:Member><t:Mailbox><t:EmailAddress>${address}</t:EmailAddress></t:Mailbox></t:Member>`;
const list = (...members: string[]): string =>
  `<t:DistributionList><t:DisplayName>Team</t:DisplayName><t:Members>${members.join('')}</t:Members></t:DistributionList>`;
const addressesOf = (item: XmlElement): string[] =>
  all(item, 'Members/Member').map((one) => path(one, 'Mailbox/EmailAddress'));
const keyOf = (item: XmlElement, address: string): string =>
  all(item, 'Members/Member').find((one) => path(one, 'Mailbox/EmailAddress') === address)?.attrs['Key'] ??
  '';
const byKey = (key: string): string =>
  `<t:IndexedFieldURI FieldURI="distributionlist:Members:Member" FieldIndex="${key}"/>`;
const bare = (id: string): string => id.replace(/ .*/, '');

it('has members with key, kind of mailbox and status, its name as subject (§10)', async () => {
  const item = await get(
    sim,
    idOf(await createOther(sim, list(member('bob@example.test'), member('x@elsewhere.test')))),
  );
  expect([
    path(item, 'ItemClass'),
    path(item, 'Subject'),
    path(item, 'DisplayName'),
    path(item, 'FileAs'),
  ]).toEqual(['IPM.DistList', 'Team', 'Team', 'Team']);
  expect(
    all(item, 'Members/Member').map((one) => [
      path(one, 'Mailbox/EmailAddress'),
      path(one, 'Mailbox/RoutingType'),
      path(one, 'Mailbox/MailboxType'),
      path(one, 'Status'),
    ]),
  ).toEqual([
    ['bob@example.test', 'SMTP', 'Mailbox', 'Normal'],
    ['x@elsewhere.test', 'SMTP', 'OneOff', 'Normal'],
  ]);
  const keys = all(item, 'Members/Member').map((one) => one.attrs['Key']);
  expect(new Set(keys).size).toBe(2);
});

it('is changed as a whole, added to, and loses or changes one member by its key (§10: distributionlist:Members:Member)', async () => {
  const id = bare(idOf(await createOther(sim, list(member('a@example.test'), member('b@example.test')))));
  const members = (...given: string[]): string => `<t:Members>${given.map(member).join('')}</t:Members>`;
  await ok(
    sim,
    updateBody(
      id,
      `<t:AppendToItemField><t:FieldURI FieldURI="distributionlist:Members"/><t:DistributionList>${members('c@example.test', 'A@example.test')}</t:DistributionList></t:AppendToItemField>`,
    ),
  );
  const three = await get(sim, id);
  expect(addressesOf(three).map((address) => address.toLowerCase())).toEqual([
    'a@example.test',
    'b@example.test',
    'c@example.test',
  ]);
  const key = keyOf(three, 'b@example.test');
  await ok(
    sim,
    updateBody(
      id,
      `<t:SetItemField>${byKey(key)}<t:DistributionList>${members('d@example.test')}</t:DistributionList></t:SetItemField>`,
    ),
  );
  expect(addressesOf(await get(sim, id))[1]).toBe('d@example.test');
  expect(await codeOf(sim, updateBody(id, `<t:DeleteItemField>${byKey(key)}</t:DeleteItemField>`))).toBe(
    'ErrorDistributionListMemberNotExist',
  );
  const other = keyOf(await get(sim, id), 'd@example.test');
  await ok(sim, updateBody(id, `<t:DeleteItemField>${byKey(other)}</t:DeleteItemField>`));
  expect(addressesOf(await get(sim, id))).toHaveLength(2);
  await ok(
    sim,
    updateBody(id, set('distributionlist:Members', 'DistributionList', members('e@example.test'))),
  );
  expect(addressesOf(await get(sim, id))).toEqual(['e@example.test']);
});

it('takes no member without an address or an item ([MS-OXWSDLIST] 2.2.4.3)', async () => {
  const nobody = '<t:Member><t:Mailbox><t:Name>Nobody</t:Name></t:Mailbox></t:Member>';
  expect(await codeOf(sim, `<m:CreateItem><m:Items>${list(nobody)}</m:Items></m:CreateItem>`)).toBe(
    'ErrorInvalidMailbox',
  );
});

it('names a contact by its id; when that is deleted its member is demoted (types.xsd: MemberStatusType)', async () => {
  const contact = await createOther(
    sim,
    '<t:Contact><t:DisplayName>Ann</t:DisplayName><t:EmailAddresses><t:Entry Key="EmailAddress1">ann@example.test</t:Entry></t:EmailAddresses></t:Contact>',
  );
  const byId = `<t:Member><t:Mailbox><t:MailboxType>Contact</t:MailboxType><t:ItemId Id="${bareId(contact)}"/></t:Mailbox></t:Member>`;
  const id = idOf(await createOther(sim, list(byId)));
  const found = at(await get(sim, id), 'Members/Member');
  expect([path(found, 'Mailbox/Name'), path(found, 'Mailbox/EmailAddress'), path(found, 'Status')]).toEqual([
    'Ann',
    'ann@example.test',
    'Normal',
  ]);
  await ok(
    sim,
    `<m:DeleteItem DeleteType="HardDelete"><m:ItemIds><t:ItemId ${idOf(contact)}/></m:ItemIds></m:DeleteItem>`,
  );
  expect(path(at(await get(sim, id), 'Members/Member'), 'Status')).toBe('Demoted');
});
