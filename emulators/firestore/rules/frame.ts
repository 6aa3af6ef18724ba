import type { RuleValue } from './rule-value.ts';
import type { FunctionDeclaration } from './syntax.ts';

/** A name's value, found when it is asked for; undefined where a wildcard stands for no one value, as in a query. */
export type Binding = () => RuleValue | undefined;

/** Names where an expression stands: wildcards and functions of a match, or parameters and variables of a function. */
export interface Frame {
  readonly parent: Frame | undefined;
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
}

const NO_FUNCTIONS: ReadonlyMap<string, FunctionDeclaration> = new Map();

/** A frame of values only. */
export function valuesFrame(parent: Frame | undefined, bindings: ReadonlyMap<string, Binding>): Frame {
  return { parent, bindings, functions: NO_FUNCTIONS };
}

/** What a name stands for, the innermost first; undefined for a name that is nowhere. */
export function findBinding(frame: Frame | undefined, name: string): Binding | undefined {
  for (let here = frame; here; here = here.parent) {
    const binding = here.bindings.get(name);
    if (binding) return binding;
  }
  return undefined;
}

/** A function, and the frame it was declared in. */
export function findFunction(
  frame: Frame | undefined,
  name: string,
): { readonly declaration: FunctionDeclaration; readonly frame: Frame } | undefined {
  for (let here = frame; here; here = here.parent) {
    const declaration = here.functions.get(name);
    if (declaration) return { declaration, frame: here };
  }
  return undefined;
}
