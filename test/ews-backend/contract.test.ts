// The contract of every backend, kept by EWS over the simulated Exchange.
import { startSimulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { attachmentsContract } from '../contracts/attachments.ts';
import { backendContract, type MailboxUnderTest } from '../contracts/backend.ts';

/** Each call comes some seconds after the one before: nothing may depend on Exchange stamping two writes alike. */
const open = async (): Promise<MailboxUnderTest> => {
  const simulator = await startSimulator({
    seed: 'none',
    envelope(...given) {
      simulator.clock.advance(3000);
      judgeEnvelope(...given);
    },
  });
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
