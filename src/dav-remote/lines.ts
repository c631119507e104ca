// iCalendar and vCard as content lines (RFC 5545 §3.1): what can be said of a text without understanding it. What is not touched
// keeps its bytes.

export interface Line {
  /** Upper case. */
  readonly name: string;
  /** Unfolded. */
  readonly text: string;
  /** As it stands, with its folds and its line end. */
  readonly raw: string;
}

export function linesOf(text: string): Line[] {
  const raws: string[] = [];
  for (const piece of text.split(/(?<=\n|\r(?!\n))/)) {
    if (/^[ \t]/.test(piece) && raws.length > 0) raws.push(`${raws.pop()}${piece}`);
    else if (piece !== '') raws.push(piece);
  }
  return raws.map((raw) => {
    const unfolded = raw.replace(/(?:\r\n|\n|\r)[ \t]/g, '').replace(/[\r\n]+$/, '');
    const [name = ''] = /^[A-Za-z0-9.-]*/.exec(unfolded) ?? [];
    return { name: name.toUpperCase(), text: unfolded, raw };
  });
}

/** Calls with the components a line stands in, outermost first. */
export function withComponents<T>(
  lines: readonly Line[],
  visit: (line: Line, inside: readonly string[]) => T,
): T[] {
  const inside: string[] = [];
  return lines.map((line) => {
    const component = line.text
      .slice(line.name.length + 1)
      .trim()
      .toUpperCase();
    if (line.name === 'END') inside.pop();
    const result = visit(line, inside);
    if (line.name === 'BEGIN') inside.push(component);
    return result;
  });
}

/** Where the value begins: after the first colon outside quotes. */
export function valueStart(line: string): number {
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '"') quoted = !quoted;
    if (line[index] === ':' && !quoted) return index + 1;
  }
  return line.length;
}

/** The parameters, each as it stands (`CN="Doe; Jane"`). */
export function parametersOf(line: string): string[] {
  const head = line.slice(0, valueStart(line) - 1);
  const [, ...parameters] = head.match(/(?:[^;"]|"[^"]*"?)+/g) ?? [];
  return parameters;
}

const bearers: ReadonlySet<string> = new Set(['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY']);

/** The UID of a calendar object or a card; an alarm's own does not count. */
export function uidIn(text: string): string | undefined {
  let uid: string | undefined;
  withComponents(linesOf(text), (line, inside) => {
    const holder = inside.at(-1);
    const counts = holder === 'VCARD' || (holder !== undefined && bearers.has(holder));
    if (line.name === 'UID' && counts) uid ??= unescape(line.text.slice(valueStart(line.text)).trim());
  });
  return uid;
}

/** TEXT values (RFC 5545 §3.3.11). */
function unescape(value: string): string {
  return value.replace(/\\([\\;,nN])/g, (_, escaped: string) => (/n/i.test(escaped) ? '\n' : escaped));
}

/** At 75 octets, never inside a character. */
export function fold(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > 75) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return `${folded}\r\n`;
}

/** The same text, whatever ends its lines (an XML reader turns CRLF into LF). */
export function isSameText(a: string, b: string): boolean {
  return a === b || a.replace(/\r\n?/g, '\n').trimEnd() === b.replace(/\r\n?/g, '\n').trimEnd();
}
