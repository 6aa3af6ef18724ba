import { gcloudLines } from './command.ts';
import type { Phase } from './step.ts';

/** Every gcloud command line that making, changing or destroying a deployment may run, each once. */
export function allGcloudLines(phases: readonly Phase[]): readonly string[] {
  const steps = phases.flatMap((phase) => phase.steps);
  const commands = steps.flatMap(({ exists, create, update = [], destroy = [] }) => [
    ...(exists ? [exists] : []),
    ...create,
    ...update,
    ...destroy,
  ]);
  return [...new Set(commands.flatMap(gcloudLines))];
}

/** Words that end the path of a gcloud command; what follows are names. */
const VERBS =
  /^(add|create|delete|deploy|describe|enable|list|list-configs|rm|submit|update|service-agent)$|-binding$/;

/** One line of each form: the same command with the same flags, whatever their values. */
export function oneOfEachForm(lines: readonly string[]): readonly string[] {
  const forms = new Map<string, string>();
  for (const line of lines) {
    const words = line.split(' ');
    const path = words.slice(0, words.findIndex((word) => VERBS.test(word)) + 1 || words.length);
    const flags = line.match(/--[a-z-]+/g) ?? [];
    const form = [...path, ...flags.sort()].join(' ');
    if (!forms.has(form)) forms.set(form, line);
  }
  return [...forms.values()];
}
