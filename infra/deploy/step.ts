import type { Command } from './command.ts';

/** One thing that a deployment has, and how it comes to be. Every command may be repeated. */
export interface Step {
  /** Unique and stable: the key of the record. As `topic clickstream-raw`. */
  readonly name: string;
  /** Succeeds, and prints something, where the thing is there already. Without it, `create` is run in any case. */
  readonly exists?: Command;
  readonly create: readonly Command[];
  /** Brings a thing that is there to what is wanted; without it, nothing of it can differ. */
  readonly update?: readonly Command[];
  /** Files and folders that the commands read, from the repository's root: a change of theirs is a change of the step. */
  readonly reads?: readonly string[];
  readonly destroy?: readonly Command[];
  /** Destroying it loses data: done only when that is asked for. */
  readonly holdsData?: boolean;
}

/** Steps that do not depend on each other; each phase may rely on those before it. */
export interface Phase {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Steps run at a time. Policies of one project are read, changed and written back: one at a time. */
  readonly parallel: number;
}
