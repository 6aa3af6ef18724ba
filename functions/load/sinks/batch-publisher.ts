import { LIMITS } from '../../../shared/limits.ts';
import type { Attributes } from '../../../shared/message.ts';
import type { Topic } from '../../../shared/pipeline.ts';
import type { ChunkPublisher } from '../../../shared/publisher.ts';

const COMMA = 0x2c;
/** Bytes of a message's events, less what frames them. */
const ROOM_BYTES = LIMITS.batchBytes - 64;

/** An event as JSON: the beginning of a text, and what ends it. */
export interface EventJson {
  readonly text: Buffer;
  /** Bytes of `text` that count. */
  readonly length: number;
  readonly end: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** An event written as JSON. */
export function eventJson(event: object): EventJson {
  const text = Buffer.from(JSON.stringify(event));
  return { text, length: text.length, end: NOTHING };
}

/** Publishes a long run of events in batches, a few at a time, so that memory stays bounded. */
export interface BatchPublisher {
  /** Takes an event as JSON. Returns a promise where one has to wait for room. @throws what a publish before it threw. */
  add(json: EventJson): Promise<void> | undefined;
  /** Resolves once everything added is durable. @throws what any publish threw. */
  finish(): Promise<void>;
}

export interface BatchPublisherOptions {
  readonly publisher: ChunkPublisher;
  readonly topic: Topic;
  readonly attributes: Attributes;
  /** Publishes that may run at a time. */
  readonly concurrency: number;
}

export function makeBatchPublisher(options: BatchPublisherOptions): BatchPublisher {
  const { publisher, topic, attributes, concurrency } = options;
  const running = new Set<Promise<void>>();
  /** Room of messages that are published, for the next ones: fresh room for each would outrun the collection of garbage. */
  const free: Buffer[] = [];
  let batch: Buffer = Buffer.alloc(0);
  let count = 0;
  let batchBytes = 0;
  let failure: { readonly error: unknown } | undefined;

  const check = (): void => {
    if (failure) throw failure.error;
  };
  /** Takes the batch at once, and publishes it when there is room. */
  const flush = async (): Promise<void> => {
    const room = batch;
    const chunk = { data: room.subarray(0, batchBytes), count };
    count = 0;
    batchBytes = 0;
    while (running.size >= concurrency) await Promise.race(running);
    check();
    if (chunk.count === 0) return;
    const publish = publisher
      .publishChunks(topic, [chunk], attributes)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        running.delete(publish);
        if (room.length === ROOM_BYTES) free.push(room);
      });
    running.add(publish);
  };
  const roomFor = (bytes: number): Buffer =>
    bytes > ROOM_BYTES ? Buffer.allocUnsafe(bytes) : (free.pop() ?? Buffer.allocUnsafe(ROOM_BYTES));
  return {
    add({ text, length, end }) {
      const bytes = length + end.length;
      const full = count === LIMITS.batchEvents || batchBytes + bytes + 1 > ROOM_BYTES;
      const flushed = full ? flush() : undefined;
      if (count === 0) batch = roomFor(bytes);
      else batchBytes = batch.writeUInt8(COMMA, batchBytes);
      text.copy(batch, batchBytes, 0, length);
      end.copy(batch, batchBytes + length);
      batchBytes += bytes;
      count += 1;
      return flushed;
    },
    async finish() {
      await flush();
      await Promise.all(running);
      check();
    },
  };
}
