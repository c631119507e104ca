// The double of Nextcloud as a process of its own: prints its address.
import { Double } from '../test/nextcloud-double/double.ts';

const double = new Double();
double.world.webLogin(
  double.world.addUser('alice', { email: 'alice@example.test', password: 'alice password' }),
);
process.stdout.write(`${await double.listen()}\n`);
process.once('SIGTERM', () => process.exit(0));
