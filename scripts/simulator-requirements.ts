// Writes docs/simulator-requirements.md: each statement of Microsoft's Open Specifications with the test that checks it
// on the simulator. Ids come from the names of tests and from requirements/*.tsv of EXDAV_SPEC; a test compares.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '..');
export const requirementsFile = join(root, 'docs/simulator-requirements.md');

/** The documents whose statements count, in the order of the page; CDATA is quoted by the others. */
const titles = {
  CORE: 'MS-OXWSCORE: items',
  SYNC: 'MS-OXWSSYNC: synchronisation',
  MTGS: 'MS-OXWSMTGS: calendar items and meetings',
  TASK: 'MS-OXWSTASK: tasks',
  CONT: 'MS-OXWSCONT: contacts',
  ATT: 'MS-OXWSATT: attachments',
  FOLD: 'MS-OXWSFOLD: folders',
  CDATA: 'MS-OXWSCDATA: types of all, as far as the others quote them',
} as const;
type Family = keyof typeof titles;
const families = ['CORE', 'SYNC', 'MTGS', 'TASK', 'CONT', 'ATT', 'FOLD', 'CDATA'] as const;

export interface Check {
  readonly id: string;
  /** `core.test.ts`. */
  readonly file: string;
  /** The name of the test after the ids. */
  readonly name: string;
}

interface Statement {
  readonly id: string;
  readonly isNormative: boolean;
  /** The part of the document it is about: a type, an operation. */
  readonly about: string;
}

/** Every id in the name of a requirement test, with that test. */
export function listChecks(): Check[] {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const list = ['list', '--json', '--no-static-parse', '--project', 'unit', 'test/simulator/requirements/'];
  const text = execFileSync(process.execPath, [vitest, ...list], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const tests = z.array(z.object({ name: z.string(), file: z.string() })).parse(JSON.parse(text));
  // Files are collected side by side: which comes first is chance.
  const inOrder = tests.toSorted((a, b) => (a.file > b.file ? -1 : Number(a.file < b.file)));
  return inOrder.flatMap(({ name, file }) => {
    const ids = name.match(/\b[A-Z]+_R\d+\b/g) ?? [];
    return ids.map((id) => ({ id, file: basename(file), name: nameOnly(name) }));
  });
}

/** Folder with requirements/*.tsv, where there is one. */
export function findRequirements(): string | undefined {
  const named = process.env['EXDAV_SPEC'] ?? '../shared/ews-spec';
  return [resolve(root, named), resolve(named)]
    .map((place) => join(place, 'requirements'))
    .find((place) => existsSync(place));
}

export function parseStatements(folder: string): Statement[] {
  const found = new Map<string, Statement>();
  for (const family of families) {
    if (family === 'CDATA') continue;
    const lines = readFileSync(join(folder, `MS-OXWS${family}.tsv`), 'utf8')
      .split('\n')
      .slice(1);
    for (const line of lines) {
      const [id = '', , normative = '', , text = ''] = line.split('\t');
      if (id === '') continue;
      found.set(shortId(id), {
        id: shortId(id),
        isNormative: normative === 'Normative',
        about: aboutOf(text),
      });
    }
  }
  return [...found.values()];
}

/** The page. */
export function renderRequirements(checks: readonly Check[], statements: readonly Statement[]): string {
  const byId = new Map<string, Check[]>();
  for (const check of checks) byId.set(check.id, [...(byId.get(check.id) ?? []), check]);
  const counted = families.map((family) => {
    const all = statements.filter(({ id }) => familyOf(id) === family);
    const checked = all.filter(({ id }) => byId.has(id)).length;
    const normative = all.filter(({ isNormative }) => isNormative).length;
    return { family, checked, normative, all: all.length };
  });
  const total = (key: 'checked' | 'normative' | 'all'): number =>
    counted.reduce((sum, row) => sum + row[key], 0);
  return [
    '# Requirements the simulator is checked against',
    '',
    'Statements of Microsoft’s Open Specifications, whose ids come from the interoperability test suites that Microsoft',
    'runs against real servers. A statement counts as checked when a test named with its id would fail if the simulated',
    'Exchange broke it. The page is written by `scripts/simulator-requirements.ts` from the names of the tests in',
    '`test/simulator/requirements/`; `test/simulator/requirements-document.test.ts` fails when it is out of date.',
    '',
    '| Document | Checked | Normative | All |',
    '| --- | --- | --- | --- |',
    ...counted.map((row) => `| ${titles[row.family]} | ${row.checked} | ${row.normative} | ${row.all} |`),
    `| **Together** | **${total('checked')}** | **${total('normative')}** | **${total('all')}** |`,
    ...families.flatMap((family) => renderFamily(family, byId, statements)),
    '',
  ].join('\n');
}

function renderFamily(
  family: Family,
  byId: ReadonlyMap<string, readonly Check[]>,
  statements: readonly Statement[],
): string[] {
  const own = statements.filter(({ id }) => familyOf(id) === family).sort(byNumber);
  const open = own.filter(({ id }) => !byId.has(id));
  const groups = new Map<string, string[]>();
  for (const { id, isNormative, about } of open) {
    const group = isNormative ? about : 'for information only';
    groups.set(group, [...(groups.get(group) ?? []), id.replace(/^.*_/, '')]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    '',
    `## ${titles[family]}`,
    '',
    '| Id | Test | What it checks |',
    '| --- | --- | --- |',
    ...own.flatMap(({ id }) => byId.get(id)?.[0] ?? []).map((check) => renderRow(check, byId)),
    '',
    '### Not simulated, or not checked',
    '',
    ...sorted.map(([about, ids]) => `- ${about}: ${ids.join(' ')}`),
  ];
}

/** One line of the page; the same with and without the statements at hand. */
export function renderRow(check: Check, byId: ReadonlyMap<string, readonly Check[]>): string {
  const more = (byId.get(check.id)?.length ?? 1) - 1;
  const name = check.name.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return `| ${check.id} | ${check.file} | ${name}${more > 0 ? ` (and ${more} more)` : ''} |`;
}

/** Without the ids that stand before the colon or in brackets. */
function nameOnly(name: string): string {
  return name
    .replace(/\(?\b[A-Z]+_R\d+\b\)?,?/g, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:]+/, '')
    .replace(/\s*:\s*$/, '')
    .trim();
}

function shortId(id: string): string {
  return id.replace(/^MS-OXWS/, '');
}

function familyOf(id: string): string {
  return id.replace(/_.*$/, '');
}

/** `[In t:FlagType Complex Type] …` is about `t:FlagType`. */
function aboutOf(text: string): string {
  const inside = /^\[In ([^\]]*)\]/.exec(text)?.[1] ?? 'elsewhere';
  if (inside.startsWith('Appendix C')) return 'behaviour of single versions';
  return inside.replace(/ (Complex Type|Simple Type|Operation|Element|Message|Group)\b.*$/, '').trim();
}

function byNumber(a: Statement, b: Statement): number {
  return Number(a.id.replace(/^.*_R/, '')) - Number(b.id.replace(/^.*_R/, ''));
}

if (import.meta.main) {
  const folder = findRequirements();
  if (folder === undefined) throw new Error('requirements/*.tsv not found: set EXDAV_SPEC');
  writeFileSync(requirementsFile, renderRequirements(listChecks(), parseStatements(folder)));
}
