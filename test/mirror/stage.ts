// Two mailboxes in memory, each with its own gateway collections, and a mirror between their calendars.
import type { Collection } from '../../src/model/collection.ts';
import { valueOf } from '../../src/model/failure.ts';
import type { MirrorStore } from '../../src/model/mirror-store.ts';
import { defaultGuard, openTexts, runPair, undoRun } from '../../src/mirror/index.ts';
import type { MirrorEvent, PairRules, RunInput, RunReport, UndoneEntry } from '../../src/mirror/index.ts';
import { openMirrorStore } from '../../src/store/index.ts';
import { faultyCollection, type Faults, faultyStore } from './faulty.ts';
import { type Fixture, openFixture } from '../collections/fixture.ts';

export interface MirrorStage {
  readonly exchange: Fixture;
  readonly nextcloud: Fixture;
  readonly store: MirrorStore;
  readonly events: MirrorEvent[];
  readonly rules: PairRules;
  readonly faults: { readonly store: Faults; readonly exchange: Faults; readonly nextcloud: Faults };
  readonly run: (more?: Partial<RunInput>) => Promise<RunReport>;
  readonly undo: (run: number) => Promise<readonly UndoneEntry[]>;
  /** Text of every member by UID; several texts under one UID are joined: no test expects that. */
  readonly texts: (side: Fixture) => Promise<Record<string, string>>;
  readonly put: (side: Fixture, name: string, text: string) => Promise<void>;
}

export const plainRules: PairRules = {
  name: 'pair',
  kind: 'events',
  direction: 'both',
  conflict: 'exchange',
  privacy: { kind: 'keep' },
  alarms: 'keep',
  attachments: { kind: 'link' },
  guard: defaultGuard,
};

export async function openMirrorStage(more: Partial<PairRules> = {}): Promise<MirrorStage> {
  const [exchange, nextcloud] = [await openFixture(), await openFixture()];
  const store = await openMirrorStore('memory:', { now: exchange.now });
  const rules = { ...plainRules, ...more };
  const events: MirrorEvent[] = [];
  const faults: MirrorStage['faults'] = {
    store: { next: [] },
    exchange: { next: [] },
    nextcloud: { next: [] },
  };
  const input: RunInput = {
    rules,
    sides: {
      exchange: faultyCollection(exchange.calendar, faults.exchange),
      nextcloud: faultyCollection(nextcloud.calendar, faults.nextcloud),
    },
    store: faultyStore(store, faults.store),
    texts: openTexts(rules, { ownAddresses: new Set(['alice@example.test']), now: exchange.now }),
    seal: (text) => `sealed ${text}`,
    now: exchange.now,
    scope: 'changes',
    dryRun: false,
    isForced: false,
    writers: { exchange: 4, nextcloud: 1 },
    observe: (event) => void events.push(event),
  };
  return {
    exchange,
    nextcloud,
    store,
    events,
    rules,
    faults,
    async run(given) {
      events.length = 0;
      exchange.pass();
      nextcloud.pass();
      return runPair({ ...input, ...given });
    },
    undo: (run) => undoRun({ ...input, unseal: (sealed) => /^sealed (.*)$/s.exec(sealed)?.[1] }, run),
    texts: (side) => textsOf(side.calendar),
    async put(side, name, text) {
      side.pass();
      await side.calendar.put({ href: name, text, condition: {}, mail: 'silent' });
    },
  };
}

async function textsOf(calendar: Collection): Promise<Record<string, string>> {
  const members = await calendar.members();
  const read = await calendar.read(
    members.map(({ href }) => href),
    { kind: 'whole' },
  );
  const texts: Record<string, string> = {};
  for (const [, outcome] of read) {
    const { text } = valueOf(outcome);
    const uid = /^UID:(.*)$/m.exec(text)?.[1]?.trim() ?? '';
    texts[uid] = (texts[uid] ?? '') + text;
  }
  return texts;
}

export function eventText(uid: string, lines: readonly string[] = []): string {
  const given = new Set(lines.map((line) => /^[A-Z-]+/.exec(line)?.[0]));
  const defaults = [
    'DTSTAMP:20260601T000000Z',
    'DTSTART:20260610T090000Z',
    'DTEND:20260610T100000Z',
    'SUMMARY:Meeting',
  ].filter((line) => !given.has(/^[A-Z]+/.exec(line)?.[0]));
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//Test//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    ...defaults,
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}
