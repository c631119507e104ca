// What an attendee may change in a meeting that somebody else organises: what is his own (DESIGN §6). The rest stays.
import type { EventFields, EventItem, Override, PartStat } from '../model/item.ts';
import { eventKind, overrideOf } from './kinds.ts';
import { isDeepEqual } from './rows.ts';
import { keyOfWhen } from './times.ts';

type Own = Pick<EventFields, 'busy' | 'categories' | 'reminderMinutes'>;

export function withOwnChanges(present: EventItem, given: EventItem): EventItem {
  const givenByKey = new Map(given.overrides.map((override) => [keyOfWhen(override.recurrenceId), override]));
  const presentKeys = new Set(present.overrides.map((override) => keyOfWhen(override.recurrenceId)));
  // Who takes an occurrence out of his own calendar changes nobody else's; what is out does not come back.
  const refused = given.overrides.filter((override) => isRefused(override, present));
  const out = new Map(
    [
      ...present.cancelledDates,
      ...given.cancelledDates,
      ...refused.map(({ recurrenceId }) => recurrenceId),
    ].map((when) => [keyOfWhen(when), when]),
  );
  const kept = present.overrides.flatMap((override) => {
    const key = keyOfWhen(override.recurrenceId);
    const own = refused.some((each) => keyOfWhen(each.recurrenceId) === key)
      ? undefined
      : givenByKey.get(key);
    if (own) return [{ ...override, ...ownOf(own), ...ownAnswer(own, { ...present, ...override }) }];
    return out.has(key) ? [] : [override];
  });
  const added = given.overrides.flatMap((override) =>
    presentKeys.has(keyOfWhen(override.recurrenceId)) || refused.includes(override)
      ? []
      : ownOccurrence(present, override),
  );
  return {
    ...present,
    ...ownOf(given),
    ownPartStat: answerOf(given, present),
    overrides: [...kept, ...added],
    cancelledDates: [...out.values()],
  };
}

/** Declined now: it leaves the calendar. */
function isRefused({ recurrenceId, ownPartStat }: Override, present: EventItem): boolean {
  const key = keyOfWhen(recurrenceId);
  const held =
    present.overrides.find((each) => keyOfWhen(each.recurrenceId) === key) ??
    eventKind.plainView?.(present, key);
  return (
    ownPartStat === 'declined' &&
    held !== undefined &&
    (held.ownPartStat ?? present.ownPartStat) !== 'declined'
  );
}

function ownOf({ busy, categories, reminderMinutes }: Own): Own {
  return { busy, categories, reminderMinutes };
}

/** What an occurrence does not say of its own the series says. */
function ownAnswer(given: EventFields, present: EventFields): Pick<EventFields, 'ownPartStat'> {
  const ownPartStat = answerOf(given, present);
  return ownPartStat === present.ownPartStat ? {} : { ownPartStat };
}

/** An answer that was given cannot be taken back, only changed. */
function answerOf(given: EventFields, present: EventFields): PartStat | undefined {
  return given.ownPartStat === 'needs-action' ? present.ownPartStat : given.ownPartStat;
}

/** An occurrence that the owner answered or in which he changed something of his own; it stays where the organizer put it. */
function ownOccurrence(present: EventItem, given: Override): Override[] {
  const plain = eventKind.plainView?.(present, keyOfWhen(given.recurrenceId));
  if (plain === undefined) return [];
  const answer = answerOf(given, present);
  const isMoved = !isDeepEqual(given.start, given.recurrenceId);
  const isOther = !isMoved && !isDeepEqual(ownOf(given), ownOf(present));
  if (!isOther && answer === present.ownPartStat) return [];
  return [{ ...overrideOf(plain), ...ownOf(isMoved ? present : given), ownPartStat: answer }];
}
