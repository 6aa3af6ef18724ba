import type { Overrides } from '../configuration/overrides.ts';
import { gcloud, type Word, withOutput } from './command.ts';

/** Where a deployment goes, and what is decided about it. */
export interface Target {
  readonly project: string;
  /** Of everything but what is global, as europe-west1. */
  readonly region: string;
  /** Variables, by function. */
  readonly overrides: Overrides;
  /** Who is told of alerts; nobody where absent. */
  readonly email?: string | undefined;
  /** Tag of the model server's image: the hash of what it is built from. */
  readonly modelTag: string;
  /** Whether there is a site to host. */
  readonly hosting: boolean;
}

/** The e-mail address of one of the deployment's own service accounts. */
export function serviceAccount({ project }: Target, name: string): string {
  return `nextclick-${name}@${project}.iam.gserviceaccount.com`;
}

/** The IAM member of one of the deployment's own service accounts. */
export function member(target: Target, name: string): string {
  return `serviceAccount:${serviceAccount(target, name)}`;
}

/** The account by which Google's Pub/Sub itself acts in the project, as `prefix` and the IAM member. */
export function pubsubAgent({ project }: Target, prefix: string): Word {
  return withOutput(
    `${prefix}serviceAccount:service-`,
    gcloud('projects', 'describe', project, '--format=value(projectNumber)'),
    '@gcp-sa-pubsub.iam.gserviceaccount.com',
  );
}

/** The image that Vertex AI serves models by. */
export function modelImage({ project, region, modelTag }: Target): string {
  return `${region}-docker.pkg.dev/${project}/nextclick/model:${modelTag}`;
}
