// GetStreamingEvents: an answer that goes on for up to half an hour, one envelope a notification or heartbeat (BEHAVIOUR §13).
import { BackendError } from '../../model/failure.ts';
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { ewsIdIn } from '../ids.ts';
import type { Soap } from '../soap.ts';

const connectionMinutes = 29;
/** Heartbeats come about every 45 s; two missed and more mean a dead connection. */
const silenceMs = 120_000;

/** Ids of folders in which something happened, one list an envelope; empty for heartbeats. Ends when the server closes. */
export async function* streamingEvents(
  soap: Soap,
  subscription: string,
  signal: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const body = xml(
    'm:GetStreamingEvents',
    {},
    xml('m:SubscriptionIds', {}, xml('t:SubscriptionId', {}, subscription)),
    xml('m:ConnectionTimeout', {}, connectionMinutes),
  );
  for await (const response of soap.stream('GetStreamingEvents', body, { signal, silenceMs })) {
    for (const message of messagesOf(response)) {
      const outcome = outcomeOf(message);
      if (!outcome.ok) throw new BackendError(outcome.failure);
      yield foldersOf(message);
      if (textOf(childOf(message, 'ConnectionStatus')) === 'Closed') return;
    }
  }
}

function foldersOf(message: XmlElement): readonly string[] {
  const list = childOf(message, 'Notifications');
  const events = list === undefined ? [] : childrenOf(list).flatMap(childrenOf);
  return events.flatMap((event) =>
    ['ParentFolderId', 'OldParentFolderId', 'FolderId'].flatMap((name) => ewsIdIn(event, name)?.id ?? []),
  );
}
