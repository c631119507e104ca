// The memory backend keeps the contract of backends, and the collections over it that of collections.
import { openFixture } from '../collections/fixture.ts';
import { attachmentsContract } from '../contracts/attachments.ts';
import { backendContract } from '../contracts/backend.ts';
import { collectionContract } from '../contracts/collection.ts';
import { mirrorSideContract } from '../contracts/mirror-side.ts';

const open = async () => ({ mailbox: (await openFixture()).mailbox, close: async () => {} });

backendContract('memory', open);
attachmentsContract('memory', open);

for (const store of ['memory:', 'sqlite::memory:']) {
  collectionContract(`memory backend, ${store}`, async () => {
    const fixture = await openFixture({ store });
    return {
      home: fixture.home,
      keys: { events: 'calendar', tasks: 'tasks', contacts: 'contacts', other: 'other' },
      pass: () => fixture.pass(),
      close: () => fixture.store.close(),
    };
  });
}

mirrorSideContract('memory backend', async () => {
  const { calendar, tasks, contacts, pass, store } = await openFixture();
  return { events: calendar, tasks, contacts, pass: () => pass(), close: () => store.close() };
});
