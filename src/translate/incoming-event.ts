// VEVENTs of one object → EventItem: the master by its rows, changed occurrences by the same rows.
import { emptyEvent, type EventItem } from '../model/item.ts';
import type { When } from '../model/time.ts';
import {
  componentParser,
  documentOf,
  has,
  type CalendarObject,
  type Incoming,
  type IncomingContext,
} from './calendar-object.ts';
import type { JcalComponent } from './codec.ts';
import { ownSet } from './calendar-user.ts';
import { TranslateError } from './errors.ts';
import { eventKind, keyOfView, masterKey, overrideOf } from './kinds.ts';
import { withOwnChanges } from './own-changes.ts';
import type { ParseContext } from './rows.ts';
import { keyOfWhen } from './times.ts';
import { lastingParts, wishesOf, withPeopleOf } from './wishes.ts';

const blankEvent: EventItem = {
  ...emptyEvent,
  start: { kind: 'date', date: '1970-01-01' },
  end: { kind: 'date', date: '1970-01-02' },
};

export function parseEvent(given: CalendarObject, context: IncomingContext): Incoming {
  const held = context.present?.item;
  const present = held?.kind === 'event' ? held : undefined;
  const object = { ...given, components: lastingParts(given.components, { ...context, present }) };
  const [master, ...more] = object.components.filter((each) => !has(each, 'recurrence-id'));
  if (more.length > 0) throw new TranslateError('not-one-object', 'two events with one UID', 'UID');
  const own = ownSet(context.ownAddresses);
  const overrides = object.components.filter((each) => each !== master);
  const lone = master ?? overrides[0];
  if (!lone || (!master && overrides.length > 1)) {
    // A mailbox holds such instances as items of their own; one item cannot be made of them.
    const message = 'several instances without their series cannot be stored';
    throw new TranslateError('unsupported', message, 'RECURRENCE-ID');
  }
  const parser = componentParser(eventKind, blankEvent, { object, context, present });
  const first = parser.parse(lone, { key: masterKey, present });
  const heldViews = new Map(
    present && eventKind.views(present).map((view, index) => [keyOfView(view, index), view]),
  );
  const seriesStart = first.view.start;
  const views = (master ? overrides : []).map((given) => {
    const id = occurrenceId(given, parser, seriesStart);
    const heldView = heldViews.get(id);
    const component = master && !isForNobody(heldView, present) ? withPeopleOf(master, given, own) : given;
    return parser.parse(component, { key: id, seriesStart, present: heldView, series: present });
  });
  checkOverrides(
    first.view,
    views.map(({ view }) => view),
  );
  const cancelled = new Set(views.map(({ view }) => keyOfView(view, 1)));
  const keyOf = (component: JcalComponent): string =>
    has(component, 'recurrence-id') && master ? occurrenceId(component, parser, seriesStart) : masterKey;
  const item: EventItem = {
    ...first.view,
    overrides: views.map(({ view }) => overrideOf(view)),
    // An occurrence that is described exists, even if an EXDATE names it too.
    cancelledDates: first.view.cancelledDates.filter((when) => !cancelled.has(keyOfWhen(when))),
  };
  const others = views.map(({ view, taken }) => ({ key: keyOfView(view, 1), taken }));
  const parts = [{ key: masterKey, taken: first.taken }, ...others];
  return {
    uid: object.uid,
    item: present?.isOrganizer === false ? withOwnChanges(present, item) : item,
    wishes: wishesOf(given.components, { ...context, keyOf }),
    document: documentOf(object, context, { parts, zoneOf: parser.contextOf().zoneOf }),
  };
}

/** Its guests were taken off this occurrence alone: that it names nobody is what a client was shown. */
function isForNobody(held: EventItem | undefined, series: EventItem | undefined): boolean {
  return held?.attendees.length === 0 && series !== undefined && series.attendees.length > 0;
}

function occurrenceId(
  component: JcalComponent,
  parser: { contextOf(seriesStart: When): ParseContext },
  seriesStart: When,
): string {
  const row = eventKind.rows.find((each) => each.claims.includes('recurrence-id'));
  const line = component[1].find(([name]) => name === 'recurrence-id');
  const id = line && row?.parse([{ property: line }], parser.contextOf(seriesStart), blankEvent).recurrenceId;
  return id ? keyOfWhen(id) : masterKey;
}

function checkOverrides(master: EventItem, overrides: readonly EventItem[]): void {
  const keys = overrides.map((view) => keyOfView(view, 1));
  if (new Set(keys).size < keys.length) {
    throw new TranslateError('not-one-object', 'one occurrence is changed twice', 'RECURRENCE-ID');
  }
  if (overrides.length > 0 && !master.recurrence && !master.extraDates) {
    throw new TranslateError(
      'invalid',
      'a changed occurrence of an event that does not recur',
      'RECURRENCE-ID',
    );
  }
}
