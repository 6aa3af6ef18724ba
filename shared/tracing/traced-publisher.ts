import { messageOf } from '../errors.ts';
import { type Attributes, type Chunk, encodeChunks } from '../message.ts';
import type { Topic } from '../pipeline.ts';
import type { ChunkPublisher, Publisher } from '../publisher.ts';
import { formatTraceparent, parseTraceparent, type TraceContext } from '../trace.ts';
import type { Tracer } from './tracer.ts';

/**
 * A publisher whose messages carry the trace on, to W3C's readers and to Google's client libraries: each publish is a span,
 * a child of the one that `attributes.traceparent` names, and the parent of whatever the messages cause.
 */
export function makeTracedPublisher(to: ChunkPublisher, tracer: Tracer): Publisher & ChunkPublisher {
  const publishChunks = async (
    topic: Topic,
    chunks: readonly Chunk[],
    attributes: Attributes = {},
    follows: readonly TraceContext[] = [],
  ): Promise<void> => {
    const span = tracer.start(`publish ${topic}`, {
      kind: 'producer',
      parent: parseTraceparent(attributes.traceparent),
      links: follows,
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
      },
    });
    const traceparent = formatTraceparent(span.trace);
    try {
      await to.publishChunks(topic, chunks, {
        ...attributes,
        traceparent,
        googclient_traceparent: traceparent,
      });
    } catch (error) {
      span.end({ error: messageOf(error) });
      throw error;
    }
    if (span.recorded)
      span.end({ attributes: { 'nextclick.events': chunks.reduce((sum, { count }) => sum + count, 0) } });
  };
  return {
    publish: (topic, events, attributes) => publishChunks(topic, encodeChunks(events), attributes),
    publishChunks,
  };
}
