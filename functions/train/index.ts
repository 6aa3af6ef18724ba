import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';

import { type Artifact, readArtifact, writeArtifact } from '../../model/artifact.ts';
import { artifactAt } from '../../model/artifact-location.ts';
import { buildModel } from '../../model/build.ts';
import { makeFirestoreLedger } from '../../model/release/firestore-ledger.ts';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { TrainRequest } from '../../shared/events.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { loadOnce } from '../../shared/load-once.ts';
import { BUCKETS, bucketName, DATASET, TOPICS } from '../../shared/pipeline.ts';
import { makeBigQueryTrainingData } from './bigquery-training-data.ts';
import { makeBigQueryVisitors } from './bigquery-visitors.ts';
import { makeChallenger } from './contest.ts';
import { makeFirestoreRelated } from './firestore-related.ts';
import { makeGcsArtifacts } from './gcs-artifacts.ts';
import { makeRefresh } from './refresh.ts';
import { makeRelate } from './related.ts';
import { makeTrain } from './train.ts';
import { trainVariables } from './variables.ts';

const { config, identity, project, log, publisher, tracer } = functionTools('train', trainVariables);

const bigquery = makeBigQuery(project);
const storage = openCloudStorage({ projectId: project });
const bucket = bucketName(project, BUCKETS.models);
const firestore = new Firestore({ projectId: project });
const ledger = makeFirestoreLedger(firestore);
const load = async (uri: string): Promise<Artifact> => readArtifact(await artifactAt(uri));
/** Vertex AI's clients, which only a model that was trained needs. */
const release = loadOnce(async () => {
  const { openRelease } = await import('../../model/release/open-release.ts');
  return openRelease({ project, ledger, config });
});
const train = makeTrain({
  warehouse: makeBigQueryTrainingData({
    bigquery,
    storage,
    project,
    dataset: DATASET,
    bucket,
    days: config.TRAINING_DAYS,
    maxClicks: config.TRAINING_CLICKS,
    sessionsPerItem: config.TRAINING_SESSIONS_PER_ITEM,
    maxClicksPerDay: config.MAX_CLICKS_PER_DAY,
    clock: Date.now,
  }),
  challenge: makeChallenger({
    load,
    clock: Date.now,
  }),
  build: buildModel,
  store: writeArtifact,
  artifacts: makeGcsArtifacts(storage, bucket),
  ledger,
  release: {
    stage: async (record) => (await release()).stage(record),
    promote: async (version) => (await release()).promote(version),
  },
  autoPromote: config.AUTO_PROMOTE,
  relate: makeRelate({
    load,
    store: makeFirestoreRelated(firestore),
    products: config.RELATED_PRODUCTS,
    clock: Date.now,
  }),
  refresh: makeRefresh({
    warehouse: makeBigQueryVisitors({
      bigquery,
      project,
      dataset: DATASET,
      maxVisitors: config.REFRESH_VISITORS,
      clock: Date.now,
    }),
    publisher,
    clock: Date.now,
  }),
  clock: Date.now,
});

cloudEvent<MessagePublishedData>(
  'train',
  batchFunction(
    { [TOPICS.trainRequests]: route({ schema: TrainRequest, handle: train }) },
    { identity, project, publisher, log, tracer },
  ),
);
