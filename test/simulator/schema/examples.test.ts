// The simulator's own validator against the published examples and mutations of them, with libxml2 as the judge.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateRequest } from '../../../simulator/schema/index.ts';
import { answerLimits, childOf, childrenOf, parseXml, type XmlElement } from '../../../src/xml/index.ts';
import { openEnvelopeCheck, specFolder } from '../envelopes.ts';

const judge = openEnvelopeCheck();

/** Requests to the server; SendNotification is the server's own. */
function requests(): readonly { name: string; text: string }[] {
  const root = join(specFolder!, 'examples');
  return readdirSync(root)
    .filter((folder) => !/^Autodiscover|^SendNotification|\./.test(folder))
    .flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter(
          (file) => file.endsWith('request.xml') || (folder === '_constructed' && file.endsWith('.xml')),
        )
        .map((file) => ({ name: `${folder}/${file}`, text: readFileSync(join(root, folder, file), 'utf8') })),
    );
}

function bodyOf(text: string): XmlElement | undefined {
  const body = childOf(parseXml(text, answerLimits), 'Body');
  return body === undefined ? undefined : childrenOf(body)[0];
}

const ours = (text: string): string | undefined => {
  const body = bodyOf(text);
  return body === undefined ? 'no body' : validateRequest(body)?.violation;
};
/** What the judge says about the body; header blocks and the envelope around are not asked about here. */
const theirs = (text: string): readonly string[] =>
  judge
    .complaintsAbout(text.replace(/<(\w+:)?Header\b[\s\S]*?<\/\1?Header>|<(\w+:)?Header\s*\/>/, ''))
    .filter((complaint) => !complaint.includes("envelope/}Envelope'"));
/** libxml2 takes a dash for base64; .NET does not. */
const isStricter = (complaint: string | undefined): boolean => complaint?.includes('Base64Binary') === true;

describe.skipIf(specFolder === undefined)('examples (needs the EWS schema folder)', () => {
  test('both validators agree about every published request', () => {
    const differences: string[] = [];
    let valid = 0;
    for (const { name, text } of requests()) {
      if (!/<(\w+:)?Envelope/.test(text)) continue;
      const complaint = ours(text);
      const judged = theirs(text);
      if (judged.length === 0) valid += 1;
      if (!isStricter(complaint) && (complaint === undefined) !== (judged.length === 0))
        differences.push(`${name}: ${complaint ?? 'accepted'} — ${judged[0] ?? 'valid'}`);
    }
    expect(differences).toEqual([]);
    expect(valid).toBeGreaterThan(225);
  });

  test('both validators agree about mutated requests', () => {
    const random = generator(20_260_101);
    const differences: string[] = [];
    const seen = { valid: 0, invalid: 0 };
    for (const { name, text } of requests()) {
      if (ours(text) !== undefined || theirs(text).length > 0) continue;
      for (const mutated of mutationsOf(text, random)) {
        const complaint = ours(mutated);
        const judged = theirs(mutated);
        seen[judged.length === 0 ? 'valid' : 'invalid'] += 1;
        if (!isStricter(complaint) && (complaint === undefined) !== (judged.length === 0))
          differences.push(`${name}: ${complaint ?? 'accepted'} — ${judged[0] ?? 'valid'}`);
      }
    }
    expect(differences.slice(0, 20)).toEqual([]);
    expect(seen.invalid).toBeGreaterThan(1000);
  });
});

/** Deterministic numbers below `below` (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** The text with one thing changed: an element moved, doubled, removed or renamed, a value or attribute spoilt. */
function* mutationsOf(text: string, random: (below: number) => number): Generator<string> {
  const start = text.search(/<(\w+:)?Body\b/);
  const end = text.search(/<\/(\w+:)?Body>/);
  const body = text.slice(start, end);
  const inside = body.indexOf('>') + 1;
  const operation = body.indexOf('<', inside);
  const leaves = [...body.matchAll(/<([\w:]+)([^<>]*?)(?:\/>|>([^<]*)<\/\1>)/g)].filter(
    ({ index }) => index > operation,
  );
  const replaced = (from: number, length: number, by: string): string =>
    text.slice(0, start) + body.slice(0, from) + by + body.slice(from + length) + text.slice(end);
  for (let round = 0; round < 8 && leaves.length > 0; round += 1) {
    const leaf = leaves[random(leaves.length)]!;
    const [whole, name, attributes] = leaf;
    const other = leaves[random(leaves.length)]!;
    yield replaced(leaf.index, whole.length, '');
    yield replaced(leaf.index, whole.length, whole + whole);
    yield replaced(leaf.index, whole.length, whole.replaceAll(name!, `${name!}X`));
    if (leaf[3] !== undefined)
      yield replaced(
        leaf.index,
        whole.length,
        `<${name!}${attributes!}>${values[random(values.length)]!}</${name!}>`,
      );
    yield replaced(leaf.index, whole.length, whole.replace(/"[^"]*"/, `"${values[random(values.length)]!}"`));
    yield replaced(leaf.index, whole.length, whole.replace(/\s[\w]+="[^"]*"/, ''));
    yield replaced(leaf.index, whole.length, whole.replace(/^<([\w:]+)/, '<$1 Extra="1"'));
    yield replaced(leaf.index, whole.length, other[0]);
    yield replaced(leaf.index, whole.length, `loose text${whole}`);
  }
}

const values = [
  '',
  'nonsense',
  '-1',
  '0',
  '1',
  '99999999999',
  'true',
  ' true ',
  '2026-02-30',
  '2026-02-28',
  '2026-02-28T25:00:00',
  '2026-02-28T10:00:00Z',
  'PT1H',
  'Normal',
  'AllProperties',
  'item:Subject',
  'Monday Tuesday',
  '+5',
  '1.5',
  'AAAA',
];
