// NTLMv2 from the server's side ([MS-NLMP] 2.2.1, 3.2.5, 3.3.2): answers are really checked, older forms refused.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { md4, rc4 } from './md4.ts';

/** One handshake on one connection. */
export interface NtlmHandshake {
  /** CHALLENGE_MESSAGE for a NEGOTIATE_MESSAGE. @throws Error on anything else */
  challenge(type1: Buffer): Buffer;
  /** The user name as the client gave it; undefined when the answer does not prove the password. */
  verify(type3: Buffer): string | undefined;
}

export interface NtlmOptions {
  readonly domain?: string;
  readonly server?: string;
  /** Eight bytes; for tests. */
  readonly serverChallenge?: Buffer;
  readonly now?: () => number;
}

export function openNtlm(
  passwordOf: (user: string, domain: string) => string | undefined,
  options: NtlmOptions = {},
): NtlmHandshake {
  const open: { exchange?: Exchange } = {};
  return {
    challenge(type1) {
      if (messageType(type1) !== 1 || type1.length < 16) throw new Error('not an NTLM NEGOTIATE_MESSAGE');
      const serverChallenge = options.serverChallenge ?? randomBytes(8);
      const type2 = challengeMessage(type1.readUInt32LE(12), serverChallenge, options);
      open.exchange = { type1, type2, serverChallenge };
      return type2;
    },
    verify(type3) {
      const { exchange } = open;
      delete open.exchange;
      if (exchange === undefined || messageType(type3) !== 3 || type3.length < 64) return undefined;
      const answer = parseAuthenticate(type3);
      if (answer === undefined) return undefined;
      const password = passwordOf(answer.user, answer.domain);
      return password !== undefined && proves(answer, password, exchange) ? answer.user : undefined;
    },
  };
}

interface Exchange {
  readonly type1: Buffer;
  readonly type2: Buffer;
  readonly serverChallenge: Buffer;
}

const signature = Buffer.from('NTLMSSP\0', 'latin1');

export function messageType(message: Buffer): number | undefined {
  return message.length >= 12 && message.subarray(0, 8).equals(signature)
    ? message.readUInt32LE(8)
    : undefined;
}

// [MS-NLMP] 2.2.2.5
const flags = {
  unicode: 0x1,
  requestTarget: 0x4,
  sign: 0x10,
  seal: 0x20,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  targetTypeDomain: 0x10000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  key128: 0x20000000,
  keyExchange: 0x40000000,
  key56: 0x80000000,
} as const;

/** What is granted when the client asks for it. */
const grantable =
  flags.unicode |
  flags.requestTarget |
  flags.sign |
  flags.seal |
  flags.alwaysSign |
  flags.extendedSessionSecurity |
  flags.version |
  flags.key128 |
  flags.keyExchange |
  flags.key56;

function challengeMessage(asked: number, serverChallenge: Buffer, options: NtlmOptions): Buffer {
  const { domain = 'EXAMPLE', server = 'EXCHANGE', now = Date.now } = options;
  const target = utf16(domain);
  const info = Buffer.concat([
    pair(avIds.netbiosDomain, utf16(domain)),
    pair(avIds.netbiosComputer, utf16(server)),
    pair(avIds.dnsDomain, utf16(`${domain.toLowerCase()}.test`)),
    pair(avIds.dnsComputer, utf16(`${server.toLowerCase()}.${domain.toLowerCase()}.test`)),
    pair(avIds.timestamp, fileTime(now())),
    pair(avIds.end, Buffer.alloc(0)),
  ]);
  const head = Buffer.alloc(56);
  signature.copy(head);
  head.writeUInt32LE(2, 8);
  writeField(head, 12, { length: target.length, at: 56 });
  const granted =
    (asked & grantable) | flags.unicode | flags.ntlm | flags.targetInfo | flags.targetTypeDomain;
  head.writeUInt32LE(granted >>> 0, 20);
  serverChallenge.copy(head, 24);
  writeField(head, 40, { length: info.length, at: 56 + target.length });
  // Version 10.0, build 20348, NTLM revision 15.
  Buffer.from([10, 0, 0x7c, 0x4f, 0, 0, 0, 15]).copy(head, 48);
  return Buffer.concat([head, target, info]);
}

// [MS-NLMP] 2.2.2.1
const avIds = {
  end: 0,
  netbiosComputer: 1,
  netbiosDomain: 2,
  dnsComputer: 3,
  dnsDomain: 4,
  flags: 6,
  timestamp: 7,
} as const;

function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** 100 ns since 1601. */
function fileTime(ms: number): Buffer {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Math.floor(ms)) + 11_644_473_600_000n) * 10_000n);
  return time;
}

function writeField(head: Buffer, at: number, field: { readonly length: number; readonly at: number }): void {
  head.writeUInt16LE(field.length, at);
  head.writeUInt16LE(field.length, at + 2);
  head.writeUInt32LE(field.at, at + 4);
}

interface Authenticate {
  readonly user: string;
  readonly domain: string;
  /** NTProofStr, 16 bytes. */
  readonly proof: Buffer;
  /** What the client signed with it: NTLMv2_CLIENT_CHALLENGE. */
  readonly blob: Buffer;
  readonly sessionKey: Buffer;
  readonly flags: number;
  readonly message: Buffer;
}

function parseAuthenticate(message: Buffer): Authenticate | undefined {
  const field = (at: number): Buffer | undefined => {
    const length = message.readUInt16LE(at);
    const from = message.readUInt32LE(at + 4);
    return from + length <= message.length ? message.subarray(from, from + length) : undefined;
  };
  const answer = field(20);
  const domain = field(28);
  const user = field(36);
  const sessionKey = field(52);
  if (answer === undefined || domain === undefined || user === undefined || sessionKey === undefined)
    return undefined;
  // An NTLMv1 answer has 24 bytes; the blob of NTLMv2 begins with two version bytes.
  if (answer.length < 44 || answer[16] !== 1 || answer[17] !== 1) return undefined;
  const negotiated = message.readUInt32LE(60);
  const text = (value: Buffer) => value.toString((negotiated & flags.unicode) === 0 ? 'latin1' : 'utf16le');
  return {
    user: text(user),
    domain: text(domain),
    proof: answer.subarray(0, 16),
    blob: answer.subarray(16),
    sessionKey,
    flags: negotiated,
    message,
  };
}

function proves(answer: Authenticate, password: string, exchange: Exchange): boolean {
  const key = responseKey(password, answer);
  const expected = hmac(key, exchange.serverChallenge, answer.blob);
  if (!timingSafeEqual(expected, answer.proof)) return false;
  return (avFlags(answer.blob) & 2) === 0 || hasRightMic(answer, hmac(key, expected), exchange);
}

/** NTOWFv2, [MS-NLMP] 3.3.2. */
export function responseKey(
  password: string,
  { user, domain }: { readonly user: string; readonly domain: string },
): Buffer {
  return hmac(md4(utf16(password)), utf16(user.toUpperCase() + domain));
}

/** MsvAvFlags of the blob's target information; bit 2 says that the message has a MIC. */
function avFlags(blob: Buffer): number {
  let at = 28;
  while (at + 4 <= blob.length) {
    const id = blob.readUInt16LE(at);
    const length = blob.readUInt16LE(at + 2);
    if (id === avIds.end) return 0;
    if (id === avIds.flags && length === 4 && at + 8 <= blob.length) return blob.readUInt32LE(at + 4);
    at += 4 + length;
  }
  return 0;
}

// [MS-NLMP] 3.1.5.1.2: over all three messages, with the MIC itself zeroed.
function hasRightMic(answer: Authenticate, sessionBaseKey: Buffer, exchange: Exchange): boolean {
  const { message } = answer;
  if (message.length < 88) return false;
  const isExchanged =
    (answer.flags & flags.keyExchange) !== 0 && (answer.flags & (flags.sign | flags.seal)) !== 0;
  if (isExchanged && answer.sessionKey.length !== 16) return false;
  const key = isExchanged ? rc4(sessionBaseKey, answer.sessionKey) : sessionBaseKey;
  const zeroed = Buffer.from(message);
  zeroed.fill(0, 72, 88);
  return timingSafeEqual(hmac(key, exchange.type1, exchange.type2, zeroed), message.subarray(72, 88));
}

function hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
  return createHmac('md5', key).update(Buffer.concat(parts)).digest();
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}
