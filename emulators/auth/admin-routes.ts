import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Account, Accounts } from './accounts.ts';
import { AuthError } from './auth-error.ts';
import { jsonBody } from './json-body.ts';

export interface AdminRoutesOptions {
  readonly accounts: Accounts;
  readonly newAccount: (localId?: string) => Account;
}

const PATH = '/identitytoolkit.googleapis.com/v1/projects/:project';

const LookUp = z.looseObject({
  localId: z.array(z.string()).optional(),
  email: z.array(z.string()).optional(),
});
const Change = z.looseObject({
  localId: z.string().min(1).max(128).optional(),
  displayName: z.string().optional(),
  photoUrl: z.string().optional(),
  email: z.string().optional(),
  disabled: z.boolean().optional(),
  disableUser: z.boolean().optional(),
  customAttributes: z.string().optional(),
  validSince: z.coerce.string().optional(),
});
const BatchDelete = z.looseObject({ localIds: z.array(z.string()).max(1000) });

/** What the Firebase Admin SDK calls, per project, and the emulator's own way to remove every account. */
export function addAdminRoutes(app: Hono, { accounts, newAccount }: AdminRoutesOptions): void {
  app.post(`${PATH}/accounts`, async (c) => {
    const project = admin(c);
    const change = parse(Change, await jsonBody(c));
    if (change.localId !== undefined && accounts.get(project, change.localId))
      throw new AuthError('DUPLICATE_LOCAL_ID');
    const account = changed(newAccount(change.localId), change);
    await accounts.put(project, account);
    return c.json({ kind: 'identitytoolkit#SignupNewUserResponse', localId: account.localId });
  });

  app.post(`${PATH}/accounts:lookup`, async (c) => {
    const project = admin(c);
    const { localId = [], email = [] } = parse(LookUp, await jsonBody(c));
    const users = accounts
      .list(project)
      .filter(
        (each) => localId.includes(each.localId) || (each.email !== undefined && email.includes(each.email)),
      );
    return c.json({
      kind: 'identitytoolkit#GetAccountInfoResponse',
      ...(users.length === 0 ? {} : { users }),
    });
  });

  app.post(`${PATH}/accounts:update`, async (c) => {
    const project = admin(c);
    const change = parse(Change, await jsonBody(c));
    const account = accounts.get(project, change.localId ?? '');
    if (!account) throw new AuthError('USER_NOT_FOUND');
    const updated = changed(account, change);
    await accounts.put(project, updated);
    return c.json({ ...updated, kind: 'identitytoolkit#SetAccountInfoResponse' });
  });

  app.post(`${PATH}/accounts:delete`, async (c) => {
    const project = admin(c);
    const { localId = '' } = parse(Change, await jsonBody(c));
    if (!(await accounts.delete(project, localId))) throw new AuthError('USER_NOT_FOUND');
    return c.json({ kind: 'identitytoolkit#DeleteAccountResponse' });
  });

  app.post(`${PATH}/accounts:batchDelete`, async (c) => {
    const project = admin(c);
    const { localIds } = parse(BatchDelete, await jsonBody(c));
    for (const localId of localIds) await accounts.delete(project, localId);
    return c.json({});
  });

  app.get(`${PATH}/accounts:batchGet`, (c) => {
    const project = admin(c);
    const size = Math.max(1, Math.min(1000, Number(c.req.query('maxResults') ?? 20) || 20));
    const after = c.req.query('nextPageToken') ?? '';
    const rest = accounts.list(project).filter(({ localId }) => localId > after);
    const users = rest.slice(0, size);
    const last = users.at(-1)?.localId;
    return c.json({
      kind: 'identitytoolkit#DownloadAccountResponse',
      users,
      ...(rest.length > size && last !== undefined ? { nextPageToken: last } : {}),
    });
  });

  app.delete('/emulator/v1/projects/:project/accounts', async (c) => {
    await accounts.clear(c.req.param('project'));
    return c.json({});
  });
}

/** The project named; the Admin SDK says `Bearer owner` to an emulator. */
function admin(c: Context): string {
  if (!/^Bearer \S/.test(c.req.header('authorization') ?? ''))
    throw new AuthError(
      'Request is missing required authentication credential: send an Authorization header.',
      401,
    );
  return c.req.param('project') ?? '';
}

function changed(account: Account, change: z.infer<typeof Change>): Account {
  const { displayName, photoUrl, email, customAttributes, validSince } = change;
  const disabled = change.disableUser ?? change.disabled;
  return {
    ...account,
    ...(displayName === undefined ? {} : { displayName }),
    ...(photoUrl === undefined ? {} : { photoUrl }),
    ...(email === undefined ? {} : { email }),
    ...(disabled === undefined ? {} : { disabled }),
    ...(customAttributes === undefined ? {} : { customAttributes }),
    ...(validSince === undefined ? {} : { validSince }),
  };
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AuthError(`INVALID_ARGUMENT : ${issue?.path.join('.')}: ${issue?.message}`);
}
