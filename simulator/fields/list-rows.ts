// Properties of distribution lists ([MS-OXWSCONT] 3.1.4.1.1.7 t:DistributionListType), in the order of types.xsd, and
// their members, one by one by key (BEHAVIOUR §10).
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { parseId } from '../state/ids.ts';
import type { Draft, Item, Mail } from '../state/index.ts';
import { parseMail } from './mailboxes-xml.ts';
import { scalar, tag, text, whole, type Row, type View } from './row.ts';

export const listRows: readonly Row[] = [
  text({ uri: 'contacts:DisplayName', can: 'SUDF', shape: 'da' }, 'displayName'),
  text({ uri: 'contacts:FileAs', can: 'SUDF', shape: 'da' }, 'fileAs'),
  scalar({ uri: 'contacts:ContactSource', can: 'F' }, () => 'Store'),
  whole(
    { uri: 'distributionlist:Members', can: 'SUD', getOnly: true, shape: 'a' },
    {
      render: (view) => {
        const members = view.values.members ?? [];
        return members.length === 0
          ? ''
          : tag('Members', members.map((member) => renderMember(view, member)).join(''));
      },
      set(draft, given) {
        draft.members = parseMembers(given);
      },
      clear(draft) {
        delete draft.members;
      },
    },
  ),
];

/** The members of t:Members; the same one twice is one. */
export function parseMembers(element: XmlElement): readonly Mail[] {
  return unique(childrenOf(element).map(parseMember));
}

/** AppendToItemField of distributionlist:Members. */
export function appendMembers(draft: Draft, element: XmlElement): void {
  draft.members = unique([...(draft.members ?? []), ...parseMembers(element)]);
}

/** IndexedFieldURI distributionlist:Members:Member: one member by its key. */
export const memberUri = 'distributionlist:Members:Member';

export function memberRow(key: string): Pick<Row, 'uri' | 'element' | 'can' | 'set' | 'clear'> {
  return {
    uri: memberUri,
    element: 'Members',
    can: 'SUD',
    set: (draft, element) => replaceMember(draft, key, element),
    clear: (draft) => replaceMember(draft, key, undefined),
  };
}

/** @throws EwsError ErrorDistributionListMemberNotExist */
function replaceMember(draft: Draft, key: string, element: XmlElement | undefined): void {
  const members = draft.members ?? [];
  if (!members.some((member) => keyOf(member) === key))
    throw new EwsError('ErrorDistributionListMemberNotExist');
  const replacement = element === undefined ? [] : parseMembers(element);
  draft.members = unique(members.flatMap((member) => (keyOf(member) === key ? replacement : [member])));
}

/** @throws EwsError ErrorInvalidMailbox: neither address nor item ([MS-OXWSDLIST] 2.2.4.3) */
function parseMember(element: XmlElement): Mail {
  const mailbox = childOf(element, 'Mailbox');
  if (childOf(mailbox, 'EmailAddress') === undefined && childOf(mailbox, 'ItemId') === undefined)
    throw new EwsError('ErrorInvalidMailbox');
  const type = childOf(mailbox, 'MailboxType');
  const id = childOf(mailbox, 'ItemId')?.attrs['Id'];
  return {
    ...parseMail(mailbox),
    ...(type === undefined ? {} : { mailboxType: textOf(type) }),
    ...(id === undefined ? {} : { itemId: id }),
  };
}

function renderMember(view: View, member: Mail): string {
  const contact = contactOf(view, member);
  const email = contact?.values.emails?.['EmailAddress1'];
  const name = member.name ?? contact?.values.displayName ?? member.address ?? '';
  const address = member.address ?? email?.address ?? '';
  const isKnown = view.world.mailboxes.has(address.toLowerCase());
  const type =
    member.mailboxType ?? (member.itemId !== undefined ? 'Contact' : isKnown ? 'Mailbox' : 'OneOff');
  const mailbox =
    tag('Name', escapeText(name)) +
    (address === '' ? '' : tag('EmailAddress', escapeText(address))) +
    tag('RoutingType', escapeText(member.routingType ?? 'SMTP')) +
    tag('MailboxType', type) +
    (member.itemId === undefined ? '' : `<t:ItemId Id="${escapeText(member.itemId)}"/>`);
  return `<t:Member Key="${keyOf(member)}">${tag('Mailbox', mailbox)}${tag('Status', statusOf(member, contact))}</t:Member>`;
}

/** A contact that is gone leaves its member demoted; one without any address is not recognised. */
function statusOf(member: Mail, contact: Item | undefined): string {
  if (member.itemId !== undefined) return contact === undefined ? 'Demoted' : 'Normal';
  return member.address === undefined ? 'Unrecognized' : 'Normal';
}

function contactOf(view: View, { itemId }: Mail): Item | undefined {
  if (itemId === undefined) return undefined;
  const id = parseId(itemId);
  if (id.kind !== 'item') return undefined;
  return view.world.byNo.get(id.mailboxNo)?.folders.get(id.folderNo)?.items.get(id.itemNo);
}

function keyOf(member: Mail): string {
  const address = (member.address ?? member.name ?? '').toLowerCase();
  return Buffer.from(member.itemId === undefined ? `SMTP:${address}` : `ITEM:${member.itemId}`).toString(
    'base64',
  );
}

function unique(members: readonly Mail[]): readonly Mail[] {
  return [...new Map(members.map((member) => [keyOf(member), member])).values()];
}
