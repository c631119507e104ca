// exdav serve: the gateway, configured by the environment.
import { type Gateway, startGateway } from '../compose.ts';
import { readConfig } from '../config.ts';
import { type Mirroring, startMirroring } from '../mirror/serving.ts';
import { type Command, type CommandInput, untilStopped } from './command.ts';

export const serve: Command = {
  name: 'serve',
  summary: 'run the gateway',
  usage: '',
  help: 'Settings come from the environment (EXDAV_…); `exdav check-config` shows and checks them.\nStops on Ctrl-C or TERM after finishing running requests.',
  options: {},
  async run({ environment }) {
    const config = readConfig(environment);
    const gateway = await startGateway(config);
    gateway.log.info(
      { host: config.EXDAV_HOST, port: gateway.port, store: config.EXDAV_STORE.split(':')[0] },
      'listening',
    );
    if (config.EXDAV_STORE === 'memory:') {
      gateway.log.warn(
        'EXDAV_STORE is memory: every restart makes clients synchronise anew; sqlite:FILE avoids that',
      );
    }
    const mirroring = await mirroringBeside(gateway, config.EXDAV_MIRROR_FILE, environment);
    await untilStopped();
    gateway.log.info('stopping');
    await mirroring?.close();
    await gateway.close();
    return 0;
  },
};

/** @throws what is wrong with the file, after the gateway has ended: half of what was asked for is none */
async function mirroringBeside(
  gateway: Gateway,
  file: string | undefined,
  environment: CommandInput['environment'],
): Promise<Mirroring | undefined> {
  if (file === undefined) return undefined;
  try {
    return await startMirroring(file, { environment, log: gateway.log, metrics: gateway.metrics.mirror });
  } catch (error) {
    await gateway.close();
    throw error;
  }
}
