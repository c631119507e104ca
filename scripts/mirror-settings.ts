// Writes the table of settings in docs/mirror.md from the schema of mirror.yaml; a test fails when it is not what this gives.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { mirrorSchema, templateSchema } from '../src/mirror/config-schema.ts';

export const mirrorPage = `${import.meta.dirname}/../docs/mirror.md`;

type Described = z.core.JSONSchema.JSONSchema;

/** Every key with its place, as it is written in the file: `pairs[].window.past`. */
export function mirrorSettings(): string {
  const rows = [...rowsOf(mirrorSchema, ''), ...rowsOf(templateSchema, 'templates[]')];
  return [
    '| Key | Meaning | Default |',
    '| --- | --- | --- |',
    ...rows.map(({ key, meaning, shown }) => `| \`${key}\` | ${meaning.replaceAll('|', '\\|')} | ${shown} |`),
  ].join('\n');
}

interface Row {
  readonly key: string;
  readonly meaning: string;
  readonly shown: string;
}

/** As it is written, before defaults are filled in. */
function rowsOf(schema: z.ZodType, key: string): Row[] {
  return within(z.toJSONSchema(schema, { io: 'input', reused: 'inline' }), key);
}

function within(schema: Described, key: string): Row[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, part]) => {
    if (typeof part === 'boolean') return [];
    const path = key === '' ? name : `${key}.${name}`;
    return [
      { key: path, meaning: meaningOf(part), shown: defaultOf(part, required.includes(name)) },
      ...inner(part, path),
    ];
  });
}

function inner(part: Described, path: string): Row[] {
  const { items, additionalProperties } = part;
  if (typeof items === 'object' && !Array.isArray(items)) return within(items, `${path}[]`);
  if (typeof additionalProperties === 'object') return within(additionalProperties, `${path}.NAME`);
  return within(part, path);
}

function meaningOf({ description = '', enum: values }: Described): string {
  return values === undefined ? description : `${description} ${values.map(code).join(', ')}.`;
}

function defaultOf(part: Described, isRequired: boolean): string {
  if (isRequired) return 'required';
  const value: unknown = part.default;
  return value === undefined || value === '' || typeof value === 'object' ? '–' : code(value);
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}

const place = /(<!-- prettier-ignore-start -->\n).*(<!-- prettier-ignore-end -->)/s;

export function pageWithSettings(page: string): string {
  return page.replace(place, (_all, begin: string, end: string) => `${begin}\n${mirrorSettings()}\n\n${end}`);
}

if (import.meta.main) writeFileSync(mirrorPage, pageWithSettings(readFileSync(mirrorPage, 'utf8')));
