// mirror.yaml read: templates filled in, every key checked, and what together cannot be.
import { z } from 'zod';
import type { Side } from '../model/mirror-store.ts';
import { mirrorSchema, type pair, templateSchema, unitsMs } from './config-schema.ts';
import type { PairRules } from './pair.ts';
import { parseYaml } from './yaml.ts';

/** One line for each thing that is wrong, with its place in the file. */
export class MirrorConfigError extends Error {
  override readonly name = 'MirrorConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

export interface PairConfig {
  readonly rules: PairRules;
  readonly exchange: { readonly login: string; readonly mailbox?: string; readonly folder: string };
  readonly nextcloud: {
    readonly login: string;
    readonly collection: string;
    readonly color?: string;
    readonly create: boolean;
  };
  readonly intervalMs: number;
}

export interface MirrorConfig extends Omit<z.output<typeof mirrorSchema>, 'pairs'> {
  readonly pairs: readonly PairConfig[];
}

/** @throws MirrorConfigError with every problem at once */
export function readMirrorConfig(text: string): MirrorConfig {
  const given = parseYaml(text);
  if ('problem' in given) throw new MirrorConfigError([given.problem]);
  const result = mirrorSchema.safeParse(expanded(given.value));
  if (!result.success) throw new MirrorConfigError(result.error.issues.map(problemOf));
  const config = { ...result.data, pairs: result.data.pairs.map(pairConfigOf) };
  const problems = contradictionsIn(config);
  if (problems.length > 0) throw new MirrorConfigError(problems);
  return config;
}

/** The place and what is wrong there. */
export function problemOf({ path, message }: z.core.$ZodIssue): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return `${place.replace(/^\./, '') || 'the file'}: ${message}`;
}

type Pair = z.output<typeof pair>;

function pairConfigOf(each: Pair): PairConfig {
  const { name, kind, direction, conflict, categories, privacy, alarms, attachments, guard, window } = each;
  const { mailbox, ...exchange } = each.exchange;
  const { color, ...nextcloud } = each.nextcloud;
  return {
    rules: {
      name,
      kind,
      direction,
      conflict,
      privacy,
      alarms,
      attachments,
      guard,
      ...(categories && { categories: withoutAbsent(categories) }),
      ...(window && { window: { pastDays: window.past / unitsMs.d, futureDays: window.future / unitsMs.d } }),
    },
    exchange: { ...exchange, ...(mailbox !== undefined && { mailbox }) },
    nextcloud: { ...nextcloud, ...(color !== undefined && { color }) },
    intervalMs: each.interval,
  };
}

function withoutAbsent({ include, exclude }: NonNullable<Pair['categories']>): PairRules['categories'] {
  return { ...(include && { include }), ...(exclude && { exclude }) };
}

const fileWithTemplates = z.looseObject({
  templates: z.array(templateSchema),
  pairs: z.array(z.unknown()).default([]),
  nextcloud: z.record(z.string(), z.unknown()).default({}),
});

/** Templates as pairs and logins. @throws MirrorConfigError */
function expanded(file: unknown): unknown {
  const hasTemplates = typeof file === 'object' && file !== null && 'templates' in file;
  if (!hasTemplates) return file;
  const result = fileWithTemplates.safeParse(file);
  if (!result.success) throw new MirrorConfigError(result.error.issues.map(problemOf));
  const { templates, ...rest } = result.data;
  const pairs = [...rest.pairs];
  const nextcloud = { ...rest.nextcloud };
  for (const { users, pair: draft, nextcloud: login } of templates) {
    for (const user of users) {
      const filled = filledIn(draft, user);
      pairs.push(filled);
      const name = nextcloudPlace.safeParse(filled).data?.nextcloud.login;
      if (login && name !== undefined) nextcloud[name] = filledIn(login, user);
    }
  }
  return { ...rest, pairs, nextcloud };
}

const nextcloudPlace = z.looseObject({ nextcloud: z.looseObject({ login: z.string() }) });

function filledIn(value: unknown, user: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{user}', user);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, user));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, user)]));
}

/** What each part alone allows, and together cannot be. */
function contradictionsIn(config: MirrorConfig): string[] {
  return [
    ...config.pairs.flatMap((each) => contradictionsOf(each, config)),
    ...repeated(config, 'exchange', ({ exchange, rules }) => {
      const mailbox = exchange.mailbox ?? config.exchange[exchange.login]?.user ?? exchange.login;
      return `${mailbox.toLowerCase()} ${rules.kind} ${exchange.folder.toLowerCase()}`;
    }),
    ...repeated(config, 'nextcloud', ({ nextcloud, rules }) => {
      const login = config.nextcloud[nextcloud.login];
      return `${login?.url} ${login?.user} ${rules.kind} ${nextcloud.collection.toLowerCase()}`;
    }),
    ...twice(config.pairs.map(({ rules }) => rules.name)).map((name) => `pairs: two are called "${name}"`),
  ];
}

function contradictionsOf({ rules, exchange, nextcloud }: PairConfig, config: MirrorConfig): string[] {
  const problems: string[] = [];
  const say = (text: string): void => void problems.push(`pair "${rules.name}": ${text}`);
  if (config.exchange[exchange.login] === undefined) say(`exchange has no login "${exchange.login}"`);
  if (config.nextcloud[nextcloud.login] === undefined) say(`nextcloud has no login "${nextcloud.login}"`);
  if (rules.privacy.kind === 'busy-only' && rules.direction === 'both')
    say('busyOnly goes one way only: the other way the details would be lost; set direction');
  if (rules.privacy.kind === 'busy-only' && rules.kind !== 'events') say('busyOnly is for events');
  if (rules.window && rules.kind === 'contacts') say('a window is for events and tasks');
  return problems;
}

/** One collection in two pairs: changes would go round in rings, or two writers would fight over it. */
function repeated(config: MirrorConfig, side: Side, keyOf: (pair: PairConfig) => string): string[] {
  const keys = config.pairs.map(keyOf);
  return twice(keys).map((key) => {
    const names = config.pairs
      .filter((_each, index) => keys[index] === key)
      .map(({ rules }) => `"${rules.name}"`);
    return `pairs ${names.join(' and ')}: the same collection of ${side} is in both`;
  });
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
