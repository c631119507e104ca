// A Collection in memory with the behaviour the port promises: etags, conditions, tokens, limits, rights.
import { createHash } from 'node:crypto';
import type { BusyTime, FolderKind, FolderProperties, Rights } from '../../src/model/backend.ts';
import type {
  Collection,
  Condition,
  Delta,
  Filter,
  Href,
  Member,
  PutRequest,
  PutResult,
  Resource,
  Shape,
} from '../../src/model/collection.ts';
import {
  BackendError,
  DavError,
  failed,
  precondition,
  success,
  type Failure,
  type Outcome,
} from '../../src/model/failure.ts';
import type { Person } from '../../src/model/item.ts';
import type { Range } from '../../src/model/time.ts';
import { matchesFilter, propertyIn, spanOf } from './memory-filter.ts';

export const allRights: Rights = {
  read: true,
  create: true,
  modify: true,
  remove: true,
  createFolders: true,
  administer: true,
};

const tokenPrefix = 'http://sabre.io/ns/sync/';
const birth = 1_000;

interface Held {
  readonly text: string;
  readonly etag: string;
  readonly revision: number;
}

export interface MemoryFolder {
  readonly key: string;
  readonly kind: FolderKind;
  readonly displayName: string;
  readonly isDefault?: boolean;
  readonly rights?: Partial<Rights>;
  readonly properties?: FolderProperties;
  readonly owner?: Person;
}

export class MemoryCollection implements Collection {
  folder: Collection['folder'];
  readonly owner: Person;
  readonly identity: string;
  /** Members that exist but cannot be read. */
  readonly unreadable = new Map<Href, Failure>();
  /** Every call fails with this. */
  broken: Failure | undefined;
  /** A put gives no etag when the stored text is not what was sent. */
  rewrites = false;
  readonly asked: { filter?: Filter; shape?: Shape | 'none'; limit?: number; mail: string[] } = { mail: [] };
  readonly #held = new Map<Href, Held>();
  readonly #gone = new Map<Href, number>();
  #revision = birth;

  constructor(draft: MemoryFolder, owner: Person) {
    this.owner = draft.owner ?? owner;
    this.identity = owner.address;
    this.folder = {
      id: `id-of-${draft.key}`,
      key: draft.key,
      kind: draft.kind,
      displayName: draft.displayName,
      isDefault: draft.isDefault ?? false,
      rights: { ...allRights, ...draft.rights },
      properties: draft.properties ?? {},
    };
  }

  async state(): Promise<{ syncToken: string; ctag: string }> {
    this.#check();
    return { syncToken: `${tokenPrefix}${this.#revision}`, ctag: `${tokenPrefix}${this.#revision}` };
  }

  async members(): Promise<readonly Member[]> {
    this.#check();
    return [...this.#held].map(([href, { etag }]) => ({ href, etag }));
  }

  async member(href: Href): Promise<Member | undefined> {
    this.#check();
    const held = this.#held.get(href);
    return held && { href, etag: held.etag };
  }

  async query(request: { filter: Filter; shape: Shape | 'none'; limit?: number }): Promise<{
    found: readonly (readonly [Href, Outcome<Resource>])[];
    truncated: boolean;
  }> {
    this.#check();
    Object.assign(this.asked, request);
    const matching = [...this.#held].filter(([, { text }]) => matchesFilter(text, request.filter));
    const kept = matching.slice(0, request.limit ?? matching.length);
    return {
      found: kept.map(([href]) => [href, this.#read(href, request.shape === 'none')]),
      truncated: kept.length < matching.length,
    };
  }

  async read(hrefs: readonly Href[], shape: Shape): Promise<readonly (readonly [Href, Outcome<Resource>])[]> {
    this.#check();
    this.asked.shape = shape;
    return hrefs.map((href) => [href, this.#read(href, false)] as const);
  }

  async put(request: PutRequest): Promise<PutResult> {
    this.#check();
    const held = this.#held.get(request.href);
    requireCondition(request.condition, held?.etag);
    const uid = propertyIn(request.text, 'UID');
    if (uid === undefined)
      throw new DavError(403, 'no UID', { precondition: precondition.calendarValidObject });
    for (const [other, { text }] of this.#held)
      if (other !== request.href && propertyIn(text, 'UID') === uid)
        throw new DavError(403, 'the UID is taken', {
          precondition: precondition.calendarNoUidConflict,
          member: other,
        });
    this.asked.mail.push(request.mail);
    const stored = this.rewrites ? request.text.replace('END:', 'X-STORED:1\r\nEND:') : request.text;
    const { etag } = this.keep(request.href, stored);
    return this.rewrites ? { created: held === undefined } : { created: held === undefined, etag };
  }

  async remove(href: Href, condition: Condition, mail: string): Promise<void> {
    this.#check();
    const held = this.#held.get(href);
    if (held === undefined) throw new BackendError({ kind: 'not-found', message: 'there is no such object' });
    requireCondition(condition, held.etag);
    this.asked.mail.push(mail);
    this.drop(href);
  }

  async changes(token: string | undefined, limit?: number): Promise<Delta> {
    this.#check();
    const since = token === undefined ? 0 : Number(token.slice(tokenPrefix.length));
    if (token !== undefined && !(token.startsWith(tokenPrefix) && since >= birth && since <= this.#revision))
      throw new DavError(403, 'unknown token', { precondition: precondition.validSyncToken });
    const news = [
      ...[...this.#held].map(([href, { etag, revision }]) => ({ href, etag, revision })),
      ...[...this.#gone]
        .filter(() => token !== undefined)
        .map(([href, revision]) => ({ href, etag: undefined, revision })),
    ]
      .filter(({ revision }) => revision > since)
      .sort((a, b) => a.revision - b.revision);
    const kept = news.slice(0, limit ?? news.length);
    const truncated = kept.length < news.length;
    return {
      changed: kept.flatMap(({ href, etag }) => (etag === undefined ? [] : [{ href, etag }])),
      gone: kept.filter(({ etag }) => etag === undefined).map(({ href }) => href),
      token: `${tokenPrefix}${truncated ? (kept.at(-1)?.revision ?? since) : this.#revision}`,
      truncated,
    };
  }

  async feed(detail: 'whole' | 'busy-only'): Promise<string> {
    this.#check();
    for (const failure of this.unreadable.values()) throw new BackendError(failure);
    return `${[...this.#held.values()].map(({ text }) => text).join('')}X-DETAIL:${detail}\r\n`;
  }

  async freeBusy(range: Required<Range>): Promise<readonly BusyTime[]> {
    this.#check();
    return [...this.#held.values()].flatMap(({ text }) => {
      const span = spanOf(text);
      if (span === undefined || span.from >= range.to || span.to <= range.from) return [];
      const busy = propertyIn(text, 'STATUS') === 'TENTATIVE' ? 'tentative' : 'busy';
      return [{ range: span, busy } as const];
    });
  }

  async *watch(): AsyncIterable<void> {}

  keep(href: Href, text: string): Held {
    this.#revision += 1;
    const etag = `"${createHash('sha1').update(text).digest('hex').slice(0, 16)}"`;
    const held = { text, etag, revision: this.#revision };
    this.#held.delete(href);
    this.#held.set(href, held);
    this.#gone.delete(href);
    return held;
  }

  drop(href: Href): void {
    this.#revision += 1;
    this.#held.delete(href);
    this.#gone.set(href, this.#revision);
  }

  textOf(href: Href): string | undefined {
    return this.#held.get(href)?.text;
  }

  snapshot(): unknown {
    return {
      folder: this.folder,
      held: [...this.#held].map(([href, { text, etag }]) => ({ href, text, etag })),
    };
  }

  #read(href: Href, listing: boolean): Outcome<Resource> {
    const held = this.#held.get(href);
    const failure = this.unreadable.get(href);
    if (held === undefined) return failed({ kind: 'not-found', message: 'there is no such object' });
    if (failure !== undefined && !listing) return failed(failure);
    return success({ href, etag: held.etag, text: listing ? '' : held.text, contentType: 'text/calendar' });
  }

  #check(): void {
    if (this.broken !== undefined) throw new BackendError(this.broken);
  }
}

export function requireCondition({ ifMatch, ifNoneMatch }: Condition, etag: string | undefined): void {
  if (ifMatch === '*' && etag === undefined) throw new DavError(412, 'there is no such object');
  if (Array.isArray(ifMatch) && !(etag !== undefined && ifMatch.includes(etag)))
    throw new DavError(412, 'the object has another etag');
  if (ifNoneMatch === '*' && etag !== undefined) throw new DavError(412, 'the object exists');
  if (Array.isArray(ifNoneMatch) && etag !== undefined && ifNoneMatch.includes(etag))
    throw new DavError(412, 'the object has that etag');
}
