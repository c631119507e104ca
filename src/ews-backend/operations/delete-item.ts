// DeleteItem: to the deleted items, softly where that is refused, never for good (BEHAVIOUR §11, DESIGN §5).
import type { Mail } from '../../model/messages.ts';
import { success, type Outcome } from '../../model/failure.ts';
import type { ItemKind } from '../../model/item.ts';
import { xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import type { Soap } from '../soap.ts';
import { askTwice } from './repeat.ts';

const cancellations = { send: 'SendToAllAndSaveCopy', silent: 'SendToNone' } as const satisfies Record<
  Mail,
  string
>;

export async function deleteItems(
  soap: Soap,
  ids: readonly Markup[],
  options: {
    readonly kind: ItemKind;
    readonly mail: Mail;
    readonly type?: 'MoveToDeletedItems' | 'SoftDelete';
  },
): Promise<readonly Outcome<XmlElement | undefined>[]> {
  const outcomes = await deleteAs(soap, ids, { type: 'MoveToDeletedItems', ...options });
  if (options.type === 'SoftDelete') return outcomes;
  const again = ids.filter((_, index) => isRefused(outcomes[index]));
  if (again.length === 0) return outcomes;
  const softly = [...(await deleteAs(soap, again, { ...options, type: 'SoftDelete' }))];
  return outcomes.map((outcome) => (isRefused(outcome) ? (softly.shift() ?? outcome) : outcome));
}

/** Somebody else's deleted items may be closed to us, or full. */
const refusals: ReadonlySet<string> = new Set([
  'ErrorAccessDenied',
  'ErrorMoveCopyFailed',
  'ErrorCannotDeleteObject',
  'ErrorQuotaExceeded',
  'ErrorDeleteItemsFailed',
]);

function isRefused(outcome: Outcome<unknown> | undefined): boolean {
  return outcome?.ok === false && refusals.has(outcome.failure.code ?? '');
}

function deleteAs(
  soap: Soap,
  ids: readonly Markup[],
  options: {
    readonly kind: ItemKind;
    readonly mail: Mail;
    readonly type: 'MoveToDeletedItems' | 'SoftDelete';
  },
): Promise<readonly Outcome<XmlElement | undefined>[]> {
  const body = xml(
    'm:DeleteItem',
    {
      DeleteType: options.type,
      SendMeetingCancellations: options.kind === 'event' ? cancellations[options.mail] : undefined,
      AffectedTaskOccurrences: options.kind === 'task' ? 'AllOccurrences' : undefined,
    },
    xml('m:ItemIds', {}, ...ids),
  );
  return askTwice<readonly Outcome<XmlElement | undefined>[]>(
    async () => messagesOf(await soap.call('DeleteItem', body, { repeat: 'never' })).map(outcomeOf),
    // Gone at the second asking: the first one was carried out, only its answer was lost.
    (second) =>
      second.map((outcome) =>
        !outcome.ok && outcome.failure.kind === 'not-found' ? success(undefined) : outcome,
      ),
  );
}
