import { PubSub, type Topic as PubSubTopic } from '@google-cloud/pubsub';
import { messageOf, TransientError } from './errors.ts';
import { encodeBatches } from './message.ts';
import type { Topic } from './pipeline.ts';
import type { Publisher } from './publisher.ts';

export interface PubSubPublisherOptions {
  readonly projectId: string;
  /** How long one publish may take, retries included, before it counts as failed. */
  readonly timeoutMs?: number;
}

/**
 * A publisher over @google-cloud/pubsub. Messages are already batches of events, so the client's own batching is off;
 * a deadline of our own stands over the client's, which can hang (nodejs-pubsub#1442).
 */
export function makePubSubPublisher({ projectId, timeoutMs = 20_000 }: PubSubPublisherOptions): Publisher {
  const client = new PubSub({ projectId });
  const topics = new Map<Topic, PubSubTopic>();
  const topicOf = (name: Topic): PubSubTopic => {
    const known = topics.get(name);
    if (known) return known;
    const topic = client.topic(name, { batching: { maxMessages: 1 }, gaxOpts: { timeout: timeoutMs } });
    topics.set(name, topic);
    return topic;
  };
  return {
    async publish(name, events, attributes = {}) {
      const topic = topicOf(name);
      const sent = encodeBatches(events).map(({ data }) =>
        withDeadline(topic.publishMessage({ data, attributes: { ...attributes } }), timeoutMs, name),
      );
      const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected');
      if (failed)
        throw new TransientError(`publishing to ${name} failed: ${messageOf(failed.reason)}`, {
          cause: failed.reason,
        });
    },
  };
}

async function withDeadline<T>(promise: Promise<T>, ms: number, topic: Topic): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new TransientError(`Pub/Sub did not acknowledge ${topic} within ${ms} ms`)),
      ms,
    );
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
