// An open collection, as the functions of this room pass it on.
import type { FolderKind } from '../model/backend.ts';
import type { DavClient } from './client.ts';
import type { Context } from './failures.ts';
import type { RemoteAbilities } from './remote.ts';
import type { Trash } from './trash.ts';

export interface Place {
  readonly client: DavClient;
  /** As the server writes it, with its slash. */
  readonly path: string;
  readonly kind: FolderKind;
  readonly subject: Context['subject'];
  readonly abilities: RemoteAbilities;
  readonly multiget: boolean;
  /** Addresses of whoever the server schedules for here; undefined: not known. */
  readonly addresses: readonly string[] | undefined;
  /** Of the user, where the collection's deletions go there. */
  readonly trash: Trash | undefined;
}
