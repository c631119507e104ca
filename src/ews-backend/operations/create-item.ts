// CreateItem: a new item, or answers to invitations as response objects (BEHAVIOUR §9, §11). Never repeated: it would double.
import type { Answer, Mail } from '../../model/backend.ts';
import { BackendError, success, type Outcome } from '../../model/failure.ts';
import type { ItemKind, PartStat } from '../../model/item.ts';
import { xml, type Markup } from '../../xml/index.ts';
import { messagesOf, onlyMessageOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import { ewsIdIn, type EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { itemsIn } from './get-item.ts';

const invitations = { send: 'SendToAllAndSaveCopy', silent: 'SendToNone' } as const satisfies Record<
  Mail,
  string
>;

export async function createItem(
  soap: Soap,
  request: { readonly folder: string; readonly kind: ItemKind; readonly item: Markup; readonly mail: Mail },
): Promise<EwsId> {
  const body = xml(
    'm:CreateItem',
    request.kind === 'event'
      ? { SendMeetingInvitations: invitations[request.mail] }
      : { MessageDisposition: 'SaveOnly' },
    xml('m:SavedItemFolderId', {}, xml('t:FolderId', { Id: request.folder })),
    xml('m:Items', {}, request.item),
  );
  const message = onlyMessageOf(await soap.call('CreateItem', body, { repeat: 'never' }));
  const id = ewsIdIn(itemsIn(message)[0]);
  if (id === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return id;
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
