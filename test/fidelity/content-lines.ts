// Content lines (RFC 5545 §3.1, RFC 6350 §3.3, vCard 2.1) as a tree, read without anything of `src`: what the gateway is
// measured with must not share its faults. Tolerant: what is wrong is listed, never thrown.

export interface Property {
  readonly group: string;
  /** Upper case. */
  readonly name: string;
  /** Upper-case name and values, unquoted; one entry a name. */
  readonly params: ReadonlyMap<string, readonly string[]>;
  /** As on the wire, unfolded. */
  readonly value: string;
  /** The whole line, unfolded. */
  readonly raw: string;
}

export interface Component {
  /** Upper case. */
  readonly name: string;
  readonly properties: Property[];
  readonly components: Component[];
}

export interface Parsed {
  readonly roots: readonly Component[];
  readonly faults: readonly string[];
}

export function parseLines(input: Uint8Array | string): Parsed {
  const roots: Component[] = [];
  const faults: string[] = [];
  const open: Component[] = [];
  for (const raw of logicalLines(input)) {
    const pair = /^\s*(BEGIN|END)\s*:\s*(\S+)\s*$/i.exec(raw);
    if (pair === null) {
      const property = propertyOf(raw);
      if (property === undefined) faults.push('a line is no property');
      else if (open.length === 0) faults.push('a line stands outside');
      else open.at(-1)!.properties.push(property);
      continue;
    }
    const name = pair[2]!.toUpperCase();
    if (pair[1]!.toUpperCase() === 'BEGIN') {
      const component: Component = { name, properties: [], components: [] };
      (open.at(-1)?.components ?? roots).push(component);
      open.push(component);
    } else if (open.pop()?.name !== name) faults.push('BEGIN and END do not match');
  }
  if (open.length > 0) faults.push('a component is not closed');
  return { roots, faults };
}

function logicalLines(input: Uint8Array | string): string[] {
  const bytes = typeof input === 'string' ? Buffer.from(input) : Buffer.from(input);
  const text = decoded(
    Buffer.from(bytes.toString('latin1').replaceAll(/(?:\r\n|\n|\r)[ \t]/g, ''), 'latin1'),
  );
  const lines: string[] = [];
  for (const line of text.replace(/^\u{FEFF}/u, '').split(/\r\n|\n|\r/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.endsWith('=') && /^[^:]*QUOTED-PRINTABLE/i.test(last))
      lines[lines.length - 1] = last.slice(0, -1) + line;
    else if (line.trim() !== '') lines.push(line);
  }
  return lines;
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function propertyOf(raw: string): Property | undefined {
  const pieces = piecesOf(raw);
  if (pieces === undefined) return undefined;
  const [head = '', ...params] = pieces.params;
  const name = head.trim();
  if (!/^[A-Za-z0-9.-]+$/.test(name)) return undefined;
  const dot = name.lastIndexOf('.');
  const property: Property = {
    group: dot < 0 ? '' : name.slice(0, dot).toUpperCase(),
    name: name.slice(dot + 1).toUpperCase(),
    params: paramsOf(params),
    value: pieces.value,
    raw,
  };
  return quotedPrintable(property);
}

/** Split at semicolons and the first colon that stand outside quotation marks. */
function piecesOf(raw: string): { params: string[]; value: string } | undefined {
  const params: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw[at];
    if (char === '"') isQuoted = !isQuoted;
    if (isQuoted || (char !== ';' && char !== ':')) continue;
    if (char === ';' && raw[at - 1] === '\\') continue;
    params.push(raw.slice(from, at));
    from = at + 1;
    if (char === ':') return { params, value: raw.slice(from) };
  }
  return undefined;
}

function paramsOf(pieces: readonly string[]): Map<string, string[]> {
  const params = new Map<string, string[]>();
  for (const piece of pieces) {
    const at = piece.indexOf('=');
    const bare = piece.replace(/^=/, '').trim();
    if (at <= 0 && bare === '') continue;
    const isEncoding = /^(?:QUOTED-PRINTABLE|BASE64|B|8BIT|7BIT)$/i.test(bare);
    const name = at > 0 ? piece.slice(0, at).trim().toUpperCase() : isEncoding ? 'ENCODING' : 'TYPE';
    const values = at > 0 ? paramValues(piece.slice(at + 1).trim()) : [bare];
    params.set(name, [...(params.get(name) ?? []), ...values]);
  }
  return params;
}

function paramValues(text: string): string[] {
  const values: string[] = [];
  let value = '';
  let isQuoted = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    else if (char === ',' && !isQuoted && !value.endsWith('\\')) {
      values.push(value);
      value = '';
    } else value += char;
  }
  return [...values, value].map((each) =>
    // Apple and others escape in unquoted parameters as in texts.
    each
      .replaceAll(/\\([,;])/g, '$1')
      .replaceAll(/\\n/gi, '\n')
      .replaceAll(/\^([n'^])/g, (_, char: string) => (char === 'n' ? '\n' : char === "'" ? '"' : '^')),
  );
}

/** vCard 2.1 only; shown as the text it means. */
function quotedPrintable(property: Property): Property {
  if (property.params.get('ENCODING')?.[0]?.toUpperCase() !== 'QUOTED-PRINTABLE') return property;
  const bytes = Buffer.from(
    property.value.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    'latin1',
  );
  const charset = property.params.get('CHARSET')?.[0];
  const text = charset === undefined ? decoded(bytes) : new TextDecoder(charset).decode(bytes);
  const params = new Map([...property.params].filter(([name]) => name !== 'ENCODING' && name !== 'CHARSET'));
  return { ...property, params, value: text.replaceAll(/\r\n|\r|\n/g, String.raw`\n`) };
}

export function valueOf(component: Component, name: string): string | undefined {
  return component.properties.find((property) => property.name === name)?.value;
}

export function renderComponent(component: Component): string {
  const lines = (each: Component): string[] => [
    `BEGIN:${each.name}`,
    ...each.properties.map((property) => property.raw),
    ...each.components.flatMap(lines),
    `END:${each.name}`,
  ];
  return `${lines(component).join('\r\n')}\r\n`;
}

/** A property from a line that we write ourselves. */
export function lineOf(raw: string): Property {
  const property = propertyOf(raw);
  if (property === undefined) throw new Error(`no property: ${raw}`);
  return property;
}
