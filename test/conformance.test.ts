// docs/conformance.md says the truth: its tests exist, and nothing the code answers is missing from it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { methodNames } from '../src/dav-handlers/handle.ts';
import { namespaces } from '../src/dav-handlers/names.ts';
import { propertyRows } from '../src/dav-handlers/properties/rows.ts';
import { reportWhere } from '../src/dav-handlers/reports/supported.ts';
import { parseClark } from '../src/xml/index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const document = readFileSync(join(here, '../docs/conformance.md'), 'utf8');

interface Row {
  readonly what: string;
  readonly state: string;
  readonly test: string;
  readonly section: string;
}

const rows: readonly Row[] = document.split(/^## /m).flatMap((block) => {
  const [section = ''] = block.split('\n');
  return block
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:What|-)/.test(line))
    .map((line) => {
      const [, what = '', , state = '', test = ''] = line.split('|').map((cell) => cell.trim());
      return { what, state, test, section };
    });
});

/** `` `file` › title `` of a test, or of a row of a table of tests. */
function expectTest(test: string, what: string): void {
  const [, file = '', name = ''] = /^`([^`]+)` › (.+)$/.exec(test) ?? [];
  const source = sourceOf(file);
  expect(source, `${what}: ${file}`).not.toBe('');
  // `it.each(…)('name'` among them.
  const titles = [`('${name}'`, `("${name}"`, `(\`${name}\``, `name: '${name}'`];
  expect(
    titles.some((title) => source.includes(title)),
    `${what}: ${test}`,
  ).toBe(true);
}

function sourceOf(file: string): string {
  const path = join(here, file);
  return existsSync(path) ? readFileSync(path, 'utf8').replaceAll(String.raw`\'`, "'") : '';
}

/** `D:getetag` for `{DAV:}getetag`. */
function shortName(clark: string): string {
  const { ns, name } = parseClark(clark);
  const prefix = Object.entries(namespaces).find(([, uri]) => uri === ns)?.[0] ?? '';
  return `${prefix}:${name}`;
}

function mentions(sections: RegExp, name: string): boolean {
  const word = new RegExp(`(^|[\\s,])${name}($|[\\s,:])`);
  return rows.some(({ section, what }) => sections.test(section) && word.test(what));
}

describe('docs/conformance.md', () => {
  it('has rows with a known state', () => {
    expect(rows.length).toBeGreaterThan(120);
    for (const { what, state } of rows) expect(['yes', 'partly', 'no'], what).toContain(state);
  });

  it('names only tests that exist', () => {
    for (const { what, test } of rows) expectTest(test, what);
  });

  it('has a row for every property, report and method that is answered', () => {
    for (const { name } of propertyRows)
      expect(mentions(/^Properties/, shortName(name)), shortName(name)).toBe(true);
    for (const name of Object.keys(reportWhere))
      expect(mentions(/^Reports/, shortName(name)), shortName(name)).toBe(true);
    for (const name of methodNames) expect(mentions(/^Methods/, name), name).toBe(true);
  });

  it('calls nothing supported that the property tables answer with nothing', () => {
    const supported = rows.filter(({ section, state }) => section.startsWith('Properties') && state !== 'no');
    const known = new Set(propertyRows.map(({ name }) => shortName(name)));
    for (const { what } of supported) expect(known, what).toContain(what.replace(/: .*$/, '').split(',')[0]);
  });
});

describe('docs/scheduling.md', () => {
  it('names only tests that exist', () => {
    const page = readFileSync(join(here, '../docs/scheduling.md'), 'utf8');
    const named = [...page.matchAll(/^\| (.*) \| (`gateway\/[^`]+` › .*?) \|$/gm)];
    expect(named.length).toBeGreaterThan(30);
    for (const [, what = '', test = ''] of named) expectTest(test.trim(), what.trim());
  });
});
