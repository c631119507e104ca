// What an attendee may change in a meeting that somebody else organises: what is his own (DESIGN §6). The rest stays.
import { isNewPart, type EventItem, type Override } from '../model/item.ts';
import { isDeepEqual } from './rows.ts';
import { keyOfWhen } from './times.ts';

type Own = Pick<EventItem, 'busy' | 'categories' | 'reminderMinutes'>;

export function withOwnChanges(present: EventItem, given: EventItem): EventItem {
  const givenByKey = new Map(given.overrides.map((override) => [keyOfWhen(override.recurrenceId), override]));
  const presentKeys = new Set(present.overrides.map((override) => keyOfWhen(override.recurrenceId)));
  const kept = present.overrides.map((override) => {
    const own = givenByKey.get(keyOfWhen(override.recurrenceId));
    return own ? { ...override, ...ownOf(own) } : override;
  });
  const added = given.overrides.flatMap((override) =>
    presentKeys.has(keyOfWhen(override.recurrenceId)) ? [] : ownOccurrence(present, override),
  );
  return {
    ...present,
    ...ownOf(given),
    ownPartStat: given.ownPartStat,
    // Files of the meeting are the organizer's; those that the owner adds lie in his own copy.
    attachments: [...present.attachments, ...given.attachments.filter(isNewPart)],
    overrides: [...kept, ...added],
    // Who takes an occurrence out of his own calendar changes nobody else's.
    cancelledDates:
      given.cancelledDates.length > present.cancelledDates.length
        ? given.cancelledDates
        : present.cancelledDates,
  };
}

function ownOf({ busy, categories, reminderMinutes }: Own): Own {
  return { busy, categories, reminderMinutes };
}

/** An occurrence of which the owner changed something of his own; it stays where the organizer put it. */
function ownOccurrence(present: EventItem, given: Override): Override[] {
  if (isDeepEqual(ownOf(given), ownOf(present)) || !isDeepEqual(given.start, given.recurrenceId)) return [];
  const { summary, description, location, sensitivity, importance, attendees, attachments, cancelled } =
    present;
  const meeting = {
    summary,
    description,
    formatted: undefined,
    location,
    sensitivity,
    importance,
    attendees,
    attachments,
    cancelled,
  };
  return [{ ...given, ...meeting }];
}
