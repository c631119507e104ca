// The golden files: test/golden/<capture>.ics or .vcf, with LF line ends, read by eye once. EXDAV_GOLDEN=write writes them anew;
// look at `git diff` before committing.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../golden/', import.meta.url);
const isWriting = process.env['EXDAV_GOLDEN'] === 'write';

/** What the file of this name says; with EXDAV_GOLDEN=write what it says from now on. */
export function golden(file: string, text: string): string | undefined {
  const path = new URL(file, folder);
  if (isWriting) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

export function goldenNames(): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** What says when something was stored, or by which copy of the gateway, says nothing here. The only place that takes it away. */
export function stable(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(/^(DTSTAMP|CREATED|LAST-MODIFIED|REV):.*$/gm, '$1:20000101T000000Z');
}
