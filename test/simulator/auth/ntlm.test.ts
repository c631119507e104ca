// NTLMv2 against the vectors of RFC 1320 and [MS-NLMP] 4.2.4, and with answers that must not pass.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { md4, rc4 } from '../../../simulator/auth/md4.ts';
import { openNtlm, responseKey } from '../../../simulator/auth/ntlm.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const hmac = (key: Buffer, ...parts: Buffer[]): Buffer =>
  createHmac('md5', key).update(Buffer.concat(parts)).digest();

// RFC 1320 §A.5
test.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['message digest', 'd9130a8164549fe818874806e1c7014b'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
  ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
])('MD4 of "%s"', (text, digest) => {
  expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
});

// [MS-NLMP] 4.2.1 and 4.2.4
const challenge = hex('0123456789abcdef');
const blob = hex(
  '0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000 02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000',
);
const proof = hex('68cd0ab851e51c96aabc927bebef6a1c');

test('[MS-NLMP] 4.2.4: response key, session keys', () => {
  const key = responseKey('Password', { user: 'User', domain: 'Domain' });
  expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  expect(hmac(key, challenge, blob)).toEqual(proof);
  const sessionBaseKey = hmac(key, proof);
  expect(sessionBaseKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  expect(rc4(sessionBaseKey, Buffer.alloc(16, 0x55)).toString('hex')).toBe(
    'c5dad2544fc9799094ce1ce90bc9d03e',
  );
});

const signatureBytes = Buffer.from('NTLMSSP\0', 'latin1');
const type1 = Buffer.concat([signatureBytes, hex('01000000 b78208e2'), Buffer.alloc(24)]);

function type3(parts: {
  user: string;
  domain: string;
  response: Buffer;
  flags?: number;
  sessionKey?: Buffer;
}): Buffer {
  const head = Buffer.alloc(88);
  signatureBytes.copy(head);
  head.writeUInt32LE(3, 8);
  const payload: Buffer[] = [];
  let at = 88;
  const put = (offset: number, value: Buffer): void => {
    head.writeUInt16LE(value.length, offset);
    head.writeUInt16LE(value.length, offset + 2);
    head.writeUInt32LE(at, offset + 4);
    payload.push(value);
    at += value.length;
  };
  put(12, Buffer.alloc(24));
  put(20, parts.response);
  put(28, utf16(parts.domain));
  put(36, utf16(parts.user));
  put(44, utf16('COMPUTER'));
  put(52, parts.sessionKey ?? Buffer.alloc(0));
  head.writeUInt32LE(parts.flags ?? 0x00088201, 60);
  return Buffer.concat([head, ...payload]);
}

describe('the handshake', () => {
  const open = (serverChallenge = challenge) =>
    openNtlm((user, domain) => (user === 'User' && domain === 'Domain' ? 'Password' : undefined), {
      serverChallenge,
    });
  const answer = type3({ user: 'User', domain: 'Domain', response: Buffer.concat([proof, blob]) });

  test('the vector of the specification proves the password', () => {
    const handshake = open();
    const type2 = handshake.challenge(type1);
    expect(type2.subarray(24, 32)).toEqual(challenge);
    expect(type2.readUInt32LE(20) & 0x800001).toBe(0x800001);
    expect(handshake.verify(answer)).toBe('User');
  });

  test('a challenge serves once', () => {
    const handshake = open();
    expect(handshake.verify(answer)).toBeUndefined();
    handshake.challenge(type1);
    expect(handshake.verify(answer)).toBe('User');
    expect(handshake.verify(answer)).toBeUndefined();
  });

  test.each([
    ['another server challenge', hex('0123456789abcdee'), answer],
    [
      'another user',
      challenge,
      type3({ user: 'Usex', domain: 'Domain', response: Buffer.concat([proof, blob]) }),
    ],
    [
      'another blob',
      challenge,
      type3({ user: 'User', domain: 'Domain', response: Buffer.concat([proof, blob, Buffer.alloc(1)]) }),
    ],
    ['an NTLMv1 answer', challenge, type3({ user: 'User', domain: 'Domain', response: Buffer.alloc(24, 1) })],
    ['a message cut short', challenge, answer.subarray(0, 120)],
    ['a type 1 message', challenge, type1],
    ['nothing', challenge, Buffer.alloc(0)],
  ])('%s does not', (_, serverChallenge, message) => {
    const handshake = open(serverChallenge);
    handshake.challenge(type1);
    expect(handshake.verify(message)).toBeUndefined();
  });

  test('a MIC that is announced must be right, with and without an exchanged key', () => {
    const signing = hex('06000400 02000000');
    const withMic = Buffer.concat([blob.subarray(0, 28), signing, blob.subarray(28)]);
    const key = responseKey('Password', { user: 'User', domain: 'Domain' });
    const own = hmac(key, challenge, withMic);
    for (const exchanged of [false, true]) {
      const sessionBaseKey = hmac(key, own);
      const random = Buffer.alloc(16, 0x55);
      const message = type3({
        user: 'User',
        domain: 'Domain',
        response: Buffer.concat([own, withMic]),
        flags: exchanged ? 0x40088211 : 0x00088201,
        ...(exchanged && { sessionKey: rc4(sessionBaseKey, random) }),
      });
      const right = open();
      const type2 = right.challenge(type1);
      const mic = hmac(exchanged ? random : sessionBaseKey, type1, type2, message);
      const signed = Buffer.from(message);
      mic.copy(signed, 72);
      expect(right.verify(signed)).toBe('User');
      const wrong = open();
      wrong.challenge(type1);
      expect(wrong.verify(message)).toBeUndefined();
    }
  });
});
