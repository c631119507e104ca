// ExpandDL ([MS-OXWSEDL]; BEHAVIOUR §6): the members of one group of the directory or one contact group, not recursive.
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { renderEntryMailbox, renderMailbox } from '../fields/directory-xml.ts';
import { itemAt, viewAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { entryByDn, entryOf, folderOf, type Mail, type Mailbox } from '../state/index.ts';
import type { Operation } from './operation.ts';

export const expandDl: Operation = (request, context) =>
  forEach(context, [childOf(request, 'Mailbox')], {
    emptyPayload: '',
    answer(mailbox) {
      const members = membersOf(mailbox, context);
      return `<m:DLExpansion TotalItemsInView="${members.length}" IncludesLastItemInRange="true">${members.join('')}</m:DLExpansion>`;
    },
  });

function membersOf(mailbox: XmlElement | undefined, context: Context): readonly string[] {
  const itemId = childOf(mailbox, 'ItemId');
  if (itemId !== undefined) return renderMembers(viewAt(itemAt(context, itemId)).values.members, context);
  const text = textOf(childOf(mailbox, 'EmailAddress')).trim();
  const group = entryOf(context.world, text) ?? entryByDn(context.world, text);
  if (group?.members !== undefined)
    return renderMembers(
      group.members.map((address) => ({ address })),
      context,
    );
  const held =
    group === undefined ? contactGroup(context.user, text || textOf(childOf(mailbox, 'Name'))) : undefined;
  if (held === undefined) throw new EwsError('ErrorNameResolutionNoResults');
  return renderMembers(held, context);
}

/** A private list may be named as it is in the Contacts folder. */
function contactGroup(user: Mailbox, name: string): readonly Mail[] | undefined {
  for (const { kind, values } of folderOf(user, 'contacts').items.values())
    if (kind === 'list' && values.displayName?.toLowerCase() === name.trim().toLowerCase())
      return values.members ?? [];
  return undefined;
}

function renderMembers(members: readonly Mail[] | undefined, context: Context): readonly string[] {
  const answer = answerOf(context, { bodyType: 'HTML', listing: false });
  return (members ?? []).map(({ name, address = '' }) => {
    const entry = entryOf(context.world, address);
    return entry === undefined
      ? renderMailbox({ name: name ?? address, address, routingType: 'SMTP', type: 'OneOff' })
      : renderEntryMailbox(entry, answer);
  });
}
