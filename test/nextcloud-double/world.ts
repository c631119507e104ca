// What the double stores: users, calendars with their change log and trash, address books. Rows as in Nextcloud's tables, so that
// its faults come out of the same causes.
import { hash, randomUUID } from 'node:crypto';

export interface Row {
  readonly id: number;
  uri: string;
  text: string;
  uid: string;
  component: string;
  deletedAt?: number;
}

interface Change {
  readonly uri: string;
  /** 1 added, 2 changed, 3 deleted. */
  readonly operation: 1 | 2 | 3;
  readonly token: number;
}

export interface Collection {
  readonly kind: 'calendar' | 'book';
  readonly uri: string;
  readonly owner: User;
  readonly components: readonly string[];
  /** Dead and live properties by Clark name. */
  readonly properties: Map<string, string>;
  readonly rows: Row[];
  readonly changes: Change[];
  token: number;
  deletedAt?: number;
  /** The ICS feed behind it. */
  readonly source?: string;
  readonly readOnly?: boolean;
}

export interface Share {
  readonly collection: Collection;
  readonly access: 'read' | 'read-write';
}

export interface User {
  readonly uid: string;
  readonly email: string;
  password: string;
  readonly appPasswords: string[];
  disabled: boolean;
  readonly collections: Collection[];
  readonly shares: Share[];
}

export interface Mail {
  readonly method: 'REQUEST' | 'CANCEL' | 'REPLY';
  readonly to: string;
  readonly because: 'PUT' | 'DELETE';
}

export class World {
  readonly users = new Map<string, User>();
  readonly mails: Mail[] = [];
  #ids = 0;

  addUser(uid: string, options: { email: string; password: string }): User {
    const user: User = { uid, ...options, appPasswords: [], disabled: false, collections: [], shares: [] };
    this.users.set(uid, user);
    // What is there before the first web login.
    this.addCollection(user, { kind: 'book', uri: 'z-server-generated--system', readOnly: true });
    this.addCollection(user, {
      kind: 'book',
      uri: 'z-app-generated--contactsinteraction--recent',
      readOnly: true,
    });
    return user;
  }

  addCollection(
    owner: User,
    draft: Pick<Collection, 'kind' | 'uri'> &
      Partial<Pick<Collection, 'components' | 'source' | 'readOnly'>> & { name?: string },
  ): Collection {
    const collection: Collection = {
      components: ['VEVENT', 'VTODO'],
      ...draft,
      owner,
      properties: new Map([['{DAV:}displayname', draft.name ?? draft.uri]]),
      rows: [],
      changes: [],
      token: 1,
    };
    owner.collections.push(collection);
    return collection;
  }

  /** What the first login on the web makes. */
  webLogin(user: User): void {
    if (!user.collections.some(({ uri }) => uri === 'personal'))
      this.addCollection(user, { kind: 'calendar', uri: 'personal', name: 'Personal' });
    if (!user.collections.some(({ uri }) => uri === 'contacts'))
      this.addCollection(user, { kind: 'book', uri: 'contacts', name: 'Contacts' });
  }

  insert(collection: Collection, draft: Pick<Row, 'uri' | 'text' | 'uid' | 'component'>): Row {
    this.#ids += 1;
    const row: Row = { id: this.#ids, ...draft };
    collection.rows.push(row);
    return row;
  }
}

/** Of a row as a client sees it: what lies in the trash has left the listing. */
export function liveRow(collection: Collection, uri: string): Row | undefined {
  return collection.rows.find((row) => row.uri === uri && row.deletedAt === undefined);
}

/** By its name alone, whether deleted or not, as `getCalendarObject` finds it. */
export function anyRow(collection: Collection, uri: string): Row | undefined {
  return collection.rows.find((row) => row.uri === uri);
}

export function etagOf(row: Row): string {
  return `"${hash('md5', row.text)}"`;
}

export function dropRow(collection: Collection, row: Row): void {
  collection.rows.splice(collection.rows.indexOf(row), 1);
}

/** Holds writers back until so many have read the token. */
export interface Gate {
  readonly writers: number;
  readonly waiting: (() => void)[];
}

/** Read, then written, without a lock: those at once share a number, and a reader in between misses all but one. */
export async function addChange(
  collection: Collection,
  {
    uri,
    operation,
    gate,
  }: { readonly uri: string; readonly operation: 1 | 2 | 3; readonly gate: Gate | undefined },
): Promise<void> {
  const { token } = collection;
  await passed(gate);
  collection.changes.push({ uri, operation, token });
  collection.token = token + 1;
}

async function passed(gate: Gate | undefined): Promise<void> {
  if (gate === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  gate.waiting.push(resolve);
  if (gate.waiting.length >= gate.writers) for (const go of gate.waiting.splice(0)) go();
  await promise;
}

export function newUid(): string {
  return randomUUID();
}
