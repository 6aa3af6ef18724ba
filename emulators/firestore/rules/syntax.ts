import type { RuleValue } from './rule-value.ts';
import type { Position } from './rules-error.ts';

export type BinaryOperator =
  | '||'
  | '&&'
  | 'in'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%';

/** An expression of the rules language, and where it stands. */
export type Expression = { readonly at: Position } & (
  | { readonly kind: 'literal'; readonly value: RuleValue }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  /** `/a/$(b)`: text, or what is put in. */
  | { readonly kind: 'path'; readonly segments: readonly (string | Expression)[] }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly of: Expression;
      readonly from: Expression | undefined;
      readonly to: Expression | undefined;
    }
  /** A function by its name, with its namespace if it has one: `exists`, `math.abs`. */
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | {
      readonly kind: 'method';
      readonly of: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: 'unary'; readonly op: '!' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly op: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'is'; readonly operand: Expression; readonly type: string }
  | {
      readonly kind: 'choice';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
);

export interface FunctionDeclaration {
  readonly at: Position;
  readonly name: string;
  readonly parameters: readonly string[];
  readonly lets: readonly { readonly at: Position; readonly name: string; readonly value: Expression }[];
  readonly result: Expression;
}

/** What an operation is called in `allow` and in `request.method`. */
export type Method = 'get' | 'list' | 'create' | 'update' | 'delete';

export interface Allow {
  readonly at: Position;
  readonly methods: ReadonlySet<Method>;
  /** Undefined: always. */
  readonly condition: Expression | undefined;
}

/** A part of a `match` path: text, `{name}` or `{name=**}`. */
export type PatternSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one' | 'rest'; readonly name: string };

export interface Match {
  readonly at: Position;
  readonly pattern: readonly PatternSegment[];
  readonly functions: readonly FunctionDeclaration[];
  readonly allows: readonly Allow[];
  readonly matches: readonly Match[];
}

/** A file of rules for Firestore. */
export interface RulesFile {
  readonly version: 1 | 2;
  readonly functions: readonly FunctionDeclaration[];
  readonly matches: readonly Match[];
}
