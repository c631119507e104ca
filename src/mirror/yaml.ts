// The one door to the yaml library: YAML 1.2 core (`no` is a text), no duplicate keys, no alias bombs.
import { parseDocument } from 'yaml';

/** `problem`: what is wrong and in which line. */
export function parseYaml(text: string): { readonly value: unknown } | { readonly problem: string } {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error) return { problem: error.message.split('\n')[0] ?? 'it is not YAML' };
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value };
  } catch {
    return { problem: 'it has too many aliases' };
  }
}
