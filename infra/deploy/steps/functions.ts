import { bucketName, FUNCTIONS, type FunctionSpec, type Trigger } from '../../../shared/pipeline.ts';
import { shapeOf } from '../../configuration/overrides.ts';
import { type Command, gcloud } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { member, modelImage, serviceAccount, type Target } from '../target.ts';

/** Google's name of the runtime. */
export const RUNTIME = 'nodejs24';
/** Google's collector of traces: https://cloud.google.com/stackdriver/docs/reference/telemetry/v1.traces */
const CLOUD_TRACE = 'https://telemetry.googleapis.com';

/** The functions, each from its bundle, under its own account; several at a time, as each is built for minutes. */
export function functionsPhase(target: Target): Phase {
  const steps = FUNCTIONS.map((spec): Step => {
    const { project, region } = target;
    return {
      name: `function ${spec.name}`,
      create: [deploy(target, spec)],
      reads: [`dist/${spec.name}`],
      destroy: [
        gcloud(
          'functions',
          'delete',
          spec.name,
          '--gen2',
          `--region=${region}`,
          '--quiet',
          `--project=${project}`,
        ),
      ],
    };
  });
  return { title: 'functions', steps, parallel: 4 };
}

/** Who may call the functions that are not public: only the triggers. */
export function invokersPhase(target: Target): Phase {
  const steps = FUNCTIONS.filter((spec) => !isPublic(spec)).map(
    ({ name }): Step => ({
      name: `nextclick-trigger calls ${name}`,
      create: [
        gcloud(
          'run',
          'services',
          'add-iam-policy-binding',
          name,
          `--region=${target.region}`,
          `--member=${member(target, 'trigger')}`,
          '--role=roles/run.invoker',
          '--format=none',
          `--project=${target.project}`,
        ),
      ],
    }),
  );
  return { title: 'callers', steps, parallel: 4 };
}

function deploy(target: Target, spec: FunctionSpec): Command {
  const { project, region } = target;
  const build = serviceAccount(target, 'build');
  return gcloud(
    'functions',
    'deploy',
    spec.name,
    '--gen2',
    `--region=${region}`,
    `--runtime=${RUNTIME}`,
    `--source=dist/${spec.name}`,
    `--entry-point=${spec.name}`,
    ...triggerFlags(target, spec.triggers[0]),
    `--memory=${spec.memoryMiB}MiB`,
    `--cpu=${spec.cpu}`,
    `--concurrency=${spec.concurrency}`,
    `--timeout=${spec.timeoutSeconds}s`,
    `--min-instances=${spec.minInstances}`,
    `--max-instances=${spec.maxInstances}`,
    `--service-account=${serviceAccount(target, spec.name)}`,
    `--build-service-account=projects/${project}/serviceAccounts/${build}`,
    `--set-env-vars=${joined(environmentOf(target, spec))}`,
    ...(spec.secrets.length === 0
      ? []
      : [`--set-secrets=${spec.secrets.map((secret) => `${secret}=${secret}:latest`).join(',')}`]),
    '--quiet',
    `--project=${project}`,
  );
}

function triggerFlags(target: Target, trigger: Trigger): readonly string[] {
  if (trigger.kind === 'http') {
    return trigger.public
      ? ['--trigger-http', '--allow-unauthenticated', '--ingress-settings=all']
      : ['--trigger-http', '--no-allow-unauthenticated', '--ingress-settings=all'];
  }
  const event = [
    `--trigger-location=${target.region}`,
    `--trigger-service-account=${serviceAccount(target, 'trigger')}`,
    '--retry',
    '--no-allow-unauthenticated',
    '--ingress-settings=internal-only',
  ];
  return trigger.kind === 'topic'
    ? [`--trigger-topic=${trigger.topic}`, ...event]
    : [`--trigger-bucket=${bucketName(target.project, trigger.bucket)}`, ...event];
}

/** What a function's environment is set to: what follows from the deployment, then what the operator says. */
export function environmentOf(
  target: Target,
  { name, secrets }: FunctionSpec,
): Readonly<Record<string, string>> {
  const known: Readonly<Record<string, string>> = {
    GOOGLE_CLOUD_PROJECT: target.project,
    VERTEX_LOCATION: target.region,
    MODEL_IMAGE: modelImage(target),
    OTEL_EXPORTER_OTLP_ENDPOINT: CLOUD_TRACE,
  };
  const shape = shapeOf(name);
  const derived = Object.entries(known).filter(
    ([variable]) => variable in shape && !secrets.includes(variable),
  );
  return { ...Object.fromEntries(derived), ...target.overrides[name] };
}

/** A list for gcloud, which splits at commas unless told otherwise: `gcloud topic escaping`. */
function joined(environment: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  if (!pairs.some((pair) => pair.includes(','))) return pairs.join(',');
  const delimiter = ['|', '~', ';', '%', '@@', '::::'].find(
    (each) => !pairs.some((pair) => pair.includes(each)),
  );
  if (delimiter === undefined) throw new Error(`no delimiter is left for the variables ${pairs.join(' ')}`);
  return `^${delimiter}^${pairs.join(delimiter)}`;
}

function isPublic({ triggers: [first] }: FunctionSpec): boolean {
  return first.kind === 'http' && first.public;
}
