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
      'Who wins when both sides changed; a tie goes to Exchange. The text that loses is kept in the journal.',
  }),
  window: z.strictObject({ past: duration, future: duration }).optional().meta({
    description: 'Only what takes place between then and then is copied anew, `{past: 90d, future: 365d}`.',
  }),
  categories: z
    .strictObject({ include: z.array(z.string()).optional(), exclude: z.array(z.string()).optional() })
    .optional()
    .meta({ description: 'Only objects with one of `include`, none with one of `exclude`.' }),
  privacy: privacy.default({ kind: 'keep' }).meta({
    description:
      'What becomes of private and confidential objects: `keep`, `leave-out`, or `{busyOnly: sensitive, title: Busy}` (`all`: of every object).',
  }),
  alarms: z.enum(['keep', 'drop']).default('keep').meta({
    description: 'Whether alarms travel; with `drop` each side keeps its own.',
  }),
  attachments: attachments.default({ kind: 'link' }).meta({
    description: 'Attachments as links, copied below a size (`{copyBelow: 2MB}`), or not at all (`drop`).',
  }),
  guard: z
    .strictObject({
      share: percent.default(defaultGuard.share),
      count: z.int().min(0).default(defaultGuard.count),
    })
    .default(defaultGuard)
    .meta({
      description: 'A run that would remove more than this share and more than this number of objects stops.',
    }),
  interval: duration
    .default(5 * unitsMs.m)
    .meta({ description: 'How often to look when nobody tells of changes.' }),
};

const pairKeys = {
  name: z.string().min(1).meta({ description: 'Any name; what is remembered is filed under it.' }),
  kind: z.enum(['events', 'tasks', 'contacts']).default('events').meta({ description: 'What the two hold.' }),
  exchange: z
    .strictObject({
      login: z.string(),
      mailbox: z.string().optional(),
      folder: z
        .string()
        .default('')
        .meta({ description: 'Name in the address of the collection, or its display name.' }),
    })
    .meta({ description: 'The folder: `{login, mailbox, folder}`; without `folder` the standard one.' }),
  nextcloud: z
    .strictObject({
      login: z.string(),
      collection: z.string().min(1),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #3070c0')
        .optional(),
      create: z.boolean().default(true),
    })
    .meta({
      description: 'The collection, by name: `{login, collection, color, create}`; made when missing.',
    }),
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
      pairs: z.int().min(1).max(64).default(8),
      perNextcloudHost: z.int().min(1).max(16).default(4),
      perExchangeAccount: z.int().min(1).max(8).default(2),
    })
    .default({ pairs: 8, perNextcloudHost: 4, perExchangeAccount: 2 })
    .meta({ description: 'How many pairs at once: in all, on one Nextcloud, on one Exchange account.' }),
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
