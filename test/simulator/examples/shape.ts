// What two answers differ in: elements and attributes that only one has, their order, response classes and codes.
// Values, and how often a thing is repeated, are not compared.
import { childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';

/** Containers whose entries stand in an order of their own. */
const listed = new Set([
  'ResponseMessages',
  'Items',
  'Folders',
  'Changes',
  'Notification',
  'Create',
  'Update',
]);
/** Texts that belong to the shape. */
const shaping = new Set(['ResponseCode', 'faultcode']);

/** One line each: path, then `-Name` (recorded only), `+Name` (answered only), or what else. */
export function differences(recorded: XmlElement, answered: XmlElement): readonly string[] {
  if (recorded.name !== answered.name) return [`${recorded.name} became ${answered.name}`];
  return [...new Set(compare([recorded], [answered], ''))];
}

function compare(recorded: readonly XmlElement[], answered: readonly XmlElement[], path: string): string[] {
  const found: string[] = [];
  const attributes = (elements: readonly XmlElement[]): Set<string> =>
    new Set(
      elements.flatMap((element) => Object.keys(element.attrs).map((name) => name.replace(/^\{.*\}/, ''))),
    );
  const names = (elements: readonly XmlElement[]): Set<string> =>
    new Set(elements.flatMap((element) => childrenOf(element).map(({ name }) => name)));
  found.push(...oneSided(attributes(recorded), attributes(answered), `${path}@`));
  const [theirs, ours] = [names(recorded), names(answered)];
  found.push(...oneSided(theirs, ours, path));
  found.push(...texts(recorded, answered, path));
  for (const name of theirs) {
    if (!ours.has(name)) continue;
    const of = (elements: readonly XmlElement[]): XmlElement[] =>
      elements.flatMap((element) => childrenOf(element).filter((child) => child.name === name));
    if (listed.has(name) && name === 'ResponseMessages' && count(of(recorded)) !== count(of(answered)))
      found.push(`${path}${name} ${count(of(recorded))} became ${count(of(answered))}`);
    found.push(...compare(of(recorded), of(answered), `${path}${name}/`));
  }
  const [last = ''] = path.split('/').slice(-2);
  if (!listed.has(last)) found.push(...orders(recorded, answered, path));
  return found;
}

function count(elements: readonly XmlElement[]): number {
  return elements.flatMap(childrenOf).length;
}

function oneSided(theirs: ReadonlySet<string>, ours: ReadonlySet<string>, path: string): string[] {
  return [
    ...[...theirs].filter((name) => !ours.has(name)).map((name) => `${path}-${name}`),
    ...[...ours].filter((name) => !theirs.has(name)).map((name) => `${path}+${name}`),
  ];
}

function texts(recorded: readonly XmlElement[], answered: readonly XmlElement[], path: string): string[] {
  const [name = ''] = path.split('/').slice(-2);
  const classes = (elements: readonly XmlElement[]): string =>
    elements.map((element) => element.attrs['ResponseClass'] ?? '').join();
  const found: string[] = [];
  if (shaping.has(name)) {
    const [theirs, ours] = [recorded, answered].map((elements) => elements.map(textOf).join());
    if (theirs !== ours) found.push(`${path} ${theirs} became ${ours}`);
  }
  if (/\w/.test(classes(recorded)) && classes(recorded) !== classes(answered))
    found.push(`${path} ResponseClass ${classes(recorded)} became ${classes(answered)}`);
  return found;
}

/** Each two that stand in both must stand in the same order. */
function orders(recorded: readonly XmlElement[], answered: readonly XmlElement[], path: string): string[] {
  const sequence = (element: XmlElement): string[] => [
    ...new Set(childrenOf(element).map(({ name }) => name)),
  ];
  const found: string[] = [];
  for (const theirs of recorded.map(sequence))
    for (const ours of answered.map(sequence)) {
      const shared = ours.filter((name) => theirs.includes(name));
      const wanted = theirs.filter((name) => ours.includes(name));
      if (shared.join() !== wanted.join())
        found.push(`${path} order ${wanted.join()} became ${shared.join()}`);
    }
  return found;
}
