import { bool, float, int, type RuleValue, string } from '../rule-value.ts';
import { EvaluationError } from '../rules-error.ts';
import { fn, type Library } from './method.ts';

const NUMBER = ['int', 'float'] as const;
const INT_MAX = 2 ** 63;

/** https://firebase.google.com/docs/reference/rules/rules.math */
export const MATH_FUNCTIONS: Library = {
  'math.abs': fn([NUMBER], (x) =>
    x.kind === 'int' ? int(x.value < 0n ? -x.value : x.value) : float(Math.abs(x.value)),
  ),
  'math.ceil': fn([NUMBER], ({ value }) => float(Math.ceil(Number(value)))),
  'math.floor': fn([NUMBER], ({ value }) => float(Math.floor(Number(value)))),
  'math.round': fn([NUMBER], (x) => (x.kind === 'int' ? x : truncated(Math.round(x.value)))),
  'math.pow': fn([NUMBER, NUMBER], (base, exponent) => float(Number(base.value) ** Number(exponent.value))),
  'math.sqrt': fn([NUMBER], ({ value }) => float(Math.sqrt(Number(value)))),
  'math.isNaN': fn([NUMBER], ({ value }) => bool(Number.isNaN(Number(value)))),
};

/** Conversions: https://firebase.google.com/docs/reference/rules/rules */
export const CONVERSIONS: Library = {
  int: fn([['int', 'float', 'string']], (x) => {
    if (x.kind === 'int') return x;
    if (x.kind === 'float') return truncated(x.value);
    if (!/^[+-]?\d{1,19}$/.test(x.value)) throw conversion(x.value, 'int');
    return int(BigInt(x.value.replace('+', '')));
  }),
  float: fn([['int', 'float', 'string']], (x) => {
    if (x.kind !== 'string') return float(Number(x.value));
    const text = x.value.trim();
    if (!/^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)$/.test(text))
      throw conversion(x.value, 'float');
    return float(Number(text));
  }),
  string: fn(['any'], (x) => string(toText(x))),
};

/**
 * The text of a value, as `string()` and `join` give it.
 * @throws EvaluationError for kinds that have none
 */
export function toText(value: RuleValue): string {
  switch (value.kind) {
    case 'string':
      return value.value;
    case 'null':
      return 'null';
    case 'bool':
    case 'int':
      return String(value.value);
    case 'float':
      return floatText(value.value);
    case 'path':
      return `/${value.segments.join('/')}`;
    default:
      throw new EvaluationError(
        `Unsupported operation error. Received: string(${value.kind}). Expected: string(int), string(float), string(null), string(string), string(bool), string(path).`,
      );
  }
}

/** A double as Java writes it: `1.0`, `1.5`, `1.0E8`. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/** The integer towards zero; what 64 bits cannot hold becomes the nearest they can, NaN 0, as in Java. */
function truncated(value: number): RuleValue {
  if (Number.isNaN(value)) return int(0n);
  if (value >= INT_MAX) return int(2n ** 63n - 1n);
  if (value <= -INT_MAX) return int(-(2n ** 63n));
  return int(Math.trunc(value));
}

function conversion(text: string, to: string): EvaluationError {
  return new EvaluationError(
    `Type conversion error. Argument: [${text}], From type: [string], To type: [${to}].`,
  );
}
