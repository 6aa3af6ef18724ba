import { loadSources } from '../../functions/load/sources.ts';
import { COLLECTIONS, DATASET, FUNCTIONS } from '../../shared/pipeline.ts';
import type { Stats } from '../board/stats.ts';
import { readConservation, settled } from '../conservation.ts';
import type { IngestClient } from '../ingest-client.ts';
import type { Stores } from '../stores.ts';
import { currentModel, trainModel } from '../training.ts';
import { coverage } from './coverage.ts';
import { drain } from './drain.ts';
import { replayFile } from './replay.ts';

export interface ReplayRunOptions {
  readonly file: string;
  readonly mapping: string;
  readonly speed: number | undefined;
  readonly ingest: IngestClient;
  readonly stores: Stores;
  readonly stats: Stats;
  readonly say: (line: string) => void;
  /** Called when every event sent has reached an end. */
  readonly onSettled?: () => void;
}

/** What a replay came to; printed by `--json`. */
export interface ReplaySummary {
  readonly read: number;
  readonly sent: number;
  /** Made durable by ingest, `rejected` included. */
  readonly accepted: number;
  /** Of these, no valid events: on record in `failed_events`. */
  readonly rejected: number;
  readonly warehouse_rows: number;
  readonly warehouse_distinct: number;
  readonly failed: number;
  readonly consent_dropped: number;
  /** accepted = warehouse_distinct + failed + consent_dropped. */
  readonly conserved: boolean;
  readonly recommendations: number;
  readonly users_recommended: number;
  /** Visitors who touched an item the model knows, and the share of them with recommendations in Firestore. */
  readonly users_known: number;
  readonly users_known_recommended: number;
  readonly end_to_end_ms: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
  readonly restarts: number;
  readonly seconds: number;
}

/**
 * Sends a file through the pipeline. Where no model is served yet, half of the file goes first, the model is trained on
 * it from the warehouse, and the recommendations of those visitors follow from its refresh.
 * @throws Error where the mapping is unknown or the file cannot be read.
 */
export async function runReplay(options: ReplayRunOptions): Promise<ReplaySummary> {
  const { stores, stats, say } = options;
  const source = loadSources().get(options.mapping);
  if (!source) {
    throw new Error(`there is no functions/load/sources/${options.mapping}.yaml`);
  }
  const began = Date.now();
  const untrained = (await currentModel(stores)) === undefined;
  const before = settled(await readConservation(stores));
  const counts = await replayFile({
    file: options.file,
    source,
    ingest: options.ingest,
    speed: options.speed,
    ...(untrained
      ? {
          atHalf: async ({ accepted }) => {
            say(`${accepted} events are in; training the first model on them`);
            await settle(stores, before + accepted);
            const model = await trainModel(stores, 90);
            say(`model ${model.model_version} is served; sending the rest`);
          },
        }
      : {}),
  });
  say(`${counts.accepted} events accepted; waiting until the pipeline is empty`);
  const { warehouse_rows, warehouse_distinct, failed, consent_dropped } = await drain({
    stores,
    stats,
    accepted: before + counts.accepted,
    onSettled: options.onSettled,
  });
  const [rows] = await stores.bigquery.query(`SELECT COUNT(*) AS n FROM \`${DATASET}.recommendations\``);
  const visitors = await stores.firestore.collection(COLLECTIONS.recommendations).count().get();
  const known = await coverage(stores);
  return {
    ...counts,
    warehouse_rows,
    warehouse_distinct,
    failed,
    consent_dropped,
    conserved: before + counts.accepted === warehouse_distinct + failed + consent_dropped,
    recommendations: Number((rows[0] as { n?: unknown } | undefined)?.n ?? 0),
    users_recommended: visitors.data().count,
    ...known,
    end_to_end_ms: {
      p50: stats.endToEnd.percentile(50) ?? null,
      p95: stats.endToEnd.percentile(95) ?? null,
      p99: stats.endToEnd.percentile(99) ?? null,
    },
    restarts: FUNCTIONS.reduce((sum, { name }) => sum + stats.stage(name).restarts, 0),
    seconds: Math.round((Date.now() - began) / 100) / 10,
  };
}

/** Waits until so many events have reached an end. */
async function settle(stores: Stores, count: number): Promise<void> {
  while (settled(await readConservation(stores)) < count) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
