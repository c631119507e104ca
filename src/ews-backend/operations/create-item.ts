// CreateItem: a new item, or the answer to an invitation as a response object (BEHAVIOUR §9, §11). Never repeated: it would double.
import type { Mail } from '../../model/backend.ts';
import { BackendError } from '../../model/failure.ts';
import type { ItemKind, PartStat } from '../../model/item.ts';
import { xml, type Markup } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
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

/** The calendar item the answer left, which may be a new one; undefined when the server names none. */
export async function answerInvitation(
  soap: Soap,
  invitation: EwsId,
  answer: { readonly partStat: PartStat; readonly comment?: string; readonly mail: Mail },
): Promise<EwsId | undefined> {
  const name = answers[answer.partStat];
  if (name === undefined)
    throw new BackendError({ kind: 'invalid', message: 'an answer says accepted, tentative or declined' });
  const body = xml(
    'm:CreateItem',
    { MessageDisposition: answer.mail === 'send' ? 'SendAndSaveCopy' : 'SaveOnly' },
    xml(
      'm:Items',
      {},
      xml(
        name,
        {},
        answer.comment === undefined ? undefined : xml('t:Body', { BodyType: 'Text' }, answer.comment),
        xml('t:ReferenceItemId', { Id: invitation.id, ChangeKey: invitation.changeKey }),
      ),
    ),
  );
  const message = onlyMessageOf(await soap.call('CreateItem', body, { repeat: 'never' }));
  return ewsIdIn(itemsIn(message).find((item) => item.name === 'CalendarItem'));
}
