import { elementOf, memberOf, sliceOf } from './elements.ts';
import { type Binding, type Frame, findBinding, findFunction, valuesFrame } from './frame.ts';
import { functionOf, methodOf } from './library/library.ts';
import { toText } from './library/numbers.ts';
import { isOfType, negate, operate } from './operators.ts';
import { bool, list, map, path, type RuleValue } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';
import type { Expression, FunctionDeclaration } from './syntax.ts';

/** What expressions reach beyond their own values. */
export interface Evaluation {
  /** Called before each expression with a value of its own. @throws EvaluationError beyond the limit */
  spend(): void;
  /** `get`, `exists`, `getAfter` and `existsAfter`; undefined for other names. @throws EvaluationError */
  lookUp(name: string, args: readonly RuleValue[]): RuleValue | undefined;
  /** `debug(value)`. */
  debug(value: RuleValue): void;
}

/**
 * What the expression is worth.
 * @throws EvaluationError where it has no value
 */
export function evaluate(expression: Expression, frame: Frame, evaluation: Evaluation): RuleValue {
  const worth = (inner: Expression): RuleValue => evaluate(inner, frame, evaluation);
  if (expression.kind !== 'literal') evaluation.spend();
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return list(expression.items.map(worth));
    case 'map':
      return map(expression.entries.map(([key, value]) => [textOf(worth(key)), worth(value)]));
    case 'path':
      return path(
        expression.segments.map((part) => (typeof part === 'string' ? part : segmentOf(worth(part)))),
      );
    case 'variable':
      return valueNamed(expression.name, frame);
    case 'member':
      return memberOf(worth(expression.of), expression.name);
    case 'index':
      return elementOf(worth(expression.of), worth(expression.index));
    case 'slice': {
      const { of, from, to } = expression;
      return sliceOf(worth(of), from && worth(from), to && worth(to));
    }
    case 'call':
      return call(expression.name, expression.args, frame, evaluation);
    case 'method':
      return callMethod(worth(expression.of), expression.name, expression.args.map(worth));
    case 'unary':
      return negate(expression.op, worth(expression.operand));
    case 'binary': {
      const { op, left, right } = expression;
      if (op === '&&' || op === '||') return junction(op === '||', left, right, worth);
      return operate(op, worth(left), worth(right));
    }
    case 'is':
      return bool(isOfType(worth(expression.operand), expression.type));
    case 'choice':
      return truth(worth(expression.condition)) ? worth(expression.then) : worth(expression.otherwise);
  }
}

/** @throws EvaluationError for what is neither true nor false */
export function truth(value: RuleValue): boolean {
  if (value.kind === 'bool') return value.value;
  if (value.kind === 'null') throw new EvaluationError('Null value error.');
  throw new EvaluationError(`Type error. Received: [${value.kind}] Expected: [bool].`);
}

/** `||` and `&&`: either side alone decides, even where the other has no value. */
function junction(
  decisive: boolean,
  left: Expression,
  right: Expression,
  worth: (expression: Expression) => RuleValue,
): RuleValue {
  let failure: EvaluationError | undefined;
  for (const side of [left, right]) {
    try {
      if (truth(worth(side)) === decisive) return bool(decisive);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      failure ??= error;
    }
  }
  if (failure) throw failure;
  return bool(!decisive);
}

function valueNamed(name: string, frame: Frame): RuleValue {
  const value = findBinding(frame, name)?.();
  if (value === undefined) throw new EvaluationError('Null value error.');
  return value;
}

function call(name: string, args: readonly Expression[], frame: Frame, evaluation: Evaluation): RuleValue {
  const own = findFunction(frame, name);
  const worth = (arg: Expression): RuleValue => evaluate(arg, frame, evaluation);
  if (own)
    return callOwn(
      own.declaration,
      own.frame,
      args.map((arg) => once(() => worth(arg))),
      evaluation,
    );
  const values = args.map(worth);
  const found = evaluation.lookUp(name, values);
  if (found) return found;
  const [first] = values;
  if (name === 'debug' && first) {
    evaluation.debug(first);
    return first;
  }
  const built = functionOf(name);
  if (!built) throw new EvaluationError(`Function not found error: Name: [${name}].`);
  return built.apply(values, name);
}

function callOwn(
  { parameters, lets, result }: FunctionDeclaration,
  declaredIn: Frame,
  args: readonly Binding[],
  evaluation: Evaluation,
): RuleValue {
  const bindings = new Map<string, Binding>();
  const inside = valuesFrame(declaredIn, bindings);
  for (const [index, parameter] of parameters.entries()) {
    const arg = args[index];
    if (arg) bindings.set(parameter, arg);
  }
  for (const { name, value } of lets) {
    const outer = valuesFrame(declaredIn, new Map(bindings));
    bindings.set(
      name,
      once(() => evaluate(value, outer, evaluation)),
    );
  }
  return evaluate(result, inside, evaluation);
}

function callMethod(of: RuleValue, name: string, args: readonly RuleValue[]): RuleValue {
  if (of.kind === 'null') throw new EvaluationError('Null value error.');
  const method = methodOf(of.kind, name);
  if (!method) throw new EvaluationError(`Function not found error: Name: [${name}].`);
  return method.apply([of, ...args], name);
}

function textOf(key: RuleValue): string {
  if (key.kind === 'string') return key.value;
  throw new EvaluationError(`Type error. Received: [${key.kind}] Expected: [string].`);
}

/** What `$(…)` puts into a path: any text, one segment. */
function segmentOf(value: RuleValue): string {
  if (value.kind === 'null') throw new EvaluationError('Null value error.');
  return toText(value);
}

/** Evaluates at the first use, and keeps the value or the error. */
function once(evaluateNow: () => RuleValue): Binding {
  let outcome: { readonly value: RuleValue } | { readonly error: unknown } | undefined;
  return () => {
    if (!outcome) {
      try {
        outcome = { value: evaluateNow() };
      } catch (error) {
        outcome = { error };
      }
    }
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
}

/** For names that stand for a value known beforehand. */
export function bound(value: RuleValue): Binding {
  return () => value;
}
