// CONFERENCE (RFC 7986 §5.11): where a mailbox's own online meeting takes place is shown first; a client's conferences are its own.
import type { EventItem } from '../model/item.ts';
import type { Rendered, Row } from './rows.ts';
import { rendered } from './shared-rows.ts';

export const meetingUrlRow: Row<EventItem> = {
  claims: ['conference'],
  fields: ['meetingUrl'],
  isBeside: true,
  render: ({ meetingUrl }) =>
    meetingUrl === undefined ? [] : rendered(['conference', {}, 'uri', meetingUrl]),
  // It cannot be changed from here.
  parse: (_, { present }) => ({ meetingUrl: present?.kind === 'event' ? present.meetingUrl : undefined }),
  keepable: (parts, { meetingUrl }) => parts.filter((part) => !isAt(part, meetingUrl)),
  merge: (kept, shown) => [...shown, ...kept],
};

function isAt(part: Rendered, url: string | undefined): boolean {
  return 'property' in part && part.property[3] === url;
}
