// t:ResponseObjects: what the reader may answer with (BEHAVIOUR §9).
import { isOrganizer } from '../meetings.ts';
import { tag, type View } from './row.ts';

export function renderResponseObjects(view: View): string {
  if (view.item.kind !== 'event') return tag('ResponseObjects', '<t:ForwardItem/>');
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
