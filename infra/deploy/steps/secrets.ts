import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { member, type Target } from '../target.ts';
import { secretsOf } from './identities.ts';

/** Each secret, a first random value where it has none, and who may read it. */
export function secretsPhases(target: Target): readonly Phase[] {
  const project = `--project=${target.project}`;
  const secrets = secretsOf();
  const containers = secrets.map(
    (secret): Step => ({
      name: `secret ${secret}`,
      exists: gcloud('secrets', 'describe', secret, '--format=value(name)', project),
      create: [gcloud('secrets', 'create', secret, '--replication-policy=automatic', project)],
      destroy: [gcloud('secrets', 'delete', secret, '--quiet', project)],
      // Without PSEUDONYM_KEY no stored pseudonym can be found again.
      holdsData: true,
    }),
  );
  const values = secrets.map(
    (secret): Step => ({
      name: `value of ${secret}`,
      exists: gcloud(
        'secrets',
        'versions',
        'describe',
        'latest',
        `--secret=${secret}`,
        '--format=value(name)',
        project,
      ),
      create: [
        { ...gcloud('secrets', 'versions', 'add', secret, '--data-file=-', project), input: 'random-secret' },
      ],
    }),
  );
  const readers = FUNCTIONS.flatMap(({ name, secrets: own }) =>
    own.map(
      (secret): Step => ({
        name: `access of nextclick-${name} to ${secret}`,
        create: [
          gcloud(
            'secrets',
            'add-iam-policy-binding',
            secret,
            `--member=${member(target, name)}`,
            '--role=roles/secretmanager.secretAccessor',
            '--format=none',
            project,
          ),
        ],
      }),
    ),
  );
  return [
    { title: 'secrets', steps: containers, parallel: 4 },
    { title: 'values of secrets', steps: values, parallel: 4 },
    { title: 'access to secrets', steps: readers, parallel: 1 },
  ];
}
