// Subscribe, GetEvents, Unsubscribe ([MS-OXWSNTIF] 3.1.4; BEHAVIOUR §13): pull and streaming; push is refused.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import {
  parseWatermark,
  renderEvent,
  resume,
  subscribe as open,
  subscriptionOf,
  takeEvents,
  unsubscribe as close,
  watermarkOf,
} from '../subscriptions.ts';
import { publicFoldersOf, type Mailbox } from '../state/index.ts';
import type { Operation } from './operation.ts';

const streamingLifeMs = 30 * 60_000;
const mostEvents = 512;

export const subscribe: Operation = (request, context) =>
  forEach(context, childrenOf(request), { emptyPayload: '', answer: (kind) => subscribeAs(kind, context) });

function subscribeAs(kind: XmlElement, context: Context): string {
  const streaming = kind.name === 'StreamingSubscriptionRequest';
  if (!streaming && kind.name !== 'PullSubscriptionRequest')
    throw new EwsError('ErrorInvalidOperation', 'Push subscriptions are not simulated.');
  const ids = childOf(kind, 'FolderIds');
  const all = /^(true|1)$/.test(kind.attrs['SubscribeToAllFolders'] ?? 'false');
  if (all === (ids !== undefined)) throw new EwsError('ErrorInvalidSubscriptionRequest');
  const places = (ids === undefined ? [] : childrenOf(ids)).map((id) => folderAt(context, id));
  const mailboxes = new Set(places.map((place) => place.mailbox));
  if (mailboxes.size > 1) throw new EwsError('ErrorInvalidSubscriptionRequest');
  const mailbox = places[0]?.mailbox ?? context.user;
  const isPublic = mailbox === publicFoldersOf(context.world);
  if (isPublic && places.length > 1) throw new EwsError('ErrorInvalidSubscriptionRequest');
  if (mailbox !== context.user && !isPublic)
    throw new EwsError(
      'ErrorSubscriptionDelegateAccessNotSupported',
      'Subscriptions are not supported for delegate user access.',
    );
  const events = childOf(kind, 'EventTypes');
  const watermark = textOf(childOf(kind, 'Watermark'));
  const subscription = open(context.subscriptions, {
    streaming,
    owner: context.user.address,
    mailbox,
    folders: all ? undefined : new Set(places.map((place) => place.folder.no)),
    events: new Set((events === undefined ? [] : childrenOf(events)).map(textOf)),
    lifeMs: streaming ? streamingLifeMs : Number(textOf(childOf(kind, 'Timeout'))) * 60_000,
    most: context.throttling.maxSubscriptions,
    seen: watermark === '' ? context.world.lastNo : startAt(watermark, mailbox, context),
  });
  const id = `<m:SubscriptionId>${subscription.id}</m:SubscriptionId>`;
  return streaming ? id : `${id}<m:Watermark>${watermarkOf(subscription.seen)}</m:Watermark>`;
}

/** A watermark of an earlier subscription goes on where that one ended. @throws EwsError ErrorInvalidWatermark */
function startAt(watermark: string, mailbox: Mailbox, context: Context): number {
  const no = parseWatermark(watermark);
  if (no > context.world.lastNo || no < mailbox.lostUpTo) throw new EwsError('ErrorInvalidWatermark');
  return no;
}

export const getEvents: Operation = (request, context) =>
  forEach(context, [request], {
    emptyPayload: '',
    answer() {
      const subscription = subscriptionOf(
        context.subscriptions,
        textOf(childOf(request, 'SubscriptionId')),
        context.user,
      );
      if (subscription.streaming) throw new EwsError('ErrorInvalidPullSubscriptionId');
      const given = textOf(childOf(request, 'Watermark'));
      resume(context.subscriptions, subscription, { watermark: given, lastNo: context.world.lastNo });
      subscription.expires = context.world.now() + subscription.lifeMs;
      const { events, more } = takeEvents(subscription, mostEvents);
      const shown =
        events.length === 0
          ? tag('StatusEvent', tag('Watermark', watermarkOf(subscription.seen)))
          : events.map((event) => renderEvent(subscription.mailbox, event, true)).join('');
      return `<m:Notification>${tag('SubscriptionId', subscription.id)}${tag('PreviousWatermark', given)}${tag('MoreEvents', String(more))}${shown}</m:Notification>`;
    },
  });

export const unsubscribe: Operation = (request, context) =>
  forEach(context, [request], {
    emptyPayload: '',
    answer() {
      const id = textOf(childOf(request, 'SubscriptionId'));
      close(context.subscriptions, subscriptionOf(context.subscriptions, id, context.user));
      return '';
    },
  });
