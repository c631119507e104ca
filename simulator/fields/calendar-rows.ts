// Properties of calendar items ([MS-OXWSMTGS] 2.2.4.4 t:CalendarItemType), in the order of types.xsd.
import { childOf, escapeText as escape, textOf } from '../../src/xml/index.ts';
import {
  parseRecurrence,
  parseZone,
  renderRecurrence,
  renderZone,
  utcZone,
  zonedDateTime,
  zoneOf,
} from '../calendar/index.ts';
import { EwsError } from '../errors.ts';
import { appointmentStateOf, isMeeting, isOrganizer, organizerOf, responseOf } from '../meetings.ts';
import { boundsOf, exceptionsOf, instanceOf, isSeries, type Instance } from '../series.ts';
import { uidOfItem } from '../goid.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import { parseAttendees, renderAttendees, renderMail } from './mailboxes-xml.ts';
import {
  choice,
  flag,
  instant,
  scalar,
  tag,
  text,
  time,
  whole,
  type Answer,
  type Row,
  type View,
} from './row.ts';
import { durationText, parseTime } from './times.ts';

export const calendarRows: readonly Row[] = [
  {
    ...text({ uri: 'calendar:UID', can: 'SUF', shape: 'a' }, 'uid'),
    read: (view) => uidOf(view),
    render: (view, answer) => {
      const uid = uidOf(view);
      return tag('UID', answer.listing ? escape(uid).slice(0, 255) : escape(uid));
    },
  },
  time({ uri: 'calendar:RecurrenceId', can: 'F', shape: 'a' }, (view) =>
    view.occurrence?.isException === true ? view.occurrence.originalStart : view.item.values.recurrenceId,
  ),
  time(
    { uri: 'calendar:DateTimeStamp', can: 'F', shape: 'a' },
    (view) => view.values.dateTimeStamp ?? view.item.modified,
  ),
  {
    ...instant({ uri: 'calendar:Start', can: 'SUF', shape: 'da' }, 'start'),
    set(draft, given, context) {
      draft.start = parseTime(textOf(given), context.startZone);
    },
  },
  {
    ...instant({ uri: 'calendar:End', can: 'SUF', shape: 'da' }, 'end'),
    set(draft, given, context) {
      draft.end = parseTime(textOf(given), context.endZone);
    },
  },
  time({ uri: 'calendar:OriginalStart', shape: 'a' }, (view) => view.occurrence?.originalStart),
  flag({ uri: 'calendar:IsAllDayEvent', can: 'SUF', shape: 'a' }, 'isAllDay', false),
  choice({ uri: 'calendar:LegacyFreeBusyStatus', can: 'SUF', shape: 'da' }, 'busy', 'Busy'),
  text({ uri: 'calendar:Location', can: 'SUDF', shape: 'da' }, 'location'),
  text({ uri: 'calendar:When', can: 'SUDF' }, 'when'),
  scalar({ uri: 'calendar:IsMeeting', can: 'F', shape: 'a' }, (view) => isMeeting(view.mailbox, view.values)),
  scalar({ uri: 'calendar:IsCancelled', can: 'F', shape: 'a' }, (view) => view.values.isCancelled ?? false),
  // False on the organizer's own master: a documented bug (BEHAVIOUR §7).
  scalar(
    { uri: 'calendar:IsRecurring', can: 'F', shape: 'a' },
    (view) =>
      view.occurrence !== undefined || (isSeries(view.item) && !isOrganizer(view.mailbox, view.values)),
  ),
  scalar(
    { uri: 'calendar:MeetingRequestWasSent', can: 'F', shape: 'a' },
    (view) => view.values.requestWasSent ?? false,
  ),
  flag({ uri: 'calendar:IsResponseRequested', can: 'SUF', shape: 'a' }, 'isResponseRequested', true),
  scalar({ uri: 'calendar:CalendarItemType', can: 'F', shape: 'da' }, calendarItemTypeOf),
  {
    ...scalar({ uri: 'calendar:MyResponseType', can: 'F', shape: 'a' }, (view) =>
      responseOf(view.mailbox, view.values),
    ),
    set(draft, given) {
      const response = textOf(given);
      const known = (['Unknown', 'Tentative', 'Accept', 'Decline', 'NoResponseReceived'] as const).find(
        (name) => name === response,
      );
      if (known !== undefined) draft.myResponse = known;
    },
  },
  whole(
    { uri: 'calendar:Organizer', can: 'F', shape: 'da' },
    {
      read: (view) => organizerOf(view.mailbox, view.values).name,
      render: (view, answer) => tag('Organizer', renderMail(organizerOf(view.mailbox, view.values), answer)),
    },
  ),
  ...(['requiredAttendees', 'optionalAttendees', 'resources'] as const).map((key) => {
    const element = {
      requiredAttendees: 'RequiredAttendees',
      optionalAttendees: 'OptionalAttendees',
      resources: 'Resources',
    }[key];
    return whole(
      { uri: `calendar:${element}`, can: 'SUD', shape: 'a', getOnly: true },
      {
        render: (view, answer) => renderAttendees(element, view.values[key], answer),
        set(draft, given) {
          draft[key] = parseAttendees(given, draft[key]);
        },
        clear(draft) {
          delete draft[key];
        },
      },
    );
  }),
  scalar({ uri: 'calendar:Duration', can: 'F', shape: 'a' }, (view) =>
    view.values.start === undefined || view.values.end === undefined
      ? undefined
      : durationText(view.values.end - view.values.start),
  ),
  // Only with recurring items since 2016.
  scalar({ uri: 'calendar:TimeZone', can: 'F', shape: 'a' }, (view) =>
    isSeries(view.item) ? view.values.startZone?.name : undefined,
  ),
  time({ uri: 'calendar:AppointmentReplyTime', can: 'F', shape: 'a' }, (view) => view.values.replyTime),
  scalar({ uri: 'calendar:AppointmentSequenceNumber', shape: 'a' }, (view) => view.values.sequence ?? 0),
  scalar({ uri: 'calendar:AppointmentState', can: 'F', shape: 'a' }, (view) =>
    appointmentStateOf(view.mailbox, view.values),
  ),
  whole(
    { uri: 'calendar:Recurrence', can: 'SUD', shape: 'a', getOnly: true },
    {
      render: (view) =>
        view.values.recurrence === undefined
          ? ''
          : renderRecurrence(view.values.recurrence, view.values.startZone ?? utcZone).xml,
      set(draft, given) {
        draft.recurrence = parseRecurrence(given);
      },
      clear(draft) {
        delete draft.recurrence;
      },
    },
  ),
  whole(
    { uri: 'calendar:FirstOccurrence', shape: 'a', getOnly: true },
    { render: (view, answer) => bound(view, answer, 'first') },
  ),
  whole(
    { uri: 'calendar:LastOccurrence', shape: 'a', getOnly: true },
    { render: (view, answer) => bound(view, answer, 'last') },
  ),
  whole({ uri: 'calendar:ModifiedOccurrences', shape: 'a', getOnly: true }, { render: renderModified }),
  whole({ uri: 'calendar:DeletedOccurrences', shape: 'a', getOnly: true }, { render: renderDeleted }),
  whole(
    { uri: 'calendar:MeetingTimeZone', can: 'SU' },
    {
      render: () => '',
      // What clients of 2007 send instead of the two zones; only by name.
      set(draft, given) {
        const zone = zoneOf(given.attrs['TimeZoneName'] ?? '');
        if (zone === undefined) throw new EwsError('ErrorInvalidPropertySet');
        draft.startZone = zone;
        draft.endZone = zone;
      },
    },
  ),
  zoneRow('StartTimeZone', 'startZone'),
  zoneRow('EndTimeZone', 'endZone'),
  flag({ uri: 'calendar:AllowNewTimeProposal', can: 'SUF', shape: 'a' }, 'allowNewTimeProposal'),
  scalar({ uri: 'calendar:IsOnlineMeeting', can: 'F' }, () => false),
  text({ uri: 'calendar:MeetingWorkspaceUrl', can: 'SUDF', shape: 'a' }, 'meetingWorkspaceUrl'),
  text({ uri: 'calendar:NetShowUrl', can: 'SUDF', shape: 'a' }, 'netShowUrl'),
  {
    ...text({ uri: 'calendar:EnhancedLocation', can: 'SUDF' }, 'location'),
    render: (view) =>
      view.values.location === undefined
        ? ''
        : tag(
            'EnhancedLocation',
            tag('DisplayName', escape(view.values.location)) + tag('Annotation', '') + emptyAddress,
          ),
    set(draft, given) {
      draft.location = textOf(childOf(given, 'DisplayName'));
    },
  },
  wallClockRow('StartWallClock', 'start', 'startZone'),
  wallClockRow('EndWallClock', 'end', 'endZone'),
  scalar({ uri: 'calendar:StartTimeZoneId', shape: 'a' }, (view) => view.values.startZone?.id),
  scalar({ uri: 'calendar:EndTimeZoneId', shape: 'a' }, (view) => view.values.endZone?.id),
  scalar(
    { uri: 'meetingRequest:IntendedFreeBusyStatus', can: 'F', shape: 'a' },
    (view) => view.values.intendedBusy ?? 'NoData',
  ),
  scalar({ uri: 'calendar:IsOrganizer', can: 'F', shape: 'a' }, (view) =>
    isOrganizer(view.mailbox, view.values),
  ),
  flag({ uri: 'calendar:DoNotForwardMeeting', can: 'SUF' }, 'doNotForward', false),
];

const emptyAddress = tag('PostalAddress', tag('Type', 'Business') + tag('LocationSource', 'None'));

/** The UID as it was given, else the hex GlobalObjectId. */
export function uidOf(view: Pick<View, 'item'>): string {
  return uidOfItem(view.item);
}

export function calendarItemTypeOf(view: View): string {
  if (view.occurrence !== undefined) return view.occurrence.isException ? 'Exception' : 'Occurrence';
  return isSeries(view.item) ? 'RecurringMaster' : 'Single';
}

function zoneRow(element: 'StartTimeZone' | 'EndTimeZone', key: 'startZone' | 'endZone'): Row {
  return whole(
    { uri: `calendar:${element}`, can: 'SUF', shape: 'a' },
    {
      read: (view) => view.values[key]?.id,
      render: (view) =>
        view.values[key] === undefined ? '' : renderZone(element, view.values[key], false).xml,
      set(draft, given) {
        draft[key] = parseZone(given);
      },
    },
  );
}

function wallClockRow(element: string, key: 'start' | 'end', zone: 'startZone' | 'endZone'): Row {
  return whole(
    { uri: `calendar:${element}`, shape: 'a' },
    {
      render: (view) =>
        view.values[key] === undefined
          ? ''
          : tag(element, zonedDateTime(view.values[key], view.values[zone] ?? utcZone)),
    },
  );
}

function bound(view: View, answer: Answer, which: 'first' | 'last'): string {
  if (view.occurrence !== undefined || !isSeries(view.item)) return '';
  const instance = boundsOf(view.item)[which];
  return instance === undefined
    ? ''
    : tag(which === 'first' ? 'FirstOccurrence' : 'LastOccurrence', occurrenceInfo(view, instance, answer));
}

function renderModified(view: View, answer: Answer): string {
  if (view.occurrence !== undefined) return '';
  const exceptions = exceptionsOf(view.item);
  return exceptions.length === 0
    ? ''
    : tag(
        'ModifiedOccurrences',
        exceptions.map((instance) => tag('Occurrence', occurrenceInfo(view, instance, answer))).join(''),
      );
}

function renderDeleted(view: View, answer: Answer): string {
  if (view.occurrence !== undefined) return '';
  const starts = (view.item.deletions ?? []).flatMap(
    (index) => instanceOf(view.item, index)?.originalStart ?? [],
  );
  return starts.length === 0
    ? ''
    : tag(
        'DeletedOccurrences',
        starts.map((start) => tag('DeletedOccurrence', tag('Start', answer.time(start)))).join(''),
      );
}

export function occurrenceInfo(view: View, instance: Instance, answer: Answer): string {
  const id = renderId({
    kind: 'occurrence',
    mailboxNo: view.mailbox.no,
    folderNo: view.folder.no,
    itemNo: view.item.no,
    index: instance.index,
  });
  return (
    `<t:ItemId Id="${id}" ChangeKey="${renderChangeKey('item', view.item.revision)}"/>` +
    tag('Start', answer.time(instance.start)) +
    tag('End', answer.time(instance.end)) +
    tag('OriginalStart', answer.time(instance.originalStart))
  );
}
