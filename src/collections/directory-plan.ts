// What to ask the directory so that everything a filter matches is among the answers. A directory is searched by the beginnings
// of words: a filter that names no text that must be there would be a question for everybody.
import type { AddressFilter, AddressPropFilter } from '../model/filter.ts';

export interface Question {
  readonly text: string;
  readonly where: 'names' | 'everywhere';
}

/** What names and addresses say of an entry; everything else is searched everywhere. */
const ofNames: ReadonlySet<string> = new Set(['FN', 'N', 'NICKNAME', 'EMAIL', 'UID']);

/** Together they find what the filter can match; undefined: nothing less than the whole directory would. */
export function questionsOf(filter: AddressFilter): readonly Question[] | undefined {
  const found = joined(
    filter.test,
    filter.props.map((prop) => questionsOfProp(prop)),
  );
  return found && withoutDoubles(found);
}

function questionsOfProp(prop: AddressPropFilter): readonly Question[] | undefined {
  if (prop.isNotDefined) return undefined;
  const name = prop.name.slice(prop.name.lastIndexOf('.') + 1).toUpperCase();
  const where = ofNames.has(name) ? 'names' : 'everywhere';
  const texts = prop.texts.map(({ text, negate }) => {
    const wanted = text.trim();
    return negate || wanted === '' ? undefined : [{ text: wanted, where } as const];
  });
  // A parameter alone says nothing that could be asked for.
  return joined(prop.test, [...texts, ...prop.params.map(() => undefined)]);
}

/** Of all that must hold one is enough to ask for: the most telling. Of several that may hold, each has to be asked for. */
function joined(
  test: 'anyof' | 'allof',
  parts: readonly (readonly Question[] | undefined)[],
): readonly Question[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (parts.length === 0 || known.length === 0) return undefined;
  if (test === 'anyof') return known.length < parts.length ? undefined : known.flat();
  return known.toSorted((a, b) => costOf(a) - costOf(b))[0];
}

/** Fewer questions first, then longer texts. */
function costOf(questions: readonly Question[]): number {
  const shortest = Math.min(...questions.map(({ text }) => text.length));
  return withoutDoubles(questions).length * 1000 - Math.min(shortest, 999);
}

/** One question for each text: what is searched everywhere is searched in names too. */
function withoutDoubles(questions: readonly Question[]): readonly Question[] {
  const byText = Map.groupBy(questions, ({ text }) => text.toLowerCase());
  return [...byText.values()].flatMap(
    (same) => same.find(({ where }) => where === 'everywhere') ?? same[0] ?? [],
  );
}
