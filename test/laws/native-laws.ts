// The laws of what others have written: whatever a mailbox holds is shown, and a client that sends back what it was shown
// changes nothing.
import type { Stored } from '../../src/model/backend.ts';
import type { FolderKind } from '../../src/model/backend.ts';
import {
  isNewPart,
  type ContactItem,
  type EventFields,
  type EventItem,
  type Item,
  type PostalAddress,
  type TaskStatus,
} from '../../src/model/item.ts';
import { diff, express } from '../../src/ews-backend/fields/index.ts';
import { filesOf } from '../../src/translate/attachments.ts';
import { isDeepEqual } from '../../src/translate/rows.ts';
import { parseIncoming, renderStored, residueOf } from '../../src/translate/index.ts';
import { parseLines } from '../fidelity/content-lines.ts';
import { own } from './box.ts';
import { fieldsIn, touchesFiles } from './law-list.ts';
import type { Verdict } from './law.ts';

const kinds = { event: 'events', task: 'tasks', contact: 'contacts', group: 'contacts' } satisfies Record<
  Item['kind'],
  FolderKind
>;

export interface NativeCase {
  readonly item: Item;
  readonly dayZone: string;
}

export function judgeNative({ item, dayZone }: NativeCase): Verdict {
  const expression = express(item, dayZone);
  // No mailbox can hold this.
  if (expression.kind !== 'ok') return { refused: JSON.stringify(expression), faults: [] };
  // What others hold: answers, cancellations and organizers are theirs.
  const { held } = expression;
  const stored: Stored = { id: 'item', version: 'v', nativeUid: 'law', tags: {}, item: foreign(held, item) };
  const faults: string[] = [];
  for (const version of ['3.0', '4.0'] as const) {
    if (version === '4.0' && kinds[item.kind] !== 'contacts') continue;
    try {
      faults.push(...judgeShown(stored, { dayZone, version }));
    } catch (error) {
      faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
  return { faults };
}

/** `express` says how our own writes are held; what somebody else organises is held with all that he said. */
function foreign(held: Item, item: Item): Item {
  if (held.kind !== 'event' || item.kind !== 'event') return held;
  const { attendees, cancelled, ownPartStat, organizer } = item;
  const answers = new Map(attendees.map((each) => [each.address.toLowerCase() || each.name, each.partStat]));
  const withAnswers = held.attendees.map((each) => ({
    ...each,
    partStat: answers.get(each.address.toLowerCase() || each.name) ?? each.partStat,
  }));
  return { ...held, attendees: withAnswers, cancelled, ownPartStat, organizer };
}

function judgeShown(
  stored: Stored,
  { dayZone, version }: { dayZone: string; version: '3.0' | '4.0' },
): string[] {
  const { item } = stored;
  const kind = kinds[item.kind];
  const expressed = (said: Item) => express(said, dayZone, item);
  const show = (each: Stored): string =>
    renderStored([each], {
      uid: 'law',
      express: (said, present) => express(said, dayZone, present),
      ownAddresses: [own],
      vcard: version,
    });
  const shown = show(stored);
  const faults = parseLines(shown).faults.map((each) => `GET: ${each}`);
  const incoming = parseIncoming(shown, kind, {
    present: stored,
    ownAddresses: [own],
    express: expressed,
    defaultZone: dayZone,
  });
  const expression = expressed(incoming.item);
  if (expression.kind !== 'ok')
    return [...faults, `what was shown is refused: ${JSON.stringify(expression)}\n${shown}`];
  const residue = residueOf(incoming, expression, expressed);
  if (residue !== '') faults.push(`what was shown leaves a residue: ${residue}\n${shown}`);
  const sent = diff(stored, { item: incoming.item, tags: stored.tags }, dayZone);
  const fields = fieldsIn(sent);
  if (touchesFiles(sent)) faults.push(`what was shown, sent back, changes files\n${shown}`);
  if (fields.size > 0) faults.push(`what was shown, sent back, writes ${[...fields].join(' ')}\n${shown}`);
  // Nobody can copy a meeting of somebody else, nor does iCalendar say that a task regenerates.
  if (item.kind === 'event' && !item.isOrganizer) return faults;
  if (item.kind === 'task' && item.recurrence?.regenerates === true) return faults;
  return [...faults, ...judgeElsewhere(stored, { shown, dayZone })];
}

/** Without knowing what was there: a client that copies it into another calendar. */
function judgeElsewhere(stored: Stored, { shown, dayZone }: { shown: string; dayZone: string }): string[] {
  const { item } = stored;
  const incoming = parseIncoming(shown, kinds[item.kind], {
    ownAddresses: [own],
    files: filesOf(item),
    defaultZone: dayZone,
  });
  const expression = express(incoming.item, dayZone);
  if (expression.kind !== 'ok') return [`a copy is refused: ${JSON.stringify(expression)}\n${shown}`];
  const copy = comparable(expression.held);
  if (isDeepEqual(copy, comparable(item))) return [];
  return [`a copy is another item:\n${JSON.stringify(copy)}\n${JSON.stringify(comparable(item))}\n${shown}`];
}

/** iCalendar has fewer words for states. */
const statusOf: Readonly<Record<TaskStatus, TaskStatus>> = {
  'not-started': 'not-started',
  deferred: 'not-started',
  'in-progress': 'in-progress',
  waiting: 'in-progress',
  completed: 'completed',
};

/** What a text can say: without stamps, without the numbers of slots that only their order tells. */
function comparable(item: Item): unknown {
  const { created: _c, modified: _m, ...rest } = item;
  if (rest.kind === 'task') {
    const status = rest.percent > 0 && rest.status === 'deferred' ? 'in-progress' : statusOf[rest.status];
    return { ...rest, status, attachments: files(rest.attachments) };
  }
  if (rest.kind === 'contact') {
    const { emails, ims, phones, pages, addresses, ...card } = rest;
    return {
      ...card,
      pages: Object.values(pages),
      addresses: Object.entries(addresses)
        .map(([slot, each]): [string, unknown] => [slot, withoutBox(each)])
        .sort(([one], [other]) => (one < other ? -1 : 1)),
      emails: Object.values(emails).map(({ address }) => address),
      ims: Object.values(ims),
      phones: firstSlots(phones),
    };
  }
  if (rest.kind === 'group')
    return { ...rest, members: rest.members.flatMap(({ address }) => address || []) };
  const { uid: _u, sequence: _s, organizer: _o, meetingUrl: _url, invitationsSent: _sent, ...event } = rest;
  return {
    ...event,
    ...comparableFields(event),
    overrides: event.overrides.map(({ meetingUrl: _url, ...each }) => ({
      ...each,
      ...comparableFields(each),
    })),
  };
}

function firstSlots({ business, business2, home, home2, ...others }: ContactItem['phones']): unknown {
  const given = (...numbers: readonly (string | undefined)[]): string[] =>
    numbers.flatMap((each) => each ?? []);
  return { ...others, work: given(business, business2), home: given(home, home2) };
}

/** A new one becomes a line of the street. */
function withoutBox({ box, street, ...rest }: PostalAddress): object {
  return { ...rest, street: [street, box].filter((each) => each).join('\n') };
}

function comparableFields({ attendees, attachments }: EventFields): object {
  return { attendees: people(attendees), attachments: files(attachments) };
}

/** A link to elsewhere is kept beside a copy, as the client's own. */
function files(attachments: EventFields['attachments']): EventFields['attachments'] {
  return attachments.filter((each) => isNewPart(each) || each.uri === undefined);
}

function people(attendees: EventItem['attendees']): unknown {
  // Nobody can be invited to a copy by a name alone.
  return attendees.flatMap(({ partStat: _p, ...each }) => (each.address === '' ? [] : [each]));
}
