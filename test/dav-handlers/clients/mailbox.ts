// The mailbox that the clients find.
import { card, event, setUp, type Setup } from '../harness.ts';

export const principal = '/principals/alice@example.test/';

export function filled(): Setup {
  const setup = setUp();
  for (const name of ['a', 'b']) setup.home.at('calendar').keep(`${name}.ics`, event(name));
  setup.home.at('contacts').keep('c.vcf', card('c', 'Carol'));
  return setup;
}
