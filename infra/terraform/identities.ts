import { FUNCTIONS } from '../../shared/pipeline.ts';
import { accounts, secretsOf } from '../deploy/steps/identities.ts';
import { APIS } from '../deploy/steps/project.ts';
import { byLabel, label, type Resources, ref } from './values.ts';

/** APIs, service accounts, their roles, and secrets (whose values Terraform never sees). */
export function identities(): Resources {
  const roles = accounts().flatMap(({ name, roles: own }) => own.map((role) => ({ name, role })));
  const readers = FUNCTIONS.flatMap(({ name, secrets }) => secrets.map((secret) => ({ name, secret })));
  const agent = (service: string) =>
    `serviceAccount:service-${ref('data.google_project.this.number')}@${service}.iam.gserviceaccount.com`;
  return {
    google_project_service: byLabel(APIS, label, (api) => ({
      service: `${api}.googleapis.com`,
      disable_on_destroy: false,
    })),
    google_service_account: byLabel(
      accounts(),
      ({ name }) => label(name),
      ({ name, summary }) => ({ account_id: `nextclick-${name}`, display_name: summary }),
    ),
    google_project_iam_member: {
      ...byLabel(
        roles,
        ({ name, role }) => label(name, role.replace('roles/', '')),
        ({ name, role }) => ({
          project: ref('var.project'),
          role,
          member: ref(`google_service_account.${label(name)}.member`),
        }),
      ),
      pubsub_tokens: {
        project: ref('var.project'),
        role: 'roles/iam.serviceAccountTokenCreator',
        member: agent('gcp-sa-pubsub'),
      },
      storage_events: {
        project: ref('var.project'),
        role: 'roles/pubsub.publisher',
        member: `serviceAccount:${ref('data.google_storage_project_service_account.this.email_address')}`,
      },
    },
    google_secret_manager_secret: byLabel(secretsOf(), label, (secret) => ({
      secret_id: secret,
      replication: { auto: {} },
    })),
    google_secret_manager_secret_iam_member: byLabel(
      readers,
      ({ name, secret }) => label(name, secret),
      ({ name, secret }) => ({
        secret_id: ref(`google_secret_manager_secret.${label(secret)}.id`),
        role: 'roles/secretmanager.secretAccessor',
        member: ref(`google_service_account.${label(name)}.member`),
      }),
    ),
  };
}
