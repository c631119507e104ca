// The contract of every backend, kept by EWS over the simulated Exchange.
import { startSimulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { attachmentsContract } from '../contracts/attachments.ts';
import { backendContract, type MailboxUnderTest } from '../contracts/backend.ts';

const open = async (): Promise<MailboxUnderTest> => {
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
};

backendContract('EWS over the simulated Exchange', open);
attachmentsContract('EWS over the simulated Exchange', open);
