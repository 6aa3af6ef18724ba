import { isNamePath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import { parseResource } from '../paths.ts';
import type { Filter, Query } from '../query.ts';

type FieldFilter = Filter & { readonly kind: 'field' };

/** https://firebase.google.com/docs/firestore/query-data/queries#limitations */
const MAX_DISJUNCTIONS = 30;
const MAX_NOT_IN = 10;

/** Refuses what Firestore refuses. @throws FirestoreError INVALID_ARGUMENT */
export function checkQuery(query: Query): void {
  const { segments } = parseResource(query.parent);
  if (segments.length % 2 === 1) {
    throw invalid(`The parent of a query is a document or the root of documents, not "${query.parent}".`);
  }
  if (query.collectionId?.includes('/')) {
    throw invalid(`The collection id "${query.collectionId}" has a slash.`);
  }
  if (query.where) checkFilter(query.where);
}

function checkFilter(where: Filter): void {
  const filters = [...fieldFilters(where)];
  for (const filter of filters) checkOperand(filter);
  const has = (op: FieldFilter['op']) => filters.filter((filter) => filter.op === op).length;
  if (has('NOT_IN') + has('NOT_EQUAL') > 1 && has('NOT_IN') > 0) {
    throw invalid('A query has one NOT_IN at most, and none along with NOT_EQUAL.');
  }
  if (has('NOT_IN') > 0 && (has('IN') > 0 || has('ARRAY_CONTAINS_ANY') > 0 || hasOr(where))) {
    throw invalid('NOT_IN cannot be combined with IN, ARRAY_CONTAINS_ANY or OR in one query.');
  }
  const count = disjunctions(where);
  if (count > MAX_DISJUNCTIONS) {
    throw invalid(
      `The query has ${count} disjunctions: ${MAX_DISJUNCTIONS} at most are allowed, after IN, ARRAY_CONTAINS_ANY and OR are multiplied out.`,
    );
  }
}

function* fieldFilters(filter: Filter): Generator<FieldFilter> {
  if (filter.kind === 'field') yield filter;
  if (filter.kind === 'composite') for (const each of filter.filters) yield* fieldFilters(each);
}

function checkOperand({ op, field, value }: FieldFilter): void {
  const many = op === 'IN' || op === 'NOT_IN' || op === 'ARRAY_CONTAINS_ANY';
  const values = value.kind === 'array' ? value.values : undefined;
  if (many && (values === undefined || values.length === 0)) {
    throw invalid(`"${op}" requires an ArrayValue that is not empty.`);
  }
  if (op === 'NOT_IN' && (values?.length ?? 0) > MAX_NOT_IN) {
    throw invalid(`"NOT_IN" supports up to ${MAX_NOT_IN} comparison values.`);
  }
  if (!isNamePath(field)) return;
  const names = many ? (values ?? []) : [value];
  if (!names.every((name) => name.kind === 'reference')) {
    throw invalid('__key__ filter value must be a Key');
  }
}

function hasOr(filter: Filter): boolean {
  return filter.kind === 'composite' && (filter.op === 'OR' || filter.filters.some(hasOr));
}

/** How many conjunctions the filter becomes once all disjunctions are multiplied out. */
function disjunctions(filter: Filter): number {
  if (filter.kind === 'composite') {
    const counts = filter.filters.map(disjunctions);
    return filter.op === 'OR' ? counts.reduce((a, b) => a + b, 0) : counts.reduce((a, b) => a * b, 1);
  }
  if (filter.kind === 'unary' || filter.value.kind !== 'array') return 1;
  return filter.op === 'IN' || filter.op === 'ARRAY_CONTAINS_ANY' ? filter.value.values.length : 1;
}

function invalid(message: string): FirestoreError {
  return new FirestoreError('INVALID_ARGUMENT', message);
}
