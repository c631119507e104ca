// MimeContent in requests: a calendar item made of, or changed by, iCalendar text (BEHAVIOUR §4, §8).
import { textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import type { WriteContext } from '../fields/row.ts';
import type { Writing } from '../writing.ts';
import { importEvent } from './event-import.ts';

/** A calendar item as iCalendar text; what else the request says comes after it. @throws EwsError */
export function setMimeContent(writing: Writing, value: XmlElement, context: WriteContext): void {
  const text = textOf(value).replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new EwsError('ErrorMimeContentInvalidBase64String');
  const { values, ...imported } = importEvent(Buffer.from(text, 'base64').toString(), context);
  if (values.recurrence === undefined) delete writing.draft.recurrence;
  Object.assign(writing.draft, values);
  writing.imported = imported;
  for (const name of ['Start', 'End', 'StartTimeZone', 'EndTimeZone', 'IsAllDayEvent', 'Recurrence'])
    writing.touched.add(`calendar:${name}`);
}
