import { z } from 'zod';
import { FCM_ERRORS, FcmError, type FcmErrorCode } from './fcm-error.ts';

const CODES = Object.keys(FCM_ERRORS) as [FcmErrorCode, ...FcmErrorCode[]];

/** The error that sending to a token answers with. */
export const Fault = z.strictObject({
  error: z.enum(CODES),
  /** Sends that fail before the token works again; absent: all. */
  times: z.int().min(1).optional(),
  /** `Retry-After` of the answer, in seconds. */
  retry_after: z.int().min(0).optional(),
});
export type Fault = z.infer<typeof Fault>;

/** Errors set for tokens, by tests and by people who try what happens. */
export interface Faults {
  set(token: string, fault: Fault): void;
  remove(token: string): void;
  list(): Readonly<Record<string, Fault>>;
  /** @throws FcmError where a fault is set for the token; counts it down. */
  check(token: string): void;
  clear(): void;
}

export function makeFaults(): Faults {
  const faults = new Map<string, Fault>();
  return {
    set: (token, fault) => void faults.set(token, fault),
    remove: (token) => void faults.delete(token),
    list: () => Object.fromEntries(faults),
    check(token) {
      const fault = faults.get(token);
      if (!fault) return;
      const left = fault.times === undefined ? undefined : fault.times - 1;
      if (left === 0) faults.delete(token);
      else if (left !== undefined) faults.set(token, { ...fault, times: left });
      throw new FcmError(fault.error, {
        ...(fault.error === 'INVALID_ARGUMENT' ? { field: 'message.token' } : {}),
        ...(fault.retry_after === undefined ? {} : { retryAfterSeconds: fault.retry_after }),
      });
    },
    clear: () => faults.clear(),
  };
}
