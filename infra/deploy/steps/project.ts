import { gcloud } from '../command.ts';
import type { Phase } from '../step.ts';
import type { Target } from '../target.ts';

/** Services that the pipeline uses, or that deploying it does. */
export const APIS: readonly string[] = [
  'aiplatform',
  'artifactregistry',
  'bigquery',
  'bigquerydatatransfer',
  'bigquerystorage',
  'cloudbuild',
  'cloudfunctions',
  'cloudresourcemanager',
  'cloudscheduler',
  'cloudtrace',
  'eventarc',
  'fcm',
  'firebase',
  'firebaserules',
  'firestore',
  'iam',
  'logging',
  'monitoring',
  'pubsub',
  'run',
  'secretmanager',
  'storage',
  'telemetry',
];
/** The API takes 20 at once. */
const AT_ONCE = 20;

/** The APIs. They stay enabled when the deployment is destroyed: other things may use them. */
export function projectPhase({ project }: Target): Phase {
  const steps = [];
  for (let from = 0; from < APIS.length; from += AT_ONCE) {
    const some = APIS.slice(from, from + AT_ONCE);
    const names = some.map((api) => `${api}.googleapis.com`);
    steps.push({
      name: `APIs ${some[0]} to ${some.at(-1)}`,
      create: [gcloud('services', 'enable', ...names, `--project=${project}`)],
    });
  }
  return { title: 'APIs', steps, parallel: 1 };
}
