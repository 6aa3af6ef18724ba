import { type Bucket, FUNCTIONS, type FunctionSpec } from '../../shared/pipeline.ts';
import { environmentOf, RUNTIME } from '../deploy/steps/functions.ts';
import { byLabel, label, type Resources, ref } from './values.ts';

const TARGET = {
  project: ref('var.project'),
  region: ref('var.region'),
  overrides: {},
  modelTag: ref('var.model_tag'),
  hosting: false,
};

/** The functions, from their bundles in dist/, and who may call them. */
export function functions(): Resources {
  const isPublic = ({ triggers: [first] }: FunctionSpec) => first.kind === 'http' && first.public;
  return {
    google_storage_bucket_object: byLabel(
      FUNCTIONS,
      ({ name }) => label(name),
      ({ name }) => ({
        bucket: ref('google_storage_bucket.sources.name'),
        name: `${name}-${ref(`data.archive_file.${label(name)}.output_md5`)}.zip`,
        source: ref(`data.archive_file.${label(name)}.output_path`),
      }),
    ),
    google_storage_bucket: {
      sources: {
        name: `${ref('var.project')}-sources`,
        location: ref('var.region'),
        uniform_bucket_level_access: true,
        public_access_prevention: 'enforced',
      },
    },
    google_cloudfunctions2_function: byLabel(FUNCTIONS, ({ name }) => label(name), functionOf),
    google_cloud_run_service_iam_member: byLabel(
      FUNCTIONS,
      ({ name }) => label(name),
      (spec) => ({
        service: ref(`google_cloudfunctions2_function.${label(spec.name)}.name`),
        location: ref('var.region'),
        role: 'roles/run.invoker',
        member: isPublic(spec) ? 'allUsers' : ref('google_service_account.trigger.member'),
      }),
    ),
  };
}

/** The zipped bundles. */
export function archives(): Resources {
  return {
    archive_file: byLabel(
      FUNCTIONS,
      ({ name }) => label(name),
      ({ name }) => ({
        type: 'zip',
        source_dir: `${ref('path.module')}/../../dist/${name}`,
        output_path: `${ref('path.module')}/.terraform/${name}.zip`,
      }),
    ),
  };
}

function functionOf(spec: FunctionSpec): object {
  const bucket = spec.triggers.flatMap((trigger) => (trigger.kind === 'bucket' ? [trigger.bucket] : []))[0];
  return {
    name: spec.name,
    location: ref('var.region'),
    description: spec.summary,
    build_config: {
      runtime: RUNTIME,
      entry_point: spec.name,
      service_account: ref('google_service_account.build.id'),
      source: {
        storage_source: {
          bucket: ref('google_storage_bucket.sources.name'),
          object: ref(`google_storage_bucket_object.${label(spec.name)}.name`),
        },
      },
    },
    service_config: {
      available_memory: `${spec.memoryMiB}Mi`,
      available_cpu: String(spec.cpu),
      max_instance_request_concurrency: spec.concurrency,
      timeout_seconds: spec.timeoutSeconds,
      min_instance_count: spec.minInstances,
      max_instance_count: spec.maxInstances,
      service_account_email: ref(`google_service_account.${label(spec.name)}.email`),
      ingress_settings: spec.triggers[0].kind === 'http' ? 'ALLOW_ALL' : 'ALLOW_INTERNAL_ONLY',
      environment_variables: environmentOf(TARGET, spec),
      ...(spec.secrets.length === 0 ? {} : { secret_environment_variables: spec.secrets.map(secretOf) }),
    },
    ...(bucket === undefined ? {} : { event_trigger: bucketTrigger(bucket) }),
    depends_on: ['google_project_service.cloudfunctions', 'google_project_service.run'],
  };
}

function secretOf(secret: string): object {
  return {
    key: secret,
    project_id: ref('var.project'),
    secret: ref(`google_secret_manager_secret.${label(secret)}.secret_id`),
    version: 'latest',
  };
}

function bucketTrigger(bucket: Bucket): object {
  return {
    trigger_region: ref('var.region'),
    event_type: 'google.cloud.storage.object.v1.finalized',
    retry_policy: 'RETRY_POLICY_RETRY',
    service_account_email: ref('google_service_account.trigger.email'),
    event_filters: [{ attribute: 'bucket', value: ref(`google_storage_bucket.${label(bucket)}.name`) }],
  };
}
