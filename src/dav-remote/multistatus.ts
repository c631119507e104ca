// A 207 answer as data (RFC 4918 §13, RFC 6578 §6.4). The status of a whole response goes before those of its properties:
// servers built on SabreDAV send a propstat 418 beside the 404 of a member that is gone.
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  childrenOf,
  clarkOf,
  openXmlReader,
  textOf,
  XmlError,
  type XmlElement,
  type XmlLimits,
} from '../xml/index.ts';
import { child, clark, isNamed, type Name } from './names.ts';

export interface DavResponse {
  /** As the server wrote it. */
  readonly href: string;
  /** Of the whole response; absent: see the properties. */
  readonly status?: number;
  /** Properties that were found, by Clark name. */
  readonly props: ReadonlyMap<string, XmlElement>;
  /** Status of every property that was not, by Clark name. */
  readonly missing: ReadonlyMap<string, number>;
  /** Clark names inside DAV:error. */
  readonly errors: readonly string[];
  readonly description: string;
}

export interface Multistatus {
  readonly responses: readonly DavResponse[];
  readonly syncToken?: string;
}

const limits: XmlLimits = {
  maxDepth: 60,
  maxElements: 3_000_000,
  maxLength: 128 * 1024 * 1024,
  // A mended text would be another text under the same etag: the caller reads such members one by one.
  mendCharacters: false,
};

/** A short one. @throws XmlError when it is not a whole multistatus */
export function parseMultistatus(body: Uint8Array): Multistatus {
  const reader = openReader();
  reader.write(decode(body));
  return reader.close();
}

/** A listing of thousands: other work gets its turn in between. @throws XmlError when it is not a whole multistatus */
export async function readMultistatus(body: Uint8Array): Promise<Multistatus> {
  const reader = openReader();
  const text = decode(body);
  let until = performance.now() + sliceMs;
  for (let at = 0; at < text.length; at += pieceLength) {
    reader.write(text.slice(at, at + pieceLength));
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + sliceMs;
  }
  return reader.close();
}

/** No stretch of work over 10 ms: others are served by the same process. */
const sliceMs = 8;
const pieceLength = 64 * 1024;

function openReader(): { readonly write: (text: string) => void; readonly close: () => Multistatus } {
  const responses: DavResponse[] = [];
  const reader = openXmlReader(limits, (each, depth) => {
    if (depth !== 1 || !isNamed(each, 'D:response')) return false;
    responses.push(responseOf(each));
    return true;
  });
  return {
    write: (text) => reader.write(text),
    close() {
      const root = reader.close();
      if (!isNamed(root, 'D:multistatus'))
        throw new XmlError(`a ${root.name} where a multistatus was expected`);
      const syncToken = textOf(child(root, 'D:sync-token')).trim();
      return { responses, ...(syncToken !== '' && { syncToken }) };
    },
  };
}

export function prop(response: DavResponse, name: Name): XmlElement | undefined {
  return response.props.get(clark(name));
}

/** Text of a property; undefined where it is absent or empty. */
export function propText(response: DavResponse, name: Name): string | undefined {
  const text = textOf(prop(response, name)).trim();
  return text === '' ? undefined : text;
}

/** `HTTP/1.1 404 Not Found` */
function statusOf(line: XmlElement | undefined): number | undefined {
  const [, digits] = /^\s*HTTP\/\S+\s+(\d{3})/.exec(textOf(line)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function responseOf(response: XmlElement): DavResponse {
  const status = statusOf(child(response, 'D:status'));
  const props = new Map<string, XmlElement>();
  const missing = new Map<string, number>();
  for (const propstat of childrenOf(response)) {
    if (!isNamed(propstat, 'D:propstat')) continue;
    const found = statusOf(child(propstat, 'D:status')) ?? 200;
    for (const each of childrenOf(child(propstat, 'D:prop') ?? empty)) {
      if (found >= 200 && found < 300) props.set(clarkOf(each), each);
      else missing.set(clarkOf(each), found);
    }
  }
  return {
    href: textOf(child(response, 'D:href')).trim(),
    ...(status !== undefined && { status }),
    props,
    missing,
    errors: childrenOf(child(response, 'D:error') ?? empty).map(clarkOf),
    description: textOf(child(response, 'D:responsedescription')).trim(),
  };
}

const empty: XmlElement = { ns: '', name: '', attrs: {}, children: [] };

/** @throws XmlError for bytes that are not UTF-8: a replaced character would be another text */
export function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new XmlError('the answer is not UTF-8', { cause });
  }
}
