import { readFileSync } from 'node:fs';
import { DATASET } from '../../shared/pipeline.ts';

/** What the query's failure says, by which an alert knows it. */
export const GAP_WORDS = 'nextclick conservation gap';

/** The scheduled query: its name in BigQuery, and when it runs. */
export const GAP_SCHEDULE = { displayName: GAP_WORDS, schedule: 'every 1 hours' } as const;

/** The query of conservation-gap.sql; it fails where events are missing, else answers one row, `missing` = 0. */
export function conservationGapQuery(project: string, dataset: string = DATASET): string {
  const template = readFileSync(new URL('conservation-gap.sql', import.meta.url), 'utf8');
  return template.replace(/\$\{project\}/g, project).replace(/\$\{dataset\}/g, dataset);
}
