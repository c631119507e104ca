// One gateway before one simulated Exchange, with as many folders as one UID needs: each object lies in a folder of its own kind
// where its UID is the only one.
import { alice, asCalendar, asCard, asXml, openStage, type Answer, type Stage } from '../gateway/stage.ts';
import { parseIncoming, TranslateError } from '../../src/translate/index.ts';
import type { CorpusObject, Folder } from './corpus.ts';

export interface Placed {
  readonly object: CorpusObject;
  readonly href: string;
}

export interface Place {
  readonly stage: Stage;
  /** The href, or why it was refused. */
  put(object: CorpusObject, index: number): Promise<Placed | string>;
  putText(placed: Placed, text: string): Promise<Answer>;
  /** The text in the version of vCard it came in. */
  get(placed: Placed): Promise<string>;
  /** A text with the bytes of its stored attachments in place of the links to them. */
  opened(text: string): Promise<string>;
  /** Display names of the folders made. */
  readonly folders: ReadonlySet<string>;
}

const homes = { events: 'calendars', tasks: 'calendars', contacts: 'addressbooks' } satisfies Record<
  Folder,
  string
>;

export async function openPlace(): Promise<Place> {
  const stage = await openStage({
    settings: { EXDAV_LOG_LEVEL: 'silent', EXDAV_SCHEDULING: 'off' },
  });
  const folders = new Set<string>();
  const layers = new Map<string, number>();

  async function folderFor({ folder, uid }: CorpusObject): Promise<string> {
    const layer = (layers.get(`${folder} ${uid}`) ?? 0) + 1;
    layers.set(`${folder} ${uid}`, layer);
    const name = `${folder}-${layer}`;
    const path = `/${homes[folder]}/${alice.address}/${name}/`;
    if (!folders.has(name)) {
      const { method, body } = making[folder];
      const answer = await stage.ask(method, path, { headers: asXml, body: body(name) });
      if (answer.status !== 201) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      folders.add(name);
    }
    return path;
  }

  return {
    stage,
    folders,
    async put(object, index) {
      const href = `${await folderFor(object)}o${index}.${object.folder === 'contacts' ? 'vcf' : 'ics'}`;
      const placed = { object, href };
      const answer = await write(stage, placed, object.body);
      return answer.status === 201 ? placed : reasonOf(object, answer);
    },
    putText: (placed, text) => write(stage, placed, text),
    async get({ object, href }) {
      const headers = acceptOf(object);
      const answer = await stage.ask('GET', href, { headers });
      if (answer.status !== 200) throw new Error(`GET of ${object.name}: ${answer.status} ${answer.text}`);
      return answer.text;
    },
    async opened(text) {
      const lines = text.replaceAll(/\r\n[ \t]/g, '').split('\r\n');
      return (await Promise.all(lines.map((line) => openedLine(stage, line)))).join('\r\n');
    },
  };
}

async function openedLine(stage: Stage, line: string): Promise<string> {
  const [, head, path] = /^(ATTACH;.*MANAGED-ID=.*):http:\/\/127\.0\.0\.1:\d+(\/.*)$/.exec(line) ?? [];
  if (head === undefined || path === undefined) return line;
  const answer = await stage.ask('GET', path);
  if (answer.status !== 200) throw new Error(`GET of ${path}: ${answer.status} ${answer.text}`);
  return `${head};ENCODING=BASE64;VALUE=BINARY:${answer.bytes.toString('base64')}`;
}

function write(stage: Stage, { object, href }: Placed, body: string | Uint8Array): Promise<Answer> {
  return stage.ask('PUT', href, { body, headers: object.folder === 'contacts' ? asCard : asCalendar });
}

function acceptOf({ folder, body }: CorpusObject): Record<string, string> {
  if (folder !== 'contacts') return {};
  const isFour = /^VERSION:\s*4/im.test(
    typeof body === 'string' ? body : Buffer.from(body).toString('latin1'),
  );
  return { accept: `text/vcard; version=${isFour ? '4.0' : '3.0'}` };
}

const calendarOf = (component: string) => (name: string) =>
  `<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>${name}</displayname><C:supported-calendar-component-set><C:comp name="${component}"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>`;

const making = {
  events: { method: 'MKCALENDAR', body: calendarOf('VEVENT') },
  tasks: { method: 'MKCALENDAR', body: calendarOf('VTODO') },
  contacts: {
    method: 'MKCOL',
    body: (name: string) =>
      `<mkcol xmlns="DAV:"><set><prop><displayname>${name}</displayname><resourcetype><collection/><addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>`,
  },
} satisfies Record<Folder, { method: string; body: (name: string) => string }>;

/** The answer names the precondition only; the words are the translator's. */
function reasonOf({ body, folder }: CorpusObject, answer: Answer): string {
  if (!answer.text.startsWith('<')) return `${answer.status} ${answer.text.trim()}`;
  try {
    parseIncoming(body, folder, { ownAddresses: [alice.address] });
    return `${answer.status} without a reason of the translator: ${answer.text}`;
  } catch (error) {
    if (!(error instanceof TranslateError)) throw error;
    return `${answer.status} ${error.property === undefined ? '' : `${error.property}: `}${error.message}`;
  }
}
