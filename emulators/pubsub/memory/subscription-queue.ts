import type { Appetite, Source, SubscriptionStats } from '../backend.ts';
import type { Delivery, Message } from '../message.ts';
import type { SubscriptionPolicy } from '../policy.ts';
import type { Scheduler } from '../scheduler.ts';
import { makeFifo } from './fifo.ts';
import { type Lane, makeLane } from './lane.ts';
import { makeLeases } from './leases.ts';
import { type Pending, pendingOf } from './pending.ts';

/** A subscription's messages: what is due, what is out, what waits to be sent again. */
export interface SubscriptionQueue extends Source {
  /** Takes a message in, unless the filter keeps it out; answers whether it did. */
  add(message: Message): boolean;
  configure(policy: SubscriptionPolicy): void;
  /** Messages not acknowledged, in order. */
  unacked(): readonly Message[];
  /** Ends every delivery, and makes exactly these due. */
  replace(messages: readonly Message[]): void;
  /** Lets go of what has been kept for longer than the policy says. */
  sweep(): void;
  stats(): SubscriptionStats;
  close(): void;
}

export interface SubscriptionQueueOptions {
  readonly name: string;
  /** Tells this process's ack ids from those of one before it. */
  readonly run: string;
  readonly policy: SubscriptionPolicy;
  readonly scheduler: Scheduler;
  /** Publishes a message that failed too often; false where it cannot, and delivery goes on. */
  readonly deadLetter: (message: Message, attempts: number) => boolean;
  readonly onAdded: (message: Message) => void;
  /** A message is done with; `acked` is false where it expired or was sought past. */
  readonly onRemoved: (message: Message, acked: boolean) => void;
  /** Among how many messages that are due the next is drawn; 1 keeps their order. */
  readonly disorder: () => number;
  /** Whether a message whose first delivery was just acknowledged is delivered once more all the same. */
  readonly duplicate: () => boolean;
}

/** The wait before delivery n+1: doubles from the policy's minimum to its maximum; none without a policy. */
export function backoffMs(retry: SubscriptionPolicy['retry'], attempts: number): number {
  return retry ? Math.min(retry.maxMs, retry.minMs * 2 ** Math.max(0, attempts - 1)) : 0;
}

export function makeSubscriptionQueue(options: SubscriptionQueueOptions): SubscriptionQueue {
  const { name, run, scheduler, deadLetter, onAdded, onRemoved, disorder, duplicate } = options;
  let { policy } = options;
  const pendings = new Map<string, Pending>();
  const lanes = new Map<string, Lane>();
  const again = makeFifo<Pending | Lane>();
  const fresh = makeFifo<Pending | Lane>();
  /** Drawn, but too big for the consumer that drew it. */
  let held: Pending | undefined;
  const waits = new Set<() => void>();
  const watchers = new Set<() => void>();
  let waking = false;
  let closed = false;
  let bytes = 0;
  let delivered = 0;
  let acked = 0;
  let nacked = 0;
  let deadLettered = 0;

  const wake = (): void => {
    if (waking || watchers.size === 0) return;
    waking = true;
    queueMicrotask(() => {
      waking = false;
      for (const watcher of [...watchers]) {
        if (!source.due && !closed) return;
        // Whoever was served goes to the end of the line.
        if (watchers.delete(watcher)) watchers.add(watcher);
        watcher();
      }
    });
  };

  const laneOf = ({ message }: Pending): Lane | undefined =>
    policy.ordered && message.orderingKey !== '' ? lanes.get(message.orderingKey) : undefined;

  const enqueue = (lane: Lane, queue = fresh): void => {
    if (lane.queued || !lane.due) return;
    lane.queued = true;
    queue.push(lane);
    wake();
  };

  const wait = (ms: number, task: () => void): void => {
    const cancel = scheduler.after(ms, () => {
      waits.delete(cancel);
      task();
    });
    waits.add(cancel);
  };

  const remove = (pending: Pending, wasAcked: boolean): void => {
    if (pending.gone) return;
    pending.gone = true;
    pendings.delete(pending.message.id);
    bytes -= pending.message.bytes;
    const lane = laneOf(pending);
    lane?.remove(pending);
    if (lane?.size === 0 && !lane.queued) lanes.delete(lane.key);
    else if (lane) enqueue(lane);
    onRemoved(pending.message, wasAcked);
  };

  /** Makes a message due again after a wait; of a key, with all that follow it. */
  const resend = (pending: Pending, ms: number): void => {
    const lane = laneOf(pending);
    if (lane) {
      for (const { ackId } of lane.failed(pending)) if (ackId !== undefined) leases.end(ackId);
      lane.waiting = true;
    }
    const resume = (): void => {
      if (lane) {
        lane.waiting = false;
        enqueue(lane, again);
      } else if (!pending.gone) {
        again.push(pending);
        wake();
      }
    };
    if (ms > 0) wait(ms, resume);
    else resume();
  };

  const failed = (pending: Pending): void => {
    nacked += 1;
    const { attempts, message } = pending;
    if (policy.deadLetter && attempts >= policy.deadLetter.maxAttempts && deadLetter(message, attempts)) {
      deadLettered += 1;
      remove(pending, true);
      return;
    }
    resend(pending, backoffMs(policy.retry, attempts));
  };

  const leases = makeLeases({ prefix: name, run, scheduler, onExpired: failed });

  const draw = (): Pending | Lane | undefined => {
    const queue = again.length > 0 ? again : fresh;
    const among = Math.min(disorder(), queue.length);
    return among > 1 ? queue.takeAt(Math.floor(Math.random() * among)) : queue.shift();
  };

  const drop = (): void => {
    leases.clear();
    for (const cancel of waits) cancel();
    waits.clear();
    again.clear();
    fresh.clear();
    lanes.clear();
    held = undefined;
    const before = [...pendings.values()];
    pendings.clear();
    bytes = 0;
    for (const pending of before) pending.gone = true;
    for (const { message } of before) onRemoved(message, false);
  };

  const take = ({ messages, bytes: room, perKey, ...terms }: Appetite): readonly Delivery[] => {
    const taken: Delivery[] = [];
    let left = room;
    const fits = ({ message }: Pending): boolean => taken.length === 0 || message.bytes <= left;
    const give = (pending: Pending): void => {
      const { message } = pending;
      left -= message.bytes;
      pending.attempts += 1;
      delivered += 1;
      const ackId = leases.grant(pending, terms);
      taken.push({ ackId, message, attempt: policy.deadLetter && pending.attempts });
    };
    while (taken.length < messages) {
      const item = held ?? draw();
      held = undefined;
      if (item === undefined) break;
      if ('message' in item) {
        if (item.gone) continue;
        if (!fits(item)) {
          held = item;
          break;
        }
        give(item);
        continue;
      }
      item.queued = false;
      const batch: Pending[] = [];
      for (const pending of item.next(Math.min(perKey, messages - taken.length))) {
        if (!fits(pending)) break;
        give(pending);
        batch.push(pending);
      }
      if (batch.length > 0) {
        item.sent(batch.length);
      } else if (item.size === 0) {
        lanes.delete(item.key);
      } else {
        enqueue(item, again);
        break;
      }
    }
    return taken;
  };

  const add = (message: Message): boolean => {
    if (policy.filter && !policy.filter(message.attributes)) return false;
    const pending = pendingOf(message);
    pendings.set(message.id, pending);
    bytes += message.bytes;
    onAdded(message);
    if (policy.ordered && message.orderingKey !== '') {
      const lane = lanes.get(message.orderingKey) ?? makeLane(message.orderingKey);
      lanes.set(message.orderingKey, lane);
      lane.add(pending);
      enqueue(lane);
    } else {
      fresh.push(pending);
      wake();
    }
    return true;
  };

  /** Does `settle` to each lease that is open; answers the ids of those that are not. */
  const each = (ackIds: readonly string[], settle: (pending: Pending) => void): readonly string[] =>
    ackIds.filter((ackId) => {
      const pending = leases.end(ackId);
      if (pending) settle(pending);
      return pending === undefined;
    });

  const source: SubscriptionQueue = {
    get policy() {
      return policy;
    },
    get due() {
      return held !== undefined || again.length > 0 || fresh.length > 0;
    },
    get closed() {
      return closed;
    },
    configure(next) {
      policy = next;
      wake();
    },
    add,
    take,
    ack: (ackIds) =>
      each(ackIds, (pending) => {
        if (!policy.exactlyOnce && pending.attempts === 1 && duplicate()) return resend(pending, 0);
        acked += 1;
        remove(pending, true);
      }),
    nack: (ackIds) => each(ackIds, failed),
    extend: (ackIds, ms) => ackIds.filter((ackId) => !leases.extend(ackId, ms)),
    watch(watcher) {
      watchers.add(watcher);
      if (source.due) wake();
      return () => void watchers.delete(watcher);
    },
    unacked: () => [...pendings.values()].map(({ message }) => message),
    replace(messages) {
      drop();
      for (const message of messages) add(message);
    },
    sweep() {
      const before = scheduler.now() - policy.retentionMs;
      for (const pending of pendings.values()) {
        if (pending.message.publishTime >= before) return;
        if (pending.ackId !== undefined) leases.end(pending.ackId);
        remove(pending, false);
      }
    },
    stats: () => ({
      backlog: pendings.size,
      backlogBytes: bytes,
      inFlight: leases.size,
      oldest: pendings.values().next().value?.message.publishTime,
      delivered,
      acked,
      nacked,
      deadLettered,
    }),
    close() {
      drop();
      closed = true;
      wake();
    },
  };
  return source;
}
