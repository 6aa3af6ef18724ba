import type { Appetite } from '../backend.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Pending } from './pending.ts';

/** Deliveries whose outcome is open, by ack id. */
export interface Leases {
  readonly size: number;
  /** Leases a message; with a deadline, the lease runs out by itself. `onOver` hears of its end. Answers its ack id. */
  grant(pending: Pending, terms: LeaseTerms): string;
  /** Ends a lease. Answers its message; undefined where the lease is over already. */
  end(ackId: string): Pending | undefined;
  /** The lease runs out `ms` from now; false where it is over already. */
  extend(ackId: string, ms: number): boolean;
  clear(): void;
}

type LeaseTerms = Pick<Appetite, 'deadlineMs' | 'onOver'>;

interface Lease {
  readonly pending: Pending;
  readonly onOver: LeaseTerms['onOver'];
  cancel: () => void;
}

const NOTHING = (): void => undefined;

export interface LeasesOptions {
  /** Put before each id; with `run`, ids of another subscription or process are never taken for this one's. */
  readonly prefix: string;
  readonly run: string;
  readonly scheduler: Scheduler;
  readonly onExpired: (pending: Pending) => void;
}

export function makeLeases({ prefix, run, scheduler, onExpired }: LeasesOptions): Leases {
  const leases = new Map<string, Lease>();
  let count = 0;
  const end = (ackId: string): Pending | undefined => {
    const lease = leases.get(ackId);
    if (!lease) return undefined;
    leases.delete(ackId);
    lease.cancel();
    lease.pending.ackId = undefined;
    lease.onOver?.(lease.pending.message);
    return lease.pending;
  };
  const expire = (ackId: string): void => {
    const pending = end(ackId);
    if (pending) onExpired(pending);
  };
  return {
    get size() {
      return leases.size;
    },
    grant(pending, { deadlineMs, onOver }) {
      count += 1;
      const ackId = `${prefix}:${run}-${count.toString(36)}`;
      const cancel = deadlineMs === undefined ? NOTHING : scheduler.after(deadlineMs, () => expire(ackId));
      leases.set(ackId, { pending, onOver, cancel });
      pending.ackId = ackId;
      return ackId;
    },
    end,
    extend(ackId, ms) {
      const lease = leases.get(ackId);
      if (!lease) return false;
      lease.cancel();
      lease.cancel = scheduler.after(ms, () => expire(ackId));
      return true;
    },
    clear() {
      for (const ackId of [...leases.keys()]) end(ackId);
    },
  };
}
