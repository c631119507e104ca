// The contract of every backend, kept by EWS over the simulated Exchange.
import { startSimulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { backendContract } from '../contracts/backend.ts';

backendContract('EWS over the simulated Exchange', async () => {
  const simulator = await startSimulator({ seed: 'none', envelope: judgeEnvelope });
  const backend = openEwsBackend({ url: simulator.url });
  const mailbox = await backend.open({ kind: 'password', user: 'alice@example.test', password: 'alice' });
  return {
    mailbox,
    async close() {
      await backend.close();
      await simulator.close();
    },
  };
});
