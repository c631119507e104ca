// UpdateItem: changes of one or several items in one call; with a change key and NeverOverwrite it is If-Match (BEHAVIOUR §3, §11).
import type { Audience } from '../../model/messages.ts';
import { BackendError, failed, success, type Outcome } from '../../model/failure.ts';
import type { ItemKind } from '../../model/item.ts';
import { xml, type Markup } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import { ewsIdIn, type EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { itemsIn } from './get-item.ts';
import { askTwice } from './repeat.ts';

export interface ItemChange {
  /** t:ItemId with its change key where guarded, or t:OccurrenceItemId. */
  readonly id: Markup;
  /** t:SetItemField, t:AppendToItemField and t:DeleteItemField. */
  readonly changes: readonly Markup[];
}

export interface UpdateOptions {
  readonly kind: ItemKind | 'message';
  readonly conflict: 'guarded' | 'forced';
  /** Whom the server shall write to; absent: nobody. */
  readonly tells: Audience | undefined;
}

const sending = {
  all: 'SendToAllAndSaveCopy',
  changed: 'SendToChangedAndSaveCopy',
} as const satisfies Record<Audience, string>;
const resolution = { guarded: 'NeverOverwrite', forced: 'AlwaysOverwrite' } as const satisfies Record<
  UpdateOptions['conflict'],
  string
>;

export async function updateItems(
  soap: Soap,
  items: readonly ItemChange[],
  options: UpdateOptions,
): Promise<readonly Outcome<EwsId>[]> {
  const body = xml(
    'm:UpdateItem',
    {
      ConflictResolution: resolution[options.conflict],
      MessageDisposition: 'SaveOnly',
      SendMeetingInvitationsOrCancellations:
        options.kind === 'event'
          ? options.tells === undefined
            ? 'SendToNone'
            : sending[options.tells]
          : undefined,
    },
    xml(
      'm:ItemChanges',
      {},
      ...items.map(({ id, changes }) => xml('t:ItemChange', {}, id, xml('t:Updates', {}, ...changes))),
    ),
  );
  const ask = async (): Promise<readonly Outcome<EwsId>[]> =>
    messagesOf(await soap.call('UpdateItem', body, { repeat: 'never' })).map((message) => {
      const outcome = outcomeOf(message);
      if (!outcome.ok) return outcome;
      const id = ewsIdIn(itemsIn(message)[0]);
      return id === undefined ? failed(failureOfCode('ErrorInternalServerError')) : success(id);
    });
  // Unguarded and with messages, a second asking would send them twice.
  if (options.conflict === 'forced' && options.tells !== undefined) return ask();
  return askTwice(ask, (second, lost) => {
    // "Changed meanwhile" after a lost answer: most likely by ourselves. The truth is "not known", and the client asks again.
    if (second.some((outcome) => !outcome.ok && outcome.failure.kind === 'changed')) throw lost;
    return second;
  });
}

/** @throws BackendError */
export async function updateItem(soap: Soap, item: ItemChange, options: UpdateOptions): Promise<EwsId> {
  const [outcome = failed(failureOfCode('ErrorInternalServerError'))] = await updateItems(
    soap,
    [item],
    options,
  );
  if (!outcome.ok) throw new BackendError(outcome.failure);
  return outcome.value;
}
