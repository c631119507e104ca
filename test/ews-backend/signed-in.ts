// A mailbox of the simulated Exchange for one test file: opened before, closed after, with what every test asks of it.
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type {
  Backend,
  ChangePage,
  Folder,
  FolderKind,
  ItemId,
  Listed,
  Mailbox,
  Stored,
} from '../../src/model/backend.ts';
import { BackendError, type Outcome } from '../../src/model/failure.ts';
import {
  type ContactItem,
  emptyContact,
  emptyEvent,
  emptyTask,
  type EventItem,
  type Item,
  type TaskItem,
} from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';

export const alice = { kind: 'password', user: 'alice@example.test', password: 'alice' } as const;

export function signedIn() {
  let simulator: Simulator;
  let backend: Backend;
  let mailbox: Mailbox;
  beforeAll(async () => {
    simulator = await startSimulator({ seed: 'none', envelope: judgeEnvelope });
    backend = openEwsBackend({ url: simulator.url });
    mailbox = await backend.open(alice);
  });
  afterAll(async () => {
    await backend.close();
    await simulator.close();
  });
  beforeEach(() => {
    simulator.faults.clear();
    simulator.resetCalls();
  });

  function calls(): Readonly<Record<string, number>> {
    const made = simulator.calls();
    simulator.resetCalls();
    return made;
  }

  async function folderOf(kind: FolderKind): Promise<Folder> {
    const found = (await mailbox.folders()).find((folder) => folder.kind === kind && folder.isDefault);
    if (found === undefined) throw new Error(`no default folder of ${kind}`);
    simulator.resetCalls();
    return found;
  }

  async function pagesOf(folder: Folder, cursor?: string): Promise<ChangePage[]> {
    const pages: ChangePage[] = [];
    for await (const page of mailbox.changes(folder.id, cursor)) pages.push(page);
    return pages;
  }

  async function listed(folder: Folder): Promise<Listed[]> {
    const pages = await pagesOf(folder);
    return pages.flatMap(({ changes }) =>
      changes.flatMap((change) => (change.kind === 'present' ? [change.listed] : [])),
    );
  }

  async function fetchAll(ids: readonly ItemId[]): Promise<Map<ItemId, Outcome<Stored>>> {
    const found = new Map<ItemId, Outcome<Stored>>();
    for await (const [id, outcome] of mailbox.fetch(ids)) found.set(id, outcome);
    return found;
  }

  async function stored(id: ItemId): Promise<Stored> {
    const outcome = (await fetchAll([id])).get(id);
    if (outcome?.ok !== true) throw new Error(`not fetched: ${JSON.stringify(outcome)}`);
    return outcome.value;
  }

  return {
    get simulator() {
      return simulator;
    },
    get backend() {
      return backend;
    },
    get mailbox() {
      return mailbox;
    },
    calls,
    folderOf,
    pagesOf,
    listed,
    fetchAll,
    stored,
  };
}

export async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw new Error(`not a BackendError: ${String(error)}`);
  return error.failure;
}

export function at(local: string, zone = 'Europe/Berlin'): When {
  return { kind: 'zoned', local, zone };
}

export function event(fields: Partial<EventItem> = {}): EventItem {
  return {
    ...emptyEvent,
    summary: 'R&D <review>',
    description: 'line 1\nline 2',
    location: 'Room 1',
    start: at('2026-03-02T09:00:00'),
    end: at('2026-03-02T10:00:00'),
    categories: ['Red'],
    reminderMinutes: 10,
    ...fields,
  };
}

let count = 0;
export function draft<T extends Item>(item: T) {
  count += 1;
  const uid = `uid-${count}@test`;
  return {
    item: item.kind === 'event' ? { ...item, uid } : item,
    tags: { uid, href: `h${count}.ics`, residue: '{"v":1}' },
  };
}

export const daily = { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 20 } } as const;
export function override(date: string, fields: Partial<EventItem> = {}) {
  const { kind: _, isOrganizer: __, overrides: ___, cancelledDates: ____, ...rest } = event();
  return {
    ...rest,
    start: at(`${date}T14:00:00`),
    end: at(`${date}T15:00:00`),
    recurrenceId: at(`${date}T09:00:00`),
    ...fields,
  };
}

export function contact(fields: Partial<ContactItem> = {}): ContactItem {
  return {
    ...emptyContact,
    fullName: 'Ann Lee',
    name: { prefix: '', given: 'Ann', middle: '', family: 'Lee', suffix: '' },
    emails: { email1: { address: 'ann@example.test' } },
    phones: { mobile: '+43 1' },
    company: 'ACME',
    ...fields,
  };
}

export const task: TaskItem = { ...emptyTask, summary: 'Write', due: '2026-05-01', importance: 'high' };
