// Every setting, once: variable, meaning, default and check. docs/configuration.md is tested against this schema.
import { accessSync, constants } from 'node:fs';
import { z } from 'zod';

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** One line each, naming the variable and an example. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const megabytes = z.coerce.number('must be a number').min(1).max(4096);
const url = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .transform((text) => text.replace(/\/+$/, ''));
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);
const network = z.union(
  [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be addresses or networks (10.0.0.0/8)',
);

/** `reader=mailbox,mailbox; *=mailbox` → reader → mailboxes. */
const sharedMailboxes = z
  .string()
  .regex(
    /^(\s*[^=;,\s]+=[^=;,\s]+(\s*,\s*[^=;,\s]+)*\s*(;|$))+$/,
    'must have the form user=mailbox,mailbox; user=mailbox',
  )
  .transform((text) => {
    const pairs = new Map<string, readonly string[]>();
    for (const entry of text.split(';').filter((part) => part.includes('='))) {
      const [reader = '', mailboxes = ''] = entry.toLowerCase().split('=');
      pairs.set(
        reader.trim(),
        mailboxes.split(',').map((mailbox) => mailbox.trim()),
      );
    }
    return pairs;
  });

/** Listing the home follows every path: more than these are no setting but a mirror. */
const mostPublicFolders = 50;

/** `/Company/Holidays; /Company/Customers`: a name may contain a comma. */
const publicFolders = z
  .string()
  .transform((text) =>
    text
      .split(';')
      .map((path) => path.trim())
      .filter(Boolean),
  )
  .pipe(
    z
      .array(z.string().regex(/^(\/[^/]+)+$/, 'must be paths like /Company/Holidays, with ; between them'))
      .max(mostPublicFolders, `may name at most ${mostPublicFolders} folders`),
  );

export const configSchema = z.object({
  EXDAV_EWS_URL: url.optional().meta({
    description:
      'Address of Exchange Web Services. Without it the server is found by autodiscover, from the domain of the e-mail address.',
    examples: ['https://mail.example.org/EWS/Exchange.asmx'],
  }),
  EXDAV_DOMAIN: z
    .string()
    .regex(/^[\w.-]+$/, 'must be a domain name')
    .optional()
    .meta({
      description:
        'Domain for sign-in names that have none: `anna` becomes `anna@DOMAIN`, or `DOMAIN\\anna` if it has no dot.',
      examples: ['example.org'],
    }),
  EXDAV_HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({
      description: 'Address to listen on. The container image sets 0.0.0.0.',
      examples: ['0.0.0.0'],
    }),
  EXDAV_PORT: z.coerce
    .number('must be a port number')
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .meta({
      description: 'TCP port to listen on; 0 takes a free one.',
      examples: ['8080'],
    }),
  EXDAV_PUBLIC_URL: url.optional().meta({
    description:
      'Where clients reach the gateway, path included. Without it the forwarded headers of trusted proxies count.',
    examples: ['https://dav.example.org/exchange'],
  }),
  EXDAV_TRUSTED_PROXIES: list
    .pipe(z.array(network))
    .default([])
    .meta({
      description:
        'Reverse proxies (addresses, networks) whose X-Forwarded-For, -Proto, -Host and -Prefix headers are believed.',
      examples: ['10.0.0.0/8,127.0.0.1'],
    }),
  EXDAV_STORE: z
    .string()
    .regex(/^(memory:|sqlite:.+|rediss?:\/\/.+)$/, 'must be memory:, sqlite:FILE or redis://…')
    .default('memory:')
    .meta({
      description:
        'Where caches and sealed secrets live: `memory:`, `sqlite:FILE` (one process), `redis://…` (several).',
      examples: ['sqlite:/var/lib/exdav/exdav.db'],
    }),
  EXDAV_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .meta({
      description:
        'Secret from which the sealing keys are derived; the same on every replica. Needed for secret links.',
      examples: ['"$(openssl rand -base64 32)"'],
    }),
  EXDAV_CA_FILE: z
    .string()
    .min(1)
    .refine(isReadable, 'cannot be read')
    .optional()
    .meta({
      description: 'PEM file with the certificate authority (or the certificate) of the Exchange server.',
      examples: ['/etc/exdav/ca.pem'],
    }),
  EXDAV_EWS_VERSION: z
    .string()
    .regex(/^(Exchange20\d\d(_SP\d)?|V20\d\d_\d\d_\d\d)$/, 'must be a schema version of EWS')
    .optional()
    .meta({
      description:
        'Schema version to ask Exchange for. Without it one that every server from 2013 SP1 on understands.',
      examples: ['Exchange2013_SP1'],
    }),
  EXDAV_EWS_CONCURRENCY: z.coerce
    .number('must be a number')
    .int()
    .min(1)
    .max(20)
    .default(4)
    .meta({
      description: 'Calls to Exchange under way at once for one account.',
      examples: ['4'],
    }),
  EXDAV_EWS_TIMEOUT: z.coerce
    .number('must be a number of seconds')
    .min(1)
    .max(600)
    .default(60)
    .meta({
      description: 'Seconds after which one call to Exchange is given up.',
      examples: ['60'],
    }),
  EXDAV_SHARED_MAILBOXES: sharedMailboxes.optional().meta({
    description:
      "Mailboxes whose folders appear among a user's own, if Exchange lets that user; `*` stands for every user.",
    examples: ['"anna@example.org=room1@example.org,bert@example.org; *=holidays@example.org"'],
  }),
  EXDAV_SCHEDULING: z
    .enum(['on', 'off'], 'must be on or off')
    .default('on')
    .meta({
      description:
        'Whether Exchange invites, updates, cancels and answers when a client changes a meeting. `off`: no message ever leaves because of a client.',
      examples: ['off'],
    }),
  EXDAV_PUBLIC_FOLDERS: publicFolders.default([]).meta({
    description:
      "Public folders (calendars, tasks, contacts) that appear among everybody's own, by their paths; who may do what there is what Exchange grants.",
    examples: ['"/Company/Holidays; /Company/Customers"'],
  }),
  EXDAV_DIRECTORY: z
    .enum(['on', 'off'])
    .default('on')
    .meta({
      description:
        "Whether users may search the organisation's address list: as an address book, for attendees, for rooms.",
      examples: ['off'],
    }),
  EXDAV_CACHE_MB: megabytes.default(128).meta({
    description: 'Memory for translated objects, in MB. The mirror takes 8 of them at most.',
    examples: ['128'],
  }),
  EXDAV_MAX_RESOURCE_MB: megabytes.default(10).meta({
    description: 'Largest calendar object or contact that is accepted, in MB.',
    examples: ['10'],
  }),
  EXDAV_MIRROR_FILE: z
    .string()
    .min(1)
    .optional()
    .meta({
      description: 'Pairs of folders and collections that `serve` keeps equal, as for `exdav mirror`.',
      examples: ['/etc/exdav/mirror.yaml'],
    }),
  EXDAV_MAX_ATTACHMENT_MB: megabytes.default(25).meta({
    description:
      'Largest attachment that is taken or given, in MB. Exchange may take less; a PUT cannot be larger than EXDAV_MAX_RESOURCE_MB.',
    examples: ['25'],
  }),
  EXDAV_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({
      description: 'How much is logged, as JSON lines on standard output.',
      examples: ['info'],
    }),
});

export type Config = z.output<typeof configSchema>;

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws ConfigError with every problem at once */
export function readConfig(environment: Environment): Config {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && value !== '') given[name] = value;
  const result = configSchema.safeParse(given);
  const problems = [
    ...unknownVariables(given),
    ...(result.error?.issues ?? []).map((issue) => problemOf(issue, given)),
  ];
  if (result.success && problems.length === 0) return result.data;
  throw new ConfigError([...new Set(problems)]);
}

function problemOf(issue: z.core.$ZodIssue, given: Environment): string {
  const variable = String(issue.path[0]);
  // A secret is named, never shown; neither is a password inside an address.
  const value = (given[variable] ?? '').replace(/\/\/[^/]*@/, '//…@');
  const shown = variable === 'EXDAV_SECRET' ? 'its value' : `"${value}"`;
  return `${variable}: ${shown} is not accepted: ${issue.message}. Example: ${variable}=${exampleOf(variable)}`;
}

function unknownVariables(given: Environment): string[] {
  const known = new Set(Object.keys(configSchema.shape));
  return Object.keys(given)
    .filter(
      (name) =>
        name.startsWith('EXDAV_') && !known.has(name) && !/^EXDAV_(TEST_|SPEC$|CORPUS$|BENCH_)/.test(name),
    )
    .map((name) => `${name}: there is no such setting. Example: EXDAV_PORT=${exampleOf('EXDAV_PORT')}`);
}

/** The documented example of a variable. */
export function exampleOf(variable: string): string {
  const schema = Object.entries(configSchema.shape).find(([name]) => name === variable)?.[1];
  return schema?.meta()?.examples?.toString() ?? '';
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** A value of a setting as text, for people: nothing secret in it. */
export function shownValue(variable: string, value: unknown): string {
  if (value === undefined) return '';
  if (variable === 'EXDAV_SECRET') return '(set)';
  if (value instanceof Map)
    return [...value].map(([reader, mailboxes]) => `${reader}=${mailboxes}`).join('; ');
  if (Array.isArray(value)) return value.join(variable === 'EXDAV_PUBLIC_FOLDERS' ? '; ' : ',');
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.replace(/\/\/[^/]*@/, '//…@');
}
