import { createHash } from 'node:crypto';

/** What stands for a forgotten person's key: its SHA-256, hexadecimal. SQL has the same as `TO_HEX(SHA256(user_key))`. */
export function keyHash(userKey: string): string {
  return createHash('sha256').update(userKey).digest('hex');
}
