import { protos } from '@google-cloud/bigquery-storage';
import protobuf from 'protobufjs';
import 'protobufjs/ext/descriptor/index.js';
import { describe, expect, test } from 'vitest';
import { type Column, TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { TABLES } from '../../shared/pipeline.ts';
import { enrichedEvent, failedEvent, NOW } from './fixtures.ts';
import { makeRowEncoder } from './row-encoder.ts';

/** Reads a row as the service does: by the descriptor that was sent. */
function decode(columns: readonly Column[], row: object): Record<string, unknown> {
  const encoder = makeRowEncoder(columns);
  const descriptor = protos.google.protobuf.DescriptorProto.create(encoder.descriptor);
  const reader = protobuf.Type as unknown as { fromDescriptor(descriptor: unknown): protobuf.Type };
  const type = reader.fromDescriptor(descriptor);
  return type.toObject(type.decode(encoder.encode(row)), { longs: Number });
}

const columnsOf = (table: keyof typeof TABLE_DEFINITIONS) => TABLE_DEFINITIONS[table].schema.fields;

describe('makeRowEncoder', () => {
  test('writes what the descriptor describes: timestamps in microseconds, JSON as text', () => {
    const { customer: _customer, ...event } = enrichedEvent();
    expect(decode(columnsOf(TABLES.events), enrichedEvent())).toEqual({
      ...event,
      event_time: NOW * 1000,
      received_at: NOW * 1000,
      enriched_at: NOW * 1000,
      properties: '{"colour":"red","sizes":[41,42]}',
    });
  });

  test('leaves out what is absent and what is no column', () => {
    const row = { ...failedEvent(), received_at: undefined, unknown: 1 };
    const decoded = decode(columnsOf(TABLES.failed), row);
    expect(decoded).not.toHaveProperty('received_at');
    expect(decoded).not.toHaveProperty('unknown');
  });

  test('makes strings well-formed, also where a cut split a character', () => {
    const decoded = decode(columnsOf(TABLES.failed), failedEvent({ payload: '"😀'.slice(0, 2) }));
    expect(decoded.payload).toBe('"\ufffd');
  });

  test.each([
    {
      name: 'a missing required value',
      row: { ...failedEvent(), failed_id: undefined },
      message: 'failed_id is required',
    },
    {
      name: 'no time',
      row: { ...failedEvent(), failed_at: 'yesterday' },
      message: 'failed_at is no time: yesterday',
    },
  ])('refuses $name', ({ row, message }) => {
    expect(() => makeRowEncoder(columnsOf(TABLES.failed)).encode(row)).toThrow(message);
  });
});
