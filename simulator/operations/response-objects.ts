// CreateItem of response objects ([MS-OXWSMTGS] 3.1.4.2; BEHAVIOUR §9): answers, cancellations, replies. What comes back
// lists the items as they are afterwards.
import { childOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { onlyFolder, placeOf } from '../lookup.ts';
import { sendOrSave } from '../mail/outgoing.ts';
import { replyTo, type ReplyKind } from '../mail/replies.ts';
import { answerMeeting, type AnswerCall, type AnswerKind } from '../scheduling/answers.ts';
import { cancelMeeting, removeMeeting } from '../scheduling/cancelling.ts';
import { demandDisposition, referenceOf } from '../scheduling/reference.ts';
import { renderIdOnly } from '../fields/shape.ts';
import { folderOf } from '../state/index.ts';
import { viewOf } from '../view.ts';
import { itemsOf, noItems } from './item-answer.ts';

type Respond = (call: AnswerCall) => readonly string[];

const responses: Readonly<Record<string, Respond>> = {
  AcceptItem: answer({
    response: 'Accept',
    word: 'Accept',
    itemClass: 'IPM.Schedule.Meeting.Resp.Pos',
    subject: 'Accepted',
  }),
  TentativelyAcceptItem: answer({
    response: 'Tentative',
    word: 'Tentative',
    itemClass: 'IPM.Schedule.Meeting.Resp.Tent',
    subject: 'Tentative',
  }),
  DeclineItem: answer({
    response: 'Decline',
    word: 'Decline',
    itemClass: 'IPM.Schedule.Meeting.Resp.Neg',
    subject: 'Declined',
  }),
  CancelCalendarItem: cancelMeeting,
  RemoveItem: removeMeeting,
  ReplyToItem: reply('reply'),
  ReplyAllToItem: reply('reply-all'),
  ForwardItem: reply('forward'),
  // No receipts are ever sent, so there is none to suppress.
  SuppressReadReceipt({ element, context }) {
    referenceOf(context, element);
    return [];
  },
};

export function isResponseObject(name: string): boolean {
  return Object.hasOwn(responses, name);
}

/** @throws EwsError */
export function respondTo(request: XmlElement, element: XmlElement, context: Context): string {
  const items = responses[element.name]?.({ request, element, context }) ?? [];
  return items.length === 0 ? noItems : itemsOf(...items);
}

function answer(kind: AnswerKind): Respond {
  return (call) => answerMeeting(kind, call);
}

function reply(kind: ReplyKind): Respond {
  return ({ request, element, context }) => {
    const disposition = demandDisposition(request);
    const found = referenceOf(context, element);
    const holder = childOf(request, 'SavedItemFolderId');
    const own = placeOf(context, context.user, folderOf(context.user, 'drafts'));
    const place = holder === undefined ? own : onlyFolder(context, holder);
    const item = sendOrSave(context, {
      kind: 'message',
      values: replyTo(kind, element, found),
      attachments: kind === 'forward' ? found.item.attachments : undefined,
      disposition,
      place,
      copyTo: holder === undefined ? undefined : place.folder,
    });
    return item === undefined ? [] : [renderIdOnly(viewOf(place, item))];
  };
}
