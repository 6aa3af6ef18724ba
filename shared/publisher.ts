import type { Attributes } from './message.ts';
import type { Topic } from './pipeline.ts';

/** Puts events on a topic. Resolves once Pub/Sub has acknowledged every one of them. */
export interface Publisher {
  /**
   * @throws TransientError when Pub/Sub refused, or did not answer in time; some of the events may be on the topic.
   */
  publish(topic: Topic, events: readonly object[], attributes?: Attributes): Promise<void>;
}
