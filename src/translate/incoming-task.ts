// The VTODO of one object → TaskItem.
import { emptyTask } from '../model/item.ts';
import {
  componentParser,
  documentOf,
  has,
  type CalendarObject,
  type Incoming,
  type IncomingContext,
} from './calendar-object.ts';
import { TranslateError } from './errors.ts';
import { masterKey, taskKind } from './kinds.ts';
import { shownPresent } from './shown.ts';

export function parseTask(object: CalendarObject, context: IncomingContext): Incoming {
  const held = context.present?.item;
  const present = held?.kind === 'task' ? held : undefined;
  const [task, ...others] = object.components;
  const changed = object.components.find((each) => has(each, 'recurrence-id'));
  if (!task || changed) {
    throw new TranslateError(
      'unsupported',
      'a changed occurrence of a task cannot be stored',
      'RECURRENCE-ID',
    );
  }
  if (others.length > 0) throw new TranslateError('not-one-object', 'two tasks with one UID', 'UID');
  const { view, taken } = componentParser(taskKind, emptyTask, { object, context, present }).parse(task, {
    present,
    shown: shownPresent(taskKind, present, context).get(masterKey),
  });
  return { uid: object.uid, item: view, document: documentOf(object, context, [{ key: masterKey, taken }]) };
}
