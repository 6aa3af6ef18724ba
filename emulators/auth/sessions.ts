import type { Account, Accounts } from './accounts.ts';
import { AuthError } from './auth-error.ts';
import { isRecord } from './json-body.ts';
import { type Claims, decodeClaims, decodePart, encodePart, encodeUnsigned } from './jwt.ts';

/** How a user signed in. */
export type Provider = 'anonymous' | 'custom';

/** What a client gets for signing in. */
export interface IssuedTokens {
  readonly idToken: string;
  readonly refreshToken: string;
  /** Seconds, as text. */
  readonly expiresIn: string;
}

/** Signs users in, and knows their tokens again. */
export interface Sessions {
  signIn(account: Account, provider: Provider, claims?: Claims): Promise<IssuedTokens>;
  /** @throws AuthError INVALID_REFRESH_TOKEN, USER_NOT_FOUND, USER_DISABLED or TOKEN_EXPIRED. */
  refresh(refreshToken: string): Promise<IssuedTokens & { readonly localId: string }>;
  /** The account an ID token stands for. @throws AuthError INVALID_ID_TOKEN, USER_NOT_FOUND or TOKEN_EXPIRED. */
  verify(idToken: string): Account;
}

export interface SessionsOptions {
  readonly project: string;
  readonly accounts: Accounts;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

const LIFETIME_SECONDS = 3600;

interface Session {
  readonly localId: string;
  readonly provider: Provider;
  readonly claims: Claims;
  /** Epoch seconds. */
  readonly authTime: number;
}

/** Refresh tokens hold the session themselves, so that they outlive a restart. */
export function makeSessions({ project, accounts, clock }: SessionsOptions): Sessions {
  const seconds = (): number => Math.floor(clock() / 1000);

  const known = (localId: string): Account => {
    const account = accounts.get(project, localId);
    if (!account) throw new AuthError('USER_NOT_FOUND');
    if (account.disabled) throw new AuthError('USER_DISABLED');
    return account;
  };

  const issue = (account: Account, session: Session): IssuedTokens => {
    const now = seconds();
    const custom: unknown = JSON.parse(account.customAttributes ?? '{}');
    const idToken = encodeUnsigned({
      ...(isRecord(custom) ? custom : {}),
      ...session.claims,
      ...(session.provider === 'anonymous' ? { provider_id: 'anonymous' } : {}),
      ...(account.displayName === undefined ? {} : { name: account.displayName }),
      iss: `https://securetoken.google.com/${project}`,
      aud: project,
      auth_time: session.authTime,
      user_id: account.localId,
      sub: account.localId,
      iat: now,
      exp: now + LIFETIME_SECONDS,
      firebase: { identities: {}, sign_in_provider: session.provider },
    });
    return { idToken, refreshToken: encodePart(session), expiresIn: String(LIFETIME_SECONDS) };
  };

  return {
    async signIn(account, provider, claims = {}) {
      const now = clock();
      const current = { ...account, lastLoginAt: String(now), lastRefreshAt: new Date(now).toISOString() };
      await accounts.put(project, current);
      return issue(current, { localId: account.localId, provider, claims, authTime: seconds() });
    },
    async refresh(refreshToken) {
      const session = sessionOf(refreshToken);
      const account = known(session.localId);
      if (session.authTime < Number(account.validSince ?? 0)) throw new AuthError('TOKEN_EXPIRED');
      const current = { ...account, lastRefreshAt: new Date(clock()).toISOString() };
      await accounts.put(project, current);
      return { ...issue(current, session), localId: account.localId };
    },
    verify(idToken) {
      const claims = decodeClaims(idToken);
      if (!claims || claims.aud !== project || typeof claims.sub !== 'string')
        throw new AuthError('INVALID_ID_TOKEN');
      if (Number(claims.exp) <= seconds()) throw new AuthError('TOKEN_EXPIRED');
      const account = known(claims.sub);
      if (Number(claims.iat) < Number(account.validSince ?? 0)) throw new AuthError('TOKEN_EXPIRED');
      return account;
    },
  };
}

function sessionOf(refreshToken: string): Session {
  const session = decodePart(refreshToken);
  if (!isRecord(session) || typeof session.localId !== 'string' || typeof session.authTime !== 'number')
    throw new AuthError('INVALID_REFRESH_TOKEN');
  return {
    localId: session.localId,
    provider: session.provider === 'custom' ? 'custom' : 'anonymous',
    claims: isRecord(session.claims) ? session.claims : {},
    authTime: session.authTime,
  };
}
