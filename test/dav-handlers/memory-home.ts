// A Home in memory over such collections. For tests of the handlers.
import type { BusyTime, Delegate, FolderProperties } from '../../src/model/backend.ts';
import type { Collection, Home } from '../../src/model/collection.ts';
import { BackendError, DavError, failed, precondition, type Outcome } from '../../src/model/failure.ts';
import type { Person } from '../../src/model/item.ts';
import type { Range } from '../../src/model/time.ts';
import { MemoryCollection, requireCondition, type MemoryFolder } from './memory-collection.ts';

export class MemoryHome implements Home {
  readonly owner: Person;
  readonly identity: string;
  readonly patches: unknown[] = [];
  readonly inbox: MemoryCollection;
  readonly further: string[] = [];
  readonly busy = new Map<string, Outcome<readonly BusyTime[]>>();
  readonly busyQuestions: { addresses: readonly string[]; range: Required<Range> }[] = [];
  #collections: MemoryCollection[];

  constructor(owner: Person, folders: readonly MemoryFolder[]) {
    this.owner = owner;
    this.identity = owner.address;
    const rights = { create: false, modify: false, createFolders: false, administer: false };
    this.inbox = new MemoryCollection(
      { key: 'inbox', kind: 'events', displayName: 'Inbox', isDefault: true, rights },
      owner,
    );
    this.inbox.folder = { ...this.inbox.folder, role: 'schedule-inbox' };
    this.#collections = folders.map((folder) => new MemoryCollection(folder, owner));
  }

  async collections(): Promise<readonly MemoryCollection[]> {
    return this.#collections;
  }

  async collection(key: string): Promise<MemoryCollection | undefined> {
    return this.#collections.find(({ folder }) => folder.key === key);
  }

  at(key: string): MemoryCollection {
    const found = this.#collections.find(({ folder }) => folder.key === key);
    if (found === undefined) throw new BackendError({ kind: 'not-found', message: `no folder ${key}` });
    return found;
  }

  async create(draft: MemoryFolder & { properties: FolderProperties }): Promise<Collection> {
    const made = new MemoryCollection(draft, this.owner);
    this.#collections.push(made);
    return made;
  }

  async patch(key: string, changes: { displayName?: string; properties?: FolderProperties }): Promise<void> {
    this.patches.push(changes);
    const collection = this.at(key);
    collection.folder = { ...collection.folder, ...changes };
  }

  async remove(key: string): Promise<void> {
    this.at(key);
    this.#collections = this.#collections.filter(({ folder }) => folder.key !== key);
  }

  async transfer(request: Parameters<Home['transfer']>[0]): Promise<{ created: boolean }> {
    const { verb, from, to, overwrite, condition } = request;
    const [source, target] = [this.at(from.key), this.at(to.key)];
    const text = source.textOf(from.href);
    if (text === undefined) throw new BackendError({ kind: 'not-found', message: 'there is no such object' });
    requireCondition(condition, (await source.member(from.href))?.etag);
    const taken = target.textOf(to.href) !== undefined;
    if (taken && !overwrite) throw new DavError(412, 'the Destination is taken');
    if (verb === 'copy' && from.key === to.key)
      throw new DavError(403, 'the UID is taken', {
        precondition: precondition.calendarNoUidConflict,
        member: from.href,
      });
    target.keep(to.href, text);
    if (verb === 'move') source.drop(from.href);
    return { created: !taken };
  }

  async busyTimes(
    addresses: readonly string[],
    range: Required<Range>,
  ): Promise<ReadonlyMap<string, Outcome<readonly BusyTime[]>>> {
    this.busyQuestions.push({ addresses, range });
    return new Map(
      addresses.map((address) => [
        address,
        this.busy.get(address) ?? failed({ kind: 'not-found', message: 'nobody has this address' }),
      ]),
    );
  }

  readonly sharedOwners: Person[] = [];
  readonly delegated: Delegate[] = [];

  async delegates(): Promise<readonly Delegate[]> {
    return this.delegated;
  }

  async addresses(): Promise<readonly string[]> {
    return [this.owner.address, ...this.further];
  }
}
