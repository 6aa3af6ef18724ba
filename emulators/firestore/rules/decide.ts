import { bound, type Evaluation, evaluate, truth } from './evaluate.ts';
import { type Frame, valuesFrame } from './frame.ts';
import { matchesOf, type PathSegment } from './matching.ts';
import type { RuleValue } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';
import type { Allow, FunctionDeclaration, Match, Method, RulesFile } from './syntax.ts';

/** What rules are asked about. */
export interface RulesRequest {
  readonly method: Method;
  /** From `databases` on. */
  readonly path: readonly PathSegment[];
  /** What `request` and `resource` stand for. */
  readonly request: RuleValue;
  readonly resource: RuleValue;
}

export type Decision =
  | { readonly allowed: true }
  /** Why each `allow` that was in question did not hold. */
  | { readonly allowed: false; readonly reasons: readonly string[] };

/** Whether an `allow` of the rules lets the request through: one that holds is enough; one without a value does not hold. */
export function decide(file: RulesFile, asked: RulesRequest, evaluation: Evaluation): Decision {
  const names = new Map([
    ['request', bound(asked.request)],
    ['resource', bound(asked.resource)],
  ]);
  const root: Frame = { ...valuesFrame(undefined, names), functions: byName(file.functions) };
  const reasons: string[] = [];
  for (const { allow, frame } of candidates(file.matches, asked.path, root, file.version)) {
    if (!allow.methods.has(asked.method)) continue;
    const refusal = refusalOf(allow, frame, evaluation);
    if (refusal === undefined) return { allowed: true };
    reasons.push(`${refusal} for '${asked.method}' @ L${allow.at.line}`);
  }
  return { allowed: false, reasons };
}

interface Candidate {
  readonly allow: Allow;
  readonly frame: Frame;
}

/** Each `allow` of the matches that take the whole path. */
function* candidates(
  matches: readonly Match[],
  path: readonly PathSegment[],
  parent: Frame,
  version: 1 | 2,
): Generator<Candidate> {
  for (const match of matches) {
    const functions = byName(match.functions);
    for (const { bindings, remaining } of matchesOf(match.pattern, path, version === 1 ? 1 : 0)) {
      const frame: Frame = { parent, bindings, functions };
      if (remaining.length === 0) for (const allow of match.allows) yield { allow, frame };
      yield* candidates(match.matches, remaining, frame, version);
    }
  }
}

/** Undefined where the condition holds. */
function refusalOf({ condition }: Allow, frame: Frame, evaluation: Evaluation): string | undefined {
  if (!condition) return undefined;
  try {
    return truth(evaluate(condition, frame, evaluation)) ? undefined : 'false';
  } catch (error) {
    if (error instanceof EvaluationError) return error.message;
    throw error;
  }
}

function byName(functions: readonly FunctionDeclaration[]): ReadonlyMap<string, FunctionDeclaration> {
  return new Map(functions.map((declaration) => [declaration.name, declaration]));
}
