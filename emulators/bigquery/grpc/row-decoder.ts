import protobuf from 'protobufjs';
import { BigQueryError, type TableField, type WriteRow } from '../backend.ts';
import { isRecord, isRepeated } from '../fields.ts';

/** google.protobuf.DescriptorProto as a plain object. */
export interface Descriptor {
  readonly name?: string;
  readonly field?: readonly {
    readonly name?: string;
    readonly number?: number;
    /** As `LABEL_REPEATED`. */
    readonly label?: string;
    /** As `TYPE_INT64`. */
    readonly type?: string;
    readonly typeName?: string;
  }[];
  readonly nestedType?: readonly Descriptor[];
}

/** Why one row of a request cannot be stored. */
export interface RowError {
  readonly index: number;
  readonly code: 'FIELDS_ERROR';
  readonly message: string;
}

export type DecodeRows = (serialized: readonly Buffer[]) => {
  readonly rows: readonly WriteRow[];
  readonly errors: readonly RowError[];
};

/**
 * A decoder for rows of a writer schema that go to a table.
 * @throws BigQueryError where the schema does not fit the table
 */
export function makeRowDecoder(descriptor: Descriptor, fields: readonly TableField[]): DecodeRows {
  const type = typeOf(descriptor);
  new protobuf.Root().add(type);
  checkFields(descriptor, fields, '');
  return (serialized) => {
    const rows: WriteRow[] = [];
    const errors: RowError[] = [];
    serialized.forEach((bytes, index) => {
      try {
        const row = type.toObject(type.decode(bytes), { longs: String, bytes: Buffer }) as WriteRow;
        checkRequired(row, fields, '');
        rows.push(row);
      } catch (error) {
        errors.push({
          index,
          code: 'FIELDS_ERROR',
          message: error instanceof Error ? error.message : String(error),
        });
      }
    });
    return { rows, errors };
  };
}

function typeOf(descriptor: Descriptor): protobuf.Type {
  const type = new protobuf.Type(descriptor.name || 'Row');
  for (const nested of descriptor.nestedType ?? []) type.add(typeOf(nested));
  for (const field of descriptor.field ?? []) {
    const kind = (field.type ?? '').replace('TYPE_', '').toLowerCase();
    const name = kind === 'message' ? (field.typeName ?? '').replace(/^\.?(?:.*\.)?/, '') : kind;
    const rule = field.label === 'LABEL_REPEATED' ? 'repeated' : undefined;
    type.add(new protobuf.Field(field.name ?? '', field.number ?? 0, name, rule));
  }
  return type;
}

function checkFields(descriptor: Descriptor, fields: readonly TableField[], path: string): void {
  for (const { name = '', typeName } of descriptor.field ?? []) {
    const field = fields.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (!field) {
      throw new BigQueryError(
        400,
        'SCHEMA_MISMATCH_EXTRA_FIELDS',
        `Schema mismatch: the writer schema has the field ${path}${name}, which the table has not (SCHEMA_MISMATCH_EXTRA_FIELDS)`,
      );
    }
    const nested = descriptor.nestedType?.find((each) => each.name === typeName?.split('.').at(-1));
    if (nested && isRecord(field)) checkFields(nested, field.fields ?? [], `${path}${name}.`);
  }
}

function checkRequired(row: WriteRow, fields: readonly TableField[], path: string): void {
  for (const field of fields) {
    const value = row[field.name];
    if (value === undefined || value === null) {
      if (field.mode === 'REQUIRED') throw new Error(`Required field ${path}${field.name} is missing`);
      continue;
    }
    if (!isRecord(field)) continue;
    const members = (isRepeated(field) ? value : [value]) as readonly WriteRow[];
    for (const member of members) checkRequired(member, field.fields ?? [], `${path}${field.name}.`);
  }
}
