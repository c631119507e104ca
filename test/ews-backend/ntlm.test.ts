// The vectors of MS-NLMP §4.2.4 and RFC 1320 §A.5.
import { describe, expect, it } from 'vitest';
import { authenticateMessage, md4, parseChallenge } from '../../src/ews-backend/ntlm.ts';

describe('md4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    [
      '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
      'e33b4ddc9c38f2199c3e7b164fcc0536',
    ],
  ])('of %j', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

describe('NTLMv2', () => {
  it('answers the challenge of the specification', () => {
    const info = Buffer.from(
      '02000c0044006f006d00610069006e0001000c0053006500720076006500720000000000',
      'hex',
    );
    const header = Buffer.alloc(48);
    header.write('NTLMSSP\0', 'latin1');
    header.writeUInt32LE(2, 8);
    header.writeUInt32LE(0xe28a8233, 20);
    Buffer.from('0123456789abcdef', 'hex').copy(header, 24);
    header.writeUInt16LE(info.length, 40);
    header.writeUInt32LE(48, 44);
    const challenge = parseChallenge(Buffer.concat([header, info]).toString('base64'))!;
    const message = authenticateMessage({ user: 'User', domain: 'Domain', password: 'Password' }, challenge, {
      clientChallenge: Buffer.alloc(8, 0xaa),
      time: Buffer.alloc(8),
    });
    const part = (at: number): Buffer =>
      message.subarray(message.readUInt32LE(at + 4), message.readUInt32LE(at + 4) + message.readUInt16LE(at));
    expect(part(20).subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(part(12).toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(part(36).toString('utf16le')).toBe('User');
    expect(part(28).toString('utf16le')).toBe('Domain');
  });

  it('does not take other bytes for a challenge', () => {
    expect(parseChallenge('')).toBeUndefined();
    expect(parseChallenge(Buffer.alloc(100).toString('base64'))).toBeUndefined();
  });
});
