// Distribution lists: EWS DistributionList ⇄ GroupItem, a row for each fact (BEHAVIOUR §10, MS-OXWSDLIST).
import type { GroupItem, GroupMember } from '../../model/group.ts';
import type { ItemKind } from '../../model/item.ts';
import { childOf, childrenOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { itemIdOf, parseId, renderItemId } from '../ids.ts';
import { categoriesRow, noteRow, sensitivityRow, stampRow } from './item-fields.ts';
import { field } from './path.ts';
import { personOf } from './people.ts';
import { childText, property, textRow, type Property, type Row } from './row.ts';
import { heldShort } from './texts.ts';

const membersUri = 'distributionlist:Members';
const memberUri = 'distributionlist:Members:Member';
const element = 'Members';

/** Members of which Exchange names the item: contacts, and lists within lists. */
const kindOfMailbox: ReadonlyMap<string, ItemKind> = new Map([
  ['Contact', 'contact'],
  ['PrivateDL', 'group'],
]);

function readMember(member: XmlElement): GroupMember {
  const mailbox = childOf(member, 'Mailbox');
  const kind = mailbox && kindOfMailbox.get(childText(mailbox, 'MailboxType'));
  const id = childOf(mailbox, 'ItemId')?.attrs['Id'];
  const key = member.attrs['Key'];
  return {
    ...personOf(mailbox),
    ...(kind !== undefined && id !== undefined && { id: itemIdOf(kind, id) }),
    ...(key !== undefined && { key }),
  };
}

/** A contact with the address that is meant, a list, or an address alone. */
function renderMember({ id, address, name }: GroupMember): Markup {
  const mailbox = (type: string, ...rest: readonly (Markup | undefined)[]): Markup =>
    xml(
      't:Member',
      {},
      xml(
        't:Mailbox',
        {},
        name === undefined && type !== 'OneOff' ? undefined : xml('t:Name', {}, name ?? address),
        address === '' ? undefined : xml('t:EmailAddress', {}, address),
        address === '' ? undefined : xml('t:RoutingType', {}, 'SMTP'),
        xml('t:MailboxType', {}, type),
        ...rest,
      ),
    );
  if (id === undefined) return mailbox('OneOff');
  const item = parseId(id);
  return mailbox(item.kind === 'group' ? 'PrivateDL' : 'Contact', renderItemId(item.id));
}

function renderMembers(members: readonly GroupMember[]): Markup {
  return xml(`t:${element}`, {}, ...members.filter(isNameable).map(renderMember));
}

/** Whom an entry stands for, whatever it is called. */
function identityOf({ id, address }: GroupMember): string {
  return id ?? address.toLowerCase();
}

/** Entry by entry: those that are not shown to clients, or that another program adds meanwhile, are not touched. */
const membersRow: Row<GroupItem> = {
  fields: ['members'],
  asks: [{ ...field(membersUri), since: 'Exchange2010' }],
  read(item) {
    const list = childOf(item, element);
    return { members: list === undefined ? [] : childrenOf(list).map(readMember) };
  },
  create: ({ members }) => (members.some(isNameable) ? [property(membersUri, renderMembers(members))] : []),
  write: ({ members }) => [property(membersUri, renderMembers(members))],
  change(before, after) {
    if (before.members.some(({ key }) => key === undefined))
      return [property(membersUri, renderMembers(after.members))];
    const keys = new Set(after.members.map(({ key }) => key));
    const named = new Set(
      after.members.flatMap((member) => (member.key === undefined ? [identityOf(member)] : [])),
    );
    const left = before.members.filter((member) => keys.has(member.key) || named.has(identityOf(member)));
    const known = new Set(left.map(identityOf));
    const added = after.members.filter(
      (member) => member.key === undefined && !known.has(identityOf(member)),
    );
    return [
      ...before.members.flatMap((member): Property[] =>
        left.includes(member)
          ? []
          : [{ path: { kind: 'indexed', uri: memberUri, index: member.key ?? '' }, element }],
      ),
      ...(added.some(isNameable)
        ? [{ path: field(membersUri), element, value: renderMembers(added), isAddition: true }]
        : []),
    ];
  },
};

/** Whom a list can name: an item, or an address. */
function isNameable({ id, address }: GroupMember): boolean {
  return id !== undefined || address !== '';
}

export const groupRows: readonly Row<GroupItem>[] = [
  textRow<GroupItem>('contacts:DisplayName', 'fullName', heldShort),
  membersRow,
  noteRow,
  categoriesRow,
  sensitivityRow,
  stampRow('created', 'item:DateTimeCreated'),
  stampRow('modified', 'item:LastModifiedTime'),
];
