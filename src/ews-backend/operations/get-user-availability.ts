// GetUserAvailability: busy times of up to 100 mailboxes in one window, asked and answered in UTC (BEHAVIOUR §8, §12).
import type { BusyTime } from '../../model/backend.ts';
import { failed, success, type Failure, type Outcome } from '../../model/failure.ts';
import type { Instant, Range } from '../../model/time.ts';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { failureIn, failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';
import { meaningIn } from '../words.ts';

export const mailboxesPerQuery = 100;
const dayMs = 86_400_000;
/** MaximumQueryIntervalDays: by the documentation, and as servers are found to take in the field. */
export const windowsMs = { documented: 42 * dayMs, usual: 62 * dayMs } as const;
const mergedMinutes = 30;

export async function getUserAvailability(
  soap: Soap,
  addresses: readonly string[],
  range: Required<Range>,
): Promise<readonly Outcome<readonly BusyTime[]>[]> {
  const body = xml(
    'm:GetUserAvailabilityRequest',
    {},
    utc,
    xml('m:MailboxDataArray', {}, ...addresses.map(mailboxData)),
    xml(
      't:FreeBusyViewOptions',
      {},
      xml(
        't:TimeWindow',
        {},
        xml('t:StartTime', {}, localOf(range.from)),
        xml('t:EndTime', {}, localOf(range.to)),
      ),
      xml('t:MergedFreeBusyIntervalInMinutes', {}, mergedMinutes),
      xml('t:RequestedView', {}, 'FreeBusyMerged'),
    ),
  );
  const response = await soap.call('GetUserAvailability', body, { repeat: 'safe' });
  const list = childOf(response, 'FreeBusyResponseArray');
  const answers = list === undefined ? [] : childrenOf(list);
  return addresses.map((_, index) => busyOutcome(answers[index], range));
}

/** A zone without daylight saving: both changes have no effect, but the schema wants them. */
const utc: Markup = xml(
  't:TimeZone',
  {},
  xml('t:Bias', {}, 0),
  ...(['StandardTime', 'DaylightTime'] as const).map((name, index) =>
    xml(
      `t:${name}`,
      {},
      xml('t:Bias', {}, 0),
      xml('t:Time', {}, '02:00:00'),
      xml('t:DayOrder', {}, 1),
      xml('t:Month', {}, index === 0 ? 10 : 4),
      xml('t:DayOfWeek', {}, 'Sunday'),
    ),
  ),
);

function mailboxData(address: string): Markup {
  return xml(
    't:MailboxData',
    {},
    xml('t:Email', {}, xml('t:Address', {}, address)),
    xml('t:AttendeeType', {}, 'Required'),
    xml('t:ExcludeConflicts', {}, false),
  );
}

function localOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 19);
}

/** Zone-less answers are in the zone of the request. */
function instantIn(text: string): Instant {
  return Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
}

const busyOf: Readonly<Record<string, BusyTime['busy']>> = {
  Busy: 'busy',
  Tentative: 'tentative',
  OOF: 'out-of-office',
};
/** Digits of MergedFreeBusy; 0 is free, 4 is unknown or working elsewhere. */
const mergedOf: Readonly<Record<string, BusyTime['busy']>> = {
  1: 'tentative',
  2: 'busy',
  3: 'out-of-office',
};

function busyOutcome(answer: XmlElement | undefined, range: Required<Range>): Outcome<readonly BusyTime[]> {
  const message = childOf(answer, 'ResponseMessage');
  if (message === undefined) return failed(failureOfCode('ErrorInternalServerError'));
  if (message.attrs['ResponseClass'] === 'Error') return failed(failureIn(message));
  const view = childOf(answer, 'FreeBusyView');
  const events = childOf(view, 'CalendarEventArray');
  if (events !== undefined) return success(childrenOf(events).flatMap(busyEvent));
  const merged = textOf(childOf(view, 'MergedFreeBusy'));
  return isUntold(view, merged) ? failed(untold) : success(mergedTimes(merged, range.from));
}

/** No view, or nothing but "no data": an answer that nobody is busy would be invented. */
function isUntold(view: XmlElement | undefined, merged: string): boolean {
  return textOf(childOf(view, 'FreeBusyViewType')) === 'None' || /^4+$/.test(merged);
}

const untold: Failure = {
  kind: 'denied',
  message: 'Exchange tells no busy times of this mailbox',
  code: 'NoFreeBusyData',
};

function busyEvent(event: XmlElement): readonly BusyTime[] {
  const busy = meaningIn(busyOf, textOf(childOf(event, 'BusyType')));
  const from = instantIn(textOf(childOf(event, 'StartTime')));
  const to = instantIn(textOf(childOf(event, 'EndTime')));
  return busy === undefined || !(from < to) ? [] : [{ range: { from, to }, busy }];
}

function mergedTimes(digits: string, start: Instant): readonly BusyTime[] {
  const step = mergedMinutes * 60_000;
  const times: BusyTime[] = [];
  for (const [index, digit] of digits.split('').entries()) {
    const busy = mergedOf[digit];
    if (busy === undefined) continue;
    const from = start + index * step;
    const last = times.at(-1);
    const joins = last !== undefined && last.busy === busy && last.range.to === from;
    if (joins) times.pop();
    times.push({ range: { from: joins ? last.range.from : from, to: from + step }, busy });
  }
  return times;
}
