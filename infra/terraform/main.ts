import { archives, functions } from './functions.ts';
import { identities } from './identities.ts';
import { messaging } from './messaging.ts';
import { monitoring } from './monitoring.ts';
import { stores } from './stores.ts';
import { merged, ref } from './values.ts';

/** The file main.tf.json: what `npm run deploy` makes, for teams that apply by Terraform. */
export function terraformFile(): string {
  const document = {
    '//': 'Written from shared/pipeline.ts by npm run render; do not edit.',
    terraform: {
      required_version: '>= 1.5',
      required_providers: {
        google: { source: 'hashicorp/google', version: '>= 6.0' },
        archive: { source: 'hashicorp/archive', version: '>= 2.4' },
      },
    },
    variable: {
      project: { type: 'string', description: 'Id of the Google Cloud project.' },
      region: { type: 'string', description: 'Region of everything, as europe-west1.' },
      model_tag: {
        type: 'string',
        default: 'latest',
        description: 'Tag of the model server’s image, pushed from dist/model.',
      },
    },
    provider: { google: { project: ref('var.project'), region: ref('var.region') } },
    data: {
      google_project: { this: { project_id: ref('var.project') } },
      google_storage_project_service_account: { this: {} },
      ...archives(),
    },
    resource: merged(identities(), stores(), functions(), messaging(), monitoring()),
    output: {
      ingest_url: { value: ref('google_cloudfunctions2_function.ingest.service_config[0].uri') },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
