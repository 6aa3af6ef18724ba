import type { IncomingHttpHeaders } from 'node:http';
import { headerOf } from './http.ts';

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
