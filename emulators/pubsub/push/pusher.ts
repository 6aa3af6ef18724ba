import type { Source } from '../backend.ts';
import type { Delivery } from '../message.ts';
import type { PushTarget } from '../policy.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Identity } from './identity.ts';
import type { Poster, PostOutcome } from './poster.ts';
import { pushRequest } from './push-request.ts';
import { makePushWindow } from './window.ts';

export interface PusherOptions {
  readonly subscription: string;
  readonly source: Source;
  readonly target: PushTarget;
  readonly poster: Poster;
  readonly identity: Identity;
  readonly scheduler: Scheduler;
}

/** Delivers a subscription's messages to its endpoint until it is closed. */
export interface Pusher {
  close(): void;
}

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const ACKNOWLEDGING = new Set([102, 200, 201, 202, 204]);
/** https://cloud.google.com/pubsub/quotas: outstanding push messages. */
const MOST_REQUESTS = 1000;
const MOST_BYTES = 10_000_000;

export function makePusher(options: PusherOptions): Pusher {
  const { subscription, source, target, poster, identity, scheduler } = options;
  const post = poster.to(new URL(target.endpoint));
  const window = makePushWindow(MOST_REQUESTS, scheduler.now);
  let open = true;
  let requests = 0;
  let bytes = 0;
  let endPause: (() => void) | undefined;

  const pump = (): void => {
    while (open && !endPause && source.due && requests < window.size && bytes < MOST_BYTES) {
      const deliveries = source.take({
        messages: window.size - requests,
        bytes: MOST_BYTES - bytes,
        perKey: 1,
        deadlineMs: undefined,
      });
      if (deliveries.length === 0) return;
      for (const delivery of deliveries) void deliver(delivery);
    }
  };

  const deliver = async (delivery: Delivery): Promise<void> => {
    const { ackId, message } = delivery;
    requests += 1;
    bytes += message.bytes;
    const { headers, body } = pushRequest(delivery, subscription, target.form);
    const { oidc } = target;
    const authorization = oidc && { authorization: `Bearer ${identity.token(oidc.email, oidc.audience)}` };
    const request = { headers: authorization ? { ...headers, ...authorization } : headers, body };
    const began = scheduler.now();
    const outcome = await post(request, source.policy.ackDeadlineMs);
    requests -= 1;
    bytes -= message.bytes;
    if ('status' in outcome && ACKNOWLEDGING.has(outcome.status)) {
      window.success(scheduler.now() - began);
      source.ack([ackId]);
    } else {
      failed(outcome);
      source.nack([ackId]);
    }
    pump();
  };

  /** With a retry policy each message waits by itself; the endpoint is left alone only while it cannot be reached. */
  const failed = (outcome: PostOutcome): void => {
    window.failure();
    const unreachable = 'failed' in outcome && outcome.failed === 'unreachable';
    if (source.policy.retry && !unreachable) return;
    const ms = window.pause();
    if (ms === 0) return;
    endPause = scheduler.after(ms, () => {
      endPause = undefined;
      pump();
    });
  };

  const unwatch = source.watch(pump);
  return {
    close() {
      open = false;
      unwatch();
      endPause?.();
    },
  };
}
