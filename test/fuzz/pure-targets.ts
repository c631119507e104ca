// The rooms without network: texts of clients into items and back, asked in every way; answers of servers into items; XML.
import { diff, express, readListed, readStored, renderCreate } from '../../src/ews-backend/fields/index.ts';
import { readMessage } from '../../src/ews-backend/fields/invitation-fields.ts';
import { parseAnswer, messagesOf, outcomeOf } from '../../src/ews-backend/answer.ts';
import { itemsIn } from '../../src/ews-backend/operations/get-item.ts';
import { Readable } from 'node:stream';
import type { FolderKind, Stored } from '../../src/model/backend.ts';
import { BackendError, DavError } from '../../src/model/failure.ts';
import type { CalendarFilter } from '../../src/model/filter.ts';
import {
  busyTimesOf,
  matchesAddress,
  matchesCalendar,
  openCalendarFeed,
  parseFreeBusyRequest,
  parseIncoming,
  renderStored,
  residueOf,
  shapeText,
  TranslateError,
} from '../../src/translate/index.ts';
import { parseXml, requestLimits, XmlError, type XmlElement } from '../../src/xml/index.ts';
import { mutatedLines } from './lines.ts';
import { mutatedMarkup } from './markup.ts';
import { davBodies } from './dav-requests.data.ts';
import { ruledText } from './rules.ts';
import type { Seeds } from './seeds.ts';
import { Finding, type Target } from './target.ts';

const own = ['alice@example.test'];

export function pureTargets(seeds: Seeds): readonly Target[] {
  return [
    {
      name: 'calendar',
      weight: 300,
      make: (random) => mutatedLines(seeds.calendars, random),
      run: translateCalendar,
    },
    {
      name: 'rule',
      weight: 60,
      make: ruledText,
      run: translateCalendar,
    },
    {
      name: 'card',
      weight: 200,
      make: (random) => mutatedLines(seeds.cards, random),
      run: (input) => translate(input, 'contacts'),
    },
    {
      name: 'xml',
      weight: 240,
      make: (random) => mutatedMarkup(davBodies, random),
      run: (input) => refused([XmlError], () => void parseXml(input.toString(), requestLimits)),
    },
    {
      name: 'soap',
      weight: 240,
      make: (random) => mutatedMarkup(seeds.answers, random),
      run: readAnswer,
    },
  ];
}

type ErrorKind = abstract new (...args: never) => Error;

/** Does it, or refuses it in so many words. */
function refused(kinds: readonly ErrorKind[], work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!kinds.some((kind) => error instanceof kind)) throw error;
  }
}

const year = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 0, 1) };
const filter: CalendarFilter = {
  comp: {
    name: 'VCALENDAR',
    isNotDefined: false,
    props: [],
    comps: ['VEVENT', 'VTODO'].map((name) => ({
      name,
      isNotDefined: false,
      timeRange: year,
      props: [
        { name: 'SUMMARY', isNotDefined: false, textMatch: textMatch('a'), params: [] },
        { name: 'DTSTART', isNotDefined: false, timeRange: year, params: [] },
      ],
      comps: [{ name: 'VALARM', isNotDefined: false, timeRange: year, props: [], comps: [] }],
    })),
  },
};

function textMatch(text: string) {
  return { text, collation: 'i;unicode-casemap', negate: false, match: 'contains' } as const;
}

function translateCalendar(input: Buffer): void {
  translate(input, input.includes('BEGIN:VTODO') ? 'tasks' : 'events');
}

/** A PUT of it, and what may be asked of it afterwards. */
function translate(input: Buffer, kind: FolderKind): void {
  refused([TranslateError], () => void parseFreeBusyRequest(input.toString()));
  refused([TranslateError, BackendError], () => {
    const stored = storedOf(input, kind);
    const [first] = stored;
    if (first === undefined) return;
    for (const vcard of ['3.0', '4.0'] as const) {
      const text = renderStored(stored, {
        uid: first.tags.uid ?? 'u',
        express: (item, present) => express(item, undefined, present),
        ownAddresses: own,
        vcard,
      });
      readAgain(text, kind);
      if (kind !== 'contacts') return ask(text);
      matchesAddress(text, { test: 'anyof', props: [namedProp('FN'), namedProp('EMAIL'), namedProp('ADR')] });
      shapeText(text, { kind: 'address', version: vcard, properties: [{ name: 'FN', noValue: false }] });
    }
  });
}

function namedProp(name: string) {
  const params = [{ name: 'TYPE', isNotDefined: false, textMatch: textMatch('h') }];
  return { name, isNotDefined: false, test: 'anyof', texts: [textMatch('a')], params } as const;
}

/** What the mailbox would hold: one item, or several that are one object. */
function storedOf(input: Buffer, kind: FolderKind): readonly Stored[] {
  const incoming = parseIncoming(input, kind, { ownAddresses: own, defaultZone: 'Europe/Berlin', express });
  const expression = express(incoming.item);
  if (expression.kind === 'refuse') return [];
  const items = expression.kind === 'ok' ? [expression.held] : expression.parts.map(({ item }) => item);
  if (items.length === 0) throw new Finding('an item is expressed as nothing');
  const residue = residueOf(incoming, expression, express);
  return items.map((item, index) => {
    const tags = { uid: incoming.uid, residue: index === 0 ? residue : '' };
    renderCreate({ item, tags });
    return { id: `i${index}`, version: 'v', nativeUid: incoming.uid, tags, item };
  });
}

/** What we say, we must understand ourselves. */
function readAgain(text: string, kind: FolderKind): void {
  try {
    parseIncoming(text, kind, { ownAddresses: own, defaultZone: 'Europe/Berlin', express });
  } catch (error) {
    if (!(error instanceof TranslateError) || error.problem === 'malformed')
      throw new Finding(`our own text is not understood: ${String(error)}\n${text}`, { cause: error });
  }
}

function ask(text: string): void {
  matchesCalendar(text, filter);
  refused([TranslateError], () => void busyTimesOf(text, year));
  refused(
    [TranslateError],
    () => void shapeText(text, { kind: 'calendar', expand: year, limitRecurrenceSet: year }),
  );
  for (const detail of ['whole', 'busy-only'] as const) {
    const feed = openCalendarFeed({ name: 'x', detail });
    feed.add(text);
    feed.text();
  }
}

async function readAnswer(input: Buffer): Promise<void> {
  let messages: readonly XmlElement[];
  try {
    const body = Readable.from([input]);
    const answer = { status: 200, headers: {}, body, drain: async () => undefined };
    messages = messagesOf(await parseAnswer(answer as never, 'host.test'));
  } catch (error) {
    if (error instanceof BackendError) return;
    throw error;
  }
  for (const message of messages) {
    refused([BackendError], () => void outcomeOf(message));
    for (const element of itemsIn(message)) readElement(element);
  }
}

function readElement(element: XmlElement): void {
  refused([BackendError], () => void readListed(element));
  refused([BackendError], () => void readMessage(element, element));
  refused([BackendError, TranslateError, DavError], () => {
    const stored = readStored(element, [element]);
    diff(stored, { item: stored.item, tags: stored.tags });
    const text = renderStored([stored], {
      uid: stored.nativeUid ?? 'u',
      express: (item, present) => express(item, undefined, present),
      ownAddresses: own,
    });
    if (stored.item.kind === 'event' || stored.item.kind === 'task') ask(text);
  });
}
