// As much of a filter as the tests of the handlers need: components, properties by text, UTC time ranges.
import type { Filter } from '../../src/model/collection.ts';
import type { CompFilter, TextMatch } from '../../src/model/filter.ts';
import type { Range } from '../../src/model/time.ts';

export function matchesFilter(text: string, filter: Filter): boolean {
  if (filter.kind === 'calendar') return filter.filter.comp.comps.every((comp) => matchesComp(text, comp));
  const { test, props } = filter.filter;
  if (props.length === 0) return true;
  const results = props.map((prop) => {
    const value = propertyIn(text, prop.name);
    if (prop.isNotDefined) return value === undefined;
    return value !== undefined && prop.texts.every((match) => matchesText(value, match));
  });
  return test === 'anyof' ? results.some(Boolean) : results.every(Boolean);
}

export function propertyIn(text: string, name: string): string | undefined {
  return new RegExp(`^${name}(?:;[^:\r\n]*)?:(.*?)\r?$`, 'im').exec(text)?.[1];
}

export function spanOf(text: string): Required<Range> | undefined {
  const from = instantOf(propertyIn(text, 'DTSTART'));
  const to = instantOf(propertyIn(text, 'DTEND'));
  return from === undefined ? undefined : { from, to: to ?? from };
}

function matchesComp(text: string, comp: CompFilter): boolean {
  const has = text.includes(`BEGIN:${comp.name}`);
  if (comp.isNotDefined) return !has;
  if (!has) return false;
  const span = spanOf(text);
  const range = comp.timeRange;
  if (range !== undefined) {
    if (span === undefined) return false;
    if (range.to !== undefined && span.from >= range.to) return false;
    if (range.from !== undefined && span.to <= range.from) return false;
  }
  return (
    comp.props.every((prop) => {
      const value = propertyIn(text, prop.name);
      if (prop.isNotDefined) return value === undefined;
      return value !== undefined && (prop.textMatch === undefined || matchesText(value, prop.textMatch));
    }) && comp.comps.every((inner) => matchesComp(text, inner))
  );
}

function matchesText(value: string, match: TextMatch): boolean {
  const fold = (text: string): string => (match.collation === 'i;octet' ? text : text.toLowerCase());
  const [a, b] = [fold(value), fold(match.text)];
  const hit =
    match.match === 'equals'
      ? a === b
      : match.match === 'starts-with'
        ? a.startsWith(b)
        : match.match === 'ends-with'
          ? a.endsWith(b)
          : a.includes(b);
  return hit !== match.negate;
}

function instantOf(value: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value ?? '');
  return parts === null
    ? undefined
    : Date.parse(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
}
