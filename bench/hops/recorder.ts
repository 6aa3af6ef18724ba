import { randomUUID } from 'node:crypto';
import type { PubSub, Subscription } from '@google-cloud/pubsub';
import type { Topic } from '../../shared/pipeline.ts';

/** An event, as it was in a message. */
export type RecordedEvent = Readonly<Record<string, unknown>>;

/** Keeps the newest event that was put on each topic. */
export interface Recorder {
  /** Resolves with the newest event of a topic; waits where there is none yet. */
  newest(topic: Topic): Promise<RecordedEvent>;
  close(): Promise<void>;
}

/** Listens to topics beside the functions, by subscriptions of its own, which `close` deletes. */
export async function startRecorder(pubsub: PubSub, topics: readonly Topic[]): Promise<Recorder> {
  const events = new Map<Topic, RecordedEvent>();
  const waiting = new Map<Topic, () => void>();
  const subscriptions: Subscription[] = [];
  for (const topic of topics) {
    const [subscription] = await pubsub.topic(topic).createSubscription(`bench-${randomUUID()}`);
    subscription.on('message', (message) => {
      message.ack();
      const { events: list } = JSON.parse(message.data.toString()) as { readonly events: RecordedEvent[] };
      const last = list.at(-1);
      if (last) events.set(topic, last);
      waiting.get(topic)?.();
    });
    subscriptions.push(subscription);
  }
  return {
    async newest(topic) {
      for (;;) {
        const event = events.get(topic);
        if (event) return event;
        await new Promise<void>((resolve) => waiting.set(topic, resolve));
      }
    },
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await Promise.all(subscriptions.map((subscription) => subscription.delete()));
    },
  };
}
