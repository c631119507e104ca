// GetUserAvailability ([MS-OXWSAVAIL]; BEHAVIOUR §12): busy times of mailboxes on the clock of the request's zone.
import { childOf, childrenOf, escapeText, Markup, textOf, type XmlElement } from '../../src/xml/index.ts';
import { toInstant, toLocal, utcZone, type SimZone } from '../calendar/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag, type View } from '../fields/row.ts';
import { itemIdOf } from '../fields/item-rows.ts';
import { viewsIn } from '../find/calendar-view.ts';
import { isMeeting } from '../meetings.ts';
import { placeOf } from '../lookup.ts';
import { freeBusyOf } from '../fields/permission-set.ts';
import { problem, refusalOf, respondBare } from '../responses.ts';
import { parseLegacyZone, renderLegacyZone } from '../legacy-zone.ts';
import { entryOf, folderOf, type FreeBusyAccess, type Instant, type WorkingHours } from '../state/index.ts';
import type { Operation } from './operation.ts';

const mostMailboxes = 100;
/** Calendar entries of one mailbox in a window. */
const mostEntries = 1000;
const dayMs = 86_400_000;

interface Asked {
  readonly zone: SimZone;
  readonly from: Instant;
  readonly to: Instant;
  readonly intervalMs: number;
  readonly view: string;
}

export const getUserAvailability: Operation = (request, context) => {
  const asked = parseAsked(request, context);
  const list = childOf(request, 'MailboxDataArray');
  const mailboxes = list === undefined ? [] : childrenOf(list);
  if (mailboxes.length > mostMailboxes) throw new EwsError('ErrorMailboxDataArrayTooBig');
  if (mailboxes.length === 0) throw new EwsError('ErrorMailboxDataArrayEmpty');
  const answers = mailboxes.map(
    (data) => `<m:FreeBusyResponse>${answerFor(data, asked, context)}</m:FreeBusyResponse>`,
  );
  const suggestions = childOf(request, 'SuggestionsViewOptions') === undefined ? '' : noSuggestions();
  return respondBare(
    context.operation,
    `<m:FreeBusyResponseArray>${answers.join('')}</m:FreeBusyResponseArray>${suggestions}`,
  );
};

function noSuggestions(): string {
  const error = new EwsError('ErrorInvalidOperation', 'Suggestions of meeting times are not simulated.');
  return `<m:SuggestionsResponse><m:ResponseMessage ResponseClass="Error">${problem(error)}</m:ResponseMessage></m:SuggestionsResponse>`;
}

function parseAsked(request: XmlElement, context: Context): Asked {
  const given = childOf(request, 'TimeZone');
  const zone = given === undefined ? (context.zone ?? utcZone) : parseLegacyZone(given);
  const options = childOf(request, 'FreeBusyViewOptions');
  const window = childOf(options, 'TimeWindow');
  if (window === undefined)
    throw new EwsError('ErrorInvalidFreeBusyViewType', 'Suggestions alone are not simulated.');
  const from = instantIn(textOf(childOf(window, 'StartTime')), zone);
  const to = instantIn(textOf(childOf(window, 'EndTime')), zone);
  if (!(from < to)) throw new EwsError('ErrorInvalidTimeInterval');
  if (to - from > context.world.policy.availabilityDays * dayMs)
    throw new EwsError('ErrorTimeIntervalTooBig');
  const minutes = Number(textOf(childOf(options, 'MergedFreeBusyIntervalInMinutes')) || 30);
  if (minutes < 5 || minutes > 1440) throw new EwsError('ErrorInvalidMergedFreeBusyInterval');
  const view = textOf(childOf(options, 'RequestedView')) || 'FreeBusy';
  return { zone, from, to, intervalMs: minutes * 60_000, view };
}

function instantIn(text: string, zone: SimZone): Instant {
  return /(Z|[+-]\d\d:\d\d)$/.test(text.trim())
    ? Date.parse(text)
    : toInstant(text.trim().slice(0, 19), zone);
}

function answerFor(data: XmlElement, asked: Asked, context: Context): string {
  try {
    const view = renderView(addressOf(data), asked, context);
    return `<m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage><m:FreeBusyView>${view}</m:FreeBusyView>`;
  } catch (error) {
    const refusal = problem(described(refusalOf(error)));
    return `<m:ResponseMessage ResponseClass="Error">${refusal}</m:ResponseMessage><m:FreeBusyView>${tag('FreeBusyViewType', 'None')}</m:FreeBusyView>`;
  }
}

/** What the availability service adds to its errors, as captured. */
function described(error: EwsError): EwsError {
  const name = error.code.replace(/^Error/, '');
  const part = (element: string, text: string): string =>
    `<${element} xmlns="http://schemas.microsoft.com/exchange/services/2006/errors">${escapeText(text)}</${element}>`;
  const code = exceptionCodes[error.code];
  return new EwsError(
    error.code,
    `Microsoft.Exchange.InfoWorker.Common.Availability.${name}Exception: ${error.message}. Name of the server where exception originated: SIMULATOR.`,
    new Markup(
      part('ExceptionType', `${name}Exception`) +
        (code === undefined ? '' : part('ExceptionCode', code)) +
        part('ExceptionServerName', 'SIMULATOR') +
        part('ExceptionMessage', error.message),
    ),
  );
}

const exceptionCodes: Readonly<Record<string, string>> = {
  ErrorMailRecipientNotFound: '5009',
  ErrorInvalidSmtpAddress: '5035',
};

function addressOf(data: XmlElement): string {
  return textOf(childOf(childOf(data, 'Email'), 'Address'))
    .trim()
    .toLowerCase();
}

/** How much the caller may know: all of it, subject and location, times, or nothing. */
type Access = 'FullDetails' | FreeBusyAccess;

function renderView(address: string, asked: Asked, context: Context): string {
  if (!/^[^@\s]+@[^@\s]+$/.test(address))
    throw new EwsError(
      'ErrorInvalidSmtpAddress',
      `E-mail address <>SMTP:${address} is not a valid SMTP address.`,
    );
  const { world } = context;
  const mailbox = world.mailboxes.get(entryOf(world, address)?.address.toLowerCase() ?? '');
  if (mailbox === undefined)
    throw new EwsError(
      'ErrorMailRecipientNotFound',
      `Unable to resolve e-mail address ${address} to an Active Directory object.`,
    );
  const place = placeOf(context, mailbox, folderOf(mailbox, 'calendar'));
  const access: Access = place.rights.read ? 'FullDetails' : freeBusyOf(place.rights);
  if (access === 'None')
    throw new EwsError('ErrorNoFreeBusyAccess', 'The caller does not have access to free/busy data.');
  const wantsDetails = asked.view.startsWith('Detailed');
  const merged = asked.view.includes('Merged');
  const base = wantsDetails && access !== 'TimeOnly' ? 'Detailed' : 'FreeBusy';
  const type = asked.view === 'MergedOnly' ? 'MergedOnly' : `${base}${merged ? 'Merged' : ''}`;
  const events = viewsIn(place, asked.from, asked.to).filter((view) => view.values.isCancelled !== true);
  if (events.length > mostEntries)
    throw new EwsError(
      'ErrorResultSetTooBig',
      `There are more than ${mostEntries} calendar entries in the time window.`,
    );
  const details = base === 'Detailed' ? access : 'TimeOnly';
  const list = events.map((view) => renderEvent(view, asked, details)).join('');
  return (
    tag('FreeBusyViewType', type) +
    (merged ? tag('MergedFreeBusy', mergedOf(events, asked)) : '') +
    (type === 'MergedOnly' || events.length === 0 ? '' : tag('CalendarEventArray', list)) +
    renderWorkingHours(mailbox.settings.workingHours, asked.from)
  );
}

function renderEvent(view: View, asked: Asked, access: Access): string {
  const { values } = view;
  return tag(
    'CalendarEvent',
    tag('StartTime', toLocal(values.start ?? 0, asked.zone)) +
      tag('EndTime', toLocal(values.end ?? 0, asked.zone)) +
      tag('BusyType', values.busy ?? 'Busy') +
      (access === 'TimeOnly' ? '' : renderDetails(view, access)),
  );
}

/** The id of the item only for those who could open it. */
function renderDetails(view: View, access: Access): string {
  const { values } = view;
  const hexEntryId = Buffer.from(itemIdOf(view), 'base64').toString('hex').toUpperCase();
  return tag(
    'CalendarEventDetails',
    (access === 'FullDetails' ? tag('ID', hexEntryId) : '') +
      (values.subject === undefined ? '' : tag('Subject', escapeText(values.subject))) +
      (values.location === undefined ? '' : tag('Location', escapeText(values.location))) +
      tag('IsMeeting', String(isMeeting(view.mailbox, values))) +
      tag('IsRecurring', String(view.occurrence !== undefined)) +
      tag('IsException', String(view.occurrence?.isException ?? false)) +
      tag('IsReminderSet', String(values.reminderIsSet ?? false)) +
      tag('IsPrivate', String(values.sensitivity === 'Private')),
  );
}

/** Digits by weight: the heaviest of an interval is shown. */
const digits = ['Free', 'Tentative', 'Busy', 'OOF', 'WorkingElsewhere'];
const weights: Readonly<Record<string, number>> = {
  Free: 0,
  WorkingElsewhere: 1,
  Tentative: 2,
  Busy: 3,
  OOF: 4,
};

function mergedOf(events: readonly View[], asked: Asked): string {
  let text = '';
  for (let at = asked.from; at < asked.to; at += asked.intervalMs) {
    let shown = 'Free';
    for (const { values } of events) {
      const { busy = 'Busy', start = 0, end = 0 } = values;
      const touches = end > at && start < at + asked.intervalMs;
      if (touches && (weights[busy] ?? 0) > (weights[shown] ?? 0)) shown = busy;
    }
    text += String(digits.indexOf(shown));
  }
  return text;
}

function renderWorkingHours({ zone, days, startMinutes, endMinutes }: WorkingHours, at: Instant): string {
  const period =
    tag('DayOfWeek', days) +
    tag('StartTimeInMinutes', String(startMinutes)) +
    tag('EndTimeInMinutes', String(endMinutes));
  return tag(
    'WorkingHours',
    tag('TimeZone', renderLegacyZone(zone, new Date(at).getUTCFullYear())) +
      tag('WorkingPeriodArray', tag('WorkingPeriod', period)),
  );
}
