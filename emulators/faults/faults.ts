import type { StatusName } from '../status-codes.ts';
import type { Fault } from './fault.ts';

/** What goes wrong in one emulator. */
export interface Faults {
  /** Replaces what goes wrong; none heals, and lets go of calls that hang. */
  set(faults: readonly Fault[]): void;
  readonly settings: readonly Fault[];
  /** Calls that were struck, and messages and rows that were disordered, since the emulator began. */
  readonly struck: number;
  /**
   * What a call of a method suffers before it is carried out: it waits, hangs or throws as set.
   * @returns whether the connection is to break instead of an answer
   */
  strike(method: string): Promise<boolean>;
  /** Whether this acknowledged message is to be delivered once more. */
  duplicate(): boolean;
  /** Among how many messages the next is drawn. */
  reorder(): number;
  /** Whether this row is to be refused. */
  badRow(): boolean;
}

export interface FaultsOptions {
  /** A status as the emulator's own error. */
  readonly toError: (status: StatusName, message: string) => Error;
  /** From 0 to 1. */
  readonly random?: () => number;
}

interface Standing {
  readonly fault: Fault;
  left: number;
}

export function makeFaults({ toError, random = Math.random }: FaultsOptions): Faults {
  let standing: readonly Standing[] = [];
  let struck = 0;
  let healed = Promise.withResolvers<void>();

  const share = (kind: 'duplicates' | 'bad_rows'): boolean => {
    const happens = standing.some(({ fault }) => random() < (fault[kind] ?? 0));
    if (happens) struck += 1;
    return happens;
  };

  const strikeBy = async (each: Standing, method: string): Promise<boolean> => {
    const { methods, rate = 1, latency_ms = 0, code, hang = false, reset = false } = each.fault;
    if (each.left <= 0 || (methods && !methods.includes(method)) || random() >= rate) return false;
    each.left -= 1;
    if (latency_ms > 0 || code || hang || reset) struck += 1;
    if (latency_ms > 0) await new Promise((resolve) => setTimeout(resolve, latency_ms));
    if (hang) {
      await healed.promise;
      throw toError('UNAVAILABLE', 'A fault was injected: the call hung.');
    }
    if (code) throw toError(code, 'A fault was injected.');
    return reset;
  };

  return {
    set(faults) {
      standing = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
      healed.resolve();
      healed = Promise.withResolvers<void>();
    },
    get settings() {
      return standing.map(({ fault }) => fault);
    },
    get struck() {
      return struck;
    },
    async strike(method) {
      let reset = false;
      for (const each of standing) if (await strikeBy(each, method)) reset = true;
      return reset;
    },
    duplicate: () => share('duplicates'),
    reorder: () => Math.max(1, ...standing.map(({ fault }) => fault.reorder ?? 1)),
    badRow: () => share('bad_rows'),
  };
}
