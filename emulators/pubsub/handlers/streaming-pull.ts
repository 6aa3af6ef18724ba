import type { Plain } from '../../protos.ts';
import type { Backend } from '../backend.ts';
import { checkedName } from '../names.ts';
import { CODE, invalid, PubSubError } from '../pubsub-error.ts';
import { modifyDeadline } from './acknowledgements.ts';
import { receivedMessage } from './received-message.ts';
import { pullable } from './subscriptions.ts';

/** The answering end of a stream. */
export interface StreamOut {
  /** Answers whether more may follow at once; otherwise `resume` is called when it may. */
  write(response: Plain): boolean;
  fail(error: unknown): void;
}

/** A StreamingPull under way. */
export interface StreamingPull {
  /** A further request. */
  request(request: Plain): void;
  /** The stream takes more again. */
  resume(): void;
  /** Deliveries whose outcome is open stay leased until their deadline. */
  close(): void;
}

const MESSAGES_AT_ONCE = 250;
const BYTES_AT_ONCE = 3_000_000;

/**
 * Serves a StreamingPull by the terms of its first request: messages flow as long as fewer of them, and fewer bytes,
 * are outstanding than the client wants.
 * https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest
 * @throws PubSubError
 */
export function makeStreamingPull(backend: Backend, first: Plain, out: StreamOut): StreamingPull {
  const name = checkedName('subscriptions', first.subscription);
  const subscription = backend.subscription(name);
  pullable(subscription);
  let deadlineMs = deadlineOf(first) ?? subscription.policy.ackDeadlineMs;
  const most = {
    messages: Number(first.maxOutstandingMessages ?? 0) || Number.POSITIVE_INFINITY,
    bytes: Number(first.maxOutstandingBytes ?? 0) || Number.POSITIVE_INFINITY,
  };
  const source = backend.source(name);
  let messages = 0;
  let bytes = 0;
  let flowing = true;
  let open = true;

  const properties = (): Plain => ({
    exactlyOnceDeliveryEnabled: source.policy.exactlyOnce,
    messageOrderingEnabled: source.policy.ordered,
  });

  const end = (error: unknown): void => {
    close();
    out.fail(error);
  };

  const refusal = (): unknown => {
    try {
      pullable(backend.subscription(name));
      return undefined;
    } catch (error) {
      return error;
    }
  };

  const pump = (): void => {
    if (!open) return;
    if (source.closed || source.policy.push) {
      end(refusal() ?? gone());
      return;
    }
    while (open && flowing && source.due && messages < most.messages && bytes < most.bytes) {
      const taken = source.take({
        messages: Math.min(MESSAGES_AT_ONCE, most.messages - messages),
        bytes: Math.min(BYTES_AT_ONCE, most.bytes - bytes),
        perKey: MESSAGES_AT_ONCE,
        deadlineMs,
        onOver: (message) => {
          messages -= 1;
          bytes -= message.bytes;
          if (source.due) queueMicrotask(pump);
        },
      });
      if (taken.length === 0) return;
      messages += taken.length;
      for (const { message } of taken) bytes += message.bytes;
      flowing = out.write({
        receivedMessages: taken.map(receivedMessage),
        subscriptionProperties: properties(),
      });
    }
  };

  const settle = ({ ackIds = [], modifyDeadlineAckIds = [], modifyDeadlineSeconds = [] }: Plain): boolean => {
    const acked = ackIds as readonly string[];
    const modified = modifyDeadlineAckIds as readonly string[];
    const seconds = modifyDeadlineSeconds as readonly number[];
    if (modified.length !== seconds.length)
      throw invalid('modify_deadline_seconds and modify_deadline_ack_ids must be of the same length.');
    if (acked.length + modified.length === 0) return false;
    const staleAcks = source.ack(acked);
    const staleModified = modified.flatMap((ackId, index) =>
      modifyDeadline(source, [ackId], seconds[index] ?? 0),
    );
    if (source.policy.exactlyOnce) {
      const confirm = (all: readonly string[], stale: readonly string[]): Plain => ({
        ackIds: all.filter((ackId) => !stale.includes(ackId)),
        invalidAckIds: stale,
      });
      out.write({
        ...(acked.length > 0 && { acknowledgeConfirmation: confirm(acked, staleAcks) }),
        ...(modified.length > 0 && { modifyAckDeadlineConfirmation: confirm(modified, staleModified) }),
        subscriptionProperties: properties(),
      });
    }
    return true;
  };

  const unwatch = source.watch(pump);
  const close = (): void => {
    open = false;
    unwatch();
  };
  settle(first);
  out.write({ subscriptionProperties: properties() });

  return {
    request(request) {
      try {
        deadlineMs = deadlineOf(request) ?? deadlineMs;
        // A request that settles nothing asks whether the stream is alive.
        if (!settle(request)) out.write({ subscriptionProperties: properties() });
      } catch (error) {
        end(error);
      }
    },
    resume() {
      flowing = true;
      pump();
    },
    close,
  };
}

function deadlineOf({ streamAckDeadlineSeconds }: Plain): number | undefined {
  const seconds = Number(streamAckDeadlineSeconds ?? 0);
  if (seconds === 0) return undefined;
  if (seconds < 10 || seconds > 600)
    throw invalid(`stream_ack_deadline_seconds is ${seconds}; it must lie between 10 and 600.`);
  return seconds * 1000;
}

function gone(): PubSubError {
  return new PubSubError(CODE.NOT_FOUND, 'The subscription is gone.');
}
