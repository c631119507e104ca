// People, groups, rooms, delegates and settings that examples ask for, made before they ask.
import { addEntry, addItem, folderOf } from '../../../simulator/state/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';
import { call } from '../soap-client.ts';
import type { Pair } from './pairs.ts';
import { find } from './trees.ts';

/** The address that the first one of a request becomes: that of a group, a room list, or of alice herself. */
export function firstAddress(operation: string): string | undefined {
  if (operation === 'ExpandDL') return 'group@example.test';
  if (operation === 'GetRooms') return 'rooms@example.test';
  return /Delegate$|OofSettings$/.test(operation) ? 'alice@example.test' : undefined;
}

export async function furnish(simulator: Simulator, pair: Pair): Promise<void> {
  const { world } = simulator;
  const { operation, request } = pair;
  const members = ['bob@example.test', 'carol@example.test'];
  if (operation === 'ExpandDL')
    addEntry(world, { kind: 'group', address: 'group@example.test', name: 'Group', members });
  if (operation.startsWith('GetRoom')) {
    addEntry(world, { kind: 'room', address: 'room@example.test', name: 'Room' });
    addEntry(world, {
      kind: 'roomList',
      address: 'rooms@example.test',
      name: 'Rooms',
      members: ['room@example.test'],
    });
  }
  const photo = Array.from({ length: 36 }, () => [128, 128, 128] as const);
  if (operation === 'GetUserPhoto')
    addEntry(world, { kind: 'user', address: 'bob@example.test', name: 'Bob', photo });
  if (operation === 'ResolveNames')
    for (const { name } of [{ name: 'First' }, { name: 'Second' }])
      for (const mailbox of world.mailboxes.values())
        addItem(world, folderOf(mailbox, 'contacts'), {
          kind: 'contact',
          values: {
            displayName: `${name} Example`,
            fileAs: `${name} Example`,
            emails: { EmailAddress1: { address: `${name}@example.test` } },
          },
        });
  if (operation === 'GetUserAvailability') appointment(simulator, request);
  if (/^(Get|Remove|Update)Delegate$/.test(operation))
    await delegates(simulator, operation === 'GetDelegate' ? 1 : 3);
  if (/^(Get|Update|Delete)UserConfiguration$/.test(operation)) await configuration(simulator, pair);
}

/** Something in each calendar, at noon of the day that is asked about. */
function appointment({ world }: Simulator, request: XmlElement): void {
  const view = childOf(request, 'FreeBusyViewOptions');
  const day = textOf(childOf(childOf(view, 'TimeWindow'), 'StartTime')).slice(0, 10);
  const start = Date.parse(`${day}T12:00:00Z`);
  if (Number.isNaN(start)) return;
  for (const mailbox of world.mailboxes.values())
    addItem(world, folderOf(mailbox, 'calendar'), {
      kind: 'event',
      values: { subject: 'Lunch', start, end: start + 3_600_000, busy: 'Busy' },
    });
}

const delegate = (address: string): string =>
  `<t:DelegateUser><t:UserId><t:PrimarySmtpAddress>${address}</t:PrimarySmtpAddress></t:UserId><t:DelegatePermissions><t:CalendarFolderPermissionLevel>Author</t:CalendarFolderPermissionLevel></t:DelegatePermissions><t:ReceiveCopiesOfMeetingMessages>false</t:ReceiveCopiesOfMeetingMessages><t:ViewPrivateItems>false</t:ViewPrivateItems></t:DelegateUser>`;

async function delegates(simulator: Simulator, count: number): Promise<void> {
  const people = ['bob', 'carol', 'dave'].slice(0, count);
  const users = people.map((name) => delegate(`${name}@example.test`)).join('');
  await call(
    simulator,
    `<m:AddDelegate><m:Mailbox><t:EmailAddress>alice@example.test</t:EmailAddress></m:Mailbox><m:DelegateUsers>${users}</m:DelegateUsers></m:AddDelegate>`,
  );
}

/** The configuration that is read, changed or deleted. */
async function configuration(simulator: Simulator, { request, response }: Pair): Promise<void> {
  const shown = response === undefined ? undefined : find(response, 'UserConfiguration');
  const data = [
    ['XmlData', 'WG1s'],
    ['BinaryData', 'QmluYXJ5'],
  ].map(([element, value]) =>
    childOf(shown, element ?? '') === undefined ? '' : `<t:${element}>${value}</t:${element}>`,
  );
  const holder = childOf(request, 'UserConfiguration') ?? request;
  const name = childOf(holder, 'UserConfigurationName');
  const [folder] = name === undefined ? [] : childrenOf(name);
  const entry =
    '<t:DictionaryEntry><t:DictionaryKey><t:Type>String</t:Type><t:Value>key</t:Value></t:DictionaryKey><t:DictionaryValue><t:Type>String</t:Type><t:Value>value</t:Value></t:DictionaryValue></t:DictionaryEntry>';
  await call(
    simulator,
    `<m:CreateUserConfiguration><m:UserConfiguration><t:UserConfigurationName Name="${name?.attrs['Name'] ?? ''}"><t:DistinguishedFolderId Id="${folder?.attrs['Id'] ?? 'drafts'}"/></t:UserConfigurationName><t:Dictionary>${entry}</t:Dictionary>${data.join('')}</m:UserConfiguration></m:CreateUserConfiguration>`,
  );
}
