// CONFERENCE (RFC 7986 §5.11): where a mailbox's own online meeting takes place is shown first; a client's conferences are its own.
import type { EventItem } from '../model/item.ts';
import type { Rendered, Row } from './rows.ts';
import { rendered } from './shared-rows.ts';

export const meetingUrlRow: Row<EventItem> = {
  claims: ['conference'],
  fields: ['meetingUrl'],
  render: ({ meetingUrl }) =>
    meetingUrl === undefined ? [] : rendered(['conference', {}, 'uri', meetingUrl]),
  parse(parts, { present, isJudging }) {
    const held = present?.kind === 'event' ? present.meetingUrl : undefined;
    // It cannot be changed from here; only of kept lines it matters whether they tell it.
    const isTold = isJudging !== true || parts.some((part) => isAt(part, held));
    return { meetingUrl: isTold ? held : undefined };
  },
  keepable: (parts, { meetingUrl }) => parts.filter((part) => !isAt(part, meetingUrl)),
  merge: (kept, shown) => [...shown, ...kept],
};

function isAt(part: Rendered, url: string | undefined): boolean {
  return 'property' in part && part.property[3] === url;
}
