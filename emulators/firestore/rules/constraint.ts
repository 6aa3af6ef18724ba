import { bool, equal, type RuleValue, type ValueOf } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';

/** One thing a query's filter tells of a field. */
export type Bound =
  | { readonly op: '<' | '<=' | '>' | '>=' | '!='; readonly value: RuleValue }
  /** The field is an array with this element. */
  | { readonly op: 'contains'; readonly value: RuleValue };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
type Constraint = ValueOf<'constraint'>;

/** The comparison with its sides exchanged. */
export const MIRRORED = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

/**
 * True where the query's filters imply the comparison. Otherwise some results may break it, and there is no value.
 * @throws EvaluationError
 */
export function compareConstraint(
  { bounds }: Constraint,
  op: Comparison,
  value: RuleValue,
  order: (a: RuleValue, b: RuleValue) => number,
): RuleValue {
  const implied = bounds.some((bound) => {
    if (bound.op === 'contains') return false;
    if (bound.op === '!=') return op === '!=' && equal(bound.value, value);
    if (op === '==') return false;
    const side = Math.sign(order(bound.value, value));
    const upper = bound.op === '<' || bound.op === '<=';
    const strict = bound.op === '<' || bound.op === '>';
    const away = upper ? -side : side;
    switch (op) {
      case '!=':
        return away > 0 || (away === 0 && strict);
      case '<':
      case '<=':
        return upper && (away > 0 || (away === 0 && (strict || op === '<=')));
      default:
        return !upper && (away > 0 || (away === 0 && (strict || op === '>=')));
    }
  });
  if (implied) return bool(true);
  throw undecided(`${op} of a field that the query does not restrict to it`);
}

/** `value in field`, `field.hasAny([…])`: true where the query asks for arrays that contain one of the values. */
export function constraintContains({ bounds }: Constraint, values: readonly RuleValue[]): RuleValue {
  const implied = bounds.some(
    (bound) => bound.op === 'contains' && values.some((value) => equal(bound.value, value)),
  );
  if (implied) return bool(true);
  throw undecided('an array that the query does not restrict to contain it');
}

function undecided(what: string): EvaluationError {
  return new EvaluationError(`The query's filters do not decide ${what}.`);
}
