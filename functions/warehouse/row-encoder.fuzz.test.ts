import { protos } from '@google-cloud/bigquery-storage';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor/index.js';
import { expect, test } from 'vitest';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { EnrichedEvent, FailedEvent } from '../../shared/events.ts';
import { TABLES } from '../../shared/pipeline.ts';
import { deadLetterOf, sourceOf } from './dead-letters.ts';
import { enrichedEvent, NOW } from './fixtures.ts';
import { makeRowEncoder } from './row-encoder.ts';

const columns = TABLE_DEFINITIONS[TABLES.events].schema.fields;
const encoder = makeRowEncoder(columns);
const failedEncoder = makeRowEncoder(TABLE_DEFINITIONS[TABLES.failed].schema.fields);
const descriptor = protos.google.protobuf.DescriptorProto.create(encoder.descriptor);
const reader = protobuf.Type as unknown as { fromDescriptor(descriptor: unknown): protobuf.Type };
const message = reader.fromDescriptor(descriptor);

const text = fc.string({ unit: 'binary', maxLength: 40 });
const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const amount = fc.double({ min: -1e12, max: 1e12, noNaN: true });
const fields = fc.record(
  {
    event_name: id,
    session_id: id,
    search_term: text,
    value: amount,
    items: fc.array(fc.record({ item_id: id, item_name: text, price: amount, in_catalog: fc.boolean() }), {
      maxLength: 3,
    }),
    properties: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
  },
  { requiredKeys: [] },
);

test('every event that the schema knows is a row, and reads as what it was, in well-formed text', () => {
  fc.assert(
    fc.property(fields, (given) => {
      const parsed = EnrichedEvent.safeParse({ ...enrichedEvent(), ...given });
      if (!parsed.success) return;
      const event = parsed.data;
      const row = message.toObject(message.decode(encoder.encode(event)), { longs: Number, defaults: false });
      const whole = (each: string | undefined): string | undefined => each?.toWellFormed();
      expect(row.event_name).toBe(whole(event.event_name));
      expect(row.search_term).toBe(whole(event.search_term));
      expect(row.value).toBe(event.value);
      expect((row.items ?? []).map((item: { item_id: string }) => item.item_id)).toEqual(
        event.items?.map(({ item_id }) => whole(item_id)) ?? [],
      );
      if (event.properties) expect(() => JSON.parse(row.properties)).not.toThrow();
    }),
  );
});

test('whatever became a dead letter, from wherever, is a failed event that is a row', () => {
  const attributes = fc.dictionary(
    fc.constantFrom(
      'CloudPubSubDeadLetterSourceSubscription',
      'CloudPubSubDeadLetterSourceDeliveryCount',
      'replay_id',
      'replay_of',
      'replay_attempts',
    ),
    fc.oneof(text, fc.constantFrom('enrich--clickstream-raw', '-5', '1e400', 'projects/p/subscriptions/x')),
  );
  fc.assert(
    fc.property(fc.jsonValue(), attributes, (payload, said) => {
      const failed = FailedEvent.safeParse(deadLetterOf(payload, sourceOf(said), 'v', NOW));
      expect(failed.error?.issues ?? []).toEqual([]);
      if (failed.success) expect(failedEncoder.encode(failed.data).length).toBeGreaterThan(0);
    }),
  );
});
