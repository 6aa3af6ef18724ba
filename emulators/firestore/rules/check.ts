import { checkCallDepth, type DeclaredFunction, type DeclaredFunctions } from './call-depth.ts';
import { NAMESPACES } from './expressions.ts';
import { functionOf, methodsNamed } from './library/library.ts';
import { compilePattern } from './library/pattern.ts';
import { LOOKUP_NAMES } from './lookups.ts';
import { partsOf } from './parts.ts';
import { EvaluationError, type Position, RulesError } from './rules-error.ts';
import type { Expression, FunctionDeclaration, Match, RulesFile } from './syntax.ts';

/** Limits of the language: https://firebase.google.com/docs/rules/rules-language#function */
const MOST_PARAMETERS = 7;
const MOST_VARIABLES = 10;

const REQUEST_PROPERTIES: ReadonlySet<string> = new Set([
  ...['auth', 'method', 'path', 'query', 'resource', 'time'],
]);
const PATTERN_METHODS: ReadonlySet<string> = new Set(['matches', 'replace', 'split']);

/** What may be used at a place, besides `request` and `resource`. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly functions: DeclaredFunctions;
}

/**
 * Holds parsed rules to what is known: names, functions, methods and their numbers of arguments, patterns, depth of calls.
 * Google's emulator only warns of most of these, and the rule then allows nothing; here the rules are refused.
 * @throws RulesError
 */
export function checkRules(file: RulesFile): void {
  checkBody({ ...file, allows: [] }, new Set(), new Map());
}

type Body = Pick<Match, 'functions' | 'allows' | 'matches'>;

function checkBody(body: Body, names: ReadonlySet<string>, outer: DeclaredFunctions): void {
  const functions = new Map<string, DeclaredFunction>(outer);
  const scope: Scope = { names, functions };
  const own = new Set<string>();
  for (const declaration of body.functions) {
    const { name, at, parameters, lets } = declaration;
    if (own.has(name)) throw new RulesError(at, `The function ${name} is declared twice.`);
    if (parameters.length > MOST_PARAMETERS)
      throw new RulesError(at, `The function ${name} has more than ${MOST_PARAMETERS} parameters.`);
    if (lets.length > MOST_VARIABLES)
      throw new RulesError(at, `The function ${name} has more than ${MOST_VARIABLES} variables.`);
    own.add(name);
    functions.set(name, { declaration, visible: functions });
  }
  for (const declaration of body.functions) checkFunction(declaration, scope);
  checkCallDepth(functions.values());
  for (const { condition } of body.allows) if (condition) checkExpression(condition, scope);
  for (const match of body.matches) {
    const wildcards = match.pattern.flatMap((segment) => (segment.kind === 'text' ? [] : [segment.name]));
    checkBody(match, new Set([...names, ...wildcards]), functions);
  }
}

function checkFunction(declaration: FunctionDeclaration, scope: Scope): void {
  const names = new Set([...scope.names, ...declaration.parameters]);
  for (const { name, value } of declaration.lets) {
    checkExpression(value, { ...scope, names: new Set(names) });
    names.add(name);
  }
  checkExpression(declaration.result, { ...scope, names });
}

function checkExpression(expression: Expression, scope: Scope): void {
  const { at } = expression;
  if (expression.kind === 'variable') checkName(expression.name, at, scope);
  if (expression.kind === 'call') checkCall(expression.name, expression.args.length, at, scope);
  if (expression.kind === 'method') checkMethod(expression, at);
  if (expression.kind === 'member' && !scope.names.has('request')) checkRequest(expression);
  for (const part of partsOf(expression)) checkExpression(part, scope);
}

function checkRequest({ of, name, at }: Extract<Expression, { kind: 'member' }>): void {
  if (of.kind !== 'variable' || of.name !== 'request' || REQUEST_PROPERTIES.has(name)) return;
  throw new RulesError(at, `request has no ${name}: it has ${[...REQUEST_PROPERTIES].join(', ')}.`);
}

function checkName(name: string, at: Position, { names }: Scope): void {
  if (names.has(name) || name === 'request' || name === 'resource') return;
  if (NAMESPACES.has(name)) throw new RulesError(at, `${name} is a package and no value.`);
  throw new RulesError(at, `Invalid variable name: ${name}.`);
}

function checkCall(name: string, given: number, at: Position, { functions }: Scope): void {
  const isLookup = LOOKUP_NAMES.includes(name) || name === 'debug';
  const arity =
    functions.get(name)?.declaration.parameters.length ?? (isLookup ? 1 : functionOf(name)?.arity);
  if (arity === undefined) throw new RulesError(at, `Invalid function name: ${name}.`);
  if (arity !== given) throw new RulesError(at, `${name} takes ${arity} arguments, not ${given}.`);
}

function checkMethod({ name, args }: Extract<Expression, { kind: 'method' }>, at: Position): void {
  const known = methodsNamed(name);
  if (known.length === 0) throw new RulesError(at, `Invalid function name: ${name}.`);
  if (!known.some(({ arity }) => arity === args.length + 1))
    throw new RulesError(at, `${name} takes ${(known[0]?.arity ?? 1) - 1} arguments, not ${args.length}.`);
  const [pattern] = args;
  if (!PATTERN_METHODS.has(name) || pattern?.kind !== 'literal' || pattern.value.kind !== 'string') return;
  try {
    compilePattern(pattern.value.value);
  } catch (error) {
    throw error instanceof EvaluationError ? new RulesError(pattern.at, error.message) : error;
  }
}
