// CreateItem: new items, or answers to invitations as response objects (BEHAVIOUR §9, §11). Never repeated: it would double.
import type { Answer, Mail } from '../../model/messages.ts';
import { BackendError, failed, success, valueOf, type Outcome } from '../../model/failure.ts';
import type { ItemKind, PartStat } from '../../model/item.ts';
import { xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import { ewsIdIn, type EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { itemsIn } from './get-item.ts';

const invitations = { send: 'SendToAllAndSaveCopy', silent: 'SendToNone' } as const satisfies Record<
  Mail,
  string
>;

export interface NewItems {
  readonly folder: string;
  readonly kind: ItemKind;
  readonly items: readonly Markup[];
  readonly mail: Mail;
}

/** One outcome each, in the order given. */
export async function createItems(
  soap: Soap,
  { folder, kind, items, mail }: NewItems,
): Promise<readonly Outcome<EwsId>[]> {
  const body = xml(
    'm:CreateItem',
    kind === 'event' ? { SendMeetingInvitations: invitations[mail] } : { MessageDisposition: 'SaveOnly' },
    xml('m:SavedItemFolderId', {}, xml('t:FolderId', { Id: folder })),
    xml('m:Items', {}, ...items),
  );
  const messages = messagesOf(await soap.call('CreateItem', body, { repeat: 'never' }));
  return items.map((_, index) => createdIn(messages[index]));
}

function createdIn(message: XmlElement | undefined): Outcome<EwsId> {
  if (message === undefined) return unnamed;
  const outcome = outcomeOf(message);
  if (!outcome.ok) return outcome;
  const id = ewsIdIn(itemsIn(message)[0]);
  return id === undefined ? unnamed : success(id);
}

const unnamed = failed(failureOfCode('ErrorInternalServerError'));

/** @throws BackendError */
export async function createItem(
  soap: Soap,
  { item, ...request }: Omit<NewItems, 'items'> & { readonly item: Markup },
): Promise<EwsId> {
  const [outcome = unnamed] = await createItems(soap, { ...request, items: [item] });
  return valueOf(outcome);
}

const answers: Readonly<Partial<Record<PartStat, string>>> = {
  accepted: 't:AcceptItem',
  tentative: 't:TentativelyAcceptItem',
  declined: 't:DeclineItem',
};

export interface InvitationAnswer extends Pick<Answer, 'partStat' | 'comment'> {
  /** Calendar item or occurrence. */
  readonly to: EwsId;
}

/** The calendar item that each answer left, which may be a new one; undefined where the server names none. */
export async function answerInvitations(
  soap: Soap,
  given: readonly InvitationAnswer[],
  mail: Mail,
): Promise<readonly Outcome<EwsId | undefined>[]> {
  const body = xml(
    'm:CreateItem',
    { MessageDisposition: mail === 'send' ? 'SendAndSaveCopy' : 'SaveOnly' },
    xml('m:Items', {}, ...given.map(renderAnswer)),
  );
  return messagesOf(await soap.call('CreateItem', body, { repeat: 'never' })).map((message) => {
    const outcome = outcomeOf(message);
    return outcome.ok
      ? success(ewsIdIn(itemsIn(message).find((item) => item.name === 'CalendarItem')))
      : outcome;
  });
}

function renderAnswer({ to, partStat, comment }: InvitationAnswer): Markup {
  const name = answers[partStat];
  if (name === undefined)
    throw new BackendError({ kind: 'invalid', message: 'an answer says accepted, tentative or declined' });
  return xml(
    name,
    {},
    comment === undefined ? undefined : xml('t:Body', { BodyType: 'Text' }, comment),
    xml('t:ReferenceItemId', { Id: to.id, ChangeKey: to.changeKey }),
  );
}
