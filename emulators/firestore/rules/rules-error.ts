/** Where something stands in the text of rules; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Rules that cannot be loaded: what is wrong, and where. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  readonly position: Position;

  constructor(position: Position, problem: string) {
    super(`L${position.line}:${position.column} ${problem}`);
    this.position = position;
  }
}

/** A condition that has no value, such as a field of null: it allows nothing. Not thrown out of the evaluator. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}
