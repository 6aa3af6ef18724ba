import type { Document } from '../backend.ts';
import { isNamePath } from '../field-paths.ts';
import type { Order, Query } from '../query.ts';
import { inScope } from '../scope.ts';
import { checkQuery } from './check-query.ts';
import type { DocumentSource } from './document-store.ts';
import { type Matcher, makeMatcher, valueAt } from './filters.ts';
import { fullOrder, makeBound, makeComparator } from './ordering.ts';
import { findNearest } from './vector-search.ts';

/** A query made ready to run, again and again. */
export interface Plan {
  readonly query: Query;
  readonly orders: readonly Order[];
  /** Whether a document is a result, limit and offset aside. */
  readonly matches: Matcher;
  /** Results in order. */
  run(source: DocumentSource): readonly Document[];
}

/** @throws FirestoreError INVALID_ARGUMENT where Firestore does not allow the query */
export function planQuery(query: Query): Plan {
  checkQuery(query);
  const orders = fullOrder(query);
  const tests: Matcher[] = [];
  if (query.where) tests.push(makeMatcher(query.where));
  for (const { field } of orders) {
    if (!isNamePath(field)) tests.push((document) => valueAt(document, field) !== undefined);
  }
  if (query.startAt) tests.push(makeBound(query.startAt, 'start', orders));
  if (query.endAt) tests.push(makeBound(query.endAt, 'end', orders));
  const fits: Matcher = (document) => tests.every((test) => test(document));
  const byName = orders.length === 1 && orders[0]?.descending === false;
  const end = query.limit === undefined ? undefined : query.offset + query.limit;
  return {
    query,
    orders,
    matches: (document) => inScope(document.name, query) && fits(document),
    run(source) {
      const found = source.scan(query).filter(fits);
      if (!byName) found.sort(makeComparator(orders));
      const results = query.findNearest ? findNearest(found, query.findNearest) : found;
      return query.offset === 0 && end === undefined ? results : results.slice(query.offset, end);
    },
  };
}
