// GetStreamingEvents ([MS-OXWSNTIF]; BEHAVIOUR §13): one connection, many complete envelopes.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { tag } from '../fields/row.ts';
import { failure, refusalOf, respond, success } from '../responses.ts';
import { renderEvent, subscriptionOf, takeEvents, type Subscription } from '../subscriptions.ts';
import type { Operation, Stream } from './operation.ts';

const heartbeatMs = 45_000;
const mostIds = 200;

export const getStreamingEvents: Operation = (request, context): string | Stream => {
  const holder = childOf(request, 'SubscriptionIds');
  const ids = holder === undefined ? [] : childrenOf(holder).map(textOf);
  const bad: string[] = [];
  const subscriptions: Subscription[] = [];
  for (const id of ids.slice(0, mostIds)) {
    try {
      const found = subscriptionOf(context.subscriptions, id, context.user);
      if (found.streaming) subscriptions.push(found);
      else bad.push(id);
    } catch (error) {
      refusalOf(error);
      bad.push(id);
    }
  }
  if (bad.length > 0 || ids.length > mostIds) {
    const listed = bad.map((id) => tag('SubscriptionId', id)).join('');
    const payload = bad.length === 0 ? '' : `<m:ErrorSubscriptionIds>${listed}</m:ErrorSubscriptionIds>`;
    return respond(context.operation, [failure(context, new EwsError('ErrorInvalidSubscription'), payload)]);
  }
  if ((context.subscriptions.streams.get(context.user.address) ?? 0) >= context.throttling.hangingConnections)
    return respond(context.operation, [failure(context, new EwsError('ErrorExceededConnectionCount'), '')]);
  return {
    run: (write, closed) => stream(context, { subscriptions, write, closed, endsInMs: timeoutOf(request) }),
  };
};

interface Streaming {
  readonly subscriptions: readonly Subscription[];
  readonly write: (response: string) => void;
  readonly closed: AbortSignal;
  readonly endsInMs: number;
}

async function stream(context: Context, streaming: Streaming): Promise<void> {
  const { streams } = context.subscriptions;
  const { address } = context.user;
  streams.set(address, (streams.get(address) ?? 0) + 1);
  await tell(context, streaming);
  streams.set(address, (streams.get(address) ?? 1) - 1);
}

async function tell(context: Context, streaming: Streaming): Promise<void> {
  const { subscriptions, write, closed } = streaming;
  const say = (payload: string): void => write(respond(context.operation, [success(context, payload)]));
  const status = (text: string): void => say(`<m:ConnectionStatus>${text}</m:ConnectionStatus>`);
  const flush = (): void => {
    for (const subscription of subscriptions) {
      const { events } = takeEvents(subscription, 1000);
      subscription.expires = context.world.now() + subscription.lifeMs;
      if (events.length === 0) continue;
      const shown = events.map((event) => renderEvent(subscription.mailbox, event, false)).join('');
      say(
        `<m:Notifications><m:Notification>${tag('SubscriptionId', subscription.id)}${shown}</m:Notification></m:Notifications>`,
      );
    }
  };
  let waiting = false;
  const wake = (): void => {
    if (waiting) return;
    waiting = true;
    // Changes of one call go out together.
    setTimeout(() => {
      waiting = false;
      if (!closed.aborted) flush();
    }, 5);
  };
  status('OK');
  flush();
  for (const { mailbox } of subscriptions) mailbox.listeners.add(wake);
  const beat = setInterval(() => status('OK'), heartbeatMs);
  await new Promise<void>((resolve) => {
    const { enders } = context.subscriptions;
    const end = (): void => {
      clearTimeout(timer);
      enders.delete(end);
      resolve();
    };
    const timer = setTimeout(end, streaming.endsInMs);
    enders.add(end);
    closed.addEventListener('abort', end);
  });
  clearInterval(beat);
  for (const { mailbox } of subscriptions) mailbox.listeners.delete(wake);
  if (!closed.aborted) status('Closed');
}

function timeoutOf(request: XmlElement): number {
  return Number(textOf(childOf(request, 'ConnectionTimeout'))) * 60_000;
}
