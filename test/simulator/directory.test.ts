// The directory: ResolveNames, ExpandDL, FindPeople, rooms, pictures (BEHAVIOUR §6, §9).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { textOf } from '../../src/xml/index.ts';
import { addEntry, addMailbox, entryOf, folderOf, grant, levels } from '../../simulator/state/index.ts';
import {
  all,
  at,
  basic,
  call,
  codeOf,
  createEvent,
  createOther,
  get,
  idOf,
  ok,
  path,
  start,
} from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start({ seed: 'small' });
  await createOther(
    sim,
    '<t:Contact><t:DisplayName>Bobby Tables</t:DisplayName><t:EmailAddresses><t:Entry Key="EmailAddress1">bobby@tables.example</t:Entry></t:EmailAddresses></t:Contact>',
  );
});
afterAll(() => sim.close());

const resolve = (entry: string, attributes = ''): string =>
  `<m:ResolveNames ReturnFullContactData="true" ${attributes}><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`;
const hits = async (entry: string, attributes = '', user = 'alice'): Promise<string[]> => {
  const [message] = (await call(sim, resolve(entry, attributes), { user })).messages;
  return all(message?.element, 'ResolutionSet/Resolution').map((hit) => path(hit, 'Mailbox/EmailAddress'));
};
const dnOf = (address: string): string => entryOf(sim.world, address)!.legacyDn;

describe('ResolveNames (§6)', () => {
  it('looks in the directory first, then in the contacts of the caller', async () => {
    const found = await hits('bob');
    expect([found[0], found.includes('bobby@tables.example')]).toEqual(['bob@example.test', true]);
    expect((await hits('bob', 'SearchScope="ContactsActiveDirectory"')).at(-1)).toBe('bob@example.test');
    expect(await hits('bobby', 'SearchScope="ActiveDirectory"')).toEqual([]);
    expect(await hits('bob@', 'SearchScope="Contacts"')).toEqual([]);
    expect(await hits('bobby', '', 'bob')).toEqual([]);
  });

  it('finds by the beginning of names, words and addresses, and exactly by smtp: and X500', async () => {
    expect(await hits('Exam Ali')).toEqual(['alice@example.test']);
    expect(await hits('a.example')).toEqual(['alice@example.test']);
    expect(await hits('smtp:alice.example@example.test')).toEqual(['alice@example.test']);
    expect(await hits('smtp:alice.exampl')).toEqual([]);
    expect(await hits(dnOf('bob@example.test'))).toEqual(['bob@example.test']);
    expect(await hits('lice')).toEqual([]);
  });

  it('gives a Warning with several, an Error without any, and no more than 100', async () => {
    const several = await call(sim, resolve('room'));
    expect([several.messages[0]?.class, several.messages[0]?.code]).toEqual([
      'Warning',
      'ErrorNameResolutionMultipleResults',
    ]);
    const none = (await call(sim, resolve('zzz'))).messages[0];
    expect([none?.class, none?.code, none?.text, at(none?.element, 'ResolutionSet')]).toEqual([
      'Error',
      'ErrorNameResolutionNoResults',
      'No results were found.',
      undefined,
    ]);
    for (let number = 0; number < 120; number += 1)
      addEntry(sim.world, { kind: 'contact', address: `mass${number}@mass.example`, name: `Mass ${number}` });
    const set = at((await call(sim, resolve('mass'))).messages[0]?.element, 'ResolutionSet');
    expect([all(set, 'Resolution').length, set?.attrs]).toEqual([
      100,
      { TotalItemsInView: '100', IncludesLastItemInRange: 'false' },
    ]);
  });

  it('shows the contact data that was captured, only when asked for', async () => {
    const [message] = (await call(sim, resolve('smtp:alice@example.test'))).messages;
    const contact = at(message?.element, 'ResolutionSet/Resolution/Contact');
    expect(contact?.children.map((child) => (typeof child === 'string' ? '' : child.name))).toEqual(
      'Culture DisplayName GivenName Initials CompanyName EmailAddresses PhysicalAddresses PhoneNumbers AssistantName ContactSource Department JobTitle Manager OfficeLocation Surname Alias Notes UserSMIMECertificate MSExchangeCertificate DirectoryId'
        .split(' ')
        .flatMap((name) => {
          const photo = entryOf(sim.world, 'alice@example.test')?.photo !== undefined;
          if (name === 'Alias' && photo) return ['HasPicture', 'Alias'];
          return name === 'Notes' && photo ? ['Notes', 'Photo'] : [name];
        }),
    );
    expect(all(contact, 'EmailAddresses/Entry').map((entry) => textOf(entry))).toEqual([
      'smtp:alice.example@example.test',
      'SIP:alice@example.test',
      'SMTP:alice@example.test',
    ]);
    const bare = await call(sim, resolve('bobby').replace('"true"', '"false"'));
    const resolution = at(bare.messages[0]?.element, 'ResolutionSet/Resolution');
    expect([
      at(resolution, 'Contact'),
      path(resolution, 'Mailbox/MailboxType'),
      at(resolution, 'Mailbox/ItemId') !== undefined,
    ]).toEqual([undefined, 'Contact', true]);
  });

  it('searches the contacts of another mailbox under the rights of the caller', async () => {
    const ask = `<m:ResolveNames ReturnFullContactData="true" SearchScope="Contacts"><m:ParentFolderIds><t:DistinguishedFolderId Id="contacts"><t:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:ParentFolderIds><m:UnresolvedEntry>bobby</m:UnresolvedEntry></m:ResolveNames>`;
    expect(await codeOf(sim, ask, { user: 'bob' })).toBe('ErrorFolderNotFound');
    grant(
      folderOf(sim.world.mailboxes.get('alice@example.test')!, 'contacts'),
      'bob@example.test',
      levels.reviewer,
    );
    expect(await codeOf(sim, ask, { user: 'bob' })).toBe('NoError');
  });
});

describe('ExpandDL (§6)', () => {
  const expand = async (mailbox: string) => {
    const [message] = (await call(sim, `<m:ExpandDL><m:Mailbox>${mailbox}</m:Mailbox></m:ExpandDL>`))
      .messages;
    return {
      code: message?.code,
      members: all(message?.element, 'DLExpansion/Mailbox').map(
        (one) => `${path(one, 'EmailAddress')} ${path(one, 'MailboxType')}`,
      ),
    };
  };

  it('lists the members of one group and opens no group in it', async () => {
    const { members } = await expand('<t:EmailAddress>everybody@example.test</t:EmailAddress>');
    expect([members.length, members.slice(0, 4)]).toEqual([
      35,
      [
        'alice@example.test Mailbox',
        'bob@example.test Mailbox',
        'carol@example.test Mailbox',
        'sales@example.test PublicDL',
      ],
    ]);
    expect((await expand('<t:EmailAddress>nobody@example.test</t:EmailAddress>')).code).toBe(
      'ErrorNameResolutionNoResults',
    );
    addEntry(sim.world, { kind: 'group', address: 'empty@example.test', name: 'Empty', members: [] });
    expect(await expand('<t:EmailAddress>empty@example.test</t:EmailAddress>')).toEqual({
      code: 'NoError',
      members: [],
    });
  });

  it('opens a contact group by its id', async () => {
    const list = await createOther(
      sim,
      '<t:DistributionList><t:DisplayName>Own</t:DisplayName><t:Members><t:Member><t:Mailbox><t:Name>X</t:Name><t:EmailAddress>x@y.example</t:EmailAddress></t:Mailbox></t:Member></t:Members></t:DistributionList>',
    );
    expect((await expand(`<t:ItemId ${idOf(list)}/>`)).members).toEqual(['x@y.example OneOff']);
  });
});

describe('FindPeople (§6)', () => {
  const find = (
    folder: string,
    query: string,
    view = 'MaxEntriesReturned="10" Offset="0"',
    inner = '',
  ): string =>
    `<m:FindPeople>${inner}<m:IndexedPageItemView BasePoint="Beginning" ${view}/><m:ParentFolderId><t:DistinguishedFolderId Id="${folder}"/></m:ParentFolderId>${query === '' ? '' : `<m:QueryString>${query}</m:QueryString>`}</m:FindPeople>`;
  const names = async (body: string): Promise<string[]> =>
    all((await call(sim, body)).body, 'People/Persona').map((persona) => path(persona, 'DisplayName'));

  it('pages over the directory', async () => {
    const first = await call(sim, find('directory', 'example'));
    expect(first.body.attrs['ResponseClass']).toBe('Success');
    expect(path(first.body, 'TotalNumberOfPeopleInView')).toBe('40');
    const one = await names(find('directory', 'example'));
    const two = await names(find('directory', 'example', 'MaxEntriesReturned="10" Offset="10"'));
    expect([one.length, two.length, one.filter((name) => two.includes(name))]).toEqual([10, 10, []]);
    const next = await call(sim, find('directory', 'example', 'MaxEntriesReturned="10" Offset="10"'));
    expect(path(next.body, 'FirstLoadedRowIndex')).toBe('10');
  });

  it('reads a contacts folder, with the properties that were asked for', async () => {
    const shape =
      '<m:PersonaShape><t:BaseShape>IdOnly</t:BaseShape><t:AdditionalProperties><t:FieldURI FieldURI="persona:DisplayName"/></t:AdditionalProperties></m:PersonaShape>';
    const answer = await call(sim, find('contacts', 'bobby', undefined, shape));
    expect(
      all(answer.body, 'People/Persona').map((one) =>
        one.children.map((child) => (typeof child === 'string' ? child : child.name)),
      ),
    ).toEqual([['PersonaId', 'DisplayName']]);
    const wrong = await call(sim, find('inbox', ''));
    expect([wrong.body.attrs['ResponseClass'], path(wrong.body, 'ResponseCode')]).toEqual([
      'Error',
      'ErrorInvalidOperation',
    ]);
  });
});

describe('rooms', () => {
  it('come by their lists', async () => {
    const lists = await call(sim, '<m:GetRoomLists/>');
    const [list] = all(lists.body, 'RoomLists/Address');
    expect([path(list, 'EmailAddress'), path(list, 'MailboxType')]).toEqual([
      'rooms@example.test',
      'PublicDL',
    ]);
    const rooms = (address: string) =>
      call(
        sim,
        `<m:GetRooms><m:RoomList><t:EmailAddress>${address}</t:EmailAddress></m:RoomList></m:GetRooms>`,
      );
    expect(
      all((await rooms('rooms@example.test')).body, 'Rooms/Room').map((room) =>
        path(room, 'Id/EmailAddress'),
      ),
    ).toEqual(['atlas', 'bering', 'cook'].map((name) => `room-${name}@example.test`));
    expect(path((await rooms('none@example.test')).body, 'ResponseCode')).toBe(
      'ErrorNameResolutionNoResults',
    );
  });
});

describe('pictures (§6)', () => {
  const withPhoto = (): string =>
    [...sim.world.directory.values()].find(({ photo }) => photo !== undefined)!.address;
  const page = (query: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${sim.url}/s/GetUserPhoto?${query}`, { headers: { authorization: basic('alice'), ...headers } });

  it('come by SOAP in the size asked for', async () => {
    const ask = (address: string, size: string): string =>
      `<m:GetUserPhoto><m:Email>${address}</m:Email><m:SizeRequested>${size}</m:SizeRequested></m:GetUserPhoto>`;
    const answer = await call(sim, ask(withPhoto(), 'HR360x360'));
    const bytes = Buffer.from(path(answer.body, 'PictureData'), 'base64');
    const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    expect([
      path(answer.body, 'HasChanged'),
      bytes.readUInt16BE(frame + 5),
      bytes.readUInt16BE(frame + 7),
    ]).toEqual(['true', 360, 360]);
    expect(path((await call(sim, ask('rooms@example.test', 'HR48x48'))).body, 'ResponseCode')).toBe(
      'ErrorItemNotFound',
    );
  });

  it('come by GET with an ETag, and as 304 to who has them', async () => {
    const first = await page(`email=${withPhoto()}&size=HR64x64`);
    const etag = first.headers.get('etag')!;
    expect([
      first.status,
      first.headers.get('content-type'),
      (await first.arrayBuffer()).byteLength > 200,
    ]).toEqual([200, 'image/jpeg', true]);
    expect((await page(`email=${withPhoto()}&size=HR64x64`, { 'if-none-match': etag })).status).toBe(304);
    expect((await page(`email=${withPhoto()}&size=HR96x96`, { 'if-none-match': etag })).status).toBe(200);
    expect((await page('email=nobody@example.test&size=HR64x64')).status).toBe(404);
    expect((await page(`email=${withPhoto()}&size=HR65x65`)).status).toBe(400);
    expect((await fetch(`${sim.url}/s/GetUserPhoto?email=${withPhoto()}`)).status).toBe(401);
  });
});

describe('X500 addresses of attendees (§9)', () => {
  it('are shown for people of the directory, resolve, and are understood when written back', async () => {
    sim.world.policy.exRouting = true;
    try {
      const attendee = (mailbox: string): string =>
        `<t:RequiredAttendees><t:Attendee><t:Mailbox>${mailbox}</t:Mailbox></t:Attendee></t:RequiredAttendees>`;
      const event = await createEvent(
        sim,
        `<t:Subject>x</t:Subject>${attendee('<t:EmailAddress>bob@example.test</t:EmailAddress>')}`,
      );
      const shown = at(await get(sim, idOf(event)), 'RequiredAttendees/Attendee/Mailbox');
      expect([path(shown, 'RoutingType'), path(shown, 'EmailAddress')]).toEqual([
        'EX',
        dnOf('bob@example.test'),
      ]);
      expect(await hits(`EX:${dnOf('bob@example.test')}`)).toEqual([dnOf('bob@example.test')]);
      await ok(
        sim,
        `<m:UpdateItem ConflictResolution="AlwaysOverwrite" SendMeetingInvitationsOrCancellations="SendToNone"><m:ItemChanges><t:ItemChange><t:ItemId ${idOf(event)}/><t:Updates><t:SetItemField><t:FieldURI FieldURI="calendar:RequiredAttendees"/><t:CalendarItem>${attendee(`<t:EmailAddress>${dnOf('bob@example.test')}</t:EmailAddress><t:RoutingType>EX</t:RoutingType>`)}</t:CalendarItem></t:SetItemField></t:Updates></t:ItemChange></m:ItemChanges></m:UpdateItem>`,
      );
      sim.world.policy.exRouting = false;
      const plain = at(
        await get(sim, idOf(event).replace(/ ChangeKey.*/, '')),
        'RequiredAttendees/Attendee/Mailbox',
      );
      expect(path(plain, 'EmailAddress')).toBe('bob@example.test');
    } finally {
      sim.world.policy.exRouting = false;
    }
  });
});

it('a mailbox without a password lets nobody in', async () => {
  addMailbox(sim.world, { address: 'quiet@example.test', password: '' });
  const authorization = `Basic ${Buffer.from('quiet@example.test:').toString('base64')}`;
  expect((await fetch(sim.url, { method: 'POST', headers: { authorization }, body: '' })).status).toBe(401);
  expect(sim.users.map(({ address }) => address)).toEqual(
    ['alice', 'bob', 'carol'].map((name) => `${name}@example.test`),
  );
});
