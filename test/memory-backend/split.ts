// An event with dates beside its rule as this mailbox holds it: a series, and an item for each further date.
import type { Expression, ItemPart } from '../../src/model/expression.ts';
import type { EventItem, Override } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import { instantOfWhen, localOf } from '../../src/model/zones.ts';

export function splitOf(item: EventItem): Expression {
  const single: EventItem = {
    ...item,
    recurrence: undefined,
    extraDates: undefined,
    overrides: [],
    cancelledDates: [],
    attachments: [],
  };
  if (item.attendees.length > 0)
    return { kind: 'refuse', part: 'RDATE', reason: 'each item would be an invitation of its own' };
  const starts = (item.extraDates ?? []).map(({ start }) => start);
  const alone = item.recurrence === undefined ? [item.start, ...starts] : starts;
  const isAlone = (when: When): boolean => alone.some((each) => isSame(each, when));
  const singles = alone.flatMap((instance): ItemPart[] => {
    const override = item.overrides.find(({ recurrenceId }) => isSame(recurrenceId, instance));
    if (item.cancelledDates.some((when) => isSame(when, instance))) return [];
    return [{ instance, item: override ? overridden(single, override) : moved(single, instance) }];
  });
  const series: ItemPart[] =
    item.recurrence === undefined
      ? []
      : [
          {
            item: {
              ...single,
              recurrence: item.recurrence,
              overrides: item.overrides
                .filter(({ recurrenceId }) => !isAlone(recurrenceId))
                .map((override) => ({ ...override, attachments: [] })),
              cancelledDates: item.cancelledDates.filter((when) => !isAlone(when)),
            },
          },
        ];
  return { kind: 'split', held: item, parts: [...series, ...singles] };
}

function isSame(one: When, other: When): boolean {
  return instantOfWhen(one) === instantOfWhen(other);
}

function overridden(single: EventItem, { recurrenceId: _id, ...own }: Override): EventItem {
  return { ...single, reminderMinutes: undefined, ...own, attachments: [] };
}

function moved(single: EventItem, start: When): EventItem {
  const end = instantOfWhen(start) + instantOfWhen(single.end) - instantOfWhen(single.start);
  if (start.kind === 'date')
    return { ...single, start, end: { ...start, date: localOf(end, 'UTC').slice(0, 10) } };
  const zone = start.kind === 'zoned' ? start.zone : 'UTC';
  return { ...single, start, end: { ...start, local: localOf(end, zone) } };
}
