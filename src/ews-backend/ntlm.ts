// NTLMv2 messages for a connection (MS-NLMP §2.2.1, §3.3.2), with message integrity code and channel binding (§3.1.5.1.2).
import { createHash, createHmac, randomBytes } from 'node:crypto';

export interface NtlmLogin {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}

export interface NtlmChallenge {
  readonly message: Buffer;
  readonly flags: number;
  readonly serverChallenge: Buffer;
  readonly targetInfo: Buffer;
}

/** What varies from run to run; given in tests. */
export interface NtlmFreshness {
  readonly clientChallenge: Buffer;
  /** 100 ns since 1601. */
  readonly time: Buffer;
  /** Hash of the TLS server certificate, `tls-server-end-point` of RFC 5929. */
  readonly endPoint?: Buffer;
}

const signature = Buffer.from('NTLMSSP\0', 'latin1');
const flag = {
  unicode: 0x1,
  requestTarget: 0x4,
  ntlm: 0x200,
  alwaysSign: 0x8000,
  extendedSessionSecurity: 0x80000,
  targetInfo: 0x800000,
  version: 0x2000000,
  strong: 0x20000000,
} as const;
const wanted =
  flag.unicode |
  flag.requestTarget |
  flag.ntlm |
  flag.alwaysSign |
  flag.extendedSessionSecurity |
  flag.targetInfo |
  flag.strong;

const pair = { end: 0, flags: 6, timestamp: 7, channelBindings: 10 } as const;

/** NEGOTIATE_MESSAGE: always the same. */
export const negotiateMessage: Buffer = (() => {
  const message = Buffer.alloc(32);
  signature.copy(message);
  message.writeUInt32LE(1, 8);
  message.writeUInt32LE(wanted, 12);
  return message;
})();

/** CHALLENGE_MESSAGE; undefined when it is none. */
export function parseChallenge(base64: string): NtlmChallenge | undefined {
  const message = Buffer.from(base64, 'base64');
  if (message.length < 48 || !message.subarray(0, 8).equals(signature) || message.readUInt32LE(8) !== 2)
    return undefined;
  const length = message.readUInt16LE(40);
  const offset = message.readUInt32LE(44);
  return {
    message,
    flags: message.readUInt32LE(20),
    serverChallenge: message.subarray(24, 32),
    targetInfo: message.subarray(offset, offset + length),
  };
}

/** AUTHENTICATE_MESSAGE. */
export function authenticateMessage(
  login: NtlmLogin,
  challenge: NtlmChallenge,
  fresh: NtlmFreshness = freshness(),
): Buffer {
  const pairs = parsePairs(challenge.targetInfo);
  const stamp = pairs.get(pair.timestamp);
  if (stamp !== undefined) pairs.set(pair.flags, Buffer.from([2, 0, 0, 0])); // a MIC is given
  if (fresh.endPoint !== undefined) pairs.set(pair.channelBindings, channelBindings(fresh.endPoint));
  const key = hmacMd5(md4(utf16(login.password)), utf16(login.user.toUpperCase() + login.domain));
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    stamp ?? fresh.time,
    fresh.clientChallenge,
    Buffer.alloc(4),
    renderPairs(pairs),
    Buffer.alloc(4),
  ]);
  const proof = hmacMd5(key, Buffer.concat([challenge.serverChallenge, blob]));
  // MS-NLMP §3.1.5.1.2: with a timestamp from the server the LMv2 response is empty bytes.
  const lm =
    stamp === undefined
      ? Buffer.concat([
          hmacMd5(key, Buffer.concat([challenge.serverChallenge, fresh.clientChallenge])),
          fresh.clientChallenge,
        ])
      : Buffer.alloc(24);
  const message = assemble(challenge.flags, [
    lm,
    Buffer.concat([proof, blob]),
    utf16(login.domain),
    utf16(login.user),
    Buffer.alloc(0),
    Buffer.alloc(0),
  ]);
  if (stamp !== undefined) {
    const sessionKey = hmacMd5(key, proof);
    hmacMd5(sessionKey, Buffer.concat([negotiateMessage, challenge.message, message])).copy(message, 72);
  }
  return message;
}

/** Header, six fields, flags, version, MIC, then the payload the fields point to. */
function assemble(flags: number, payload: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(88);
  signature.copy(header);
  header.writeUInt32LE(3, 8);
  let offset = header.length;
  for (const [index, part] of payload.entries()) {
    header.writeUInt16LE(part.length, 12 + index * 8);
    header.writeUInt16LE(part.length, 14 + index * 8);
    header.writeUInt32LE(offset, 16 + index * 8);
    offset += part.length;
  }
  header.writeUInt32LE((flags & wanted & ~flag.version) >>> 0, 60);
  return Buffer.concat([header, ...payload]);
}

function freshness(): NtlmFreshness {
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(Date.now()) + 11_644_473_600_000n) * 10_000n);
  return { clientChallenge: randomBytes(8), time };
}

/** For a TLS connection: the same, bound to the server's certificate. */
export function freshnessOver(certificate: Buffer | undefined): NtlmFreshness {
  const fresh = freshness();
  return certificate === undefined
    ? fresh
    : { ...fresh, endPoint: createHash(signatureHashOf(certificate)).update(certificate).digest() };
}

/** Algorithm identifiers in DER: sha384 and sha512 with RSA and with ECDSA. */
const strongerHashes = [
  ['2a864886f70d01010c', 'sha384'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a8648ce3d040304', 'sha512'],
] as const;

/** RFC 5929 §4.1: the hash of the certificate's own signature; SHA-256 in place of the weaker ones. */
function signatureHashOf(certificate: Buffer): string {
  const found = strongerHashes.find(([oid]) => certificate.includes(Buffer.from(oid, 'hex')));
  return found === undefined ? 'sha256' : found[1];
}

/** MD5 of a gss_channel_bindings_struct that holds only application data (RFC 2744 §3.11). */
function channelBindings(endPoint: Buffer): Buffer {
  const data = Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), endPoint]);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(data.length, 16);
  return createHash('md5')
    .update(Buffer.concat([head, data]))
    .digest();
}

function parsePairs(bytes: Buffer): Map<number, Buffer> {
  const pairs = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length;) {
    const id = bytes.readUInt16LE(at);
    const length = bytes.readUInt16LE(at + 2);
    if (id === pair.end) break;
    pairs.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return pairs;
}

function renderPairs(pairs: ReadonlyMap<number, Buffer>): Buffer {
  const parts: Buffer[] = [];
  for (const [id, value] of pairs) {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(id);
    head.writeUInt16LE(value.length, 2);
    parts.push(head, value);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le');
}

function hmacMd5(key: Buffer, data: Buffer): Buffer {
  return createHmac('md5', key).update(data).digest();
}

const rounds = [
  {
    add: 0,
    shifts: [3, 7, 11, 19],
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    mix: (b: number, c: number, d: number) => (b & c) | (~b & d),
  },
  {
    add: 0x5a827999,
    shifts: [3, 5, 9, 13],
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    mix: (b: number, c: number, d: number) => (b & c) | (b & d) | (c & d),
  },
  {
    add: 0x6ed9eba1,
    shifts: [3, 9, 11, 15],
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    mix: (b: number, c: number, d: number) => b ^ c ^ d,
  },
] as const;

type Words = readonly [number, number, number, number];

/** RFC 1320; OpenSSL 3 no longer offers it, and NT password hashes are MD4. */
export function md4(data: Buffer): Buffer {
  const padded = Buffer.alloc(((data.length + 8) >> 6) * 64 + 64);
  data.copy(padded);
  padded[data.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(data.length) * 8n, padded.length - 8);
  let state: Words = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) {
    let [a, b, c, d]: Words = state;
    for (const round of rounds) {
      for (const [step, word] of round.order.entries()) {
        const sum = (a + round.mix(b, c, d) + padded.readUInt32LE(at + word * 4) + round.add) | 0;
        const shift = round.shifts[step & 3] ?? 0;
        [a, b, c, d] = [d, (sum << shift) | (sum >>> (32 - shift)), b, c];
      }
    }
    state = [(state[0] + a) >>> 0, (state[1] + b) >>> 0, (state[2] + c) >>> 0, (state[3] + d) >>> 0];
  }
  const digest = Buffer.alloc(16);
  for (const [index, word] of state.entries()) digest.writeUInt32LE(word, index * 4);
  return digest;
}
