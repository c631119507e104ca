// Users by name and password, as a domain controller would check them.
import { entryBySid, entryOf, type Mailbox, type World } from '../state/index.ts';

/** By address, alias address, local part, or DOMAIN\name. */
export function userNamed(world: World, name: string): Mailbox | undefined {
  const plain = name.replace(/^.*\\/, '').toLowerCase();
  if (plain.includes('@'))
    return world.mailboxes.get(plain) ?? mailboxAt(world, entryOf(world, plain)?.address);
  return [...world.mailboxes.values()].find((mailbox) =>
    mailbox.address.toLowerCase().startsWith(`${plain}@`),
  );
}

/** A mailbox without a password lets nobody in. */
export function userWith(world: World, name: string, password: string): Mailbox | undefined {
  const user = userNamed(world, name);
  return user !== undefined && user.password !== '' && user.password === password ? user : undefined;
}

export function userBySid(world: World, sid: string): Mailbox | undefined {
  return mailboxAt(world, entryBySid(world, sid)?.address);
}

function mailboxAt(world: World, address: string | undefined): Mailbox | undefined {
  return address === undefined ? undefined : world.mailboxes.get(address.toLowerCase());
}
