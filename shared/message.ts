import type { z } from 'zod';
import type { FailureReason } from './errors.ts';
import { LIMITS } from './limits.ts';

/** Attributes of a message; Pub/Sub carries strings only. */
export type Attributes = Readonly<Record<string, string>>;

/** One Pub/Sub message: `{"events":[…]}` as UTF-8 JSON. */
export interface EncodedBatch {
  readonly data: Buffer;
  readonly count: number;
}

/** Events as JSON, a comma between them, few enough to travel in one message. */
export interface Chunk {
  readonly data: Buffer;
  readonly count: number;
}

interface BatchLimits {
  readonly batchEvents: number;
  readonly batchBytes: number;
}

const OPEN = Buffer.from('{"events":[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']}');
const FRAME = OPEN.length + CLOSE.length;

/**
 * Packs events into messages of at most `LIMITS.batchEvents` events and `LIMITS.batchBytes` bytes, in order.
 * An event that alone exceeds the bytes travels alone: whoever admits events bounds their size.
 */
export function encodeBatches(events: readonly object[], limits: BatchLimits = LIMITS): EncodedBatch[] {
  return packChunks(encodeChunks(events, limits), limits);
}

/** Encodes events, in order, each chunk within the limits of a message; as a rule it is one. */
export function encodeChunks(events: readonly object[], limits: BatchLimits = LIMITS): Chunk[] {
  if (events.length === 0) return [];
  if (events.length > limits.batchEvents) return inParts(events, limits.batchEvents, limits);
  const list = Buffer.from(JSON.stringify(events));
  const data = list.subarray(1, -1);
  return events.length === 1 || data.length + FRAME <= limits.batchBytes
    ? [{ data, count: events.length }]
    : inParts(events, Math.ceil(events.length / 2), limits);
}

function inParts(events: readonly object[], size: number, limits: BatchLimits): Chunk[] {
  const starts = Array.from({ length: Math.ceil(events.length / size) }, (_, index) => index * size);
  return starts.flatMap((start) => encodeChunks(events.slice(start, start + size), limits));
}

/** Puts chunks into as few messages as the limits allow, in order. */
export function packChunks(chunks: readonly Chunk[], limits: BatchLimits = LIMITS): EncodedBatch[] {
  const batches: EncodedBatch[] = [];
  let parts: Buffer[] = [];
  let bytes = FRAME;
  let count = 0;
  const flush = (): void => {
    if (count > 0) batches.push({ data: Buffer.concat([OPEN, ...parts, CLOSE]), count });
    parts = [];
    bytes = FRAME;
    count = 0;
  };
  for (const chunk of chunks) {
    const added = chunk.data.length + COMMA.length;
    if (count + chunk.count > limits.batchEvents || (count > 0 && bytes + added > limits.batchBytes)) flush();
    if (count > 0) parts.push(COMMA);
    parts.push(chunk.data);
    bytes += added;
    count += chunk.count;
  }
  flush();
  return batches;
}

/** An element of a batch that is no event of the expected form. */
export interface InvalidEvent {
  readonly reason: Extract<FailureReason, 'invalid_json' | 'invalid_event'>;
  readonly path: string;
  readonly message: string;
  readonly payload: unknown;
}

/** A batch taken apart: one bad element never spoils the others. */
export interface DecodedBatch<T> {
  readonly events: readonly T[];
  readonly invalid: readonly InvalidEvent[];
}

/** Reads a message's bytes. Never throws: what cannot be read is in `invalid`. */
export function decodeBatch<T>(data: Buffer, schema: z.ZodType<T>): DecodedBatch<T> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch (error) {
    const message = `the message is not UTF-8 JSON: ${error instanceof Error ? error.message : String(error)}`;
    return {
      events: [],
      invalid: [{ reason: 'invalid_json', path: '', message, payload: data.toString('utf8') }],
    };
  }
  const list = (parsed as { events?: unknown } | null)?.events;
  if (!Array.isArray(list)) {
    const message = 'the message must be {"events":[…]}';
    return { events: [], invalid: [{ reason: 'invalid_event', path: 'events', message, payload: parsed }] };
  }
  const events: T[] = [];
  const invalid: InvalidEvent[] = [];
  for (const payload of list) {
    const result = schema.safeParse(payload);
    if (result.success) events.push(result.data);
    else invalid.push({ reason: 'invalid_event', ...describeIssues(result.error), payload });
  }
  return { events, invalid };
}

/** The first problem's path as `items.0.price`, and all problems in one line. */
export function describeIssues(error: z.ZodError): { readonly path: string; readonly message: string } {
  const path = error.issues[0]?.path.join('.') ?? '';
  const message = error.issues
    .map((issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`)
    .join('; ');
  return { path, message };
}
