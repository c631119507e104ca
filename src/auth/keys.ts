// Keys derived from the one secret of the installation: for sealing what is stored, and for names that must not be readable.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface Keys {
  /** A short name for a text that cannot be turned back without the secret. Hex, 128 bits. */
  digest(...parts: readonly string[]): string;
  /** AES-256-GCM; base64url of nonce, tag and ciphertext. `context` must be the same to open it again. */
  seal(text: string, context: string): string;
  /** Undefined when it was sealed under another secret or context, or was changed. */
  unseal(sealed: string, context: string): string | undefined;
}

/** `secret`: at least 16 characters; every replica must have the same. */
export function openKeys(secret: string): Keys {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, 'exdav', purpose, 32));
  const digestKey = derive('digest');
  const sealKey = derive('seal');
  return {
    digest(...parts) {
      return createHmac('sha256', digestKey).update(parts.join('\0')).digest('hex').slice(0, 32);
    },
    seal(text, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    unseal(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 28) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, 12)).setAAD(
        Buffer.from(context),
      );
      decipher.setAuthTag(bytes.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
      } catch {
        return undefined; // GCM says "not this key, or not these bytes" only by throwing
      }
    },
  };
}

/** For an installation without a secret: nothing sealed survives the process. */
export function temporarySecret(): string {
  return randomBytes(32).toString('base64url');
}
