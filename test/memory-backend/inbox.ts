// Invitations that wait in a mailbox of the memory backend.
import type { Folder, ItemId, Mailbox, Stored } from '../../src/model/backend.ts';
import { failed, success } from '../../src/model/failure.ts';
import { call, type MemoryUser, type World } from './world.ts';

type InboxCalls = Pick<Mailbox, 'inbox' | 'dismiss' | 'changes' | 'fetch'>;

const inbox: Folder = {
  id: 'inbox',
  key: 'inbox',
  kind: 'events',
  displayName: 'Inbox',
  isDefault: true,
  role: 'schedule-inbox',
  rights: {
    read: true,
    create: false,
    modify: false,
    remove: true,
    createFolders: false,
    administer: false,
  },
  properties: {},
};

/** The calls of a mailbox, and those of its inbox. */
export function withInbox(
  world: World,
  user: MemoryUser,
  rest: Pick<Mailbox, 'changes' | 'fetch'>,
): InboxCalls {
  const isMessage = (id: ItemId): boolean => id.startsWith('message-');
  return {
    inbox,
    dismiss: async (id) => {
      await call(world, 'dismiss');
      user.dismissed.push(id);
      user.messages.delete(id);
    },
    changes: (folder, cursor, signal) =>
      folder === inbox.id ? listed(world, user) : rest.changes(folder, cursor, signal),
    async *fetch(ids, signal) {
      const messages = ids.filter(isMessage);
      if (messages.length > 0) await call(world, 'fetch', signal);
      for (const id of messages) {
        const stored = user.messages.get(id);
        yield [id, stored ? success(stored) : failed({ kind: 'not-found', message: 'no such message' })];
      }
      const others = ids.filter((id) => !isMessage(id));
      if (others.length > 0) yield* rest.fetch(others, signal);
    },
  };
}

async function* listed(world: World, { messages }: MemoryUser): ReturnType<Mailbox['changes']> {
  await call(world, 'inbox');
  const changes = [...messages.values()].map((stored: Stored) => ({
    kind: 'present' as const,
    listed: {
      id: stored.id,
      version: stored.version,
      kind: 'event' as const,
      tags: {},
      rank: stored.id,
      isSeries: false,
    },
  }));
  yield { mode: 'full', changes, cursor: 'full' };
}
