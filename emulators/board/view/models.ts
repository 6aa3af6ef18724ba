import type { Firestore } from '@google-cloud/firestore';
import { ModelRecord } from '../../../model/release/model-record.ts';
import { COLLECTIONS, DATASET } from '../../../shared/pipeline.ts';
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

/** What shoppers made of each version's recommendations, live ones and fallbacks apart; the newest version first. */
export function clickThrough(query: QueryRows): Promise<Table> {
  return query(
    `SELECT model_version, source, experiment, arm, SUM(served) AS served, SUM(seen) AS seen, SUM(clicked) AS clicked,
       ROUND(100 * SAFE_DIVIDE(SUM(clicked), SUM(seen)), 2) AS ctr_percent, SUM(orders) AS orders, SUM(revenue) AS revenue
     FROM ${DATASET}.recommendation_performance
     GROUP BY model_version, source, experiment, arm
     ORDER BY MAX(day) DESC, served DESC`,
    {},
    BOUNDS,
  );
}
