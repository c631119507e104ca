// Where an online meeting takes place: set by Outlook and its add-ins under several names, read-only here.
import type { EventItem } from '../../model/item.ts';
import { extendedOf, field, type ExtendedPath } from './path.ts';
import { childText, type Row } from './row.ts';
import { heldLine } from './texts.ts';

/** As Exchange's own iCalendar text names them: X-MICROSOFT-SKYPETEAMSMEETINGURL, X-MICROSOFT-ONLINEMEETINGEXTERNALLINK. */
const teams: ExtendedPath = {
  kind: 'extended',
  wellKnownSet: 'PublicStrings',
  name: 'SkypeTeamsMeetingUrl',
  type: 'String',
};
const skype: ExtendedPath = {
  kind: 'extended',
  wellKnownSet: 'PublicStrings',
  name: 'OnlineMeetingExternalLink',
  type: 'String',
};

export const meetingUrlRow: Row<EventItem> = {
  fields: ['meetingUrl'],
  asks: [
    { ...field('calendar:JoinOnlineMeetingUrl'), since: 'Exchange2013' },
    teams,
    skype,
    field('calendar:MeetingWorkspaceUrl'),
    field('calendar:NetShowUrl'),
  ],
  /** An occurrence that tells none has that of its series. */
  read(element) {
    const found = [
      childText(element, 'JoinOnlineMeetingUrl'),
      extendedOf(element, teams) ?? '',
      extendedOf(element, skype) ?? '',
      childText(element, 'MeetingWorkspaceUrl'),
      childText(element, 'NetShowUrl'),
    ].map(heldLine);
    const meetingUrl = found.find((url) => url !== '' && URL.canParse(url));
    return meetingUrl === undefined ? {} : { meetingUrl };
  },
};
