import type { CloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { messageOf, type PermanentError } from './errors.ts';
import type { FailedEvent } from './events.ts';
import { type FunctionIdentity, failureOf, makeFailedEvent } from './failed-event.ts';
import type { Logger } from './log.ts';
import { type Attributes, type DecodedBatch, decodeBatch } from './message.ts';
import { TOPICS, type Topic } from './pipeline.ts';
import type { Publisher } from './publisher.ts';
import { asReplayed, replayAttributes, replayedBy } from './replayed.ts';
import { handleInParts } from './split-batch.ts';
import { formatTraceparent, messageTrace, traceFields } from './trace.ts';
import { idsOf } from './tracing/ids-of.ts';
import { type SpanAttributes, silentTracer, type Tracer } from './tracing/tracer.ts';

/** What the platform hands a Pub/Sub-triggered function. */
export interface MessagePublishedData {
  readonly message?: {
    readonly data?: string;
    readonly attributes?: Attributes | null;
    readonly messageId?: string;
    readonly publishTime?: string;
  };
  readonly subscription?: string;
}

/** What a core gets with its events. */
export interface BatchContext {
  readonly topic: Topic;
  readonly messageId: string;
  readonly publishTime: string;
  readonly attributes: Attributes;
  readonly log: Logger;
  /** Attributes for messages that follow from this one: they carry the trace on, and the replay it comes from. */
  readonly outgoing: Attributes;
}

/** What came of a batch, once every output is durable. */
export interface BatchResult {
  /** Events passed on, rows written or documents set. */
  readonly out: number;
  /** Events given up; the wrapper puts them on `failed-events`. */
  readonly failed?: readonly FailedEvent[];
  /** Further figures for the log line, numbers or lists of numbers. */
  readonly metrics?: Readonly<Record<string, number | readonly number[] | string>>;
}

/** The core for one topic: what its events look like, and what to do with them. */
export interface Route<T> {
  readonly schema: z.ZodType<T>;
  handle(events: readonly T[], context: BatchContext): Promise<BatchResult>;
}

export interface BatchFunctionOptions {
  readonly identity: FunctionIdentity;
  readonly project: string;
  readonly publisher: Publisher;
  readonly log: Logger;
  /** Default: one that records nothing. */
  readonly tracer?: Tracer;
  readonly clock?: () => number;
}

/** Binds a route's type, so that routes of several types fit one table. */
export type AnyRoute = (data: Buffer, context: BatchContext, tools: RouteTools) => Promise<Handled>;

interface RouteTools {
  readonly failures: (batch: DecodedBatch<unknown>, topic: Topic) => FailedEvent[];
  readonly giveUp: (event: unknown, error: PermanentError, topic: Topic) => FailedEvent;
}

interface Handled {
  readonly in: number;
  readonly oldest: number | undefined;
  /** Of the first events. */
  readonly ids: readonly string[];
  readonly result: BatchResult;
}

export function route<T>({ schema, handle }: Route<T>): AnyRoute {
  // Generated code, some six times as fast as the schema's interpretation; strict, so that it is never silently slow.
  const compiled = z.compile(schema, { strict: true });
  return async (data, context, tools) => {
    const batch = decodeBatch(data, compiled);
    const invalid = tools.failures(batch, context.topic);
    const count = batch.events.length + batch.invalid.length;
    const seen = { in: count, oldest: oldestReceipt(batch.events), ids: idsOf(batch.events) };
    if (batch.events.length === 0) return { ...seen, result: { out: 0, failed: invalid } };
    const result = await handleInParts(batch.events, {
      handle: (events) => handle(events, context),
      giveUp: (event, error) => tools.giveUp(event, error, context.topic),
    });
    return { ...seen, result: { ...result, failed: [...invalid, ...(result.failed ?? [])] } };
  };
}

/**
 * The handler of a function that is triggered by topics: decodes the batch, runs the topic's route, puts failed
 * events on `failed-events`, and logs one line `handled` with the batch's figures. It returns (acknowledging the
 * message) only once every output is durable; it throws, for redelivery, on what is no event's own fault: an event that spoils
 * its batch is given up alone.
 */
export function batchFunction(
  routes: Partial<Record<Topic, AnyRoute>>,
  { identity, project, publisher, log, tracer = silentTracer, clock = Date.now }: BatchFunctionOptions,
): (event: CloudEvent<MessagePublishedData>) => Promise<void> {
  const tools: RouteTools = {
    failures: (batch, topic) =>
      batch.invalid.map((invalid) => makeFailedEvent(identity, { ...invalid, replayTopic: topic }, clock())),
    giveUp: (payload, error, topic) =>
      makeFailedEvent(identity, { ...failureOf(error), payload, replayTopic: topic }, clock()),
  };
  return async (event) => {
    const started = clock();
    const message = event.data?.message;
    const topic = topicOfSource(event.source);
    const handler = topic === undefined ? undefined : routes[topic];
    if (!message || topic === undefined || !handler) {
      log.error('a delivery that is no message of a known topic was acknowledged unread', {
        source: event.source,
        type: event.type,
      });
      return;
    }
    const attributes = message.attributes ?? {};
    const replayed = replayedBy(attributes);
    const messageId = message.messageId ?? event.id;
    const span = tracer.start(`${identity.name} ${topic}`, {
      kind: 'consumer',
      parent: messageTrace(attributes),
      attributes: {
        'messaging.system': 'gcp_pubsub',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.message.id': messageId,
      },
    });
    const { trace } = span;
    const context: BatchContext = {
      topic,
      messageId,
      publishTime: message.publishTime ?? event.time ?? new Date(started).toISOString(),
      attributes,
      log: log.with({ ...traceFields(project, trace), message_id: messageId, topic }),
      outgoing: {
        traceparent: formatTraceparent(trace),
        ...(replayed === undefined ? {} : replayAttributes(replayed)),
      },
    };
    try {
      const handled = await handler(Buffer.from(message.data ?? '', 'base64'), context, tools);
      const failed = (handled.result.failed ?? []).map((each) => asReplayed(each, attributes));
      if (failed.length > 0) await publisher.publish(TOPICS.failed, failed, context.outgoing);
      const now = clock();
      const figures = { in: handled.in, out: handled.result.out, failed: failed.length };
      context.log.info('handled', {
        metric: {
          ...figures,
          duration_ms: now - started,
          ...(handled.oldest === undefined ? {} : { age_ms: now - handled.oldest }),
          ...handled.result.metrics,
        },
      });
      if (span.recorded)
        span.end({ attributes: spanAttributes({ ...figures, ...handled.result.metrics }, handled.ids) });
    } catch (error) {
      context.log.error(`the batch will be delivered again: ${messageOf(error)}`, {
        error,
        metric: { redeliver: 1, duration_ms: clock() - started },
      });
      span.end({ error: messageOf(error) });
      throw error;
    } finally {
      await tracer.settle();
    }
  };
}

/** `//pubsub.googleapis.com/projects/P/topics/T` → T, where T is a topic of the pipeline. */
function topicOfSource(source: string | undefined): Topic | undefined {
  const name = /\/topics\/([^/]+)$/.exec(source ?? '')?.[1];
  return Object.values(TOPICS).find((topic) => topic === name);
}

/** The earliest `received_at` among events, in epoch milliseconds. */
function oldestReceipt(events: readonly unknown[]): number | undefined {
  const texts = events.map((event) => {
    // Of a dead letter anything may be in the list, nothing too.
    const { received_at, collector, trigger } = (event ?? {}) as {
      received_at?: string;
      collector?: { received_at?: string };
      trigger?: { received_at?: string };
    };
    return received_at ?? collector?.received_at ?? trigger?.received_at ?? '';
  });
  let oldest: number | undefined;
  // Events of one request share their receipt.
  for (const text of new Set(texts)) {
    const at = Date.parse(text);
    if (!Number.isNaN(at) && (oldest === undefined || at < oldest)) oldest = at;
  }
  return oldest;
}

/** A delivery's figures as a span has them; lists of figures are left to the log. */
function spanAttributes(
  figures: Readonly<Record<string, number | string | readonly number[]>>,
  ids: readonly string[],
): SpanAttributes {
  const plain = Object.entries(figures).flatMap(([name, value]) =>
    typeof value === 'object' ? [] : [[`nextclick.${name}`, value] as const],
  );
  return { ...Object.fromEntries(plain), 'nextclick.event_ids': ids };
}
