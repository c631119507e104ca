// GetUserOofSettings and SetUserOofSettings ([MS-OXWOOF]).
import { childOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { toInstant } from '../calendar/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { problem, refusalOf, respondBare } from '../responses.ts';
import { entryOf, type Mailbox, type OutOfOffice } from '../state/index.ts';
import type { Operation } from './operation.ts';

export const getUserOofSettings: Operation = (request, context) =>
  whole(context, () => {
    const settings = ownMailbox(request, context).settings.outOfOffice;
    return `<t:OofSettings>${renderSettings(settings, context.world.now())}</t:OofSettings><m:AllowExternalOof>All</m:AllowExternalOof>`;
  });

export const setUserOofSettings: Operation = (request, context) =>
  whole(context, () => {
    const mailbox = ownMailbox(request, context);
    mailbox.settings.outOfOffice = parseSettings(childOf(request, 'UserOofSettings'));
    return '';
  });

/** Whether a mailbox answers that its owner is away. */
export function isAway({ settings: { outOfOffice, workingHours } }: Mailbox, now: number): boolean {
  const { state, start, end } = outOfOffice;
  if (state !== 'Scheduled' || start === undefined || end === undefined) return state === 'Enabled';
  const at = (text: string): number =>
    /(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : toInstant(text.slice(0, 19), workingHours.zone);
  return at(start) <= now && now < at(end);
}

function whole(context: Context, answer: () => string): string {
  try {
    const payload = answer();
    return respondBare(
      context.operation,
      `<m:ResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode></m:ResponseMessage>${payload}`,
    );
  } catch (error) {
    return respondBare(
      context.operation,
      `<m:ResponseMessage ResponseClass="Error">${problem(refusalOf(error))}</m:ResponseMessage>`,
    );
  }
}

function ownMailbox(request: XmlElement, { world, user }: Context): Mailbox {
  const address = textOf(childOf(childOf(request, 'Mailbox'), 'Address')).trim();
  const mailbox = world.mailboxes.get(entryOf(world, address)?.address.toLowerCase() ?? '');
  if (mailbox === undefined) throw new EwsError('ErrorMailRecipientNotFound');
  if (mailbox !== user) throw new EwsError('ErrorAccessDenied');
  return mailbox;
}

function parseSettings(element: XmlElement | undefined): OutOfOffice {
  const text = (name: string): string => textOf(childOf(element, name)).trim();
  const duration = childOf(element, 'Duration');
  const reply = (name: string): string | undefined => {
    const message = childOf(childOf(element, name), 'Message');
    return message === undefined ? undefined : textOf(message);
  };
  const internalReply = reply('InternalReply');
  const externalReply = reply('ExternalReply');
  return {
    state: text('OofState'),
    audience: text('ExternalAudience'),
    ...(duration === undefined
      ? {}
      : {
          start: textOf(childOf(duration, 'StartTime')).trim(),
          end: textOf(childOf(duration, 'EndTime')).trim(),
        }),
    ...(internalReply === undefined ? {} : { internalReply }),
    ...(externalReply === undefined ? {} : { externalReply }),
  };
}

function renderSettings(settings: OutOfOffice, now: number): string {
  const today = Math.floor(now / dayMs) * dayMs;
  const start = settings.start ?? new Date(today).toISOString().slice(0, 19);
  const end = settings.end ?? new Date(today + dayMs).toISOString().slice(0, 19);
  const reply = (name: string, text: string | undefined): string =>
    tag(name, tag('Message', escapeText(text ?? '')));
  return (
    tag('OofState', settings.state) +
    tag('ExternalAudience', settings.audience) +
    tag('Duration', tag('StartTime', start) + tag('EndTime', end)) +
    reply('InternalReply', settings.internalReply) +
    reply('ExternalReply', settings.externalReply)
  );
}

const dayMs = 86_400_000;
