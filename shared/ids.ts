import { createHash, createHmac } from 'node:crypto';

/** 128 bits of SHA-256 over the parts, as 32 hexadecimal digits. Equal parts give equal ids, on every machine. */
export function stableId(...parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A keyed pseudonym (HMAC-SHA-256, 128 bits, hexadecimal) of a direct identifier such as an e-mail address. */
export function pseudonym(key: string, identifier: string): string {
  return createHmac('sha256', key).update(identifier.trim().toLowerCase()).digest('hex').slice(0, 32);
}

/**
 * A Firestore document id for an identifier from outside. Ids of letters, digits, `_` and `-` up to 128
 * characters stay readable; anything else (slashes, dots, control characters) becomes a hash.
 */
export function documentId(identifier: string): string {
  return /^[A-Za-z0-9_-]{1,128}$/.test(identifier) && !identifier.startsWith('__')
    ? identifier
    : `h_${stableId(identifier)}`;
}
