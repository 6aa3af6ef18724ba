import { BigQuery } from '@google-cloud/bigquery';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';
import { makeBigQueryTrainingData } from '../../functions/train/bigquery-training-data.ts';
import { makeChallenger } from '../../functions/train/contest.ts';
import { batchContext } from '../../functions/train/fixtures.ts';
import { makeGcsArtifacts } from '../../functions/train/gcs-artifacts.ts';
import { makeTrain } from '../../functions/train/train.ts';
import { type Order, versionOf } from '../../functions/train/version.ts';
import { applyWarehouse } from '../../infra/bigquery/apply.ts';
import { readArtifact, writeArtifact } from '../../model/artifact.ts';
import { artifactAt } from '../../model/artifact-location.ts';
import { buildModel } from '../../model/build.ts';
import { Prediction } from '../../model/protocol.ts';
import { memoryLedger } from '../../model/release/fixtures.ts';
import { openRelease } from '../../model/release/open-release.ts';
import type { Release } from '../../model/release/release.ts';
import { makeVertexModel } from '../../model/vertex-model.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { DATASET, ENDPOINT, rawTable, TABLES } from '../../shared/pipeline.ts';
import { connectVertex, PARENT } from '../helpers/vertex-clients.ts';
import { aisleSessions } from '../model/sessions.ts';

const project = 'demo-x';
const location = 'us-central1';
const NOW = Date.now();
const HOUR_MS = 3_600_000;

/** An order for a model, made so many hours ago. */
function order(hours: number): Order {
  const requested_at = new Date(NOW - hours * HOUR_MS).toISOString();
  return { request_id: `order-${hours}`, requested_at, refresh_days: 0 };
}

/** The real train, warehouse, registry, endpoint and model servers; only the ledger is in memory. */
describe('the cycle of a model', () => {
  const ledger = memoryLedger();
  let emulators: readonly RunningEmulator[] = [];
  let bigquery: BigQuery;
  let storage: Storage;
  let release: Release;
  let vertex: ReturnType<typeof connectVertex>;
  let clock = NOW;

  /** Sessions a minute apart, the last one so many hours ago. */
  const happen = async (count: number, seed: number, hours: number): Promise<void> => {
    const rows = aisleSessions(count, seed).flatMap(({ items }, session) =>
      items.map((item_id, at) => {
        const time = new Date(NOW - hours * HOUR_MS - (count - session) * 60_000 + at * 1000).toISOString();
        const who = `shopper-${seed}-${session}`;
        return {
          event_id: `${who}-${at}`,
          event_name: 'view_item',
          event_time: time,
          received_at: time,
          enriched_at: time,
          origin: 'live',
          user_key: who,
          visitor_id: who,
          session_id: who,
          items: [{ item_id, in_catalog: true }],
          device: { category: 'desktop', is_bot: false },
          consent: { analytics: true, personalization: true },
        };
      }),
    );
    await bigquery.dataset(DATASET).table(rawTable(TABLES.events)).insert(rows);
  };

  const train = async (request: Order, autoPromote: boolean) => {
    clock = Date.parse(request.requested_at) + 60_000;
    const run = makeTrain({
      warehouse: makeBigQueryTrainingData({
        bigquery,
        storage,
        project,
        dataset: DATASET,
        bucket: 'models',
        days: 30,
        maxClicks: 100_000,
        sessionsPerItem: 1000,
        maxClicksPerDay: 1000,
        clock: () => clock,
      }),
      challenge: makeChallenger({
        load: async (uri) => readArtifact(await artifactAt(uri)),
        clock: () => clock,
      }),
      build: buildModel,
      store: writeArtifact,
      artifacts: makeGcsArtifacts(storage, 'models'),
      ledger,
      release,
      autoPromote,
      relate: async () => 0,
      refresh: async () => 0,
      clock: () => clock,
    });
    const { metrics } = await run([request], batchContext().context);
    return metrics;
  };

  /** Which versions answer to so many calls. */
  const answering = async (calls = 40): Promise<ReadonlySet<string>> => {
    const { predict } = makeVertexModel({
      project,
      location,
      timeoutMs: 5000,
      breaker: { run: (call) => call() },
    });
    const endpoint = (await ledger.current())?.endpoint ?? '';
    const event_time = new Date(NOW).toISOString();
    const items = [{ item_id: 'a1-3', event_name: 'view_item', event_time }];
    const versions = new Set<string>();
    for (let call = 0; call < calls; call += 1) {
      const [prediction] = await predict(endpoint, [{ items, limit: 5 }]);
      const { items: listed, model_version } = Prediction.parse(prediction);
      expect(listed).toHaveLength(5);
      versions.add(model_version);
    }
    return versions;
  };

  beforeAll(async () => {
    const files = await startStorageEmulator({});
    vi.stubEnv('STORAGE_EMULATOR_HOST', files.url);
    const warehouse = await startBigQueryEmulator({ storageUrl: files.url });
    const models = await startVertexEmulator({ env: { STORAGE_EMULATOR_HOST: files.url } });
    vi.stubEnv('VERTEX_EMULATOR_HOST', models.env.VERTEX_EMULATOR_HOST ?? '');
    emulators = [models, warehouse, files];
    vertex = connectVertex(models);
    bigquery = new BigQuery({ projectId: project, apiEndpoint: warehouse.url });
    storage = openCloudStorage({ projectId: project, emulatorHost: files.url });
    await storage.bucket('models').create();
    await applyWarehouse({ bigquery, dataset: DATASET, location: 'EU' });
    release = openRelease({
      project,
      ledger,
      clock: () => clock,
      config: {
        VERTEX_LOCATION: location,
        MODEL_IMAGE: 'local/model',
        MACHINE_TYPE: 'n1-standard-2',
        MAX_REPLICAS: 1,
        CANARY_PERCENT: 30,
        CANARY_ANSWERS: 3,
        CANARY_FAILURES: 0,
        CANARY_TIMEOUT_MS: 5000,
      },
    });
  }, 60_000);
  afterAll(async () => {
    await vertex?.close();
    for (const emulator of emulators) await emulator.close();
    vi.unstubAllEnvs();
  });

  const first = order(48);
  const second = order(24);

  test('train → gate → canary → promote → rollback', async () => {
    await happen(600, 1, 49);
    expect(await train(first, true)).toMatchObject({ models: 1 });
    expect(await answering(3)).toEqual(new Set([versionOf(first)]));

    await happen(150, 2, 25);
    expect(await train(second, false)).toEqual({ canaries: 1 });
    const record = await ledger.find(versionOf(second));
    expect(record).toMatchObject({ state: 'canary', counts: { sessions: 750 } });
    expect(record?.metrics.live?.cases).toBeGreaterThan(200);
    expect(await answering()).toEqual(new Set([versionOf(first), versionOf(second)]));

    await release.promote();
    expect(await answering(3)).toEqual(new Set([versionOf(second)]));
    const [found] = await vertex.models.getModel({ name: `${PARENT}/models/${ENDPOINT}` });
    expect(found.versionDescription).toBe(versionOf(second));

    expect((await release.rollback()).model_version).toBe(versionOf(first));
    expect(await answering(3)).toEqual(new Set([versionOf(first)]));
    expect(ledger.states()).toEqual([
      [versionOf(first), 'live'],
      [versionOf(second), 'withdrawn'],
    ]);
    const [left] = await storage.bucket('models').getFiles({ prefix: 'training/' });
    expect(left).toEqual([]);
  }, 120_000);
});
