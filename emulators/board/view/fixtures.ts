import { BigQuery } from '@google-cloud/bigquery';
import { applyWarehouse } from '../../../infra/bigquery/apply.ts';
import type { FailedEvent } from '../../../shared/events.ts';
import { makeFailedEvent } from '../../../shared/failed-event.ts';
import { encodeBatches } from '../../../shared/message.ts';
import { DATASET, rawTable, TABLES, TOPICS } from '../../../shared/pipeline.ts';
import { startBigQueryEmulator } from '../../bigquery/index.ts';
import type { FunctionLine } from '../../functions.ts';
import { makeStats, type Stats } from '../stats.ts';
import { makeViewApp, type ViewSources } from './app.ts';
import { makeQueryRows } from './bigquery-rows.ts';
import { countFailures, listFailures } from './failed-events.ts';
import { makeFeed } from './feed.ts';
import { journeyOf } from './journey.ts';
import { makeLocalFlow } from './local-flow.ts';
import { clickThrough, type ShownModel } from './models.ts';
import { makeAssets } from './page-assets.ts';
import type { TraceSpan } from './protocol.ts';
import type { ReplayOrder } from './replay-failures.ts';
import { runSql } from './sql-box.ts';
import { storedJourney } from './stored-journey.ts';
import { makeTrails, type SeenMessage, type Trails } from './trails.ts';

/** For tests: the view of a warehouse that really runs, and of a pipeline that only logs. */
export interface FixtureView {
  readonly app: ReturnType<typeof makeViewApp>;
  readonly sources: ViewSources;
  readonly stats: Stats;
  readonly trails: Trails;
  readonly bigquery: BigQuery;
  /** What was asked to be replayed. */
  readonly replayed: ReplayOrder[];
  close(): Promise<void>;
}

export interface FixtureOptions {
  readonly models?: readonly ShownModel[];
  /** Of every event. */
  readonly spans?: readonly TraceSpan[];
}

export async function startFixtureView({
  models = [],
  spans = [],
}: FixtureOptions = {}): Promise<FixtureView> {
  const emulator = await startBigQueryEmulator();
  const bigquery = new BigQuery({ projectId: 'demo-x', apiEndpoint: emulator.url });
  await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
  const query = makeQueryRows(bigquery);
  const stats = makeStats();
  const trails = makeTrails();
  const feed = makeFeed({
    source: makeLocalFlow({ stats, queues: async () => ({}) }),
    recent: () => trails.newest(30),
  });
  const replayed: ReplayOrder[] = [];
  const sources: ViewSources = {
    feed,
    journey: async (id) => {
      const trail = trails.find(id);
      return trail ? journeyOf(trail, undefined, Date.now()) : storedJourney(query, id);
    },
    spans: async () => spans,
    failures: (filter) => listFailures(query, filter),
    failureCounts: () => countFailures(query),
    models: async () => models,
    clickThrough: () => clickThrough(query),
    sql: (sql) => runSql(query, sql),
    replay: async (order) => {
      replayed.push(order);
      return { replayed: order.failed_ids.length, message: `${order.failed_ids.length} sent in again.` };
    },
  };
  return {
    app: makeViewApp({ sources, assets: makeAssets() }),
    sources,
    stats,
    trails,
    bigquery,
    replayed,
    close: async () => {
      feed.close();
      await emulator.close();
    },
  };
}

/** Stores failures of `enrich`, one for each payload; answers them. */
export async function storeFailures(
  bigquery: BigQuery,
  payloads: readonly object[],
): Promise<readonly FailedEvent[]> {
  const failures = payloads.map((payload) =>
    makeFailedEvent(
      { name: 'enrich', version: 'enrich-1' },
      {
        reason: 'invalid_event',
        message: 'expected array, received string',
        path: 'items',
        payload,
        replayTopic: TOPICS.raw,
      },
      Date.now(),
    ),
  );
  await bigquery
    .dataset(DATASET)
    .table(rawTable(TABLES.failed))
    .insert([...failures]);
  return failures;
}

/** The line that a function logs for a batch. */
export function handledLine(name: string, events: number, messageId: string, ms = 12): FunctionLine {
  const metric = { in: events, out: events, failed: 0, duration_ms: ms };
  return {
    function: name,
    severity: 'INFO',
    message: 'handled',
    metric,
    entry: { message_id: messageId, time: new Date().toISOString(), metric },
  };
}

/** Has trails see an event on `clickstream-raw`, or on another topic. */
export function seeRaw(
  trails: Trails,
  messageId: string,
  event: object,
  topic: SeenMessage['topic'] = TOPICS.raw,
): void {
  const [batch] = encodeBatches([event]);
  if (!batch) return;
  trails.message({
    topic,
    id: messageId,
    publishedAt: Date.now(),
    attributes: {},
    data: batch.data,
  });
}
