import { type Comparison, compareConstraint, constraintContains, MIRRORED } from './constraint.ts';
import {
  bool,
  duration,
  equal,
  float,
  identical,
  int,
  type RuleValue,
  string,
  timestamp,
} from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';
import type { BinaryOperator } from './syntax.ts';

/** An operator whose operands both have values: all but `&&` and `||`. */
export type StrictOperator = Exclude<BinaryOperator, '&&' | '||'>;
type Arithmetic = '+' | '-' | '*' | '/' | '%';

/**
 * What the operator makes of two values.
 * @throws EvaluationError where it has none for values of these kinds
 */
export function operate(op: StrictOperator, left: RuleValue, right: RuleValue): RuleValue {
  switch (op) {
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(op, left, right);
    case 'in':
      return contains(right, left);
    default:
      return calculate(op, left, right);
  }
}

/** @throws EvaluationError */
export function negate(op: '!' | '-', operand: RuleValue): RuleValue {
  if (op === '!' && operand.kind === 'bool') return bool(!operand.value);
  if (op === '-' && operand.kind === 'int') return int(-operand.value);
  if (op === '-' && operand.kind === 'float') return float(-operand.value);
  if (op === '-' && operand.kind === 'duration') return duration(-operand.nanos);
  const expected = op === '!' ? '!bool' : '-int, -float, -duration';
  throw new EvaluationError(
    `Unsupported operation error. Received: ${op}${operand.kind}. Expected: ${expected}.`,
  );
}

/** The operator `is`. A set is of no type it knows, as in Google's emulator. */
export function isOfType(value: RuleValue, type: string): boolean {
  if (value.kind === 'set') return false;
  return type === 'number' ? value.kind === 'int' || value.kind === 'float' : value.kind === type;
}

function compare(op: Comparison, left: RuleValue, right: RuleValue): RuleValue {
  if (left.kind === 'constraint') return compareConstraint(left, op, right, order);
  if (right.kind === 'constraint') return compareConstraint(right, MIRRORED[op], left, order);
  switch (op) {
    case '==':
      return bool(equal(left, right));
    case '!=':
      return bool(!equal(left, right));
    case '<':
      return bool(order(left, right) < 0);
    case '<=':
      return bool(order(left, right) <= 0);
    case '>':
      return bool(order(left, right) > 0);
    case '>=':
      return bool(order(left, right) >= 0);
  }
}

/** Negative, 0 or positive; NaN where a number is none. @throws EvaluationError for kinds that have no order */
function order(a: RuleValue, b: RuleValue): number {
  if (isNumber(a) && isNumber(b)) {
    if (Number.isNaN(a.value) || Number.isNaN(b.value)) return Number.NaN;
    return a.value < b.value ? -1 : Number(a.value > b.value);
  }
  if (a.kind === 'string' && b.kind === 'string') return a.value < b.value ? -1 : Number(a.value > b.value);
  if (a.kind === 'bytes' && b.kind === 'bytes') return Buffer.compare(a.value, b.value);
  if (
    (a.kind === 'timestamp' && b.kind === 'timestamp') ||
    (a.kind === 'duration' && b.kind === 'duration')
  ) {
    return a.nanos < b.nanos ? -1 : Number(a.nanos > b.nanos);
  }
  throw new EvaluationError(`Unsupported operation error. ${a.kind} and ${b.kind} have no order.`);
}

/** Whether a collection has an item, or a map a key. */
function contains(holder: RuleValue, item: RuleValue): RuleValue {
  switch (holder.kind) {
    case 'list':
      if (item.kind === 'constraint')
        throw new EvaluationError('The query does not restrict the field to the values of the list.');
      return bool(holder.items.some((other) => identical(other, item)));
    case 'set':
      return bool(holder.items.some((other) => equal(other, item)));
    case 'map':
      if (item.kind !== 'string')
        throw new EvaluationError(`Type error. Received: [${item.kind}] Expected: [string].`);
      return bool(holder.fields.has(item.value));
    case 'constraint':
      return constraintContains(holder, [item]);
    case 'null':
      throw new EvaluationError('Null value error.');
    default:
      throw new EvaluationError(`Unsupported operation error. Received: ${item.kind} in ${holder.kind}.`);
  }
}

function calculate(op: Arithmetic, left: RuleValue, right: RuleValue): RuleValue {
  if (left.kind === 'int' && right.kind === 'int') return wholeNumbers(op, left.value, right.value);
  if (isNumber(left) && isNumber(right)) return numbers(op, Number(left.value), Number(right.value));
  if (op === '+' && left.kind === 'string' && right.kind === 'string')
    return string(left.value + right.value);
  const time = (op === '+' || op === '-') && times(op, left, right);
  if (time) return time;
  throw new EvaluationError(`Unsupported operation error. Received: ${left.kind} ${op} ${right.kind}.`);
}

function times(op: '+' | '-', left: RuleValue, right: RuleValue): RuleValue | undefined {
  if (left.kind !== 'timestamp' && left.kind !== 'duration') return undefined;
  if (right.kind !== 'timestamp' && right.kind !== 'duration') return undefined;
  const nanos = op === '+' ? left.nanos + right.nanos : left.nanos - right.nanos;
  if (left.kind === right.kind) return left.kind === 'duration' || op === '-' ? duration(nanos) : undefined;
  return op === '+' || left.kind === 'timestamp' ? timestamp(nanos) : undefined;
}

function wholeNumbers(op: Arithmetic, a: bigint, b: bigint): RuleValue {
  if ((op === '/' || op === '%') && b === 0n) throw new EvaluationError('Divide by zero error.');
  switch (op) {
    case '+':
      return int(a + b);
    case '-':
      return int(a - b);
    case '*':
      return int(a * b);
    case '/':
      return int(a / b);
    case '%':
      return int(a % b);
  }
}

function numbers(op: Arithmetic, a: number, b: number): RuleValue {
  switch (op) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      return float(a / b);
    case '%':
      return float(a % b);
  }
}

function isNumber(value: RuleValue): value is Extract<RuleValue, { kind: 'int' | 'float' }> {
  return value.kind === 'int' || value.kind === 'float';
}
