import { BUCKETS, bucketName, DATASET } from '../../../shared/pipeline.ts';
import indexes from '../../firestore.indexes.json' with { type: 'json' };
import { gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import type { Target } from '../target.ts';

/** Where data lives: buckets with their lifecycle, Firestore with its rules, the warehouse. */
export function storePhases(target: Target): readonly Phase[] {
  return [
    {
      title: 'buckets and databases',
      steps: [...bucketSteps(target), databaseStep(target), warehouseStep(target)],
      parallel: 4,
    },
    { title: 'Firestore', steps: [...fieldSteps(target), rulesStep(target)], parallel: 4 },
  ];
}

function bucketSteps({ project, region }: Target): readonly Step[] {
  return Object.values(BUCKETS).map((bucket): Step => {
    const url = `gs://${bucketName(project, bucket)}`;
    const lifecycle = `infra/storage/${bucket}-lifecycle.json`;
    const setLifecycle = gcloud(
      'storage',
      'buckets',
      'update',
      url,
      `--lifecycle-file=${lifecycle}`,
      `--project=${project}`,
    );
    return {
      name: `bucket ${bucketName(project, bucket)}`,
      exists: gcloud('storage', 'buckets', 'describe', url, '--format=value(name)', `--project=${project}`),
      create: [
        gcloud(
          'storage',
          'buckets',
          'create',
          url,
          `--location=${region}`,
          '--uniform-bucket-level-access',
          '--public-access-prevention',
          `--project=${project}`,
        ),
        setLifecycle,
      ],
      update: [setLifecycle],
      reads: [lifecycle],
      destroy: [
        gcloud('storage', 'rm', `${url}/**`, '--quiet', `--project=${project}`),
        gcloud('storage', 'buckets', 'delete', url, '--quiet', `--project=${project}`),
      ],
      holdsData: true,
    };
  });
}

function databaseStep({ project, region }: Target): Step {
  const database = ['--database=(default)', `--project=${project}`];
  return {
    name: 'Firestore database',
    exists: gcloud('firestore', 'databases', 'describe', '--format=value(name)', ...database),
    create: [
      gcloud(
        'firestore',
        'databases',
        'create',
        `--location=${region}`,
        '--type=firestore-native',
        ...database,
      ),
    ],
    destroy: [gcloud('firestore', 'databases', 'delete', ...database, '--quiet')],
    holdsData: true,
  };
}

/** Tables change by columns that are added; the command itself finds out what is missing. */
function warehouseStep({ project, region }: Target): Step {
  const apply = {
    program: 'node',
    words: ['infra/bigquery/apply-command.ts', `--project=${project}`, `--location=${region}`],
  } as const;
  return {
    name: `dataset ${DATASET}, its tables and views`,
    create: [apply],
    reads: ['infra/bigquery/tables', 'infra/bigquery/views'],
    destroy: [{ program: 'node', words: ['infra/bigquery/drop-command.ts', `--project=${project}`] }],
    holdsData: true,
  };
}

/** What firestore.indexes.json says of single fields: fields nobody queries by need no index, and one says when to expire. */
function fieldSteps({ project }: Target): readonly Step[] {
  const flags = (group: string) => [
    `--collection-group=${group}`,
    '--async',
    '--quiet',
    `--project=${project}`,
  ];
  return indexes.fieldOverrides.flatMap(({ collectionGroup, fieldPath, ...override }): Step[] => [
    {
      name: `no index of ${collectionGroup}.${fieldPath}`,
      create: [
        gcloud(
          'firestore',
          'indexes',
          'fields',
          'update',
          fieldPath,
          '--disable-indexes',
          ...flags(collectionGroup),
        ),
      ],
    },
    ...('ttl' in override && override.ttl
      ? [
          {
            name: `expiry by ${collectionGroup}.${fieldPath}`,
            create: [
              gcloud(
                'firestore',
                'fields',
                'ttls',
                'update',
                fieldPath,
                '--enable-ttl',
                ...flags(collectionGroup),
              ),
            ],
          },
        ]
      : []),
  ]);
}

function rulesStep({ project }: Target): Step {
  return {
    name: 'Firestore rules',
    create: [firebase('firestore:rules', project)],
    reads: ['infra/firestore.rules', 'firebase.json'],
  };
}

/** The site, where there is one. */
export function hostingPhase({ project, hosting }: Target): Phase {
  const step: Step = {
    name: 'Firebase Hosting',
    create: [firebase('hosting', project)],
    reads: ['dist/web', 'firebase.json'],
    destroy: [
      {
        program: 'npx',
        words: ['--yes', 'firebase-tools@15', 'hosting:disable', '--force', `--project=${project}`],
      },
    ],
  };
  return { title: 'site', steps: hosting ? [step] : [], parallel: 1 };
}

/** gcloud deploys neither rules nor a site. */
function firebase(only: string, project: string) {
  return {
    program: 'npx',
    words: [
      '--yes',
      'firebase-tools@15',
      'deploy',
      `--only=${only}`,
      '--non-interactive',
      `--project=${project}`,
    ],
  } as const;
}
