// The contract of collections, kept over EWS and the simulated Exchange, in every store that one process may use.
import { startSimulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openHome, openObjectCache } from '../../src/collections/index.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { openStore } from '../../src/store/index.ts';
import { collectionContract } from '../contracts/collection.ts';
import { mirrorSideContract, type SideUnderTest } from '../contracts/mirror-side.ts';

async function open() {
  const simulator = await startSimulator({ seed: 'none', envelope: judgeEnvelope });
  const backend = openEwsBackend({ url: simulator.url });
  const mailbox = await backend.open({ kind: 'password', user: 'alice@example.test', password: 'alice' });
  const store = await openStore('sqlite::memory:');
  let time = Date.now();
  const home = openHome(mailbox, {
    ledger: store.ledger,
    cache: openObjectCache(10_000_000),
    now: () => time,
  });
  await home.create({ key: 'other', kind: 'events', displayName: 'Other', properties: {} });
  return {
    home,
    keys: { events: 'calendar', tasks: 'tasks', contacts: 'contacts', other: 'other' },
    pass: () => {
      time += 5000;
    },
    close: async () => {
      await backend.close();
      await store.close();
      await simulator.close();
    },
  };
}

async function openSide(): Promise<SideUnderTest> {
  const { home, pass, close } = await open();
  const at = async (key: string) => {
    const found = await home.collection(key);
    if (!found) throw new Error(`no collection ${key}`);
    return found;
  };
  return {
    events: await at('calendar'),
    tasks: await at('tasks'),
    contacts: await at('contacts'),
    pass,
    close,
  };
}

collectionContract('EWS over the simulated Exchange', open);
mirrorSideContract('EWS over the simulated Exchange', openSide);
