// mirror.yaml: what is taken, and what is refused with its place.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mirrorPage, mirrorSettings, pageWithSettings } from '../../scripts/mirror-settings.ts';
import { MirrorConfigError, readMirrorConfig } from '../../src/mirror/index.ts';

const logins = `
exchange:
  work: { user: anna@example.org, password: { variable: EXCHANGE_PASSWORD } }
nextcloud:
  cloud: { url: https://cloud.example.org, user: anna, password: { file: /run/secrets/anna } }
`;

const plainPair = `
pairs:
  - name: anna
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Work }
`;

function problemsOf(text: string): readonly string[] {
  try {
    readMirrorConfig(text);
  } catch (error) {
    if (error instanceof MirrorConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readMirrorConfig', () => {
  it('fills in what is not said', () => {
    const [pair] = readMirrorConfig(logins + plainPair).pairs;
    expect(pair).toEqual({
      rules: {
        name: 'anna',
        kind: 'events',
        direction: 'both',
        conflict: 'newest',
        privacy: { kind: 'keep' },
        alarms: 'keep',
        attachments: { kind: 'link' },
        guard: { share: 0.2, count: 10 },
      },
      exchange: { login: 'work', folder: '' },
      nextcloud: { login: 'cloud', collection: 'Work', create: true },
      intervalMs: 300_000,
    });
  });

  it('makes a pair and a login for each user of a template', () => {
    const config = readMirrorConfig(`
exchange:
  service: { user: svc@example.org, password: secret-of-svc }
templates:
  - users: [anna, bert]
    nextcloud: { url: https://cloud.example.org, user: "{user}", password: { file: "/run/secrets/{user}" } }
    pair:
      name: "{user}-calendar"
      exchange: { login: service, mailbox: "{user}@example.org" }
      nextcloud: { login: "cloud-{user}", collection: Exchange }
      window: { past: 30d, future: 365d }
`);
    expect(config.pairs.map(({ rules, exchange }) => [rules.name, exchange.mailbox])).toEqual([
      ['anna-calendar', 'anna@example.org'],
      ['bert-calendar', 'bert@example.org'],
    ]);
    expect(config.nextcloud['cloud-bert']).toMatchObject({
      user: 'bert',
      password: { file: '/run/secrets/bert' },
    });
    expect(config.pairs[0]?.rules.window).toEqual({ pastDays: 30, futureDays: 365 });
  });

  it.each([
    ['a key nobody knows', `${logins}${plainPair}    colour: red\n`, /^pairs\[0\]: .*colour/],
    ['a login that is not there', logins + plainPair.replace('login: cloud', 'login: sky'), /no login "sky"/],
    [
      'one folder in two pairs',
      `${logins}${plainPair}  - name: again\n    exchange: { login: work }\n    nextcloud: { login: cloud, collection: Other }\n`,
      /the same collection of exchange is in both/,
    ],
    [
      'one collection in two pairs: a ring',
      `${logins}${plainPair}  - name: again\n    exchange: { login: work, folder: other }\n    nextcloud: { login: cloud, collection: work }\n`,
      /the same collection of nextcloud is in both/,
    ],
    ['busy blocks both ways', `${logins}${plainPair}    privacy: { busyOnly: all }\n`, /one way only/],
    [
      'a text that is no duration',
      `${logins}${plainPair}    interval: soon\n`,
      /pairs\[0\]\.interval: must be a number/,
    ],
    ['no YAML', 'pairs: [', /line 1/],
    ['one key twice', `${logins}${plainPair}${plainPair}`, /unique/],
  ])('refuses %s', (_name, text, problem) => {
    expect(problemsOf(text).join('\n')).toMatch(problem);
  });
});

describe('docs/mirror.md', () => {
  it('has every setting of the schema, with what it means', () => {
    const page = readFileSync(mirrorPage, 'utf8');
    expect(page).toBe(pageWithSettings(page));
    expect(page).toContain('| `pairs[].window.past` |');
    expect(mirrorSettings()).not.toMatch(/\| +\|/);
  });
});
