import { type Command, shellLine } from './command.ts';
import type { Plan } from './plan.ts';
import type { Step } from './step.ts';

/** What a plan would run, as a script for a POSIX shell. */
export function planScript({ phases }: Plan): string {
  const parts = phases.flatMap(({ title, steps }) => {
    const pending = steps.filter(({ action }) => action !== 'leave');
    if (pending.length === 0) return [];
    return [`\n# --- ${title}`, ...pending.map(({ step }) => stepScript(step))];
  });
  return parts.length === 0 ? '' : `set -eu\n${parts.join('\n')}\n`;
}

function stepScript({ name, exists, create, update }: Step): string {
  const lines = (commands: readonly Command[]): string => commands.map(shellLine).join(' && ');
  const comment = `# ${name}`;
  if (exists === undefined) return `${comment}\n${lines(create)}`;
  const there = `[ -n "$(${shellLine(exists)})" ]`;
  if (update === undefined) return `${comment}\n${there} || { ${lines(create)}; }`;
  return `${comment}\nif ${there}; then ${lines(update)}; else ${lines(create)}; fi`;
}
