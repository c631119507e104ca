// mirror.yaml, key by key, with what each means. docs/mirror.md is tested against it.
import { z } from 'zod';
import { defaultGuard } from './pair.ts';

export const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const duration = z
  .string()
  .regex(/^\d+ ?[smhd]$/, 'must be a number with s, m, h or d, such as 5m or 90d')
  .transform((text) => Number.parseInt(text, 10) * (unitsMs[unitOf(text)] ?? 0));

function unitOf(text: string): keyof typeof unitsMs {
  const last = text.at(-1);
  return last === 'm' || last === 'h' || last === 'd' ? last : 's';
}

const size = z
  .string()
  .regex(/^\d+ ?[kM]B$/, 'must be a number with kB or MB, such as 2MB')
  .transform((text) => Number.parseInt(text, 10) * (text.includes('M') ? 1024 * 1024 : 1024));

const percent = z
  .string()
  .regex(/^\d{1,3}%$/, 'must be a percentage, such as 20%')
  .transform((text) => Number.parseInt(text, 10) / 100);

const secret = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1) }),
  z.strictObject({ variable: z.string().min(1) }),
]);

export type Secret = z.output<typeof secret>;

const exchangeLogin = z.strictObject({
  url: z
    .url()
    .optional()
    .meta({ description: 'Address of EWS; without it `EXDAV_EWS_URL` or autodiscover.' }),
  user: z
    .string()
    .min(1)
    .meta({ description: 'Who signs in: the owner of the mailbox, or a service account.' }),
  rights: z.enum(['impersonation', 'delegation']).default('impersonation').meta({
    description:
      "How a service account works in another mailbox: with the owner's rights, or with what the owner gave it.",
  }),
  password: secret.meta({
    description: 'The password itself, `{file: …}`, or `{variable: …}` of the environment.',
  }),
});

const nextcloudLogin = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .meta({ description: 'Address of Nextcloud, or of any CalDAV and CardDAV server.' }),
  user: z.string().min(1).meta({ description: 'User name there.' }),
  password: secret.meta({ description: 'App password: the value, `{file: …}` or `{variable: …}`.' }),
  ca: z
    .string()
    .optional()
    .meta({ description: 'PEM file of a certificate authority to trust beside the usual ones.' }),
});

const privacy = z.union([
  z.literal(['keep', 'leave-out']).transform((kind) => ({ kind })),
  z
    .strictObject({ busyOnly: z.enum(['sensitive', 'all']), title: z.string().min(1).default('Busy') })
    .transform(({ busyOnly, title }) => ({ kind: 'busy-only' as const, who: busyOnly, title })),
]);

const attachments = z.union([
  z.literal(['link', 'drop']).transform((kind) => ({ kind })),
  z
    .strictObject({ copyBelow: size })
    .transform(({ copyBelow }) => ({ kind: 'copy' as const, maxBytes: copyBelow })),
]);

const ruleKeys = {
  direction: z.enum(['both', 'to-nextcloud', 'to-exchange']).default('both').meta({
    description: 'Which way changes travel.',
  }),
  conflict: z.enum(['exchange', 'nextcloud', 'newest']).default('newest').meta({
    description:
      'Who wins when both sides changed; a tie goes to Exchange, and so does `newest` for an object that is met on both sides for the first time. The text that loses is kept in the journal.',
  }),
  window: z
    .strictObject({
      past: duration.meta({ description: 'How far back, such as `90d`.' }),
      future: duration.meta({ description: 'How far ahead, such as `365d`.' }),
    })
    .optional()
    .meta({ description: 'Only what takes place within is copied anew; without it everything.' }),
  categories: z
    .strictObject({
      include: z
        .array(z.string())
        .optional()
        .meta({ description: 'Only objects with one of these categories.' }),
      exclude: z.array(z.string()).optional().meta({ description: 'No object with one of these.' }),
    })
    .optional()
    .meta({ description: 'Which objects, by category.' }),
  privacy: privacy.prefault('keep').meta({
    description:
      'What becomes of private and confidential objects: `keep`, `leave-out`, or `{busyOnly: sensitive, title: Busy}` (`all`: of every object).',
  }),
  alarms: z.enum(['keep', 'drop']).default('keep').meta({
    description: 'Whether alarms travel; with `drop` each side keeps its own.',
  }),
  attachments: attachments.prefault('link').meta({
    description: 'Attachments as links, copied below a size (`{copyBelow: 2MB}`), or not at all (`drop`).',
  }),
  guard: z
    .strictObject({
      share: percent
        .prefault(`${defaultGuard.share * 100}%`)
        .meta({ description: 'More than this share of the objects.' }),
      count: z.int().min(0).default(defaultGuard.count).meta({ description: 'And more than this number.' }),
    })
    .prefault({})
    .meta({
      description: 'A run that would remove more than both stops.',
    }),
  interval: duration.prefault('5m').meta({ description: 'How often to look when nobody tells of changes.' }),
};

const pairKeys = {
  name: z.string().min(1).meta({ description: 'Any name; what is remembered is filed under it.' }),
  kind: z.enum(['events', 'tasks', 'contacts']).default('events').meta({ description: 'What the two hold.' }),
  exchange: z
    .strictObject({
      login: z.string().meta({ description: 'One of the logins above.' }),
      mailbox: z
        .string()
        .optional()
        .meta({ description: 'Address of the mailbox; without it that of the login.' }),
      folder: z.string().default('').meta({
        description:
          'Name in the address of the collection, or its display name; without it the standard one.',
      }),
    })
    .meta({ description: 'The folder in Exchange.' }),
  nextcloud: z
    .strictObject({
      login: z.string().meta({ description: 'One of the logins above.' }),
      collection: z.string().min(1).meta({ description: 'Its display name, or its address.' }),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #3070c0')
        .optional()
        .meta({ description: 'Of a collection that is made, such as `#3070c0`.' }),
      create: z
        .boolean()
        .default(true)
        .meta({ description: 'Whether a collection that is missing is made.' }),
    })
    .meta({ description: 'The collection in Nextcloud.' }),
};

export const pair = z.strictObject({ ...pairKeys, ...ruleKeys });

export const mirrorSchema = z.strictObject({
  store: z
    .string()
    .regex(/^(sqlite:.+|memory:)$/, 'must be sqlite:FILE')
    .default('sqlite:mirror.db')
    .meta({ description: 'Where the mirror remembers; relative to this file.' }),
  parallel: z
    .strictObject({
      pairs: z.int().min(1).max(64).default(8).meta({ description: 'In all.' }),
      perNextcloudHost: z.int().min(1).max(16).default(4).meta({ description: 'On one Nextcloud.' }),
      perExchangeAccount: z
        .int()
        .min(1)
        .max(8)
        .default(2)
        .meta({ description: 'On one account of Exchange.' }),
    })
    .prefault({})
    .meta({ description: 'How many pairs at once.' }),
  exchange: z
    .record(z.string(), exchangeLogin)
    .meta({ description: 'Logins on Exchange, by a name of your own.' }),
  nextcloud: z
    .record(z.string(), nextcloudLogin)
    .default({})
    .meta({ description: 'Logins on Nextcloud, by a name of your own.' }),
  pairs: z.array(pair).default([]).meta({ description: 'What is kept equal.' }),
});

/** Written in the file beside the rest; becomes pairs and logins before anything is checked. */
export const templateSchema = z.strictObject({
  users: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: 'For whom; `{user}` in the texts below stands for each.' }),
  nextcloud: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'A login on Nextcloud for each, named as the pair names it.' }),
  pair: z.record(z.string(), z.unknown()).meta({ description: 'A pair for each.' }),
});

export type ExchangeLogin = z.output<typeof exchangeLogin>;
export type NextcloudLogin = z.output<typeof nextcloudLogin>;
