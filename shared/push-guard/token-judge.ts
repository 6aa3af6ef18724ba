import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { OAuth2Client } from 'google-auth-library';
import { messageOf, TransientError } from '../errors.ts';

export interface TokenJudgeOptions {
  /** What tokens must be meant for: the subscription's audience, else the endpoint's address. */
  readonly audience: string;
  /** E-mail addresses of the service accounts that may call. */
  readonly accounts: readonly string[];
  /** Where Google's keys are, as a JSON Web Key Set. */
  readonly keysUrl: string;
  readonly clock: () => number;
}

/** Why a request may not come in; undefined where it may. @throws TransientError while Google's keys cannot be had */
export type TokenJudge = (authorization: string | undefined) => Promise<string | undefined>;

const ISSUERS = ['https://accounts.google.com', 'accounts.google.com'];
/** Google changes its keys within days; an unknown one is looked for at once, though not by every request that names one. */
const KEYS_TTL_MS = 3_600_000;
const LOOK_AGAIN_MS = 10_000;
const KEYS_TIMEOUT_MS = 5_000;

/**
 * Judges the OpenID Connect tokens that Pub/Sub and Eventarc send with push requests: signature, issuer, time, audience, and whose it is.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
export function makeTokenJudge({ audience, accounts, keysUrl, clock }: TokenJudgeOptions): TokenJudge {
  const verifier = new OAuth2Client();
  let keys: Record<string, string> = {};
  let readAt = Number.NEGATIVE_INFINITY;

  const keysFor = async (token: string): Promise<Record<string, string>> => {
    const age = clock() - readAt;
    const isKnown = keyIdOf(token) in keys;
    if (isKnown ? age < KEYS_TTL_MS : age < LOOK_AGAIN_MS) return keys;
    try {
      const response = await fetch(keysUrl, { signal: AbortSignal.timeout(KEYS_TIMEOUT_MS) });
      keys = pemKeys((await response.json()) as { readonly keys: readonly JsonWebKey[] });
      readAt = clock();
    } catch (error) {
      throw new TransientError(
        `the keys of push tokens could not be read from ${keysUrl}: ${messageOf(error)}`,
        {
          cause: error,
        },
      );
    }
    return keys;
  };

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'there is no token';
    const known = await keysFor(token);
    try {
      const ticket = await verifier.verifySignedJwtWithCertsAsync(token, known, audience, ISSUERS);
      const { email = '', email_verified: verified } = ticket.getPayload() ?? {};
      return verified && accounts.includes(email) ? undefined : 'the token is of another account';
    } catch {
      // What is wrong says too much about tokens to be told.
      return 'the token does not hold';
    }
  };
}

function keyIdOf(token: string): string {
  try {
    const head = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8')) as {
      kid?: unknown;
    };
    return String(head.kid);
  } catch {
    return '';
  }
}

function pemKeys({ keys }: { readonly keys: readonly JsonWebKey[] }): Record<string, string> {
  return Object.fromEntries(
    keys.map((key) => [
      String(key.kid),
      createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
    ]),
  );
}
