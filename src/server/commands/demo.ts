// exdav demo: a simulated Exchange with believable mailboxes, and the gateway in front of it.
import { startGateway } from '../compose.ts';
import { readConfig } from '../config.ts';
import { type Command, untilStopped } from './command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'run the gateway before a simulated Exchange, to try it out',
  usage: '',
  help: 'Listens on http://127.0.0.1:8080, the simulated Exchange on the next port; the variable PORT (or EXDAV_PORT) changes them. Nothing is kept: all ends with Ctrl-C.',
  options: {},
  async run({ environment, write }) {
    // Loaded only here: the serving gateway carries no simulator.
    const { startSimulator } = await import('../../../simulator/index.ts');
    const settings = { EXDAV_LOG_LEVEL: 'warn', EXDAV_PORT: environment['PORT'], ...environment };
    const { EXDAV_PORT: port } = readConfig(settings);
    const simulated = await startSimulator({ seed: 'small', port: port === 0 ? 0 : port + 1 });
    const gateway = await startGateway(
      readConfig({
        ...settings,
        EXDAV_EWS_URL: simulated.url,
        EXDAV_SHARED_MAILBOXES: 'alice@example.test=bob@example.test,carol@example.test',
        EXDAV_PUBLIC_FOLDERS: '/Company/Holidays; /Company/Customers',
      }),
    );
    write(
      welcome({ gateway: `http://127.0.0.1:${gateway.port}`, ews: simulated.url, users: simulated.users }),
    );
    await untilStopped();
    await gateway.close();
    await simulated.close();
    write('\nStopped.\n');
    return 0;
  },
};

interface Running {
  readonly gateway: string;
  readonly ews: string;
  readonly users: readonly { readonly address: string; readonly password: string }[];
}

function welcome({ gateway, ews, users }: Running): string {
  const [first] = users;
  const user = first?.address ?? '';
  const password = first?.password ?? '';
  return `
  Gateway   ${gateway}       CalDAV and CardDAV
  Exchange  ${ews}   simulated, EWS
  Users     ${users.map((entry) => `${entry.address} / ${entry.password}`).join('\n            ')}

  Try it:
    curl          curl -u ${user}:${password} -X PROPFIND -H 'Depth: 1' ${gateway}/calendars/${user}/
    vdirsyncer    type = "caldav", url = "${gateway}/", username = "${user}", password = "${password}"
    Thunderbird, DAVx5   new account: URL ${gateway}/, user ${user}, password ${password}

  Ctrl-C ends it.
`;
}
