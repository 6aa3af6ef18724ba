import type { Context, Hono } from 'hono';
import type { Account, Accounts } from './accounts.ts';
import { AuthError } from './auth-error.ts';
import { isRecord, jsonBody, textField } from './json-body.ts';
import { decodeClaims } from './jwt.ts';
import type { Sessions } from './sessions.ts';

export interface ClientRoutesOptions {
  readonly project: string;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly newAccount: (localId?: string) => Account;
}

const PATH = '/identitytoolkit.googleapis.com/v1';

/**
 * What the Firebase web and mobile SDKs call with an API key, under `connectAuthEmulator`:
 * https://cloud.google.com/identity-platform/docs/reference/rest/v1/accounts
 */
export function addClientRoutes(app: Hono, options: ClientRoutesOptions): void {
  const { project, accounts, sessions, newAccount } = options;

  app.post(`${PATH}/accounts:signUp`, async (c) => {
    needKey(c);
    const body = await jsonBody(c);
    if (body.email !== undefined || body.password !== undefined || body.idToken !== undefined)
      throw new AuthError('OPERATION_NOT_ALLOWED : this emulator signs up anonymous users only');
    const account = newAccount();
    const tokens = await sessions.signIn(account, 'anonymous');
    return c.json({ kind: 'identitytoolkit#SignupNewUserResponse', localId: account.localId, ...tokens });
  });

  app.post(`${PATH}/accounts:signInWithCustomToken`, async (c) => {
    needKey(c);
    const claims = decodeClaims(textField(await jsonBody(c), 'token') ?? '');
    const uid = claims?.uid ?? claims?.user_id;
    if (typeof uid !== 'string' || uid === '' || uid.length > 128)
      throw new AuthError('INVALID_CUSTOM_TOKEN');
    const known = accounts.get(project, uid);
    if (known?.disabled) throw new AuthError('USER_DISABLED');
    const extra = isRecord(claims?.claims) ? claims.claims : {};
    const tokens = await sessions.signIn(known ?? newAccount(uid), 'custom', extra);
    const kind = 'identitytoolkit#VerifyCustomTokenResponse';
    return c.json({ kind, isNewUser: known === undefined, ...tokens });
  });

  app.post(`${PATH}/accounts:lookup`, async (c) => {
    needKey(c);
    const account = sessions.verify(textField(await jsonBody(c), 'idToken') ?? '');
    return c.json({ kind: 'identitytoolkit#GetAccountInfoResponse', users: [account] });
  });

  app.post(`${PATH}/accounts:update`, async (c) => {
    needKey(c);
    const body = await jsonBody(c);
    const account = sessions.verify(textField(body, 'idToken') ?? '');
    const displayName = textField(body, 'displayName');
    const photoUrl = textField(body, 'photoUrl');
    const updated = {
      ...account,
      ...(displayName === undefined ? {} : { displayName }),
      ...(photoUrl === undefined ? {} : { photoUrl }),
    };
    await accounts.put(project, updated);
    return c.json({ ...updated, kind: 'identitytoolkit#SetAccountInfoResponse' });
  });

  app.post(`${PATH}/accounts:delete`, async (c) => {
    needKey(c);
    const { localId } = sessions.verify(textField(await jsonBody(c), 'idToken') ?? '');
    await accounts.delete(project, localId);
    return c.json({ kind: 'identitytoolkit#DeleteAccountResponse' });
  });

  app.post('/securetoken.googleapis.com/v1/token', async (c) => {
    needKey(c);
    const fields = await tokenRequest(c);
    if (fields.grantType !== 'refresh_token') throw new AuthError('INVALID_GRANT_TYPE');
    if (!fields.refreshToken) throw new AuthError('MISSING_REFRESH_TOKEN');
    const { localId, idToken, refreshToken, expiresIn } = await sessions.refresh(fields.refreshToken);
    return c.json({
      id_token: idToken,
      access_token: idToken,
      refresh_token: refreshToken,
      expires_in: expiresIn,
      token_type: 'Bearer',
      user_id: localId,
      project_id: project,
    });
  });
}

/** The web SDK sends a form, others JSON; names in snake or camel case. */
async function tokenRequest(
  c: Context,
): Promise<{ readonly grantType: string | undefined; readonly refreshToken: string | undefined }> {
  const isForm = (c.req.header('content-type') ?? '').includes('application/x-www-form-urlencoded');
  const body = isForm ? Object.fromEntries(new URLSearchParams(await c.req.text())) : await jsonBody(c);
  return {
    grantType: textField(body, 'grant_type') ?? textField(body, 'grantType'),
    refreshToken: textField(body, 'refresh_token') ?? textField(body, 'refreshToken'),
  };
}

function needKey(c: Context): void {
  if (!c.req.query('key'))
    throw new AuthError('The request is missing a valid API key: add ?key=, any value will do.', 403);
}
