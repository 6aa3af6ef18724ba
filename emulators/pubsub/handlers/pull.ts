import type { Appetite, Backend, Source } from '../backend.ts';
import { checkedName } from '../names.ts';
import { invalid } from '../pubsub-error.ts';
import type { Scheduler } from '../scheduler.ts';
import { modifyDeadline, refuseStale } from './acknowledgements.ts';
import type { Handlers } from './handler.ts';
import { receivedMessage } from './received-message.ts';
import { pullable } from './subscriptions.ts';

/** How long a pull waits for a first message before it answers none. */
const LONGEST_WAIT_MS = 90_000;
const MOST_MESSAGES = 1000;
const MOST_BYTES = 10_000_000;

/** google.pubsub.v1.Subscriber: pulling, and saying what came of it. */
export function makePull(backend: Backend, scheduler: Scheduler): Handlers {
  return {
    async Pull({ subscription, maxMessages, returnImmediately }, signal) {
      const name = checkedName('subscriptions', subscription);
      pullable(backend.subscription(name));
      const messages = Number(maxMessages ?? 0);
      if (!(messages > 0))
        throw invalid(
          'The value for max_messages is too small. You passed 0 in the request, but the minimum value is 1.',
        );
      const source = backend.source(name);
      const appetite: Appetite = {
        messages: Math.min(messages, MOST_MESSAGES),
        bytes: MOST_BYTES,
        perKey: MOST_MESSAGES,
        deadlineMs: source.policy.ackDeadlineMs,
      };
      if (!source.due && returnImmediately !== true) await firstDue(source, scheduler, signal);
      if (signal.aborted || source.closed) return {};
      const taken = source.take(appetite);
      return { receivedMessages: taken.map(receivedMessage) };
    },
    async Acknowledge({ subscription, ackIds }) {
      const source = backend.source(checkedName('subscriptions', subscription));
      const stale = source.ack(idsOf(ackIds));
      await backend.durable();
      refuseStale(stale, source);
      return {};
    },
    ModifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds }) {
      const source = backend.source(checkedName('subscriptions', subscription));
      refuseStale(modifyDeadline(source, idsOf(ackIds), Number(ackDeadlineSeconds ?? 0)), source);
      return {};
    },
  };
}

function idsOf(ackIds: unknown): readonly string[] {
  const ids = (ackIds ?? []) as readonly string[];
  if (ids.length === 0) throw invalid('No ack ids specified.');
  return ids;
}

/** Resolves once something is due, or the caller has gone, or it has taken too long. */
function firstDue(source: Source, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      unwatch();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = scheduler.after(LONGEST_WAIT_MS, done);
    const unwatch = source.watch(done);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
