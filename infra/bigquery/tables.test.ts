import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  ConsentDrop,
  EnrichedEvent,
  FailedEvent,
  Recommendation,
  ReplayMark,
  Tombstone,
} from '../../shared/events.ts';
import { TABLES, type Table } from '../../shared/pipeline.ts';
import { type Column, TABLE_DEFINITIONS } from './tables.ts';

const SCHEMAS: Readonly<Record<Table, z.ZodObject>> = {
  [TABLES.events]: EnrichedEvent.omit({ customer: true }),
  [TABLES.failed]: FailedEvent,
  [TABLES.recommendations]: Recommendation,
  [TABLES.replays]: ReplayMark,
  [TABLES.forgotten]: Tombstone,
  [TABLES.consentDrops]: ConsentDrop,
};

/** The column type that holds what a zod type admits. */
function columnType(type: z.ZodType): string {
  if (type instanceof z.ZodISODateTime) return 'TIMESTAMP';
  if (type instanceof z.ZodString || type instanceof z.ZodEnum) return 'STRING';
  if (type instanceof z.ZodNumber) return type.format === 'safeint' ? 'INTEGER' : 'FLOAT';
  if (type instanceof z.ZodBoolean) return 'BOOLEAN';
  if (type instanceof z.ZodRecord) return 'JSON';
  if (type instanceof z.ZodObject) return 'RECORD';
  throw new Error(`no column type is known for ${type.def.type}`);
}

/** Lines `path type list?` for every field, with those that may be absent marked. */
function fieldsOf(
  schema: z.ZodObject,
  prefix = '',
): Map<string, { readonly type: string; readonly optional: boolean }> {
  const lines = new Map<string, { readonly type: string; readonly optional: boolean }>();
  for (const [name, declared] of Object.entries(schema.shape)) {
    const optional = declared instanceof z.ZodOptional;
    const present = optional ? declared.unwrap() : declared;
    const repeated = present instanceof z.ZodArray;
    const type = (repeated ? present.element : present) as z.ZodType;
    lines.set(prefix + name, { type: columnType(type) + (repeated ? '[]' : ''), optional });
    if (type instanceof z.ZodObject) {
      for (const [path, line] of fieldsOf(type, `${prefix}${name}.`)) lines.set(path, line);
    }
  }
  return lines;
}

function flatten(columns: readonly Column[], prefix = ''): readonly (Column & { readonly path: string })[] {
  return columns.flatMap((column) => [
    { ...column, path: prefix + column.name },
    ...flatten(column.fields ?? [], `${prefix}${column.name}.`),
  ]);
}

describe.each(Object.values(TABLES))('table behind %s', (table) => {
  const definition = TABLE_DEFINITIONS[table];
  const columns = flatten(definition.schema.fields);
  const fields = fieldsOf(SCHEMAS[table]);

  test('has a column of the right type for each field of the schema, and no other', () => {
    const actual = columns.map(({ path, type, mode }) => [path, type + (mode === 'REPEATED' ? '[]' : '')]);
    const expected = [...fields].map(([path, { type }]) => [path, type]);
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  test('requires nothing that may be absent', () => {
    const required = columns.filter(({ mode }) => mode === 'REQUIRED').map(({ path }) => path);
    expect(required.filter((path) => fields.get(path)?.optional)).toEqual([]);
  });

  test('describes itself and every column', () => {
    expect(definition.description).not.toBe('');
    expect(columns.filter(({ description }) => description.length === 0)).toEqual([]);
  });

  test('is partitioned by day on a required timestamp and clustered by its own columns', () => {
    const { field, type } = definition.timePartitioning;
    expect(type).toBe('DAY');
    expect(columns.find(({ path }) => path === field)).toMatchObject({ type: 'TIMESTAMP', mode: 'REQUIRED' });
    expect(columns.map(({ path }) => path)).toEqual(
      expect.arrayContaining([...definition.clustering.fields]),
    );
  });
});
