// Public folders as a mailbox: one level of folders a call, a thousand items a call, and a folder that moves under the reader.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import {
  addFolder,
  addItem,
  folderOf,
  grant,
  levels,
  openPublicFolders,
  removeItem,
  type Folder,
} from '../../simulator/state/index.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type { Backend, Folder as ModelFolder, Mailbox } from '../../src/model/backend.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { alice, draft, event, failureOf } from './signed-in.ts';

let simulator: Simulator;
let backend: Backend;
let mailbox: Mailbox;
let days: Folder;
/** Happens when the nth FindItem since then is asked. */
let before: (nth: number) => void = () => {};
beforeEach(async () => {
  let asked = 0;
  before = () => {};
  simulator = await startSimulator({
    seed: 'none',
    envelope(direction, text) {
      judgeEnvelope(direction, text);
      if (direction === 'request' && text.includes('FindItem')) before((asked += 1));
    },
  });
  const { world } = simulator;
  let parent = folderOf(openPublicFolders(world), 'publicfoldersroot');
  for (const name of ['A', 'B']) {
    parent = addFolder(world, { parent, name, folderClass: 'IPF.Note' });
    grant(parent, 'default', levels.reviewer);
  }
  days = addFolder(world, { parent, name: 'Days', folderClass: 'IPF.Appointment' });
  grant(days, 'default', levels.editor);
  backend = openEwsBackend({ url: simulator.url });
  mailbox = (await backend.open(alice)).publicFolders(['/a/b/DAYS', '/A/B/Days/Deeper', '/A/X/Y/Z']);
  simulator.resetCalls();
});
afterEach(async () => {
  await backend.close();
  await simulator.close();
});

const perPage = 1000;
function fill(count: number): void {
  for (let number = 0; number < count; number += 1)
    addItem(simulator.world, days, {
      kind: 'event',
      created: Date.UTC(2025, 0, 1) + number,
      values: {
        itemClass: 'IPM.Appointment',
        uid: `day-${number}`,
        start: Date.UTC(2026, 0, 1) + number,
        end: Date.UTC(2026, 0, 2) + number,
      },
    });
}

const oldest = () => [...days.items.values()].sort((a, b) => a.created - b.created)[0]!;

async function onlyFolder(): Promise<ModelFolder> {
  const folders = await mailbox.folders();
  expect(folders).toHaveLength(1);
  return folders[0]!;
}

async function listed(): Promise<readonly (string | undefined)[]> {
  const folder = await onlyFolder();
  simulator.resetCalls();
  const found: (string | undefined)[] = [];
  for await (const page of mailbox.changes(folder.id, 'full')) {
    expect(page.mode).toBe('full');
    for (const change of page.changes) if (change.kind === 'present') found.push(change.listed.nativeUid);
  }
  return found;
}

describe('paths', () => {
  it('are followed a level a call, all at once, whatever their case; what is missing is not asked again', async () => {
    const folder = await onlyFolder();
    expect(folder).toMatchObject({ displayName: 'Days', kind: 'events' });
    expect(folder.rights).toMatchObject({ create: true, administer: false, createFolders: false });
    expect(simulator.calls()).toEqual({ FindFolder: 4, GetFolder: 1 });
    simulator.resetCalls();
    await onlyFolder();
    expect(simulator.calls()).toEqual({ GetFolder: 1 });
  });

  it('in trouble hide nothing', async () => {
    await onlyFolder();
    simulator.faults.on('message', { operation: 'GetFolder', code: 'ErrorMailboxStoreUnavailable' });
    expect((await failureOf(mailbox.folders())).kind).toBe('unavailable');
  });
});

describe('a listing', () => {
  it('takes a call for each thousand items', async () => {
    fill(2 * perPage + 300);
    expect(new Set(await listed()).size).toBe(2 * perPage + 300);
    expect(simulator.calls()).toEqual({ FindItem: 3 });
  });

  it.each([
    ['the first item', () => oldest()],
    [
      'the last item of the page',
      () => [...days.items.values()].find(({ values }) => values.uid === `day-${perPage - 1}`)!,
    ],
  ])('misses nothing when %s goes between two pages', async (_, which) => {
    fill(2 * perPage);
    const gone = which();
    before = (nth) => {
      if (nth === 2) removeItem(simulator.world, days, gone);
    };
    const found = await listed();
    expect(found).toHaveLength(2 * perPage - 1);
    expect(new Set(found).size).toBe(2 * perPage - 1);
    expect(found).not.toContain(gone.values.uid);
  });

  it('is refused, not shortened, while the folder never stands still', async () => {
    fill(perPage + 10);
    before = (nth) => {
      if (nth % 2 === 0) removeItem(simulator.world, days, oldest());
    };
    expect((await failureOf(listed())).kind).toBe('unavailable');
  });
});

describe('items', () => {
  it('are made silently, and deleted so that they can be recovered', async () => {
    const folder = await onlyFolder();
    const item = event({
      organizer: { address: 'alice@example.test' },
      attendees: [{ address: 'bob@example.test', role: 'required', partStat: 'needs-action' }],
    });
    const made = await mailbox.create(folder.id, draft(item), 'send');
    expect(await listed()).toHaveLength(1);
    const stored = { id: made.id, version: made.version, tags: {}, item };
    const answering = mailbox.respond(stored, [{ partStat: 'accepted', mail: 'send' }]);
    expect((await failureOf(answering)).kind).toBe('denied');
    simulator.resetCalls();
    await mailbox.remove(made.id, { kind: 'event', mail: 'send', version: made.version });
    expect(simulator.calls()).toEqual({ DeleteItem: 1 });
    expect(days.items.size).toBe(0);
    expect(simulator.world.sent).toEqual([]);
  });
});
