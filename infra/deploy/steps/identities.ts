import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { member, pubsubAgent, serviceAccount, type Target } from '../target.ts';

/** Accounts that are no function's: what each is for, and its roles in the project. */
const OTHERS = [
  {
    name: 'trigger',
    summary: 'Eventarc and Pub/Sub call the functions as this account',
    roles: ['roles/eventarc.eventReceiver'],
  },
  {
    name: 'build',
    summary: 'Cloud Build builds the functions and the model server as this account',
    roles: ['roles/cloudbuild.builds.builder'],
  },
  {
    name: 'monitor',
    summary: 'BigQuery looks for missing events as this account',
    roles: ['roles/bigquery.dataViewer', 'roles/bigquery.jobUser'],
  },
] as const;

/** Functions write their traces themselves; their logs the platform takes from standard output. */
const EVERY_FUNCTION = ['roles/cloudtrace.agent'] as const;

/** A service account for each function, and for what calls and builds them. */
export function accountsPhase(target: Target): Phase {
  const project = `--project=${target.project}`;
  const steps = accounts().map(({ name, summary }): Step => {
    const email = serviceAccount(target, name);
    return {
      name: `service account nextclick-${name}`,
      exists: gcloud('iam', 'service-accounts', 'describe', email, '--format=value(email)', project),
      create: [
        gcloud(
          'iam',
          'service-accounts',
          'create',
          `nextclick-${name}`,
          `--display-name=${summary}`,
          project,
        ),
      ],
      destroy: [gcloud('iam', 'service-accounts', 'delete', email, '--quiet', project)],
    };
  });
  return { title: 'service accounts', steps, parallel: 4 };
}

/** What each service account may do, and what Google's own accounts must be allowed. */
export function rolesPhase(target: Target): Phase {
  const own = accounts().flatMap(({ name, roles }) =>
    roles.map((role): Step => {
      const binding = [
        `--member=${member(target, name)}`,
        `--role=${role}`,
        '--condition=None',
        '--format=none',
      ];
      return {
        name: `role ${role} of nextclick-${name}`,
        create: [gcloud('projects', 'add-iam-policy-binding', target.project, ...binding)],
        destroy: [gcloud('projects', 'remove-iam-policy-binding', target.project, ...binding)],
      };
    }),
  );
  const google: Step[] = [
    {
      name: 'Pub/Sub’s own account',
      create: [
        gcloud(
          'beta',
          'services',
          'identity',
          'create',
          '--service=pubsub.googleapis.com',
          `--project=${target.project}`,
        ),
      ],
    },
    {
      name: 'BigQuery Data Transfer’s own account',
      create: [
        gcloud(
          'beta',
          'services',
          'identity',
          'create',
          '--service=bigquerydatatransfer.googleapis.com',
          `--project=${target.project}`,
        ),
      ],
    },
    {
      name: 'role roles/iam.serviceAccountTokenCreator of Pub/Sub',
      create: [
        gcloud(
          'projects',
          'add-iam-policy-binding',
          target.project,
          pubsubAgent(target, '--member='),
          '--role=roles/iam.serviceAccountTokenCreator',
          '--condition=None',
          '--format=none',
        ),
      ],
    },
    {
      name: 'role roles/pubsub.publisher of Cloud Storage',
      create: [
        gcloud(
          'projects',
          'add-iam-policy-binding',
          target.project,
          {
            before: '--member=serviceAccount:',
            output: gcloud('storage', 'service-agent', `--project=${target.project}`),
            after: '',
          },
          '--role=roles/pubsub.publisher',
          '--condition=None',
          '--format=none',
        ),
      ],
    },
  ];
  return { title: 'roles', steps: [...google, ...own], parallel: 1 };
}

/** Every service account of the deployment: its name, what it is for, its roles in the project. */
export function accounts() {
  return [
    ...FUNCTIONS.map(({ name, summary, roles }) => ({ name, summary, roles: [...EVERY_FUNCTION, ...roles] })),
    ...OTHERS,
  ];
}

/** Every secret that some function reads. */
export function secretsOf(): readonly string[] {
  return [...new Set(FUNCTIONS.flatMap(({ secrets }) => secrets))];
}
