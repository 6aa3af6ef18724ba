import { z } from 'zod';
import { FCM_ERRORS, FcmError, type FcmErrorCode } from './fcm-error.ts';

const CODES = Object.keys(FCM_ERRORS) as [FcmErrorCode, ...FcmErrorCode[]];

/** The error that sending to a token answers with. */
export const TokenError = z.strictObject({
  error: z.enum(CODES),
  /** Sends that fail before the token works again; absent: all. */
  times: z.int().min(1).optional(),
  /** `Retry-After` of the answer, in seconds. */
  retry_after: z.int().min(0).optional(),
});
export type TokenError = z.infer<typeof TokenError>;

/** Errors set for tokens, by tests and by people who try what happens. */
export interface TokenErrors {
  set(token: string, error: TokenError): void;
  remove(token: string): void;
  /** @throws FcmError where one is set for the token; counts it down. */
  check(token: string): void;
  clear(): void;
}

export function makeTokenErrors(): TokenErrors {
  const errors = new Map<string, TokenError>();
  return {
    set: (token, error) => void errors.set(token, error),
    remove: (token) => void errors.delete(token),
    check(token) {
      const known = errors.get(token);
      if (!known) return;
      const left = known.times === undefined ? undefined : known.times - 1;
      if (left === 0) errors.delete(token);
      else if (left !== undefined) errors.set(token, { ...known, times: left });
      throw new FcmError(known.error, {
        ...(known.error === 'INVALID_ARGUMENT' ? { field: 'message.token' } : {}),
        ...(known.retry_after === undefined ? {} : { retryAfterSeconds: known.retry_after }),
      });
    },
    clear: () => errors.clear(),
  };
}
