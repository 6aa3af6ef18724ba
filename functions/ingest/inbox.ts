import { z } from 'zod';
import type { Route } from '../../shared/batch-function.ts';
import type { RawEvent } from '../../shared/events.ts';
import { type FunctionIdentity, makeFailedEvent } from '../../shared/failed-event.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { judgeEvents } from './judge-events.ts';

export interface InboxOptions {
  readonly identity: FunctionIdentity;
  readonly publisher: Publisher;
  readonly clock?: () => number;
}

/**
 * Takes events that servers publish on `clickstream-inbox` as `{"events":[NativeEvent, …]}`, and replayed ones. The
 * time of receipt is the message's publish time, so a redelivery yields equal events.
 */
export function makeInbox({ identity, publisher, clock = Date.now }: InboxOptions): Route<unknown> {
  return {
    schema: z.unknown(),
    async handle(events, context) {
      const verdicts = judgeEvents(events, {
        scope: 'inbox',
        collector: {
          received_at: new Date(context.publishTime).toISOString(),
          protocol: 'inbox',
          origin: 'live',
        },
        totalBytes: Number.POSITIVE_INFINITY,
      });
      const accepted: RawEvent[] = [];
      const failed = [];
      for (const verdict of verdicts) {
        if (verdict.status === 'accepted') accepted.push(verdict.event);
        else {
          const { eventId, reason, path, message, payload } = verdict;
          const failure = { eventId, reason, path, message, payload, replayTopic: TOPICS.inbox };
          failed.push(makeFailedEvent(identity, failure, clock()));
        }
      }
      if (accepted.length > 0) await publisher.publish(TOPICS.raw, accepted, context.outgoing);
      return { out: accepted.length, failed };
    },
  };
}
