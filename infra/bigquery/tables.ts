import { rawTable, TABLES, type Table } from '../../shared/pipeline.ts';
import consentDrops from './tables/consent_drops_raw.json' with { type: 'json' };
import events from './tables/events_raw.json' with { type: 'json' };
import failed from './tables/failed_events_raw.json' with { type: 'json' };
import forgotten from './tables/forgotten_raw.json' with { type: 'json' };
import recommendations from './tables/recommendations_raw.json' with { type: 'json' };
import replays from './tables/replays_raw.json' with { type: 'json' };

/** A column, in the words of BigQuery's REST API: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** REQUIRED, NULLABLE or REPEATED. */
  readonly mode: string;
  readonly description: string;
  readonly fields?: readonly Column[];
}

/** An append-only table: its columns, and how it is laid out. */
export interface TableDefinition {
  readonly name: string;
  readonly description: string;
  readonly timePartitioning: { readonly type: string; readonly field: string };
  readonly clustering: { readonly fields: readonly string[] };
  readonly schema: { readonly fields: readonly Column[] };
}

/** The warehouse's append-only tables, from `tables/*.json`, by the name of the view over each. */
export const TABLE_DEFINITIONS: Readonly<Record<Table, TableDefinition>> = {
  [TABLES.events]: { name: rawTable(TABLES.events), ...events },
  [TABLES.failed]: { name: rawTable(TABLES.failed), ...failed },
  [TABLES.recommendations]: { name: rawTable(TABLES.recommendations), ...recommendations },
  [TABLES.replays]: { name: rawTable(TABLES.replays), ...replays },
  [TABLES.forgotten]: { name: rawTable(TABLES.forgotten), ...forgotten },
  [TABLES.consentDrops]: { name: rawTable(TABLES.consentDrops), ...consentDrops },
};
