import type { Kind, RuleValue, ValueOf } from '../rule-value.ts';
import { EvaluationError } from '../rules-error.ts';

/** What an argument may be: of one kind, of one of several, or anything. */
type Accepts = Kind | readonly Kind[] | 'any';
type Accepted<A> = A extends 'any'
  ? RuleValue
  : A extends Kind
    ? ValueOf<A>
    : A extends readonly Kind[]
      ? ValueOf<A[number]>
      : never;

/** A function of the language: how many arguments it takes, and what it makes of them. */
export interface RuleFunction {
  readonly arity: number;
  /** @throws EvaluationError for arguments of other kinds */
  readonly apply: (args: readonly RuleValue[], name: string) => RuleValue;
}

/** A function that is given arguments of the kinds it accepts only. */
export function fn<const A extends readonly Accepts[]>(
  accepts: A,
  body: (...args: { [I in keyof A]: Accepted<A[I]> }) => RuleValue,
): RuleFunction {
  return {
    arity: accepts.length,
    apply: (args, name) => {
      const fits =
        args.length === accepts.length && args.every((arg, index) => isAccepted(arg.kind, accepts[index]));
      if (!fits) {
        throw new EvaluationError(
          `Unsupported operation error. Received: ${name}(${args.map(({ kind }) => kind).join(', ')}). Expected: ${name}(${accepts.map(describe).join(', ')}).`,
        );
      }
      return body(...(args as { [I in keyof A]: Accepted<A[I]> }));
    },
  };
}

/** Functions of a package or methods of a kind, by name; a method's first argument is the value itself. */
export type Library = Readonly<Record<string, RuleFunction>>;

function isAccepted(kind: Kind, accepts: Accepts | undefined): boolean {
  if (accepts === undefined) return false;
  return accepts === 'any' || accepts === kind || (typeof accepts !== 'string' && accepts.includes(kind));
}

function describe(accepts: Accepts): string {
  return typeof accepts === 'string' ? accepts : accepts.join('|');
}
