// What is written and read again is what `express` said; what a difference leaves is what the whole item would be.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Draft, Stored } from '../../../src/model/backend.ts';
import type { EventItem, Item } from '../../../src/model/item.ts';
import {
  diff,
  express,
  occurrencesOfNew,
  readStored,
  renderCreate,
} from '../../../src/ews-backend/fields/index.ts';
import { changes, contact, group, series, single, task, withChanges, zone } from './arbitrary.ts';
import type { Markup } from '../../../src/xml/index.ts';
import { answer, answerSeries, apply, applyOccurrences, create, type SeriesState } from './stand-in.ts';

const tags = { uid: 'u', href: 'h.ics', residue: '<r>' };

function heldOf(item: Item): Item {
  const expression = express(item);
  fc.pre(expression.kind === 'ok');
  return expression.kind === 'ok' ? expression.held : item;
}

/** Without what nobody can know beforehand: by which name the server calls the owner as organizer, and entries of a list. */
function comparable(item: Item): Item {
  if (item.kind === 'group') {
    const members = item.members.map(({ key: _key, ...member }) => ({
      ...member,
      // An address in other letters is the same.
      address: member.address.toLowerCase(),
    }));
    return {
      ...item,
      members: members.toSorted((a, b) => ((a.id ?? a.address) < (b.id ?? b.address) ? -1 : 1)),
    };
  }
  const { organizer, ...rest } = JSON.parse(JSON.stringify(item));
  return organizer === undefined ? rest : { ...rest, organizer: { address: organizer.address } };
}

/** Whom Exchange knows it goes on calling as it does: only who is invited, and as what. */
function withPeople(item: Item): Item {
  const anonymous = (fields: Pick<EventItem, 'attendees'>) =>
    fields.attendees.map(({ address, name, role }) => `${address.toLowerCase() || name} ${role}`).toSorted();
  const plain = comparable(item);
  if (plain.kind !== 'event') return plain;
  const overrides = plain.overrides.map((each) => ({ ...each, attendees: anonymous(each) }));
  return { ...plain, attendees: anonymous(plain), overrides } as unknown as Item;
}

/** All changes of an item itself. */
function changesOf(result: ReturnType<typeof diff>): Markup[] {
  return [...result.changes, ...result.attendees];
}

function stored(element: Parameters<typeof answer>[0]): Stored {
  return readStored(answer(element), []);
}

describe('an item written and read again', () => {
  for (const [name, arbitrary] of Object.entries({ single, task, contact, group }) as [
    string,
    fc.Arbitrary<Item>,
  ][]) {
    it(`is what express says: ${name}`, () => {
      fc.assert(
        fc.property(arbitrary, (item) => {
          const held = heldOf(item);
          const read = stored(create(renderCreate({ item, tags })));
          fc.pre(
            !(
              item.kind === 'task' &&
              held.kind === 'task' &&
              held.status === 'completed' &&
              held.completed === undefined
            ),
          );
          expect(comparable(read.item)).toEqual(comparable(held));
          expect(read.tags).toEqual(tags);
          expect(comparable(heldOf(held))).toEqual(comparable(held));
        }),
        { numRuns: 300 },
      );
    });

    it(`becomes another by a difference: ${name}`, () => {
      fc.assert(
        fc.property(arbitrary, arbitrary, (from, to) => {
          const before = create(renderCreate({ item: from, tags }));
          const isUndated = (held: Item): boolean =>
            held.kind === 'task' && held.status === 'completed' && held.completed === undefined;
          const wanted = { ...heldOf(to), ...(from.kind === 'event' && { uid: from.uid }) };
          fc.pre(!isUndated(heldOf(from)) && !isUndated(wanted));
          const after = apply(
            before,
            changesOf(diff(stored(before), { item: to, tags: { ...tags, residue: '' } })),
          );
          expect(withPeople(stored(after).item)).toEqual(withPeople(wanted));
          expect(stored(after).tags).toEqual({ uid: 'u', href: 'h.ics' });
          expect(changesOf(diff(stored(after), { item: to, tags: {} }))).toEqual([]);
        }),
        { numRuns: 300 },
      );
    });
  }
});

function createSeries(draft: Draft, dayZone: string): SeriesState {
  const master = create(renderCreate(draft, dayZone));
  return applyOccurrences(
    { master, exceptions: new Map(), deleted: new Set() },
    occurrencesOfNew(draft, dayZone),
  );
}

function storedSeries(state: SeriesState): Stored {
  return readStored(...answerSeries(state));
}

function heldIn(item: EventItem, dayZone: string): EventItem {
  const expression = express(item, dayZone);
  fc.pre(
    expression.kind === 'ok' && expression.held.kind === 'event' && expression.held.recurrence !== undefined,
  );
  return expression.kind === 'ok' && expression.held.kind === 'event' ? expression.held : item;
}

describe('a series', () => {
  it('is read as express says, with its occurrences', () => {
    fc.assert(
      fc.property(series, zone, (item, dayZone) => {
        const held = heldIn(item, dayZone);
        const read = storedSeries(createSeries({ item, tags }, dayZone));
        expect(comparable(read.item)).toEqual(comparable(held));
        expect(comparable(heldIn(held, dayZone))).toEqual(comparable(held));
      }),
      { numRuns: 500 },
    );
  });

  it('becomes another by a difference, exceptions and all', () => {
    fc.assert(
      fc.property(
        series,
        changes,
        fc.option(series, { nil: undefined }),
        zone,
        (from, wanted, other, dayZone) => {
          heldIn(from, dayZone);
          const bare: EventItem = {
            ...from,
            overrides: [],
            cancelledDates: [],
            ...(other && { summary: other.summary }),
          };
          const to = withChanges(
            other !== undefined && wanted.length > 2 ? { ...other, uid: from.uid } : bare,
            wanted,
          );
          const target = heldIn(to, dayZone);
          const before = createSeries({ item: from, tags }, dayZone);
          const result = diff(storedSeries(before), { item: to, tags }, dayZone);
          const after = applyDiff(before, result);
          expect(withPeople(storedSeries(after).item)).toEqual(withPeople({ ...target, uid: from.uid }));
          const again = diff(storedSeries(after), { item: to, tags }, dayZone);
          expect([changesOf(again), again.occurrences, again.resetsOccurrences]).toEqual([[], [], false]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function applyDiff(state: SeriesState, result: ReturnType<typeof diff>): SeriesState {
  const { resetsOccurrences, occurrences } = result;
  const changes = changesOf(result);
  const sent = changes.some(({ xml }) =>
    /FieldURI="calendar:(Recurrence|Start|End|StartTimeZone)"/.test(xml),
  );
  if (resetsOccurrences !== sent)
    throw new Error('exceptions are dropped exactly when the pattern or the time is written');
  const master = apply(state.master, changes);
  const kept = sent ? { master, exceptions: new Map(), deleted: new Set<string>() } : { ...state, master };
  return applyOccurrences(kept, occurrences);
}
