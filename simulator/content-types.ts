// Content types of attachments that come without one, by the ending of their name.
const contentTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  txt: 'text/plain',
  pdf: 'application/pdf',
};

export function contentTypeOf(name: string): string {
  return contentTypes[name.replace(/^.*\./, '').toLowerCase()] ?? 'application/octet-stream';
}
