import type { protos } from '@google-cloud/bigquery-storage';
import {
  convertBigQuerySchemaToStorageTableSchema,
  convertStorageSchemaToProto2Descriptor,
} from '@google-cloud/bigquery-storage/build/src/adapt/index.js';
import protobuf from 'protobufjs';
import type { Column } from '../../infra/bigquery/tables.ts';

/** Turns rows of one table into the protobuf messages that the Storage Write API appends. */
export interface RowEncoder {
  /** Describes the messages to the API. */
  readonly descriptor: protos.google.protobuf.IDescriptorProto;
  /**
   * Fields that are no column are left out.
   * @throws Error for a value that does not fit its column.
   */
  encode(row: object): Uint8Array;
}

const SCALARS: Readonly<Record<string, string>> = {
  STRING: 'string',
  JSON: 'string',
  INTEGER: 'int64',
  FLOAT: 'double',
  BOOLEAN: 'bool',
  TIMESTAMP: 'int64',
};

/**
 * The encoder for a table's columns. The descriptor is the client library's own conversion; the messages are compiled by protobufjs
 * with the same numbers, the columns' positions from 1.
 * https://cloud.google.com/bigquery/docs/supported-data-types gives the wire form: timestamps are microseconds, JSON is text.
 */
export function makeRowEncoder(columns: readonly Column[]): RowEncoder {
  const schema = convertBigQuerySchemaToStorageTableSchema({ fields: columns.map(withMutableFields) });
  const descriptor = convertStorageSchemaToProto2Descriptor(schema, 'row');
  const message = messageType('row', columns);
  const convert = recordConverter(columns);
  return { descriptor, encode: (row) => message.encode(convert(row) as Record<string, unknown>).finish() };
}

type MutableColumn = Omit<Column, 'fields'> & { fields?: MutableColumn[] };

function withMutableFields({ fields, ...column }: Column): MutableColumn {
  return fields === undefined ? column : { ...column, fields: fields.map(withMutableFields) };
}

function messageType(name: string, columns: readonly Column[]): protobuf.Type {
  const type = new protobuf.Type(name);
  columns.forEach((column, index) => {
    const nested = column.fields && messageType(`${name}_${column.name}`, column.fields);
    if (nested) type.add(nested);
    const wire = nested?.name ?? SCALARS[column.type];
    if (wire === undefined)
      throw new Error(`column ${column.name}: no protobuf type is known for ${column.type}`);
    const rule = { REQUIRED: 'required', REPEATED: 'repeated' }[column.mode];
    // The descriptor declares no packed fields.
    type.add(
      new protobuf.Field(column.name, index + 1, wire, rule ?? 'optional', undefined, { packed: false }),
    );
  });
  return type;
}

type Convert = (value: unknown) => unknown;

function recordConverter(columns: readonly Column[]): Convert {
  const converters = columns.map((column) => [column.name, column.mode, valueConverter(column)] as const);
  return (record) => {
    const source = record as Readonly<Record<string, unknown>>;
    const message: Record<string, unknown> = {};
    for (const [name, mode, convert] of converters) {
      const value = source[name];
      if (value !== undefined && value !== null) {
        message[name] = mode === 'REPEATED' ? (value as readonly unknown[]).map(convert) : convert(value);
      } else if (mode === 'REQUIRED') {
        throw new Error(`${name} is required`);
      }
    }
    return message;
  };
}

function valueConverter(column: Column): Convert {
  switch (column.type) {
    case 'RECORD':
      return recordConverter(column.fields ?? []);
    case 'TIMESTAMP':
      return (value) => microseconds(column.name, String(value));
    case 'JSON':
      return (value) => JSON.stringify(value).toWellFormed();
    case 'STRING':
      return (value) => String(value).toWellFormed();
    default:
      return (value) => value;
  }
}

function microseconds(name: string, text: string): number {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw new Error(`${name} is no time: ${text}`);
  return milliseconds * 1000;
}
