import { OAuth2Client } from 'google-auth-library';
import { makeKeys } from './keys.ts';

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

/**
 * Judges the OpenID Connect tokens that Pub/Sub and Eventarc send with push requests: signature, issuer, time, audience, and whose it is.
 * https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions
 */
export function makeTokenJudge({ audience, accounts, keysUrl, clock }: TokenJudgeOptions): TokenJudge {
  const verifier = new OAuth2Client();
  const keysFor = makeKeys(keysUrl, clock);

  return async (authorization) => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'there is no token';
    const known = await keysFor(keyIdOf(token));
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
