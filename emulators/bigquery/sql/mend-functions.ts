import { DATE_FUNCTIONS } from './mend-dates.ts';
import { array, call, cast, isNode, literalOf, type Mends, member, type Node, number, text } from './tree.ts';

type Rewrite = (args: readonly Node[]) => Node | undefined;

/** The same function under the name of one of our macros, see macros.ts, or of DuckDB. */
const to =
  (name: string): Rewrite =>
  (args) =>
    call(name, ...args);

/** Functions of GoogleSQL that the transpiler gets wrong or does not know. */
const FUNCTIONS: Readonly<Record<string, Rewrite>> = {
  ...DATE_FUNCTIONS,
  REGEXP_CONTAINS: to('REGEXP_MATCHES'),
  REGEXP_EXTRACT: ([value, pattern]) => value && pattern && call('BQ_REGEXP_EXTRACT', value, pattern),
  REGEXP_EXTRACT_ALL: to('BQ_REGEXP_EXTRACT_ALL'),
  REGEXP_REPLACE: to('BQ_REGEXP_REPLACE'),
  FORMAT: ([format, ...args]) => format && formatted(format, args),
  JSON_EXTRACT_SCALAR: ([json, path]) => json && call('BQ_JSON_VALUE', json, path ?? text('$')),
  JSON_EXTRACT_ARRAY: to('BQ_JSON_ARRAY'),
  JSON_QUERY_ARRAY: to('BQ_JSON_ARRAY'),
  JSON_VALUE_ARRAY: to('BQ_JSON_VALUE_ARRAY'),
  JSON_EXTRACT_STRING_ARRAY: to('BQ_JSON_VALUE_ARRAY'),
  TO_JSON: ([value]) => value && call('BQ_TO_JSON', value),
  STRING: ([value, zone]) => (value && !zone ? call('BQ_STRING', value) : undefined),
  INT64: ([json]) => json && cast(call('BQ_JSON_VALUE', json, text('$')), 'INT64'),
  FLOAT64: ([json]) => json && cast(call('BQ_JSON_VALUE', json, text('$')), 'FLOAT64'),
  BOOL: ([json]) => json && cast(call('BQ_JSON_VALUE', json, text('$')), 'BOOL'),
  LAX_STRING: ([json]) => json && call('BQ_JSON_VALUE', json, text('$')),
  LAX_INT64: to('BQ_LAX_INT64'),
  LAX_FLOAT64: to('BQ_LAX_FLOAT64'),
  LAX_BOOL: to('BQ_LAX_BOOL'),
  IEEE_DIVIDE: to('BQ_IEEE_DIVIDE'),
  PERCENTILE_DISC: to('QUANTILE_DISC'),
  RANGE_BUCKET: to('BQ_RANGE_BUCKET'),
  ARRAY_FIRST: to('BQ_ARRAY_FIRST'),
  ARRAY_LAST: to('BQ_ARRAY_LAST'),
  GENERATE_UUID: to('BQ_GENERATE_UUID'),
};

/** Aggregates that are called like functions. */
const AGGREGATES: Readonly<Record<string, Rewrite>> = {
  APPROX_QUANTILES: ([value, count]) => value && quantiles(value, Number(literalOf(count))),
  APPROX_TOP_COUNT: to('BQ_TOP_COUNT'),
  PERCENTILE_DISC: to('QUANTILE_DISC'),
};

export const FUNCTION_MENDS: Mends = {
  function({ name, args }) {
    const [, inner] = /^SAFE\.(\w+)$/i.exec(String(name)) ?? [];
    const given = (args ?? []) as readonly Node[];
    const known = (inner ?? String(name)).toUpperCase();
    const mended = Object.hasOwn(FUNCTIONS, known) ? FUNCTIONS[known]?.(given) : undefined;
    return inner === undefined ? mended : call('TRY', mended ?? call(inner, ...given));
  },
  method_call({ this: on, method, args }) {
    const [scope, name] = [on, { column: { name: method } }].map((node) =>
      String(member(member(node as Node, 'column') ?? {}, 'name')?.name).toUpperCase(),
    );
    return scope === 'NET' && name === 'HOST' ? call('BQ_NET_HOST', ...(args as readonly Node[])) : undefined;
  },
  aggregate_function: ({ name, args }) => AGGREGATES[String(name).toUpperCase()]?.(args as readonly Node[]),
  json_value: ({ this: json, path }) => call('BQ_JSON_VALUE', json as Node, isNode(path) ? path : text('$')),
  cast(payload) {
    const { data_type: type, name } = member(payload, 'to') ?? {};
    const isInteger = type === 'big_int' || (type === 'custom' && /^INT(?:64|EGER)?$/i.test(String(name)));
    return isInteger ? call('BQ_INT64', payload.this as Node) : undefined;
  },
  safe_divide: ({ this: a, expression: b }) => call('BQ_SAFE_DIVIDE', a as Node, b as Node),
  json_type: ({ this: json }) => call('BQ_JSON_TYPE', json as Node),
  initcap: ({ this: value }) => call('BQ_INITCAP', value as Node),
  normalize: ({ this: value }) => call('NFC_NORMALIZE', value as Node),
  // GoogleSQL's literals are INT64, DuckDB's as narrow as they can be.
  mul: ({ left, right, ...rest }) => ({ mul: { ...rest, left: wide(left), right: wide(right) } }),
  to_json: ({ this: value }) => call('BQ_TO_JSON', value as Node),
  array_agg(payload) {
    const { limit } = payload;
    return isNode(limit) ? call('BQ_FIRST', { array_agg: { ...payload, limit: null } }, limit) : undefined;
  },
  string_agg(payload) {
    const { this: value, separator, order_by: order, limit, distinct } = payload;
    if (!isNode(limit)) return undefined;
    const all = { this: value, distinct, order_by: order, name: 'ARRAY_AGG', ignore_nulls: true };
    return call(
      'ARRAY_TO_STRING',
      call('BQ_FIRST', { array_agg: all }, limit),
      isNode(separator) ? separator : text(','),
    );
  },
};

function wide(operand: unknown): unknown {
  const isWhole = isNode(operand) && member(operand, 'literal') && /^\d+$/.test(literalOf(operand) ?? '');
  return isWhole ? cast(operand, 'INT64') : operand;
}

/** The values at `count + 1` equal steps, as they are in the data; the transpiler's would lie between. */
function quantiles(value: Node, count: number): Node | undefined {
  if (!Number.isInteger(count) || count < 1) return undefined;
  const steps = Array.from({ length: count + 1 }, (_, step) =>
    number(step === 0 ? '0e0' : `${step / count}e0`),
  );
  return call('QUANTILE_DISC', value, array(...steps));
}

/** DuckDB's printf wants each argument in the type its place names. */
function formatted(format: Node, args: readonly Node[]): Node | undefined {
  const pattern = literalOf(format);
  if (pattern === undefined) return undefined;
  let position = 0;
  const values: Node[] = [];
  const put = pattern.replace(
    /%([-+ 0#']*)(\d*(?:\.\d+)?)([a-zA-Z%])/g,
    (_whole, flags, width, kind: string) => {
      if (kind === '%') return '%%';
      const value = args[position++] ?? { null: null };
      if (/[tTs]/.test(kind)) values.push(cast(value, 'STRING'));
      else if (/[eEfFgG]/.test(kind)) values.push(cast(value, 'FLOAT64'));
      else values.push(value);
      return `%${String(flags).replace("'", ',')}${width}${/[tT]/.test(kind) ? 's' : kind.replace('i', 'd')}`;
    },
  );
  return call('PRINTF', text(put), ...values);
}
