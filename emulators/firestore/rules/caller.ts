import { FirestoreError } from '../firestore-error.ts';
import { bool, float, int, list, map, NULL, type RuleValue, string } from './rule-value.ts';

/** Who sent a request: the project's owner, whom rules do not bind, or someone with what rules see as `request.auth`. */
export type Caller = { readonly kind: 'owner' } | { readonly kind: 'visitor'; readonly auth: RuleValue };

/**
 * The caller by the `authorization` header. As in Google's emulators, `Bearer owner` is the owner, and other tokens are ID
 * tokens whose signature is not verified.
 * @throws FirestoreError INVALID_ARGUMENT where the token is none
 */
export function callerOf(authorization: string | undefined): Caller {
  if (authorization === undefined || authorization === '') return { kind: 'visitor', auth: NULL };
  const token = /^(?:Bearer|Firebase) +(\S+)$/i.exec(authorization)?.[1];
  if (token === 'owner') return { kind: 'owner' };
  return { kind: 'visitor', auth: authOf(claimsOf(token ?? '')) };
}

/** `request.auth`: https://firebase.google.com/docs/reference/rules/rules.firestore.Request#auth */
function authOf(claims: Readonly<Record<string, unknown>>): RuleValue {
  const uid = claims.sub ?? claims.user_id;
  return map([
    ['token', jsonValue(claims)],
    ['uid', typeof uid === 'string' ? string(uid) : NULL],
  ]);
}

function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const [, payload] = token.split('.');
    const claims: unknown = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims };
  } catch {
    // Answered below, as is JSON that is no object.
  }
  throw new FirestoreError('INVALID_ARGUMENT', 'The token in the authorization header is no JWT.');
}

function jsonValue(json: unknown): RuleValue {
  if (typeof json === 'string') return string(json);
  if (typeof json === 'boolean') return bool(json);
  if (typeof json === 'number') return Number.isSafeInteger(json) ? int(json) : float(json);
  if (Array.isArray(json)) return list(json.map(jsonValue));
  if (typeof json !== 'object' || json === null) return NULL;
  return map(Object.entries(json).map(([key, value]) => [key, jsonValue(value)]));
}
