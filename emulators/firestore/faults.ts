import { z } from 'zod';
import { FirestoreError, STATUSES, type Status } from './firestore-error.ts';

const NAMES = Object.keys(STATUSES) as [Status, ...Status[]];

/** What goes wrong on purpose: `POST /_emulator/faults`. An empty object heals. */
export const FaultSettings = z.strictObject({
  /** Methods that are struck, such as `Commit`; default all. */
  methods: z.array(z.string()).optional(),
  /** Share of calls that are struck; default all. */
  rate: z.number().min(0).max(1).optional(),
  /** Calls that are struck before all is well again; absent: all. */
  times: z.int().min(1).optional(),
  /** Milliseconds a struck call waits first. */
  latency_ms: z.int().min(0).max(600_000).optional(),
  /** What a struck call answers, instead of doing anything. */
  status: z.enum(NAMES).optional(),
  /** A struck call's connection is reset: after its work is done, before it is answered. */
  reset: z.boolean().optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;

export interface Faults {
  set(settings: FaultSettings): void;
  /**
   * Waits or throws as set.
   * @returns whether the connection is to be reset instead of an answer
   */
  strike(method: string): Promise<boolean>;
}

export function makeFaults(random: () => number = Math.random): Faults {
  let settings: FaultSettings = {};
  let left = 0;
  return {
    set(next) {
      settings = next;
      left = next.times ?? Number.POSITIVE_INFINITY;
    },
    async strike(method) {
      const { methods, rate = 1, latency_ms = 0, status, reset = false } = settings;
      if (left <= 0 || (methods && !methods.includes(method)) || random() >= rate) return false;
      left -= 1;
      if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
      if (status !== undefined) throw new FirestoreError(status, 'A fault was injected.');
      return reset;
    },
  };
}
