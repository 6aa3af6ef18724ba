import type { Phase } from '../step.ts';
import type { Target } from '../target.ts';
import { functionsPhase, invokersPhase } from './functions.ts';
import { accountsPhase, rolesPhase } from './identities.ts';
import { modelPhases, schedulesPhase } from './model.ts';
import { monitoringPhases } from './monitoring.ts';
import { projectPhase } from './project.ts';
import { secretsPhases } from './secrets.ts';
import { hostingPhase, storePhases } from './stores.ts';
import { topicPhases } from './topics.ts';
import { triggerPhases } from './triggers.ts';

/** Everything a deployment has, in the order in which it is made; destroyed in the order reversed. */
export function allPhases(target: Target): readonly Phase[] {
  return [
    projectPhase(target),
    accountsPhase(target),
    rolesPhase(target),
    ...secretsPhases(target),
    ...topicPhases(target),
    ...storePhases(target),
    ...modelPhases(target),
    functionsPhase(target),
    invokersPhase(target),
    ...triggerPhases(target),
    schedulesPhase(target),
    ...monitoringPhases(target),
    hostingPhase(target),
  ].filter(({ steps }) => steps.length > 0);
}
