// Admin requests about mailboxes, their people and rights, and the state as a whole.
import type { Simulator } from '../index.ts';
import { levels, type Mailbox } from '../state/index.ts';
import type { Saved } from '../state/saved.ts';
import * as asked from './bodies.ts';
import { AdminError, folderAt, mailboxAt, pathOf, read, rows, type Given, type Route } from './route.ts';

export function stateRoutes(simulator: Simulator): Route[] {
  return rows(
    [
      'POST',
      '/reset',
      'everything as after a start; {"seed": "small"} for another seed',
      ({ body }) => {
        simulator.reset(read(asked.seeding.partial(), body).seed);
      },
    ],
    [
      'POST',
      '/seed',
      'more of a seed into what is there: {"seed": "none" | "small" | "large" | number}',
      ({ body }) => simulator.seed(read(asked.seeding, body).seed),
    ],
    [
      'GET',
      '/mailboxes',
      'addresses, with the number of items of each folder',
      () =>
        [...simulator.world.mailboxes.values()].map((mailbox) => ({
          address: mailbox.address,
          name: mailbox.name,
          folders: foldersOf(mailbox),
        })),
    ],
    [
      'GET',
      '/mailboxes/{address}',
      'all folders and items of a mailbox as plain JSON',
      (given) => simulator.snapshot(mailboxAt(simulator, given.path['address']).address),
    ],
  );
}

export function serverRoutes({ world, allowImpersonation }: Simulator): Route[] {
  const show = (): unknown => ({
    availabilityDays: world.policy.availabilityDays,
    exRouting: world.policy.exRouting,
    demandsAnchor: world.policy.demandsAnchor,
    assistantDelayMs: world.assistantDelayMs,
    impersonation: Object.fromEntries(
      [...world.policy.impersonators].map(([account, of]) => [account, of === 'all' ? of : [...of]]),
    ),
  });
  return rows(
    ['GET', '/settings', 'what is decided for the whole server', show],
    [
      'PUT',
      '/settings',
      'sets some of it: {"availabilityDays", "exRouting", "demandsAnchor", "assistantDelayMs"}',
      ({ body }) => {
        const { assistantDelayMs, ...policy } = read(asked.settings, body);
        Object.assign(world.policy, policy);
        if (assistantDelayMs !== undefined) world.assistantDelayMs = assistantDelayMs;
        return show();
      },
    ],
    [
      'PUT',
      '/impersonation',
      '{"account", "of": addresses or "all"}: who may act for whom; [] for nobody',
      ({ body }) => {
        const { account, of } = read(asked.impersonation, body);
        allowImpersonation(account, of === 'all' ? undefined : of);
      },
    ],
  );
}

export function snapshotRoutes(simulator: Simulator): Route[] {
  const snapshots = new Map<string, { readonly saved: Saved; readonly taken: string }>();
  const snapshotNamed = ({ path }: Given): Saved => {
    const found = snapshots.get(path['name'] ?? '');
    if (found === undefined) throw new AdminError(404, `there is no snapshot "${path['name']}"`);
    return found.saved;
  };
  return rows(
    [
      'GET',
      '/snapshots',
      'names of the snapshots',
      () => [...snapshots].map(([name, { taken }]) => ({ name, taken })),
    ],
    [
      'PUT',
      '/snapshots/{name}',
      'puts the state aside under a name',
      ({ path }) => {
        const taken = new Date(simulator.clock.now()).toISOString();
        snapshots.set(path['name'] ?? '', { saved: simulator.save(), taken });
      },
    ],
    [
      'POST',
      '/snapshots/{name}/restore',
      'mailboxes, rights and sent messages as they were',
      (given) => simulator.restore(snapshotNamed(given)),
    ],
    [
      'DELETE',
      '/snapshots/{name}',
      'forgets a snapshot',
      (given) => {
        snapshotNamed(given);
        snapshots.delete(given.path['name'] ?? '');
      },
    ],
  );
}

export function userRoutes(simulator: Simulator): Route[] {
  return rows(
    ['GET', '/users', 'addresses and passwords', () => simulator.users],
    [
      'PUT',
      '/users/{address}',
      'a new mailbox, or another password or name for one: {"password", "name"}',
      ({ path, body }) => {
        const address = path['address'] ?? '';
        if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new AdminError(400, `"${address}" is no address`);
        const { password, name } = read(asked.user, body);
        const known = simulator.world.mailboxes.get(address.toLowerCase());
        if (known === undefined) simulator.addUser(address, password, name);
        else Object.assign(known, { password, ...(name === undefined ? {} : { name }) });
      },
    ],
    [
      'DELETE',
      '/users/{address}',
      'the mailbox and all that is in it',
      ({ path }) => simulator.removeUser(mailboxAt(simulator, path['address']).address),
    ],
    [
      'GET',
      '/grants/{address}',
      'who may do what in the folders of a mailbox',
      ({ path }) => grantsOf(mailboxAt(simulator, path['address'])),
    ],
    [
      'PUT',
      '/grants',
      '{"mailbox", "folder", "to", "level" or "rights"}: rights in a folder, by distinguished id or path of names',
      ({ body }) => {
        const { mailbox, folder, to, level, rights } = read(asked.grant, body);
        const target = folderAt(mailboxAt(simulator, mailbox), folder);
        if (rights === undefined && level === 'none') target.permissions.delete(to.toLowerCase());
        else target.permissions.set(to.toLowerCase(), { ...levels[level ?? 'none'], ...rights });
      },
    ],
  );
}

function foldersOf(mailbox: Mailbox): Record<string, number> {
  const entries = [...mailbox.folders.values()].map(
    (folder) => [pathOf(mailbox, folder), folder.items.size] as const,
  );
  return Object.fromEntries(entries.filter(([path]) => path !== ''));
}

function grantsOf(mailbox: Mailbox): unknown {
  return [...mailbox.folders.values()].flatMap((folder) =>
    [...folder.permissions].map(([to, rights]) => ({ folder: pathOf(mailbox, folder), to, rights })),
  );
}
