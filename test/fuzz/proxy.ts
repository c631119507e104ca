// Between gateway and simulated Exchange: hands everything on, and spoils some answers when armed.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { mutatedMarkup } from './markup.ts';
import type { Random } from './random.ts';

export interface Proxy {
  readonly url: string;
  lead(target: string): void;
  /** From now on answers are damaged by this chance. */
  arm(random: Random): void;
  disarm(): void;
  /** What was last handed on damaged. */
  spoilt(): string;
  close(): Promise<void>;
}

export async function openProxy(): Promise<Proxy> {
  let target = '';
  let chance: Random | undefined;
  let last = '';
  const server = createServer((asked, answer) => {
    const { search, pathname, hostname, port } = new URL(asked.url ?? '/', target);
    const onward = httpRequest(
      { hostname, port, path: pathname + search, method: asked.method, headers: asked.headers },
      (got) => {
        // A stream of events has no end to wait for.
        if (chance === undefined || !isWhole(got)) handOn(got, answer);
        else void spoil(got, answer, chance).then((text) => (last = text));
      },
    );
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
    answer.on('close', () => onward.destroy());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/EWS/Exchange.asmx`,
    lead: (url) => void (target = url),
    arm(random) {
      chance = random;
      last = '';
    },
    disarm: () => void (chance = undefined),
    spoilt: () => last,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function isWhole({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['content-encoding'] !== undefined;
}

function handOn(got: IncomingMessage, answer: ServerResponse): void {
  answer.writeHead(got.statusCode ?? 502, got.headers);
  got.pipe(answer);
}

async function spoil(got: IncomingMessage, answer: ServerResponse, random: Random): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of got) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const isText = got.headers['content-encoding'] === undefined && bytes.length > 0;
  const body = isText && random.chance(0.6) ? mutatedMarkup([bytes.toString()], random) : bytes;
  const { 'content-length': _, 'transfer-encoding': __, ...headers } = got.headers;
  const status = random.chance(0.05) ? random.pick([200, 401, 403, 429, 500, 503]) : (got.statusCode ?? 502);
  answer.writeHead(status, { ...headers, 'content-length': body.length });
  answer.end(body);
  return body.toString();
}
