// t:ResponseObjects: what the reader may answer with (BEHAVIOUR §9).
import { isOrganizer } from '../meetings.ts';
import type { ItemKind } from '../state/index.ts';
import { tag, type View } from './row.ts';

export function renderResponseObjects(view: View): string {
  const { kind } = view.item;
  if (kind !== 'event') return tag('ResponseObjects', ofOthers(view, kind));
  const { values } = view;
  if (!isOrganizer(view.mailbox, values)) {
    if (values.isCancelled === true) return tag('ResponseObjects', '<t:RemoveItem/><t:ForwardItem/>');
    return tag(
      'ResponseObjects',
      '<t:AcceptItem/><t:TentativelyAcceptItem/><t:DeclineItem/><t:ReplyToItem/><t:ReplyAllToItem/><t:ForwardItem/>',
    );
  }
  const isMeeting = (values.requiredAttendees ?? values.optionalAttendees ?? values.resources) !== undefined;
  return tag('ResponseObjects', isMeeting ? '<t:CancelCalendarItem/><t:ForwardItem/>' : '<t:ForwardItem/>');
}

const replies = '<t:ReplyToItem/><t:ReplyAllToItem/><t:ForwardItem/>';

/** Of messages as captured: a request offers answers and a new time, a cancellation its removal. */
function ofOthers(view: View, kind: ItemKind): string {
  const own = isOrganizer(view.mailbox, view.values);
  switch (kind) {
    case 'request':
      return own
        ? '<t:ForwardItem/>'
        : `<t:AcceptItem/><t:TentativelyAcceptItem/><t:DeclineItem/><t:ProposeNewTime/>${replies}`;
    case 'cancellation':
      return own ? '<t:ForwardItem/>' : '<t:RemoveItem/><t:ForwardItem/>';
    case 'message':
    case 'response':
      return view.values.isDraft === true ? '<t:ForwardItem/>' : replies;
    case 'event':
    case 'contact':
    case 'task':
    case 'list':
      return '<t:ForwardItem/>';
  }
}
