import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationReference, referenceFile } from '../../scripts/configuration-reference.ts';
import { ConfigError, configSchema, exampleOf, readConfig } from '../../src/server/config.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({}).EXDAV_PORT).toBe(8080);
  });

  it('takes an empty variable for absent', () => {
    expect(readConfig({ EXDAV_PORT: '' }).EXDAV_PORT).toBe(8080);
  });

  it('names every problem in one line with variable and example', () => {
    const problems = problemsOf({ EXDAV_PORT: 'x', EXDAV_STORE: 'mysql://x', EXDAV_TYPO: '1' });
    expect(problems).toHaveLength(3);
    for (const problem of problems) {
      expect(problem).toMatch(/^EXDAV_\w+: .+ Example: EXDAV_\w+=.+$/);
      expect(problem).not.toContain('\n');
    }
  });

  it('never shows a secret or a password in an address', () => {
    const shown = problemsOf({ EXDAV_SECRET: 'hunter2', EXDAV_STORE: 'rediss//u:hunter2@h' }).join('\n');
    expect(shown).toContain('EXDAV_SECRET');
    expect(shown).not.toContain('hunter2');
  });

  it('accepts every documented example', () => {
    for (const variable of Object.keys(configSchema.shape)) {
      if (variable === 'EXDAV_CA_FILE') continue; // names a file of the reader's machine
      const example = exampleOf(variable).replace(/^"(.*)"$/, '$1');
      expect(problemsOf({ [variable]: example })).toEqual([]);
    }
  });

  it('reads shared mailboxes', () => {
    const { EXDAV_SHARED_MAILBOXES: shared } = readConfig({ EXDAV_SHARED_MAILBOXES: 'A@x=b@x, c@x; *=d@x' });
    expect([...(shared ?? [])]).toEqual([
      ['a@x', ['b@x', 'c@x']],
      ['*', ['d@x']],
    ]);
  });

  it('reads paths of public folders, at most fifty', () => {
    const read = (text: string) => readConfig({ EXDAV_PUBLIC_FOLDERS: text }).EXDAV_PUBLIC_FOLDERS;
    expect(read('/Company/Days off, paid;/Customers; ')).toEqual(['/Company/Days off, paid', '/Customers']);
    expect(problemsOf({ EXDAV_PUBLIC_FOLDERS: 'Company/Holidays' })[0]).toContain('must be paths');
    const many = Array.from({ length: 51 }, (_, number) => `/${number}`).join(';');
    expect(problemsOf({ EXDAV_PUBLIC_FOLDERS: many })[0]).toContain('at most 50');
  });
});

describe('docs/configuration.md', () => {
  it('is what the schema says', () => {
    expect(readFileSync(referenceFile, 'utf8')).toBe(configurationReference());
  });
});
