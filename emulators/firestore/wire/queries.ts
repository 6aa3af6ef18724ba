import { parseFieldPath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import type {
  Aggregation,
  Cursor,
  FieldOperator,
  FieldPath,
  Filter,
  Order,
  Query,
  UnaryOperator,
} from '../query.ts';
import type { Form, Message } from './form.ts';
import { integerOf, listOf, messageOf, textOf } from './plain.ts';
import { readValue, writeValue } from './values.ts';
import { readVectorSearch } from './vector-search.ts';

const FIELD_OPERATORS: readonly FieldOperator[] = [
  'LESS_THAN',
  'LESS_THAN_OR_EQUAL',
  'GREATER_THAN',
  'GREATER_THAN_OR_EQUAL',
  'EQUAL',
  'NOT_EQUAL',
  'ARRAY_CONTAINS',
  'IN',
  'ARRAY_CONTAINS_ANY',
  'NOT_IN',
];
const UNARY_OPERATORS: readonly UnaryOperator[] = ['IS_NAN', 'IS_NULL', 'IS_NOT_NAN', 'IS_NOT_NULL'];

/**
 * A google.firestore.v1.StructuredQuery below a parent, in either form.
 * @throws FirestoreError INVALID_ARGUMENT
 */
export function readQuery(parent: unknown, message: unknown): Query {
  const wire = messageOf(message, 'structured_query');
  const sources = listOf(wire.from, 'from');
  if (sources.length > 1) {
    throw new FirestoreError('INVALID_ARGUMENT', 'A query has one collection selector at most.');
  }
  const source = messageOf(sources[0] ?? {}, 'from');
  const limit = integerOf(wire.limit, 'limit');
  const offset = integerOf(wire.offset, 'offset') ?? 0n;
  if (offset < 0n) throw new FirestoreError('INVALID_ARGUMENT', 'offset is negative');
  if (limit !== undefined && limit < 0n) throw new FirestoreError('INVALID_ARGUMENT', 'limit is negative');
  return {
    parent: textOf(parent, 'parent'),
    collectionId: textOf(source.collectionId, 'collection_id') || undefined,
    allDescendants: source.allDescendants === true,
    where: wire.where === undefined ? undefined : readFilter(wire.where),
    orderBy: listOf(wire.orderBy, 'order_by').map(readOrder),
    startAt: readCursor(wire.startAt),
    endAt: readCursor(wire.endAt),
    offset: Number(offset),
    limit: limit === undefined ? undefined : Number(limit),
    findNearest: readVectorSearch(wire.findNearest),
    select: readSelect(wire.select),
  };
}

/** The `aggregations` of a StructuredAggregationQuery; those without alias are `field_1`, `field_2` … */
export function readAggregations(message: unknown): readonly Aggregation[] {
  return listOf(message, 'aggregations').map((each, index) => {
    const wire = messageOf(each, 'aggregation');
    const alias = textOf(wire.alias, 'alias') || `field_${index + 1}`;
    if ('count' in wire) {
      const upTo = integerOf(messageOf(wire.count, 'count').upTo, 'up_to');
      return { alias, operator: { kind: 'count', upTo } };
    }
    const kind = 'sum' in wire ? 'sum' : 'avg';
    return { alias, operator: { kind, field: readField(messageOf(wire[kind], kind).field) } };
  });
}

/** Orders as ListDocuments has them: `priority desc, __name__`. @throws FirestoreError INVALID_ARGUMENT */
export function readOrders(text: string): readonly Order[] {
  if (text.trim() === '') return [];
  return text.split(',').map((each) => {
    const [path = '', direction = 'asc', ...rest] = each.trim().split(/\s+/);
    if (rest.length > 0 || !/^(asc|desc)$/i.test(direction)) {
      throw new FirestoreError('INVALID_ARGUMENT', `"${each.trim()}" is no order, such as "priority desc".`);
    }
    return { field: parseFieldPath(path), descending: direction.toLowerCase() === 'desc' };
  });
}

/** A cursor as PartitionQuery answers it. */
export function writeCursor(cursor: Cursor, form: Form): Message {
  return { values: cursor.values.map((value) => writeValue(value, form)), before: cursor.before };
}

function readFilter(message: unknown): Filter {
  const wire = messageOf(message, 'where');
  if (wire.compositeFilter !== undefined) {
    const { op, filters } = messageOf(wire.compositeFilter, 'composite_filter');
    if (op !== 'AND' && op !== 'OR') throw unknownOperator(op);
    return { kind: 'composite', op, filters: listOf(filters, 'filters').map(readFilter) };
  }
  if (wire.unaryFilter !== undefined) {
    const { op, field } = messageOf(wire.unaryFilter, 'unary_filter');
    const known = UNARY_OPERATORS.find((each) => each === op);
    if (known === undefined) throw unknownOperator(op);
    return { kind: 'unary', op: known, field: readField(field) };
  }
  const { op, field, value } = messageOf(wire.fieldFilter, 'field_filter');
  const known = FIELD_OPERATORS.find((each) => each === op);
  if (known === undefined) throw unknownOperator(op);
  return { kind: 'field', op: known, field: readField(field), value: readValue(value) };
}

function unknownOperator(op: unknown): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', `Unknown filter operator: ${String(op)}.`);
}

function readField(message: unknown): FieldPath {
  return parseFieldPath(textOf(messageOf(message, 'field').fieldPath, 'field_path'));
}

function readOrder(message: unknown): Order {
  const { field, direction } = messageOf(message, 'order_by');
  return { field: readField(field), descending: direction === 'DESCENDING' };
}

function readCursor(message: unknown): Cursor | undefined {
  if (message === undefined || message === null) return undefined;
  const { values, before } = messageOf(message, 'cursor');
  return { values: listOf(values, 'values').map(readValue), before: before === true };
}

function readSelect(message: unknown): readonly FieldPath[] | undefined {
  if (message === undefined || message === null) return undefined;
  return listOf(messageOf(message, 'select').fields, 'fields').map(readField);
}
