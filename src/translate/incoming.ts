// A client's PUT body → item (RFC 4791 §4.1, §5.3.2; RFC 6352 §5.1, §6.3.2).
import type { FolderKind } from '../model/backend.ts';
import { calendarObjectOf, type Incoming, type IncomingContext } from './calendar-object.ts';
import { parseComponents, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { parseContact } from './incoming-contact.ts';
import { parseEvent } from './incoming-event.ts';
import { parseTask } from './incoming-task.ts';

export type { Incoming, IncomingContext } from './calendar-object.ts';

interface Reader {
  readonly root: string;
  readonly parse: (root: JcalComponent, context: IncomingContext) => Incoming;
}

const readers = {
  events: {
    root: 'vcalendar',
    parse: (root, context) => parseEvent(calendarObjectOf(root, 'vevent'), context),
  },
  tasks: {
    root: 'vcalendar',
    parse: (root, context) => parseTask(calendarObjectOf(root, 'vtodo'), context),
  },
  contacts: {
    root: 'vcard',
    parse: parseContact,
  },
} satisfies Record<FolderKind, Reader>;

/** @throws TranslateError */
export function parseIncoming(
  text: string | Uint8Array,
  kind: FolderKind,
  context: IncomingContext,
): Incoming {
  const [root, ...others] = parseComponents(text);
  if (!root) throw new TranslateError('malformed', 'the body is empty');
  if (others.length > 0) throw new TranslateError('not-one-object', 'the body holds several objects');
  const reader: Reader = readers[kind];
  if (root[0] !== reader.root) {
    const message = `this folder takes ${reader.root.toUpperCase()}`;
    throw new TranslateError('wrong-component', message, root[0].toUpperCase());
  }
  return reader.parse(root, context);
}
