import type { Firestore } from '@google-cloud/firestore';
import { ModelRecord } from '../../../model/release/model-record.ts';
import { COLLECTIONS, DATASET, TABLES } from '../../../shared/pipeline.ts';
import type { QueryRows } from './bigquery-rows.ts';
import type { Table } from './protocol.ts';

const MOST = 50;
const BOUNDS = { rows: 100, ms: 20_000 } as const;

/** A model as the page shows it: all but the list that stands in for it. */
export type ShownModel = Omit<ModelRecord, 'popular'>;

/** What was built, how the gate judged it and what became of it; the newest first. */
export async function listModels(firestore: Firestore): Promise<readonly ShownModel[]> {
  const { docs } = await firestore
    .collection(COLLECTIONS.models)
    .orderBy('built_at', 'desc')
    .limit(MOST)
    .get();
  return docs.flatMap((document) => {
    const record = ModelRecord.safeParse(document.data());
    if (!record.success) return [];
    const { popular: _, ...shown } = record.data;
    return [shown];
  });
}

/**
 * What shoppers made of each version's recommendations: a recommendation counts as clicked when an event carries its id.
 * `model_version` and `source` of one row tell the personal answer from the fallback.
 */
export function clickThrough(query: QueryRows): Promise<Table> {
  return query(
    `WITH clicked AS (
       SELECT DISTINCT recommendation_id
       FROM ${DATASET}.${TABLES.events}
       WHERE recommendation_id IS NOT NULL
     )
     SELECT r.model_version, r.source, COUNT(*) AS recommendations, COUNT(c.recommendation_id) AS clicked,
       ROUND(100 * COUNT(c.recommendation_id) / COUNT(*), 2) AS ctr_percent, MAX(r.generated_at) AS newest
     FROM ${DATASET}.${TABLES.recommendations} AS r
     LEFT JOIN clicked AS c ON c.recommendation_id = r.recommendation_id
     GROUP BY r.model_version, r.source
     ORDER BY newest DESC`,
    {},
    BOUNDS,
  );
}
