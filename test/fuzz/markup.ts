// Damage of XML by its own grammar: tags, texts, attributes, subtrees.
import { damaged } from './bytes.ts';
import type { Random } from './random.ts';

const texts: readonly string[] = [
  '',
  ' ',
  '-1',
  '0',
  'true',
  'NaN',
  '1e400',
  '99999999999999999999',
  '2026-02-30T25:61:61Z',
  '9999-12-31T23:59:59.9999999Z',
  '0001-01-01T00:00:00',
  '-20000-01-01T00:00:00Z',
  '20260101T000000Z',
  'P99999Y',
  '&amp;&lt;&gt;&#x1F600;',
  '&#0;',
  '&#xFFFF;',
  '&undefined;',
  '&',
  ']]>',
  '<![CDATA[<x>]]>',
  '<!-- -- -->',
  '<?php ?>',
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>',
  '\u{0}',
  '\u{FFFE}',
  '\u{202E}',
  'AAAA====',
  '/calendars/alice@example.test/calendar/',
  '/%2e%2e/%2e%2e/',
  'http://elsewhere.test/x',
  '__proto__',
];

const names: readonly string[] = [
  'a',
  'D:prop',
  'D:href',
  'C:filter',
  'C:comp-filter',
  'C:time-range',
  't:Recurrence',
  't:Start',
  't:Body',
  'm:ResponseCode',
  'x:unbound',
  '__proto__',
  'constructor',
  'é',
];

const attributes: readonly string[] = [
  'name="VEVENT"',
  'name="VCALENDAR"',
  'name=""',
  'start="20260101T000000Z"',
  'end="99991231T235959Z"',
  'start="x" start="y"',
  'xmlns=""',
  'xmlns="DAV:"',
  'xmlns:D="urn:other"',
  'collation="i;unheard"',
  'negate-condition="maybe"',
  'match-type="ends-with"',
  'test="noneof"',
  'Id=""',
  'ChangeKey="x"',
  'Key="EmailAddress9"',
  'ResponseClass="Error"',
  'ResponseClass="Warning"',
  '__proto__="x"',
  'a="<"',
  "a='&#10;'",
];

const fillings = ['x', ' ', '\n', '\n ', '\t', '0', ',', '=', '(', '/', ';', '.', '&amp;', '-'];

type Damage = (tokens: readonly string[], random: Random, others: readonly string[]) => readonly string[];

export function mutatedMarkup(seeds: readonly string[], random: Random): Buffer {
  let tokens = tokensOf(random.pick(seeds));
  const others = tokensOf(random.pick(seeds));
  for (let left = random.below(6); left > 0; left -= 1)
    tokens = atLeastOne(random.pick(damages)(tokens, random, others));
  const bytes = Buffer.from(tokens.join(''));
  return random.chance(0.2) ? damaged(bytes, random) : bytes;
}

function tokensOf(text: string): readonly string[] {
  return text.match(/<[^>]*>|[^<]+/g) ?? [''];
}

const damages: readonly Damage[] = [
  (tokens, random) => tokens.toSpliced(random.below(tokens.length), 1),
  (tokens, random) => tokens.toSpliced(random.below(tokens.length), 0, random.pick(texts)),
  (tokens, random, others) => tokens.toSpliced(random.below(tokens.length), 0, random.pick(others)),
  (tokens, random) => changedText(tokens, random, () => random.pick(texts)),
  (tokens, random) => changedText(tokens, random, () => random.pick(texts)),
  (tokens, random) =>
    changedText(
      tokens,
      random,
      (text) => text + random.pick(fillings).repeat(random.below(random.chance(0.1) ? 60_000 : 3000)),
    ),
  (tokens, random) => ofTag(tokens, random, (tag) => tag.replace(/(\/?>)$/, ` ${random.pick(attributes)}$1`)),
  (tokens, random) => ofTag(tokens, random, (tag) => tag.replace(/\s[\w:]+=(?:"[^"]*"|'[^']*')/, '')),
  (tokens, random) => ofTag(tokens, random, (tag) => tag.replace(/="[^"]*"/, `="${random.pick(texts)}"`)),
  (tokens, random) => renamed(tokens, random),
  (tokens, random) => wrapped(tokens, random),
  (tokens, random) => repeated(tokens, random),
  (tokens, random) => repeated(tokens, random),
  (tokens, random) => taken(tokens, random),
];

function placesOf(tokens: readonly string[], test: RegExp): readonly number[] {
  return tokens.flatMap((token, at) => (test.test(token) ? [at] : []));
}

function changedText(
  tokens: readonly string[],
  random: Random,
  change: (text: string) => string,
): readonly string[] {
  const places = placesOf(tokens, /^[^<]*\S/);
  if (places.length === 0) return tokens;
  const at = random.pick(places);
  return tokens.with(at, change(tokens[at] ?? ''));
}

function ofTag(
  tokens: readonly string[],
  random: Random,
  change: (tag: string) => string,
): readonly string[] {
  const places = placesOf(tokens, /^<[^/!?]/);
  if (places.length === 0) return tokens;
  const at = random.pick(places);
  return tokens.with(at, change(tokens[at] ?? ''));
}

/** Where an element starts and ends; both one token when it is empty. */
function elementAt(tokens: readonly string[], random: Random): readonly [number, number] | undefined {
  const places = placesOf(tokens, /^<[^/!?]/);
  if (places.length === 0) return undefined;
  const start = random.pick(places);
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (/^<[^/!?](?:.|\n)*[^/]>$|^<\w>$/.test(token)) depth += 1;
    else if (token.startsWith('</')) depth -= 1;
    if (depth <= 0) return [start, at];
  }
  return undefined;
}

function renamed(tokens: readonly string[], random: Random): readonly string[] {
  const found = elementAt(tokens, random);
  if (found === undefined) return tokens;
  const [start, end] = found;
  const name = random.pick(names);
  const renamedToken = (token: string): string => token.replace(/^(<\/?)[^\s/>]+/, `$1${name}`);
  const opened = tokens.with(start, renamedToken(tokens[start] ?? ''));
  return end === start ? opened : opened.with(end, renamedToken(tokens[end] ?? ''));
}

function wrapped(tokens: readonly string[], random: Random): readonly string[] {
  const found = elementAt(tokens, random);
  if (found === undefined) return tokens;
  const [start, end] = found;
  const depth = 1 + random.below(random.chance(0.1) ? 4000 : 60);
  const name = random.pick(['a', 'D:prop', 'C:comp-filter name="VEVENT"', 't:Items']);
  const [bare = ''] = name.split(' ');
  return [
    ...tokens.slice(0, start),
    `<${name}>`.repeat(depth),
    ...tokens.slice(start, end + 1),
    `</${bare}>`.repeat(depth),
    ...tokens.slice(end + 1),
  ];
}

/** A subtree many times: thousands of hrefs, hundreds of filters. */
function repeated(tokens: readonly string[], random: Random): readonly string[] {
  const found = elementAt(tokens, random);
  if (found === undefined) return tokens;
  const [start, end] = found;
  const copy = tokens.slice(start, end + 1).join('');
  const most = Math.min(random.chance(0.1) ? 5000 : 30, Math.ceil(300_000 / Math.max(copy.length, 1)));
  return tokens.toSpliced(end + 1, 0, copy.repeat(1 + random.below(most)));
}

function taken(tokens: readonly string[], random: Random): readonly string[] {
  const found = elementAt(tokens, random);
  return found === undefined ? tokens : tokens.toSpliced(found[0], found[1] - found[0] + 1);
}

function atLeastOne(tokens: readonly string[]): readonly string[] {
  return tokens.length === 0 ? [''] : tokens;
}
