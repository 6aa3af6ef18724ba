import type { Access } from './backend.ts';

/**
 * What the bearer of an `Authorization` header may do in a database; undefined: everything, as the project's owner.
 * @throws FirestoreError where the token is none
 */
export type Authorize = (
  authorization: string | undefined,
  database: string,
) => Access | undefined | Promise<Access | undefined>;
