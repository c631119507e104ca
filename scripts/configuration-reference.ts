// Writes docs/configuration.md from the one schema; a test fails when the file is not what this gives.
import { writeFileSync } from 'node:fs';
import { configSchema, exampleOf, shownValue } from '../src/server/config.ts';

export const referenceFile = `${import.meta.dirname}/../docs/configuration.md`;

export function configurationReference(): string {
  const defaults = new Map(Object.entries(configSchema.parse({})));
  const rows = Object.entries(configSchema.shape).map(([variable, schema]) => {
    const { description = '' } = schema.meta() ?? {};
    const fallback = shownValue(variable, defaults.get(variable));
    const shown = fallback === '' ? '–' : `\`${fallback}\``;
    return `| \`${variable}\` | ${description.replaceAll('|', '\\|')} | ${shown} | \`${exampleOf(variable)}\` |`;
  });
  return [
    '# Configuration',
    '',
    'Settings are environment variables. `exdav check-config` shows what is in force and names every problem, one line each,',
    'with an example. An empty variable counts as not set; an unknown variable beginning with `EXDAV_` is an error.',
    '',
    '| Variable | Meaning | Default | Example |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'This page is written from the schema in `src/server/config.ts` by `scripts/configuration-reference.ts`.',
    '',
  ].join('\n');
}

if (import.meta.main) writeFileSync(referenceFile, configurationReference());
