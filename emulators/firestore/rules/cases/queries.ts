/** A query of the collection `q` below the condition of its `allow list`. */
export interface QueryCase {
  readonly condition: string;
  /** A google.firestore.v1.StructuredQuery in JSON, but for `from`. */
  readonly query: Readonly<Record<string, unknown>>;
  readonly allowed: boolean;
}

type Json = Readonly<Record<string, unknown>>;
const int = (value: number): Json => ({ integerValue: String(value) });
const text = (value: string): Json => ({ stringValue: value });
const array = (...values: readonly Json[]): Json => ({ arrayValue: { values } });
const where = (fieldPath: string, op: string, value: Json): Json => ({
  fieldFilter: { field: { fieldPath }, op, value },
});
const every = (...filters: readonly Json[]): Json => ({ compositeFilter: { op: 'AND', filters } });
const some = (...filters: readonly Json[]): Json => ({ compositeFilter: { op: 'OR', filters } });

const sIsU = where('s', 'EQUAL', text('u'));
const aOver = (value: number): Json => where('a', 'GREATER_THAN', int(value));
const aFrom = (value: number): Json => where('a', 'GREATER_THAN_OR_EQUAL', int(value));
const aBelow = (value: number): Json => where('a', 'LESS_THAN', int(value));
const aIsOneOrTwo = where('a', 'IN', array(int(1), int(2)));
const lHas = (value: string): Json => where('l', 'ARRAY_CONTAINS', text(value));
const byA = { orderBy: [{ field: { fieldPath: 'a' }, direction: 'ASCENDING' }] };
const isD1 = where('__name__', 'EQUAL', {
  referenceValue: 'projects/demo-rules/databases/(default)/documents/q/d1',
});
const inU = "'u' in resource.data.l";
const within = 'resource.data.a > 0 && resource.data.a < 9';

/** What each line means: condition, filter, whether Google's emulator allows it. */
const FILTERED: readonly (readonly [string, Json | undefined, boolean])[] = [
  ['true', undefined, true],
  ["resource.data.s == 'u'", undefined, false],
  ["resource.data.s == 'u'", sIsU, true],
  ["resource.data.s == 'u'", where('s', 'EQUAL', text('v')), false],
  ['resource.data.a > 0', undefined, false],
  ['resource.data.a > 0', aOver(0), true],
  ['resource.data.a > 0', aOver(5), true],
  ['resource.data.a >= 0', aOver(0), true],
  ['resource.data.a > 0', aFrom(0), false],
  ['resource.data.a > 0', aFrom(1), true],
  ['resource.data.a != 0', aOver(0), true],
  ['resource.data.a > 0', where('a', 'EQUAL', int(1)), true],
  ['resource.data.a < 5', aIsOneOrTwo, true],
  ['resource.data.a < 2', aIsOneOrTwo, false],
  ['resource.data.a in [1,2,3]', aIsOneOrTwo, true],
  ['resource.data.a in [1,2]', where('a', 'EQUAL', int(1)), true],
  [inU, undefined, false],
  [inU, lHas('u'), true],
  [inU, lHas('v'), false],
  ["resource.data.l.hasAny(['u'])", lHas('u'), true],
  [inU, where('l', 'ARRAY_CONTAINS_ANY', array(text('u'))), true],
  [inU, where('l', 'ARRAY_CONTAINS_ANY', array(text('u'), text('v'))), false],
  ['resource.data.m.k == 1', where('m.k', 'EQUAL', int(1)), true],
  ["resource.data.s == 'u' || resource.data.a > 0", aOver(0), true],
  ["resource.data.s == 'u'", some(sIsU, where('s', 'EQUAL', text('v'))), false],
  ["resource.data.s in ['u','v']", some(sIsU, where('s', 'EQUAL', text('v'))), true],
  ["resource.data.s == 'u'", some(sIsU, aOver(1)), false],
  ["resource.data.s == 'u' && resource.data.a > 0", every(sIsU, aOver(0)), true],
  ["resource.data.s == 'u'", every(sIsU, some(aOver(0), aBelow(0))), true],
  ['resource == null', undefined, false],
  ['resource != null', undefined, true],
  ["id == 'd1'", undefined, false],
  ["resource.id == 'd1'", undefined, false],
  ["id == 'd1'", isD1, true],
  ["resource.id == 'd1'", isD1, true],
  ['resource.__name__ == /databases/(default)/documents/q/d1', isD1, true],
  ["resource.data.keys().hasAll(['a'])", undefined, false],
  ['resource.data.s is string', sIsU, true],
  ["'s' in resource.data", sIsU, true],
  ["'s' in resource.data", undefined, false],
  ["resource.data.get('s','') == 'u'", sIsU, true],
  ['resource.data.s.size() == 1', sIsU, true],
  ["resource.data.s != 'x'", where('s', 'NOT_EQUAL', text('x')), true],
  ['resource.data.s == null', { unaryFilter: { op: 'IS_NULL', field: { fieldPath: 's' } } }, true],
  [within, every(aOver(0), aBelow(9)), true],
  [within, every(aOver(0), aBelow(10)), false],
  ['resource.data.a + 1 > 0', aOver(0), false],
  ['0 < resource.data.a', aOver(0), true],
  ['resource.data.z == 1 || true', undefined, true],
  ['resource.data.z == 1 ? true : true', undefined, false],
  ['!(resource.data.a < 0)', aOver(0), false],
  ['!(resource.data.a > 0)', aBelow(0), false],
  ['request.path == /databases/(default)/documents/q', undefined, true],
  ["request.method == 'list'", undefined, true],
  ['!exists(/databases/(default)/documents/q/none)', undefined, true],
  ['exists(/databases/(default)/documents/q/$(id))', undefined, false],
];

export const QUERY_CASES: readonly QueryCase[] = [
  ...FILTERED.map(([condition, filter, allowed]) => ({
    condition,
    query: filter ? { where: filter } : {},
    allowed,
  })),
  { condition: 'request.query.limit <= 10', query: {}, allowed: false },
  { condition: 'request.query.limit <= 10', query: { limit: 5 }, allowed: true },
  { condition: 'request.query.limit <= 10', query: { limit: 50 }, allowed: false },
  { condition: 'request.query.limit == null', query: {}, allowed: true },
  { condition: 'request.query.offset == 0', query: {}, allowed: true },
  { condition: 'request.query.offset == null', query: {}, allowed: false },
  { condition: "request.query.orderBy.a == 'ASC'", query: byA, allowed: true },
  { condition: "request.query.orderBy == 'a ASC'", query: byA, allowed: false },
  { condition: 'request.query.orderBy == null', query: {}, allowed: false },
];
