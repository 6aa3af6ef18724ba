import { isRecord } from './json-body.ts';

/** The claims of an unsigned JSON Web Token (RFC 7519, section 6). */
export type Claims = Readonly<Record<string, unknown>>;

const HEADER = encodePart({ alg: 'none', typ: 'JWT' });

/** A token without signature; Firebase's emulators take it, and nothing deployed does. */
export function encodeUnsigned(claims: Claims): string {
  return `${HEADER}.${encodePart(claims)}.`;
}

/** The claims of a token, whatever signature it has; undefined where it is none. */
export function decodeClaims(token: string): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3 || !isRecord(decodePart(parts[0]))) return undefined;
  const claims = decodePart(parts[1]);
  return isRecord(claims) ? claims : undefined;
}

/** Any value as base64url of its JSON. */
export function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The inverse of `encodePart`; undefined where it is not of that form. */
export function decodePart(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
