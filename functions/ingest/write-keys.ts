import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { headerOf } from './http.ts';

/** Tells a known write key from any other, in a time that says nothing about either. */
export interface WriteKeys {
  has(key: string): boolean;
}

/** @param list comma-separated keys; several are valid at once, so that a key can be rotated. */
export function makeWriteKeys(list: string): WriteKeys {
  const known = list
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map(digest);
  return {
    has(key) {
      const given = digest(key);
      let found = false;
      // Every key is compared, also after a match.
      for (const each of known) found = timingSafeEqual(each, given) || found;
      return found;
    },
  };
}

/**
 * The write key a request's headers carry: `Authorization: Basic base64(key:)` as Segment's clients send it,
 * `Authorization: Bearer key`, or `X-Write-Key`.
 */
export function writeKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const [scheme = '', credential = ''] = (headers.authorization ?? '').split(/\s+/, 2);
  if (/^bearer$/i.test(scheme) && credential) return credential;
  if (/^basic$/i.test(scheme) && credential) {
    return Buffer.from(credential, 'base64').toString('utf8').split(':', 1)[0] ?? '';
  }
  return headerOf(headers, 'x-write-key')?.trim() || undefined;
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
