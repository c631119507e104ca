// The VTODO of one object → TaskItem; instances of a series beside it only as far as they say what is done or left out.
import { emptyTask, type TaskItem } from '../model/item.ts';
import type { LocalDate } from '../model/time.ts';
import {
  componentParser,
  documentOf,
  has,
  type CalendarObject,
  type Incoming,
  type IncomingContext,
} from './calendar-object.ts';
import type { Jcal, JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { masterKey, taskKind } from './kinds.ts';
import type { ParseContext, TakenApart } from './rows.ts';
import { withInstances, type Instances } from './task-instances.ts';
import { dayOf, dayZoneOf } from './task-times-row.ts';
import { whenOf, whensOf } from './times.ts';

export function parseTask(object: CalendarObject, context: IncomingContext): Incoming {
  const held = context.present?.item;
  const present = held?.kind === 'task' ? held : undefined;
  const [master, ...others] = object.components.filter((each) => !has(each, 'recurrence-id'));
  if (others.length > 0) throw new TranslateError('not-one-object', 'two tasks with one UID', 'UID');
  const [lone, ...more] = object.components;
  const task = master ?? lone;
  if (!task || (!master && more.length > 0)) {
    const message = 'several instances without their series cannot be stored';
    throw new TranslateError('unsupported', message, 'RECURRENCE-ID');
  }
  const parser = componentParser(taskKind, emptyTask, { object, context, present });
  const { view, taken } = parser.parse(task, { key: masterKey, present });
  const instances = instancesOf(master ? object.components : [], {
    context: withStart(parser.contextOf(), task),
    view: (component) => parser.parse(component, { key: masterKey }).view,
  });
  const item = withInstances(view, instances, present);
  const isOver = view.status === 'completed' && item.recurrence === undefined;
  const parts = [{ key: masterKey, taken: isOver ? withRuleAside(taken) : taken }];
  return {
    uid: object.uid,
    item,
    document: documentOf(object, context, { parts, zoneOf: parser.contextOf().zoneOf }),
  };
}

/** Instances are named by the clock of the start. */
function withStart(context: ParseContext, task: JcalComponent): ParseContext {
  const named = (name: string): Jcal | undefined => task[1].find((each) => each[0] === name);
  const first = named('dtstart') ?? named('due');
  return { ...context, recurs: true, ...(first && { start: whenOf(first, context.zoneOf) }) };
}

interface Reading {
  readonly context: ParseContext;
  readonly view: (component: JcalComponent) => TaskItem;
}

function instancesOf(components: readonly JcalComponent[], { context, view }: Reading): Instances {
  const done = new Map<LocalDate, LocalDate | undefined>();
  const skipped = new Set<LocalDate>();
  const daysIn = (component: JcalComponent, name: string): LocalDate[] =>
    component[1]
      .filter((property) => property[0] === name)
      .flatMap((property) => whensOf(property, context.zoneOf))
      .map((when) => dayOf(when, dayZoneOf(context)));
  for (const component of components) {
    for (const date of daysIn(component, 'exdate')) skipped.add(date);
    for (const date of daysIn(component, 'recurrence-id')) {
      const { status, completed } = view(component);
      if (status === 'completed') done.set(date, completed);
      else if (isCancelled(component)) skipped.add(date);
      else
        throw new TranslateError(
          'unsupported',
          'a changed occurrence of a task cannot be stored',
          'RECURRENCE-ID',
        );
    }
  }
  return { done, skipped };
}

function isCancelled(component: JcalComponent): boolean {
  return component[1].some(([name, , , value]) => name === 'status' && /^cancelled$/i.test(String(value)));
}

/** Of a task that is done the rule is only remembered: no row says it again. */
function withRuleAside(taken: TakenApart): TakenApart {
  const isRule = ([name]: Jcal): boolean => name === 'rrule' || name === 'exdate';
  const rules = taken.rows.flatMap((parts) =>
    parts.filter((part) => 'property' in part && isRule(part.property)),
  );
  return {
    ...taken,
    rows: taken.rows.map((parts) => parts.filter((part) => !rules.includes(part))),
    properties: [
      ...taken.properties,
      ...rules.flatMap((part) => ('property' in part ? [[part.property]] : [])).flat(),
    ],
  };
}
