import protobuf from 'protobufjs';
import { BigQueryError, type TableField, type WriteRow } from '../backend.ts';
import { isRecord } from '../fields.ts';
import { makeRowChecker } from './row-checker.ts';

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
  checkFields(descriptor, fields, '');
  const type = typeOf(descriptor, fields);
  new protobuf.Root().add(type);
  resolve(type);
  const checkRow = makeRowChecker(fields);
  return (serialized) => {
    const rows: WriteRow[] = [];
    const errors: RowError[] = [];
    serialized.forEach((bytes, index) => {
      try {
        const row = type.toObject(type.decode(bytes), { longs: String, bytes: Buffer }) as WriteRow;
        checkRow(row);
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

/**
 * Fields take the columns' spelling, because column names do not tell case apart. A message's type may be declared in it or in
 * a message around it: Google's own converter declares all of them in the outermost.
 */
function typeOf(
  descriptor: Descriptor,
  columns: readonly TableField[],
  around: readonly Descriptor[] = [],
): protobuf.Type {
  const scopes = [descriptor, ...around];
  const type = new protobuf.Type(descriptor.name || 'Row');
  for (const field of descriptor.field ?? []) {
    const column = columnOf(columns, field.name);
    const nested = nestedOf(scopes, field.typeName);
    if (nested && !type.get(nested.name ?? '')) type.add(typeOf(nested, column?.fields ?? [], scopes));
    const kind = (field.type ?? '').replace('TYPE_', '').toLowerCase();
    const rule = field.label === 'LABEL_REPEATED' ? 'repeated' : undefined;
    const name = column?.name ?? field.name ?? '';
    type.add(new protobuf.Field(name, field.number ?? 0, nested?.name ?? kind, rule));
  }
  return type;
}

function columnOf(columns: readonly TableField[], name = ''): TableField | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
}

function nestedOf(scopes: readonly Descriptor[], typeName: string | undefined): Descriptor | undefined {
  const name = typeName?.split('.').at(-1);
  if (name === undefined) return undefined;
  for (const { nestedType } of scopes) {
    const found = nestedType?.find((each) => each.name === name);
    if (found) return found;
  }
  return undefined;
}

/** @throws BigQueryError where the schema names a type it does not hold */
function resolve(type: protobuf.Type): void {
  try {
    type.resolveAll();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new BigQueryError(400, 'invalid', `The writer schema is not self-contained: ${why}`);
  }
}

function checkFields(
  descriptor: Descriptor,
  columns: readonly TableField[],
  path: string,
  around: readonly Descriptor[] = [],
): void {
  const scopes = [descriptor, ...around];
  for (const { name = '', type, typeName } of descriptor.field ?? []) {
    const column = columnOf(columns, name);
    if (!column) {
      throw new BigQueryError(
        400,
        'SCHEMA_MISMATCH_EXTRA_FIELDS',
        `Schema mismatch: the writer schema has the field ${path}${name}, which the table has not (SCHEMA_MISMATCH_EXTRA_FIELDS)`,
      );
    }
    if (type === 'TYPE_ENUM' || type === 'TYPE_GROUP') {
      throw new BigQueryError(400, 'invalid', `Field ${path}${name}: this emulator takes no ${type}`);
    }
    if ((type === 'TYPE_MESSAGE') !== isRecord(column)) {
      const mismatch = `Field ${path}${name}: ${type} does not fit the column's type ${column.type}`;
      throw new BigQueryError(400, 'invalid', `Schema mismatch: ${mismatch}`);
    }
    const nested = nestedOf(scopes, typeName);
    if (nested) checkFields(nested, column.fields ?? [], `${path}${name}.`, scopes);
  }
}
