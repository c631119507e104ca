// The configuration of ews-caldav-sync (github.com/mhthies/ews-caldav-sync, config.toml) as one pair: the default calendar of a
// mailbox, copied one way. Its objects are known by their X-EWSSYNC-ITEMID.
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { type MirrorConfig, MirrorConfigError, problemOf } from './config.ts';
import { mirrorSchema, unitsMs } from './config-schema.ts';
import { defaultGuard } from './pair.ts';

const schema = z.object({
  caldav: z.object({
    url: z.url(),
    username: z.string().min(1),
    password: z.string().min(1),
    calendar: z.string().min(1),
  }),
  ews: z.object({
    /** Host name; absent: found by autodiscover. */
    server: z.string().optional(),
    account: z.string().min(1),
    username: z.string().min(1),
    password: z.string().min(1),
    impersonate: z.boolean().default(false),
  }),
  misc: z.object({ statefile: z.string().default('state.txt') }).default({ statefile: 'state.txt' }),
});

/** @throws MirrorConfigError */
export function readEwsCaldavSyncConfig(text: string): MirrorConfig {
  const result = schema.safeParse(parsed(text));
  if (!result.success) throw new MirrorConfigError(result.error.issues.map(problemOf));
  const { caldav, ews, misc } = result.data;
  const logins = mirrorSchema.parse({
    // The old state is left alone: whoever goes back finds it as it was.
    store: `sqlite:${misc.statefile}.exdav.db`,
    exchange: {
      ews: {
        ...(ews.server !== undefined && { url: `https://${ews.server}/EWS/Exchange.asmx` }),
        user: ews.username,
        password: ews.password,
        rights: ews.impersonate ? 'impersonation' : 'delegation',
      },
    },
    nextcloud: { caldav: { url: caldav.url, user: caldav.username, password: caldav.password } },
  });
  return {
    ...logins,
    pairs: [
      {
        rules: {
          name: 'ews-caldav-sync',
          kind: 'events',
          direction: 'to-nextcloud',
          conflict: 'exchange',
          privacy: { kind: 'keep' },
          alarms: 'keep',
          attachments: { kind: 'link' },
          followsBusyStatus: true,
          guard: defaultGuard,
        },
        exchange: { login: 'ews', mailbox: ews.account, folder: '' },
        nextcloud: { login: 'caldav', collection: caldav.calendar, create: false },
        intervalMs: 5 * unitsMs.m,
      },
    ],
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new MirrorConfigError([`line ${error.line}: this is not TOML`]);
  }
}
