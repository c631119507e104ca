// A small HTTP server with answers written by the test; counts requests and connections, checks Basic and NTLMv2 itself.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { md4 } from '../../src/ews-backend/ntlm.ts';

export interface Asked {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly socket: Socket;
}

export interface CannedServer {
  readonly url: string;
  readonly asked: Asked[];
  /** Connections opened so far. */
  readonly connections: () => number;
  close(): Promise<void>;
}

export type Answer = (asked: Asked, response: ServerResponse, index: number) => void;

export async function openCannedServer(answer: Answer): Promise<CannedServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const state = { connections: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const one = { headers: request.headers, body, socket: request.socket };
      asked.push(one);
      answer(one, response, asked.length - 1);
    });
  });
  server.on('connection', (socket) => {
    state.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/EWS/Exchange.asmx`,
    asked,
    connections: () => state.connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function reply(
  response: ServerResponse,
  status: number,
  body = '',
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/xml; charset=utf-8', ...headers });
  response.end(body);
}

const soap = 'http://schemas.xmlsoap.org/soap/envelope/';
const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const types = 'http://schemas.microsoft.com/exchange/services/2006/types';
const errors = 'http://schemas.microsoft.com/exchange/services/2006/errors';

export function envelope(body: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soap}"><s:Body xmlns:m="${messages}" xmlns:t="${types}">${body}</s:Body></s:Envelope>`;
}

export function message(name: string, content: string, code = 'NoError', more = ''): string {
  const kind = code === 'NoError' ? 'Success' : 'Error';
  return `<m:${name}Response><m:ResponseMessages><m:${name}ResponseMessage ResponseClass="${kind}">${more}<m:ResponseCode>${code}</m:ResponseCode>${content}</m:${name}ResponseMessage></m:ResponseMessages></m:${name}Response>`;
}

export function fault(code: string, text = 'It failed.', messageXml = ''): string {
  return envelope(
    `<s:Fault><faultcode xmlns:a="${types}">a:${code}</faultcode><faultstring xml:lang="en-US">${text}</faultstring><detail><e:ResponseCode xmlns:e="${errors}">${code}</e:ResponseCode><e:Message xmlns:e="${errors}">${text}</e:Message>${messageXml}</detail></s:Fault>`,
  );
}

/** Server side of NTLMv2 (MS-NLMP §3.3.2): undefined while the handshake goes on, else whether the password is right. */
export function openNtlmCheck(user: string, password: string, domain = '') {
  const challenge = Buffer.from('0123456789abcdef', 'hex');
  const signedIn = new WeakSet<Socket>();
  const info = targetInfo();
  return (asked: Asked, response: ServerResponse): boolean => {
    if (signedIn.has(asked.socket)) return true;
    const token = /^NTLM (.+)$/.exec(asked.headers.authorization ?? '')?.[1];
    const received = token === undefined ? undefined : Buffer.from(token, 'base64');
    if (received?.readUInt32LE(8) === 1) {
      reply(response, 401, '', {
        'WWW-Authenticate': `NTLM ${challengeMessage(challenge, info).toString('base64')}`,
      });
      return false;
    }
    if (received?.readUInt32LE(8) === 3 && isRight(received, { challenge, user, password, domain })) {
      signedIn.add(asked.socket);
      return true;
    }
    reply(response, 401, '', { 'WWW-Authenticate': ['Negotiate', 'NTLM'] });
    return false;
  };
}

function isRight(
  received: Buffer,
  expected: { challenge: Buffer; user: string; password: string; domain: string },
): boolean {
  const part = (at: number): Buffer =>
    received.subarray(
      received.readUInt32LE(at + 4),
      received.readUInt32LE(at + 4) + received.readUInt16LE(at),
    );
  const answer = part(20);
  const [user, domain] = [part(36).toString('utf16le'), part(28).toString('utf16le')];
  if (user !== expected.user || domain !== expected.domain) return false;
  const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('md5', key).update(data).digest();
  const key = hmac(
    md4(Buffer.from(expected.password, 'utf16le')),
    Buffer.from(user.toUpperCase() + domain, 'utf16le'),
  );
  const proof = hmac(key, Buffer.concat([expected.challenge, answer.subarray(16)]));
  return proof.equals(answer.subarray(0, 16));
}

function targetInfo(): Buffer {
  const pair = (id: number, value: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, value]);
  };
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(133_000_000_000_000_000n);
  return Buffer.concat([pair(2, Buffer.from('CORP', 'utf16le')), pair(7, time), pair(0, Buffer.alloc(0))]);
}

function challengeMessage(challenge: Buffer, info: Buffer): Buffer {
  const header = Buffer.alloc(56);
  header.write('NTLMSSP\0', 'latin1');
  header.writeUInt32LE(2, 8);
  header.writeUInt32LE(0xa2898205, 20);
  challenge.copy(header, 24);
  header.writeUInt16LE(info.length, 40);
  header.writeUInt16LE(info.length, 42);
  header.writeUInt32LE(56, 44);
  return Buffer.concat([header, info]);
}
