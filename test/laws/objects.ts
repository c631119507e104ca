// Whole objects out of the tables of generators, and the edits that a client makes to them.
import * as fc from 'fast-check';
import type { FolderKind } from '../../src/model/backend.ts';
import { type Component, parseLines, type Property, renderComponent } from '../fidelity/content-lines.ts';
import { contactTable, groupTable } from './contact-table.ts';
import { eventTable } from './event-table.ts';
import { endLine, frame as anyFrame, type Frame, instantOn, timeLine } from './frame.ts';
import { addDays } from './rules.ts';
import { type Change, type OutlookEdit, outlookTable } from './outlook-table.ts';
import { taskTable } from './task-table.ts';
import type { Generated, Lines } from './table.ts';
import { basic, folded } from './texts.ts';
import { localIn, utc } from './zones.ts';

/** One property of the object said anew by the client. */
export interface Edit {
  /** RECURRENCE-ID's date of the occurrence it happens in; absent: in the object itself. */
  readonly occurrence?: string;
  readonly names: readonly string[];
  readonly lines: Lines;
  readonly sends: readonly string[];
}

/** Another program's change of the item, or of one of its instances. */
export interface Outside extends Pick<OutlookEdit, 'fields' | 'shows' | 'resets'> {
  readonly changes: readonly Change[];
  /** The date of the instance it happens in. */
  readonly occurrence?: string;
  /** It deletes the instance. */
  readonly cancels?: boolean;
}

export interface Case {
  readonly kind: FolderKind;
  /** Of cards. */
  readonly isGroup?: boolean;
  readonly text: string;
  readonly dayZone: string;
  readonly frame?: Frame;
  /** Of cards. */
  readonly version: '3.0' | '4.0';
  readonly edits: readonly Edit[];
  readonly outside: readonly Outside[];
}

const dayZone = fc.constantFrom(
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kolkata',
  'UTC',
  'Pacific/Auckland',
);

/** Even, because the library's own numbers prefer the ends, and it shrinks to nothing. */
const chance = fc.noBias(fc.nat(999));

/** Lines of the rows that fall to this object. */
function drawn<Of>(rows: readonly Generated<Of>[], frame: Of): fc.Arbitrary<Lines> {
  return fc
    .tuple(
      ...rows.map((row) =>
        row.oneIn === 0
          ? row.lines(frame)
          : fc
              .tuple(chance, row.lines(frame))
              .map(([chance, lines]): Lines => ((999 - chance) * row.oneIn < 1000 ? lines : [])),
      ),
    )
    .map((all) => all.flat());
}

function edits<Of>(
  rows: readonly Generated<Of>[],
  frame: Of,
  occurrences: readonly string[],
): fc.Arbitrary<readonly Edit[]> {
  const edit = fc
    .record({ row: fc.nat(), occurrence: fc.option(fc.nat(), { freq: 2 }) })
    .chain(({ row, occurrence }) => {
      const date =
        occurrence === null ? undefined : occurrences[occurrence % Math.max(1, occurrences.length)];
      const fit = rows.filter((each) => each.oneIn > 0 && (date === undefined || each.isOccurrence === true));
      const { names, lines, sends } = fit[row % fit.length]!;
      return lines(frame).map((lines): Edit => ({
        names,
        lines,
        sends,
        ...(date !== undefined && { occurrence: date }),
      }));
    });
  return fc.array(edit, { minLength: 1, maxLength: 3 });
}

function outside(table: readonly OutlookEdit[], frame: Frame | undefined): fc.Arbitrary<readonly Outside[]> {
  const dates = frame?.rule === undefined ? [] : frame.dates;
  const of = (rows: readonly OutlookEdit[]): fc.Arbitrary<Outside> =>
    fc
      .constantFrom(...rows)
      .chain(({ changes, fields, shows, resets = false }) =>
        changes.map((changes) => ({ fields, shows, resets, changes })),
      );
  const whole = of(table);
  const ofOne = (date: string): fc.Arbitrary<Outside> =>
    fc
      .tuple(of(table.filter((each) => each.resets !== true)), fc.constantFrom(false, false, true))
      .map(([each, cancels]) => ({ ...each, occurrence: date, cancels }));
  const any = dates.length < 3 ? whole : fc.oneof(whole, fc.constantFrom(...dates).chain(ofOne));
  return fc.array(any, { minLength: 1, maxLength: 3 });
}

const calendarLines = fc.subarray([
  'X-WR-CALNAME:My calendar',
  'NAME:My calendar',
  'REFRESH-INTERVAL;VALUE=DURATION:PT12H',
]);

const occurrenceRows = eventTable.filter((row) => row.isOccurrence === true);

interface Occurrence {
  readonly date: string;
  readonly lines: Lines;
}

function occurrences(frame: Frame): fc.Arbitrary<readonly Occurrence[]> {
  const dates = frame.rule ? frame.dates.filter((_, index) => index % 2 === 1) : [];
  if (dates.length === 0) return fc.constant([]);
  return fc
    .subarray([...dates], { maxLength: Math.min(3, dates.length) })
    .chain((chosen) => fc.tuple(...chosen.map((date) => occurrence(frame, date))));
}

/** One instance, moved or not, with properties of its own. */
function occurrence(frame: Frame, date: string): fc.Arbitrary<Occurrence> {
  return fc
    .record({
      move: fc.constantFrom('none', 'none', 'later', 'utc', 'day'),
      style: fc.constantFrom('end' as const, 'duration' as const),
      lines: drawn(occurrenceRows, frame),
    })
    .map(({ move, style, lines }) => {
      const at = moved(frame, date, move);
      return {
        date,
        lines: [
          timeLine('RECURRENCE-ID', date, frame),
          ...at.start,
          ...endLine(at.frame, at.date, style),
          ...lines,
        ],
      };
    });
}

function moved(frame: Frame, date: string, move: string): { start: Lines; frame: Frame; date: string } {
  const stays = { start: [timeLine('DTSTART', date, frame)], frame, date };
  if (move === 'day' && frame.gap >= 3) {
    const next = addDays(date, 1);
    return { start: [timeLine('DTSTART', next, frame)], frame, date: next };
  }
  if (frame.kind === 'date') return stays;
  if (move === 'later') {
    const other = { ...frame, time: frame.time < '12:00:00' ? '18:45:00' : '05:15:00', lasts: 1800 };
    return { start: [timeLine('DTSTART', date, other)], frame: other, date };
  }
  if (move !== 'utc' || frame.kind === 'floating') return stays;
  return { start: [`DTSTART:${basic(localIn(utc, instantOn(frame, date)))}Z`], frame, date };
}

export const eventCase: fc.Arbitrary<Case> = anyFrame.chain((frame) =>
  occurrences(frame).chain((changed) =>
    fc
      .record({
        master: drawn(eventTable, frame),
        calendar: calendarLines,
        edits: edits(
          eventTable,
          frame,
          changed.map(({ date }) => date),
        ),
        outside: outside(outlookTable.events, frame),
        fold: fc.nat(1000),
        dayZone,
      })
      .map(({ master, calendar, edits, outside, fold, dayZone }): Case => {
        const lines = [
          'BEGIN:VCALENDAR',
          'VERSION:2.0',
          'PRODID:-//Laws//EN',
          ...calendar,
          ...(frame.kind === 'zoned' ? frame.named.vtimezone : []),
          ...component('VEVENT', master),
          ...changed.flatMap(({ lines }) => component('VEVENT', ['UID:law@example.org', ...lines])),
          'END:VCALENDAR',
        ];
        return { kind: 'events', text: folded(lines, fold), dayZone, frame, version: '3.0', edits, outside };
      }),
  ),
);

function component(name: string, lines: Lines): Lines {
  return [`BEGIN:${name}`, ...lines, `END:${name}`];
}

const openTasks = outlookTable.tasks.filter(({ shows }) => !shows.includes('COMPLETED'));

export const taskCase: fc.Arbitrary<Case> = anyFrame.chain((frame) =>
  fc
    .record({
      lines: drawn(taskTable, frame),
      // Who completes a recurring task completes an instance: see task-instances.test.ts.
      edits: edits(
        frame.rule ? taskTable.filter(({ sends }) => !sends.includes('task:Status')) : taskTable,
        frame,
        [],
      ),
      outside: outside(frame.rule ? openTasks : outlookTable.tasks, undefined),
      fold: fc.nat(1000),
      dayZone,
    })
    .map(({ lines, fold, ...rest }): Case => {
      const zone = frame.kind === 'zoned' ? frame.named.vtimezone : [];
      const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Laws//EN', ...zone];
      const text = folded([...head, ...component('VTODO', lines), 'END:VCALENDAR'], fold);
      return { kind: 'tasks', text, frame, version: '3.0', ...rest };
    }),
);

export const contactCase = cardCase(contactTable, outlookTable.contacts);
export const groupCase = cardCase(groupTable, outlookTable.groups).map((given): Case => ({
  ...given,
  isGroup: true,
}));

function cardCase(table: typeof contactTable, changes: readonly OutlookEdit[]): fc.Arbitrary<Case> {
  return fc.constantFrom('3.0' as const, '4.0' as const).chain((version) =>
    fc
      .record({
        lines: drawn(table, version),
        edits: edits(table, version, []),
        outside: outside(changes, undefined),
        fold: fc.nat(1000),
        dayZone,
      })
      .map(({ lines, fold, ...rest }): Case => ({
        kind: 'contacts',
        text: folded(component('VCARD', [`VERSION:${version}`, ...lines]), fold),
        version,
        ...rest,
      })),
  );
}

/** A client's edit of the text it was given. Undefined: what it edits is not there. */
export function edited(text: string, edit: Edit): string | undefined {
  const [root] = parseLines(text).roots;
  if (root === undefined) return undefined;
  if (root.name === 'VCARD') return renderComponent(withLines(root, edit));
  const isObject = ({ name }: Component): boolean => name === 'VEVENT' || name === 'VTODO';
  const target = root.components.find((each) => isObject(each) && dateIn(each) === edit.occurrence);
  if (target === undefined) return undefined;
  return renderComponent({
    ...root,
    components: root.components.map((each) => (each === target ? withLines(target, edit) : each)),
  });
}

/** `2026-03-01` of a RECURRENCE-ID. */
function dateIn(component: Component): string | undefined {
  const id = component.properties.find(({ name }) => name === 'RECURRENCE-ID')?.value.trim();
  return id && `${id.slice(0, 4)}-${id.slice(4, 6)}-${id.slice(6, 8)}`;
}

/** Whose meeting it is stays: a client cannot give it to somebody else. */
function forSameHost(component: Component, { names, lines, ...rest }: Edit): Edit {
  const host = component.properties.find(({ name }) => name === 'ORGANIZER');
  if (host === undefined || !names.includes('organizer')) return { names, lines, ...rest };
  return { names, lines: [host.raw, ...lines.filter((each) => !each.startsWith('ORGANIZER'))], ...rest };
}

function withLines(component: Component, edit: Edit): Component {
  const { names, lines } = forSameHost(component, edit);
  const gone = new Set(names.map((each) => each.toUpperCase()));
  const [made] = parseLines(['BEGIN:X', ...lines, 'END:X'].join('\r\n')).roots;
  const added = new Set(made?.properties.map(({ name }) => name));
  const stays = ({ name }: { name: string }): boolean => !gone.has(name) && !added.has(name);
  const properties: Property[] = component.properties.filter(stays);
  const components = component.components.filter(stays);
  return {
    ...component,
    properties: [...properties, ...(made?.properties ?? [])],
    components: [...components, ...(made?.components ?? [])],
  };
}
