import { partsOf } from './parts.ts';
import { RulesError } from './rules-error.ts';
import type { Expression, FunctionDeclaration } from './syntax.ts';

/** A function, and those that it sees by their names. */
export interface DeclaredFunction {
  readonly declaration: FunctionDeclaration;
  readonly visible: DeclaredFunctions;
}

export type DeclaredFunctions = ReadonlyMap<string, DeclaredFunction>;

const DEEPEST = 20;

/**
 * Functions may call one another, not themselves, and 20 deep: https://firebase.google.com/docs/rules/rules-language#function
 * @throws RulesError
 */
export function checkCallDepth(functions: Iterable<DeclaredFunction>): void {
  const depths = new Map<FunctionDeclaration, number>();
  const running = new Set<FunctionDeclaration>();
  const depthOf = ({ declaration, visible }: DeclaredFunction): number => {
    const known = depths.get(declaration);
    if (known !== undefined) return known;
    const { name, at, lets, result } = declaration;
    if (running.has(declaration)) throw new RulesError(at, `The function ${name} calls itself.`);
    running.add(declaration);
    const called = [...lets.map(({ value }) => value), result].flatMap(callsIn);
    const below = called.flatMap((each) => visible.get(each) ?? []).map(depthOf);
    running.delete(declaration);
    const depth = Math.max(-1, ...below) + 1;
    if (depth > DEEPEST) throw new RulesError(at, `Calls from ${name} go deeper than ${DEEPEST} functions.`);
    depths.set(declaration, depth);
    return depth;
  };
  for (const each of functions) depthOf(each);
}

function callsIn(expression: Expression): readonly string[] {
  const inner = partsOf(expression).flatMap(callsIn);
  return expression.kind === 'call' ? [expression.name, ...inner] : inner;
}
