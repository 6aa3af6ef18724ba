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

const OPEN = '{"events":[';
const CLOSE = ']}';
const FRAME = OPEN.length + CLOSE.length;

/**
 * Packs events into messages of at most `LIMITS.batchEvents` events and `LIMITS.batchBytes` bytes, in order.
 * An event that alone exceeds the bytes travels alone: whoever admits events bounds their size.
 */
export function encodeBatches(
  events: readonly object[],
  limits: { readonly batchEvents: number; readonly batchBytes: number } = LIMITS,
): EncodedBatch[] {
  const batches: EncodedBatch[] = [];
  let texts: string[] = [];
  let bytes = FRAME;
  const flush = (): void => {
    if (texts.length === 0) return;
    batches.push({ data: Buffer.from(`${OPEN}${texts.join(',')}${CLOSE}`), count: texts.length });
    texts = [];
    bytes = FRAME;
  };
  for (const event of events) {
    const text = JSON.stringify(event);
    // A comma follows or precedes each.
    const size = Buffer.byteLength(text) + 1;
    if (texts.length === limits.batchEvents || (texts.length > 0 && bytes + size > limits.batchBytes))
      flush();
    texts.push(text);
    bytes += size;
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
