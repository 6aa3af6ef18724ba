import { list, path, type RuleValue, string } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';

/** `value.name`. @throws EvaluationError where there is none */
export function memberOf(value: RuleValue, name: string): RuleValue {
  if (value.kind === 'null') throw new EvaluationError('Null value error.');
  if (value.kind !== 'map')
    throw new EvaluationError(`Type error. Received: [${value.kind}] Expected: [map].`);
  const member = value.fields.get(name);
  if (member === undefined) throw new EvaluationError(`Property ${name} is undefined on object.`);
  return member;
}

/** `value[index]`. @throws EvaluationError where there is none */
export function elementOf(value: RuleValue, index: RuleValue): RuleValue {
  if (value.kind === 'map' && index.kind === 'string') return memberOf(value, index.value);
  const at = Number(positionOf(index));
  const item = sequenceOf(value)[at];
  if (item === undefined) throw outOfBounds(at, value);
  return typeof item === 'string' ? string(item) : item;
}

/** `value[from:to]`, of the same kind. @throws EvaluationError where it is not within the value */
export function sliceOf(value: RuleValue, from: RuleValue | undefined, to: RuleValue | undefined): RuleValue {
  const sequence = sequenceOf(value);
  const start = from ? Number(positionOf(from)) : 0;
  const end = to ? Number(positionOf(to)) : sequence.length;
  if (start < 0 || start > sequence.length) throw outOfBounds(start, value);
  if (end < start || end > sequence.length) throw outOfBounds(end - 1, value);
  if (value.kind === 'string') return string(value.value.slice(start, end));
  if (value.kind === 'path') return path(value.segments.slice(start, end));
  return value.kind === 'list' ? list(value.items.slice(start, end)) : value;
}

function sequenceOf(value: RuleValue): ArrayLike<RuleValue | string> {
  if (value.kind === 'null') throw new EvaluationError('Null value error.');
  if (value.kind === 'string') return value.value;
  if (value.kind === 'list') return value.items;
  if (value.kind === 'path') return value.segments;
  throw new EvaluationError('Function not found error: Name: [[]].');
}

function positionOf(index: RuleValue): bigint {
  if (index.kind === 'int') return index.value;
  throw new EvaluationError(`Type error. Received: [${index.kind}] Expected: [int].`);
}

function outOfBounds(index: number, value: RuleValue): EvaluationError {
  return new EvaluationError(
    `Index out of bound error. Index: [${index}] , size: [${sequenceOf(value).length}].`,
  );
}
