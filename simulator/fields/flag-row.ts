// item:Flag ([MS-OXWSCORE] 2.2.4.10 t:FlagType): which dates go with which status.
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import type { Flag } from '../state/index.ts';
import { tag, whole, type Row, type WriteContext } from './row.ts';
import { parseTime } from './times.ts';

const dates = [
  ['StartDate', 'start'],
  ['DueDate', 'due'],
  ['CompleteDate', 'complete'],
] as const;

export const flagRow: Row = whole(
  { uri: 'item:Flag', can: 'SUF', shape: 'a' },
  {
    read: (view) => view.values.flag?.status,
    render(view, answer) {
      const { flag = { status: 'NotFlagged' } } = view.values;
      const shown = dates.map(([element, key]) =>
        flag[key] === undefined ? '' : tag(element, answer.time(flag[key])),
      );
      return tag('Flag', tag('FlagStatus', flag.status) + shown.join(''));
    },
    set(draft, given, context) {
      draft.flag = parseFlag(given, context);
    },
  },
);

/** @throws EwsError ErrorInvalidArgument: dates that do not fit the status (R2002–R2010) */
function parseFlag(given: XmlElement, context: WriteContext): Flag {
  const status = textOf(childOf(given, 'FlagStatus'));
  const flag: { status: string; start?: number; due?: number; complete?: number } = { status };
  for (const [element, key] of dates) {
    const child = childOf(given, element);
    if (child !== undefined) flag[key] = parseTime(textOf(child), context.startZone);
  }
  const hasDays = flag.start !== undefined || flag.due !== undefined;
  const isPair = (flag.start === undefined) === (flag.due === undefined);
  const fits =
    status === 'Flagged'
      ? flag.complete === undefined && isPair
      : !hasDays && (status === 'Complete' || flag.complete === undefined);
  if (!fits) throw new EwsError('ErrorInvalidArgument');
  return flag;
}
