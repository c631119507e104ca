// A simulated Exchange and a double of Nextcloud with many users, as one process: `node bench/mirror-many.ts USERS` prints both
// addresses.
import { startSimulator } from '../simulator/index.ts';
import { Double } from '../test/nextcloud-double/double.ts';

const users = Number(process.argv[2]);
const simulator = await startSimulator({ seed: 'none' });
const double = new Double();
for (let n = 0; n < users; n += 1) {
  simulator.addUser(`user${n}@example.test`, 'secret');
  double.world.webLogin(
    double.world.addUser(`user${n}`, { email: `user${n}@example.test`, password: 'secret' }),
  );
}
process.stdout.write(`${simulator.url} ${await double.listen()}\n`);
