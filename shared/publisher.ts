import type { Attributes, Chunk } from './message.ts';
import type { Topic } from './pipeline.ts';
import type { TraceContext } from './trace.ts';

/** Puts events on a topic. Resolves once Pub/Sub has acknowledged every one of them. */
export interface Publisher {
  /**
   * @throws TransientError when Pub/Sub refused, or did not answer in time; some of the events may be on the topic.
   */
  publish(topic: Topic, events: readonly object[], attributes?: Attributes): Promise<void>;
}

/** The same, for whoever encodes events before they wait for their publish. */
export interface ChunkPublisher {
  /**
   * @param follows traces that the chunks come from, beside the one in `attributes.traceparent`
   * @throws TransientError as `Publisher.publish` does.
   */
  publishChunks(
    topic: Topic,
    chunks: readonly Chunk[],
    attributes?: Attributes,
    follows?: readonly TraceContext[],
  ): Promise<void>;
}
