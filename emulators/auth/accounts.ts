/** A user account, in the names of the Identity Toolkit API. */
export interface Account {
  readonly localId: string;
  /** Epoch milliseconds, as text. */
  readonly createdAt: string;
  readonly lastLoginAt: string;
  /** RFC 3339. */
  readonly lastRefreshAt: string;
  readonly displayName?: string;
  readonly photoUrl?: string;
  readonly email?: string;
  readonly disabled?: boolean;
  /** Custom claims, as JSON text. */
  readonly customAttributes?: string;
  /** Tokens issued before are void. Epoch seconds, as text. */
  readonly validSince?: string;
}

/** Where accounts are kept, per project. */
export interface Accounts {
  get(project: string, localId: string): Account | undefined;
  /** By id. */
  list(project: string): readonly Account[];
  put(project: string, account: Account): Promise<void>;
  /** False where there is none. */
  delete(project: string, localId: string): Promise<boolean>;
  clear(project: string): Promise<void>;
  /** Every project's accounts go. */
  reset(): Promise<void>;
}

/** What happened to the accounts, to be kept. */
export type AccountChange =
  | { readonly kind: 'put'; readonly project: string; readonly account: Account }
  | { readonly kind: 'delete'; readonly project: string; readonly localId: string }
  | { readonly kind: 'clear'; readonly project: string }
  | { readonly kind: 'reset' };

/** A record of changes that outlives the process. */
export interface Journal {
  readonly changes: readonly AccountChange[];
  append(change: AccountChange): Promise<void>;
}

/** Accounts in memory, built up from a journal and kept in it. */
export function makeAccounts(journal: Journal): Accounts {
  const projects = new Map<string, Map<string, Account>>();
  const of = (project: string): Map<string, Account> => {
    const known = projects.get(project) ?? new Map<string, Account>();
    projects.set(project, known);
    return known;
  };
  const apply = (change: AccountChange): void => {
    if (change.kind === 'put') of(change.project).set(change.account.localId, change.account);
    else if (change.kind === 'delete') of(change.project).delete(change.localId);
    else if (change.kind === 'clear') projects.delete(change.project);
    else projects.clear();
  };
  const make = (change: AccountChange): Promise<void> => {
    apply(change);
    return journal.append(change);
  };
  for (const change of journal.changes) apply(change);
  return {
    get: (project, localId) => projects.get(project)?.get(localId),
    list: (project) =>
      [...(projects.get(project)?.values() ?? [])].sort((a, b) => (a.localId < b.localId ? -1 : 1)),
    put: (project, account) => make({ kind: 'put', project, account }),
    async delete(project, localId) {
      const exists = projects.get(project)?.has(localId) ?? false;
      if (exists) await make({ kind: 'delete', project, localId });
      return exists;
    },
    clear: (project) => make({ kind: 'clear', project }),
    reset: () => make({ kind: 'reset' }),
  };
}
