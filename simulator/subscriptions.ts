// Subscriptions ([MS-OXWSNTIF]; BEHAVIOUR §13): pull and streaming, fed by the events of a mailbox.
import { randomBytes } from 'node:crypto';
import { EwsError } from './errors.ts';
import { tag } from './fields/row.ts';
import { emptyChangeKey, renderChangeKey, renderId } from './state/ids.ts';
import type { ChangeEvent, Mailbox } from './state/index.ts';

export interface Subscription {
  readonly id: string;
  readonly streaming: boolean;
  readonly owner: string;
  readonly mailbox: Mailbox;
  /** Undefined: all folders. */
  readonly folders: ReadonlySet<number> | undefined;
  /** Names of events: CreatedEvent … */
  readonly events: ReadonlySet<string>;
  /** Number of the last event handed out. */
  seen: number;
  expires: number;
  readonly lifeMs: number;
  readonly listener: () => void;
}

export interface Subscriptions {
  readonly byId: Map<string, Subscription>;
  readonly now: () => number;
  /** Streaming connections by address of the user. */
  readonly streams: Map<string, number>;
}

export function openSubscriptions(now: () => number): Subscriptions {
  return { byId: new Map(), now, streams: new Map() };
}

const mostPerMailbox = 5000;

export type NewSubscription = Pick<
  Subscription,
  'streaming' | 'owner' | 'mailbox' | 'folders' | 'events' | 'lifeMs'
> & {
  /** Number to start after. */
  readonly seen: number;
};

/** @throws EwsError ErrorExceededSubscriptionCount */
export function subscribe(held: Subscriptions, given: NewSubscription): Subscription {
  for (const old of held.byId.values()) if (old.expires < held.now()) unsubscribe(held, old);
  const ofMailbox = [...held.byId.values()].filter((one) => one.mailbox === given.mailbox);
  if (ofMailbox.length >= mostPerMailbox) throw new EwsError('ErrorExceededSubscriptionCount');
  const subscription: Subscription = {
    ...given,
    id: randomBytes(24).toString('base64'),
    expires: held.now() + given.lifeMs,
    listener: () => {},
  };
  held.byId.set(subscription.id, subscription);
  given.mailbox.listeners.add(subscription.listener);
  return subscription;
}

export function unsubscribe(held: Subscriptions, subscription: Subscription): void {
  held.byId.delete(subscription.id);
  subscription.mailbox.listeners.delete(subscription.listener);
}

/** @throws EwsError ErrorSubscriptionNotFound | ErrorExpiredSubscription | ErrorSubscriptionAccessDenied */
export function subscriptionOf(held: Subscriptions, id: string, user: Mailbox): Subscription {
  const found = held.byId.get(id);
  if (found === undefined) throw new EwsError('ErrorSubscriptionNotFound');
  if (found.owner !== user.address) throw new EwsError('ErrorSubscriptionAccessDenied');
  if (found.expires < held.now()) {
    unsubscribe(held, found);
    throw new EwsError('ErrorExpiredSubscription');
  }
  return found;
}

/** Where to go on; what was dropped meanwhile cannot be told. @throws EwsError ErrorInvalidWatermark | ErrorReadEventsFailed */
export function resume(
  held: Subscriptions,
  subscription: Subscription,
  { watermark, lastNo }: { readonly watermark: string; readonly lastNo: number },
): void {
  const no = parseWatermark(watermark);
  if (no > lastNo) throw new EwsError('ErrorInvalidWatermark');
  if (no < subscription.mailbox.lostUpTo) {
    unsubscribe(held, subscription);
    throw new EwsError('ErrorReadEventsFailed');
  }
  subscription.seen = no;
}

/** Events the subscription has not had yet; they count as handed out. */
export function takeEvents(
  subscription: Subscription,
  most: number,
): { events: ChangeEvent[]; more: boolean } {
  const { mailbox, folders } = subscription;
  const pending = mailbox.events.filter(
    (event) =>
      event.no > subscription.seen &&
      subscription.events.has(`${event.kind}Event`) &&
      (folders === undefined || folders.has(event.folderNo) || folders.has(event.oldFolderNo ?? -1)),
  );
  const events = pending.slice(0, most);
  const last = events.at(-1);
  if (last !== undefined) subscription.seen = last.no;
  return { events, more: pending.length > events.length };
}

export function watermarkOf(no: number): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32BE(no, 4);
  bytes[15] = 1;
  return bytes.toString('base64');
}

/** @throws EwsError ErrorInvalidWatermark */
export function parseWatermark(text: string): number {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== 16 || bytes[15] !== 1 || bytes.toString('base64') !== text)
    throw new EwsError('ErrorInvalidWatermark');
  return bytes.readUInt32BE(4);
}

/** `withWatermark`: pull subscriptions have one at each event. */
export function renderEvent(mailbox: Mailbox, event: ChangeEvent, withWatermark: boolean): string {
  const stamp =
    (withWatermark ? tag('Watermark', watermarkOf(event.no)) : '') +
    tag('TimeStamp', `${new Date(event.at).toISOString().slice(0, 19)}Z`);
  if (event.itemNo === undefined) return renderFolderEvent(mailbox, event, stamp);
  const item = itemIdXml(mailbox, 'ItemId', {
    folderNo: event.folderNo,
    itemNo: event.itemNo,
    revision: event.revision,
  });
  const parent = folderIdXml(mailbox, 'ParentFolderId', event.folderNo);
  const old =
    event.oldItemNo === undefined || event.oldFolderNo === undefined
      ? ''
      : itemIdXml(mailbox, 'OldItemId', {
          folderNo: event.oldFolderNo,
          itemNo: event.oldItemNo,
          revision: event.revision,
        }) + folderIdXml(mailbox, 'OldParentFolderId', event.oldFolderNo);
  return tag(`${event.kind}Event`, stamp + item + parent + old);
}

function renderFolderEvent(mailbox: Mailbox, event: ChangeEvent, stamp: string): string {
  const parentNo = mailbox.folders.get(event.folderNo)?.parentNo ?? mailbox.rootNo;
  const folder = folderIdXml(mailbox, 'FolderId', event.folderNo);
  const parent = folderIdXml(mailbox, 'ParentFolderId', parentNo);
  const old =
    event.kind === 'Moved' || event.kind === 'Copied'
      ? folderIdXml(mailbox, 'OldFolderId', event.folderNo) +
        folderIdXml(mailbox, 'OldParentFolderId', event.oldFolderNo ?? parentNo)
      : '';
  return tag(`${event.kind}Event`, stamp + folder + parent + old);
}

function itemIdXml(
  mailbox: Mailbox,
  element: string,
  at: { folderNo: number; itemNo: number; revision: number },
): string {
  const id = renderId({ kind: 'item', mailboxNo: mailbox.no, folderNo: at.folderNo, itemNo: at.itemNo });
  return `<t:${element} Id="${id}" ChangeKey="${renderChangeKey('item', at.revision)}"/>`;
}

function folderIdXml(mailbox: Mailbox, element: string, no: number): string {
  return `<t:${element} Id="${renderId({ kind: 'folder', mailboxNo: mailbox.no, folderNo: no })}" ChangeKey="${emptyChangeKey}"/>`;
}
