// Properties of meeting messages ([MS-OXWSMTGS] 2.2.4.14–2.2.4.18), in the order of types.xsd: those of a message, of
// every meeting message, and then of requests, responses or cancellations. All of it is read-only.
import { escapeText } from '../../src/xml/index.ts';
import { appointmentStateOf, isOrganizer, responseOf } from '../meetings.ts';
import { associatedItemOf, isOutOfDate } from '../scheduling/assistant.ts';
import { valuesAt } from '../scheduling/held.ts';
import { boundsOf, exceptionsOf, instanceOf } from '../series.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import { calendarRows, occurrenceInfo } from './calendar-rows.ts';
import { messageRows } from './message-rows.ts';
import { renderNeighbours, countNeighbours } from './neighbours.ts';
import { flag, scalar, tag, text, time, whole, type Answer, type Row, type View } from './row.ts';

const meetingRows: readonly Row[] = [
  ...messageRows,
  whole({ uri: 'meeting:AssociatedCalendarItemId', shape: 'a', getOnly: true }, { render: renderAssociated }),
  scalar({ uri: 'meeting:IsDelegated', can: 'F', shape: 'a' }, () => false),
  scalar({ uri: 'meeting:IsOutOfDate', shape: 'a' }, outOfDate),
  scalar(
    { uri: 'meeting:HasBeenProcessed', can: 'F', shape: 'a' },
    (view) => view.values.hasBeenProcessed ?? false,
  ),
  scalar(
    { uri: 'meeting:ResponseType', can: 'F', shape: 'a' },
    ({ values }) => values.responseType ?? 'NoResponseReceived',
  ),
  readOnly(text({ uri: 'calendar:UID', can: 'F', shape: 'a' }, 'uid')),
  time({ uri: 'calendar:RecurrenceId', can: 'F', shape: 'a' }, (view) => view.values.recurrenceId),
  time({ uri: 'calendar:DateTimeStamp', can: 'F', shape: 'a' }, (view) => view.values.dateTimeStamp),
  of('calendar:IsOrganizer'),
];

export const requestRows: readonly Row[] = [
  ...meetingRows,
  scalar({ uri: 'meetingRequest:MeetingRequestType', shape: 'a' }, (view) =>
    outOfDate(view) ? 'Outdated' : view.values.meetingRequestType,
  ),
  of('meetingRequest:IntendedFreeBusyStatus'),
  of('calendar:Start'),
  of('calendar:End'),
  time({ uri: 'calendar:OriginalStart', shape: 'a' }, (view) => view.values.recurrenceId),
  of('calendar:IsAllDayEvent'),
  scalar({ uri: 'calendar:LegacyFreeBusyStatus', can: 'F', shape: 'a' }, () => 'Tentative'),
  of('calendar:Location'),
  scalar({ uri: 'calendar:IsMeeting', can: 'F', shape: 'a' }, () => true),
  of('calendar:IsCancelled'),
  scalar(
    { uri: 'calendar:IsRecurring', can: 'F', shape: 'a' },
    ({ values }) => values.recurrence !== undefined || values.recurrenceId !== undefined,
  ),
  scalar({ uri: 'calendar:MeetingRequestWasSent', can: 'F', shape: 'a' }, () => true),
  scalar({ uri: 'calendar:CalendarItemType', can: 'F', shape: 'a' }, itemTypeOf),
  scalar({ uri: 'calendar:MyResponseType', can: 'F', shape: 'a' }, (view) => {
    const held = associatedItemOf(view.mailbox, view.values);
    return responseOf(view.mailbox, held === undefined ? view.values : valuesAt(held));
  }),
  of('calendar:Organizer'),
  of('calendar:RequiredAttendees'),
  of('calendar:OptionalAttendees'),
  scalar({ uri: 'calendar:ConflictingMeetingCount', shape: 'a' }, (view) =>
    countNeighbours(view, 'conflicting'),
  ),
  scalar({ uri: 'calendar:AdjacentMeetingCount', shape: 'a' }, (view) => countNeighbours(view, 'adjacent')),
  whole(
    { uri: 'calendar:ConflictingMeetings', shape: 'a', getOnly: true },
    {
      render: (view, answer) =>
        renderNeighbours('ConflictingMeetings', view, { answer, which: 'conflicting' }),
    },
  ),
  whole(
    { uri: 'calendar:AdjacentMeetings', shape: 'a', getOnly: true },
    { render: (view, answer) => renderNeighbours('AdjacentMeetings', view, { answer, which: 'adjacent' }) },
  ),
  of('calendar:Duration'),
  scalar({ uri: 'calendar:TimeZone', can: 'F', shape: 'a' }, ({ values }) =>
    values.recurrence === undefined ? undefined : values.startZone?.name,
  ),
  of('calendar:AppointmentReplyTime'),
  of('calendar:AppointmentSequenceNumber'),
  // Sent by the one, received by the other: 3 for both (MS-OXWSMTGS_R555).
  scalar({ uri: 'calendar:AppointmentState', can: 'F', shape: 'a' }, (view) =>
    Math.max(appointmentStateOf(view.mailbox, view.values), 3),
  ),
  of('calendar:Recurrence'),
  whole(
    { uri: 'calendar:FirstOccurrence', shape: 'a', getOnly: true },
    { render: (view, answer) => renderBound('first', view, answer) },
  ),
  whole(
    { uri: 'calendar:LastOccurrence', shape: 'a', getOnly: true },
    { render: (view, answer) => renderBound('last', view, answer) },
  ),
  whole({ uri: 'calendar:ModifiedOccurrences', shape: 'a', getOnly: true }, { render: renderModified }),
  whole({ uri: 'calendar:DeletedOccurrences', shape: 'a', getOnly: true }, { render: renderDeleted }),
  of('calendar:StartTimeZone'),
  of('calendar:EndTimeZone'),
  flagOf('calendar:AllowNewTimeProposal'),
  of('calendar:IsOnlineMeeting'),
  of('calendar:MeetingWorkspaceUrl'),
  of('calendar:NetShowUrl'),
  of('calendar:EnhancedLocation'),
  of('calendar:StartWallClock'),
  of('calendar:EndWallClock'),
  of('calendar:StartTimeZoneId'),
  of('calendar:EndTimeZoneId'),
  of('calendar:DoNotForwardMeeting'),
];

const shared = [
  of('calendar:Start'),
  of('calendar:End'),
  of('calendar:Location'),
  of('calendar:Recurrence'),
  scalar({ uri: 'calendar:CalendarItemType', can: 'F', shape: 'a' }, itemTypeOf),
];

export const responseRows: readonly Row[] = [
  ...meetingRows,
  ...shared,
  time({ uri: 'meeting:ProposedStart', can: 'F', shape: 'a' }, (view) => view.values.proposedStart),
  time({ uri: 'meeting:ProposedEnd', can: 'F', shape: 'a' }, (view) => view.values.proposedEnd),
  of('calendar:EnhancedLocation'),
];

export const cancellationRows: readonly Row[] = [
  ...meetingRows,
  ...shared,
  of('calendar:EnhancedLocation'),
  of('calendar:DoNotForwardMeeting'),
];

/** A row of calendar items as a message shows it. */
function of(uri: string): Row {
  const row = calendarRows.find((candidate) => candidate.uri === uri);
  if (row === undefined) throw new Error(`no row ${uri}`);
  return readOnly(row);
}

function flagOf(uri: string): Row {
  return readOnly(flag({ uri, can: 'F', shape: 'a' }, 'allowNewTimeProposal', true));
}

function readOnly(row: Row): Row {
  const { set: _, clear: __, ...rest } = row;
  return { ...rest, can: row.can.includes('F') ? 'F' : '' };
}

function outOfDate(view: View): boolean {
  return !isOrganizer(view.mailbox, view.values) && isOutOfDate(view.mailbox, view.values);
}

function itemTypeOf({ values }: View): string {
  if (values.recurrenceId !== undefined) return 'Exception';
  return values.recurrence === undefined ? 'Single' : 'RecurringMaster';
}

function renderAssociated(view: View): string {
  const held = associatedItemOf(view.mailbox, view.values);
  if (held === undefined) return '';
  const place = { mailboxNo: view.mailbox.no, folderNo: held.folder.no, itemNo: held.item.no };
  const id = renderId(
    held.instance === undefined
      ? { kind: 'item', ...place }
      : { kind: 'occurrence', ...place, index: held.instance.index },
  );
  return `<t:AssociatedCalendarItemId Id="${id}" ChangeKey="${renderChangeKey('item', held.item.revision)}"/>`;
}

/** Occurrences are those of the calendar item, where there is one. */
function seriesOf(view: View): View | undefined {
  const held = view.values.recurrence === undefined ? undefined : associatedItemOf(view.mailbox, view.values);
  return held === undefined ? undefined : { ...view, folder: held.folder, item: held.item };
}

function renderBound(which: 'first' | 'last', view: View, answer: Answer): string {
  const series = seriesOf(view);
  const instance = series === undefined ? undefined : boundsOf(series.item)[which];
  if (series === undefined || instance === undefined) return '';
  const element = which === 'first' ? 'FirstOccurrence' : 'LastOccurrence';
  return tag(element, occurrenceInfo(series, instance, answer));
}

function renderModified(view: View, answer: Answer): string {
  const series = seriesOf(view);
  const exceptions = series === undefined ? [] : exceptionsOf(series.item);
  if (series === undefined || exceptions.length === 0) return '';
  return tag(
    'ModifiedOccurrences',
    exceptions.map((one) => tag('Occurrence', occurrenceInfo(series, one, answer))).join(''),
  );
}

function renderDeleted(view: View, answer: Answer): string {
  const series = seriesOf(view);
  const starts = (series?.item.deletions ?? []).flatMap((index) =>
    series === undefined ? [] : (instanceOf(series.item, index)?.originalStart ?? []),
  );
  if (starts.length === 0) return '';
  const list = starts.map((start) => tag('DeletedOccurrence', tag('Start', escapeText(answer.time(start)))));
  return tag('DeletedOccurrences', list.join(''));
}
