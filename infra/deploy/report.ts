import type { Progress } from './execute.ts';
import { type Action, countActions, type Plan } from './plan.ts';

const SIGN: Readonly<Record<Action, string>> = { make: '+', change: '~', leave: ' ' };

/** The plan for a person: what will be made or changed, by phase, and how much is left as it is. */
export function planWords(plan: Plan): string {
  const { make, change, leave } = countActions(plan);
  const lines = plan.phases.flatMap(({ title, steps }) => {
    const pending = steps.filter(({ action }) => action !== 'leave');
    return pending.length === 0
      ? []
      : [`${title}`, ...pending.map(({ step, action }) => `  ${SIGN[action]} ${step.name}`)];
  });
  const orphans = plan.orphans.map(
    (name) => `  - ${name}: no longer part of the pipeline; take it away by hand`,
  );
  return [
    ...lines,
    ...(orphans.length > 0 ? ['left over', ...orphans] : []),
    make + change === 0
      ? `Nothing to do: all ${leave} steps are done.`
      : `${make} to make, ${change} to change, ${leave} done.`,
  ].join('\n');
}

/** The plan for a program. */
export function planJson(plan: Plan): object {
  return {
    ...countActions(plan),
    orphans: plan.orphans,
    steps: plan.phases.flatMap(({ title, steps }) =>
      steps.map(({ step, action }) => ({ phase: title, name: step.name, action })),
    ),
  };
}

/** One line for each step that is done: `12/96 topic clickstream-raw: made`. */
export function tellProgress(total: number, say: (line: string) => void): Progress {
  let done = 0;
  return {
    began: () => undefined,
    ended: (step, outcome) => {
      done += 1;
      say(`${String(done).padStart(String(total).length)}/${total} ${step.name}: ${outcome}`);
    },
  };
}
