// exdav token: secret links, under which one calendar or address book can be read without signing in.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type FeedTokens, openFeedTokens, openKeys, openSignIn } from '../../auth/index.ts';
import type { Store } from '../../model/store.ts';
import { openStore } from '../../store/index.ts';
import { backendOf } from '../backend.ts';
import { type Config, ConfigError, exampleOf, readConfig } from '../config.ts';
import { type Command, type CommandInput, UsageError } from './command.ts';

export const token: Command = {
  name: 'token',
  summary: 'make or revoke secret links of feeds',
  usage: 'create USER COLLECTION [--mailbox ADDRESS] [--busy-only] | revoke LINK',
  help: [
    'create  prints a link that answers the collection whole as text/calendar or text/vcard. The password of USER is read',
    '        from standard input and tried on Exchange; it is stored sealed. Needs EXDAV_SECRET and a lasting EXDAV_STORE.',
    '        COLLECTION is the last part of its address: calendar, contacts, tasks, or the name the gateway lists.',
    '          --mailbox ADDRESS   the collection is in this mailbox, which USER may read',
    '          --busy-only         times only, no texts',
    'revoke  makes a link useless.',
  ].join('\n'),
  maxWords: 4,
  options: { mailbox: { type: 'string' }, 'busy-only': { type: 'boolean' } },
  async run(input) {
    const [verb, ...rest] = input.positionals;
    const work = verbs[verb ?? ''];
    if (work === undefined) throw new UsageError('say "token create USER COLLECTION" or "token revoke LINK"');
    const config = readConfig(input.environment);
    const store = await openStore(config.EXDAV_STORE);
    try {
      return await work({
        input,
        rest,
        config,
        store,
        tokens: openFeedTokens(store.records, keysOf(config)),
      });
    } finally {
      await store.close();
    }
  },
};

interface Work {
  readonly input: CommandInput;
  readonly rest: readonly string[];
  readonly config: Config;
  readonly store: Store;
  readonly tokens: FeedTokens;
}

const verbs: Readonly<Record<string, ((work: Work) => Promise<number>) | undefined>> = { create, revoke };

async function create({ input, rest, config, store, tokens }: Work): Promise<number> {
  const [user, collection, extra] = rest;
  if (user === undefined || collection === undefined || extra !== undefined) {
    throw new UsageError('token create takes a user and a collection');
  }
  const credential = { kind: 'password', user, password: await readPassword(input) } as const;
  const backend = backendOf(config);
  try {
    const session = await openSignIn({ backend, records: store.records, keys: keysOf(config) }).open(
      credential,
    );
    const address = input.values['mailbox'];
    const mailbox = typeof address === 'string' ? await session.other(address) : session.mailbox;
    const folders = await mailbox.folders();
    const folder = folders.find((candidate) => candidate.key === collection);
    if (folder === undefined) {
      throw new Error(
        `there is no collection "${collection}"; there are: ${folders.map((known) => known.key).join(', ')}`,
      );
    }
    const detail = input.values['busy-only'] === true ? 'busy-only' : 'whole';
    const made = await tokens.create({ credential, mailbox: mailbox.owner.address, collection, detail });
    const base = config.EXDAV_PUBLIC_URL ?? `http://${config.EXDAV_HOST}:${config.EXDAV_PORT}`;
    input.write(`${base}/feeds/${made}.${folder.kind === 'contacts' ? 'vcf' : 'ics'}\n`);
    return 0;
  } finally {
    await backend.close();
  }
}

async function revoke({ rest, tokens, input }: Work): Promise<number> {
  const found = /([A-Za-z0-9_-]{32})(?:\.(?:ics|vcf))?$/.exec(rest[0] ?? '')?.[1];
  if (found === undefined) throw new UsageError('token revoke takes the link, or its last part');
  if ((await tokens.find(found)) === undefined) throw new Error('there is no such link');
  await tokens.revoke(found);
  input.write('revoked\n');
  return 0;
}

function keysOf(config: Config): ReturnType<typeof openKeys> {
  const problems: string[] = [];
  if (config.EXDAV_SECRET === undefined) {
    problems.push(`EXDAV_SECRET: secret links need it. Example: EXDAV_SECRET=${exampleOf('EXDAV_SECRET')}`);
  }
  if (config.EXDAV_STORE === 'memory:') {
    problems.push(
      `EXDAV_STORE: secret links need a lasting store. Example: EXDAV_STORE=${exampleOf('EXDAV_STORE')}`,
    );
  }
  if (config.EXDAV_SECRET === undefined || problems.length > 0) throw new ConfigError(problems);
  return openKeys(config.EXDAV_SECRET);
}

/** The first line of standard input; asked for on a terminal without showing it. */
async function readPassword(input: CommandInput): Promise<string> {
  if (process.stdin.isTTY) input.write('Password: ');
  const lines = createInterface({ input: process.stdin, terminal: process.stdin.isTTY, output: undefined });
  const [line] = await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])]);
  lines.close();
  if (typeof line !== 'string' || line === '')
    throw new UsageError('the password is read from standard input; there was none');
  return line;
}
