import { v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { withDeadline } from './deadline.ts';
import { messageOf, TransientError } from './errors.ts';
import { type Attributes, type Chunk, type EncodedBatch, encodeChunks, packChunks } from './message.ts';
import type { Topic } from './pipeline.ts';
import type { ChunkPublisher, Publisher } from './publisher.ts';

export interface PubSubPublisherOptions {
  readonly projectId: string;
  /** How long one publish may take, retries included, before it counts as failed, in milliseconds. */
  readonly timeoutMs?: number;
  /** How long one attempt may take, in milliseconds. */
  readonly attemptMs?: number;
  /** Bytes that may wait for an acknowledgement; a publish beyond them is refused at once. */
  readonly maxOutstandingBytes?: number;
  /** Host and port of a Pub/Sub without TLS; default `PUBSUB_EMULATOR_HOST`, else Google's. */
  readonly emulatorHost?: string | undefined;
}

/** Codes of gRPC after which the same publish may succeed, as in Pub/Sub's own client configuration. */
const RETRIED = [
  1, // CANCELLED
  2, // UNKNOWN
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  10, // ABORTED
  13, // INTERNAL
  14, // UNAVAILABLE
];
/** Bytes of one publish call; Pub/Sub takes 10 MB. */
const REQUEST_BYTES = 4 * 1024 * 1024;

/**
 * A publisher over @google-cloud/pubsub's generated client: messages are batches of events already, so the batching
 * of the client's `Topic`, and its way of waiting without end (nodejs-pubsub#1442), are left out. Every publish
 * settles within `timeoutMs`, and no more than `maxOutstandingBytes` are held for it.
 */
export function makePubSubPublisher(options: PubSubPublisherOptions): Publisher & ChunkPublisher {
  const {
    projectId,
    timeoutMs = 10_000,
    attemptMs = 4_000,
    maxOutstandingBytes = 64 * 1024 * 1024,
  } = options;
  const client = new v1.PublisherClient({
    projectId,
    ...endpoint(options.emulatorHost ?? process.env.PUBSUB_EMULATOR_HOST),
    // Without these, recovery after an outage waits for a backoff of up to two minutes, and a dead route is not seen.
    'grpc.initial_reconnect_backoff_ms': 200,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.keepalive_time_ms': 30_000,
    'grpc.keepalive_timeout_ms': 5_000,
  });
  const call = {
    retry: {
      retryCodes: RETRIED,
      backoffSettings: {
        initialRetryDelayMillis: 50,
        retryDelayMultiplier: 2,
        maxRetryDelayMillis: 1_000,
        initialRpcTimeoutMillis: attemptMs,
        rpcTimeoutMultiplier: 1,
        maxRpcTimeoutMillis: attemptMs,
        totalTimeoutMillis: timeoutMs,
      },
    },
  };
  let outstanding = 0;

  const send = async (topic: Topic, batches: readonly EncodedBatch[], attributes: Record<string, string>) => {
    const bytes = bytesOf(batches);
    outstanding += bytes;
    const settled = client
      .publish(
        {
          topic: `projects/${projectId}/topics/${topic}`,
          messages: batches.map(({ data }) => ({ data, attributes })),
        },
        call,
      )
      .finally(() => {
        outstanding -= bytes;
      });
    await withDeadline(settled, timeoutMs, `Pub/Sub did not acknowledge ${topic}`);
  };

  const publishChunks = async (
    topic: Topic,
    chunks: readonly Chunk[],
    attributes: Attributes = {},
  ): Promise<void> => {
    const batches = packChunks(chunks);
    if (outstanding > 0 && outstanding + bytesOf(batches) > maxOutstandingBytes) {
      throw new TransientError(
        `publishing to ${topic} was refused: ${outstanding} bytes wait for Pub/Sub already; try again later`,
      );
    }
    const sent = requestsOf(batches).map((request) => send(topic, request, { ...attributes }));
    const failed = (await Promise.allSettled(sent)).find((result) => result.status === 'rejected');
    if (failed) {
      throw new TransientError(`publishing to ${topic} failed: ${messageOf(failed.reason)}`, {
        cause: failed.reason,
      });
    }
  };

  return {
    publish: (topic, events, attributes) => publishChunks(topic, encodeChunks(events), attributes),
    publishChunks,
  };
}

/** Where the client connects; nothing for Google's own service. */
function endpoint(host: string | undefined): object {
  if (!host) return {};
  const url = new URL(host.includes('://') ? host : `http://${host}`);
  return { servicePath: url.hostname, port: Number(url.port || 80), sslCreds: credentials.createInsecure() };
}

function bytesOf(batches: readonly EncodedBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.data.length, 0);
}

/** Batches in order, as few calls as the service's bound on one call allows. */
function requestsOf(batches: readonly EncodedBatch[]): EncodedBatch[][] {
  const requests: EncodedBatch[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const batch of batches) {
    if (bytes + batch.data.length > REQUEST_BYTES) {
      requests.push([]);
      bytes = 0;
    }
    requests.at(-1)?.push(batch);
    bytes += batch.data.length;
  }
  return requests;
}
