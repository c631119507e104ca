// Series and their occurrences against the simulated Exchange, and the messages that leave.
import { describe, expect, it } from 'vitest';
import type { EventItem } from '../../src/model/item.ts';
import { at, daily, draft, event, failureOf, override, signedIn } from './signed-in.ts';

const under = signedIn();
const { calls, folderOf, listed, stored } = under;

describe('a series', () => {
  const series = (fields: Partial<EventItem> = {}) => event({ recurrence: daily, ...fields });

  it('is created whole: changed and cancelled occurrences in one call each', async () => {
    const folder = await folderOf('events');
    const item = series({
      overrides: [override('2026-03-04'), override('2026-03-10', { summary: 'Other' })],
      cancelledDates: [at('2026-03-05T09:00:00'), at('2026-03-21T09:00:00')],
    });
    const made = await under.mailbox.create(folder.id, draft(item), 'silent');
    expect(calls()).toEqual({ CreateItem: 1, UpdateItem: 1, DeleteItem: 1, GetItem: 2 });
    const read = await stored(made.id);
    expect(calls()).toEqual({ GetItem: 2 });
    expect(read.version).toBe(made.version);
    const held = read.item as EventItem;
    expect(held.overrides.map(({ recurrenceId, start, summary }) => [recurrenceId, start, summary])).toEqual([
      [at('2026-03-04T09:00:00'), at('2026-03-04T14:00:00'), 'R&D <review>'],
      [at('2026-03-10T09:00:00'), at('2026-03-10T14:00:00'), 'Other'],
    ]);
    expect(held.cancelledDates).toEqual([at('2026-03-05T09:00:00'), at('2026-03-21T09:00:00')]);
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('has one occurrence changed, or cancelled, in three calls whatever its number', async () => {
    const folder = await folderOf('events');
    const made = await under.mailbox.create(folder.id, draft(series()), 'silent');
    const before = await stored(made.id);
    const item = before.item as EventItem;
    under.simulator.resetCalls();
    await under.mailbox.update({
      before,
      after: { item: { ...item, overrides: [override('2026-03-20')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const made2 = calls();
    expect(made2['UpdateItem']).toBe(1);
    expect(Object.values(made2).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(4);
    const then = await stored(made.id);
    expect((then.item as EventItem).overrides).toHaveLength(1);
    under.simulator.resetCalls();
    await under.mailbox.update({
      before: then,
      after: { item: { ...(then.item as EventItem), cancelledDates: [at('2026-03-19T09:00:00')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    expect(Object.values(calls()).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(4);
    expect(((await stored(made.id)).item as EventItem).cancelledDates).toEqual([at('2026-03-19T09:00:00')]);
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('gets its exceptions back when its time changes', async () => {
    const folder = await folderOf('events');
    const item = series({ overrides: [override('2026-03-04')], cancelledDates: [at('2026-03-05T09:00:00')] });
    const made = await under.mailbox.create(folder.id, draft(item), 'silent');
    const before = await stored(made.id);
    const shifted = {
      ...(before.item as EventItem),
      start: at('2026-03-02T08:00:00'),
      end: at('2026-03-02T09:00:00'),
      overrides: [override('2026-03-04', { recurrenceId: at('2026-03-04T08:00:00') })],
      cancelledDates: [at('2026-03-05T08:00:00')],
    };
    const written = await under.mailbox.update({
      before,
      after: { item: shifted, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const read = await stored(made.id);
    expect(read.version).toBe(written.version);
    const held = read.item as EventItem;
    expect(held.overrides.map(({ recurrenceId, start }) => [recurrenceId, start])).toEqual([
      [at('2026-03-04T08:00:00'), at('2026-03-04T14:00:00')],
    ]);
    expect(held.cancelledDates).toEqual([at('2026-03-05T08:00:00')]);
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('is not written over when somebody was faster, though only an occurrence changes', async () => {
    const folder = await folderOf('events');
    const made = await under.mailbox.create(folder.id, draft(series()), 'silent');
    const before = await stored(made.id);
    const item = before.item as EventItem;
    await under.mailbox.update({
      before,
      after: { item: { ...item, summary: 'Faster' }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const late = under.mailbox.update({
      before,
      after: { item: { ...item, cancelledDates: [at('2026-03-05T09:00:00')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    expect((await failureOf(late)).kind).toBe('changed');
    expect(((await stored(made.id)).item as EventItem).cancelledDates).toEqual([]);
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('leaves nothing behind when the server will never take one of its occurrences', async () => {
    const folder = await folderOf('events');
    const before = await listed(folder);
    under.simulator.faults.poison('Unfindable');
    const item = series({ summary: 'Unfindable', overrides: [override('2026-03-04')] });
    expect((await failureOf(under.mailbox.create(folder.id, draft(item), 'silent'))).kind).toBe('invalid');
    expect(await listed(folder)).toEqual(before);
  });
});

describe('messages', () => {
  it('leave once, with the last of several writes, and only when they may', async () => {
    const folder = await folderOf('events');
    const attendees = [{ address: 'bob@example.test', role: 'required', partStat: 'needs-action' }] as const;
    const item = event({ recurrence: daily, attendees, overrides: [override('2026-03-04', { attendees })] });
    const quiet = await under.mailbox.create(folder.id, draft(item), 'silent');
    expect(under.simulator.sentMessages()).toEqual([]);
    const loud = await under.mailbox.create(folder.id, draft(item), 'send');
    expect(under.simulator.sentMessages()).toHaveLength(1);
    await under.mailbox.remove(quiet.id, { kind: 'event', mail: 'silent' });
    expect(under.simulator.sentMessages()).toHaveLength(1);
    await under.mailbox.remove(loud.id, { kind: 'event', mail: 'send' });
    expect(under.simulator.sentMessages().map(({ kind }) => kind)).toEqual([
      expect.any(String),
      'cancellation',
    ]);
  });
});
