import { fingerprint } from './fingerprint.ts';
import type { Phase, Step } from './step.ts';

/** `make`: not done yet; `change`: done otherwise; `leave`: done as wanted. */
export type Action = 'make' | 'change' | 'leave';

export interface PlannedStep {
  readonly step: Step;
  readonly action: Action;
  readonly fingerprint: string;
}

export interface PlannedPhase {
  readonly title: string;
  readonly parallel: number;
  readonly steps: readonly PlannedStep[];
}

/** What a run will do, against the record of what was done. */
export interface Plan {
  readonly phases: readonly PlannedPhase[];
  /** Steps that were done and are no longer wanted; they are left to the operator. */
  readonly orphans: readonly string[];
}

/** Compares what is wanted with what was done. */
export async function planDeploy(
  phases: readonly Phase[],
  done: ReadonlyMap<string, string>,
  root: string,
): Promise<Plan> {
  const planned = await Promise.all(
    phases.map(async ({ title, parallel, steps }) => ({
      title,
      parallel,
      steps: await Promise.all(
        steps.map(async (step): Promise<PlannedStep> => {
          const wanted = await fingerprint(step, root);
          const recorded = done.get(step.name);
          const action = recorded === undefined ? 'make' : recorded === wanted ? 'leave' : 'change';
          return { step, action, fingerprint: wanted };
        }),
      ),
    })),
  );
  const wanted = new Set(phases.flatMap(({ steps }) => steps.map(({ name }) => name)));
  return { phases: planned, orphans: [...done.keys()].filter((name) => !wanted.has(name)) };
}

/** Steps of a plan by what becomes of them. */
export function countActions({ phases }: Plan): Readonly<Record<Action, number>> {
  const counts = { make: 0, change: 0, leave: 0 };
  for (const { action } of phases.flatMap(({ steps }) => steps)) counts[action] += 1;
  return counts;
}
