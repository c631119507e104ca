// The words of an HTML text: what DESCRIPTION says where a client gave only HTML, and what tells whether two forms of a
// text say the same. Exchange makes its own plain text of HTML; spaces, bullets and link targets differ between any two programs.

/** Names of the characters 160 to 255, in order (HTML 4.01 §24.2.1). */
const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const entities: ReadonlyMap<string, string> = new Map([
  ...latin.split(' ').map((name, index) => [name, String.fromCodePoint(160 + index)] as const),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    bull: '•',
    hellip: '…',
    ndash: '–',
    mdash: '—',
    lsquo: '‘',
    rsquo: '’',
    sbquo: '‚',
    ldquo: '“',
    rdquo: '”',
    bdquo: '„',
    euro: '€',
    trade: '™',
    rarr: '→',
    larr: '←',
  }),
]);

/** Elements whose content nobody sees. */
const hidden: ReadonlySet<string> = new Set(['head', 'style', 'script', 'title', 'template']);
const blocks: ReadonlySet<string> = new Set(
  'address article blockquote center dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody thead tr ul'.split(
    ' ',
  ),
);

/** The text that a reader sees, a line a block. In one pass: the text is a stranger's. */
export function textOfHtml(html: string): string {
  let text = '';
  let inside: string | undefined;
  for (let at = 0; at < html.length;) {
    const open = html.indexOf('<', at);
    const end = open < 0 ? html.length : open;
    if (inside === undefined) text += charactersOf(html.slice(at, end));
    if (open < 0) break;
    const tag = tagAt(html, open);
    at = tag.end;
    if (inside !== undefined) {
      if (tag.isClosing && tag.name === inside) inside = undefined;
    } else if (!tag.isClosing && hidden.has(tag.name)) inside = tag.name;
    else text += tag.text ?? gapOf(tag.name);
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function gapOf(name: string): string {
  if (name === 'br' || blocks.has(name)) return '\n';
  return name === 'td' || name === 'th' ? ' ' : '';
}

interface Tag {
  readonly name: string;
  readonly isClosing: boolean;
  /** Where the text goes on. */
  readonly end: number;
  /** A `<` that opens nothing. */
  readonly text?: string;
}

function tagAt(html: string, open: number): Tag {
  const none = { name: '', isClosing: false };
  if (html.startsWith('<!--', open)) return { ...none, end: endAfter(html, '-->', open + 4) };
  const [whole, slash = '', name = ''] =
    /^<([/!?]?)([a-z][a-z0-9]*)?/i.exec(html.slice(open, open + 32)) ?? [];
  if (whole === undefined || (slash === '' && name === '')) return { ...none, end: open + 1, text: '<' };
  return { name: name.toLowerCase(), isClosing: slash === '/', end: endAfter(html, '>', open + 1) };
}

function endAfter(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

function charactersOf(source: string): string {
  return source
    .replaceAll(/[ \t\r\n\f]+/g, ' ')
    .replaceAll(/&(#?\w{2,8});/g, (whole, name: string) =>
      name.startsWith('#') ? characterOf(name.slice(1)) : (entities.get(name) ?? whole),
    );
}

function characterOf(number: string): string {
  const code = /^x/i.test(number) ? Number.parseInt(number.slice(1), 16) : Number(number);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

/** Two texts with one skeleton say the same: without white space, marks of lists, targets of links, pictures and rules. */
export function skeletonOf(text: string): string {
  return text
    .replaceAll(/<[a-z][a-z0-9+.-]{1,20}:[^<>\s]*>/gi, '')
    .replaceAll(/\[[^[\]\n]*\]/g, '')
    .replaceAll(/^[ \t\u{A0}]*(?:[*•·§o–-]|\d{1,3}[.)])(?=[ \t\u{A0}])/gmu, '')
    .replaceAll(/_{10,}/g, '')
    .replaceAll(/[\s\u{200B}\u{AD}]+/gu, '');
}

/** Two texts that look the same: no-break spaces, and blanks at the ends of lines, are not seen. */
export function tidyOf(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll('\u{A0}', ' ')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}
