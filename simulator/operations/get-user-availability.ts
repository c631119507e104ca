// GetUserAvailability ([MS-OXWSAVAIL]; BEHAVIOUR §12): busy times of mailboxes on the clock of the request's zone.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { toInstant, toLocal, utcZone, type SimZone } from '../calendar/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag, type View } from '../fields/row.ts';
import { itemIdOf } from '../fields/item-rows.ts';
import { viewsIn } from '../find/calendar-view.ts';
import { isMeeting } from '../meetings.ts';
import { placeOf } from '../lookup.ts';
import { problem, refusalOf, respondBare } from '../responses.ts';
import { parseLegacyZone } from '../legacy-zone.ts';
import { folderOf, type Instant } from '../state/index.ts';
import type { Operation } from './operation.ts';

const mostMailboxes = 100;
const longestMs = 62 * 86_400_000;

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
  const answers = mailboxes.map(
    (data) => `<m:FreeBusyResponse>${answerFor(data, asked, context)}</m:FreeBusyResponse>`,
  );
  return respondBare(
    context.operation,
    `<m:FreeBusyResponseArray>${answers.join('')}</m:FreeBusyResponseArray>`,
  );
};

function parseAsked(request: XmlElement, context: Context): Asked {
  const given = childOf(request, 'TimeZone');
  const zone = given === undefined ? (context.zone ?? utcZone) : parseLegacyZone(given);
  const options = childOf(request, 'FreeBusyViewOptions');
  const window = childOf(options, 'TimeWindow');
  if (window === undefined) throw new EwsError('ErrorInvalidTimeInterval');
  const from = instantIn(textOf(childOf(window, 'StartTime')), zone);
  const to = instantIn(textOf(childOf(window, 'EndTime')), zone);
  if (!(from < to)) throw new EwsError('ErrorInvalidTimeInterval');
  if (to - from > longestMs) throw new EwsError('ErrorTimeIntervalTooBig');
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
    return `<m:ResponseMessage ResponseClass="Error">${problem(refusalOf(error))}</m:ResponseMessage>`;
  }
}

function addressOf(data: XmlElement): string {
  return textOf(childOf(childOf(data, 'Email'), 'Address'))
    .trim()
    .toLowerCase();
}

/** Details only for those who may read; everybody sees free and busy. */
function renderView(address: string, asked: Asked, context: Context): string {
  const mailbox = context.world.mailboxes.get(address);
  if (mailbox === undefined)
    throw new EwsError(
      'ErrorMailRecipientNotFound',
      `Unable to resolve e-mail address ${address} to an Active Directory object.`,
    );
  const place = placeOf(context, mailbox, folderOf(mailbox, 'calendar'));
  const wantsDetails = asked.view.startsWith('Detailed');
  const merged = asked.view.includes('Merged');
  const base = wantsDetails && place.rights.read ? 'Detailed' : 'FreeBusy';
  const type = asked.view === 'MergedOnly' ? 'MergedOnly' : `${base}${merged ? 'Merged' : ''}`;
  const events = viewsIn(place, asked.from, asked.to).filter((view) => view.values.isCancelled !== true);
  const list = events.map((view) => renderEvent(view, asked, base === 'Detailed')).join('');
  return (
    tag('FreeBusyViewType', type) +
    (merged ? tag('MergedFreeBusy', mergedOf(events, asked)) : '') +
    (type === 'MergedOnly' || events.length === 0 ? '' : tag('CalendarEventArray', list))
  );
}

function renderEvent(view: View, asked: Asked, withDetails: boolean): string {
  const { values } = view;
  return tag(
    'CalendarEvent',
    tag('StartTime', toLocal(values.start ?? 0, asked.zone)) +
      tag('EndTime', toLocal(values.end ?? 0, asked.zone)) +
      tag('BusyType', values.busy ?? 'Busy') +
      (withDetails ? renderDetails(view) : ''),
  );
}

function renderDetails(view: View): string {
  const { values } = view;
  const hexEntryId = Buffer.from(itemIdOf(view), 'base64').toString('hex').toUpperCase();
  return tag(
    'CalendarEventDetails',
    tag('ID', hexEntryId) +
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
