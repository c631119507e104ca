// What may be wrong with one property line and can be mended: a table by property name. See cleaner.ts.
import { TranslateError } from './errors.ts';
import { withoutTail } from './tail.ts';

interface Line {
  /** Group included, as given (`item1.EMAIL`). */
  readonly name: string;
  /** `NAME=value` each, value still quoted. */
  readonly params: readonly (readonly [name: string, value: string])[];
  readonly value: string;
}

type Mend = (line: Line, name: string) => Line | undefined;

/** The line as the codec may read it; undefined when it says nothing. @throws TranslateError */
export function mendedLine(text: string, isCard: boolean): string | undefined {
  const line = namedOnce(split(text, isCard));
  const name = line.name.slice(line.name.lastIndexOf('.') + 1).toUpperCase();
  const mended = (isCard ? mendCard : (mends[name] ?? same))(line, name);
  return mended && written(mended);
}

/** Only one group stands before a name: the codec loses what follows a second dot. A VALUE that is no name says nothing. */
function namedOnce(line: Line): Line {
  const [name = '', ...groups] = line.name.split('.').reverse();
  return {
    ...line,
    name: groups.length > 1 ? `${groups.reverse().join('-')}.${name}` : line.name,
    params: line.params.filter(([param, value]) => param !== 'VALUE' || /^"?[A-Za-z0-9-]+"?$/.test(value)),
  };
}

const same: Mend = (line) => line;

const time: Mend = (line, name) => {
  const value = withoutTail(line.value.replaceAll(/\s/g, ''), ',').toUpperCase();
  if (value === '') return undefined;
  if (isPeriod(line)) return { ...line, value };
  const parts = value.split(',');
  for (const part of parts) {
    if (!/^\d{8}(T\d{6}Z?)?$/.test(part)) {
      throw new TranslateError('invalid', `${name} has no valid time`, name);
    }
  }
  if (parts.every((part) => part.length > 8) && paramOf(line, 'VALUE') !== 'DATE') return { ...line, value };
  // Missing VALUE=DATE, or VALUE=DATE with times: the codec would write garbage for both.
  const params = line.params.filter(([name]) => name !== 'VALUE' && name !== 'TZID');
  return {
    ...line,
    params: [...params, ['VALUE', 'DATE']],
    value: parts.map((part) => part.slice(0, 8)).join(','),
  };
};

/** Stamps that no client may set anyway: dropped when they cannot be read. */
const stamp: Mend = (line) => {
  const value = line.value.trim().toUpperCase();
  return /^\d{8}T\d{6}Z?$/.test(value) ? { ...line, params: [], value } : undefined;
};

const integer: Mend = (line, name) => {
  const value = line.value.trim();
  if (value === '') return undefined;
  if (!/^[+-]?\d{1,10}$/.test(value)) throw new TranslateError('invalid', `${name} is not a number`, name);
  return { ...line, value };
};

const durationForm = /^[+-]?P(?:\d+W|(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)$/;

const duration: Mend = (line, name) => {
  // Synology: `PT1W`.
  const value = line.value
    .trim()
    .toUpperCase()
    .replace(/^([+-]?P)T(\d+W)$/, '$1$2');
  if (value === '') return undefined;
  if (/^\d{8}T\d{6}Z?$/.test(value) && name === 'TRIGGER') {
    const params = line.params.filter(([param]) => param !== 'VALUE');
    return { ...line, params: [...params, ['VALUE', 'DATE-TIME']], value };
  }
  if (!durationForm.test(value) || value.endsWith('P') || /\d{10}/.test(value)) {
    throw new TranslateError('invalid', `${name} is not a duration`, name);
  }
  return { ...line, params: line.params.filter(([param]) => param !== 'VALUE'), value };
};

const numbers = /^[A-Z]+=[+-]?\d+(?:,[+-]?\d+)*$/;

const rule: Mend = (line, name) => {
  const parts = line.value
    .replaceAll(/[\s\\]/g, '')
    .toUpperCase()
    .split(';')
    .filter((part) => part !== '' && !part.endsWith('='));
  if (parts.length === 0) return undefined;
  for (const part of parts) {
    const until = /^UNTIL=(.*)$/.exec(part);
    if (until && !/^\d{8}(T\d{6}Z?)?$/.test(until[1] ?? '')) {
      throw new TranslateError('invalid', `UNTIL of ${name} is not a time`, name);
    }
    if (/^BY(?!DAY)/.test(part) && !numbers.test(part)) {
      throw new TranslateError('invalid', `${name} has a part that is no list of numbers`, name);
    }
  }
  return { ...line, params: [], value: parts.join(';') };
};

const geo: Mend = (line, name) => {
  if (line.value.trim() === '') return undefined;
  if (!/^\s*[+-]?[\d.]+\s*;\s*[+-]?[\d.]+\s*$/.test(line.value)) {
    throw new TranslateError('invalid', `${name} is not a pair of numbers`, name);
  }
  return line;
};

const offset: Mend = (line, name) => {
  const value = line.value.trim().replace(/^(?=\d)/, '+');
  if (!/^[+-]\d{4}(\d\d)?$/.test(value)) {
    throw new TranslateError('invalid', `${name} is not an offset`, name);
  }
  return { ...line, value };
};

const mends: Readonly<Record<string, Mend>> = {
  DTSTART: time,
  DTEND: time,
  DUE: time,
  'RECURRENCE-ID': time,
  EXDATE: time,
  RDATE: time,
  COMPLETED: time,
  DTSTAMP: stamp,
  CREATED: stamp,
  'LAST-MODIFIED': stamp,
  DURATION: duration,
  TRIGGER: duration,
  RRULE: rule,
  EXRULE: rule,
  PRIORITY: integer,
  SEQUENCE: integer,
  'PERCENT-COMPLETE': integer,
  REPEAT: integer,
  GEO: geo,
  TZID: (line) => ({ ...line, value: line.value.trim() }),
  TZOFFSETFROM: offset,
  TZOFFSETTO: offset,
};

function isPeriod(line: Line): boolean {
  return paramOf(line, 'VALUE') === 'PERIOD';
}

function paramOf(line: Line, wanted: string): string | undefined {
  return line.params
    .find(([name]) => name === wanted)?.[1]
    .replaceAll('"', '')
    .toUpperCase();
}

/** Five parts, seven, and the units of an organisation (RFC 6350 §6.2.2, §6.3.1, §6.6.4): each is costly to read. */
const structured: ReadonlySet<string> = new Set(['N', 'ADR', 'ORG']);
const mostParts = 1000;

/** vCard 2.1's quoted-printable becomes plain text; its other encodings are left to the rows. */
function mendCard(line: Line, name: string): Line {
  if (name === 'VERSION') return { ...line, value: line.value.trim() };
  if (structured.has(name) && line.value.length > mostParts && line.value.split(';').length > mostParts)
    throw new TranslateError('invalid', `${name} has more than ${mostParts} parts`, name);
  if (paramOf(line, 'ENCODING') !== 'QUOTED-PRINTABLE') return line;
  const bytes = Buffer.from(
    line.value.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    ),
    'latin1',
  );
  const charset = paramOf(line, 'CHARSET') ?? 'UTF-8';
  return {
    name: line.name,
    params: line.params.filter(([param]) => param !== 'ENCODING' && param !== 'CHARSET'),
    value: decodeAs(bytes, charset).replaceAll(/\r\n|\r|\n/g, String.raw`\n`),
  };
}

function decodeAs(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Takes a content line apart: name, parameters, value (RFC 5545 §3.1). */
function split(text: string, isCard: boolean): Line {
  const end = text.search(/[;:]/);
  const name = (end < 0 ? '' : text.slice(0, end)).trim();
  if (!/^(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+$/.test(name)) {
    throw new TranslateError('malformed', 'a line is no property');
  }
  // Read as a property, `END;X=Y:VCARD` would be written as the end of its component.
  if (/(?:^|\.)(?:BEGIN|END)$/i.test(name)) throw new TranslateError('malformed', 'a line is no property');
  if (text[end] === ':') return { name, params: [], value: text.slice(end + 1) };
  const pieces: string[] = [];
  let from = end + 1;
  let isQuoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') isQuoted = !isQuoted;
    if (isQuoted || (char !== ';' && char !== ':') || (char === ';' && isEscaped(text, at))) continue;
    pieces.push(text.slice(from, at));
    from = at + 1;
    if (char === ':') {
      return { name, params: pieces.flatMap((piece) => param(piece, name, isCard)), value: text.slice(from) };
    }
  }
  throw new TranslateError('malformed', `${name.toUpperCase()} has no value`, name.toUpperCase());
}

/** Apple escapes semicolons in unquoted titles: `X-TITLE=Main Road 1\; Linz`. A backslash may also be the end of a name (RFC 5545 §3.2). */
function isEscaped(text: string, at: number): boolean {
  return text[at - 1] === '\\' && !/^[A-Za-z0-9-]+=/.test(text.slice(at + 1, at + 80));
}

const encodings = /^(?:QUOTED-PRINTABLE|BASE64|B|8BIT|7BIT)$/i;

function param(piece: string, property: string, isCard: boolean): (readonly [string, string])[] {
  const at = piece.indexOf('=');
  if (at > 0) {
    const name = piece.slice(0, at).trim().toUpperCase();
    if (!/^[A-Z0-9-]+$/.test(name)) throw badParameter(property);
    return [[name, unmixed(name, piece.slice(at + 1).trim())]];
  }
  const bare = piece.replace(/^=/, '').trim();
  if (bare === '') return [];
  // vCard 2.1: `TEL;WORK;VOICE:`, `PHOTO;BASE64:`.
  if (!isCard || !/^[A-Za-z0-9-]+$/.test(bare)) throw badParameter(property);
  return [[encodings.test(bare) ? 'ENCODING' : 'TYPE', bare]];
}

function badParameter(property: string): TranslateError {
  const name = property.toUpperCase();
  return new TranslateError('malformed', `a parameter of ${name} cannot be read`, name);
}

const listParams = new Set([
  'MEMBER',
  'DELEGATED-TO',
  'DELEGATED-FROM',
  'TYPE',
  'SORT-AS',
  'FEATURE',
  'DISPLAY',
]);

/** `X-P=a,b,"c:d"` would be corrupted by the codec; as one quoted value it keeps its text. */
function unmixed(name: string, given: string): string {
  // Types need no quotation marks; the codec loses what stands beside a quoted one.
  if (name === 'TYPE')
    return given.replaceAll(/"([^"]*)"/g, (_, type: string) => type.replaceAll(/[:;]/g, ' '));
  const value =
    /\\[;,]/.test(given) && !given.includes('"') ? `"${given.replaceAll(/\\([;,])/g, '$1')}"` : given;
  if (!value.includes('"') || listParams.has(name) || /^"[^"]*"$/.test(value)) return value;
  return `"${value.replaceAll('"', '')}"`;
}

function written(line: Line): string {
  const params = line.params.map(([name, value]) => `;${name}=${value}`).join('');
  return `${line.name}${params}:${line.value}`;
}
