// The contract of a mirror's side, kept over the double of Nextcloud in every release, and over this project's own gateway.
import { openRemote, openDavHosts, type RemoteHome } from '../../src/dav-remote/index.ts';
import { mirrorSideContract, type SideUnderTest } from '../contracts/mirror-side.ts';
import { alice, startBoth } from '../interop/gateway.ts';
import { startNextcloudDouble, type Version } from '../nextcloud-double/index.ts';

const versions: readonly Version[] = ['24.0.12', '32.0.2', '33.0.3', '35.0.0'];

/** Reports of servers that offer less: texts come by GET then. */
const kinds = [
  ...versions.map((version) => ({ version, without: [] })),
  { version: '33.0.3', without: ['calendar-multiget', 'addressbook-multiget'] },
] as const;

for (const { version, without } of kinds) {
  const name = [`dav-remote over the double of Nextcloud ${version}`, ...without].join(' without ');
  mirrorSideContract(name, async () => {
    const running = await startNextcloudDouble({ version });
    for (const report of without) running.double.withoutReports.add(report);
    const hosts = openDavHosts();
    const home = await openRemote({
      url: running.url,
      user: 'alice',
      password: running.alice.password,
      hosts,
    });
    return {
      ...(await createdIn(home)),
      pass() {},
      async close() {
        hosts.close();
        await running.close();
      },
    };
  });
}

async function createdIn(home: RemoteHome): Promise<Pick<SideUnderTest, 'events' | 'tasks' | 'contacts'>> {
  return {
    events: await home.create({ kind: 'events', displayName: 'Mirrored events' }),
    tasks: await home.create({ kind: 'tasks', displayName: 'Mirrored tasks' }),
    contacts: await home.create({ kind: 'contacts', displayName: 'Mirrored contacts' }),
  };
}

mirrorSideContract('dav-remote over our own gateway', async () => {
  const both = await startBoth();
  const hosts = openDavHosts();
  const home = await openRemote({ url: both.url, user: alice.address, password: alice.password, hosts });
  const at = async (name: string) => {
    const found = (await home.collections()).find((each) => each.url.endsWith(`/${name}/`));
    if (!found) throw new Error(`no collection ${name}`);
    return found;
  };
  return {
    events: await at('calendar'),
    tasks: await at('tasks'),
    contacts: await at('contacts'),
    // The gateway's own idea of what is fresh.
    pass: () => new Promise((resolve) => setTimeout(resolve, 1_100)),
    async close() {
      hosts.close();
      await both.stop();
    },
  };
});
