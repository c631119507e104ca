// Editing and deleting one occurrence: it is the master that changes (BEHAVIOUR §7).
import { childrenOf } from '../src/xml/index.ts';
import { EwsError } from './errors.ts';
import { settleOccurrence } from './events.ts';
import { uidOf } from './fields/calendar-rows.ts';
import type { Found } from './lookup.ts';
import { keepSent, raised, sendCancellations, sendUpdates, type Sending } from './scheduling/invitations.ts';
import type { Update } from './operations/update-item.ts';
import { boundsOf, demandBetweenNeighbours, demandInstance, type Instance } from './series.ts';
import {
  changeItem,
  type Attachment,
  type Exception,
  type Extended,
  type Item,
  type Values,
} from './state/index.ts';
import { viewOf } from './view.ts';
import { applyChange, demandTexts, writeContext, type Writing } from './writing.ts';

/** What belongs to the series as a whole. */
const seriesOnly = new Set(['calendar:Recurrence', 'calendar:UID']);

/** The master with the occurrence as its exception. @throws EwsError */
export function updateOccurrence(
  found: Found,
  instance: Instance,
  update: Update,
): { item: Item; instance: Instance } {
  const { place, item } = found;
  const view = viewOf(place, item, instance);
  const own = writeContext(
    update.context,
    update.changes.flatMap((change) => childrenOf(change).slice(1)),
  );
  const writing: Writing = {
    kind: 'event',
    draft: { ...view.values },
    extended: { ...view.extended },
    attachments: view.attachments ?? [],
    touched: new Set(),
  };
  for (const change of update.changes) {
    if (seriesOnly.has(childrenOf(change)[0]?.attrs['FieldURI'] ?? ''))
      throw new EwsError('ErrorInvalidPropertySet');
    applyChange(writing, change, own);
  }
  const { draft, touched } = writing;
  demandTexts(draft);
  if (['calendar:Start', 'calendar:End', 'calendar:IsAllDayEvent'].some((uri) => touched.has(uri))) {
    settleOccurrence(draft);
    const { start = instance.start, end = instance.end } = draft;
    if (start !== instance.start || end !== instance.end)
      demandBetweenNeighbours(item, instance.index, { start, end });
  }
  Object.assign(draft, raised(view.values, draft));
  const sent = sendUpdates(place.world, place.mailbox, {
    before: view.values,
    values: draft,
    sending: { mode: update.mode, occurrence: instance.originalStart },
    uid: uidOf({ item }),
    attachments: view.attachments,
  });
  keepSent(draft, view.values, sent);
  const exception: Exception = {
    index: instance.index,
    values: differing(draft, item.values),
    extended: ownExtended(writing.extended, item.extended),
    ...(instance.exception?.attachments === undefined ? {} : { attachments: instance.exception.attachments }),
  };
  return withException(found, exception, update.context.user.name);
}

/** The master with other attachments at one occurrence. */
export function attachToOccurrence(
  found: Found,
  instance: Instance,
  attachments: readonly Attachment[],
): { item: Item; instance: Instance } {
  const values: Values = instance.exception?.values ?? { start: instance.start, end: instance.end };
  return withException(found, { ...instance.exception, index: instance.index, values, attachments });
}

/** Takes an occurrence out of its series; nothing goes to Deleted Items. @throws EwsError */
export function deleteOccurrence(
  found: Pick<Found, 'place' | 'item'>,
  instance: Instance,
  sending: Sending,
): Item {
  const { place, item } = found;
  const deletions = [...(item.deletions ?? []), instance.index].sort((a, b) => a - b);
  const exceptions = (item.exceptions ?? []).filter(({ index }) => index !== instance.index);
  if (boundsOf({ ...item, deletions, exceptions }).first === undefined)
    throw new EwsError('ErrorRecurrenceHasNoOccurrence');
  sendCancellations(place.world, place.mailbox, {
    values: viewOf(place, item, instance).values,
    sending: { ...sending, occurrence: instance.originalStart },
    uid: uidOf({ item }),
  });
  return changeItem(place.world, place.folder, { item, change: { deletions, exceptions } });
}

function withException(found: Found, exception: Exception, by?: string): { item: Item; instance: Instance } {
  const { place, item } = found;
  const others = (item.exceptions ?? []).filter(({ index }) => index !== exception.index);
  const changed = changeItem(place.world, place.folder, {
    item,
    change: {
      exceptions: [...others, exception].sort((a, b) => a.index - b.index),
      ...(by === undefined ? {} : { by }),
    },
  });
  return { item: changed, instance: demandInstance(changed, exception.index) };
}

function ownExtended(held: Extended, master: Extended | undefined): Extended {
  return Object.fromEntries(Object.entries(held).filter(([key, value]) => master?.[key] !== value));
}

/** What the occurrence has that its master has not; its times always. Removed values are remembered as absent. */
function differing(values: Values, master: Values): Values {
  const own: Record<string, unknown> = { start: values.start, end: values.end };
  const held: Readonly<Record<string, unknown>> = { ...values };
  const whole: Readonly<Record<string, unknown>> = { ...master };
  for (const key of new Set([...Object.keys(held), ...Object.keys(whole)])) {
    if (key === 'recurrence' || key === 'itemClass' || key === 'reminderDueBy') continue;
    if (held[key] !== whole[key]) own[key] = held[key];
  }
  return own;
}
