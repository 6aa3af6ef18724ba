import { readFileSync } from 'node:fs';
import { BUCKETS, DATASET, ENDPOINT } from '../../shared/pipeline.ts';
import { TABLE_DEFINITIONS } from '../bigquery/tables.ts';
import indexes from '../firestore.indexes.json' with { type: 'json' };
import { conservationGapQuery, GAP_SCHEDULE } from '../monitoring/conservation-gap.ts';
import { byLabel, label, type Resources, ref } from './values.ts';

interface Lifecycle {
  readonly rule: readonly {
    readonly action: { readonly type: string };
    readonly condition: { readonly age: number; readonly matchesPrefix?: readonly string[] };
  }[];
}

/** Buckets, Firestore, the warehouse's dataset and tables, the endpoint. Views are the deploy's: they name the project. */
export function stores(): Resources {
  return {
    google_storage_bucket: byLabel(Object.values(BUCKETS), label, (bucket) => ({
      name: `${ref('var.project')}-${bucket}`,
      location: ref('var.region'),
      uniform_bucket_level_access: true,
      public_access_prevention: 'enforced',
      lifecycle_rule: lifecycleOf(bucket).rule.map(({ action, condition }) => ({
        action: { type: action.type },
        condition: {
          age: condition.age,
          ...(condition.matchesPrefix ? { matches_prefix: condition.matchesPrefix } : {}),
        },
      })),
    })),
    google_firestore_database: {
      default: { name: '(default)', location_id: ref('var.region'), type: 'FIRESTORE_NATIVE' },
    },
    google_firestore_field: byLabel(
      indexes.fieldOverrides,
      ({ collectionGroup, fieldPath }) => label(collectionGroup, fieldPath),
      ({ collectionGroup, fieldPath, ...override }) => ({
        database: ref('google_firestore_database.default.name'),
        collection: collectionGroup,
        field: fieldPath,
        index_config: {},
        ...('ttl' in override && override.ttl ? { ttl_config: {} } : {}),
      }),
    ),
    google_bigquery_dataset: { this: { dataset_id: DATASET, location: ref('var.region') } },
    google_bigquery_table: byLabel(
      Object.values(TABLE_DEFINITIONS),
      ({ name }) => label(name),
      ({ name, description, timePartitioning, clustering, schema }) => ({
        dataset_id: ref('google_bigquery_dataset.this.dataset_id'),
        table_id: name,
        description,
        time_partitioning: { type: timePartitioning.type, field: timePartitioning.field },
        clustering: clustering.fields,
        schema: JSON.stringify(schema.fields),
        deletion_protection: true,
      }),
    ),
    google_bigquery_data_transfer_config: {
      conservation_gap: {
        display_name: GAP_SCHEDULE.displayName,
        location: ref('var.region'),
        data_source_id: 'scheduled_query',
        schedule: GAP_SCHEDULE.schedule,
        service_account_name: ref('google_service_account.monitor.email'),
        params: { query: conservationGapQuery(ref('var.project')) },
        email_preferences: { enable_failure_email: true },
        depends_on: ['google_bigquery_table.events_raw', 'google_project_service.bigquerydatatransfer'],
      },
    },
    google_vertex_ai_endpoint: {
      recommender: { name: '1000', display_name: ENDPOINT, location: ref('var.region') },
    },
    google_artifact_registry_repository: {
      nextclick: { repository_id: 'nextclick', format: 'DOCKER', location: ref('var.region') },
    },
  };
}

function lifecycleOf(bucket: string): Lifecycle {
  const file = new URL(`../storage/${bucket}-lifecycle.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Lifecycle;
}
