import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject, sign } from 'node:crypto';

/** Who push requests come from: signs their tokens, and publishes the key to verify them by. */
export interface Identity {
  /** An OpenID Connect token, valid for some minutes at least. */
  token(email: string, audience: string): string;
  /** JSON Web Key Set (RFC 7517). */
  readonly keys: { readonly keys: readonly JsonWebKey[] };
}

const ISSUER = 'https://accounts.google.com';
const LIFE_SECONDS = 3600;
const RENEW_SECONDS = 600;

/**
 * Tokens as the service sends, signed by a key of this process.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 * @param now epoch milliseconds
 */
export function makeIdentity(now: () => number): Identity {
  let pair: { readonly privateKey: KeyObject; readonly publicKey: KeyObject } | undefined;
  // A key takes a moment to make, and most runs need none.
  const keyPair = () => {
    pair ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
    return pair;
  };
  const issued = new Map<string, { readonly token: string; readonly renewAt: number }>();
  const keyId = (): string =>
    createHash('sha256')
      .update(String(keyPair().publicKey.export({ format: 'jwk' }).n))
      .digest('hex')
      .slice(0, 40);
  return {
    token(email, audience) {
      const key = `${email} ${audience}`;
      const seconds = Math.floor(now() / 1000);
      const known = issued.get(key);
      if (known && seconds < known.renewAt) return known.token;
      const subject = BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 16)}`).toString();
      const claims = {
        aud: audience,
        azp: subject,
        email,
        email_verified: true,
        exp: seconds + LIFE_SECONDS,
        iat: seconds,
        iss: ISSUER,
        sub: subject,
      };
      const unsigned = [{ alg: 'RS256', kid: keyId(), typ: 'JWT' }, claims].map(encode).join('.');
      const signature = sign('RSA-SHA256', Buffer.from(unsigned), keyPair().privateKey).toString('base64url');
      const token = `${unsigned}.${signature}`;
      issued.set(key, { token, renewAt: seconds + LIFE_SECONDS - RENEW_SECONDS });
      return token;
    },
    get keys() {
      return {
        keys: [{ ...keyPair().publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: keyId() }],
      };
    },
  };
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
