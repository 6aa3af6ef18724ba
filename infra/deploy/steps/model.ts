import { ENDPOINT, SCHEDULES } from '../../../shared/pipeline.ts';
import { gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { modelImage, serviceAccount, type Target } from '../target.ts';

/** What models are served by: the image of their server, and the endpoint. The first model comes of the first training. */
export function modelPhases(target: Target): readonly Phase[] {
  const { project, region } = target;
  const where = [`--location=${region}`, `--project=${project}`];
  const registry: Step = {
    name: 'Artifact Registry repository nextclick',
    exists: gcloud('artifacts', 'repositories', 'describe', 'nextclick', '--format=value(name)', ...where),
    create: [
      gcloud('artifacts', 'repositories', 'create', 'nextclick', '--repository-format=docker', ...where),
    ],
    destroy: [gcloud('artifacts', 'repositories', 'delete', 'nextclick', '--quiet', ...where)],
  };
  const build = serviceAccount(target, 'build');
  const image: Step = {
    name: 'image of the model server',
    exists: gcloud(
      'artifacts',
      'docker',
      'images',
      'describe',
      modelImage(target),
      '--format=value(image_summary.digest)',
      `--project=${project}`,
    ),
    create: [
      gcloud(
        'builds',
        'submit',
        'dist/model',
        `--tag=${modelImage(target)}`,
        `--service-account=projects/${project}/serviceAccounts/${build}`,
        '--default-buckets-behavior=regional-user-owned-bucket',
        `--region=${region}`,
        `--project=${project}`,
      ),
    ],
  };
  const endpoint: Step = {
    name: `Vertex AI endpoint ${ENDPOINT}`,
    exists: gcloud(
      'ai',
      'endpoints',
      'list',
      `--filter=display_name=${ENDPOINT}`,
      '--format=value(name)',
      `--region=${region}`,
      `--project=${project}`,
    ),
    create: [
      gcloud(
        'ai',
        'endpoints',
        'create',
        `--display-name=${ENDPOINT}`,
        `--region=${region}`,
        `--project=${project}`,
      ),
    ],
    destroy: [
      {
        program: 'node',
        words: ['infra/deploy/remove-endpoint.ts', `--project=${project}`, `--region=${region}`],
      },
    ],
  };
  return [
    { title: 'registry', steps: [registry], parallel: 1 },
    { title: 'model serving', steps: [image, endpoint], parallel: 2 },
  ];
}

/** What happens by the clock. */
export function schedulesPhase({ project, region }: Target): Phase {
  const where = [`--location=${region}`, `--project=${project}`];
  const steps = SCHEDULES.map(({ name, topic, cron, timeZone, message }): Step => {
    const what = [
      `--schedule=${cron}`,
      `--time-zone=${timeZone}`,
      `--topic=projects/${project}/topics/${topic}`,
      `--message-body=${JSON.stringify(message)}`,
    ];
    return {
      name: `schedule ${name}`,
      exists: gcloud('scheduler', 'jobs', 'describe', name, '--format=value(name)', ...where),
      create: [gcloud('scheduler', 'jobs', 'create', 'pubsub', name, ...what, ...where)],
      update: [gcloud('scheduler', 'jobs', 'update', 'pubsub', name, ...what, ...where)],
      destroy: [gcloud('scheduler', 'jobs', 'delete', name, '--quiet', ...where)],
    };
  });
  return { title: 'schedules', steps, parallel: 4 };
}
