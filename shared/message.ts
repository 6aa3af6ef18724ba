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

const OPEN = Buffer.from('{"events":[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']}');

/**
 * Packs events into messages of at most `LIMITS.batchEvents` events and `LIMITS.batchBytes` bytes, in order.
 * An event that alone exceeds the bytes travels alone: whoever admits events bounds their size.
 */
export function encodeBatches(
  events: readonly object[],
  limits: { readonly batchEvents: number; readonly batchBytes: number } = LIMITS,
): EncodedBatch[] {
  const batches: EncodedBatch[] = [];
  let parts: Buffer[] = [];
  let bytes = 0;
  let count = 0;
  const flush = (): void => {
    if (count === 0) return;
    batches.push({ data: Buffer.concat([OPEN, ...parts, CLOSE]), count });
    parts = [];
    bytes = 0;
    count = 0;
  };
  for (const event of events) {
    const encoded = Buffer.from(JSON.stringify(event));
    const frame = OPEN.length + CLOSE.length;
    if (count === limits.batchEvents || (count > 0 && bytes + encoded.length + 1 + frame > limits.batchBytes))
      flush();
    if (count > 0) parts.push(COMMA);
    parts.push(encoded);
    bytes += encoded.length + 1;
    count += 1;
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
