import fc from 'fast-check';

const LITERALS = [
  ...['1', '2', '0', '-1', '1.5', '0.0', '2.0', 'true', 'false', 'null', "'a'", "'b'", "''", "'a,b'", "'1'"],
  ...["b'a'", '[]', '[1,2]', "['a']", "[1,'a',null]", '[[1],[2]]', '{}', "{'a':1}", "{'a':{'b':'c'}}"],
  ...["['a','b'].toSet()", '[1].toSet()', '/a/b', '/a/$(id)', 'request.path', 'request.auth'],
  ...['request.method', 'resource', 'id', 'timestamp.value(0)', 'timestamp.date(2020,2,29)', "'é😀'"],
  ...[
    "duration.value(1,'h')",
    'duration.time(1,2,3,4)',
    'latlng.value(1,2)',
    'math.pow(2,3)',
    "float('NaN')",
  ],
  ...["{'a':1}.diff({'a':2,'b':3})", '9223372036854775807', "float('Infinity')", "hashing.md5('a')"],
];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '&&', '||', 'in'];
const TYPES = [
  ...['bool', 'bytes', 'duration', 'float', 'int', 'latlng', 'list', 'set', 'number', 'map', 'string'],
  ...['timestamp', 'path', 'map_diff'],
];
const METHODS = [
  ...[
    'size',
    'keys',
    'values',
    'toSet',
    'lower',
    'upper',
    'trim',
    'toBase64',
    'toHexString',
    'toUtf8',
    'date',
  ],
  ...['time', 'year', 'month', 'day', 'hours', 'minutes', 'seconds', 'nanos', 'dayOfWeek', 'dayOfYear'],
  ...['toMillis', 'latitude', 'affectedKeys', 'addedKeys', 'changedKeys', 'removedKeys', 'unchangedKeys'],
];
const METHODS_OF_ONE = [
  ...['hasAll', 'hasAny', 'hasOnly', 'concat', 'removeAll', 'join', 'union', 'intersection', 'difference'],
  ...['diff', 'split', 'matches', 'distance'],
];
const FUNCTIONS = [
  ...[
    'string',
    'int',
    'float',
    'math.abs',
    'math.ceil',
    'math.floor',
    'math.round',
    'math.sqrt',
    'math.isNaN',
  ],
  ...['path', 'exists', 'duration.abs'],
];

/** For property tests: any expression, of values that mostly do not fit together. */
export function anyExpression(): fc.Arbitrary<string> {
  const { expression } = fc.letrec<{ expression: string }>((tie) => {
    const inner = tie('expression').map((text) => `(${text})`);
    const pick = (texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
    const joined = (...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
      fc.tuple(...parts).map((texts) => texts.join(''));
    const text = (constant: string): fc.Arbitrary<string> => fc.constant(constant);
    return {
      expression: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        pick(LITERALS),
        joined(inner, pick(OPERATORS.map((operator) => ` ${operator} `)), inner),
        joined(inner, text(' is '), pick(TYPES)),
        joined(pick(['!', '-']), inner),
        joined(inner, pick(METHODS.map((method) => `.${method}()`))),
        joined(inner, pick(METHODS_OF_ONE.map((method) => `.${method}`)), inner),
        joined(inner, text('['), inner, text(']')),
        joined(inner, text('['), inner, text(':'), inner, text(']')),
        joined(inner, text('.get('), inner, text(', '), inner, text(')')),
        joined(inner, pick(['.a', '.b', '.uid'])),
        joined(pick(FUNCTIONS), inner),
        joined(text('('), inner, text(' ? '), inner, text(' : '), inner, text(')')),
      ),
    };
  });
  return expression.filter((each) => each.length <= 120);
}
