import type { CloudEvent } from '@google-cloud/functions-framework';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { batchFunction, type MessagePublishedData, route } from './batch-function.ts';
import {
  ConsentDrop,
  EnrichedEvent,
  FailedEvent,
  ForgetRequest,
  RawEvent,
  Recommendation,
  RecommendationRequest,
  ReplayRequest,
  TrainRequest,
} from './events.ts';
import { silentLogger } from './log.ts';
import { TOPICS, type Topic } from './pipeline.ts';

/** What travels on each topic that a function reads by a route. */
const SCHEMAS: readonly (readonly [Topic, z.ZodType<unknown>])[] = [
  [TOPICS.raw, RawEvent],
  [TOPICS.enriched, EnrichedEvent],
  [TOPICS.recommendations, Recommendation],
  [TOPICS.recommendationRequests, RecommendationRequest],
  [TOPICS.failed, FailedEvent],
  [TOPICS.consentDrops, ConsentDrop],
  [TOPICS.trainRequests, TrainRequest],
  [TOPICS.replayRequests, ReplayRequest],
  [TOPICS.forgetRequests, ForgetRequest],
];

/** Names that schemas know, so that luck gets further than the first check. */
const key = fc.oneof(
  fc.constantFrom(
    'event_id',
    'event_time',
    'items',
    'item_id',
    'customer',
    'trigger',
    'where',
    'user_id',
    '__proto__',
  ),
  fc.string({ maxLength: 12 }),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.jsonValue({ maxDepth: 1 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom('2026-11-21T12:00:00Z', 'x'.repeat(200), 1e308, -0),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
})).value;
const batch = fc.array(value, { maxLength: 5 });
const data = fc.oneof(
  batch.map((events) => ({ bytes: Buffer.from(JSON.stringify({ events })), count: events.length })),
  value.map((other) => ({ bytes: Buffer.from(JSON.stringify(other) ?? ''), count: undefined })),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ bytes: Buffer.from(bytes), count: undefined })),
);
const attributes = fc.dictionary(
  fc.oneof(
    fc.constantFrom('traceparent', 'replay_id', 'replay_of', 'replay_attempts'),
    fc.string({ maxLength: 9 }),
  ),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

test.each(SCHEMAS)(
  'whatever a message of %s holds, each element is handled, or one failed event',
  async (topic, schema) => {
    const handled: unknown[] = [];
    const failed: unknown[] = [];
    const deliver = batchFunction(
      {
        [topic]: route({
          schema,
          async handle(events) {
            handled.push(...events);
            return { out: events.length };
          },
        }),
      },
      {
        identity: { name: 'test', version: 'test' },
        project: 'p',
        log: silentLogger,
        publisher: { publish: async (_topic, events) => void failed.push(...events) },
      },
    );
    await fc.assert(
      fc.asyncProperty(data, attributes, async ({ bytes, count }, said) => {
        handled.length = 0;
        failed.length = 0;
        const event = {
          id: '1',
          source: `//pubsub.googleapis.com/projects/p/topics/${topic}`,
          data: { message: { data: bytes.toString('base64'), attributes: said, messageId: '1' } },
        } as unknown as CloudEvent<MessagePublishedData>;
        await deliver(event);
        for (const each of failed) FailedEvent.parse(JSON.parse(JSON.stringify(each)));
        if (count !== undefined)
          expect(handled.length + new Set(failed.map(idOf)).size).toBeLessThanOrEqual(count);
        if (count !== undefined) expect(handled.length + failed.length).toBe(count);
        expect(({} as Record<string, unknown>).event_id).toBeUndefined();
      }),
    );
  },
);

function idOf(failed: unknown): string {
  return (failed as FailedEvent).failed_id;
}
