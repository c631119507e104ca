// Groups of people: KIND:group and Apple's X-ADDRESSBOOKSERVER-* ⇄ distribution lists, members by UID and by address.
import { parse as parseStrictly } from 'vcard4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { childOf, childrenOf, textOf, xml, type Markup } from '../../src/xml/index.ts';
import { openOutlook, type Outlook, type OutlookItem } from './outlook.ts';
import { alice, asXml, cardsOf, openStage, responsesOf, syncBody, type Stage } from './stage.ts';

let stage: Stage;
let outlook: Outlook;
beforeEach(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
});
afterEach(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

type Version = '3.0' | '4.0';
const href = (name: string): string => `${cardsOf(alice)}${name}.vcf`;
const ann = '4fbe8971-0bc3-424c-9c26-36c3e1eff6b1';
const bob = '03a0e51f-d1aa-4385-8a53-e29025acd8af';
const nobody = 'b8767877-b4a1-4c70-9acc-505d3819e519';

async function put(name: string, version: Version, ...lines: readonly string[]): Promise<number> {
  const uid = lines.some((line) => line.startsWith('UID')) ? [] : [`UID:${name}`];
  const body = ['BEGIN:VCARD', `VERSION:${version}`, ...uid, ...lines, 'END:VCARD', ''].join('\r\n');
  const headers = { 'content-type': `text/vcard; version=${version}; charset=utf-8` };
  const answer = await stage.ask('PUT', href(name), { body, headers });
  return answer.status;
}

async function text(name: string, version: Version = '4.0'): Promise<string> {
  const answer = await stage.ask('GET', href(name), {
    headers: { accept: `text/vcard; version=${version}` },
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.text.replaceAll('\r\n ', '');
}

const frame = /^(?:BEGIN|END|VERSION|PRODID|REV)/;
async function lines(name: string, version: Version = '4.0'): Promise<string[]> {
  return (await text(name, version))
    .split('\r\n')
    .filter((line) => line !== '' && !frame.test(line))
    .toSorted();
}

const person = (name: string, uid: string, ...more: readonly string[]) =>
  put(name, '3.0', `UID:${uid}`, `FN:${name}`, `N:${name};;;;`, ...more);

const sorted = (all: readonly string[]): string[] => all.toSorted();

const paths = ['contacts:DisplayName', 'distributionlist:Members', 'item:ItemClass', 'item:Body'].map((uri) =>
  xml('t:FieldURI', { FieldURI: uri }),
);

interface Seen {
  readonly key: string;
  readonly address: string;
  readonly type: string;
  readonly id: string;
}

/** What Outlook sees of the list: its name and its members. */
async function listOf(item: OutlookItem): Promise<{ name: string; members: readonly Seen[] }> {
  const shown = await outlook.show(item, ...paths);
  expect(textOf(childOf(shown, 'ItemClass'))).toBe('IPM.DistList');
  const members = childOf(shown, 'Members');
  return {
    name: textOf(childOf(shown, 'DisplayName')),
    members: (members === undefined ? [] : childrenOf(members)).map((member) => {
      const mailbox = childOf(member, 'Mailbox');
      return {
        key: member.attrs['Key'] ?? '',
        address: textOf(childOf(mailbox, 'EmailAddress')),
        type: textOf(childOf(mailbox, 'MailboxType')),
        id: childOf(mailbox, 'ItemId')?.attrs['Id'] ?? '',
      };
    }),
  };
}

async function newest(): Promise<OutlookItem> {
  const items = await outlook.items('contacts');
  return items.at(-1)!;
}

async function onlyList(): Promise<OutlookItem> {
  const shown = await Promise.all(
    (await outlook.items('contacts')).map(
      async (item) => [item, await outlook.show(item, ...paths)] as const,
    ),
  );
  const lists = shown.filter(([, element]) => element.name === 'DistributionList');
  expect(lists).toHaveLength(1);
  return lists[0]![0];
}

const member = (...mailbox: readonly Markup[]): Markup =>
  xml('t:Member', {}, xml('t:Mailbox', {}, ...mailbox));
const oneOff = (address: string): Markup => member(xml('t:EmailAddress', {}, address));
const contactMember = ({ id }: OutlookItem): Markup =>
  member(xml('t:MailboxType', {}, 'Contact'), xml('t:ItemId', { Id: id }));
const membersField = xml('t:FieldURI', { FieldURI: 'distributionlist:Members' });
const listChange = (name: string, path: Markup, ...value: readonly Markup[]): Markup =>
  xml(`t:${name}`, {}, path, xml('t:DistributionList', {}, ...value));

function updates(): string[] {
  return stage.sent.filter((envelope) => envelope.includes('<m:UpdateItem'));
}

const four = (...members: readonly string[]): string[] => [
  'FN:Friends',
  'N:Friends;;;;',
  'KIND:group',
  ...members.map((uri) => `MEMBER:${uri}`),
];
const three = (...members: readonly string[]): string[] => [
  'FN:Friends',
  'N:Friends;;;;',
  'X-ADDRESSBOOKSERVER-KIND:group',
  ...members.map((uri) => `X-ADDRESSBOOKSERVER-MEMBER:${uri}`),
];

describe('a group that a client puts', () => {
  const uris = [`urn:uuid:${ann}`, 'mailto:carl@elsewhere.example', `urn:uuid:${nobody}`];

  it.each([
    ['4.0', four],
    ['3.0', three],
  ] as const)('as %s is a distribution list, and comes back in both forms', async (version, form) => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    expect(
      await put('group', version, ...form(...uris), 'NOTE:On Fridays', 'CATEGORIES:Fun', 'X-OWN:1'),
    ).toBe(201);
    const { name, members } = await listOf(await onlyList());
    expect(name).toBe('Friends');
    expect(members.map(({ address, type, id }) => [address, type, id !== ''])).toEqual([
      ['ann@example.test', 'Contact', true],
      ['carl@elsewhere.example', 'OneOff', false],
    ]);
    await stage.restart();
    const rest = ['NOTE:On Fridays', 'CATEGORIES:Fun', 'X-OWN:1', 'UID:group'];
    expect(await lines('group')).toEqual(sorted([...four(...uris), ...rest]));
    expect(await lines('group', '3.0')).toEqual(sorted([...three(...uris), ...rest]));
    const strict = await stage.ask('GET', href('group'), { headers: { accept: 'text/vcard; version=4.0' } });
    expect(() => parseStrictly(strict.text.replace(/X-OWN.*\r\n/, ''))).not.toThrow();
  });

  it('is found by what others look for', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    const listing = await stage.ask('PROPFIND', cardsOf(alice), { headers: { depth: '1' } });
    expect([...responsesOf(listing).keys()]).toContain(href('group'));
    const sync = await stage.ask('REPORT', cardsOf(alice), { body: syncBody(), headers: asXml });
    expect([...responsesOf(sync).keys()]).toContain(href('group'));
    const query = `<C:addressbook-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><D:getetag/></D:prop><C:filter><C:prop-filter name="X-ADDRESSBOOKSERVER-KIND"><C:text-match match-type="equals">group</C:text-match></C:prop-filter></C:filter></C:addressbook-query>`;
    const found = await stage.ask('REPORT', cardsOf(alice), {
      body: query,
      headers: { ...asXml, depth: '1' },
    });
    expect([...responsesOf(found).keys()]).toEqual([href('group')]);
  });

  it('is changed member by member: what is not touched is not sent', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await person('bob', bob, 'EMAIL:bob@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`, 'mailto:carl@x.example'));
    const list = await onlyList();
    const before = await listOf(list);
    stage.sent.length = 0;
    await put('group', '4.0', ...four(`urn:uuid:${bob}`, 'mailto:carl@x.example'));
    const [update, ...others] = updates();
    expect(others).toEqual([]);
    expect(update).toContain(
      `<t:DeleteItemField><t:IndexedFieldURI FieldURI="distributionlist:Members:Member" FieldIndex="${before.members[0]!.key}"/></t:DeleteItemField>`,
    );
    expect(update).toContain('<t:AppendToItemField><t:FieldURI FieldURI="distributionlist:Members"/>');
    expect(update).not.toMatch(/SetItemField><t:FieldURI|carl@x/);
    const after = await listOf(list);
    expect(after.members.map(({ address }) => address)).toEqual(['carl@x.example', 'bob@example.test']);
    expect(after.members[0]!.key).toBe(before.members[1]!.key);
    stage.sent.length = 0;
    await put('group', '4.0', ...four('mailto:carl@x.example', `urn:uuid:${bob}`));
    expect(updates().filter((envelope) => envelope.includes('distributionlist'))).toEqual([]);
  });

  it('has a member whose card comes later as soon as it is put again', async () => {
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    const list = await onlyList();
    expect((await listOf(list)).members).toEqual([]);
    await person('ann', ann, 'EMAIL:ann@example.test');
    expect(await lines('group')).toEqual(sorted([...four(`urn:uuid:${ann}`), 'UID:group']));
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    expect((await listOf(list)).members.map(({ address, type }) => [address, type])).toEqual([
      ['ann@example.test', 'Contact'],
    ]);
    await stage.restart();
    expect(await lines('group')).toEqual(sorted([...four(`urn:uuid:${ann}`), 'UID:group']));
  });

  it('keeps a member to whom no mail can be sent beside the list', async () => {
    await person('ann', ann);
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    const list = await onlyList();
    expect((await listOf(list)).members).toEqual([]);
    await stage.restart();
    expect(await lines('group')).toContain(`MEMBER:urn:uuid:${ann}`);
    await person('ann', ann, 'EMAIL:ann@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    expect((await listOf(list)).members).toHaveLength(1);
  });

  it('may name cards in other spellings, and another group', async () => {
    await person('ann', `urn:uuid:${ann}`, 'EMAIL:ann@example.test');
    await put('inner', '4.0', 'FN:Inner', 'KIND:group', 'MEMBER:mailto:z@x.example');
    const inner = await newest();
    await put('outer', '4.0', ...four(`URN:UUID:${ann.toUpperCase()}`, 'urn:uuid:inner', 'urn:uuid:outer'));
    const outer = await newest();
    expect((await listOf(outer)).members.map(({ type, id }) => [type, id])).toMatchObject([
      ['Contact', expect.any(String)],
      ['PrivateDL', inner.id],
    ]);
    await stage.restart();
    const shown = await lines('outer');
    expect(shown.filter((line) => line.startsWith('MEMBER'))).toEqual([
      `MEMBER:URN:UUID:${ann.toUpperCase()}`,
      'MEMBER:urn:uuid:inner',
      'MEMBER:urn:uuid:outer',
    ]);
  });

  it('keeps words for members and URIs of other kinds', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    const members = [
      `MEMBER;PREF=1:urn:uuid:${ann}`,
      'MEMBER:xmpp:z@x.example',
      'MEMBER;X-P=1:mailto:y@x.example',
    ];
    await put('group', '4.0', 'FN:Friends', 'N:Friends;;;;', 'KIND:group', ...members);
    const list = await onlyList();
    await stage.restart();
    const shown = (await lines('group')).filter((line) => line.startsWith('MEMBER'));
    expect(shown).toEqual(sorted(members));
    // Those that Outlook takes off the list go with their words; what was never on it stays.
    const [first] = (await listOf(list)).members;
    const path = xml('t:IndexedFieldURI', {
      FieldURI: 'distributionlist:Members:Member',
      FieldIndex: first!.key,
    });
    await outlook.change(list, xml('t:DeleteItemField', {}, path));
    await stage.restart();
    expect((await lines('group')).filter((line) => line.startsWith('MEMBER'))).toEqual(
      sorted(members.slice(1)),
    );
  });

  it('cannot become a person, nor a person a group', async () => {
    await put('group', '4.0', ...four());
    expect(await put('group', '4.0', 'FN:Friends')).toBe(403);
    await person('ann', ann);
    expect(await put('ann', '4.0', `UID:${ann}`, 'FN:Ann', 'KIND:group')).toBe(403);
  });

  it('is deleted', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    expect((await stage.ask('DELETE', href('group'))).status).toBe(204);
    expect((await outlook.items('contacts')).map(({ subject }) => subject)).toHaveLength(1);
    stage.advance();
    expect((await stage.ask('GET', href('group'))).status).toBe(404);
  });
});

describe('a list of Outlook', () => {
  async function made(...members: readonly Markup[]): Promise<OutlookItem> {
    return outlook.createPerson(
      'DistributionList',
      xml('t:Body', { BodyType: 'Text' }, 'Ours'),
      xml('t:DisplayName', {}, 'Team'),
      xml('t:Members', {}, ...members),
    );
  }

  async function nameOfList(): Promise<string> {
    stage.advance();
    const sync = await stage.ask('REPORT', cardsOf(alice), { body: syncBody(), headers: asXml });
    const names = [...responsesOf(sync).keys()].map((each) =>
      each.slice(cardsOf(alice).length, -'.vcf'.length),
    );
    for (const name of names) if ((await text(name)).includes('KIND:group')) return name;
    throw new Error('no group');
  }

  it('is a group; contacts are named by the UID of their cards, others by address', async () => {
    const dora = await outlook.createPerson(
      'Contact',
      xml('t:DisplayName', {}, 'Dora'),
      xml('t:EmailAddresses', {}, xml('t:Entry', { Key: 'EmailAddress1' }, 'dora@example.test')),
    );
    await made(contactMember(dora), oneOff('x@elsewhere.example'));
    const name = await nameOfList();
    const shown = await lines(name);
    const uri = shown.find((line) => line.startsWith('MEMBER:urn:uuid:'))!;
    expect(shown).toEqual(
      sorted([
        'FN:Team',
        'N:Team;;;;',
        'KIND:group',
        'NOTE:Ours',
        uri,
        'MEMBER:mailto:x@elsewhere.example',
        shown.find((line) => line.startsWith('UID:'))!,
      ]),
    );
    const card = await text(uri.slice('MEMBER:urn:uuid:'.length));
    expect(card).toContain('FN:Dora');
    expect(card).toContain(`UID:${uri.slice('MEMBER:urn:uuid:'.length)}`);
  });

  it('that a client puts back unchanged stays as it is, and its bystanders are not touched by a change', async () => {
    const list = await made(oneOff('x@elsewhere.example'));
    const name = await nameOfList();
    for (const version of ['3.0', '4.0'] as const) {
      const given = await stage.ask('GET', href(name), {
        headers: { accept: `text/vcard; version=${version}` },
      });
      stage.sent.length = 0;
      await stage.ask('PUT', href(name), { body: given.text, headers: { 'content-type': 'text/vcard' } });
      expect(updates().join('')).not.toMatch(/FieldURI="(?:item|contacts|distributionlist)|exdav-residue/);
    }
    const renamed = (await text(name)).replace('FN:Team', 'FN:Crew').replace('N:Team', 'N:Crew');
    stage.sent.length = 0;
    await stage.ask('PUT', href(name), { body: renamed, headers: { 'content-type': 'text/vcard' } });
    expect(
      updates()
        .join('')
        .match(/FieldURI="(?:item|contacts|distributionlist):[^"]*"/g),
    ).toEqual(['FieldURI="contacts:DisplayName"']);
    expect((await listOf(list)).name).toBe('Crew');
  });

  it('with somebody of the directory, whom a card cannot name, keeps him', async () => {
    const list = await made(
      member(
        xml('t:Name', {}, 'Eve'),
        xml('t:EmailAddress', {}, '/o=First/ou=Exchange/cn=Recipients/cn=eve'),
        xml('t:RoutingType', {}, 'EX'),
        xml('t:MailboxType', {}, 'Mailbox'),
      ),
      oneOff('x@elsewhere.example'),
    );
    const name = await nameOfList();
    const shown = await text(name);
    expect(shown.match(/^MEMBER.*$/gm)).toHaveLength(1);
    const changed = shown.replace(/^MEMBER.*$/m, 'MEMBER:mailto:y@elsewhere.example');
    await stage.ask('PUT', href(name), { body: changed, headers: { 'content-type': 'text/vcard' } });
    const { members } = await listOf(list);
    expect(members.map(({ address }) => address)).toEqual([
      '/o=First/ou=Exchange/cn=Recipients/cn=eve',
      'y@elsewhere.example',
    ]);
  });

  it('that Outlook changes is shown so, what the client had beside stays', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`, `urn:uuid:${nobody}`), 'X-OWN:1');
    const list = await onlyList();
    await outlook.change(
      list,
      listChange('AppendToItemField', membersField, xml('t:Members', {}, oneOff('new@x.example'))),
      listChange(
        'SetItemField',
        xml('t:FieldURI', { FieldURI: 'contacts:DisplayName' }),
        xml('t:DisplayName', {}, 'Mates'),
      ),
    );
    stage.advance();
    expect(await lines('group')).toEqual(
      sorted([
        ...four(`urn:uuid:${ann}`, 'mailto:new@x.example', `urn:uuid:${nobody}`).map((line) =>
          line.replace('Friends', 'Mates'),
        ),
        'UID:group',
        'X-OWN:1',
      ]),
    );
  });

  it('names by its address a contact that is not in this folder any more', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`));
    await stage.ask('DELETE', href('ann'));
    await stage.restart();
    expect((await lines('group')).filter((line) => line.startsWith('MEMBER'))).toEqual([
      'MEMBER:mailto:ann@example.test',
    ]);
  });
});

describe('what groups cost', () => {
  const calls = (name: string): number =>
    stage.sent.filter((envelope) => envelope.includes(`<m:${name}`)).length;

  it('contacts and lists are read in one call, their members are known without any', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await person('bob', bob, 'EMAIL:bob@example.test');
    await put('group', '4.0', ...four(`urn:uuid:${ann}`, `urn:uuid:${bob}`));
    await stage.restart();
    await stage.ask('PROPFIND', cardsOf(alice), { headers: { depth: '1' } });
    stage.sent.length = 0;
    const body = `<C:addressbook-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:prop><C:address-data/></D:prop>${['ann', 'bob', 'group'].map((name) => `<D:href>${href(name)}</D:href>`).join('')}</C:addressbook-multiget>`;
    const answer = await stage.ask('REPORT', cardsOf(alice), { body, headers: asXml });
    expect([...responsesOf(answer).values()].map(({ status }) => status)).toEqual([200, 200, 200]);
    expect([calls('GetItem'), calls('FindItem')]).toEqual([1, 0]);
  });

  it('a PUT reads new members that were not seen lately, all in one call', async () => {
    await person('ann', ann, 'EMAIL:ann@example.test');
    await person('bob', bob, 'EMAIL:bob@example.test');
    await stage.restart();
    await stage.ask('PROPFIND', cardsOf(alice), { headers: { depth: '1' } });
    stage.sent.length = 0;
    await put('group', '4.0', ...four(`urn:uuid:${ann}`, `urn:uuid:${bob}`));
    expect([calls('GetItem'), calls('CreateItem'), calls('UpdateItem')]).toEqual([1, 1, 0]);
    stage.sent.length = 0;
    await put('other', '4.0', 'FN:Other', 'KIND:group', `MEMBER:urn:uuid:${ann}`);
    expect([calls('GetItem'), calls('CreateItem')]).toEqual([0, 1]);
    // A change reads the list itself, and no member that is on it already.
    stage.sent.length = 0;
    await put('group', '4.0', ...four(`urn:uuid:${ann}`, `urn:uuid:${bob}`, 'mailto:c@x.example'));
    expect([calls('GetItem'), calls('UpdateItem')]).toEqual([1, 1]);
  });
});
