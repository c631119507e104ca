// What an attendee may change in a meeting that somebody else organises: what is his own (DESIGN §6). The rest stays.
import { isNewPart, type EventFields, type EventItem, type Override, type PartStat } from '../model/item.ts';
import { overrideOf } from './kinds.ts';
import { occurrencesOf } from './meeting-changes.ts';
import { isDeepEqual } from './rows.ts';
import { keyOfWhen } from './times.ts';

type Own = Pick<EventFields, 'busy' | 'categories' | 'reminderMinutes'>;

export function withOwnChanges(present: EventItem, given: EventItem): EventItem {
  const heldAt = occurrencesOf(present);
  const refused = new Set(given.overrides.filter((override) => isRefused(override, present, heldAt)));
  const givenByKey = new Map(
    given.overrides.filter((each) => !refused.has(each)).map((each) => [keyOfWhen(each.recurrenceId), each]),
  );
  const presentKeys = new Set(present.overrides.map((override) => keyOfWhen(override.recurrenceId)));
  // Who takes an occurrence out of his own calendar changes nobody else's; what is out does not come back.
  const leaving = [...refused].map(({ recurrenceId }) => recurrenceId);
  const out = new Map(
    [...present.cancelledDates, ...given.cancelledDates, ...leaving].map((when) => [keyOfWhen(when), when]),
  );
  const kept = present.overrides.flatMap((override) => {
    const key = keyOfWhen(override.recurrenceId);
    const own = givenByKey.get(key);
    if (own) return [{ ...override, ...ownOf(own), ...ownAnswer(own, { ...present, ...override }) }];
    return out.has(key) ? [] : [override];
  });
  const added = [...givenByKey].flatMap(([key, override]) =>
    presentKeys.has(key) ? [] : ownOccurrence(present, override, heldAt(override.recurrenceId)),
  );
  return {
    ...present,
    ...ownOf(given),
    ownPartStat: answerOf(given, present),
    // Files of the meeting are the organizer's; those that the owner adds lie in his own copy.
    attachments: [...present.attachments, ...given.attachments.filter(isNewPart)],
    overrides: [...kept, ...added],
    cancelledDates: [...out.values()],
  };
}

type HeldAt = ReturnType<typeof occurrencesOf>;

/** Declined now: it leaves the calendar. */
function isRefused({ recurrenceId, ownPartStat }: Override, present: EventItem, heldAt: HeldAt): boolean {
  const held = ownPartStat === 'declined' ? heldAt(recurrenceId) : undefined;
  return held !== undefined && (held.ownPartStat ?? present.ownPartStat) !== 'declined';
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

/**
 * An occurrence that the owner answered or in which he changed something of his own; it stays where the organizer put it.
 * `plain`: as the series has it.
 */
function ownOccurrence(present: EventItem, given: Override, plain: EventFields | undefined): Override[] {
  if (plain === undefined) return [];
  const answer = answerOf(given, present);
  const isMoved = !isDeepEqual(given.start, given.recurrenceId);
  const isOther = !isMoved && !isDeepEqual(ownOf(given), ownOf(present));
  if (!isOther && answer === present.ownPartStat) return [];
  const { recurrenceId } = given;
  const theirs = overrideOf({ ...present, ...plain, recurrenceId });
  return [{ ...theirs, ...ownOf(isMoved ? present : given), ownPartStat: answer }];
}
