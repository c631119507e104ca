// Names of contacts that Exchange makes: FileAs by FileAsMapping ([MS-OXWSCONT] R130–R147), the parts a mapping names,
// joined as it says; and DisplayName of the parts.
import type { Draft, Values } from './state/index.ts';

type Rule = (parts: Parts) => string;

interface Parts {
  readonly first: string;
  readonly middle: string;
  readonly last: string;
  readonly suffix: string;
  readonly company: string;
  readonly display: string;
}

const words = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');
const lastComma = (p: Parts): string =>
  [p.last, words(p.first, p.middle)].filter((part) => part !== '').join(', ');
const bracketed = (text: string): string => (text === '' ? '' : `(${text})`);

const rules: Readonly<Record<string, Rule>> = {
  LastCommaFirst: lastComma,
  FirstSpaceLast: (p) => words(p.first, p.middle, p.last, p.suffix),
  Company: (p) => p.company,
  LastCommaFirstCompany: (p) => words(lastComma(p), bracketed(p.company)),
  CompanyLastFirst: (p) => words(p.company, bracketed(`${p.last}${words(p.first, p.middle)}`)),
  LastFirst: (p) => `${p.last}${words(p.first, p.middle)}`,
  LastFirstCompany: (p) => words(`${p.last}${words(p.first, p.middle)}`, bracketed(p.company)),
  CompanyLastCommaFirst: (p) => words(p.company, bracketed(lastComma(p))),
  LastFirstSuffix: (p) => words(`${p.last}${p.first}`, p.suffix),
  LastSpaceFirstCompany: (p) => words(p.last, p.first, p.middle, bracketed(p.company)),
  CompanyLastSpaceFirst: (p) => words(p.company, bracketed(words(p.last, p.first, p.middle))),
  LastSpaceFirst: (p) => words(p.last, p.first, p.middle),
  DisplayName: (p) => p.display,
  FirstName: (p) => p.first,
  LastFirstMiddleSuffix: (p) => words(p.last, p.first, p.middle, p.suffix),
  LastName: (p) => p.last,
  Empty: () => '',
};

/**
 * A DisplayName nobody wrote follows the parts of the name: evolution-ews writes the parts only and reads the whole.
 * `before`: the contact as it was.
 */
export function applyDisplayName(draft: Draft, before: Values = {}): void {
  if (draft.displayName !== before.displayName) return;
  if (before.displayName !== undefined && before.displayName !== wholeName(before)) return;
  const name = wholeName(draft);
  if (name !== '') draft.displayName = name;
}

function wholeName(values: Values): string {
  const { givenName = '', middleName = '', surname = '', generation = '' } = values;
  return words(givenName, middleName, surname, generation);
}

/** With mapping None, or none at all, FileAs is what was written. */
export function applyFileAs(draft: Draft): void {
  const rule = rules[draft.fileAsMapping ?? 'None'];
  if (rule === undefined) return;
  draft.fileAs = rule({
    first: draft.givenName ?? '',
    middle: draft.middleName ?? '',
    last: draft.surname ?? '',
    suffix: draft.generation ?? '',
    company: draft.companyName ?? '',
    display: draft.displayName ?? '',
  });
}
